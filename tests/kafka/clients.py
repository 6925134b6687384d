"""The plainest use of a broker: make a topic, send and wait, read from the start."""

from contextlib import closing

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

SEND_TIMEOUT = 60.0


def create(servers: str, topic: str, replicas: int = 1) -> None:
    with KafkaAdminClient(bootstrap_servers=servers) as admin:
        admin.create_topics([NewTopic(topic, 1, replicas)])


def send(servers: str, topic: str, *values: bytes) -> None:
    with closing(KafkaProducer(bootstrap_servers=servers, acks="all")) as producer:
        for value in values:
            producer.send(topic, value).get(SEND_TIMEOUT)


def read(servers: str, topic: str, count: int) -> list[bytes]:
    """The first records of a topic; fewer where no more come."""
    consumer = KafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest", consumer_timeout_ms=30_000)
    with closing(consumer):
        return [record.value for _, record in zip(range(count), consumer, strict=False)]
