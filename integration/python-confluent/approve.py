#!/usr/bin/env python3
"""Shows what Pandar asks for, and publishes the answer, with confluent-kafka (librdkafka).

examples:
  approve.py --actor ben                                  asks about every open question, and goes on to follow
  approve.py --actor ben --task nightly-1 --yes --once    approves one task's question, and ends
  approve.py --token-file ~/.pandar-token                 where Pandar runs with auth.kafka: signed
"""

import argparse
import datetime
import json
import os
import signal
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

OVER = {"confirmation_decided", "confirmation_expired", "task_completed", "task_failed"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE", help="a librdkafka setting")
    parser.add_argument("--actor", help="who decides; with a token it is the token's subject")
    parser.add_argument("--token-file", help="a JWT (or PANDAR_TOKEN)")
    parser.add_argument("--task", help="only the questions of this task")
    parser.add_argument("--reason")
    parser.add_argument("--once", action="store_true", help="end after the first decision")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--yes", action="store_const", const="approve", dest="answer", help="approve without asking")
    answer.add_argument("--reject", action="store_const", const="reject", dest="answer", help="reject without asking")
    return parser.parse_args(), parser


def token(path):
    return open(path, encoding="ascii").read().strip() if path else os.environ.get("PANDAR_TOKEN")


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


def decide(producer, args, notification, answer, proof):
    decision = {"confirmation_id": notification["confirmation"]["confirmation_id"], "task_id": notification["task_id"],
                # What was shown: the decision counts for no other act.
                "fingerprint": notification["confirmation"]["fingerprint"],
                "decision": answer, "actor": args.actor, "reason": args.reason,
                "decided_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")}
    failures = []
    producer.produce(
        args.prefix + "task-confirmations", key=notification["task_id"],
        value=json.dumps({name: value for name, value in decision.items() if value is not None}).encode(),
        headers=[("authorization", f"Bearer {proof}".encode())] if proof else [],
        on_delivery=lambda error, _: failures.append(error) if error else None)
    if producer.flush(10) > 0:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "the decision was not taken in within 10 s"))
    if failures:
        raise KafkaException(failures[0])
    print(f"{notification['task_id']}: {answer}", flush=True)


def follow(consumer, topic):
    """Every notification from the beginning of the topic on; `None` once all that was there at the start is read."""
    known = consumer.list_topics(topic, timeout=10).topics[topic]
    if known.error is not None:
        raise KafkaException(known.error)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in known.partitions])
    waiting = set(known.partitions)
    caught_up = False
    while True:
        if not waiting and not caught_up:
            caught_up = True
            yield None
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error() is not None:
            if message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            # No message tells where the end is: behind the last one there may be the marker of a transaction.
            waiting.discard(message.partition())
            continue
        try:
            yield json.loads(message.value() or b"null") or {}
        except ValueError:
            print(f"no JSON at {message.partition()}/{message.offset()}, passed over", file=sys.stderr)


def main():
    args, parser = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    proof = token(args.token_file)
    if not (args.actor or proof):
        parser.error("say who decides: --actor, or a token")
    common = {"bootstrap.servers": args.bootstrap, "log_level": 2, **dict(item.split("=", 1) for item in args.property)}
    # murmur2 as Pandar's kafka.partitioner; what is hashed otherwise is forwarded.
    producer = Producer({**common, "partitioner": "murmur2_random", "enable.idempotence": True})
    # No group: the topic itself says which questions are open, so each start sees them all.
    consumer = Consumer({**common, "group.id": "unused", "enable.auto.commit": False, "fetch.wait.max.ms": 50,
                         "enable.partition.eof": True})
    questions, caught_up = {}, False
    try:
        for item in follow(consumer, args.prefix + "task-notifications"):
            caught_up = caught_up or item is None
            if item and item.get("type") == "confirmation_required":
                questions[item["task_id"]] = item  # a task has one open question at a time
            elif item and item.get("type") in OVER:
                questions.pop(item["task_id"], None)
            while caught_up and questions:
                asked = questions.pop(next(iter(questions)))
                if args.task in (None, asked["task_id"]):
                    answer = question(asked, args.answer)
                    if answer != "skip":
                        decide(producer, args, asked, answer, proof)
                        if args.once:
                            return
    finally:
        consumer.close()


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, EOFError):
        print()
    except KafkaException as error:
        sys.exit(f"Kafka: {error.args[0].str()}")
    except OSError as error:
        sys.exit(f"{error}")
