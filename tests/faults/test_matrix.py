"""The short run of the fault matrix, by fixed seeds: no page lost, none repeated, whatever dies."""

from pathlib import Path

import pytest

from tests.faults.around import BROKER
from tests.faults.cases import SHORT
from tests.faults.run import play, settings_for

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]


CASES = {**SHORT, **{name: BROKER[name] for name in ("zombie of the same name", "pages topic made anew")}}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_lost_or_repeated(name: str, kafka: str, tmp_path: Path) -> None:
    played = play(CASES[name], settings_for(kafka), seed=1, folder=tmp_path)
    assert not played.faults, played.faults[:10]
    assert played.pages > 100
    if name == "killed at each point":
        assert played.hidden > 0, (
            "a reader that is not read_committed sees what was aborted: the judge could see it too"
        )
