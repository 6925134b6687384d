"""The Faust app: one agent that takes raw pages, and Faust told to leave positions and topics alone."""

from collections.abc import AsyncIterable, Collection
from pathlib import Path
from typing import Any

import faust
from faust.types import TP
from mode.supervisors import CrashingSupervisor

from broadsheet.runtime.delivery import batches
from broadsheet.runtime.delivery.assignment import Assignment
from broadsheet.runtime.delivery.faust_hooks import App
from broadsheet.runtime.kafka.connection import ssl_context
from broadsheet.runtime.pages.outputs import largest_message
from broadsheet.runtime.settings import KafkaSettings, Settings

FETCH_BYTES = 1024 * 1024
"""Of one partition at a time; a larger page comes alone. 100 partitions may so hold 100 MB that were fetched ahead."""

BATCH_TIMES = 2
"""A batch of records may inflate to so many times the largest message; a worker holds that twice while it reads it."""

POLL_RECORDS = 50
"""Messages that Faust takes from the fetcher at once: what can still come from a partition that is held."""

STREAM_BUFFER = 16
"""Messages between Faust's fetcher and the agent; the window of pages is bounded behind it."""

REQUEST_SECONDS = 90.0
"""Faust's default; must not be below the session timeout."""

POLL_SECONDS = 10.0**6
"""aiokafka leaves the group where nothing was fetched for so long, and does not come back by itself. A worker that its
breaker holds back is to stay; one that is stuck is the watchdog's to notice."""

METADATA_SECONDS = 60
"""After this time partitions that were added to a topic are noticed, and shared out."""


def build(settings: Settings, data: Path) -> Any:
    """The app, not started. `data` is a folder that Faust makes and does not need."""
    kafka = settings.kafka
    batches.install(BATCH_TIMES * largest_message(settings.options().limits))
    return App(
        kafka.group,
        broker=[f"kafka://{server.strip()}" for server in kafka.bootstrap_servers.split(",")],
        broker_credentials=_credentials(kafka),
        consumer_group_instance_id=kafka.group_instance,
        broker_session_timeout=kafka.session_timeout,
        broker_heartbeat_interval=kafka.session_timeout / 10,
        broker_request_timeout=max(REQUEST_SECONDS, kafka.session_timeout),
        broker_max_poll_records=POLL_RECORDS,
        broker_max_poll_interval=POLL_SECONDS,
        consumer_max_fetch_size=FETCH_BYTES,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_SECONDS * 1000,
        stream_buffer_maxsize=STREAM_BUFFER,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        worker_redirect_stdouts=False,
        autodiscover=False,
        datadir=data,
        store="memory://",
    )


def attach(app: Any, settings: Settings, assignment: Assignment) -> None:
    """Give the app its agent and its signals."""
    topic = app.topic(*inputs(settings), key_serializer="raw", value_serializer="raw", acks=False)

    @app.agent(topic, name="pages", concurrency=1, supervisor_strategy=CrashingSupervisor)  # type: ignore[untyped-decorator]
    async def pages(stream: Any) -> None:
        events: AsyncIterable[Any] = stream.noack().events()
        async for event in events:
            await assignment.submit(event.message)

    @app.on_rebalance_complete.connect  # type: ignore[untyped-decorator]
    async def opened(_: Any, **__: Any) -> None:
        await assignment.opened()

    @app.on_partitions_revoked.connect  # type: ignore[untyped-decorator]
    async def revoked(_: Any, *__: Any, **___: Any) -> None:
        await assignment.revoked()

    @app.on_before_shutdown.connect  # type: ignore[untyped-decorator]
    async def drained(_: Any, **__: Any) -> None:
        await assignment.drained(settings.worker.drain_timeout)


def inputs(settings: Settings) -> tuple[str, ...]:
    """The topics that pages come from."""
    return (settings.topics.pages, *settings.topics.more_pages)


class ConsumerGroup:
    """What an Assignment asks of the app's consumer."""

    def __init__(self, app: Any, topics: Collection[str]) -> None:
        self.app = app
        self.topics = topics

    def generation(self) -> int:
        """The group's generation that this worker is in."""
        return int(self.app.consumer_generation_id)

    def assigned(self) -> set[TP]:
        """The partitions of the input that this worker has."""
        return {tp for tp in self.app.consumer.assignment() if tp.topic in self.topics}

    async def positions(self) -> dict[TP, int]:
        """The committed positions; the earliest where nothing is committed. The consumer is set to them."""
        return dict(await self.app.consumer.seek_to_committed())

    def hold(self, tp: TP) -> None:
        """Fetch no more of it."""
        self.app.consumer.hold(tp)

    def let_go(self, tp: TP) -> None:
        """Fetch it again."""
        self.app.consumer.let_go(tp)


def _credentials(kafka: KafkaSettings) -> Any:
    protocol = kafka.security_protocol
    context = ssl_context(kafka) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        password = kafka.sasl_password.get_secret_value() if kafka.sasl_password else None
        return faust.SASLCredentials(
            username=kafka.sasl_username, password=password, mechanism=kafka.sasl_mechanism, ssl_context=context
        )
    return faust.SSLCredentials(context=context) if context is not None else None
