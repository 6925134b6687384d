"""Inflating: whole streams only, several of them where the format allows it, and no more than the limits."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from backports import zstd

from broadsheet.decode.compression import MOST_STREAMS, inflate
from broadsheet.errors import PageError, Reason
from broadsheet.options import Limits

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=5),
    "zstd": zstd.compress,
}
STORY = "".join(f"<p>Boat {number} of {number * number}</p>" for number in range(9_000)).encode()


def refusal(data: bytes, coding: str, limits: Limits) -> Reason:
    with pytest.raises(PageError) as refused:
        inflate(data, coding, limits)
    return refused.value.reason


@pytest.mark.parametrize("coding", sorted(PACKERS))
def test_whole(coding: str) -> None:
    assert inflate(PACKERS[coding](STORY), coding.upper(), Limits()) == STORY


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_streams_one_after_the_other(coding: str) -> None:
    packed = b"".join(PACKERS[coding](part) for part in (STORY[:70_000], STORY[70_000:], b""))
    assert inflate(packed, coding, Limits()) == STORY
    assert refusal(packed[:-3], coding, Limits()) is Reason.UNDECODABLE


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_streams_one_after_the_other_are_held_to_one_limit(coding: str) -> None:
    packed = PACKERS[coding](STORY) * 3
    assert refusal(packed, coding, Limits(page_bytes=len(STORY) * 2)) is Reason.TOO_LARGE


def test_what_follows_a_gzip_stream_and_is_none_is_left_out() -> None:
    assert inflate(gzip.compress(STORY) + bytes(512), "gzip", Limits()) == STORY


def test_the_limit_itself_is_allowed() -> None:
    for coding, pack in PACKERS.items():
        assert inflate(pack(STORY), coding, Limits(page_bytes=len(STORY))) == STORY
        assert refusal(pack(STORY), coding, Limits(page_bytes=len(STORY) - 1)) is Reason.TOO_LARGE


@pytest.mark.parametrize("coding", sorted(PACKERS))
def test_a_bomb_costs_what_the_limit_costs(coding: str) -> None:
    bomb = PACKERS[coding](bytes(50_000_000))
    limits = Limits(page_bytes=1_000_000, expansion=10**9)
    tracemalloc.start()
    try:
        assert refusal(bomb, coding, limits) is Reason.TOO_LARGE
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_the_expansion_is_counted_over_all_codings() -> None:
    packed = brotli.compress(gzip.compress(bytes(2_000_000)))
    assert refusal(packed, "gzip, br", Limits()) is Reason.EXPANSION_BOMB


@pytest.mark.parametrize("coding", ["", "identity", " identity , "])
def test_no_coding_at_all(coding: str) -> None:
    assert inflate(STORY, coding, Limits()) == STORY


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_so_many_streams_one_after_the_other(coding: str) -> None:
    empty = PACKERS[coding](b"")
    assert inflate(PACKERS[coding](STORY) + empty * (MOST_STREAMS - 1), coding, Limits()) == STORY
    assert refusal(PACKERS[coding](STORY) + empty * MOST_STREAMS, coding, Limits()) is Reason.TOO_LARGE


@pytest.mark.parametrize("coding", sorted(PACKERS))
def test_a_stream_that_does_not_pack_is_read_in_steps(coding: str) -> None:
    noise = random.Random(5).randbytes(300_000)
    assert inflate(PACKERS[coding](noise), coding, Limits()) == noise
    assert refusal(PACKERS[coding](noise)[:-1], coding, Limits()) is Reason.UNDECODABLE
