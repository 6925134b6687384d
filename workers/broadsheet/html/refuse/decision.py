"""Whether a page holds an article at all, by a small model over figures of the page as a whole.

An article refused is worse than a listing let through: the threshold keeps at least 99 % of articles (model card).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import NoneReason
from broadsheet.html.body.scores import THRESHOLD, lexicon
from broadsheet.html.scan.elements import TAG_CODE, Elements, element_arrays
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.models.trees import Trees, load_model
from broadsheet.native import figures
from broadsheet.options import Boldness
from broadsheet.text.words import count_words

Floats = NDArray[np.float32]

LEAST: Mapping[Boldness, float] = {"sure": 0.08, "likely": 0.2}
"""A page that is less likely an article is refused, by how bold the refusal may be."""
UNSURE = (0.2, 0.7)
"""Between these a score says little."""
PRICE_CHARS = 60
"""Of a text this long a price is one of many words."""
_STOPS = ".!?。…؟।॥۔！？"
_SLUG_WORD = re.compile(r"[^\W\d_]+")
_DATED_PATH = re.compile(r"/(?:19|20)\d\d[/-]\d{1,2}(?:[/-]\d{1,2})?(?:/|$|-)")


def page_columns(
    tree: Tree, scores: NDArray[np.float64], url: str | None, arrays: Elements | None = None
) -> dict[str, float]:
    """What the model sees of a page: what was kept as body and how it lies, what the head and the address say.

    `arrays` saves the making of the page's elements as arrays.
    """
    kept, unsure = figures.weighed(scores, THRESHOLD, *UNSURE)
    counts = _page_counts(tree, arrays or element_arrays(tree, lexicon()))
    return {**_kept_numbers(tree, scores, kept, unsure), **counts, **_said(tree), **_address(url), **_ends(tree, kept)}


@cache
def column_names() -> tuple[str, ...]:
    """The columns that `page_columns` gives of any page, in its order."""
    return tuple(page_columns(scan("<p>-</p>"), np.ones(1), None))


def page_row(columns: Mapping[str, float]) -> Floats:
    """The columns as the one row that the model reads."""
    return np.array([list(columns.values())], dtype=np.float32)


def _kept_numbers(tree: Tree, scores: NDArray[np.float64], kept: list[int], unsure: int) -> dict[str, float]:
    blocks, elements = tree.blocks, tree.elements
    total, words, chars, linked = figures.sizes(blocks, kept)
    text = "\n".join([blocks[i].text for i in kept])
    owners = [elements[blocks[i].owner] for i in kept]
    runs, longest = _runs(kept)
    groups: dict[tuple[str, str], int] = {}
    for element, size in zip(owners, words, strict=True):
        key = (element.tag, elements[element.parent].names)
        groups[key] = groups.get(key, 0) + size
    tags = [element.tag for element in owners]
    held = max(sum(words), 1)
    return {
        "kept_words": sum(words),
        "kept_share": sum(words) / max(total, 1),
        "kept_blocks": len(kept),
        "kept_score": float(np.add.reduce(scores[scores >= THRESHOLD])) / len(kept) if kept else 0.0,
        "kept_long": sum([w for w in words if w >= 25]) / held,
        "kept_links": sum([blocks[i].linked for i in kept]) / max(len(text), 1),
        "runs": runs,
        "longest_run": longest,
        "mean_words": sum(words) / max(len(kept), 1),
        "longest": max(words, default=0),
        "stops": (text.count(". ") + text.count(".\n") + text.count("。")) / held,
        "page_words": max(total, 1),
        "page_links": linked / max(chars, 1),
        "page_blocks": len(blocks),
        "unsure": unsure / max(len(scores), 1),
        "same_group": max(groups.values(), default=0) / held,
        "groups": len(groups),
        "headings_kept": sum([tag in ("h2", "h3", "h4") for tag in tags]),
        "items_kept": tags.count("li"),
    }


def _runs(kept: list[int]) -> tuple[int, int]:
    """How many runs of neighbouring blocks are kept, gaps of one allowed, and the longest."""
    runs = longest = length = 0
    before = -9
    for i in kept:
        length = length + 1 if i - before <= 2 else 1
        runs += length == 1
        longest = max(longest, length)
        before = i
    return runs, longest


def _page_counts(tree: Tree, el: Elements) -> dict[str, float]:
    (h1, h2, articles, forms, buttons), (byline, cards, products), first = figures.counted(
        tree.blocks, el.table, el.told, _CODES, _BITS
    )
    prices = figures.prices(tree.blocks)
    return {
        "h1": h1,
        "h2": h2,
        "h1_words": count_words(tree.blocks[first].text) if first >= 0 else 0,
        "articles": articles,
        "pictures": len(tree.pictures),
        "times": len(tree.head.times),
        "prices": prices,
        "price_rate": prices / max(len(tree.blocks), 1),
        "forms": forms,
        "buttons": buttons,
        "bylines": byline,
        "cards": cards,
        "products": products,
    }


_CODES = tuple([TAG_CODE[tag] for tag in ("h1", "h2", "article", "form", "button")])
_BITS = (BITS["author"], BITS["card"], BITS["product"])


def _said(tree: Tree) -> dict[str, float]:
    head = tree.head
    data = head.scripts(200_000)
    kind = head.meta("og:type") or ""
    dated = head.meta("article:published_time", "date", "dc.date", "parsely-pub-date") is not None
    authored = head.meta("author", "article:author", "parsely-author") is not None
    return {
        "ld_news": "NewsArticle" in data,
        "ld_article": '"Article"' in data or "BlogPosting" in data,
        "ld_product": '"Product"' in data,
        "ld_offer": '"Offer' in data,
        "ld_list": "ItemList" in data or "CollectionPage" in data,
        "ld_crumbs": "BreadcrumbList" in data,
        "ld_event": '"Event"' in data or "Recipe" in data,
        "og_article": kind == "article",
        "og_product": "product" in kind,
        "og_website": kind == "website",
        "dated": dated or "datePublished" in data,
        "authored": authored or '"author"' in data,
    }


def _address(url: str | None) -> dict[str, float]:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        parts = urlsplit("")
    names = [name for name in parts.path.split("/") if name]
    slug = names[-1] if names else ""
    return {
        "slug_words": len(_SLUG_WORD.findall(slug)),
        "slug_chars": len(slug),
        "path_parts": len(names),
        "path_digits": sum(map(str.isdigit, parts.path)),
        "path_dated": _DATED_PATH.search(parts.path) is not None,
        "path_query": bool(parts.query),
    }


def _ends(tree: Tree, kept: list[int]) -> dict[str, float]:
    n = max(len(tree.blocks), 1)
    texts = [tree.blocks[i].text for i in kept]
    title = tree.head.meta("og:title") or tree.head.title or ""
    return {
        "title_words": count_words(title),
        "first_kept": kept[0] / n if kept else 1.0,
        "last_kept": kept[-1] / n if kept else 0.0,
        "ends_stop": sum(text[-1] in _STOPS for text in texts) / max(len(texts), 1),
        "repeats": 1 - len(set(texts)) / max(len(texts), 1),
    }


@cache
def page_model() -> Trees:
    """The model that comes with the package, read once."""
    return load_model("page", column_names())


class Judgement(NamedTuple):
    """How likely a page holds an article, and what kind of page it is where it holds none."""

    chance: float
    kind: NoneReason


def judge(tree: Tree, scores: NDArray[np.float64], url: str | None, arrays: Elements | None = None) -> Judgement:
    """What the page model says of a page with these scores of its blocks."""
    columns = page_columns(tree, scores, url, arrays)
    chance = float(page_model().score(page_row(columns))[0])
    product = columns["ld_product"] or columns["og_product"]
    return Judgement(chance, NoneReason.PRODUCT if product else NoneReason.LISTING)
