"""Whether a page holds an article at all, by a small model over figures of the page as a whole.

An article refused is worse than a listing let through: the threshold keeps at least 99 % of articles (model card).
"""

import re
from functools import cache
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import NoneReason
from broadsheet.html.body.scores import THRESHOLD, lexicon
from broadsheet.html.scan.elements import TAG_CODE, Elements, Ints, element_arrays
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Run, Tree
from broadsheet.models.trees import Trees, load_model

Floats = NDArray[np.float32]

PRICE = re.compile(r"[\d$€£¥₹₽₩](?:(?<=[$€£¥₹₽₩])\s?\d|(?<=\d)\s?(?:[$€£¥₹₽₩]|(?:EUR|USD|GBP|zł|kr|руб)\b))")
"""It begins with the characters that a price may begin with, so that the search skips to these."""
LEAST = 0.1753
"""A page that is less likely an article is refused: 99.3 % of articles of sites that the model did not see are kept."""
UNSURE = (0.2, 0.7)
"""Between these a score says little."""
PRICE_CHARS = 60
"""Of a text this long a price is one of many words."""
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


def page_numbers(tree: Tree, scores: NDArray[np.float64], url: str | None, arrays: Elements | None = None) -> Floats:
    """One row for the page: what was kept as body and how it lies, what the head and the address say.

    `arrays` saves the making of the page's elements as arrays.
    """
    kept, unsure = _weighed(scores, THRESHOLD, *UNSURE)
    counts = _page_counts(tree, arrays or element_arrays(tree, lexicon()))
    row = (*_kept_numbers(tree, scores, kept, unsure), *counts, *_said(tree), *_address(url))
    return np.array((*row, *_ends(tree, kept)), dtype=np.float32)


def _weighed(scores: NDArray[np.float64], least: float, low: float, high: float) -> tuple[list[int], int]:
    """Which scores are at least so high, and how many lie between the two others."""
    kept: list[int] = np.flatnonzero(scores >= least).tolist()
    return kept, int(np.count_nonzero((scores > low) & (scores < high)))


def _kept_numbers(tree: Tree, scores: NDArray[np.float64], kept: list[int], unsure: int) -> tuple[float, ...]:
    blocks, elements = tree.blocks, tree.elements
    total, words, chars, linked = _sizes(blocks, kept)
    text = "\n".join([blocks[i].text for i in kept])
    owners = [elements[blocks[i].owner] for i in kept]
    runs, longest = _runs(kept)
    groups: dict[tuple[str, str], int] = {}
    for element, size in zip(owners, words, strict=True):
        key = (element.tag, elements[element.parent].names)
        groups[key] = groups.get(key, 0) + size
    tags = [element.tag for element in owners]
    held = max(sum(words), 1)
    return (
        sum(words),
        sum(words) / max(total, 1),
        len(kept),
        float(np.add.reduce(scores[scores >= THRESHOLD])) / len(kept) if kept else 0.0,
        sum([w for w in words if w >= 25]) / held,
        sum([blocks[i].linked for i in kept]) / max(len(text), 1),
        runs,
        longest,
        sum(words) / max(len(kept), 1),
        max(words, default=0),
        (text.count(". ") + text.count(".\n")) / held,
        max(total, 1),
        linked / max(chars, 1),
        len(blocks),
        unsure / max(len(scores), 1),
        max(groups.values(), default=0) / held,
        len(groups),
        sum([tag in ("h2", "h3", "h4") for tag in tags]),
        tags.count("li"),
    )


def _sizes(blocks: list[Run], kept: list[int]) -> tuple[int, list[int], int, int]:
    """Words by blanks, of all blocks together and of each of those kept; all characters,
    and all those linked.
    """
    texts = [block.text for block in blocks]
    words = [text.count(" ") + 1 for text in texts]
    return sum(words), [words[i] for i in kept], sum(map(len, texts)), sum([block.linked for block in blocks])


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


def _page_counts(tree: Tree, el: Elements) -> tuple[float, ...]:
    (h1, h2, articles, forms, buttons), (byline, cards, products), first = _counted(
        tree.blocks, el.table, el.told, _CODES, _BITS
    )
    prices = _prices(tree.blocks)
    return (
        h1,
        h2,
        tree.blocks[first].text.count(" ") + 1 if first >= 0 else 0,
        articles,
        len(tree.pictures),
        len(tree.head.times),
        prices,
        prices / max(len(tree.blocks), 1),
        forms,
        buttons,
        byline,
        cards,
        products,
    )


def _counted(
    blocks: list[Run], table: Ints, told: Ints, codes: tuple[int, ...], bits: tuple[int, ...]
) -> tuple[list[int], list[int], int]:
    """How many elements have each of these tags and hint at each of these; the first block in an h1, -1 without.

    The two arrays are those of `Elements`.
    """
    hints, tag, level = table[6], told[0], told[1]
    in_h1 = np.flatnonzero(level[np.array([block.owner for block in blocks], dtype=np.int64)] == 1)
    tags = [int(np.count_nonzero(tag == code)) for code in codes]
    return tags, [int(np.count_nonzero(hints & bit)) for bit in bits], int(in_h1[0]) if len(in_h1) else -1


_CODES = tuple([TAG_CODE[tag] for tag in ("h1", "h2", "article", "form", "button")])
_BITS = (BITS["author"], BITS["card"], BITS["product"])


def _prices(blocks: list[Run]) -> int:
    """How many short blocks name a price. Most pages name none at all: all texts are looked through at once."""
    texts = [block.text for block in blocks if len(block.text) < PRICE_CHARS]
    if not PRICE.search("\0".join(texts)):
        return 0
    return sum([PRICE.search(text) is not None for text in texts])


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
def page_model() -> Trees:
    """The model that comes with the package, read once."""
    return load_model("page", DECISION_NAMES)


def decide(
    tree: Tree, scores: NDArray[np.float64], url: str | None, arrays: Elements | None = None
) -> NoneReason | None:
    """Why the page is no article, or None where it is one or may be one."""
    numbers = page_numbers(tree, scores, url, arrays)
    if float(page_model().score(numbers[None, :])[0]) >= LEAST:
        return None
    told = dict(zip(DECISION_NAMES, numbers.tolist(), strict=True))
    if told["ld_product"] or told["og_product"]:
        return NoneReason.PRODUCT
    return NoneReason.LISTING
