"""Answers in HTTP's terms: what was not changed is not sent again, text is compressed, an error is problem+json."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b

import orjson
from aiohttp import web

from broadsheet.feed.sending import SLICE_BYTES, Sending

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
SENDING = web.AppKey("sending", Sending)
"""What an application sends with."""
COMPRESSED_FROM = 1_000
"""Bytes from which on compression is worth its header."""


async def answer(
    request: web.Request, body: bytes, content_type: str, changed: datetime | None = None
) -> web.StreamResponse:
    """The body, or 304 where the client has it. `changed` is when it last did; None where that is not known.

    Raises HTTPServiceUnavailable for a large body while too many others wait for their readers.
    """
    # weak: the same tag stands for the compressed and the plain body
    tag = blake2b(body, digest_size=12).hexdigest()
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    if _client_has_it(request, tag, changed):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = content_type
    packed = len(body) >= COMPRESSED_FROM and _takes_gzip(request)
    if len(body) >= SLICE_BYTES:
        return await request.app[SENDING].large(body, headers, packed=packed)
    response = web.Response(body=body, headers=headers)
    if packed:
        response.enable_compression(web.ContentCoding.gzip)
    return response


def problem(status: int, title: str, detail: str = "") -> web.Response:
    """An error by RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {})}
    response = web.Response(status=status, body=orjson.dumps(body), headers={"Cache-Control": "no-store"})
    response.headers["Content-Type"] = "application/problem+json"
    return response


def prefers_html(request: web.Request) -> bool:
    """Whether the client would rather have a page than JSON; who has no wish gets JSON."""
    liked = _qualities(request.headers.get("Accept", ""))
    json = liked.get("application/json", liked.get("application/*", liked.get("*/*", 0.0)))
    html = liked.get("text/html", 0.0)
    return html > 0 and html >= json


def whole_second_after(moment: float) -> datetime | None:
    """A time that Last-Modified can say: its second is over, so that no later change falls into it."""
    second = int(moment) + 1
    return datetime.fromtimestamp(second, UTC) if datetime.now(UTC).timestamp() >= second else None


def _client_has_it(request: web.Request, tag: str, changed: datetime | None) -> bool:
    if (known := request.if_none_match) is not None:
        return any(one.value in (tag, "*") for one in known)
    since = request.if_modified_since
    return since is not None and changed is not None and changed <= since


def _takes_gzip(request: web.Request) -> bool:
    qualities = _qualities(request.headers.get("Accept-Encoding", ""))
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _qualities(header: str) -> dict[str, float]:
    """What a client accepts and how much it likes it (RFC 9110, 12.4.2); a quality that cannot be read is 1."""
    qualities: dict[str, float] = {}
    for part in header.split(","):
        name, _, parameters = part.partition(";")
        found = re.search(r"(?:^|;)\s*q=([0-9.]{1,5})\s*(?:;|$)", parameters)
        try:
            qualities[name.strip().lower()] = float(found[1]) if found else 1.0
        except ValueError:
            qualities[name.strip().lower()] = 1.0
    return qualities
