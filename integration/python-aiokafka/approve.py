#!/usr/bin/env python3
"""Shows what Pandar asks for, and publishes the answer, with aiokafka (murmur2, as Pandar's own default).

examples:
  approve.py --actor ben                                  asks about every open question, and goes on to follow
  approve.py --actor ben --task nightly-1 --yes --once    approves one task's question, and ends
  approve.py --token-file ~/.pandar-token                 where Pandar runs with auth.kafka: signed
"""

import argparse
import asyncio
import datetime
import itertools
import json
import logging
import os
import signal
import ssl
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

OVER = {"confirmation_decided", "confirmation_expired", "task_completed", "task_failed"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--tls", action="store_true", help="speak TLS, and trust what the system trusts")
    parser.add_argument("--actor", help="who decides; with a token it is the token's subject")
    parser.add_argument("--token-file", help="a JWT (or PANDAR_TOKEN)")
    parser.add_argument("--task", help="only the questions of this task")
    parser.add_argument("--reason")
    parser.add_argument("--once", action="store_true", help="end after the first decision")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--yes", action="store_const", const="approve", dest="answer", help="approve without asking")
    answer.add_argument("--reject", action="store_const", const="reject", dest="answer", help="reject without asking")
    args = parser.parse_args()
    args.proof = open(args.token_file, encoding="ascii").read().strip() if args.token_file \
        else os.environ.get("PANDAR_TOKEN")
    if not (args.actor or args.proof):
        parser.error("say who decides: --actor, or a token")
    return args


def question(notification, answer):
    """Shows the question; JSON escapes keep an action from writing to the terminal what it likes."""
    asked = notification["confirmation"]
    print(f"\n{notification['task_id']} asks at gate {json.dumps(asked['gate'])}, until {asked['expires_at']}; "
          f"{asked['required_approvals']} must approve, {len(asked.get('decisions', []))} have decided")
    print(json.dumps(asked["action"], indent=2), flush=True)
    while answer is None:
        typed = input("approve, reject, or skip [a/r/s]? ").strip().lower()
        answer = {"a": "approve", "r": "reject", "s": "skip"}.get(typed[:1])
    return answer


async def decide(producer, args, notification, answer):
    decision = {"confirmation_id": notification["confirmation"]["confirmation_id"], "task_id": notification["task_id"],
                # What was shown: the decision counts for no other act.
                "fingerprint": notification["confirmation"]["fingerprint"],
                "decision": answer, "actor": args.actor, "reason": args.reason,
                "decided_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")}
    await producer.send_and_wait(
        args.prefix + "task-confirmations", key=notification["task_id"].encode(),
        value=json.dumps({name: value for name, value in decision.items() if value is not None}).encode(),
        headers=[("authorization", f"Bearer {args.proof}".encode())] if args.proof else [])
    print(f"{notification['task_id']}: {answer}", flush=True)


async def follow(consumer, places):
    """Every notification from the beginning of the topic on; `None` once all that was there at the start is read."""
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    lows, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    waiting = {place for place in places if lows[place] < ends[place]}
    caught_up = False
    while True:
        if not waiting and not caught_up:
            caught_up = True
            yield None
        for message in itertools.chain.from_iterable((await consumer.getmany(timeout_ms=500)).values()):
            try:
                yield json.loads(message.value or b"null") or {}
            except ValueError:
                print(f"no JSON at {message.partition}/{message.offset}, passed over", file=sys.stderr)
        # No message tells where the end is: behind the last one there may be the marker of a transaction.
        waiting -= {place for place in waiting if await consumer.position(place) >= ends[place]}


async def main(args):
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    common = {"bootstrap_servers": args.bootstrap, "security_protocol": "SSL" if args.tls else "PLAINTEXT",
              "ssl_context": ssl.create_default_context() if args.tls else None}
    topic, questions, caught_up = args.prefix + "task-notifications", {}, False
    # No group: the topic itself says which questions are open, so each start sees them all.
    async with AIOKafkaProducer(**common, enable_idempotence=True) as producer, \
            AIOKafkaConsumer(
                **common, enable_auto_commit=False, isolation_level="read_committed", fetch_max_wait_ms=50) as consumer:
        loop.add_signal_handler(signal.SIGTERM, this.cancel)
        places = [TopicPartition(topic, number) for number in await producer.partitions_for(topic)]
        async for item in follow(consumer, places):
            caught_up = caught_up or item is None
            if item and item.get("type") == "confirmation_required":
                questions[item["task_id"]] = item  # a task has one open question at a time
            elif item and item.get("type") in OVER:
                questions.pop(item["task_id"], None)
            while caught_up and questions:
                asked = questions.pop(next(iter(questions)))
                if args.task in (None, asked["task_id"]):
                    # SIGTERM ends a waiting question at once, too: nothing is open then but the question.
                    loop.remove_signal_handler(signal.SIGTERM)
                    answer = question(asked, args.answer)
                    loop.add_signal_handler(signal.SIGTERM, this.cancel)
                    if answer != "skip":
                        await decide(producer, args, asked, answer)
                        if args.once:
                            return


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # errors are told below
    try:
        asyncio.run(main(arguments()))
    except asyncio.CancelledError:
        pass
    except (KeyboardInterrupt, EOFError):
        print()
    except KafkaError as error:
        sys.exit(f"Kafka: {error!r}")
    except OSError as error:
        sys.exit(f"{error}")
