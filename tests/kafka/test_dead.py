"""Dead letters are listed, shown and redriven; a redriven page keeps its bytes, its origin and its attempts."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadsheet.records import read_dead
from broadsheet.runtime.settings import Settings
from broadsheet.values import RawPage
from tests.fleet import BROADSHEET, CHEAP, Fleet, at_rest, cheap_page, environment, publish, read, until

pytestmark = pytest.mark.kafka


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    fleet = Fleet(tmp_path)
    yield fleet
    fleet.end()


def dead(made: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BROADSHEET, "dead", *arguments], env=environment(made), capture_output=True, text=True, check=False
    )


def listed(made: Settings, *filters: str) -> list[str]:
    found = dead(made, "list", "--json", *filters)
    assert found.returncode == 0, found.stderr
    return sorted(json.loads(line)["url"] or json.loads(line)["detail"] for line in found.stdout.splitlines())


def test_listed_shown_and_redriven(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    made = settings(worker={"page_work": CHEAP, "delivery": "exactly-once"})
    headers = (("content-type", b"text/html"), ("trace", b"1"), ("trace", b"2"))
    pages = [
        RawPage(cheap_page(f"p{n}", dead=reason).value, url.encode(), (("url", url.encode()), *headers))
        for n, (reason, url) in enumerate(
            [
                ("undecodable", "https://harbour.example/a"),
                ("timeout", "https://harbour.example/b"),
                ("timeout", "https://www.valley.example/c"),
            ]
        )
    ]
    publish(made, pages)
    worker = fleet.worker(made).started()
    worker.wait_for_pages(3)
    at_rest(made)
    assert worker.stop() == 0

    assert len(listed(made)) == 3
    assert listed(made, "--reason", "timeout") == ["https://harbour.example/b", "https://www.valley.example/c"]
    assert listed(made, "--site", "valley.example") == ["https://www.valley.example/c"]
    assert listed(made, "--since", "2999-01-01") == []
    assert len(listed(made, "--until", "2999-01-01")) == 3
    letter = next(record for record in read(made, made.topics.dead) if record.key == pages[2].key)
    place = f"{letter.partition}/{letter.offset}"
    assert listed(made, "--at", place) == ["https://www.valley.example/c"]
    assert dead(made, "show", place, "--value").stdout.encode() == pages[2].value
    assert "timeout" in dead(made, "show", place).stderr
    assert dead(made, "show", "0/99999").returncode == 1

    assert dead(made, "redrive").returncode == 2
    assert "1 pages would be redriven" in dead(made, "redrive", "--site", "valley.example", "--dry-run").stderr
    assert len(read(made, made.topics.pages)) == 3
    assert "1 pages redriven" in dead(made, "redrive", "--site", "valley.example").stderr
    assert "0 pages redriven" in dead(made, "redrive", "--site", "valley.example").stderr
    worker = fleet.worker(made).started()
    worker.wait_for_pages(1)
    assert worker.stop() == 0

    again = [record for record in read(made, made.topics.dead) if record.key == pages[2].key]
    assert [record.value for record in again] == [pages[2].value] * 2
    first, second = (read_dead(record.headers) for record in again)
    assert (first.attempts, second.attempts) == (1, 2)
    assert second.origin == first.origin
    kept = [(name, value) for name, value in again[1].headers if not name.startswith("dead-")]
    assert kept == [("url", b"https://www.valley.example/c"), *headers]
    assert "3 pages redriven" in dead(made, "redrive", "--all").stderr, "the two others, and the second letter"
    assert "4 pages redriven" in dead(made, "redrive", "--all", "--again", "--rate", "1000").stderr


def test_a_redrive_that_is_cut_off_is_taken_up(fleet: Fleet, settings: Callable[..., Settings]) -> None:
    """Each letter is sent once, though the first redrive is killed in the middle. A second's letters go at once."""
    made = settings(worker={"page_work": CHEAP, "delivery": "exactly-once", "breaker_share": 1.0})
    count, rate = 200, 40
    publish(made, [cheap_page(f"p{n}", dead="undecodable") for n in range(count)])
    worker = fleet.worker(made).started()
    at_rest(made)
    assert worker.stop() == 0

    first = subprocess.Popen([BROADSHEET, "dead", "redrive", "--all", "--rate", str(rate)], env=environment(made))
    until(lambda: len(read(made, made.topics.pages)) > count, "some letters redriven")
    first.kill()
    first.wait()
    done = len(read(made, made.topics.pages)) - count
    assert 0 < done < count
    assert done % rate == 0
    assert f"{count - done} pages redriven" in dead(made, "redrive", "--all").stderr
    sent = Counter(record.key for record in read(made, made.topics.pages))
    assert sent == {b"p%d" % n: 2 for n in range(count)}
