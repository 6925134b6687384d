"""Who fences whom: the owners of one partition in one group, those of earlier builds among them, and nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.runtime.delivery.faust_hooks import stray
from broadsheet.runtime.delivery.producers import producer
from broadsheet.runtime.delivery.protocol import Lost, Output
from broadsheet.runtime.delivery.transactions import TransactionalPublisher, transactional_id
from broadsheet.runtime.kafka.topics import create
from broadsheet.runtime.settings import KafkaSettings, Settings
from tests.fleet import read

pytestmark = pytest.mark.kafka
Make = Callable[..., Settings]
GROUPS = st.text(st.sampled_from("ab-./_1"), min_size=1, max_size=6)
TOPICS = st.text(st.sampled_from("ab-._1"), min_size=1, max_size=6)
OWNERS = st.tuples(GROUPS, TOPICS, st.integers(0, 20))


@given(OWNERS, OWNERS)
def test_no_two_owners_have_one_id(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    first, second = (transactional_id(group, TP(topic, number)) for group, topic, number in (one, other))
    assert (first == second) is (one == other)
    assert first.startswith(transactional_id(one[0]))
    assert "/" in one[0] or "/" in other[0] or one[0] == other[0] or not first.startswith(transactional_id(other[0]))


@asynccontextmanager
async def owner(kafka: KafkaSettings, topic: str) -> AsyncIterator[TransactionalPublisher]:
    publisher = TransactionalPublisher(TP(topic, 0), kafka)
    await publisher.start()
    try:
        yield publisher
    finally:
        await publisher.stop()


async def test_groups_and_topics_of_like_names_leave_each_other_alone(kafka: str) -> None:
    run = uuid4().hex[:8]
    mades = []
    for group, topic in ((run, "u-p"), (f"{run}-u", "p")):
        made = Settings(kafka=KafkaSettings(bootstrap_servers=kafka, group=group)).model_copy()
        topics = made.topics.model_copy(
            update={
                name: f"{topic}" if name == "pages" else f"{run}{name}{topic}"
                for name in ("pages", "articles", "outcomes", "dead")
            }
        )
        mades.append(made.model_copy(update={"topics": topics}))
        create(mades[-1])
    async with owner(mades[0].kafka, "u-p") as first, owner(mades[1].kafka, "p") as second:
        for publisher, made in ((first, mades[0]), (second, mades[1]), (first, mades[0])):
            await publisher.publish([Output(made.topics.outcomes, None, b"x")], 1)
    assert [len(read(made, made.topics.outcomes)) for made in mades] == [2, 1]


async def test_an_owner_of_an_earlier_build_is_fenced_and_its_transaction_ended(settings: Make) -> None:
    made = settings(kafka={"transaction_timeout": 600.0})
    pages, out = made.topics.pages, made.topics.outcomes
    asyncio.get_running_loop().set_exception_handler(stray)  # of those who are fenced
    earlier = producer(made.kafka, transactional_id=f"{made.kafka.group}-{pages}-0", transaction_timeout_ms=600_000)
    await earlier.start()
    await earlier.begin_transaction()
    await earlier.send_and_wait(out, b"of the earlier build")
    position = {TopicPartition(pages, 0): OffsetAndMetadata(1, "")}
    await earlier.send_offsets_to_transaction(position, made.kafka.group)
    async with owner(made.kafka, pages) as present:
        await present.publish([Output(out, None, b"of this build")], 1)
        with pytest.raises(Exception, match=r"(?i)fenced|epoch"):
            await earlier.commit_transaction()
        assert [record.value for record in read(made, out)] == [b"of this build"], "none waits for the open one"
        async with owner(made.kafka, pages) as next_owner:
            with pytest.raises(Lost):
                await present.publish([Output(out, None, b"too late")], 2)
            await next_owner.publish([], 2)
    await earlier.stop()
