"""The addresses of the feed server and what each answers."""

import time
from importlib.resources import as_file, files
from typing import Any, NoReturn

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from broadsheet.feed import atom, json_feed, page
from broadsheet.feed.answers import SECURITY_HEADERS, answer, prefers_html, problem, whole_second_after
from broadsheet.feed.card import card_json
from broadsheet.feed.entry import Entry
from broadsheet.feed.follow import Follower
from broadsheet.feed.links import Links
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.position import Position, PositionError, decode
from broadsheet.feed.stream import Streams, Wish
from broadsheet.feed.window import Filter
from broadsheet.runtime.settings import FeedSettings

log = structlog.get_logger(__name__)

ITEMS, MOST_ITEMS = 50, 500
"""Items of a feed, where `limit` says nothing else, and at most."""
STUCK_AFTER = 60.0
"""Seconds without a sign from the reader of the topic, after which the server no longer counts as alive."""
MAX_HEADER = 64 * 1024
"""A Last-Event-ID over some thousand partitions must fit."""
ALWAYS = {"/live", "/ready", "/metrics"}
"""What answers before the window is built."""


class Site:
    """All pages, feeds and the stream of one window. `built` is set when the window is."""

    def __init__(self, follower: Follower, settings: FeedSettings, metrics: FeedMetrics) -> None:
        self.streams = Streams(follower, settings, metrics)
        self.built = False
        self._follower, self._window = follower, follower.window
        self._settings, self._metrics = settings, metrics
        self._seen: tuple[Any, float] = (None, 0.0)

    def application(self) -> web.Application:
        """The routes, with what holds for all of them."""
        app = web.Application(middlewares=[self._frame])
        app.on_response_prepare.append(_add_security)
        app.router.add_get("/", self.front)
        app.router.add_get("/stream", self.stream)
        app.router.add_get("/feed.json", self.json_feed)
        app.router.add_get("/feed.atom", self.atom)
        app.router.add_get("/articles/{id:.+}", self.article)
        app.router.add_get("/live", self.live)
        app.router.add_get("/ready", self.ready)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/static/{name}", self.static)
        return app

    async def front(self, request: web.Request) -> web.StreamResponse:
        """The page for people."""
        text = page.front_page(self._settings.title, self._window, _wanted(request), _query(request))
        return answer(request, text.encode(), "text/html; charset=utf-8")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events."""
        view = request.query.get("view", "record")
        if view not in ("record", "card"):
            _bad("view is record or card")
        if self.streams.full():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"}, text="too many streams are open")
        wish = Wish(_wanted(request), card_json if view == "card" else _record)
        return await self.streams.serve(request, wish, _after(request))

    async def json_feed(self, request: web.Request) -> web.StreamResponse:
        """JSON Feed 1.1."""
        body = json_feed.json_feed(self._settings.title, self._links(request), self._asked_for(request))
        return answer(request, body, json_feed.CONTENT_TYPE, self._changed())

    async def atom(self, request: web.Request) -> web.StreamResponse:
        """Atom."""
        body = atom.atom(self._settings.title, self._links(request), self._asked_for(request))
        return answer(request, body, f"{atom.CONTENT_TYPE}; charset=utf-8", self._changed())

    async def article(self, request: web.Request) -> web.StreamResponse:
        """One article: its record, or a page for a browser."""
        entry = self._window.article(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="no such article in the window")
        if request.query.get("format") != "json" and prefers_html(request):
            text = page.article_page(self._settings.title, entry)
            return answer(request, text.encode(), "text/html; charset=utf-8")
        return answer(request, _record(entry), "application/json")

    async def live(self, _: web.Request) -> web.StreamResponse:
        """Whether the process does its work: it does not have to be told to others yet."""
        silent = time.monotonic() - self._follower.alive_at
        return _state(silent < STUCK_AFTER, {"silent_seconds": round(silent, 1)})

    async def ready(self, _: web.Request) -> web.StreamResponse:
        """Whether there is a window to serve; it is served on while Kafka is away."""
        kafka = "connected" if self._follower.connected else "away"
        return _state(self.built, {"kafka": kafka, "articles": self._window.count()})

    async def metrics(self, _: web.Request) -> web.StreamResponse:
        """Metrics for Prometheus."""
        response = web.Response(body=self._metrics.text())
        response.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8"
        return response

    async def static(self, request: web.Request) -> web.StreamResponse:
        """The page's own files; only those that are there by name, so no path leads out."""
        names = {file.name: file for file in files("broadsheet.feed").joinpath("static").iterdir()}
        file = names.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound(text="no such file")
        kind = _STATIC_TYPES[file.name.rpartition(".")[2]]
        with as_file(file) as path:
            return answer(request, path.read_bytes(), kind)

    @web.middleware
    async def _frame(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Errors as problems, or pages for a browser; security headers on all."""
        try:
            if not self.built and request.path not in ALWAYS:
                raise web.HTTPServiceUnavailable(headers={"Retry-After": "2"}, text="the window is being built")
            return await handler(request)
        except web.HTTPException as error:
            return self._fault(request, error)
        except ConnectionError:
            raise
        except Exception:
            log.exception("request failed", path=request.path)
            return self._fault(request, web.HTTPInternalServerError(text="the server's log says more"))

    def _fault(self, request: web.Request, error: web.HTTPException) -> web.Response:
        if prefers_html(request):
            root = f"{(self._settings.public_url or '').rstrip('/')}/"
            text = page.error_page(self._settings.title, root, error.status, error.reason)
            response = web.Response(status=error.status, text=text, content_type="text/html")
        else:
            response = problem(error.status, error.reason, error.text or "")
        for name in ("Allow", "Retry-After"):
            if name in error.headers:
                response.headers[name] = error.headers[name]
        return response

    def _asked_for(self, request: web.Request) -> list[Entry]:
        limit = request.query.get("limit", str(ITEMS))
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:9]) <= MOST_ITEMS:
            _bad(f"limit is a number from 1 to {MOST_ITEMS}")
        return self._window.newest(_wanted(request), int(limit))

    def _links(self, request: web.Request) -> Links:
        base = self._settings.public_url or str(request.url.origin())
        return Links(base.rstrip("/"), request.path_qs)

    def _changed(self) -> Any:
        """When this server last saw the window change."""
        place = dict(self._window.position)
        if place != self._seen[0]:
            self._seen = (place, time.time())
        return whole_second_after(self._seen[1])


_STATIC_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


async def _add_security(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(SECURITY_HEADERS)


def _record(entry: Entry) -> bytes:
    return entry.value or b"null"


def _wanted(request: web.Request) -> Filter:
    return Filter(**{name: request.query.get(name) or None for name in ("language", "site", "section")})


def _query(request: web.Request) -> str:
    """The filter of an address, written anew; nothing else of it is repeated on the page."""
    return request.url.with_query(_wanted(request).given()).raw_query_string


def _after(request: web.Request) -> Position | None:
    """The position to go on from. A browser that connects again says it in Last-Event-ID, which is the newer one."""
    said = request.headers.get("Last-Event-ID") or request.query.get("after")
    if not said:
        return None
    try:
        return decode(said)
    except PositionError as error:
        _bad(str(error))


def _bad(why: str) -> NoReturn:
    raise web.HTTPBadRequest(text=why)


def _state(good: bool, facts: dict[str, Any]) -> web.Response:
    body = orjson.dumps({"status": "ok" if good else "unavailable", **facts})
    headers = {"Cache-Control": "no-store", "Content-Type": "application/json"}
    return web.Response(status=200 if good else 503, body=body, headers=headers)
