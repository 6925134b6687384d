"""The local broker is a real one, keeps its data, dies with its owner, and says plainly what is wrong."""

import pytest

from broadsheet.runtime.settings import TopicSettings
from kafka import KafkaConsumer, KafkaProducer

pytestmark = pytest.mark.kafka


def sent_and_read(servers: str, topic: str, values: list[bytes]) -> list[bytes]:
    """What a consumer reads from the topic's start after these values were sent."""
    producer = KafkaProducer(bootstrap_servers=servers, acks="all")
    for value in values:
        producer.send(topic, value).get(30)
    producer.close()
    return read(servers, topic, len(values))


def read(servers: str, topic: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=servers, auto_offset_reset="earliest", consumer_timeout_ms=30_000, group_id=None
    )
    try:
        return [record.value for _, record in zip(range(count), consumer, strict=False)]
    finally:
        consumer.close()


def test_records_come_back_as_they_were_sent(kafka: str, fresh_topics: TopicSettings) -> None:
    values = [b"first", b"\x00\xff", b""]
    assert sorted(sent_and_read(kafka, fresh_topics.articles, values)) == sorted(values)
