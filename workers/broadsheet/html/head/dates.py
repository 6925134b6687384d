"""When the article was published and changed: the machine-written sources first, then what readers see."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from broadsheet.html.head.jsonld import Described, text_of
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.surroundings import hints_above
from broadsheet.html.scan.tree import Tree
from broadsheet.native.fields import dated
from broadsheet.text.dates import Found, date_in_url, find_date, machine_date
from broadsheet.text.urls import site_domain
from broadsheet.text.words import count_words

_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "date", "dc.date", "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "bt:pubdate", "citation_publication_date", "citation_online_date",
    "article.published", "published-date", "published_time", "displaydate", "iso-8601-publish-date", "last-published",
    "rnews:datepublished", "date_published", "originalpublicationdate", "news_publish_date", "created", "release_date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified", "lastmod",
    "last-modified", "dcterms.modified", "dc.date.modified", "article.updated", "modified_time", "revision_date",
)  # fmt: skip
_PUBLISHED_LIKE = re.compile(r"(?:^|[^a-z])publish(?:ed|ing|-?_?)?(?:[._:-]?(?:date|time|at|on))?$|pub-?_?date$")
"""Names a site made up itself, e.g. "w-published-date": tried after the known ones."""
NEAR_BLOCKS = 14
"""A visible date stands within so many blocks of the headline."""
BESIDE = (2, 6)
"""So many blocks before and after the headline are beside it."""
COMMENT_LEVELS = 4
"""Elements around a date that may name it as a comment's."""
SHORT_WORDS = 18
SHORT_CHARS = 200
PROP_CHARS = 2_000
"""Characters of an element that is marked as a date."""
_PUBLISHED_LABEL = re.compile(
    r"(?:originally |first )?(?:published|posted|publish date|publication date|veröffentlicht|erschienen|publié|"
    r"publicado|"
    r"pubblicato|gepubliceerd|опубликовано|نشر|פורסם|发布|發布|公開|เผยแพร่)(?:\s+(?:on|am|le|el|il|op))?\s*[:：]?",
    re.IGNORECASE,
)
_UPDATED_LABEL = re.compile(
    r"updat|modif|review|edited|revis|last|aktualis|mis à jour|actualiz|aggiorn|bijgewerkt|обновл|"
    r"تحديث|עודכן|更新|อัปเดต",
    re.IGNORECASE,
)
_PRINTED_LABEL = re.compile(r"print|gedruckt|imprim|stampat|afgedrukt|распечат|打印|印刷", re.IGNORECASE)
"""Before the day on which a reader printed the page."""
_COMMENT = BITS["comment"]
_LABEL_CHARS = 40
_DIGIT = re.compile(r"\d")


class Dates(NamedTuple):
    """RFC 3339 dates, or None, with their sources."""

    published: str | None
    published_source: str | None
    modified: str | None
    modified_source: str | None


class _Shown(NamedTuple):
    """A date that readers see: its block, its day, and what its label says of it."""

    block: int
    day: str
    label: str


def read_dates(tree: Tree, described: Described, url: str | None, heading: int | None) -> Dates:
    """Published and modified date of the page's article.

    What the page states for machines comes first, then the page that holds it, then what is shown beside the headline;
    a date that is shown as the last change stands for the publication only where nothing else does, and says so.
    """
    article = described.article or {}
    stated = _first(
        ("json-ld", (text_of(article.get(name)) for name in ("datePublished", "dateCreated", "uploadDate"))),
        ("meta", map(tree.head.named.get, _PUBLISHED)),
        ("meta", (content for name, content in tree.head.metas if _PUBLISHED_LIKE.search(name))),
        ("microdata", _props(tree, "datepublished", "datecreated", "dc:date", "schema:datepublished")),
        ("json-ld", (text_of(node.get("datePublished")) for node in described.pages)),
    )
    beside = range(max(0, heading - BESIDE[0]), heading + BESIDE[1] + 1) if heading is not None else range(0)
    looked_at = beside if stated[0] else range(len(tree.blocks))
    addressed = date_in_url(url) if url else None
    shown = list(_dated_blocks(tree, looked_at, addressed, month_first=_month_first(tree, url)))
    published, source = stated if stated[0] else _from_readers(tree, addressed, heading, _uncommented(tree, shown))
    earlier = _earlier(shown, published) if stated[0] else None
    if earlier:
        published, source = earlier, "date-block"
    modified, changed = _first(
        ("json-ld", [text_of(article.get("dateModified"))]),
        ("meta", map(tree.head.named.get, _MODIFIED)),
        ("microdata", _props(tree, "datemodified", "schema:datemodified")),
    )
    return Dates(published, source, modified, changed)


