#!/usr/bin/env python3
"""Posts Pandar's notifications to webhooks, at least once, with aiokafka.

examples:
  notify_webhook.py --url https://hooks.example.com/pandar                  every notification
  notify_webhook.py --allow-host hooks.example.com                          to the channels that the tasks name, there
  notify_webhook.py --url http://127.0.0.1:8080/ --type confirmation_required --type task_failed

An answer of 2xx is a delivery. After no answer, 408, 429 or 5xx it tries again, later and later. Any other answer ends
it where the URL is its own, and is passed over where a task named it. Offsets are committed after the delivery.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import signal
import sqlite3
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError

KEEP_SECONDS = 14 * 86400  # longer than the topic keeps its records


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default=os.environ.get("PANDAR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"))
    parser.add_argument("--prefix", default="pandar.", help="of the topics (%(default)s)")
    parser.add_argument("--tls", action="store_const", const=ssl.create_default_context(), help="speak TLS")
    parser.add_argument("--group", default="pandar-webhook", help="consumer group; one for each URL (%(default)s)")
    parser.add_argument("--session-timeout", type=int, default=45, metavar="SECONDS", help="of the group (%(default)s)")
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
        self.file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
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


async def main(args):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    delivered, failures = Delivered(args.delivered), 0
    async with AIOKafkaConsumer(
            args.prefix + "task-notifications", bootstrap_servers=args.bootstrap, group_id=args.group,
            auto_offset_reset="earliest", enable_auto_commit=False, isolation_level="read_committed",
            session_timeout_ms=args.session_timeout * 1000,
            security_protocol="SSL" if args.tls else "PLAINTEXT", ssl_context=args.tls) as consumer:
        while not stop.is_set():
            for place, messages in (await consumer.getmany(timeout_ms=500, max_records=1)).items():
                value, offset = messages[0].value, messages[0].offset
                try:
                    # In a thread: the loop must be free for the group's heartbeats.
                    if value is None or await asyncio.to_thread(deliver, args, delivered, value):
                        failures = 0
                        await consumer.commit({place: offset + 1})
                    else:
                        failures = min(failures + 1, 10)
                        pause = min(args.max_backoff, 2 ** (failures - 1)) * random.uniform(0.5, 1)
                        with contextlib.suppress(asyncio.TimeoutError):
                            await asyncio.wait_for(stop.wait(), pause)
                        consumer.seek(place, offset)  # the same record again
                except (KafkaError, IllegalStateError) as error:  # the partition went to another, who will see it
                    print(f"Kafka: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # errors are told below
    try:
        asyncio.run(main(arguments()))
    except KeyboardInterrupt:
        pass
    except (KafkaError, sqlite3.Error) as error:
        sys.exit(f"{error!r}")
