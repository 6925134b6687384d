"""JSON-LD of a page: the article that it describes, read with tolerance for how templates write it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.html.scan.tree import LONGEST_SCRIPTS, LONGEST_STATED, MOST_SCRIPTS, entered
from broadsheet.json_text import read_json

Node = Mapping[str, Any]

_ARTICLES = """article newsarticle blogposting analysisnewsarticle askpublicnewsarticle backgroundnewsarticle
report review opinionnewsarticle reportagenewsarticle reviewnewsarticle
liveblogposting techarticle scholarlyarticle recipe howto
medicalscholarlyarticle satiricalarticle advertisercontentarticle socialmediaposting discussionforumposting"""
ARTICLE_TYPES = frozenset(_ARTICLES.split())
PRODUCT_TYPES = frozenset({"product", "productgroup", "offer", "aggregateoffer"})
LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage"})
MOST_NODES = 5_000
MOST_ITEMS = 100
"""Items of a list, as of authors, that are taken. Real lists of authors have under 50."""
LONGEST_LINK = 5_000
"""Characters of an address; what is longer is none."""
MOST_STEPS = 200
"""Values looked at for one text; real ones need under ten."""
_START = re.compile(r"^https?://(?:www\.)?")
_LAST_COMMA = re.compile(r",\s*([}\]])")
_OPEN, _SHUT = ("{", "["), ("}", "]")
_STARTS, _ENDS = ("<!--", "//<![CDATA[", "<![CDATA["), ("-->", "//]]>", "]]>")
"""Marks of comments that templates put around a script."""


@dataclass(frozen=True, slots=True)
class Described:
    """The nodes of a page's JSON-LD: the main article if there is one, all nodes by id, all types seen, those that
    describe the web page itself, and all articles.
    """

    article: Node | None
    by_id: Mapping[str, Node]
    types: frozenset[str]
    pages: tuple[Node, ...] = ()
    articles: tuple[Node, ...] = ()


def describe(texts: Sequence[str], url: str | None) -> Described:
    """What the JSON-LD scripts of a page say; broken ones say nothing."""
    by_id: dict[str, Node] = {}
    types: set[str] = set()
    articles: list[Node] = []
    pages: list[Node] = []
    left = LONGEST_SCRIPTS
    for text in texts[:MOST_SCRIPTS]:
        if len(text) > left:
            continue
        left -= len(text)
        for node in _nodes(_parse(text)):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
                by_id[name] = node
            kinds = types_of(node)
            types.update(kinds)
            if not ARTICLE_TYPES.isdisjoint(kinds):
                articles.append(node)
            if any(kind.endswith("page") for kind in kinds):
                pages.append(node)
    own = articles[0] if len(articles) == 1 else max(articles, key=lambda node: _weight(node, url), default=None)
    return Described(own, by_id, frozenset(types), tuple(pages), tuple(articles))


def types_of(node: Node) -> list[str]:
    """The types of a node in lower case, without their vocabulary."""
    found = node.get("@type")
    listed = found if isinstance(found, list) else [found]
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for kind in listed if isinstance(kind, str)]


def resolve(value: Any, by_id: Mapping[str, Node]) -> list[Any]:
    """A value as a list of `MOST_ITEMS` at most, with references by @id, each once, replaced by what they name."""
    found = []
    named: set[str] = set()
    for item in value[: MOST_STEPS * MOST_ITEMS] if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("@id"), str) and not item.get("name"):
            if item["@id"] not in named:
                named.add(item["@id"])
                found.append(by_id.get(item["@id"], item))
        elif item is not None:
            found.append(item)
        if len(found) == MOST_ITEMS:
            break
    return found


def text_of(value: Any, most: int = LONGEST_STATED) -> str | None:
    """The text of a value: itself, the first of a list, or what a node calls itself. Cut to `most`, and tidied."""
    text = _first_text(value, ("name", "@value", "headline"))
    return entered(text, most) or None


def link_of(value: Any) -> str | None:
    """The address of a value: itself, or a node's url or @id; None where it is too long for one."""
    link = _first_text(value, ("url", "contentUrl", "@id"))
    return link if link is not None and len(link) <= LONGEST_LINK else None


def _first_text(value: Any, keys: tuple[str, str, str]) -> str | None:
    """The first string that is not blank: of a list's items in order, of a node's first of `keys` that holds anything.

    Looks at `MOST_STEPS` values at most, however they are nested.
    """
    if isinstance(value, str):
        return value.strip() or None
    waiting = [value]
    for _ in range(MOST_STEPS):
        if not waiting:
            return None
        item = waiting.pop()
        if isinstance(item, str):
            text = item.strip()
            if text:
                return text
        elif isinstance(item, list):
            waiting.extend(reversed(item[:MOST_STEPS]))
        elif isinstance(item, dict):
            waiting.append(item.get(keys[0]) or item.get(keys[1]) or item.get(keys[2]))
    return None


def _weight(node: Node, url: str | None) -> int:
    """How surely a node is the page's own article; the first of the best is taken."""
    named = [link_of(node.get(key)) for key in ("url", "mainEntityOfPage", "@id")]
    own = url is not None and any(link and _bare(link) == _bare(url) for link in named)
    return 4 * own + 2 * bool(node.get("headline") or node.get("name")) + bool(node.get("datePublished"))


def _bare(url: str) -> str:
    return _START.sub("", url.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).rstrip("/")


def _parse(text: str) -> Any:
    text = text.strip()
    if text[:1] not in _OPEN or text[-1:] not in _SHUT:
        text = _uncommented(_uncommented(text)).rstrip(";")
    try:
        return read_json(text)
    except OverflowError:
        return None
    except ValueError:
        return _leniently(text)


def _uncommented(text: str) -> str:
    """A stripped text without one comment mark before it and one behind it."""
    if text.startswith("/*"):
        text = text[text.find("*/") + 2 :] if "*/" in text else text
    for start in _STARTS:
        text = text.removeprefix(start)
    bare = text.removesuffix(";").rstrip()
    for end in _ENDS:
        bare = bare.removesuffix(end)
    return bare.strip()


def _leniently(text: str) -> Any:
    """Broken JSON as most templates break it: bare line breaks in strings, a comma too many. None for any other."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_LAST_COMMA.sub(r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(data: Any) -> Iterator[Node]:
    """Every object with a type or an id, outer before inner, in order; lists of other pages' articles are left out."""
    stack = [data]
    budget = MOST_NODES
    while stack and budget:
        budget -= 1
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if "@type" in item or "@id" in item:
                yield item
            inner = [value for key, value in item.items() if key not in _FOREIGN and isinstance(value, dict | list)]
            stack.extend(reversed(inner))


_OTHERS = """itemListElement hasPart mentions citation comment review isRelatedTo relatedLink subjectOf about blogPost
associatedMedia video isPartOf"""
_FOREIGN = frozenset(_OTHERS.split())
"""Properties whose values describe other things than the page's article."""
