"""Addresses: absolute, normalised, and which site they belong to. Nothing is looked up."""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|igshid|igsh|mc_cid|"
    r"mc_eid|mkt_tok|"
    r"_hsenc|_hsmi|_ga|_gl|ref_src|ref_url|cmpid|ns_mchannel|ns_source|ns_campaign|ns_linkname|xtor|at_medium|"
    r"at_campaign|smid|smtyp|share_id|s_cid|icid|guccounter|guce_referrer\w*)$"
)
"""Parameters that tell how a reader came, not what is shown: those of the large analytics and mail services."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/:@!$&'()*+,;=~-._%"


_WHITE = re.compile(r"[\t\r\n]")
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w/%~+,=.-]*(?:\?[\w/%~+,=.&:-]+)?(?:#[\w/%~+,=.&:-]+)?", re.ASCII
)
"""An address as most are written: nothing in it that joining or splitting would change or refuse."""
_PLAIN_PATH = re.compile(r"/(?:[\w%~+,=-][\w/%~+,=-]*(?:\.[a-z]+)?)?", re.ASCII)
"""A path from a site's root in the same plain letters."""
_ORIGIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=/)", re.ASCII)


LONGEST_ADDRESS = 4_096
"""Characters; what is longer leads nowhere."""


def absolute(url: str | None, base: str | None) -> str | None:
    """`url` made absolute against `base`; None where it is no http(s) address."""
    if not url or len(url) > LONGEST_ADDRESS:
        return None
    if _PLAIN.fullmatch(url):
        return url
    if base and _PLAIN_PATH.fullmatch(url):
        origin = _ORIGIN.match(base)
        if origin:
            return origin.group() + url
    return _joined(url, base)


def _joined(url: str, base: str | None) -> str | None:
    """`absolute` for the addresses that are not plain."""
    url = _WHITE.sub("", url.strip())
    try:
        joined = urljoin(base, url) if base else url
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or " " in host:
        return None
    return joined


_NORMAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+/[\w/.~,=+-]*", re.ASCII)
"""An address that is its own normal spelling."""


@lru_cache(maxsize=64)
def normalise(url: str) -> str | None:
    """One spelling for one address: lower-case host, no default port, no fragment, no tracking parameters.

    The path is percent-encoded as UTF-8; the order of what parameters are left stays. None for what is no address.
    The cache only saves time, as a page asks for its own address again and again.
    """
    if _NORMAL.fullmatch(url):
        return url
    parts = _parts(url)
    if parts is None or parts.hostname is None:
        return None
    host = _host(parts.hostname)
    port = _port(parts)
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", parts.path or "/"), safe=_SAFE_PATH)
    return urlunsplit((parts.scheme, netloc, path, _query(parts.query), ""))


def identity_key(url: str) -> str | None:
    """What two addresses of one article have in common: no scheme, no "www.", no closing slash."""
    normal = normalise(url)
    if normal is None:
        return None
    parts = urlsplit(normal)
    path = unquote(parts.path, errors="replace").rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}{'?' + parts.query if parts.query else ''}"


def site_domain(url: str | None) -> str | None:
    """The registrable domain ("bbc.co.uk") by the public suffix list; the bare host where it has none."""
    parts = _parts(url) if url else None
    if parts is None or not parts.hostname:
        return None
    return _registrable(parts.hostname)


@lru_cache(maxsize=1024)
def _registrable(hostname: str) -> str:
    """The registrable domain of a host; the cache only saves time, as a page asks for one host again and again."""
    host = _host(hostname)
    if not host[-1:].isdigit() and ":" not in host:
        return _suffixes().privatesuffix(host) or host
    try:
        ip_address(host)
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host


def same_site(one: str, other: str) -> bool:
    """Whether two addresses share their registrable domain."""
    domain = site_domain(one)
    return domain is not None and domain == site_domain(other)


def canonical(page_url: str | None, stated: str | None) -> str | None:
    """A page's address in one spelling: the one that it states where that is sane, else its scraper's.

    Sane is: http(s), of the same site, and not the front page for a page that is none (a common template's mistake).
    """
    own = normalise(page_url) if page_url else None
    joined = absolute(stated, page_url)
    named = normalise(joined) if joined else None
    if named is None or own is None or named == own:
        return named or own
    return named if same_site(named, own) and (is_root(own) or not is_root(named)) else own


def is_root(url: str) -> bool:
    """Whether an address is a site's front page."""
    parts = _parts(url)
    return parts is not None and parts.path in ("", "/") and not parts.query


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
    except ValueError:
        return None
    return parts


def _host(host: str) -> str:
    """The host in lower case and ASCII where it can be written so."""
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None


def _query(query: str) -> str:
    if not query:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return query
    kept = [(name, value) for name, value in pairs if not _TRACKING.match(name.lower())]
    return query if len(kept) == len(pairs) and query.isascii() else urlencode(kept)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package: a constant, loaded once."""
    return PublicSuffixList()
