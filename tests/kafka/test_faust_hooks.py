"""What Broadsheet takes from inside Faust and aiokafka is still there, in the releases that it was checked against.

A failure here means: read `runtime/delivery/faust_hooks.py` against the new release, play `make faults`, then move the
pins.
"""

import inspect
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiokafka
import faust
import pytest
from aiokafka.consumer import fetcher, subscription_state
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.producer.sender import Sender
from aiokafka.protocol.group import HeartbeatRequest
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer as BaseConsumer
from faust.transport.drivers import aiokafka as driver

from broadsheet.runtime.app import build
from broadsheet.runtime.delivery import faust_hooks
from broadsheet.runtime.settings import Settings


def source(thing: Any) -> str:
    return inspect.getsource(thing)


def test_the_releases_are_those_that_were_checked() -> None:
    assert version("faust-streaming") == faust_hooks.CHECKED_FAUST
    assert version("aiokafka") == faust_hooks.CHECKED_AIOKAFKA


def test_the_compiled_stream_is_in_use() -> None:
    """The pure-Python stream acknowledges stale events that it skipped; the compiled one does not."""
    from faust import streams

    assert vars(streams)["_CStreamIterator"] is not None


def test_faust_awaits_our_signal_before_it_seeks_and_resumes() -> None:
    resume = source(Recovery._resume_streams)
    assert resume.index("on_rebalance_complete.send()") < resume.index("perform_seek()") < resume.index("resume_flow()")
    revoked = source(faust.App._on_partitions_revoked)
    assert revoked.index("stop_flow") < revoked.index("on_partitions_revoked.send")
    stop = source(faust.App.on_stop)
    assert stop.index("_stop_consumer") < stop.index("on_before_shutdown.send()")


def test_the_consumer_is_made_where_we_make_it() -> None:
    assert "_new_consumer_thread" in source(driver.Consumer)
    assert "AIOKafkaConsumer(" in source(driver.AIOKafkaConsumerThread._create_worker_consumer)
    assert "isolation_level=self._isolation_level" in source(aiokafka.AIOKafkaConsumer)
    assert "enable_auto_commit=False" in source(driver.AIOKafkaConsumerThread._create_worker_consumer)
    assert "_new_transport" in vars(faust.App)
    assert "Consumer" in vars(driver.Transport)


def test_faust_drops_messages_whose_offsets_go_back() -> None:
    """Once this fails the hook in `_to_message` may go."""
    drain = source(BaseConsumer._drain_messages)
    assert "if r_offset is None or offset >= r_offset" in drain
    assert "DROPPED MESSAGE ROFF" in drain
    assert "yield tp, to_message(tp, record)" in source(BaseConsumer.getmany)
    assert "tp_state.await_reset(self._default_reset_strategy)" in source(fetcher.Fetcher._proc_fetch_request)


@pytest.mark.parametrize("position", [None, 0, 161])
async def test_a_reset_tells_whether_the_log_went_back(position: int | None) -> None:
    state: Any = subscription_state.TopicPartitionState(None)
    state._position = position
    state.await_reset(-2)
    assert state.awaiting_reset
    assert state.out_of_range == position


def test_a_heartbeat_has_no_name_of_its_own_yet() -> None:
    """Once this fails aiokafka may tell the name by itself: the hook may go."""
    assert "HeartbeatRequest(self.group_id, self.generation, self.member_id)" in source(GroupCoordinator._do_heartbeat)
    assert "self._send_req(request)" in source(GroupCoordinator._do_heartbeat)
    assert "_group_instance_id" in source(GroupCoordinator.__init__)
    assert "await self._consumer.start()" in source(driver.AIOKafkaConsumerThread.on_start)


async def test_a_named_member_tells_its_name_in_heartbeats() -> None:
    sent = []

    async def send(request: Any) -> None:
        sent.append(request.prepare({12: (0, 4)}))

    coordinator = SimpleNamespace(_group_instance_id="one", _send_req=send)
    faust_hooks.name_heartbeats(coordinator)
    await coordinator._send_req(HeartbeatRequest("group", 3, "member"))
    assert (sent[0].API_VERSION, sent[0].group_instance_id, sent[0].generation_id) == (3, "one", 3)
    assert b"one" in sent[0].encode()


def test_the_loss_that_we_mend_is_still_there() -> None:
    """Once this fails, Faust or aiokafka seeks to where nothing is committed: the repair may go."""
    assert "if offset and offset > 0" in source(aiokafka.AIOKafkaConsumer.seek_to_committed)
    assert "await self.perform_seek()" in source(BaseConsumer.getmany)


def test_a_partition_is_held_by_the_buffers_way() -> None:
    getmany = source(BaseConsumer.getmany)
    assert "tp in self._buffered_partitions" in getmany
    assert "_buffered_partitions" in source(BaseConsumer.on_buffer_full)
    assert "_buffered_partitions" in source(BaseConsumer.on_buffer_drop)


def test_what_health_looks_at_is_there() -> None:
    assert "_coordination_task" in source(GroupCoordinator)
    state = subscription_state.TopicPartitionState
    assert isinstance(inspect.getattr_static(state, "position"), property)
    assert isinstance(inspect.getattr_static(state, "has_valid_position"), property)
    assert "self.lso" in source(state.__init__)


def test_a_worker_that_fetches_nothing_for_long_stays_in_its_group(tmp_path: Path) -> None:
    """aiokafka leaves the group then, and does not join again until something is fetched (which a pause prevents)."""
    longest_pause = 7 * 86_400
    assert build(Settings(), tmp_path).conf.broker_max_poll_interval > longest_pause
    assert "conf.broker_max_poll_interval" in source(driver.AIOKafkaConsumerThread._create_worker_consumer)
    assert "idle_time >= self._max_poll_interval" in source(GroupCoordinator)
    assert "rebalance_timeout_ms=int(rebalance_timeout * 1000.0)" in source(
        driver.AIOKafkaConsumerThread._create_worker_consumer
    ), "else the group would wait as long for a member that is gone"


def test_a_started_producer_is_fenced_in() -> None:
    """`start` returns only with a producer id: positions may be read after it."""
    assert "_maybe_wait_for_pid" in source(Sender.start)


async def test_faust_never_commits_by_itself(tmp_path: Path) -> None:
    app = build(Settings(), tmp_path)
    topic = app.topic("pages", acks=False)
    assert topic.acks is False
    assert "if self.app.topics.acks_enabled_for(message.topic)" in source(BaseConsumer.ack)
    assert app.transport.Consumer is faust_hooks.Consumer
    assert app.conf.stream_wait_empty is False


def test_a_producer_that_cannot_stop_can_be_cut_off() -> None:
    """`tests/kafka/test_broker_restart.py` does it; here is what that rests on."""
    routine = source(Sender._sender_routine)
    assert "tasks = set()" in routine
    assert routine.count("create_task(") == 1
    assert "tasks.add(task)" in routine
    assert "tasks.add(txn_task)" in routine
    assert "if task.cancelled():" in source(Sender._fail_all)
