"""Who wrote the article: JSON-LD, meta tags, microdata, then the byline near the headline."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from broadsheet.blocks.tree import Tree
from broadsheet.clean.text import tidy
from broadsheet.clean.words import count_words, fold
from broadsheet.extract.authors import clean_name, split_authors
from broadsheet.extract.headings import byline_names
from broadsheet.extract.metadata_jsonld import Described, link_of, resolve, text_of, types_of
from broadsheet.extract.metadata_title import Site
from broadsheet.values import Author

_METAS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator",
    "byl", "byline", "citation_author", "og:article:author", "twitter:data1_author",
    "cxenseparse:author", "rnews:author",
)  # fmt: skip
NEAR_BLOCKS = 14
"""A byline stands within so many blocks of the headline: guide, Metadata."""


class Credit(NamedTuple):
    """Authors, the byline as printed, and where the authors came from."""

    authors: tuple[Author, ...]
    byline: str | None
    source: str | None


def read_authors(tree: Tree, described: Described, site: Site, heading: int | None) -> Credit:
    """The authors of the page's article."""
    sites = site_names(site)
    printed = _byline(tree, heading)
    sources = (
        ("json-ld", _stated(described, sites)),
        ("meta", _metas(tree, sites)),
        ("microdata", _microdata(tree, sites)),
        ("byline-block", split_authors(printed, site_names=sites) if printed else ()),
    )
    for source, authors in sources:
        if authors:
            return Credit(authors, printed, source)
    return Credit((), printed, None)


def site_names(site: Site) -> frozenset[str]:
    """What the site calls itself, folded by case: no author's name."""
    names = {site.name, site.domain, site.domain.split(".")[0] if site.domain else None}
    return frozenset(name.casefold() for name in names if name)


def _stated(described: Described, sites: frozenset[str]) -> tuple[Author, ...]:
    article = described.article or {}
    found: list[Author] = []
    for item in resolve(article.get("author") or article.get("creator"), described.by_id):
        found += _person(item, sites)
    return _unique(found)


def _person(item: Any, sites: frozenset[str]) -> list[Author]:
    name = text_of(item)
    if not name:
        return []
    if isinstance(item, dict) and "person" in types_of(item) and "," not in name:
        clean = clean_name(name)
        listed = [Author(clean)] if clean and clean.casefold() not in sites else []
    else:
        listed = list(split_authors(name, site_names=sites))
    url = link_of(item.get("url")) if isinstance(item, dict) else None
    return [Author(listed[0].name, url if url and url.startswith("http") else None)] if len(listed) == 1 else listed


def _metas(tree: Tree, sites: frozenset[str]) -> tuple[Author, ...]:
    for wanted in _METAS:
        values = [content for name, content in tree.head.metas if name == wanted]
        found = _unique(author for value in values for author in split_authors(value, site_names=sites))
        if found:
            return found
    return ()


def _microdata(tree: Tree, sites: frozenset[str]) -> tuple[Author, ...]:
    texts = [
        prop.element.text(deep=True) for prop in tree.head.props if prop.name in ("author", "schema:author", "creator")
    ]
    return _unique(author for text in texts if len(text) < 200 for author in split_authors(text, site_names=sites))


def _byline(tree: Tree, heading: int | None) -> str | None:
    at = heading or 0
    for index in range(max(0, at - 3), min(len(tree.blocks), at + NEAR_BLOCKS + 1)):
        text = tidy(tree.blocks[index].text)
        if len(text) < 200 and count_words(text) <= 16:
            names = byline_names(text)
            if names:
                return names
    return None


def _unique(authors: Iterable[Author]) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    for author in authors:
        found.setdefault(fold(author.name), author)
    return tuple(found.values())
