"""Who wrote the article: JSON-LD, meta tags, microdata, and the byline near the headline."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from broadsheet.html.authors.bylines import AFTER, BEFORE, Byline, find_byline
from broadsheet.html.head.jsonld import Described, link_of, resolve, text_of
from broadsheet.html.head.site import Site
from broadsheet.html.scan.tree import Tree
from broadsheet.text.authors import looks_like_person, split_authors
from broadsheet.text.words import fold
from broadsheet.values import Author

_METAS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "byline", "citation_author", "og:article:author", "twitter:data1_author",
    "cxenseparse:author", "rnews:author",
)  # fmt: skip
LONGEST_MARKED = 200
"""Characters of a marked element that names authors."""

Authors = tuple[Author, ...]


class Credit(NamedTuple):
    """Authors, the byline as printed, and where the authors came from.

    `agreed` is whether the head and the byline that readers see name the same one person, `worded` whether words ("By")
    say that the byline is one.
    """

    authors: tuple[Author, ...]
    byline: str | None
    source: str | None
    agreed: bool = False
    worded: bool = False


def rule_authors(tree: Tree, described: Described, site: Site, heading: int | None) -> Credit:
    """The authors of the page's article: persons first, from the source that is right most often.

    A site or an office is the author only where the page itself says so and no person is named.
    """
    sites = site_names(site)
    byline = find_byline(tree, heading)
    printed, worded = (byline.text, byline.explicit) if byline else (None, False)
    shown = tuple(a for a in byline.authors if a.name.casefold() not in sites) if byline else ()
    for source, authors, head in _sources(tree, described, sites, byline, shown, heading):
        if authors:
            agreed = len(head) == 1 and len(shown) == 1 and fold(head[0].name) == fold(shown[0].name)
            return Credit(authors, printed, source, agreed, worded)
    return Credit((), printed, None, worded=worded)


def _sources(
    tree: Tree, described: Described, sites: frozenset[str], byline: Byline | None, shown: Authors, heading: int | None
) -> Iterator[tuple[str, Authors, Authors]]:
    """Each source with the authors it gives and all that the head names there, the best first and none in vain."""
    stated = _stated(described)
    yield "json-ld", _persons(stated, sites), stated
    if byline and byline.explicit:
        yield "byline-block", shown, ()
    meta = _metas(tree)
    yield "meta", _persons(meta, sites), meta
    yield "byline-block", shown, ()
    yield "microdata", _persons(_microdata(tree, heading), sites), ()
    yield "json-ld", stated, stated
    yield "meta", meta, meta
    if byline:
        yield "byline-block", byline.authors, ()


def site_names(site: Site) -> frozenset[str]:
    """What the site calls itself, folded by case: no author's name."""
    names = {site.name, site.domain, site.domain.split(".")[0] if site.domain else None}
    return frozenset(name.casefold() for name in names if name)


def _persons(authors: tuple[Author, ...], sites: frozenset[str]) -> tuple[Author, ...]:
    """Those of the authors that are persons by their form and not the site."""
    return tuple(a for a in authors if looks_like_person(a.name) and a.name.casefold() not in sites)


def _stated(described: Described) -> tuple[Author, ...]:
    article = described.article or {}
    items = resolve(article.get("author") or article.get("creator"), described.by_id)
    return _unique(author for item in items for author in _named(item))


def _named(item: Any) -> list[Author]:
    """The authors that one JSON-LD value names, a single one with its own page."""
    name = text_of(item)
    listed = list(split_authors(name)) if name else []
    url = link_of(item.get("url")) if isinstance(item, dict) else None
    return [Author(listed[0].name, url if url and url.startswith("http") else None)] if len(listed) == 1 else listed


def _metas(tree: Tree) -> tuple[Author, ...]:
    for wanted in _METAS:
        if wanted not in tree.head.named:
            continue
        values = [content for name, content in tree.head.metas if name == wanted]
        found = _unique(author for value in values for author in split_authors(value))
        if found:
            return found
    return ()


def _microdata(tree: Tree, heading: int | None) -> tuple[Author, ...]:
    """Marked authors near the headline; further down they are those of other stories."""
    at = heading or 0
    near = range(max(0, at - BEFORE), at + AFTER + 1)
    texts = [
        prop.element.text(LONGEST_MARKED)
        for prop in tree.head.props
        if prop.name in ("author", "schema:author", "creator") and prop.block in near
    ]
    return _unique(author for text in texts if len(text) < LONGEST_MARKED for author in split_authors(text))


def _unique(authors: Iterable[Author]) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    for author in authors:
        found.setdefault(fold(author.name), author)
    return tuple(found.values())