def _first(*sources: tuple[str, Iterable[str | None]]) -> tuple[str | None, str | None]:
    """The first value that is a date, with its source; what comes after it is not looked at."""
    for name, values in sources:
        for value in values:
            found = machine_date(value) if value else None
            if found:
                return found, name
    return None, None


def _props(tree: Tree, *names: str) -> Iterator[str | None]:
    return (prop.value or prop.element.text(PROP_CHARS) for prop in tree.head.props if prop.name in names)


def _earlier(beside: Sequence[_Shown], stated: str | None) -> str | None:
    """The one date beside the headline, if it is more than a day before the stated one.

    A site that moves its stories to another system stamps them anew and goes on to show the old day: on 917 pages of
    the development sets this holds for 9 and is wrong for none.
    """
    plain = [one.day for one in beside if not _UPDATED_LABEL.search(one.label)]
    if len(plain) != 1 or stated is None:
        return None
    gap = date.fromisoformat(stated[:10]) - date.fromisoformat(plain[0])
    return plain[0] if gap > timedelta(days=1) else None


def _from_readers(
    tree: Tree, addressed: str | None, heading: int | None, shown: Sequence[_Shown]
) -> tuple[str | None, str | None]:
    """The date that readers see: labelled as publication, beside the headline, in the address, or else of a change."""
    at = heading or 0
    near = sorted(
        (one for one in shown if at - NEAR_BLOCKS // 2 <= one.block <= at + NEAR_BLOCKS),
        key=lambda one: (abs(one.block - at), one.block < at),
    )
    days = [one.day for one in near if not _UPDATED_LABEL.search(one.label)]
    plain = addressed if addressed in days else next(iter(days), None)
    labelled = next((one.day for one in shown if _PUBLISHED_LABEL.search(one.label)), None)
    choices = (
        (plain, "date-block"),
        (_time(tree, range(at - NEAR_BLOCKS // 2, at + NEAR_BLOCKS + 1)), "time-element"),
        (labelled, "date-block"),
        (addressed, "url"),
        (next((one.day for one in near), None), "updated-date-block"),
        (_only_time(tree), "time-element"),
    )
    return next(((day, source) for day, source in choices if day), (None, None))


def _uncommented(tree: Tree, shown: Sequence[_Shown]) -> list[_Shown]:
    """The dates that do not stand in a reader's comment."""
    return [one for one in shown if not hints_above(tree, one.block, COMMENT_LEVELS) & _COMMENT]


def _dated_blocks(tree: Tree, blocks: range, addressed: str | None, *, month_first: bool) -> Iterator[_Shown]:
    """The short blocks that hold a date, each with the words before it, in its own block or the one before.

    The day on which the page was printed is none.
    """
    for index in dated(tree.blocks, blocks.start, blocks.stop, SHORT_CHARS):
        text = tree.blocks[index].text
        hit = _date_of(text, addressed, month_first=month_first) if count_words(text) <= SHORT_WORDS else None
        if hit:
            before = tree.blocks[index - 1].text if index and not text[: hit.start].strip() else ""
            label = before if len(before) <= _LABEL_CHARS and not _DIGIT.search(before) else ""
            if not _PRINTED_LABEL.search(text[: hit.start]):
                yield _Shown(index, hit.day, f"{label} {text[: hit.start]}")


def _date_of(text: str, addressed: str | None, *, month_first: bool) -> Found | None:
    """The date that a text names; of the two ways to read three numbers the one that the address names as well."""
    found = find_date(text, month_first=month_first)
    if found is None or addressed is None or found.day == addressed:
        return found
    other = find_date(text, month_first=not month_first or "/" not in text, marks="/.-")
    return other if other is not None and other.day == addressed else found


def _month_first(tree: Tree, url: str | None) -> bool:
    """Whether 04/05/2026 is the fifth of April: only in American English, told by language tag or top-level domain."""
    lang = (tree.head.lang or "").lower().replace("_", "-")
    if lang.startswith("en-"):
        return lang in ("en-us", "en-ph")
    domain = (site_domain(url) or "").rsplit(".", 1)[-1]
    return lang in ("", "en") and domain in ("", "com", "org", "net", "gov", "edu", "us", "io")


def _time(tree: Tree, blocks: range) -> str | None:
    found = (machine_date(time.datetime or "") for time in tree.head.times if time.block in blocks)
    return next((day for day in found if day), None)


def _only_time(tree: Tree) -> str | None:
    """The page's one `time` element's day, if all of them name the same."""
    found = {day for time in tree.head.times if (day := machine_date(time.datetime or ""))}
    return found.pop() if len({day[:10] for day in found}) == 1 and len(found) == 1 else None
