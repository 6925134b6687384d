"""What has come of the sample pages so far, and whether it is what they should give."""

from collections.abc import Iterator
from typing import Any

from broadsheet.samples import Sample
from broadsheet.values import Origin


class Tally:
    """Gathers records by the place of their page. A record that comes twice counts once."""

    def __init__(self) -> None:
        self._samples: dict[Origin, Sample] = {}
        self._outcomes: dict[Origin, dict[str, Any]] = {}
        self._headlines: dict[str, str | None] = {}
        self._dead: set[Origin] = set()

    def published(self, sample: Sample, origin: Origin) -> None:
        """A sample page now stands there."""
        self._samples[origin] = sample

    def add_outcome(self, record: dict[str, Any]) -> None:
        """An outcome came in."""
        page = record["page"]
        self._outcomes[Origin(page["topic"], page["partition"], page["offset"])] = record

    def add_article(self, record: dict[str, Any]) -> None:
        """An article came in."""
        self._headlines[record["id"]] = record["headline"]

    def add_dead(self, origin: Origin | None) -> None:
        """A dead letter came in, whose page stood at `origin`."""
        if origin is not None:
            self._dead.add(origin)

    @property
    def articles(self) -> int:
        return len(self._headlines)

    @property
    def dead(self) -> int:
        return len(self._dead)

    @property
    def none(self) -> int:
        return sum(record["result"] == "none" for record in self._outcomes.values())

    def is_complete(self) -> bool:
        """Whether all that the outcomes of all sample pages announce has come in."""
        return all(origin in self._outcomes and self._has_come(origin) for origin in self._samples)

    def _has_come(self, origin: Origin) -> bool:
        outcome = self._outcomes[origin]
        if outcome["result"] == "dead":
            return origin in self._dead
        return all(article in self._headlines for article in outcome["articles"])

    def complaints(self) -> Iterator[str]:
        """A line for each sample page that did not give what it should."""
        for origin, sample in self._samples.items():
            if origin not in self._outcomes:
                yield f"{sample.name}: nothing came of it"
                continue
            found, wanted = self._found(self._outcomes[origin]), _wanted(sample)
            if found != wanted:
                yield f"{sample.name}: gave {found}, should give {wanted}"
            elif not self._has_come(origin):
                yield f"{sample.name}: its outcome names records that did not come"

    def _found(self, outcome: dict[str, Any]) -> str:
        headlines = [self._headlines.get(article) for article in outcome["articles"]]
        return _described(outcome["result"], outcome["reason"], headlines)


def _wanted(sample: Sample) -> str:
    return _described(sample.result, sample.reason, list(sample.headlines))


def _described(result: str, reason: str | None, headlines: list[Any]) -> str:
    return f"{result} {headlines}" if result == "articles" else f"{result} ({reason})"
