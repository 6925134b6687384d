"""Answers of children: what is packed comes back; whatever else is said is an AnswerError, and nothing more."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Reason
from broadsheet.runtime.children.answers import AnswerError, pack, unpack
from broadsheet.runtime.children.frames import HEADER, FrameError, Inbox
from broadsheet.runtime.children.results import Read, Unread

READS = st.builds(
    Read,
    articles=st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=50)), max_size=5).map(tuple),
    outcome=st.binary(max_size=20),
    result=st.sampled_from(["articles", "none"]),
    cpu_ms=st.floats(0, 1e6),
    traceparent=st.none() | st.text(st.characters(codec="utf-8"), max_size=60),
    account=st.binary(max_size=20),
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(READS)
def test_a_read_page_comes_back_whole(read: Read) -> None:
    head, parts = pack(read)
    assert unpack(head, b"".join(parts)) == read


@given(st.sampled_from(Reason), st.text(max_size=2_000))
def test_an_unread_page_comes_back_bounded(reason: Reason, detail: str) -> None:
    back = unpack(*((head := pack(Unread(reason, detail)))[0], b"".join(head[1])))
    assert isinstance(back, Unread)
    assert back.reason is reason
    assert len(back.detail) <= 1_000 or "\\u" in back.detail


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_are_an_answer_or_none(head: bytes, body: bytes) -> None:
    with pytest.raises(AnswerError):
        unpack(head, body)


@given(
    st.fixed_dictionaries(
        {"result": PLAIN, "cpu_ms": PLAIN, "traceparent": PLAIN, "sizes": PLAIN}, optional={"reason": PLAIN}
    ),
    st.binary(max_size=10),
)
def test_any_head_of_the_right_names_is_an_answer_or_none(head: dict[str, object], body: bytes) -> None:
    try:
        unpack(orjson.dumps(head), body)
    except AnswerError:
        return
    assert isinstance(head["sizes"], list)


@given(st.lists(st.tuples(st.binary(max_size=30), st.binary(max_size=30)), max_size=5), st.integers(1, 40))
def test_frames_come_out_of_any_pieces(frames: list[tuple[bytes, bytes]], piece: int) -> None:
    sent = b"".join(HEADER.pack(len(head), len(body)) + head + body for head, body in frames)
    inbox = Inbox(100)
    pieces = (sent[at : at + piece] for at in range(0, len(sent), piece))
    assert [tuple(frame) for data in pieces for frame in inbox.feed(data)] == frames


def test_a_frame_that_is_too_large_is_not_waited_for() -> None:
    with pytest.raises(FrameError):
        list(Inbox(100).feed(HEADER.pack(1, 100)))
