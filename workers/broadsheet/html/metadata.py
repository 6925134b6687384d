"""What a page says of its article: title, authors, dates and the rest, each with where it came from.

Sources disagree often; the rules take the one that real pages get right most, and say which it was.
"""

from collections.abc import Sequence

from broadsheet.html.authors.choice import read_authors
from broadsheet.html.head.dates import read_dates
from broadsheet.html.head.jsonld import (
    Described,
    describe,
    link_of,
    text_of,
)
from broadsheet.html.head.site import read_site
from broadsheet.html.head.told import FIELD_CHARS, Metadata, name_articles, type_page
from broadsheet.html.scan.surroundings import Surroundings
from broadsheet.html.scan.tree import Tree
from broadsheet.html.title.choice import read_title
from broadsheet.html.title.headings import find_headings
from broadsheet.html.title.rules import first_heading
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold

MOST_KEYWORDS = 40
KEYWORDS_CHARS = 100_000
"""Characters of a page's lists of keywords that are read; what a list holds beyond is filler."""


def read_metadata(tree: Tree, url: str | None, described: Described | None = None) -> Metadata:
    """The metadata of a scanned page. Values are tidied; nothing is guessed from the body's prose.

    `described` saves the reading of its JSON-LD.
    """
    head = tree.head
    described = described or describe(head.json_ld, url)
    site = read_site(head, described, url)
    headings = find_headings(tree)
    around = Surroundings.of(tree, headings.h1s[0].block if headings.h1s else None)
    title = read_title(tree, described, site, url, headings, around)
    heading = first_heading(tree, title.text, headings.h1s)
    dates = read_dates(tree, described, url, heading)
    credit = read_authors(around.seen_from(heading), described, site, heading, title.text)
    section = _section(tree, described)
    keywords = _keywords(tree, described)
    summary = _summary(tree, described)
    subheadline = _subheadline(described, title.text)
    canonical = head.canonical or head.meta("og:url")
    sources = {
        "headline": title.source,
        "subheadline": "json-ld" if subheadline else None,
        "authors": credit.source,
        "published_at": dates.published_source,
        "modified_at": dates.modified_source,
        "section": section[1],
        "keywords": keywords[1],
        "summary": summary[1],
        "canonical_url": ("link-canonical" if head.canonical else "og:url") if canonical else None,
        "site": site.source,
    }
    return Metadata(
        headline=title.text and title.text[:FIELD_CHARS],
        subheadline=subheadline,
        authors=credit.authors,
        byline=credit.byline,
        published=dates.published,
        modified=dates.modified,
        section=section[0],
        keywords=keywords[0],
        summary=summary[0],
        image=_image(tree, described),
        canonical_url=canonical,
        site_name=site.name,
        language=head.lang or head.meta("content-language", "og:locale"),
        page_type=type_page(head, described),
        heading=heading,
        named=name_articles(described),
        provenance={name: source for name, source in sources.items() if source},
    )


def _subheadline(described: Described, headline: str | None) -> str | None:
    """What JSON-LD gives as the second headline, if it is one."""
    stated = tidy(text_of((described.article or {}).get("alternativeHeadline")) or "")[:FIELD_CHARS]
    return stated if fold(stated) != fold(headline or "") and stated else None


def _section(tree: Tree, described: Described) -> tuple[str | None, str | None]:
    article = described.article or {}
    stated = text_of(article.get("articleSection"))
    if stated:
        return tidy(stated)[:FIELD_CHARS] or None, "json-ld"
    meta = tree.head.meta("article:section", "section", "og:article:section", "parsely-section", "sailthru.section")
    return (tidy(meta)[:FIELD_CHARS] or None, "meta") if meta else (None, None)


def _keywords(tree: Tree, described: Described) -> tuple[tuple[str, ...], str | None]:
    article = described.article or {}
    stated = article.get("keywords")
    if stated:
        return _split_keywords(stated if isinstance(stated, list) else [stated]), "json-ld"
    tags = [content for name, content in tree.head.metas if name in ("article:tag", "og:article:tag")]
    meta = tags or [tree.head.meta("news_keywords", "keywords", "parsely-tags", "sailthru.tags") or ""]
    found = _split_keywords(meta)
    return found, "meta" if found else None


def _split_keywords(values: Sequence[object]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    left = KEYWORDS_CHARS
    for value in values:
        if left <= 0:
            break
        text = text_of(value, left) or ""
        left -= len(text)
        for part in text.replace("،", ",").replace("、", ",").replace(";", ",").split(","):
            word = tidy(part)
            if 1 < len(word) <= 80 and not word.startswith(("http:", "https:")):
                found.setdefault(word)
    return tuple(found)[:MOST_KEYWORDS]


def _summary(tree: Tree, described: Described) -> tuple[str | None, str | None]:
    meta = tree.head.meta("og:description", "description", "twitter:description", "dc.description")
    if meta:
        return tidy(meta)[:FIELD_CHARS] or None, "meta"
    stated = text_of((described.article or {}).get("description"))
    return (tidy(stated)[:FIELD_CHARS] or None, "json-ld") if stated else (None, None)


def _image(tree: Tree, described: Described) -> str | None:
    stated = link_of((described.article or {}).get("image"))
    return tree.head.meta("og:image", "og:image:url", "twitter:image", "twitter:image:src") or stated
