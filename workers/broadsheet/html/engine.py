"""The HTML engine: one scan, the block model finds the body, the page's own words give the fields."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np

from broadsheet.errors import NoneReason, PageError
from broadsheet.html.body.features import article_body
from broadsheet.html.body.images import read_images
from broadsheet.html.body.long import mend_long
from broadsheet.html.body.pager import page_in_pager
from broadsheet.html.body.scores import body_blocks, body_scores, dropped_blocks, lexicon
from broadsheet.html.body.trim import trim_body
from broadsheet.html.head.jsonld import describe
from broadsheet.html.head.told import Metadata, name_articles, type_page
from broadsheet.html.metadata import read_metadata
from broadsheet.html.refuse.decision import LEAST, Judgement, judge
from broadsheet.html.refuse.forum import is_forum
from broadsheet.html.refuse.rules import refuse_html
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.scripted import needs_script, uncovered
from broadsheet.html.split.live import live_entries
from broadsheet.html.split.part import Scan
from broadsheet.html.stories.several import read_several
from broadsheet.html.stories.story import OF_PAGE, tell_story
from broadsheet.native.text import prose_words
from broadsheet.options import MOST_STORIES, Boldness, Refuse
from broadsheet.text.refusal import MIN_WORDS
from broadsheet.text.tidy import tidy
from broadsheet.text.words import count_words
from broadsheet.timing import Laps
from broadsheet.values import Block, Extraction, Kind, Page, PageFacts

_WITHOUT_TEXT = frozenset({NoneReason.EMPTY, NoneReason.NO_ARTICLE_TEXT, NoneReason.LISTING})
"""What a page is told to be that shows no more than its menus before its script has run."""
STATED_WORDS = 100
"""So much text in the page's JSON-LD stands for a body that the page itself does not show."""


def extract_html(
    page: Page, *, each_entry: bool = False, most: int = MOST_STORIES, refuse: Refuse = "likely"
) -> Extraction:
    """The stories of an HTML page, or none and the reason. Raises `PageError` only for a page too large to walk, or one
    that is cut into more than `most` stories.

    With `each_entry` a live blog gives a story for each of its entries, else one. On a page with other stories
    besides it is one in any case. `refuse` says how sure it must be that the page holds no article.
    """
    laps = Laps()
    source = page.text if page.utf8 is None else page.utf8
    found = _read(page, source, laps, each_entry, most, refuse)
    if found.reason not in _WITHOUT_TEXT or prose_words([item.text for item in found.removed]) >= MIN_WORDS:
        return found
    data = source.encode("utf-8", "replace") if isinstance(source, str) else source
    for shown in uncovered(data):
        try:
            other = _read(page, shown, laps, each_entry, most, refuse)
        except PageError:
            continue
        if other.stories:
            return other
    return replace(found, reason=NoneReason.NEEDS_SCRIPT) if needs_script(data) else found


def _read(page: Page, source: bytes | str, laps: Laps, each_entry: bool, most: int, refuse: Refuse) -> Extraction:
    """The stories of one form of the page: as it came, or with what it hides shown."""
    tree = scan(source)
    laps.lap("parse")
    if not tree.blocks:
        return Extraction((), reason=NoneReason.EMPTY)
    seen = _look(tree, page.url)
    forum = NoneReason.FORUM if is_forum(tree, source, page.url, seen.page_type) else None
    if forum and refuse != "never":
        return _refused(seen, forum, laps)
    told = cache(partial(read_metadata, tree, page.url, seen.described))
    several = read_several(seen, told, each=each_entry, most=most)
    laps.lap("split")
    if several:
        return Extraction(several.stories, page_facts(told()), removed=several.removed, timings_ms=laps.ms)
    scores = mend_long(tree, body_scores(tree, arrays=seen.elements), seen.elements)
    found, dropped = body_blocks(tree, scores, seen.base)
    judged = judge(tree, scores, page.url, seen.elements)
    laps.lap("body")
    boldness: Boldness = "likely" if refuse == "never" else refuse
    doubted = judged.kind if judged.chance < LEAST[boldness] else None
    if doubted and refuse != "never":
        reason = refuse_html(tree, seen.page_type, *_shown_or_stated(tree, found), judged.chance, page.status)
        return _refused(seen, reason or doubted, laps, judged)
    meta = told()
    body, trimmed = trim_body(found, meta, dropped)
    body, prose = _shown_or_stated(tree, body)
    laps.lap("metadata")
    reason = refuse_html(tree, seen.page_type, body, prose, judged.chance, page.status)
    if reason and refuse != "never":
        return _refused(seen, reason, laps, judged)
    body = body or body_blocks(tree, np.ones(len(scores)), seen.base)[0]
    story = tell_story(meta, body, read_images(tree, meta, seen.base, body), [*dropped, *trimmed])
    facts = _paged(page_facts(meta), tree, body)
    return Extraction((story,), facts, timings_ms=laps.ms, page_type=forum or reason or doubted)


def _look(tree: Tree, url: str | None) -> Scan:
    """What is told of a page at little cost."""
    described = describe(tree.head.json_ld, url)
    return Scan(
        tree,
        element_arrays(tree, lexicon()),
        url,
        described,
        type_page(tree.head, described),
        name_articles(described),
        tuple(live_entries(tree)),
    )


def _refused(seen: Scan, reason: NoneReason, laps: Laps, judged: Judgement | None = None) -> Extraction:
    """No article, and all of the page's blocks dropped."""
    removed = dropped_blocks(seen.tree, range(len(seen.tree.blocks)))
    confidence = None if judged is None else round(1.0 - judged.chance, 4)
    return Extraction((), reason=reason, removed=tuple(removed), timings_ms=laps.ms, confidence=confidence)


def page_facts(meta: Metadata) -> PageFacts:
    """What the metadata says of the page as a whole."""
    return PageFacts(
        canonical_url=meta.canonical_url,
        site_name=meta.site_name,
        language=meta.language,
        provenance={name: source for name, source in meta.provenance.items() if name in OF_PAGE},
    )


def _paged(facts: PageFacts, tree: Tree, body: Sequence[Block]) -> PageFacts:
    """With the page's number, where it is one of several of its story."""
    places = [block.at for block in body if block.at is not None]
    mark = page_in_pager(tree, places[0], places[-1]) if places else None
    return replace(facts, pagination=mark) if mark else facts


def _shown_or_stated(tree: Tree, body: list[Block]) -> tuple[list[Block], int]:
    """A body and its words of prose; the one that JSON-LD states, where the page shows hardly any itself."""
    prose = prose_words([block.text for block in body])
    if prose < MIN_WORDS and (stated := _stated_body(tree)):
        return stated, prose_words([block.text for block in stated])
    return body, prose


def _stated_body(tree: Tree) -> list[Block]:
    """The body as JSON-LD states it, for pages whose own text is only made by script; empty where it is short."""
    lines = [tidy(line) for line in article_body(tree.head.json_ld).split("\n")]
    if sum(map(count_words, filter(None, lines))) < STATED_WORDS:
        return []
    return [Block(line, Kind.PARAGRAPH, "json-ld") for line in lines if line]
