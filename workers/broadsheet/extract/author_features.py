"""What tells the authors among the candidates: numbers for each group, in a fixed order, for the authors model."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.blocks.hints import BITS
from broadsheet.clean.credits import agencies_in
from broadsheet.clean.dates import find_date
from broadsheet.clean.words import fold
from broadsheet.extract.author_candidates import Group
from broadsheet.extract.author_names import ROLE, is_degree, looks_like_name
from broadsheet.extract.metadata_title import Site
from broadsheet.extract.surroundings import Surroundings, hints_above, own_hints

SOURCES = (
    "json-ld", "json-ld-part", "json-ld-person", "meta-author", "meta", "handle", "microdata", "link", "link-rel",
    "byline", "named", "near", "linked", "rule",
)  # fmt: skip
WAYS = ("whole", "split", "names", "first", "linked")
_HINTS = (
    "author", "meta", "related", "comment", "card", "side", "nav", "footer", "header", "share", "article", "tags",
    "caption", "list", "title", "content",
)  # fmt: skip
_TEXT = (
    "names", "most_words", "least_words", "chars", "name_like", "digits", "address", "upper", "lower", "comma", "and",
    "role", "agency", "date", "degree", "is_site", "is_domain", "near_domain", "in_title",
)  # fmt: skip
_AMONG = (
    "said", "all_said", "offers_best", "offers_mean", "subsets", "supersets", "within_others", "holds_others",
    "distinct_sources", "groups",
)  # fmt: skip
_PLACE = (
    "from_heading", "from_first", "from_last", "share", "places", "lead", "own_author", "linked_share", "block_chars",
    "depth", "after_by", "chars_before", "chars_after", "date_after", "date_before", "role_after",
)  # fmt: skip
FEATURE_NAMES = (
    *(f"src_{name}" for name in SOURCES), *(f"way_{name}" for name in WAYS), *(f"txt_{name}" for name in _TEXT),
    *(f"amg_{name}" for name in _AMONG), *(f"plc_{name}" for name in _PLACE), *(f"hnt_{name}" for name in _HINTS),
    *(f"has_{name}" for name in SOURCES),
)  # fmt: skip
_BY_END = re.compile(r"\b(?:by|author|von|written|autor)\W*$", re.IGNORECASE)
_AND = re.compile(r"\b(?:and|und|et)\b|&")


def author_rows(groups: Sequence[Group], around: Surroundings, site: Site, title: str | None) -> NDArray[np.float32]:
    """A row of `FEATURE_NAMES` for each group."""
    said = Counter(block.text.casefold() for block in around.tree.blocks if len(block.text) < 80)
    places: dict[int, list[float]] = {}
    offers: Counter[str] = Counter()
    for group in groups:
        for name in group.key:
            offers[name] += len(group.sources)
    has = [float(sum(source in group.sources for group in groups)) for source in SOURCES]
    keys = [set(group.key) for group in groups]
    told = f" {fold(title or '')} "
    rows = [
        [
            *(float(min(group.sources[source], 5)) for source in SOURCES),
            *(float(group.ways[way] > 0) for way in WAYS),
            *_text(group, site, told),
            *_among(group, said, offers, keys),
            *_place(group, around, places),
            *has,
        ]
        for group in groups
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURE_NAMES))


def _text(group: Group, site: Site, title: str) -> list[float]:
    names, words = group.names, [len(name.split()) for name in group.names]
    joined = "".join(group.key).replace(" ", "")
    domain = (site.domain or "").split(".")[0].replace("-", "")
    return [
        len(names),
        max(words),
        min(words),
        max(map(len, names)),
        sum(map(looks_like_name, names)) / len(names),
        any(char.isdigit() for name in names for char in name),
        any("@" in name or ("." in name.strip(".") and " " not in name) for name in names),
        any(name.isupper() for name in names),
        any(name.islower() for name in names),
        any("," in name for name in names),
        any(_AND.search(name) for name in names),
        any(ROLE.search(name) for name in names),
        any(agencies_in(name) for name in names),
        any(char.isdigit() for name in names for char in name) and find_date(" ".join(names)) is not None,
        any(len(name) < 9 and is_degree(name) for name in names),
        bool(site.name) and fold(site.name or "") in group.key,
        bool(domain) and joined == domain,
        len(joined) > 3 and bool(domain) and (joined in domain or domain in joined),
        any(f" {name} " in title for name in group.key),
    ]


def _among(group: Group, said: Counter[str], offers: Counter[str], keys: Sequence[set[str]]) -> list[float]:
    own, first = set(group.key), group.key[0]
    told = [said[name.casefold()] for name in group.names]
    return [
        told[0] if len(told) == 1 else -1,
        sum(times > 0 for times in told) / len(told),
        max(offers[name] for name in group.key),
        sum(offers[name] for name in group.key) / len(group.key),
        sum(key < own for key in keys),
        sum(own < key for key in keys),
        sum(key != own and any(first in name for name in key) for key in keys),
        sum(any(name != first and name in first for name in key) for key in keys),
        len(group.sources),
        len(keys),
    ]


def _place(group: Group, around: Surroundings, places: dict[int, list[float]]) -> list[float]:
    """Where the group stands nearest to the headline; `places` keeps what was said of a block."""
    at = min(group.blocks, key=lambda block: abs(block - around.heading)) if group.blocks else None
    start = [*around.distances(at), float(len(group.blocks)), float(group.lead)]
    if at is None or at >= len(around.tree.blocks):
        return [*start, *[-1.0] * (len(_PLACE) - 6 + len(_HINTS))]
    if at not in places:
        places[at] = _block(at, around)
    return [*start, *places[at]]


def _block(at: int, around: Surroundings) -> list[float]:
    tree = around.tree
    block, own = tree.blocks[at], own_hints(tree, at)
    mask = own | hints_above(tree, at, 3)
    before, after = around.text(at - 1), around.text(at + 1)
    return [
        bool(own & BITS["author"]),
        block.linked / max(1, len(block.text)),
        len(block.text),
        tree.elements[block.owner].depth,
        _BY_END.search(before[-20:]) is not None,
        len(before),
        len(after),
        find_date(after[:60]) is not None,
        find_date(before[:60]) is not None,
        ROLE.search(after[:60]) is not None,
        *(bool(mask & BITS[name]) for name in _HINTS),
    ]
