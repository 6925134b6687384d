"""The judge is no rubber stamp: each bug that is put in on purpose is caught."""

from pathlib import Path

import pytest

from tests.faults.ledger import table
from tests.faults.run import play, settings_for
from tests.faults.seeded import BUGS

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
IN_EVERY_RUN = {"acknowledges first", "swallows a failed send", "publishes out of order"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in IN_EVERY_RUN else pytest.mark.long) for name in BUGS]
)
def test_a_seeded_bug_is_caught(name: str, kafka: str, tmp_path: Path) -> None:
    case, kind = BUGS[name]
    played = play(case, settings_for(kafka), seed=7, folder=tmp_path, to_rest=False)
    assert table(played.faults)[kind] > 0, f"{name}: the judge saw {table(played.faults)}"
