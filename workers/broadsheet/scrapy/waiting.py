"""Waiting in a crawl, whichever reactor Scrapy runs: for a future of another thread, for a time; and that thread."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, cast

from scrapy.utils.asyncio import is_asyncio_available


class Calls:
    """One thread that does one call after the other. It never keeps the process alive, whatever a call waits for."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None] = SimpleQueue()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def submit(self, call: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Do the call after those before it. The future holds what came of it, unless it was answered before."""
        done: Future[Any] = Future()
        self._calls.put((done, call, arguments))
        return done

    def end(self) -> None:
        """End the thread after the calls that are waiting."""
        self._calls.put(None)

    def _run(self) -> None:
        while (one := self._calls.get()) is not None:
            done, call, arguments = one
            if done.done():
                continue
            try:
                answer(done, call(*arguments))
            except Exception as error:
                refuse(done, error)


def answer(done: "Future[Any]", result: Any) -> None:
    """Settle a future, unless it is."""
    with suppress(InvalidStateError):
        done.set_result(result)


def refuse(done: "Future[Any]", error: BaseException) -> None:
    """Settle a future with an error, unless it is settled."""
    with suppress(InvalidStateError):
        done.set_exception(error)


async def within(seconds: float, done: "Future[Any]", late: Exception) -> Any:
    """What comes of a future; `late` is raised where nothing did in this time."""
    timer = _later(seconds, lambda: refuse(done, late))
    try:
        return await awaitable(done)
    finally:
        if done.done():
            timer()


def awaitable(future: "Future[Any]") -> Awaitable[Any]:
    """What a coroutine of this crawl may await: it depends on the reactor."""
    if is_asyncio_available():
        return asyncio.wrap_future(future)
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    deferred: Deferred[Any] = Deferred()

    def settle(done: "Future[Any]") -> None:
        error = done.exception()
        if error is None:
            deferred.callback(done.result())
        else:
            deferred.errback(error)

    future.add_done_callback(lambda done: reactor.callFromThread(settle, done))
    return deferred


def start(coroutine: Any) -> None:
    """Let a coroutine run by itself."""
    if is_asyncio_available():
        task = asyncio.ensure_future(coroutine)
        _STARTED.add(task)
        task.add_done_callback(_STARTED.discard)
        return
    from twisted.internet.defer import Deferred

    Deferred.fromCoroutine(coroutine)


_STARTED: set["asyncio.Future[Any]"] = set()
"""The loop keeps only weak references to its tasks."""


def _later(seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    """Do a call in some seconds; gives what calls it off."""
    if is_asyncio_available():
        return asyncio.get_running_loop().call_later(seconds, call).cancel
    from twisted.internet import reactor

    timer: Any = cast("Any", reactor).callLater(seconds, call)
    return lambda: timer.cancel() if timer.active() else None
