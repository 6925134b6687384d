"""Files that hold one page: HTML, a text dump, or a JSON envelope."""

import re
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser

from broadsheet.errors import PageError, Reason
from broadsheet.inputs.members import CODECS
from broadsheet.inputs.values import Form, Input, faulty
from broadsheet.inputs.written import Parts, of_markdown, written_page
from broadsheet.options import Limits
from broadsheet.values import RawPage

_MIME = {Form.HTML: b"text/html", Form.TEXT: b"text/plain", Form.JSON: b"application/json"}
_READER_FIELD = re.compile(r"^(Title|URL Source|Published Time):(.{1,2000})$", re.MULTILINE)
_READER_HEAD = re.compile(r"\s*Title: .{0,2000}\n(?:.{0,2000}\n){0,12}?Markdown Content:\s*")
_ADDRESSES = (("link[rel~=canonical]", "href"), ("meta[property='og:url']", "content"))
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d+\)(\S+) -->")  # written by browsers into a page they save
_ABSOLUTE = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_HEAD_BYTES = 256 * 1024
"""Where a page's own address is looked for: heads of news pages with inlined styles reach 200 KiB."""


def read_document(stream: BinaryIO, name: str, form: Form, url: str | None, limits: Limits) -> Input:
    """The one page of a file. A file above the limit is not read further than the limit."""
    value = stream.read(limits.page_bytes + 1)
    if len(value) > limits.page_bytes:
        return faulty(name, PageError(Reason.TOO_LARGE, f"file above {limits.page_bytes} bytes"))
    return document(name, value, form, url)


def document(name: str, value: bytes, form: Form, url: str | None) -> Input:
    """A page of these bytes. Markdown becomes a page of HTML."""
    if form is Form.MARKDOWN:
        url, value, form = _of_markdown(value, url)
    headers = [("content-type", _MIME[form])]
    codec = next((codec for codec in CODECS if codec.start.match(value)), None)
    if codec is not None and form is not Form.JSON:
        headers.append(("content-encoding", codec.name.encode()))
    address = url or (own_address(value) if form is Form.HTML else None)
    if address is None or form is Form.JSON:
        return Input(name, RawPage(value, headers=tuple(headers)))
    key = address.encode()
    return Input(name, RawPage(value, key=key, headers=(("url", key), *headers)))


def _of_markdown(value: bytes, url: str | None) -> tuple[str | None, bytes, Form]:
    """The page written of Markdown, with its address: the one given, or what stands in its head, as readers of pages
    for language models write it (`Title:`, `URL Source:`, `Published Time:`, `Markdown Content:`).
    """
    text = value.decode("utf-8-sig", "replace")
    head = _READER_HEAD.match(text)
    fields = {name: value.strip() for name, value in _READER_FIELD.findall(head[0])} if head else {}
    body = text[head.end() :] if head else text
    source = url or fields.get("URL Source")
    address = source if source and _ABSOLUTE.match(source) else None
    parts = Parts(of_markdown(body), address, fields.get("Title"), published=fields.get("Published Time"))
    return address, written_page(parts).encode("utf-8", "replace"), Form.HTML


def own_address(html: bytes) -> str | None:
    """The address that a saved page names as its own, absolute http(s), or None.

    Read as Latin-1: addresses are ASCII, and charsets in which they are not are left to the one who knows the URL.
    """
    head = html[:_HEAD_BYTES]
    if saved := _SAVED_FROM.search(head[:2048]):
        head_address = saved[1].decode("latin-1")
        if _ABSOLUTE.match(head_address):
            return head_address
    tree = LexborHTMLParser(head.decode("latin-1"))
    for selector, attribute in _ADDRESSES:
        node = tree.css_first(selector)
        address = (node.attributes.get(attribute) or "").strip() if node else ""
        if _ABSOLUTE.match(address):
            return address
    return None
