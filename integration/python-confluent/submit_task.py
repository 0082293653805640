#!/usr/bin/env python3
"""Asks Pandar for a task, with confluent-kafka (librdkafka).

examples:
  submit_task.py --name "Nightly audit" --command "codex audit --fix" --project 1
  submit_task.py --id nightly-1 --name Audit --command "codex audit" --project 1 --policy manual --created-by ana --wait
  submit_task.py --bootstrap kafka-1:9093 --property security.protocol=SSL --name Audit --command "codex audit" \\
                 --project 1

Prints the task's id. With --wait the exit code is 0 for completed, 1 for failed, 3 for cancelled.
"""

import argparse
import json
import os
import signal
import sys
import uuid

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

EXIT_CODES = {"completed": 0, "failed": 1, "cancelled": 3}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE", help="a librdkafka setting")
    parser.add_argument("--partitioner", default="murmur2_random",
                        help="as Pandar's kafka.partitioner: murmur2_random for murmur2, consistent_random for crc32"
                             " (%(default)s); with another Pandar forwards the request, and the task runs all the same")
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


def status_reader(common, topic):
    """A reader of the status topic that stands at its end: nothing that comes from now on is missed."""
    consumer = Consumer({**common, "group.id": "unused", "enable.auto.commit": False})
    known = consumer.list_topics(topic, timeout=10).topics[topic]
    if known.error is not None:
        raise KafkaException(known.error)
    ends = [(number, consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=10)[1])
            for number in known.partitions]
    consumer.assign([TopicPartition(topic, number, end) for number, end in ends])
    return consumer


def wait(consumer, task_id):
    seen = (0, 0)
    while True:
        message = consumer.poll(1)
        if message is None or message.value() is None or message.key() != task_id.encode():
            if message is not None and message.error() is not None and message.error().fatal():
                raise KafkaException(message.error())
            continue
        task = json.loads(message.value())
        order = (task["epoch"], task["version"])
        if order <= seen:
            continue  # a former owner's late record
        seen = order
        print(task["status"], file=sys.stderr)
        if task["status"] in EXIT_CODES:
            return EXIT_CODES[task["status"]]


def main():
    args = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    args.id = args.id or str(uuid.uuid4())
    common = {"bootstrap.servers": args.bootstrap, "log_level": 2, **dict(item.split("=", 1) for item in args.property)}
    reader = status_reader(common, args.prefix + "task-status") if args.wait else None
    failures = []
    producer = Producer({**common, "partitioner": args.partitioner, "enable.idempotence": True})
    producer.produce(
        args.prefix + "task-requests", key=args.concurrency_key or args.id, value=json.dumps(request(args)).encode(),
        headers=token_headers(args.token_file), on_delivery=lambda error, _: failures.append(error) if error else None)
    if producer.flush(10) > 0:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"no answer from {args.bootstrap} within 10 s"))
    if failures:
        raise KafkaException(failures[0])
    print(args.id, flush=True)
    return wait(reader, args.id) if reader else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KafkaException as error:
        sys.exit(f"Kafka: {error.args[0].str()}")
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")
