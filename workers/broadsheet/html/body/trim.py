"""A body's blocks without furniture, and without what other fields hold: headline, section, byline, date."""

from collections.abc import Sequence, Set
from urllib.parse import urlsplit

from broadsheet.html.head.told import Metadata
from broadsheet.text.credits import part_credit
from broadsheet.text.furniture import furniture_kind
from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.words import count_words, ends_sentence, fold
from broadsheet.values import Block, Kind, Removed

HEAD_BLOCKS = 3
"""So many kept blocks may stand before a repeated headline, byline or date for these still to be the head."""
TEASER_LINES = 2
TEASER_SHARE = 0.75
LABEL_WORDS = 3
"""A line of so few words above the headline is a label (a kicker, a section)."""
FEED_TAIL_WORDS = 8
NAMED_WORDS = 16
_CAPTION = "figcaption"
HEAD_CHARS = 1_000
"""A block longer than this repeats no field."""
_CLEANED = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM})


def trim_body(
    body: Sequence[Block], told: Metadata, dropped: Sequence[Removed] = ()
) -> tuple[list[Block], list[Removed]]:
    """The blocks that stay, and those dropped with their reasons; headings at the end go too.

    `told` is what other fields hold, `dropped` what the model dropped: a caption that comes back with its credit
    is one all the same. Without a credit it may be the paragraph that the caption quotes.
    """
    captions = _captions(body, dropped)
    names = {fold(author.name) for author in told.authors}
    kept: list[Block] = []
    removed: list[Removed] = []
    for block in body:
        kind = furniture_kind(block.text) if block.kind in _CLEANED else None
        kind = kind or ("caption" if captions and fold(block.text) in captions else None)
        kind = kind or (_head_kind(block, told, names) if len(kept) < HEAD_BLOCKS else None)
        if kind:
            removed.append(Removed(kind, block.text, block.span, block.where, block.at))
        else:
            kept.append(block)
    end = _teasers(kept)
    end -= end > 0 and _is_feed_tail(kept[end - 1])
    removed += [Removed("related", block.text, block.span, block.where, block.at) for block in kept[end:]]
    del kept[end:]
    while kept and kept[-1].kind is Kind.HEADING:
        last = kept.pop()
        removed.append(Removed("after-body", last.text, last.span, last.where, last.at))
    return kept, removed


def _captions(body: Sequence[Block], dropped: Sequence[Removed]) -> set[str]:
    """The captions that blocks of the body may repeat, folded. Few dropped ones are: those are read for a credit."""
    captions = {fold(block.text) for block in body if block.where.endswith(_CAPTION)}
    others = [(fold(item.text), item.text) for item in dropped if item.kind == "caption"]
    if others:
        repeated = {fold(block.text) for block in body}.intersection([key for key, _ in others])
        captions |= {key for key, text in others if key in repeated and part_credit(text).credit}
    return captions


def _teasers(kept: Sequence[Block]) -> int:
    """Where teasers of other stories begin at a body's end: headings that are links, with a line or two each.

    They must hold less than `TEASER_SHARE` of what stands before them: a list of the best of something is no tail.
    """
    start, count, words, lines = len(kept), 0, 0, 0
    total = sum(count_words(block.text) for block in kept) if kept and any(map(_is_linked, kept)) else 0
    for at in range(len(kept) - 1, -1, -1) if total else ():
        block = kept[at]
        words += count_words(block.text)
        if _is_linked(block):
            start, count, lines = at, count + 1, 0
        elif block.kind is Kind.HEADING or lines == TEASER_LINES:
            break
        else:
            lines += 1
        if words > TEASER_SHARE * (total - words):
            return len(kept)
    return start if count >= 2 else len(kept)


def _is_feed_tail(block: Block) -> bool:
    """Whether a line says, in any language, on which site the story that it links to came out ("The post … appeared
    first on …"): its last link leads to a site's front page, and little stands outside of its links.
    """
    if len(block.links) < 2 or len(block.text) > HEAD_CHARS or urlsplit(block.links[-1].url).path not in ("", "/"):
        return False
    linked = sum([count_words(link.text) for link in block.links])
    return count_words(block.text) - linked <= FEED_TAIL_WORDS and linked > count_words(block.links[-1].text)


def _begins_with_name(text: str, key: str, names: Set[str]) -> bool:
    """Whether a line names an author and, without being a sentence, where from or what else he is."""
    if not any(key.startswith(f"{name} ") for name in names if name):
        return False
    return count_words(text) <= NAMED_WORDS and not ends_sentence(text)


def _is_linked(block: Block) -> bool:
    if block.kind is not Kind.HEADING or len(block.links) != 1:
        return False
    return block.links[0].text == block.text and "#" not in block.links[0].url


def _head_kind(block: Block, told: Metadata, names: Set[str]) -> str | None:
    """What a block at a body's start repeats of the fields, if anything."""
    text = block.text
    if len(text) > HEAD_CHARS:
        return None
    key = fold(text)
    if key == fold(told.headline or ""):
        return "headline"
    if told.section and key == fold(told.section):
        return "label"
    if byline_names(text) or key in names or _begins_with_name(text, key, names):
        return "byline"
    if is_date_line(text):
        return "date"
    above = told.heading is not None and block.at is not None and block.at < told.heading
    return "label" if above and count_words(text) <= LABEL_WORDS and not ends_sentence(text) else None
