"""The addresses of the feed server and what each answers."""

import time
from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from typing import Any, NoReturn

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from broadsheet.feed import atom, json_feed, page
from broadsheet.feed.answers import SECURITY_HEADERS, SENDING, answer, prefers_html, problem, whole_second_after
from broadsheet.feed.card import arrived
from broadsheet.feed.entry import Entry
from broadsheet.feed.follow import Follower
from broadsheet.feed.links import Links
from broadsheet.feed.metrics import FeedMetrics
from broadsheet.feed.position import Position, PositionError, decode
from broadsheet.feed.sending import Sending, gathered
from broadsheet.feed.stream import Streams, Wish
from broadsheet.feed.window import Filter, Place
from broadsheet.runtime.listening import ALWAYS
from broadsheet.runtime.settings import FeedSettings

log = structlog.get_logger(__name__)

ITEMS, MOST_ITEMS = 50, 500
"""Items of a feed, where `limit` says nothing else, and at most."""
STUCK_AFTER = 60.0
"""Seconds without a sign from the reader of the topic, after which the server no longer counts as alive."""
MAX_HEADER = 64 * 1024
"""A Last-Event-ID over some thousand partitions must fit."""
NUMBER_CHARS = 9
"""Of a number in a query."""
FULL_BYTES = 1_600_000
"""A feed of so many bytes takes no further article. The largest one adds less than 500,000."""
KEPT_BODIES = 8
"""Answers that are kept while the window stays as it is, by their address."""


class Room:
    """How much may still be added to an answer, in bytes."""

    def __init__(self, size: int) -> None:
        self.left = size

    def measured(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces, each taken from the room before the next is made."""
        for piece in pieces:
            self.left -= len(piece)
            yield piece


class Site:
    """All pages, feeds and the stream of one window. `built` is set when the window is."""

    def __init__(self, follower: Follower, settings: FeedSettings, metrics: FeedMetrics) -> None:
        self._sending = Sending()
        self.streams = Streams(follower, settings, metrics, self._sending)
        self.built = False
        self._follower, self._window = follower, follower.window
        self._settings, self._metrics = settings, metrics
        self._seen: tuple[Any, float] = (None, 0.0)
        self._made: dict[str, bytes] = {}

    def application(self) -> web.Application:
        """The routes, with what holds for all of them."""
        app = web.Application(middlewares=[self._frame])
        app[SENDING] = self._sending
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
        wanted, query = _wanted(request), _query(request)
        self._changed()
        if (body := self._made.get(f"/?{query}")) is None:
            body = page.front_page(self._settings.title, self._window, wanted, query).encode()
            self._keep(f"/?{query}", body, self._seen)
        return await answer(request, body, "text/html; charset=utf-8")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events."""
        view = request.query.get("view", "record")
        if view not in ("record", "card"):
            _bad("view is record or card")
        if self.streams.full():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"}, text="too many streams are open")
        wish = Wish(_wanted(request), "card" if view == "card" else "value")
        return await self.streams.serve(request, wish, _after(request))

    async def json_feed(self, request: web.Request) -> web.StreamResponse:
        """JSON Feed 1.1."""
        title, links, listed = self._settings.title, self._links(request), self._asked_for(request)
        return await self._feed(
            request, json_feed.CONTENT_TYPE, lambda room: json_feed.json_feed(title, links, self._shown(listed, room))
        )

    async def atom(self, request: web.Request) -> web.StreamResponse:
        """Atom."""
        title, links, listed = self._settings.title, self._links(request), self._asked_for(request)
        updated = arrived(max((place.at for place in listed), default=0))
        return await self._feed(
            request,
            f"{atom.CONTENT_TYPE}; charset=utf-8",
            lambda room: atom.atom(title, links, updated, self._shown(listed, room)),
        )

    async def _feed(
        self, request: web.Request, content_type: str, pieces: Callable[[Room], Iterator[bytes]]
    ) -> web.StreamResponse:
        async with self._sending.turn:
            changed, seen, address = self._changed(), self._seen, self._links(request).itself
            if (body := self._made.get(address)) is None:
                room = Room(FULL_BYTES)
                body = await gathered(room.measured(pieces(room)))
                self._keep(address, body, seen)
            return await answer(request, body, content_type, changed)

    def _keep(self, address: str, body: bytes, seen: Any) -> None:
        """Until the window changes: many readers ask for the same. `seen` is what the window was when it was begun."""
        self._changed()
        if self._seen is not seen:
            return
        if len(self._made) >= KEPT_BODIES:
            del self._made[next(iter(self._made))]
        self._made[address] = body

    def _shown(self, listed: list[Place], room: Room) -> Iterator[Entry]:
        for place in listed:
            if room.left <= 0:
                return
            if (entry := self._window.shown(place)) is not None:
                yield entry

    async def article(self, request: web.Request) -> web.StreamResponse:
        """One article: its record, or a page for a browser."""
        place = self._window.article(request.match_info["id"])
        html = request.query.get("format") != "json" and prefers_html(request)
        async with self._sending.turn:
            entry = (self._window.shown if html else self._window.whole)(place) if place is not None else None
            if entry is None:
                raise web.HTTPNotFound(text="no such article in the window")
            if html:
                text = page.article_page(self._settings.title, entry)
                return await answer(request, text.encode(), "text/html; charset=utf-8")
            return await answer(request, entry.value or b"null", "application/json")

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
            return await answer(request, path.read_bytes(), kind)

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

    def _asked_for(self, request: web.Request) -> list[Place]:
        limit = _number(request, "limit", ITEMS, MOST_ITEMS)
        return self._window.newest(_wanted(request), limit)

    def _links(self, request: web.Request) -> Links:
        base = self._settings.public_url or f"{request.scheme}://{_host(request)}"
        return Links(base.rstrip("/"), request.path_qs)

    def _changed(self) -> Any:
        """When this server last saw the window change."""
        state = (self._window.version, dict(self._window.position))
        if state != self._seen[0]:
            self._seen = (state, time.time())
            self._made.clear()
        return whole_second_after(self._seen[1])


_STATIC_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


async def _add_security(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(SECURITY_HEADERS)


def _host(request: web.Request) -> str:
    """The host that was asked for; where HTTP/1.0 left it out, where we listen."""
    if said := request.headers.get("Host"):
        return said
    name = request.get_extra_info("sockname", ("localhost", 0))
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"


def _number(request: web.Request, name: str, otherwise: int, most: int) -> int:
    """A number of the query from 1 on; one that is larger than `most` is taken as that."""
    said = request.query.get(name, str(otherwise))
    if not (len(said) <= NUMBER_CHARS and said.isascii() and said.isdigit() and int(said) > 0):
        _bad(f"{name} is a number from 1 to {most}")
    return min(int(said), most)


def _wanted(request: web.Request) -> Filter:
    return Filter(**{name: request.query.get(name) or None for name in ("language", "site", "section")})


def _query(request: web.Request) -> str:
    """The filter of an address, written anew; nothing else of it is repeated on the page."""
    return URL().with_query(_wanted(request).given()).raw_query_string


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
