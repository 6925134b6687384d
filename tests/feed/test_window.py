"""The window: the newest articles as they now are, and an unbroken piece of the log."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.feed.entry import Entry
from broadsheet.feed.position import PositionError, decode, encode
from broadsheet.feed.window import Filter, Window, WindowError

ALL = Filter()


def entry(partition: int, offset: int, article_id: str, *, at: int | None = None, value: bytes | None = b"{}") -> Entry:
    return Entry(partition, offset, offset if at is None else at, article_id, value)


def window(articles: int = 100, size: int = 1_000_000) -> Window:
    made = Window(None, articles, size)
    made.position.update({0: 0, 1: 0})
    made.floor.update({0: 0, 1: 0})
    return made


def ids(kept: Window, limit: int = 100) -> list[str]:
    return [one.id for one in listed(kept, ALL, limit)]


def listed(kept: Window, wanted: Filter = ALL, limit: int = 100) -> list[Entry]:
    return [entry for place in kept.newest(wanted, limit) if (entry := kept.whole(place)) is not None]


def test_the_newest_stand_first_and_the_oldest_leave() -> None:
    kept = window(articles=3)
    kept.put([entry(0, n, f"a{n}") for n in range(5)])
    assert ids(kept) == ["a4", "a3", "a2"]
    assert not kept.covers({0: 1, 1: 0})
    assert kept.covers({0: 2, 1: 0})


def test_the_same_id_replaces_and_a_withdrawal_removes() -> None:
    kept = window()
    kept.put([entry(0, 0, "a", value=b"1"), entry(0, 1, "b"), entry(0, 2, "a", value=b"2")])
    assert [(one.id, one.value) for one in listed(kept)] == [("a", b"2"), ("b", b"{}")]
    kept.put([entry(0, 3, "a", value=None)])
    assert ids(kept) == ["b"]
    assert kept.article("a") is None
    kept.put([entry(0, 4, "a", value=b"3")])
    assert ids(kept) == ["a", "b"]


def test_built_backwards_an_older_piece_neither_replaces_nor_revives() -> None:
    kept = window()
    kept.put([entry(0, 10, "a", value=b"new"), entry(0, 11, "gone", value=None)], live=False)
    kept.put([entry(0, 2, "a", value=b"old"), entry(0, 3, "gone"), entry(0, 4, "b")], live=False)
    assert [(one.id, one.value) for one in listed(kept)] == [("a", b"new"), ("b", b"{}")]


def test_bytes_are_bounded_too() -> None:
    kept = window(size=1_000)
    kept.put([entry(0, n, f"a{n}", value=b"x" * 300) for n in range(10)])
    assert ids(kept) == ["a9", "a8", "a7"]
    assert kept.cutoff() == 6
    kept.put([entry(0, 10, "large", value=b"x" * 5_000)])
    assert ids(kept) == ["large"]


def test_one_id_written_again_and_again_does_not_push_others_out() -> None:
    kept = window(articles=10)
    kept.put([entry(1, n, f"b{n}", at=0) for n in range(5)])
    for offset in range(200):
        kept.put([entry(0, offset, "hot", at=1)])
    assert sorted(ids(kept)) == ["b0", "b1", "b2", "b3", "b4", "hot"]
    kept.position.update({0: 200, 1: 5})
    assert len(kept.after({0: 190, 1: 5}, 1_000, 1_000_000)) == 10
    assert not kept.covers({0: 100, 1: 5})


def test_after_a_position_each_partition_keeps_its_order_whatever_its_times() -> None:
    kept = window()
    kept.put([entry(0, 0, "a", at=50), entry(0, 1, "b", at=10), entry(1, 0, "c", at=20)], live=False)
    kept.position.update({0: 2, 1: 1})
    assert [one.id for one in kept.after({0: 0, 1: 0}, 10, 1_000)] == ["c", "a", "b"]
    assert [one.id for one in kept.after({0: 1, 1: 0}, 10, 1_000)] == ["b", "c"]
    assert kept.after({0: 2, 1: 1}, 10, 1_000) == []


def test_a_batch_is_bounded_but_never_empty() -> None:
    kept = window()
    kept.put([entry(0, n, "a", value=b"x" * 100) for n in range(10)])
    kept.position[0] = 10
    assert len(kept.after({0: 0}, 4, 10_000)) == 4
    assert len(kept.after({0: 0}, 100, 250)) == 2
    assert len(kept.after({0: 0}, 100, 1)) == 1


def test_filters_hold_for_lists_and_their_choices() -> None:
    kept = window()
    kept.put([Entry(0, n, n, f"a{n}", b"{}", "sv" if n % 3 else "en", "x.example", "") for n in range(6)])
    assert [one.id for one in listed(kept, Filter(language="en"))] == ["a3", "a0"]
    assert [one.id for one in listed(kept, Filter(language="en", site="y.example"))] == []
    assert kept.choices("language", 9) == [("sv", 4), ("en", 2)]
    assert kept.choices("section", 9) == []


def test_a_file_that_is_in_use_or_anothers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "window.db"
    first = Window(path, 10, 1_000)
    first.put([entry(0, 0, "a")])
    with pytest.raises(WindowError, match=r"feed\.database"):
        Window(path, 10, 1_000)
    first.close()
    again = Window(path, 10, 1_000)
    assert ids(again) == []
    again.close()
    (tmp_path / "text").write_bytes(b"no database of anyone's" * 100)
    with pytest.raises(WindowError):
        Window(tmp_path / "text", 10, 1_000)
    assert (tmp_path / "text").read_bytes().startswith(b"no database")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE entry (x)")
    other.close()
    with pytest.raises(WindowError, match="another program's"):
        Window(tmp_path / "other.db", 10, 1_000)


@given(st.dictionaries(st.integers(0, 999), st.integers(0, 10**18 - 1), min_size=1))
def test_a_position_is_read_as_it_was_written(position: dict[int, int]) -> None:
    assert decode(encode(position)) == position


@given(st.text(alphabet="0123456789:,- ٣\n", max_size=20))
def test_any_text_is_a_position_or_refused(text: str) -> None:
    try:
        position = decode(text)
    except PositionError:
        return
    assert decode(encode(position)) == position


operations = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from("abcdefgh"), st.booleans(), st.integers(0, 5)), max_size=60
)


@given(operations, st.integers(1, 6))
def test_a_window_agrees_with_a_plain_reading_of_the_log(log: list[tuple[int, str, bool, int]], size: int) -> None:
    kept = window(articles=size)
    ends = {0: 0, 1: 0}
    written: list[Entry] = []
    for partition, name, withdrawn, at in log:
        # a key's records stand in one partition
        made = entry(partition, ends[partition], f"{name}{partition}", at=at, value=None if withdrawn else b"{}")
        ends[partition] += 1
        written.append(made)
        kept.put([made])
        kept.position.update(ends)
    current: dict[str, Entry] = {}
    for one in written:
        current.pop(one.id, None)
        if one.value is not None:
            current[one.id] = one
    found = ids(kept)
    if kept.covers({0: 0, 1: 0}):  # nothing has left yet: all of them are listed
        assert set(found) == set(current)
    assert all(name in current for name in found)
    assert len(found) <= size
    assert kept.count() == len(found)
    floor = {p: kept.floor[p] for p in (0, 1)}
    after = {(one.partition, one.offset) for one in kept.after(floor, 1_000, 1_000_000)}
    assert after == {(one.partition, one.offset) for one in written if one.offset >= floor[one.partition]}
