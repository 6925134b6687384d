"""How far the files of a run have come, kept in a file, so that the next run goes on where this one ended.

A page counts once all before it in its file are done too: what was on its way when a run ended is done again.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from broadsheet.cli.choosing import Wanted
from broadsheet.inputs import Input, Source

_FORMAT = "broadsheet-progress/1"
_SECONDS = 1.0
"""Between two writings of the file."""


class Progress:
    """The pages done of each file. Without a path nothing is kept, and nothing is left out."""

    def __init__(self, path: Path | None, files: list[Source]) -> None:
        """Raises UsageError for a file that holds something else, or for standard input, which cannot be read again."""
        self.passed_over = 0
        self._path = path
        self._lock = threading.Lock()
        self._waiting: deque[tuple[str, int]] = deque()
        self._finished: set[tuple[str, int]] = set()
        self._written = time.monotonic()
        self._stamps = {file.name: _stamp(file) for file in files} if path is not None else {}
        kept = _read(path) if path is not None else {}
        self._files = {
            name: kept[name] for name, stamp in self._stamps.items() if kept.get(name, {}).get("stamp") == stamp
        }

    def left(self, files: list[Source]) -> list[Source]:
        """The files that are not yet read to their end."""
        return [file for file in files if not self._files.get(file.name, {}).get("complete")]

    def chosen(self, pages: Iterator[Input], wanted: Wanted) -> Iterator[Input]:
        """The pages that are left and wanted; each is to be told by `finish`."""
        source = ""
        for page in pages:
            if source and page.source != source:
                self._end(source)
            source = page.source
            if page.number <= self._files.get(source, {}).get("done", 0):
                continue
            with self._lock:
                self._waiting.append((source, page.number))
            if wanted.takes(page):
                yield page
            else:
                self.passed_over += 1
                self.finish(page)
        if source:
            self._end(source)

    def finish(self, page: Input) -> None:
        """A page is done: published and confirmed, refused, or its records are out."""
        self._mark((page.source, page.number))

    def _end(self, source: str) -> None:
        """The file was read to its end; it is complete once all before are done."""
        with self._lock:
            self._waiting.append((source, _END))
        self._mark((source, _END))

    def _mark(self, place: tuple[str, int]) -> None:
        with self._lock:
            self._finished.add(place)
            while self._waiting and self._waiting[0] in self._finished:
                source, number = self._waiting.popleft()
                self._finished.remove((source, number))
                self._advance(source, number)
            if self._path is not None and time.monotonic() - self._written > _SECONDS:
                self._write(self._path)

    def _advance(self, source: str, number: int) -> None:
        state = self._files.setdefault(source, {"stamp": self._stamps.get(source), "done": 0, "complete": False})
        if number == _END:
            state["complete"] = True
        else:
            state["done"] = number

    def save(self) -> None:
        """Write the file, as the run ends."""
        if self._path is not None:
            with self._lock:
                self._write(self._path)

    def _write(self, path: Path) -> None:
        """In one step: a run that is killed leaves the old file or the new one."""
        new = path.with_name(f".{path.name}.new")
        new.write_text(json.dumps({"format": _FORMAT, "files": {**_read(path), **self._files}}, indent=1))
        new.replace(path)
        self._written = time.monotonic()


_END = 1 << 62


def _stamp(file: Source) -> list[int]:
    """What tells that a file is the same as before: its size and when it was changed."""
    if file.path is None:
        raise click.UsageError("--state goes with files, not with standard input")
    found = file.path.stat()
    return [found.st_size, found.st_mtime_ns]


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text())
        files: dict[str, Any] = kept["files"]
        if kept["format"] == _FORMAT and all(isinstance(one["done"], int) for one in files.values()):
            return files
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise click.UsageError(f"--state: {path} is no file of progress; name another, or remove it")
