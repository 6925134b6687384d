"""What was redriven is remembered in a position and a few words, and read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.runtime.dead.redriven import Redriven, TooScattered


@given(st.lists(st.integers(0, 200)))
def test_remembers_exactly_what_was_added(offsets: list[int]) -> None:
    done = Redriven()
    for offset in offsets:
        done = done.add(offset)
    again = Redriven.read(*done.committed())
    assert again == done
    assert {offset for offset in range(202) if offset in again} == set(offsets)


def test_a_closed_run_becomes_the_position() -> None:
    done = Redriven()
    for offset in (2, 1, 0, 5):
        done = done.add(offset)
    assert done.committed() == (3, "5")


def test_too_many_gaps_are_refused() -> None:
    done = Redriven(0, tuple((n, n) for n in range(1, 4_000, 2)))
    with pytest.raises(TooScattered):
        done.committed()


@pytest.mark.parametrize("metadata", ["x", "1-", "1-2-3", ",", "-1"])
def test_words_of_another_are_no_letters(metadata: str) -> None:
    assert 1 not in Redriven.read(0, metadata) or metadata == "1-"
    assert Redriven.read(-1, "") == Redriven()
