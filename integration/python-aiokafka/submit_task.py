#!/usr/bin/env python3
"""Asks Pandar for a task, with aiokafka. Its partitioner is murmur2, as Java's and as Pandar's own default.

examples:
  submit_task.py --name "Nightly audit" --command "codex audit --fix" --project 1
  submit_task.py --id nightly-1 --name Audit --command "codex audit" --project 1 --policy manual --created-by ana --wait
  submit_task.py --bootstrap kafka-1:9093 --tls --name Audit --command "codex audit" --project 1

Prints the task's id. With --wait the exit code is 0 for completed, 1 for failed, 3 for cancelled.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import ssl
import sys
import uuid

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

EXIT_CODES = {"completed": 0, "failed": 1, "cancelled": 3}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--tls", action="store_true", help="speak TLS, and trust what the system trusts")
    parser.add_argument("--id", help="the task's id: a second request of the same id changes nothing (a new UUID)")
    parser.add_argument("--name", required=True)
    parser.add_argument("--command", required=True)
    parser.add_argument("--project", type=int, required=True)
    parser.add_argument("--priority", choices=["low", "medium", "high", "urgent"])
    parser.add_argument("--policy", choices=["auto", "manual", "auto_with_gates"])
    parser.add_argument("--gate", action="append", help="may be repeated")
    parser.add_argument("--notify", action="append", metavar="CHANNEL", help="webhook:https://…; may be repeated")
    parser.add_argument("--concurrency-key", help="tasks with the same key run one at a time")
    parser.add_argument("--created-by", help="who asks")
    parser.add_argument("--token-file", help="a JWT, where Pandar runs with auth.kafka: signed (or PANDAR_TOKEN)")
    parser.add_argument("--wait", action="store_true", help="until the task has ended")
    return parser.parse_args()


def token_headers(path):
    token = open(path, encoding="ascii").read().strip() if path else os.environ.get("PANDAR_TOKEN")
    return [("authorization", f"Bearer {token}".encode())] if token else []


def request(args):
    """The TaskRequest: what was not given is left out, so that Pandar's own defaults apply."""
    metadata = {"approval_policy": args.policy, "gates": args.gate, "notify": args.notify,
                "concurrency_key": args.concurrency_key}
    fields = {"task_id": args.id, "name": args.name, "command": args.command, "project_id": args.project,
              "priority": args.priority, "created_by": args.created_by,
              "metadata": {name: value for name, value in metadata.items() if value is not None} or None}
    return {name: value for name, value in fields.items() if value is not None}


async def wait(consumer, task_id):
    seen = (0, 0)
    async for message in consumer:
        if message.key != task_id.encode() or message.value is None:
            continue
        task = json.loads(message.value)
        order = (task["epoch"], task["version"])
        if order <= seen:
            continue  # a former owner's late record
        seen = order
        print(task["status"], file=sys.stderr)
        if task["status"] in EXIT_CODES:
            return EXIT_CODES[task["status"]]


async def main(args):
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    args.id = args.id or str(uuid.uuid4())
    common = {"bootstrap_servers": args.bootstrap, "security_protocol": "SSL" if args.tls else "PLAINTEXT",
              "ssl_context": ssl.create_default_context() if args.tls else None}
    async with contextlib.AsyncExitStack() as stack:
        producer = await stack.enter_async_context(AIOKafkaProducer(**common, enable_idempotence=True))
        reader = None
        if args.wait:
            # Stands at the end before the request is sent: nothing that comes from now on is missed.
            topic = args.prefix + "task-status"
            places = [TopicPartition(topic, number) for number in await producer.partitions_for(topic)]
            reader = await stack.enter_async_context(AIOKafkaConsumer(
                **common, enable_auto_commit=False, isolation_level="read_committed"))
            reader.assign(places)
            for place, end in (await reader.end_offsets(places)).items():
                reader.seek(place, end)
        await producer.send_and_wait(
            args.prefix + "task-requests", key=(args.concurrency_key or args.id).encode(),
            value=json.dumps(request(args)).encode(), headers=token_headers(args.token_file))
        print(args.id, flush=True)
        return await wait(reader, args.id) if reader else 0


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # errors are told below
    try:
        sys.exit(asyncio.run(main(arguments())))
    except asyncio.CancelledError:
        sys.exit(143)
    except KafkaError as error:
        sys.exit(f"Kafka: {error!r}")
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")
