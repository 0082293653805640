"""An ordinary Kafka client, with its own defaults: nothing of Pandar is in it but the shape of the bytes.

client.py BOOTSTRAP produce
    reads {"topic", "key", "value", "headers"} a line, in base 64, and prints {"partition", "offset"}
client.py BOOTSTRAP read TOPIC…
    prints what the topics hold now: {"topic", "partition", "offset", "key", "value", "headers"}
"""

import base64
import json
import sys

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition


def decoded(text):
    return None if text is None else base64.b64decode(text)


def encoded(data):
    return None if data is None else base64.b64encode(data).decode()


def produce(bootstrap):
    producer = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 8_000_000, "linger.ms": 5})
    places = []

    def delivered(index):
        def note(error, message):
            if error is not None:
                raise SystemExit(f"not delivered: {error}")
            places[index] = {"partition": message.partition(), "offset": message.offset()}

        return note

    for line in sys.stdin:
        record = json.loads(line)
        places.append(None)
        headers = [(name, decoded(value)) for name, value in record.get("headers", [])]
        producer.produce(
            record["topic"], value=decoded(record.get("value")), key=decoded(record.get("key")),
            headers=headers or None, on_delivery=delivered(len(places) - 1))
        producer.poll(0)
    producer.flush(60)
    for place in places:
        print(json.dumps(place))


def read(bootstrap, topics):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "foreign-reader", "enable.auto.commit": False,
                         "fetch.message.max.bytes": 8_000_000, "fetch.wait.max.ms": 20, "enable.partition.eof": True})
    known = consumer.list_topics(timeout=20).topics
    for topic in topics:
        for partition in sorted(known[topic].partitions):
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=20)
            offset = low
            consumer.assign([TopicPartition(topic, partition, low)])
            while offset < high:
                message = consumer.poll(20)
                if message is not None and message.error() and message.error().code() == KafkaError._PARTITION_EOF:
                    break  # The last offset may be the marker of a transaction.
                if message is None or message.error() is not None:
                    raise SystemExit(f"not read: {message and message.error()}")
                offset = message.offset() + 1
                print(json.dumps({
                    "topic": topic, "partition": partition, "offset": message.offset(), "key": encoded(message.key()),
                    "value": encoded(message.value()),
                    "headers": [[name, encoded(value)] for name, value in message.headers() or []]}))
    consumer.close()


if __name__ == "__main__":
    address, verb, *rest = sys.argv[1:]
    produce(address) if verb == "produce" else read(address, rest)
