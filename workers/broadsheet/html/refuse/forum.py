"""Whether a page is a discussion: a thread of a forum, or a question with answers. Both hold posts, no article.

Told with care, as an article with many comments looks much alike: the page says so, or nearly all of its prose stands
in a row of like posts, each with its date and without a heading.
"""

import re

from broadsheet.html.scan.prose import block_words, rows_of
from broadsheet.html.scan.tree import Tree
from broadsheet.text.dates import find_date

LEAST_POSTS = 3
POST_SHARE = 0.85
"""Of the page's prose that its posts hold; under an article its comments hold less."""
PROSE_WORDS = 10
POST_HEAD = 8
"""A post's author and date stand among so many of its first blocks, or of its last."""
_STATED = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"(?:[^"]*/)?(?:DiscussionForumPosting|QAPage)"')
_TYPES = ("schema.org/DiscussionForumPosting", "schema.org/QAPage")
_MICRODATA = re.compile(r"schema\.org/(?:DiscussionForumPosting|QAPage)(?=[\"'\s>])")
_ADDRESS = re.compile(
    r"^https?://(?:(?:www\.)?(?:forums?|community|discuss(?:ion)?|boards?|bbs)\.[^/]+/.+|[^/]+/(?:.*/)?"
    r"(?:forums?|threads?|viewtopic|showthread|discussions?)(?:[/.?-]).+)",
    re.IGNORECASE,
)
"""What forums call themselves in addresses, whoever made their software."""
_ARTICLE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"(?:[^"]*/)?(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review)"')
_AGO = re.compile(r"\b\d{1,2}\s?(?:[smhdwy]|min|hrs?|days?|hours?|minutes?|weeks?|months?|years?)\b", re.IGNORECASE)
_DATE_CHARS = 60


def is_forum(tree: Tree, source: bytes | str, url: str | None, page_type: str | None) -> bool:
    """Whether the page is a thread of posts or a question with answers.

    `source` is the page's text or its bytes in UTF-8, `page_type` what its head calls it. Of 919 real articles none is
    taken for one, of 113 threads and questions four fifths are.
    """
    texts = tree.head.json_ld
    if any(_ARTICLE.search(text) for text in texts):
        return False
    if any(_STATED.search(text) for text in texts) or _in_microdata(source):
        return True
    return page_type != "article" and (_ADDRESS.match(url or "") is not None or _is_thread(tree))


def _in_microdata(source: bytes | str) -> bool:
    """Whether the page's text names one of the types in an attribute. Plain strings first: found or missed faster."""
    if isinstance(source, bytes):
        return any(name.encode() in source for name in _TYPES) and _in_microdata(source.decode("utf-8", "replace"))
    return any(name in source for name in _TYPES) and _MICRODATA.search(source) is not None


def _is_thread(tree: Tree) -> bool:
    sizes = _sizes(tree)
    total = sum(sizes)
    if total < 2 * PROSE_WORDS:
        return False
    rows: dict[tuple[int, str, str], list[int]] = {}
    for e in rows_of(tree.elements, tree.ends, sizes, PROSE_WORDS, LEAST_POSTS, POST_SHARE * total):
        element = tree.elements[e]
        if element.names:
            rows.setdefault((element.parent, element.tag, _stem(element.names)), []).append(e)
    return any(
        len(row) >= LEAST_POSTS
        and sum(sum(sizes[tree.elements[e].first : tree.ends[e]]) for e in row) >= POST_SHARE * total
        and _posts(tree, row)
        for row in rows.values()
    )


def _sizes(tree: Tree) -> list[int]:
    """The words of each block that is prose, else 0."""
    return block_words(tree.blocks, 0, len(tree.blocks), PROSE_WORDS, 2, 1)


def _stem(names: str) -> str:
    """The names of an element without numbers: ids and odd/even differ from post to post."""
    return re.sub(r"\d+", "", names.split(" ", 1)[0])


def _posts(tree: Tree, row: list[int]) -> bool:
    """Whether nearly all of a row carry a date, and hardly any a heading."""
    dated = headed = 0
    for e in row:
        first, end = tree.elements[e].first, tree.ends[e]
        near = [*range(first, min(end, first + POST_HEAD)), *range(max(first, end - POST_HEAD), end)]
        dated += any(_is_dated(tree.blocks[at].text) for at in near) or any(
            first <= time.block < end for time in tree.head.times
        )
        headed += any(tree.level(at) for at in range(first, min(end, first + POST_HEAD)))
    return dated >= 0.8 * len(row) and headed <= 0.3 * len(row)


def _is_dated(text: str) -> bool:
    return len(text) <= _DATE_CHARS and (_AGO.search(text) is not None or find_date(text) is not None)
