"""The site's name and address, and titles without them."""

import re
from dataclasses import dataclass, field

from broadsheet.html.head.jsonld import Described, resolve, text_of
from broadsheet.html.head.told import FIELD_CHARS
from broadsheet.html.scan.tree import Head
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import site_domain
from broadsheet.text.words import fold, folded_words

LONGEST_TITLE = 400
"""Characters; a longer text is no headline."""
_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«:]|::|\|\|)\s+|\s*\|\s*")


MOST_NAMES = 8
"""Names of site, section and language around a headline; more parts than this are no title."""


_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}", re.IGNORECASE)


_NO_LABELS = frozenset({"www", "com", "org", "net", "co", "m"})


@dataclass(frozen=True, slots=True)
class Site:
    """A site's name as its pages give it, and the parts of the page's address that titles repeat, folded.

    `domain` is the registrable domain, `labels` the words of the host, `folders` those of the path but the last.
    """

    name: str | None
    domain: str | None
    source: str | None
    labels: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    folded: str = field(init=False, default="")
    """The name folded."""
    bare: str = field(init=False, default="")
    """The first label of the domain, without hyphens."""
    host: frozenset[str] = field(init=False, default=frozenset())
    """The words that a part of a title may be made of to be the host's name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(self.name or ""))
        object.__setattr__(self, "bare", (self.domain or "").split(".", maxsplit=1)[0].replace("-", ""))
        object.__setattr__(self, "host", self.labels | {"the"})


def read_site(head: Head, described: Described, url: str | None) -> Site:
    """The site's name: og:site_name, application name, else the publisher that JSON-LD names."""
    stated = tidy(head.meta("og:site_name", "application-name", "apple-mobile-web-app-title") or "")[:FIELD_CHARS]
    publishers = resolve((described.article or {}).get("publisher"), described.by_id)
    published = next((tidy(name) for publisher in publishers if (name := text_of(publisher))), "")[:FIELD_CHARS]
    host, *folders = (url or "").split("?")[0].split("//", 1)[-1].split("/")
    return Site(
        name=stated or published or None,
        domain=site_domain(url),
        source="meta" if stated else "json-ld" if published else None,
        labels=frozenset(folded_words(host)) - _NO_LABELS,
        folders=frozenset(fold(folder) for folder in folders[:-1]),
    )


def strip_site(title: str, site: Site) -> str:
    """A title without the names of site and section before or behind it; no longer than `LONGEST_TITLE`."""
    title = title[:LONGEST_TITLE]
    for _ in range(MOST_NAMES):
        shorter = _strip_name(title, site)
        if shorter == title:
            break
        title = shorter
    return title


def _strip_name(title: str, site: Site) -> str:
    """A title without its last part, or else its first, if that is no part of the headline."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    tail, lead = title[parts[-1].end() :], title[: parts[0].start()]
    if (
        names_site(tail, site)
        or fold(tail) in site.folders
        or (parts[-1].group().strip() == "|" and len(lead) > len(tail))
    ):
        return title[: parts[-1].start()].strip()
    return title[parts[0].end() :].strip() if names_site(lead, site) else title


def names_site(part: str, site: Site) -> bool:
    """Whether a part of a title is the site's name, a domain, or a name of a folder in the page's address."""
    key = fold(part)
    joined = key.replace(" ", "")
    if not key or ("." in part and _DOMAIN.fullmatch(part.strip())):
        return True
    name = site.folded
    if name and (key in name or name in key or joined == name.replace(" ", "")):
        return True
    words = key.split()
    if site.host.issuperset(words):
        return True
    bare = site.bare
    if not bare:
        return False
    near = (len(joined) >= 4 and joined in bare) or (bare in joined and len(bare) >= 0.6 * len(joined))
    return near or (len(bare) == len(words) and bare == "".join([word[0] for word in words]))
