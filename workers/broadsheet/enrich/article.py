"""A story into an article: everything its record needs that the page itself does not spell out."""

import math
from collections.abc import Sequence
from dataclasses import replace

from broadsheet.enrich.dateline import read_dateline
from broadsheet.enrich.language import primary_tag, tell_language
from broadsheet.enrich.minhash import minhash
from broadsheet.identity import article_ids, content_hash
from broadsheet.text.authors import strip_lead
from broadsheet.text.credits import agencies_in
from broadsheet.text.urls import absolute, canonical, normalise, site_domain
from broadsheet.text.words import count_words
from broadsheet.values import Article, Author, Block, Extraction, Image, Kind, Language, Link, Page, PageFacts, Story

WORDS_A_MINUTE = 238
"""Silent reading of non-fiction in English, mean of 190 studies: Brysbaert 2019, doi:10.1016/j.jml.2019.104047."""
IDEOGRAPHS_A_MINUTE = 255
"""Chinese characters a minute: Trauzettel-Klosinski & Dietz 2012, doi:10.1167/iovs.11-8284."""
_IDEOGRAPHIC = frozenset({"zh", "ja"})
_CLOSE = frozenset({Kind.LIST_ITEM, Kind.TABLE_ROW})


def enrich(extraction: Extraction, page: Page) -> tuple[Article, ...]:
    """The articles of a page, in its order. Pure: the same page and extraction give the same articles."""
    address = canonical(page.url, extraction.facts.canonical_url)
    ids = article_ids(extraction.stories, address)
    return tuple(
        _article(story, article_id, position=position, extraction=extraction, page=page, address=address)
        for position, (story, article_id) in enumerate(zip(extraction.stories, ids, strict=True))
    )


def body_text(body: Sequence[Block]) -> str:
    """The blocks' text in order, parted by a blank line; list items and table rows a line each."""
    parts: list[str] = []
    before: Kind | None = None
    for block in body:
        if parts:
            parts.append("\n" if block.kind in _CLOSE and block.kind is before else "\n\n")
        parts.append(block.text)
        before = block.kind
    return "".join(parts)


def _article(
    story: Story, article_id: str, *, position: int, extraction: Extraction, page: Page, address: str | None
) -> Article:
    facts = extraction.facts
    text = body_text(story.body)
    opening = read_dateline(story.body[0].text if story.body else "")
    language = tell_language(f"{story.headline or ''}\n{text}", facts.language)
    images = tuple(_image(image, page.url) for image in story.images)
    permalink = absolute(story.permalink, page.url)
    url = (permalink and normalise(permalink)) or address
    authors, signed = _part_agencies(story.authors)
    agencies = tuple(dict.fromkeys((*opening.agencies, *signed, *_byline_agencies(story.byline))))
    words = count_words(text)
    return Article(
        id=article_id,
        url=url,
        position=position,
        of=len(extraction.stories),
        span=story.span,
        headline=story.headline,
        subheadline=story.subheadline,
        body=story.body,
        body_text=text,
        authors=authors,
        byline=story.byline,
        credits=agencies,
        dateline=opening.dateline,
        published_at=story.published,
        modified_at=story.modified,
        language=language,
        site_domain=site_domain(url or page.url),
        site_name=story.site or facts.site_name,
        section=story.section,
        keywords=story.keywords,
        summary=story.summary,
        images=images,
        links=_links(story.body, page.url),
        word_count=words,
        reading_minutes=_reading_minutes(words, language.code if language else None),
        content_hash=content_hash(story.headline, text),
        minhash=minhash(text),
        provenance=_provenance(
            story,
            facts,
            address=("permalink" if permalink else _address_source(facts, page.url, address)) if url else None,
            credited="dateline" if opening.agencies else "byline" if agencies else None,
            dated=opening.dateline is not None,
            language=language,
        ),
        removed=story.removed,
        pagination=facts.pagination,
        page=page.ref,
        metadata=page.metadata,
        page_type=extraction.page_type,
    )


def _image(image: Image, base: str | None) -> Image:
    url = absolute(image.url, base)
    return image if url == image.url else replace(image, url=url)


def _links(body: Sequence[Block], base: str | None) -> tuple[Link, ...]:
    """The links of the body, absolute, each address once."""
    links: dict[str, Link] = {}
    for block in body:
        for link in block.links:
            url = absolute(link.url, base)
            if url:
                links.setdefault(url, Link(url, link.text))
    return tuple(links.values())


def _part_agencies(authors: Sequence[Author]) -> tuple[tuple[Author, ...], tuple[str, ...]]:
    """Authors that are agencies count as credits too; where nobody else signs they stay the authors."""
    named = [(author, agencies_in(author.name)) for author in authors]
    persons = tuple(author for author, agencies in named if not agencies)
    return (persons or tuple(authors)), tuple(name for _, agencies in named for name in agencies)


def _byline_agencies(byline: str | None) -> tuple[str, ...]:
    return agencies_in(strip_lead(byline)) if byline else ()


def _reading_minutes(words: int, language: str | None) -> int:
    """Whole minutes, rounded up: at least one for any text."""
    return math.ceil(words / (IDEOGRAPHS_A_MINUTE if language in _IDEOGRAPHIC else WORDS_A_MINUTE))


def _address_source(facts: PageFacts, page_url: str | None, address: str | None) -> str:
    """Whether the page's address is the one it names itself, and where, or its scraper's."""
    stated = absolute(facts.canonical_url, page_url)
    own = page_url is not None and normalise(page_url) == address
    named = stated is not None and normalise(stated) == address
    return facts.provenance.get("canonical_url", "link-canonical") if named and not own else "page-url"


def _provenance(
    story: Story,
    facts: PageFacts,
    *,
    address: str | None,
    credited: str | None,
    dated: bool,
    language: Language | None,
) -> dict[str, str]:
    """Where each field came from, by the record's field names, in their order."""
    found = {**facts.provenance, **story.provenance}
    found.pop("canonical_url", None)
    confirmed = language is not None and primary_tag(facts.language) == language.code
    told = {
        "url": address,
        "credits": credited,
        "dateline": "first-paragraph" if dated else None,
        "language": ("text+page" if confirmed else "text") if language else None,
    }
    found.update({name: source for name, source in told.items() if source})
    return dict(sorted(found.items()))
