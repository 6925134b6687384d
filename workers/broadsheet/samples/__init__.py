"""Sample pages of the demo: fictional ones in several forms and scripts, with what each of them should give."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from broadsheet.values import RawPage


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as a scraper sends it (bytes and headers), and what it should become.

    `headlines` are those of its articles in order; `reason` is why it gives none or is dead.
    """

    name: str
    raw: RawPage
    result: Literal["articles", "none", "dead"]
    headlines: tuple[str, ...] = ()
    reason: str | None = None


def samples() -> tuple[Sample, ...]:
    """All sample pages, in a fixed order. Reads the package's own files."""
    folder = files(__name__)
    return tuple(
        Sample(
            name=item["name"],
            raw=RawPage(
                value=folder.joinpath("pages", item["file"]).read_bytes(),
                key=item["headers"]["url"].encode() if "url" in item["headers"] else None,
                headers=tuple((name, value.encode()) for name, value in item["headers"].items()),
            ),
            result=item["result"],
            headlines=tuple(item.get("headlines", ())),
            reason=item.get("reason"),
        )
        for item in json.loads(folder.joinpath("expected.json").read_text("utf-8"))
    )
