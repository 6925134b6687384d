"""What a worker tells its operator over HTTP: /live, /ready, /metrics.

Live: the watchdog is content; a worker that is not live ends by itself a moment later. Ready: it has joined its group
and every producer of its partitions is fenced in, so that pages flow. (A worker beyond the number of partitions is
ready with none.)
"""

import errno
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from broadsheet.runtime.listening import Listener, Terms, listen
from broadsheet.runtime.settings import WebSettings

TERMS = Terms(connections=64)
"""An orchestrator and Prometheus ask; each has a connection or two."""

log = structlog.get_logger(__name__)


class Health:
    """The HTTP server of a worker."""

    def __init__(
        self,
        settings: WebSettings,
        live: Callable[[], str | None],
        ready: Callable[[], str | None],
        metrics: Callable[[], bytes],
    ) -> None:
        """`live` and `ready` give None when all is well, else one plain line that says what is not."""
        self._settings = settings
        self._live = live
        self._ready = ready
        self._metrics = metrics
        self._listener: Listener | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen. Where the port is taken a free one is, unless it was asked for by name: then OSError is raised."""
        try:
            self._listener = await self._listen(self._settings.port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            if "port" in self._settings.model_fields_set:
                told = f"port {self._settings.port} is taken, by another worker maybe: set web.port to another (0: any)"
                raise OSError(told) from None
            self._listener = await self._listen(0)
            log.warning("the port of health and metrics is taken: another is used", taken=self._settings.port)
        self.port = self._listener.port

    async def _listen(self, port: int) -> Listener:
        app = web.Application()
        app.router.add_get("/live", self._answer(self._live))
        app.router.add_get("/ready", self._answer(self._ready))
        app.router.add_get("/metrics", self._show_metrics)
        return await listen(app, self._settings.host, port, TERMS)

    async def stop(self) -> None:
        """Close the port."""
        if self._listener is not None:
            await self._listener.close()

    def _answer(self, ask: Callable[[], str | None]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(_: web.Request) -> web.StreamResponse:
            problem = ask()
            return web.Response(text=(problem or "ok") + "\n", status=503 if problem else 200)

        return answer

    async def _show_metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})
