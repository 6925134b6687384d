"""What tells the authors among the candidates: numbers for each group, in a fixed order, for the authors model."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.html.authors.candidates import NameGroup
from broadsheet.html.head.site import Site
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.surroundings import Surroundings, hints_above, own_hints
from broadsheet.native.fields import fill, texts_of_sizes
from broadsheet.text.author_names import ROLE, is_degree, looks_like_name
from broadsheet.text.credits import agencies_in
from broadsheet.text.dates import find_date
from broadsheet.text.words import fold

SOURCES = (
    "json-ld", "json-ld-part", "json-ld-person", "meta-author", "meta", "handle", "microdata", "link", "link-rel",
    "byline", "named", "near", "linked", "rule",
)  # fmt: skip
WAYS = ("split", "names", "first")
_HINTS = ("author", "meta", "related", "card", "side", "nav", "footer", "tags", "list")
_TEXT = (
    "names", "most_words", "least_words", "chars", "name_like", "digits", "upper", "comma", "role", "agency", "degree",
    "is_site", "is_domain", "near_domain", "in_title",
)  # fmt: skip
_AMONG = (
    "said", "all_said", "offers_best", "offers_mean", "subsets", "supersets", "within_others", "holds_others",
    "distinct_sources", "groups",
)  # fmt: skip
_PLACE = (
    "from_heading", "from_first", "from_last", "share", "places", "lead", "own_author", "linked_share", "block_chars",
    "depth", "after_by", "chars_before", "chars_after", "date_after",
)  # fmt: skip
FEATURE_NAMES = (
    *(f"src_{name}" for name in SOURCES), *(f"way_{name}" for name in WAYS), *(f"txt_{name}" for name in _TEXT),
    *(f"amg_{name}" for name in _AMONG), *(f"plc_{name}" for name in _PLACE), *(f"hnt_{name}" for name in _HINTS),
    *(f"has_{name}" for name in SOURCES),
)  # fmt: skip
_COLUMN = {source: number for number, source in enumerate(SOURCES)}
_AUTHOR = BITS["author"]
_HINT_BITS = [BITS[name] for name in _HINTS]
_NO_PLACE = [-1.0] * (len(_PLACE) - 6 + len(_HINTS))
_BY_END = re.compile(r"\b(?:by|author|von|written|autor)\W*$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_DEGREE_CHARS = 9
SAID_CHARS = 80
"""A name that the page says again stands in a block shorter than this."""


class _Shared(NamedTuple):
    """What the rows of one page have in common.

    `names` holds what is told of each name by `_name`, `places` what of each block by `_block`; `offers` counts the
    sources of each folded name; `said` the short blocks by their text, folded by case.
    """

    around: Surroundings
    keys: list[set[str]]
    offers: dict[str, int]
    said: Counter[str]
    names: dict[str, list[float]]
    places: dict[int, list[float]]
    site: str
    domain: str
    title: str


def author_rows(
    groups: Sequence[NameGroup], around: Surroundings, site: Site, title: str | None
) -> NDArray[np.float32]:
    """A row of `FEATURE_NAMES` for each group."""
    offers: dict[str, int] = {}
    has = [0.0] * len(SOURCES)
    for group in groups:
        for name in group.key:
            offers[name] = offers.get(name, 0) + len(group.sources)
        for source in group.sources:
            has[_COLUMN[source]] += 1.0
    shared = _Shared(
        around=around,
        keys=[set(group.key) for group in groups],
        offers=offers,
        said=_said(groups, around),
        names={},
        places={},
        site=site.folded,
        domain=site.bare,
        title=f" {fold(title or '')} ",
    )
    rows: list[list[float]] = []
    for number, group in enumerate(groups):
        rows.append([
            *_counted(group.sources),
            *[way in group.ways for way in WAYS],
            *_text(group, shared),
            *_among(group, number, shared),
            *_place(group, shared),
            *has,
        ])  # fmt: skip
    matrix = np.empty((len(rows), len(FEATURE_NAMES)), dtype=np.float32)
    fill(rows, matrix)
    return matrix


def _counted(sources: Mapping[str, int]) -> list[float]:
    """How often each of `SOURCES` offers a group, up to five times."""
    counts = [0.0] * len(SOURCES)
    for source, times in sources.items():
        counts[_COLUMN[source]] = min(times, 5)
    return counts


def _said(groups: Sequence[NameGroup], around: Surroundings) -> Counter[str]:
    """How often short blocks say a name and nothing else."""
    sizes = {len(name) for group in groups for name in group.names}
    blocks = around.tree.blocks
    texts = texts_of_sizes(blocks, len(blocks), [size for size in sizes if size < SAID_CHARS], False)
    return Counter([text.casefold() for text in texts])


def _name(name: str) -> list[float]:
    """Words, characters and form of one name."""
    return [
        name.count(" ") + 1,
        len(name),
        looks_like_name(name),
        _DIGIT.search(name) is not None,
        name.isupper(),
        "," in name,
        ROLE.search(name) is not None,
        bool(agencies_in(name)),
        len(name) < _DEGREE_CHARS and is_degree(name),
    ]


def _text(group: NameGroup, shared: _Shared) -> list[float]:
    told: list[list[float]] = []
    for name in group.names:
        known = shared.names.get(name)
        if known is None:
            known = shared.names[name] = _name(name)
        told.append(known)
    joined = "".join(group.key).replace(" ", "")
    domain = shared.domain
    columns = told[0] if len(told) == 1 else [max(column) for column in zip(*told, strict=True)]
    words, chars, like, digits, upper, comma, role, agency, degree = columns
    return [
        len(told),
        words,
        words if len(told) == 1 else min([one[0] for one in told]),
        chars,
        like if len(told) == 1 else sum([one[2] for one in told]) / len(told),
        digits,
        upper,
        comma,
        role,
        agency,
        degree,
        bool(shared.site) and shared.site in group.key,
        bool(domain) and joined == domain,
        bool(domain) and len(joined) > 3 and (joined in domain or domain in joined),
        any(f" {key} " in shared.title for key in group.key),
    ]


def _among(group: NameGroup, number: int, shared: _Shared) -> list[float]:
    own, first = shared.keys[number], group.key[0]
    said = [shared.said[name.casefold()] for name in group.names]
    offers = [shared.offers[key] for key in group.key]
    subsets = supersets = within = holds = 0
    for other in shared.keys:
        if other is own:
            continue
        subsets += other < own
        supersets += own < other
        inside = around = False
        for key in other:
            inside = inside or first in key
            around = around or (key != first and key in first)
        within += inside
        holds += around
    return [
        said[0] if len(said) == 1 else -1,
        sum([times > 0 for times in said]) / len(said),
        max(offers),
        sum(offers) / len(offers),
        subsets,
        supersets,
        within,
        holds,
        len(group.sources),
        len(shared.keys),
    ]


def _place(group: NameGroup, shared: _Shared) -> list[float]:
    """Where the group stands nearest to the headline."""
    around = shared.around
    at = _nearest(group.blocks, around.heading)
    start = [*around.distances(at), len(group.blocks), group.lead]
    if at is None or at >= len(around.tree.blocks):
        return [*start, *_NO_PLACE]
    known = shared.places.get(at)
    if known is None:
        known = shared.places[at] = _block(at, around)
    return [*start, *known]


def _nearest(blocks: Sequence[int], heading: int) -> int | None:
    """The block nearest to the headline, the first of those as near."""
    found: int | None = None
    for block in blocks:
        if found is None or abs(block - heading) < abs(found - heading):
            found = block
    return found


def _block(at: int, around: Surroundings) -> list[float]:
    tree = around.tree
    block, own = tree.blocks[at], own_hints(tree, at)
    mask = own | hints_above(tree, at, 3)
    before, after = around.text(at - 1), around.text(at + 1)
    return [
        1.0 if own & _AUTHOR else 0.0,
        block.linked / max(1, len(block.text)),
        len(block.text),
        tree.elements[block.owner].depth,
        _BY_END.search(before[-20:]) is not None,
        len(before),
        len(after),
        find_date(after[:60]) is not None,
        *[1.0 if mask & bit else 0.0 for bit in _HINT_BITS],
    ]
