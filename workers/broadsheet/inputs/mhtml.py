"""MHTML: a page as browsers save it with all it shows, a MIME message (RFC 2557) whose root part is the page."""

import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.values import Input, faulty
from broadsheet.options import MEBIBYTE, Limits
from broadsheet.values import RawPage

_FILE_BYTES = 128 * MEBIBYTE
"""Images and all; the page within is held to its own limit."""
_MOST_PARTS = 2_000
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_ABSOLUTE = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def read_mhtml(stream: BinaryIO, name: str, url: str | None, limits: Limits) -> Input:
    """The page of the file, decoded from its transfer encoding; what it shows besides is left out."""
    content = stream.read(_FILE_BYTES + 1)
    if len(content) > _FILE_BYTES:
        return faulty(name, PageError(Reason.TOO_LARGE, f"MHTML file above {_FILE_BYTES:,} bytes"))
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        root = _root(message) if "Content-Type" in message else None
        value = root.get_payload(decode=True) if root is not None else None
        if root is None or not isinstance(value, bytes):
            return faulty(name, PageError(Reason.UNDECODABLE, "an MHTML file without a page in it"))
        return _page(name, value, url, message, root, limits)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return faulty(name, PageError(Reason.UNDECODABLE, f"MHTML broken: {ascii(str(error))[:100]}"))


def _root(message: Message) -> Message | None:
    """The part that `start` names, else the first that is a page."""
    parts = [part for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False)]
    pages = [part for part in parts if part.get_content_type() in _PAGES and not part.is_multipart()]
    start = message.get_param("start")
    return next((page for page in pages if page["Content-ID"] == start and start), pages[0] if pages else None)


def _page(name: str, value: bytes, url: str | None, message: Message, root: Message, limits: Limits) -> Input:
    if len(value) > limits.page_bytes:
        return faulty(name, PageError(Reason.TOO_LARGE, f"page above {limits.page_bytes:,} bytes"))
    places = (url, message["Snapshot-Content-Location"], root["Content-Location"])
    address = next((str(place).strip() for place in places if place and _ABSOLUTE.match(str(place).strip())), None)
    found = {
        "url": address,
        "content-type": root.get_content_type(),
        "charset": root.get_content_charset(),
        "fetched-at": _date(message),
    }
    headers = tuple((field, text.encode()) for field, text in found.items() if text)
    return Input(name, RawPage(value, key=address.encode() if address else None, headers=headers))


def _date(message: Message) -> str | None:
    """When it was saved; a `-0000` says that the clock's zone is not told, and is UTC (RFC 5322, 3.3)."""
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except (ValueError, TypeError):
        return None
    return moment.isoformat() if moment.tzinfo is not None else f"{moment.isoformat()}Z"
