"""Follows the topics that the demo's workers write, from their start."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console

from broadsheet.cli.demo.show import article_panel, dead_line, none_line
from broadsheet.cli.demo.tally import Tally
from broadsheet.records import read_article, read_dead, read_outcome
from broadsheet.runtime.kafka.connection import aiokafka_arguments
from broadsheet.runtime.settings import Settings

_LOOK_SECONDS = 0.3
QUIET_SECONDS = 120.0
"""So long nothing may come in while pages are awaited; a page's own deadline is 30 s."""


class Watch:
    """An open consumer of articles, outcomes and dead letters that shows and tallies them. Joins no group."""

    def __init__(self, settings: Settings, console: Console, tally: Tally) -> None:
        self._settings, self._console, self._tally = settings, console, tally
        self._readers: dict[str, Callable[[Any], None]] = {
            settings.topics.articles: self._article,
            settings.topics.outcomes: self._outcome,
            settings.topics.dead: self._dead,
        }

    async def __aenter__(self) -> Self:
        self._consumer = AIOKafkaConsumer(
            **aiokafka_arguments(self._settings.kafka),
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        partitions = range(self._settings.topics.partitions)
        self._consumer.assign([TopicPartition(topic, number) for topic in self._readers for number in partitions])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()

    async def until_complete(self, check: Callable[[], None]) -> bool:
        """Follow until all that the sample pages give has come. False where nothing comes any more."""
        now = asyncio.get_running_loop().time
        last = now()
        while not self._tally.is_complete():
            if await self._look(check):
                last = now()
            elif now() - last > QUIET_SECONDS:
                return False
        return True

    async def for_ever(self, check: Callable[[], None]) -> None:
        """Follow until cancelled."""
        while True:
            await self._look(check)

    async def _look(self, check: Callable[[], None]) -> int:
        """Show what has come; `check` raises when there is no use in waiting longer."""
        check()
        found = await self._consumer.getmany(timeout_ms=int(_LOOK_SECONDS * 1000))
        messages = [message for batch in found.values() for message in batch]
        for message in messages:
            self._readers[message.topic](message)
        return len(messages)

    def _article(self, message: Any) -> None:
        record = read_article(message.value)
        self._tally.add_article(record)
        self._console.print(article_panel(record))

    def _outcome(self, message: Any) -> None:
        record = read_outcome(message.value)
        self._tally.add_outcome(record)
        if record["result"] == "none":
            self._console.print(none_line(record))
        elif record["result"] == "dead":
            self._console.print(dead_line(record))

    def _dead(self, message: Any) -> None:
        self._tally.add_dead(read_dead(message.headers).origin)
