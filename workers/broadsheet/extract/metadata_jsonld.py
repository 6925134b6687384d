"""JSON-LD of a page: the article that it describes, read with tolerance for how templates write it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

_ARTICLES = """article newsarticle blogposting analysisnewsarticle askpublicnewsarticle backgroundnewsarticle
report review opinionnewsarticle reportagenewsarticle reviewnewsarticle
liveblogposting techarticle scholarlyarticle recipe howto
medicalscholarlyarticle satiricalarticle advertisercontentarticle socialmediaposting discussionforumposting"""
ARTICLE_TYPES = frozenset(_ARTICLES.split())
PRODUCT_TYPES = frozenset({"product", "productgroup", "offer", "aggregateoffer"})
LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage"})
LONGEST = 2_000_000
"""Characters of one script; longer ones are data, not a description."""
MOST_NODES = 5_000
_COMMENT = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$")


@dataclass(frozen=True, slots=True)
class Described:
    """The nodes of a page's JSON-LD: the main article if there is one, all nodes by id, all types seen, and those
    that describe the web page itself.
    """

    article: Node | None
    by_id: Mapping[str, Node]
    types: frozenset[str]
    pages: tuple[Node, ...] = ()


def describe(texts: Sequence[str], url: str | None) -> Described:
    """What the JSON-LD scripts of a page say; broken ones say nothing."""
    nodes = [node for text in texts for node in _nodes(_parse(text))]
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
            by_id[name] = node
    types = frozenset(kind for node in nodes for kind in types_of(node))
    articles = [node for node in nodes if ARTICLE_TYPES & set(types_of(node))]
    pages = tuple(node for node in nodes if any(kind.endswith("page") for kind in types_of(node)))
    return Described(max(articles, key=lambda node: _weight(node, url), default=None), by_id, types, pages)


def types_of(node: Node) -> list[str]:
    """The types of a node in lower case, without their vocabulary."""
    found = node.get("@type")
    listed = found if isinstance(found, list) else [found]
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for kind in listed if isinstance(kind, str)]


def resolve(value: Any, by_id: Mapping[str, Node]) -> list[Any]:
    """A value as a list, with references by @id replaced by what they name."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("@id"), str) and not item.get("name"):
            found.append(by_id.get(item["@id"], item))
        elif item is not None:
            found.append(item)
    return found


def text_of(value: Any) -> str | None:
    """The text of a value: itself, the first of a list, or what a node calls itself."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value") or value.get("headline"))
    return value.strip() or None if isinstance(value, str) else None


def link_of(value: Any) -> str | None:
    """The address of a value: itself, or a node's url or @id."""
    if isinstance(value, list):
        return next((link for item in value if (link := link_of(item))), None)
    if isinstance(value, dict):
        return link_of(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return value.strip() or None if isinstance(value, str) else None


def _weight(node: Node, url: str | None) -> int:
    """How surely a node is the page's own article; the first of the best is taken."""
    named = [link_of(node.get(key)) for key in ("url", "mainEntityOfPage", "@id")]
    own = url is not None and any(link and _bare(link) == _bare(url) for link in named)
    return 4 * own + 2 * bool(node.get("headline") or node.get("name")) + bool(node.get("datePublished"))


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).rstrip("/")


def _parse(text: str) -> Any:
    if len(text) > LONGEST:
        return None
    text = _COMMENT.sub("", text.strip())
    text = _COMMENT.sub("", text).strip().rstrip(";")
    for candidate in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
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
