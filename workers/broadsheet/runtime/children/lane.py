"""One child as its worker sees it: the pages it was given, in order, and the pipes between.

A child works on the first of its pages; the one behind stands at hand in its pipe, so that it need not wait for its
worker between two.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from broadsheet.runtime.children.child import ANSWER_BYTES
from broadsheet.runtime.children.frames import HEADER, READ_BYTES, Frame, FrameError, Inbox, pipe

PAGES_PER_LANE = 2
"""One at work and one at hand."""


@dataclass(eq=False, slots=True)
class Job:
    """A page on its way to its work. `lanes` counts the children that have it, `deaths` those that died of it."""

    head: bytes
    body: bytes
    started: Callable[[], None]
    done: "asyncio.Future[Any]"
    deaths: int = 0
    lanes: int = 0


@dataclass(eq=False)
class Lane:
    """A child that was asked for; ready once it has said so. `since` is when its present page, or its birth, began."""

    token: int
    heard: Callable[["Lane", Frame], None]
    pid: int = 0
    ready: bool = False
    given: int = 0
    jobs: deque[Job] = field(default_factory=deque)
    since: float = 0.0
    killed_at: float | None = None
    late: bool = False
    """It was killed at a page's deadline."""
    broken: str | None = None
    """Why the child is not to be believed any more."""

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox(ANSWER_BYTES + HEADER.size)
        self._unsent: deque[memoryview] = deque()
        theirs, self._pages = pipe()
        self._answers, theirs_too = pipe()
        self.ends = (theirs, theirs_too)
        self.since = self._loop.time()
        for end in (self._pages, self._answers):
            os.set_blocking(end, False)
        self._loop.add_reader(self._answers, self._read)

    def let_go(self) -> None:
        """The child has its ends of the pipes: they are not ours to hold open."""
        for end in self.ends:
            os.close(end)

    def give(self, job: Job) -> None:
        """Put a page behind those that the child has."""
        if not self.jobs:
            self.since = self._loop.time()
        job.lanes += 1
        self.given += 1
        self.jobs.append(job)
        self._unsent += map(memoryview, (HEADER.pack(len(job.head), len(job.body)) + job.head, job.body))
        self._write()

    def take(self) -> Job:
        """The page that was just answered; the child is at the next."""
        job = self.jobs.popleft()
        job.lanes -= 1
        self.since = self._loop.time()
        return job

    def seconds(self) -> float:
        """How long the child has been at its present page, or at being born."""
        return self._loop.time() - self.since if self.jobs or not self.ready else 0.0

    def is_open(self) -> bool:
        """Whether the child may be given pages at all."""
        return self.ready and self.killed_at is None and self._pages >= 0 and not self.hung_up()

    def hung_up(self) -> bool:
        """Whether the child will say no more."""
        return self._answers < 0

    def hear(self) -> None:
        """Hear all that the child has said by now."""
        while not self.hung_up() and self._read():
            pass

    def retire(self) -> None:
        """No more pages: the child ends when it has done those that it has."""
        self._loop.remove_writer(self._pages)
        self._unsent.clear()
        with suppress(OSError):
            os.close(self._pages)
        self._pages = -1

    def end(self) -> None:
        """The child is dead: hear what it still said, and let go of the pipes."""
        self.hear()
        self._close_answers()
        if self._pages >= 0:
            self.retire()

    def _write(self) -> None:
        while self._unsent:
            try:
                sent = os.writev(self._pages, self._unsent)
            except BlockingIOError:
                self._loop.add_writer(self._pages, self._write)
                return
            except OSError:  # the child is dead, as we shall hear
                self._unsent.clear()
                break
            self._sent(sent)
        self._loop.remove_writer(self._pages)

    def _sent(self, size: int) -> None:
        while self._unsent and size >= len(self._unsent[0]):
            size -= len(self._unsent.popleft())
        if size:
            self._unsent[0] = self._unsent[0][size:]

    def _read(self) -> bool:
        """Take what the child said; whether there may be more."""
        try:
            data = os.read(self._answers, READ_BYTES)
            for frame in self._inbox.feed(data):
                if not self.broken:
                    self.heard(self, frame)
        except BlockingIOError:
            return False
        except FrameError as error:
            self.broken = str(error)
        if self.broken or not data:
            self._close_answers()
        return not self.hung_up()

    def _close_answers(self) -> None:
        if not self.hung_up():
            self._loop.remove_reader(self._answers)
            os.close(self._answers)
            self._answers = -1
