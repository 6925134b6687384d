"""Whether a page holds an article at all, by a small model over figures of the page as a whole.

An article refused is worse than a listing let through: the threshold keeps at least 99 % of articles (model card).
"""

import re
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import numpy as np
import orjson
from numpy.typing import NDArray

from broadsheet.blocks.hints import BITS
from broadsheet.blocks.tree import Tree
from broadsheet.errors import NoneReason
from broadsheet.extract.body import THRESHOLD
from broadsheet.extract.boosted import load_model

Floats = NDArray[np.float32]

_PRICE = re.compile(r"[$€£¥₹₽₩]\s?\d|\d\s?(?:[$€£¥₹₽₩]|(?:EUR|USD|GBP|zł|kr|руб)\b)")
_SLUG_WORD = re.compile(r"[^\W\d_]+")
_DATED_PATH = re.compile(r"/(?:19|20)\d\d[/-]\d{1,2}(?:[/-]\d{1,2})?(?:/|$|-)")

DECISION_NAMES = (
    "kept_words", "kept_share", "kept_blocks", "kept_score", "kept_long", "kept_links", "runs", "longest_run",
    "mean_words", "longest", "stops", "page_words", "page_links", "page_blocks", "unsure", "same_group", "groups",
    "headings_kept", "items_kept", "h1", "h2", "h1_words", "articles", "pictures", "times", "prices", "price_rate",
    "forms", "buttons", "bylines", "cards", "products", "ld_news", "ld_article", "ld_product", "ld_offer", "ld_list",
    "ld_crumbs", "ld_event", "og_article", "og_product", "og_website", "dated", "authored", "slug_words",
    "slug_chars", "path_parts", "path_digits", "path_dated", "path_query", "title_words", "first_kept", "last_kept",
    "ends_stop", "repeats",
)  # fmt: skip
"""The columns of `page_numbers`, in order."""


def page_numbers(tree: Tree, scores: NDArray[np.float64], url: str | None) -> Floats:
    """One row for the page: what was kept as body and how it lies, what the head and the address say."""
    kept = np.nonzero(scores >= THRESHOLD)[0].tolist()
    row = (*_kept_numbers(tree, scores, kept), *_page_counts(tree), *_said(tree), *_address(url))
    return np.array((*row, *_ends(tree, kept)), dtype=np.float32)


def _kept_numbers(tree: Tree, scores: NDArray[np.float64], kept: list[int]) -> tuple[float, ...]:
    blocks = tree.blocks
    sizes = [block.text.count(" ") + 1 for block in blocks]
    total, chars = max(sum(sizes), 1), max(sum(len(b.text) for b in blocks), 1)
    words = [sizes[i] for i in kept]
    text = "\n".join([blocks[i].text for i in kept])
    runs, longest = _runs(kept)
    groups: dict[tuple[str, str], int] = {}
    for i in kept:
        element = tree.elements[blocks[i].owner]
        key = (element.tag, tree.elements[element.parent].names)
        groups[key] = groups.get(key, 0) + sizes[i]
    held = max(sum(words), 1)
    return (
        sum(words),
        sum(words) / total,
        len(kept),
        float(scores[kept].mean()) if kept else 0.0,
        sum(w for w in words if w >= 25) / held,
        sum(blocks[i].linked for i in kept) / max(len(text), 1),
        runs,
        longest,
        sum(words) / max(len(kept), 1),
        max(words, default=0),
        (text.count(". ") + text.count(".\n")) / held,
        total,
        sum(b.linked for b in blocks) / chars,
        len(blocks),
        float(((scores > 0.2) & (scores < 0.7)).mean()) if len(scores) else 0.0,
        max(groups.values(), default=0) / held,
        len(groups),
        sum(tree.elements[blocks[i].owner].tag in ("h2", "h3", "h4") for i in kept),
        sum(tree.elements[blocks[i].owner].tag == "li" for i in kept),
    )


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


def _page_counts(tree: Tree) -> tuple[float, ...]:
    tags: dict[str, int] = {}
    byline = cards = products = 0
    for element in tree.elements:
        tags[element.tag] = tags.get(element.tag, 0) + 1
        byline += bool(element.hints & BITS["author"])
        cards += bool(element.hints & BITS["card"])
        products += bool(element.hints & BITS["product"])
    first = next((b for b in tree.blocks if tree.elements[b.owner].tag == "h1"), None)
    prices = sum(1 for b in tree.blocks if len(b.text) < 60 and _PRICE.search(b.text))
    return (
        tags.get("h1", 0),
        tags.get("h2", 0),
        first.text.count(" ") + 1 if first else 0,
        tags.get("article", 0),
        len(tree.pictures),
        len(tree.head.times),
        prices,
        prices / max(len(tree.blocks), 1),
        tags.get("form", 0),
        tags.get("button", 0),
        byline,
        cards,
        products,
    )


def _said(tree: Tree) -> tuple[float, ...]:
    head = tree.head
    data = "".join(head.json_ld)[:200_000]
    kind = head.meta("og:type") or ""
    return (
        "NewsArticle" in data,
        '"Article"' in data or "BlogPosting" in data,
        '"Product"' in data,
        '"Offer' in data,
        "ItemList" in data or "CollectionPage" in data,
        "BreadcrumbList" in data,
        '"Event"' in data or "Recipe" in data,
        kind == "article",
        "product" in kind,
        kind == "website",
        head.meta("article:published_time", "date", "dc.date", "parsely-pub-date") is not None
        or "datePublished" in data,
        head.meta("author", "article:author", "parsely-author") is not None or '"author"' in data,
    )


def _address(url: str | None) -> tuple[float, ...]:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        parts = urlsplit("")
    names = [name for name in parts.path.split("/") if name]
    slug = names[-1] if names else ""
    return (
        len(_SLUG_WORD.findall(slug)),
        len(slug),
        len(names),
        sum(map(str.isdigit, parts.path)),
        _DATED_PATH.search(parts.path) is not None,
        bool(parts.query),
    )


def _ends(tree: Tree, kept: list[int]) -> tuple[float, ...]:
    n = max(len(tree.blocks), 1)
    texts = [tree.blocks[i].text for i in kept]
    title = tree.head.meta("og:title") or tree.head.title or ""
    return (
        title.count(" ") + 1,
        kept[0] / n if kept else 1.0,
        kept[-1] / n if kept else 0.0,
        sum(text[-1] in ".!?。…" for text in texts) / max(len(texts), 1),
        1 - len(set(texts)) / max(len(texts), 1),
    )


@cache
def _limit() -> float:
    card = orjson.loads(resources.files("broadsheet.models").joinpath("page.json").read_bytes())
    return float(card["threshold"])


def decide(tree: Tree, scores: NDArray[np.float64], url: str | None) -> NoneReason | None:
    """Why the page is no article, or None where it is one or may be one."""
    numbers = page_numbers(tree, scores, url)
    if float(load_model("page").score(numbers[None, :])[0]) >= _limit():
        return None
    told = dict(zip(DECISION_NAMES, numbers.tolist(), strict=True))
    if told["ld_product"] or told["og_product"]:
        return NoneReason.PRODUCT
    return NoneReason.LISTING
