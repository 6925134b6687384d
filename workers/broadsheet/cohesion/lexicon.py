"""What single words say of a line's place: above a story's body, in it, or below it. Learned counts, no list by hand.

A soft cue for one number among many; in a language whose words were not seen it says nothing and costs nothing.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import orjson

WORDS_READ = 14
"""Only the first words of a line are asked: longer lines are prose."""
PLACES = 3

Weights = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """For each known key its log odds of standing above, within and below a story."""

    weights: dict[str, Weights]


EMPTY = Lexicon({})


def learn(lines: Iterable[tuple[str, int, Sequence[str]]], sites_at_least: int = 4) -> Lexicon:
    """From (site, place 0-2, keys) of lines; a key counts once a site and place; kept if several sites have it."""
    seen: dict[str, list[set[str]]] = defaultdict(lambda: [set(), set(), set()])
    totals: list[set[tuple[str, str]]] = [set(), set(), set()]
    for site, place, keys in lines:
        for key in keys[:WORDS_READ]:
            seen[key][place].add(site)
            totals[place].add((site, key))
    size = [len(total) + 1 for total in totals]
    weights = {}
    for key, places in seen.items():
        if len(set().union(*places)) >= sites_at_least:
            share = [(len(found) + 0.5) / size[place] for place, found in enumerate(places)]
            weights[key] = _log_odds(share)
    return Lexicon(weights)


def _log_odds(share: Sequence[float]) -> Weights:
    total = sum(share)
    above, within, below = (round(math.log(part / (total - part)) + math.log(PLACES - 1), 2) for part in share)
    return (above, within, below)


@cache
def load_lexicon(name: str) -> Lexicon:
    """The lexicon of that name that comes with the package, read once."""
    held = orjson.loads(resources.files("broadsheet.models").joinpath(f"{name}.json").read_bytes())
    return Lexicon({key: (above, within, below) for key, (above, within, below) in held.items()})
