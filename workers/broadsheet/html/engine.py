"""The HTML engine: one scan, the block model finds the body, the page's own words give the fields."""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.errors import NoneReason
from broadsheet.html.body.features import article_body
from broadsheet.html.body.images import read_images
from broadsheet.html.body.pager import page_in_pager
from broadsheet.html.body.scores import body_blocks, body_scores, dropped_blocks, lexicon
from broadsheet.html.body.trim import trim_body
from broadsheet.html.head.told import Metadata
from broadsheet.html.metadata import read_metadata
from broadsheet.html.refuse.decision import decide
from broadsheet.html.refuse.forum import is_forum
from broadsheet.html.refuse.rules import refuse_html
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.split.learned import cut_tree
from broadsheet.html.split.live import live_entries
from broadsheet.html.split.named import Start, card_starts, named_starts
from broadsheet.html.stories.live import read_live
from broadsheet.html.stories.rows import find_stories
from broadsheet.html.stories.segments import read_segments, read_started
from broadsheet.html.stories.story import OF_PAGE, tell_story
from broadsheet.native.text import prose_words
from broadsheet.options import MOST_STORIES, hold_count
from broadsheet.text.refusal import MIN_WORDS
from broadsheet.text.tidy import tidy
from broadsheet.text.words import count_words
from broadsheet.timing import Laps
from broadsheet.values import Block, Extraction, Kind, Page, PageFacts

STATED_WORDS = 100
"""So much text in the page's JSON-LD stands for a body that the page itself does not show."""


def extract_html(page: Page, *, each_entry: bool = False, most: int = MOST_STORIES) -> Extraction:
    """The stories of an HTML page, or none and the reason. Raises `PageError` only for a page too large to walk, or one
    that is cut into more than `most` stories.

    With `each_entry` a live blog gives a story for each of its entries, else one. On a page with other stories
    besides it is one in any case.
    """
    laps = Laps()
    source = page.text if page.utf8 is None else page.utf8
    tree = scan(source)
    laps.lap("parse")
    if not tree.blocks:
        return Extraction((), reason=NoneReason.EMPTY)
    meta = read_metadata(tree, page.url)
    facts = page_facts(meta)
    laps.lap("metadata")
    if is_forum(tree, source, page.url, meta.page_type):
        return Extraction((), facts, NoneReason.FORUM, tuple(dropped_blocks(tree, range(len(tree.blocks)))), laps.ms)
    elements = element_arrays(tree, lexicon())
    entries = live_entries(tree)
    cuts = [cut for cut in cut_tree(tree, elements) if not entries or not entries[0].lo <= cut < entries[-1].hi]
    laps.lap("split")
    if entries and not cuts:
        scores = body_scores(tree, arrays=elements)
        live = read_live(tree, entries, scores, meta, page.url, each=each_entry)
        laps.lap("body")
        if live:
            return Extraction(live.stories, facts, removed=live.removed, timings_ms=laps.ms)
    starts = [] if entries else _starts(tree, meta, page.url)
    hold_count(len(starts), most)
    if starts:
        stories, spare = read_started(tree, starts, elements, meta, page.url)
        if len(stories) > 1:
            return Extraction(stories, facts, removed=spare, timings_ms=laps.ms)
    hold_count(len(cuts) + 1, most)
    if cuts:
        stories, spare = read_segments(tree, cuts, elements, meta, page.url)
        if len(stories) > 1:
            return Extraction(stories, facts, removed=spare, timings_ms=laps.ms)
    stories, spare = find_stories(tree, page.url, meta)
    if stories:
        return Extraction(stories, facts, removed=spare, timings_ms=laps.ms)
    scores = body_scores(tree, arrays=elements)
    body, dropped = body_blocks(tree, scores, page.url)
    kept, removed = trim_body(body, meta, dropped)
    removed = [*dropped, *removed]
    prose = prose_words([block.text for block in kept])
    if prose < MIN_WORDS and (stated := _stated_body(tree)):
        kept, prose = stated, prose_words([block.text for block in stated])
    laps.lap("body")
    reason = refuse_html(tree, meta, prose, page.status) or (decide(tree, scores, page.url, elements) if body else None)
    if reason:
        return Extraction((), facts, reason, tuple(removed), laps.ms)
    story = tell_story(meta, kept, read_images(tree, meta, page.url, kept), removed)
    return Extraction((story,), _paged(facts, tree, kept), timings_ms=laps.ms)


def _starts(tree: Tree, meta: Metadata, url: str | None) -> list[Start]:
    """The starts of stories that the page itself tells apart. One that calls itself an article has no cards: a review
    of the year links from the headings of its parts.
    """
    named = named_starts(tree, [one.headline for one in meta.named])
    return named or ([] if meta.page_type == "article" else card_starts(tree, url))


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


def _stated_body(tree: Tree) -> list[Block]:
    """The body as JSON-LD states it, for pages whose own text is only made by script; empty where it is short."""
    lines = [tidy(line) for line in article_body(tree.head.json_ld).split("\n")]
    if sum(map(count_words, filter(None, lines))) < STATED_WORDS:
        return []
    return [Block(line, Kind.PARAGRAPH, "json-ld") for line in lines if line]
