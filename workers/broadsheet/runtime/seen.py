"""Faults that are told elsewhere, or that came too late to matter: asyncio shall not complain that nobody looked."""

import asyncio
from typing import Any


def seen(future: "asyncio.Future[Any]") -> None:
    """Look at what became of a future or task; for `add_done_callback`."""
    if not future.cancelled():
        future.exception()
