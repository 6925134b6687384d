"""Where the stories of a page start that the page itself tells apart: by JSON-LD that names several articles, or by a
row of cards, each under a heading that links to the story's own page, or an `article` with a byline of its own.

Pages also name and link stories that they only announce, so each must hold a story's worth of text here, and all of
them together nearly all that the page has.
"""

from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.html.scan.prose import block_words, good_words, rows_of
from broadsheet.html.scan.tree import Tree
from broadsheet.html.split.part import Part, Scan
from broadsheet.text.head_lines import byline_names
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute, normalise, same_site
from broadsheet.text.words import fold

STORY_WORDS = 60
CARD_WORDS = 80
"""Good words under each headline; teasers have fewer."""
GOOD_WORDS = 10
SHARE = 0.8
"""Of the page's good words that the named stories hold together."""


HEADING_BLOCKS = 6
"""A card's heading stands among so many of its first blocks."""


class Start(NamedTuple):
    """The first block of a story, and the block of its headline."""

    at: int
    heading: int


def named_parts(scan: Scan) -> list[Part]:
    """The stories that the page's JSON-LD names, if it holds two or more of them in full; else none."""
    return [] if scan.entries else _parts(scan.tree, _named_starts(scan.tree, [one.headline for one in scan.named]))


def card_parts(scan: Scan) -> list[Part]:
    """The cards of a page whose text is a row of them; else none. One that calls itself an article has no cards: a
    review of the year links from the headings of its parts.
    """
    if scan.entries or scan.page_type == "article":
        return []
    return _parts(scan.tree, _card_starts(scan.tree, scan.url))


def _parts(tree: Tree, starts: Sequence[Start]) -> list[Part]:
    ends = [*(start.at for start in starts[1:]), len(tree.blocks)]
    return [Part(start.at, end, start.heading) for start, end in zip(starts, ends, strict=True)] if starts else []


def _named_starts(tree: Tree, headlines: Sequence[str]) -> list[Start]:
    """The stories stand side by side: in elements of their own, or one after the other in one element."""
    wanted = {key for headline in headlines if (key := fold(headline))}
    if len(wanted) < 2:
        return []
    longest = max(map(len, headlines)) * 2
    heads: dict[str, int] = {}
    for at, run in enumerate(tree.blocks):
        key = fold(run.text) if len(run.text) <= longest else ""
        if key in wanted and (key not in heads or (tree.level(at) and not tree.level(heads[key]))):
            heads[key] = at
    starts = sorted(heads.values())
    if len(starts) < 2:
        return []
    ends = _ends(tree, starts)
    words = [_good_words(tree, start, end) for start, end in zip(starts, ends, strict=True)]
    enough = min(words) >= STORY_WORDS and sum(words) >= SHARE * _good_words(tree, 0, len(tree.blocks))
    return [Start(at, at) for at in starts] if enough else []


def _card_starts(tree: Tree, url: str | None) -> list[Start]:
    words = block_words(tree.blocks, 0, len(tree.blocks), GOOD_WORDS, 3, 1)
    total = sum(words)
    if not rows_of(tree.elements, tree.ends, words, CARD_WORDS, 2, SHARE * total):
        return []
    rows: dict[tuple[int, str, str], list[int]] = {}
    for e, element in enumerate(tree.elements):
        if tree.ends[e] - element.first > 1:
            rows.setdefault((element.parent, element.tag, element.names), []).append(e)
    own = normalise(url) if url else None
    for row in rows.values():
        if len(row) < 2:
            continue
        cards = [card for e in row if (card := _card(tree, e, url, own))]
        addresses = [address for _, address in cards if address]
        if len(cards) < 2 or len(set(addresses)) < len(addresses):
            continue
        ends = {tree.elements[e].first: tree.ends[e] for e in reversed(row)}
        held = [sum(words[start.at : ends[start.at]]) for start, _ in cards]
        if min(held) >= CARD_WORDS and sum(held) >= SHARE * total:
            return [start for start, _ in cards]
    return []


def _card(tree: Tree, element: int, url: str | None, own: str | None) -> tuple[Start, str | None] | None:
    """The start of a card, and where its heading leads."""
    first = tree.elements[element].first
    near = range(first, min(tree.ends[element], first + HEADING_BLOCKS))
    heading = next((at for at in near if tree.level(at)), None)
    if heading is None:
        return None
    address = _address(tree, heading, url, own)
    if address is None and not _is_signed(tree, element, near):
        return None
    return Start(first, heading), address


def _is_signed(tree: Tree, element: int, near: range) -> bool:
    return tree.elements[element].tag == "article" and any(byline_names(tidy(tree.blocks[at].text)) for at in near)


def _address(tree: Tree, heading: int, url: str | None, own: str | None) -> str | None:
    """Where a heading leads, if to another page of the same site; `own` is the page's address in one spelling."""
    for anchor, _ in tree.blocks[heading].links:
        link = absolute(tree.href(anchor), url)
        if link and (url is None or same_site(link, url)):
            there = normalise(link)
            if url is None or there != own:
                return there
    return None


def _ends(tree: Tree, starts: Sequence[int]) -> list[int]:
    """Where each story ends: at the end of its branch below the element around all, or where the next one starts."""
    paths = [list(tree.ancestors(tree.blocks[at].owner))[::-1] for at in starts]
    depth = 0
    while all(len(path) > depth for path in paths) and len({path[depth] for path in paths}) == 1:
        depth += 1
    around = tree.ends[paths[0][depth - 1]] if depth else len(tree.blocks)
    branches = [path[depth] if len(path) > depth else -1 for path in paths]
    nexts = [*starts[1:], around]
    own = [tree.ends[branch] if branch >= 0 else at + 1 for branch, at in zip(branches, starts, strict=True)]
    flat = any(end - at <= 1 for end, at in zip(own, starts, strict=True))
    return nexts if flat else [min(end, after) for end, after in zip(own, nexts, strict=True)]


def _good_words(tree: Tree, start: int, end: int) -> int:
    return good_words(tree.blocks, start, end, GOOD_WORDS, 3, 1)
