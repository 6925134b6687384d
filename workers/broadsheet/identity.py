"""Which article is which: ids and hashes that a re-scrape, another process or another day gives again.

An id is the first 128 bits of SHA-256 over what identifies the article, in hex: enough that a thousand million articles
collide with a chance under 1 in 10^20.
"""

import hashlib
import unicodedata
from collections.abc import Sequence

from broadsheet.marks import without_heaps
from broadsheet.text.urls import identity_key
from broadsheet.text.words import first_sentence, fold
from broadsheet.values import Story

ID_BYTES = 16


def article_ids(stories: Sequence[Story], page_url: str | None) -> list[str]:
    """The ids of a page's stories, in order, no two alike.

    By the story's own permalink where the page names one for it alone; else by the page's address if it holds one
    story; else by that address and the folded headline; with no address by folded headline and first sentence.
    `page_url` is the page's canonical address. What would give the same id twice is numbered in the page's order.
    """
    own = [story.permalink and identity_key(story.permalink) for story in stories]
    seen: dict[str, int] = {}
    ids = []
    for story, key in zip(stories, own, strict=True):
        basis = _basis(story, key if own.count(key) == 1 else None, page_url, alone=len(stories) == 1)
        count = seen[basis] = seen.get(basis, 0) + 1
        ids.append(_digest(basis if count == 1 else f"{basis}\n{count}"))
    return ids


def content_hash(headline: str | None, body_text: str) -> str:
    """SHA-256 in hex over headline and body in NFC: equal if and only if the text is."""
    text = unicodedata.normalize("NFC", without_heaps(f"{headline or ''}\n\n{body_text}"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _basis(story: Story, permalink: str | None, page_url: str | None, *, alone: bool) -> str:
    """What the id is the digest of; the first line tells the kind, so that no two kinds meet."""
    if permalink:
        return f"url\n{permalink}"
    page = identity_key(page_url) if page_url else None
    if page is not None and alone:
        return f"url\n{page}"
    headline = fold(story.headline or "")
    if page is not None and headline:
        return f"part\n{page}\n{headline}"
    opening = fold(first_sentence(story.body[0].text)) if story.body else ""
    return f"text\n{headline}\n{opening}" if page is None else f"part\n{page}\n{opening}"


def _digest(basis: str) -> str:
    return hashlib.sha256(basis.encode("utf-8", "surrogatepass")).digest()[:ID_BYTES].hex()
