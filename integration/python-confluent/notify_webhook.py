#!/usr/bin/env python3
"""Posts Pandar's notifications to webhooks, at least once, with confluent-kafka (librdkafka).

examples:
  notify_webhook.py --url https://hooks.example.com/pandar                  every notification
  notify_webhook.py --allow-host hooks.example.com                          to the channels that the tasks name, there
  notify_webhook.py --url http://127.0.0.1:8080/ --type confirmation_required --type task_failed

An answer of 2xx is a delivery. After no answer, 408, 429 or 5xx it tries again, later and later. Any other answer ends
it where the URL is its own, and is passed over where a task named it. Offsets are committed after the delivery.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from confluent_kafka import Consumer, KafkaException, TopicPartition

KEEP_SECONDS = 14 * 86400  # longer than the topic keeps its records


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--property", action="append", default=[], metavar="NAME=VALUE", help="a librdkafka setting")
    parser.add_argument("--group", default="pandar-webhook", help="consumer group; one for each URL (%(default)s)")
    parser.add_argument("--url", help="where every notification goes")
    parser.add_argument("--allow-host", action="append", default=[], metavar="HOST[:PORT]",
                        help="post to the channels webhook:URL of a task, too, where URL is on this host")
    parser.add_argument("--type", action="append", help="only notifications of this type; may be repeated")
    parser.add_argument("--delivered", default="pandar-webhook.sqlite", help="what was delivered (%(default)s)")
    parser.add_argument("--max-backoff", type=float, default=30, metavar="SECONDS", help="between tries (%(default)s)")
    args = parser.parse_args()
    return args if args.url or args.allow_host else parser.error("say where to: --url, or --allow-host")


class Delivered:
    """Which notification went where. A notification can come twice, with the same id; it is posted once."""
    def __init__(self, path):
        self.file = sqlite3.connect(path, isolation_level=None)
        self.file.execute("CREATE TABLE IF NOT EXISTS delivered (id TEXT, url TEXT, at REAL, PRIMARY KEY (id, url))")
        self.file.execute("DELETE FROM delivered WHERE at < ?", (time.time() - KEEP_SECONDS,))

    def has(self, *place):
        return self.file.execute("SELECT 1 FROM delivered WHERE id = ? AND url = ?", place).fetchone() is not None

    def add(self, *place):
        self.file.execute("INSERT OR REPLACE INTO delivered VALUES (?, ?, ?)", (*place, time.time()))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # a host that is allowed must not send us to one that is not


WEB = urllib.request.build_opener(NoRedirect)


def post(url, notification_id, body):
    """Whether it was delivered (True), may be tried again (None) or was refused (False)."""
    # Who receives it twice all the same, after a crash between the answer and our note of it, tells by the key.
    headers = {"Content-Type": "application/json", "Idempotency-Key": notification_id}
    try:
        with WEB.open(urllib.request.Request(url, data=body, headers=headers), timeout=10):
            return True
    except urllib.error.HTTPError as error:
        answer, kind = f"{error.code}", None if error.code >= 500 or error.code in (408, 429) else False
    except ValueError as error:  # not a URL at all
        answer, kind = f"{error}", False
    except OSError as error:
        answer, kind = f"{error}", None
    print(f"{notification_id} to {url}: {answer}", file=sys.stderr, flush=True)
    return kind


def targets(args, notification):
    urls = [channel.removeprefix("webhook:") for channel in notification["channels"] if channel.startswith("webhook:")]
    allowed = [url for url in urls if urllib.parse.urlsplit(url).netloc in args.allow_host]
    return list(dict.fromkeys(([args.url] if args.url else []) + allowed))


def deliver(args, delivered, value):
    """Whether the record is done with."""
    try:
        notification = json.loads(value)
        identifier, wanted = notification["notification_id"], args.type is None or notification["type"] in args.type
        urls = targets(args, notification) if wanted else []
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        print(f"no notification, passed over: {error!r}", file=sys.stderr)
        return True
    for url in urls:
        if not delivered.has(identifier, url):
            outcome = post(url, identifier, value)
            if outcome is None:
                return False
            if outcome is False and url == args.url:
                sys.exit(f"{url} refuses what it gets; nothing is lost: correct it and start again")
            delivered.add(identifier, url)
    return True


def main():
    args = arguments()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    delivered, failures = Delivered(args.delivered), 0
    consumer = Consumer({"bootstrap.servers": args.bootstrap, "group.id": args.group, "auto.offset.reset": "earliest",
                         "enable.auto.commit": False, **dict(item.split("=", 1) for item in args.property)})
    consumer.subscribe([args.prefix + "task-notifications"])
    with contextlib.closing(consumer):
        while not stop.is_set():
            message = consumer.poll(0.5)
            if message is None:
                continue
            if message.error() is not None:
                print(f"Kafka: {message.error()}", file=sys.stderr)  # librdkafka goes on by itself
                continue
            here = TopicPartition(message.topic(), message.partition(), message.offset())
            try:
                if message.value() is None or deliver(args, delivered, message.value()):
                    failures = 0
                    consumer.commit(message, asynchronous=False)
                else:
                    failures = min(failures + 1, 10)
                    stop.wait(min(args.max_backoff, 2 ** (failures - 1)) * random.uniform(0.5, 1))
                    consumer.seek(here)  # the same record again, and polls in between keep us in the group
            except KafkaException as error:  # the partition went to another, who will see the record
                print(f"Kafka: {error}", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except KafkaException as error:
        sys.exit(f"Kafka: {error}")
    except sqlite3.Error as error:
        sys.exit(f"the file of what was delivered cannot be used: {error}")
