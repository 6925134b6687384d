"""Bounds on what a worker holds in memory: pages at work, and records that wait for their turn."""

import asyncio


class Room:
    """Back-pressure: `enter` waits while too many pages, or too many bytes of them, are at work.

    Records that are finished but wait for a slower page before them count as well, on their own. A page larger than all
    the room goes in alone. Made for one that enters at a time.
    """

    def __init__(self, pages: int, size: int) -> None:
        self.pages_bound = pages
        self.size_bound = size
        self.pages = 0
        self.size = 0
        self.waiting = 0
        self._freed = asyncio.Event()

    async def enter(self, size: int) -> None:
        """Take room for a page of `size` bytes; returns when there is some."""
        while not self._has(size):
            self._freed.clear()
            await self._freed.wait()
        self.pages += 1
        self.size += size

    def leave(self, size: int) -> None:
        """The page is no longer at work."""
        self.pages -= 1
        self.size -= size
        self._freed.set()

    def keep(self, size: int) -> None:
        """Records of `size` bytes wait to be published."""
        self.waiting += size

    def clear(self, size: int) -> None:
        """They wait no longer."""
        self.waiting -= size
        self._freed.set()

    def is_crowded(self) -> bool:
        """Half the room for pages is taken: more than children can work on soon."""
        return self.pages * 2 > self.pages_bound

    def _has(self, size: int) -> bool:
        if self.waiting > self.size_bound:
            return False
        return not self.pages or (self.pages < self.pages_bound and self.size + size <= self.size_bound)
