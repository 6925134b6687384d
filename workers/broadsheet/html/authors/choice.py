"""The authors: of all groups of names that the page offers, the one that the authors model finds likeliest."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from broadsheet.html.authors.candidates import author_candidates
from broadsheet.html.authors.features import FEATURE_NAMES, author_rows
from broadsheet.html.authors.rules import Credit, rule_authors, site_names
from broadsheet.html.authors.settled import settle_names
from broadsheet.html.head.jsonld import Described, link_of, resolve, text_of
from broadsheet.html.head.site import Site
from broadsheet.html.scan.surroundings import Surroundings, strongest
from broadsheet.models.trees import Trees, load_model
from broadsheet.text.words import fold, folded_words
from broadsheet.values import Author

LEAST = 0.1
"""A group less likely than this is no author: a page may well name nobody. Cross-validated, somebody is named on 29 %
of the pages whose truth names nobody; half of it would gain 0.01 of F1 on the others and name somebody on 38 %."""
_SOURCES = (
    ("json-ld", "json-ld"), ("meta", "meta"), ("microdata", "microdata"), ("byline", "byline-block"),
    ("link", "byline-block"), ("named", "byline-block"), ("near", "byline-block"), ("handle", "meta"),
)  # fmt: skip


@cache
def author_model() -> Trees:
    """The model that comes with the package, read once."""
    return load_model("authors", FEATURE_NAMES)


def read_authors(
    around: Surroundings, described: Described, site: Site, heading: int | None, title: str | None
) -> Credit:
    """The authors of the page's (first) article, the byline as printed, and where the authors came from.

    The model is asked where head and byline do not name the same one person: where they do, it named an agency beside
    them on one of 1,859 pages of the development sets, and nobody else on any.
    """
    ruled = rule_authors(around.tree, described, site, heading)
    if ruled.agreed:
        return ruled
    groups = author_candidates(around, described, [author.name for author in ruled.authors], site_names(site))
    if not groups:
        return Credit((), _printed(ruled, ()), None)
    chances = author_model().score(author_rows(groups, around, site, title))
    best = int(np.argmax(chances))
    if chances[best] < LEAST:
        return Credit((), _printed(ruled, ()), None)
    pages = _profile_pages(described)
    names = settle_names(groups[best].names, described)
    authors = tuple([Author(name, pages.get(fold(name))) for name in names])
    source = strongest(groups[best].sources, _SOURCES) if authors else None
    return Credit(authors, _printed(ruled, authors), source)


def _printed(ruled: Credit, authors: Sequence[Author]) -> str | None:
    """The byline, where words say that it is one or it names one of the authors: labels and dates stand there too."""
    if ruled.worded or ruled.byline is None:
        return ruled.byline
    words = set(folded_words(ruled.byline))
    return ruled.byline if any(not words.isdisjoint(folded_words(author.name)) for author in authors) else None


def _profile_pages(described: Described) -> dict[str, str]:
    """The pages of their own that JSON-LD gives authors, by folded name."""
    article = described.article or {}
    stated = resolve(article.get("author") or article.get("creator"), described.by_id)
    found: dict[str, str] = {}
    for item in stated:
        name, url = text_of(item), link_of(item.get("url")) if isinstance(item, dict) else None
        if name and url and url.startswith("http"):
            found[fold(name)] = url
    return found
