"""Which of several places of one name is meant: by what follows it, what else the text names, how many live there."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from broadsheet.places.mentions import Mention, paired
from broadsheet.places.signs import inside
from broadsheet.places.table import COUNTRY, REGION, SUBDIVISION, Table

LARGE = 2.5
"""A country or region of a name is meant rather than a town of it, as if it had 300 times its people."""
STATE, STATE_PEOPLE = 1.5, 6.3
"""So is a state or province; beyond some two million people its size says no more."""
SAME_COUNTRY, SAME_DIVISION = 2.2, 2.6
"""What the share of the text's other places in the same country, and in the same state, adds at most."""
FOLLOWED = 6.0
"""What "Town, State" adds: it decides."""
CITY_SHARE, NAMED = 0.6, 1.5
"""Weight of a city's candidates together, and of a named country or state, in those shares."""


def choose(mentions: Sequence[Mention], table: Table) -> Iterator[tuple[Mention, int]]:
    """Each mention with the place that it means; the same name means the same place, unless what follows says else."""
    countries, divisions = _shares(mentions, table)
    chosen: dict[str, int] = {}
    told = [_told(mention, after, table) for mention, after in paired(mentions)]
    for mention, within in zip(mentions, told, strict=True):
        if within and mention.key not in chosen:
            chosen[mention.key] = _best(within, countries, divisions, table)
    for mention, within in zip(mentions, told, strict=True):
        if within:
            yield mention, _best(within, countries, divisions, table)
            continue
        if mention.key not in chosen:
            chosen[mention.key] = _best(mention.candidates, countries, divisions, table)
        yield mention, chosen[mention.key]


def _told(mention: Mention, following: Mention | None, table: Table) -> list[int]:
    if following is None or not 1 <= following.start - mention.end <= 2:
        return []
    return inside(mention, following, table)


def _best(candidates: Sequence[int], countries: dict[int, float], divisions: dict[int, float], table: Table) -> int:
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda place: _weight(place, countries, divisions, table))


def _weight(place: int, countries: dict[int, float], divisions: dict[int, float], table: Table) -> float:
    kind, people = table.kind[place], math.log10(table.population[place] + 300)
    if kind in (REGION, COUNTRY):
        return people + LARGE + 1.0
    context = SAME_COUNTRY * countries.get(table.country[place], 0.0)
    if table.division[place]:
        context += SAME_DIVISION * min(1.0, 2 * divisions.get(table.division[place], 0.0))
    if kind == SUBDIVISION:
        return people + STATE - max(0.0, people - STATE_PEOPLE) + context
    return people + context


def _shares(mentions: Sequence[Mention], table: Table) -> tuple[dict[int, float], dict[int, float]]:
    """How much of what the text names lies in each country, and in each state: shares of one."""
    countries: dict[int, float] = defaultdict(float)
    divisions: dict[int, float] = defaultdict(float)
    for mention in {mention.key: mention for mention in mentions}.values():
        first = mention.candidates[0]
        if table.kind[first] in (COUNTRY, SUBDIVISION):
            countries[table.country[first]] += NAMED
            if table.kind[first] == SUBDIVISION:
                divisions[table.division[first]] += 2
        elif table.kind[first] != REGION:
            _spread(mention, countries, divisions, table)
    return _normal(countries), _normal(divisions)


def _spread(mention: Mention, countries: dict[int, float], divisions: dict[int, float], table: Table) -> None:
    weights = [math.sqrt(table.population[place] + 500) for place in mention.candidates]
    for place, weight in zip(mention.candidates, weights, strict=True):
        share = weight / sum(weights)
        countries[table.country[place]] += CITY_SHARE * share
        divisions[table.division[place]] += share


def _normal(counts: dict[int, float]) -> dict[int, float]:
    total = sum(counts.values()) or 1.0
    return {key: count / total for key, count in counts.items()}
