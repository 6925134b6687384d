"""The HTML engine: one scan, the block model finds the body, the page's own words give the fields."""

from broadsheet.blocks.tree import Tree, scan
from broadsheet.clean.furniture import furniture_kind
from broadsheet.clean.text import tidy
from broadsheet.clean.words import count_words, fold
from broadsheet.errors import NoneReason
from broadsheet.extract.body import body_blocks, body_scores
from broadsheet.extract.decision import decide
from broadsheet.extract.features import article_body
from broadsheet.extract.headings import byline_names, is_date_line
from broadsheet.extract.images import read_images
from broadsheet.extract.metadata import Metadata, read_metadata
from broadsheet.extract.refuse import MIN_WORDS, prose_words, refuse_html
from broadsheet.extract.streams import find_stories
from broadsheet.timing import Laps
from broadsheet.values import Block, Extraction, Kind, Page, PageFacts, Removed, Story

STATED_WORDS = 100
"""So much text in the page's JSON-LD stands for a body that the page itself does not show."""
HEAD_BLOCKS = 3
"""So many kept blocks may stand before a repeated headline, byline or date for these still to be the head."""
_CLEANED = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM})


def extract_html(page: Page) -> Extraction:
    """The story of an HTML page, or none and the reason. Raises `PageError` only for a page too large to walk."""
    laps = Laps()
    tree = scan(page.text)
    laps.lap("parse")
    if not tree.blocks:
        return Extraction((), reason=NoneReason.EMPTY)
    meta = read_metadata(tree, page.url)
    facts = page_facts(meta)
    laps.lap("metadata")
    stories = find_stories(tree, page.url)
    laps.lap("split")
    if stories:
        return Extraction(stories, facts, timings_ms=laps.ms)
    scores = body_scores(tree)
    body, dropped = body_blocks(tree, scores, page.url)
    kept, removed = _clean(body, meta)
    removed = [*dropped, *removed]
    prose = prose_words([block.text for block in kept])
    if prose < MIN_WORDS and (stated := _stated_body(tree)):
        kept, prose = stated, prose_words([block.text for block in stated])
    laps.lap("body")
    reason = refuse_html(tree, meta, prose, page.status) or (decide(tree, scores, page.url) if body else None)
    if reason:
        return Extraction((), facts, reason, tuple(removed), laps.ms)
    return Extraction((_story(meta, kept, removed, tree, page.url),), facts, timings_ms=laps.ms)


def page_facts(meta: Metadata) -> PageFacts:
    """What the metadata says of the page as a whole."""
    of_page = ("canonical_url", "site")
    return PageFacts(
        canonical_url=meta.canonical_url,
        site_name=meta.site_name,
        language=meta.language,
        provenance={name: source for name, source in meta.provenance.items() if name in of_page},
    )


def _story(meta: Metadata, kept: list[Block], removed: list[Removed], tree: Tree, url: str | None) -> Story:
    images = read_images(tree, meta, url)
    provenance = {name: source for name, source in meta.provenance.items() if name not in ("canonical_url", "site")}
    return Story(
        headline=meta.headline,
        body=tuple(kept),
        byline=meta.byline,
        authors=meta.authors,
        published=meta.published,
        modified=meta.modified,
        section=meta.section,
        keywords=meta.keywords,
        summary=meta.summary,
        images=images,
        removed=tuple(removed),
        provenance={**provenance, **({"images": "page"} if images else {})},
    )


def _clean(body: list[Block], meta: Metadata) -> tuple[list[Block], list[Removed]]:
    """Body blocks without furniture, and without the head that the fields hold: headline, section, byline, date."""
    kept: list[Block] = []
    removed: list[Removed] = []
    for block in body:
        kind = furniture_kind(block.text) if block.kind in _CLEANED else None
        kind = kind or (_head_kind(block.text, meta) if len(kept) < HEAD_BLOCKS else None)
        if kind:
            removed.append(Removed(kind, block.text, block.span, block.where))
        else:
            kept.append(block)
    while kept and kept[-1].kind is Kind.HEADING:
        last = kept.pop()
        removed.append(Removed("after-body", last.text, last.span, last.where))
    return kept, removed


def _head_kind(text: str, meta: Metadata) -> str | None:
    """What a block at a body's start repeats of the fields, if anything."""
    key = fold(text)
    if key == fold(meta.headline or ""):
        return "headline"
    if meta.section and key == fold(meta.section):
        return "label"
    if byline_names(text):
        return "byline"
    return "date" if is_date_line(text) else None


def _stated_body(tree: Tree) -> list[Block]:
    """The body as JSON-LD states it, for pages whose own text is only made by script; empty where it is short."""
    lines = [tidy(line) for line in article_body(tree.head.json_ld).split("\n")]
    if sum(map(count_words, filter(None, lines))) < STATED_WORDS:
        return []
    return [Block(line, Kind.PARAGRAPH, "json-ld") for line in lines if line]
