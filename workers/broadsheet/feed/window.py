"""The newest articles, in an embedded SQLite that is made anew from Kafka at each start.

It is a piece of the topic's log, not only its newest state: a version that was replaced stays until the window moves
past it, so that a stream that was cut resumes from here. `floor` says from which offset on that piece is whole.
"""

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from broadsheet.feed.entry import Entry
from broadsheet.feed.position import Position

_TABLE = """
DROP TABLE IF EXISTS entry;
DROP TABLE IF EXISTS record;
CREATE TABLE entry (
    partition INTEGER, offset INTEGER, rank INTEGER, at INTEGER, id TEXT,
    language TEXT, site TEXT, section TEXT, size INTEGER, current INTEGER, withdrawn INTEGER, card BLOB,
    record INTEGER, PRIMARY KEY (partition, offset)) WITHOUT ROWID;
CREATE TABLE record (record INTEGER PRIMARY KEY, short BLOB, value BLOB);
CREATE TRIGGER record_leaves AFTER DELETE ON entry BEGIN DELETE FROM record WHERE record = OLD.record; END;
CREATE INDEX entry_id ON entry (id) WHERE current;
CREATE INDEX entry_listed ON entry (rank, partition, offset) WHERE current AND NOT withdrawn;
CREATE INDEX entry_rank ON entry (rank, partition, offset);
"""
"""Records apart: SQLite reads all of a row to find its way in a table without rowids, megabytes of it."""
_MARK = 0x62736664
"""SQLite's application_id of a window: "bsfd"."""
_FIELDS = "partition, offset, at, id, value, language, site, section, card, short"
_SHOWN = "partition, offset, at, id, iif(short IS NULL, value, x''), language, site, section, card, short"
_LISTED = "current AND NOT withdrawn"
_FILTERS = ("language", "site", "section")


class WindowError(Exception):
    """The window's file cannot be used; one plain line."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a reader asked for; None lets all through."""

    language: str | None = None
    site: str | None = None
    section: str | None = None

    def passes(self, entry: Entry) -> bool:
        """Whether the entry is asked for. A withdrawal is for everyone: who has the article must drop it."""
        return entry.value is None or all(
            wanted is None or wanted == getattr(entry, name) for name, wanted in self.given().items()
        )

    def given(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: value for name in _FILTERS if (value := getattr(self, name)) is not None}


class Place(NamedTuple):
    """Where a record stands in the topic; `at` orders them, in milliseconds."""

    partition: int
    offset: int
    at: int


class Window:
    """The newest `articles` articles, at most `size` bytes; `position` and `floor` are of the topic's partitions,
    `version` is another after each change.

    What was replaced or withdrawn takes as much room again at most. Streams that send the same large record at the
    same time share it: what they hold is no more than the window. For one thread.
    """

    def __init__(self, database: Path | None, articles: int, size: int) -> None:
        """Raises WindowError where the file is another's or in use."""
        self.articles, self._size = articles, size
        self._bytes = 0
        self._newest_rank = 0
        self._full_at: int | None = None
        self.version = 0
        self._out: WeakValueDictionary[tuple[int, int], Entry] = WeakValueDictionary()
        self.position: dict[int, int] = {}
        self.floor: dict[int, int] = {}
        try:
            self._db = sqlite3.connect(database or ":memory:", isolation_level=None, timeout=1)
            self._db.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;")
            self._refuse_anothers()
            self._db.executescript(_TABLE)
        except sqlite3.Error as error:
            raise WindowError(f"setting feed.database: cannot use {database}: {error}") from None

    def _refuse_anothers(self) -> None:
        """The window begins by dropping what is there: that must be a window."""
        (mark,) = self._db.execute("PRAGMA application_id").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and mark != _MARK:
            raise sqlite3.DatabaseError("it is another program's database")
        self._db.execute(f"PRAGMA application_id = {_MARK}")

    def close(self) -> None:
        """Let the database go."""
        self._db.close()

    def put(self, entries: Iterable[Entry], *, live: bool = True) -> None:
        """Take entries in. Live ones stand above all others; while the window is built, their time orders them."""
        self.version += 1
        self._db.execute("BEGIN")
        for entry in entries:
            self._put(entry, max(entry.at, self._newest_rank) if live else entry.at)
        self._evict(live=live)
        self._db.execute("COMMIT")

    def forget(self, partition: int) -> None:
        """Drop a partition's entries: its log was made anew."""
        self.version += 1
        self._drop("partition = ?", (partition,))
        self.position.pop(partition, None)
        self.floor.pop(partition, None)

    def newest(self, wanted: Filter, limit: int) -> list[Place]:
        """Where the articles stand as they now are, the newest first."""
        return [Place(*row) for row in self._newest("partition, offset, at", wanted, limit)]

    def cards(self, wanted: Filter, limit: int) -> list[bytes]:
        """The cards of these articles."""
        return [row[0] for row in self._newest("card", wanted, limit)]

    def shown(self, place: Place) -> Entry | None:
        """What is shown of the record at a place: where it has been cut, without its value."""
        return self._at(_SHOWN, place.partition, place.offset)

    def _newest(self, fields: str, wanted: Filter, limit: int) -> list[tuple[Any, ...]]:
        given = wanted.given()
        where = "".join(f" AND {name} = :{name}" for name in given)
        return self._db.execute(
            f"SELECT {fields} FROM entry WHERE {_LISTED}{where} "  # noqa: S608 - names of our own
            "ORDER BY rank DESC, partition DESC, offset DESC LIMIT :limit",
            {**given, "limit": limit},
        ).fetchall()

    def article(self, article_id: str) -> Place | None:
        """Where the article stands as it now is; None where the window has it not, or not any more."""
        row = self._db.execute(
            f"SELECT partition, offset, at FROM entry WHERE id = ? AND {_LISTED}",  # noqa: S608 - names of our own
            (article_id,),
        ).fetchone()
        return Place(*row) if row else None

    def count(self) -> int:
        """Articles in the window."""
        return self._entries(_LISTED)

    def choices(self, name: str, limit: int) -> list[tuple[str, int]]:
        """The values of a filter with their numbers of articles, the most frequent first."""
        if name not in _FILTERS:
            raise ValueError(name)
        return self._db.execute(
            f"SELECT {name}, count(*) AS n FROM entry WHERE {_LISTED} AND {name} != '' "  # noqa: S608 - names of our own
            "GROUP BY 1 ORDER BY n DESC, 1 LIMIT ?",
            (limit,),
        ).fetchall()

    def cutoff(self) -> int | None:
        """A time where the window is full: it has no room for records older than that."""
        edge = self._edge()
        return max(edge[0], self._full_at or 0) if edge else self._full_at

    def covers(self, position: Position) -> bool:
        """Whether all that follows the position is here."""
        return all(position.get(partition, 0) >= floor for partition, floor in self.floor.items())

    def after(self, position: Position, entries: int, size: int) -> list[Entry]:
        """What follows the position: each partition in its order, the oldest first among them.

        At most `entries`, and no more than `size` bytes unless the first alone is larger.
        """
        behind = [p for p, upto in self.position.items() if position.get(p, 0) < upto]
        merged = heapq.merge(*(self._keys(p, position.get(p, 0), entries) for p in behind))
        chosen: list[Place] = []
        total = 0
        for rank, partition, offset, length in merged:
            total += length
            if chosen and (len(chosen) == entries or total > size):
                break
            chosen.append(Place(partition, offset, rank))
        return [entry for place in chosen if (entry := self.whole(place)) is not None]

    def _keys(self, partition: int, offset: int, limit: int) -> Iterator[tuple[int, int, int, int]]:
        yield from self._db.execute(
            "SELECT rank, partition, offset, size FROM entry "
            "WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
            (partition, offset, limit),
        ).fetchall()

    def whole(self, place: Place) -> Entry | None:
        """The record at a place with its value; None where it is there no more."""
        key = place.partition, place.offset
        if (entry := self._out.get(key)) is None and (entry := self._at(_FIELDS, *key)) is not None:
            self._out[key] = entry
        return entry

    def _at(self, fields: str, partition: int, offset: int) -> Entry | None:
        row = self._db.execute(
            f"SELECT {fields} FROM entry JOIN record USING (record) WHERE partition = ? AND offset = ?",  # noqa: S608 - names of our own
            (partition, offset),
        ).fetchone()
        return Entry(*row) if row else None

    def _put(self, entry: Entry, rank: int) -> None:
        self._drop("partition = ? AND offset = ?", (entry.partition, entry.offset))
        current = self._is_newest(entry)
        if current:
            self._db.execute("UPDATE entry SET current = 0 WHERE id = ? AND current", (entry.id,))
        record = self._db.execute(
            "INSERT INTO record (short, value) VALUES (?, ?)", (entry.short, entry.value)
        ).lastrowid
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(entry.partition, entry.offset, rank, entry.at, entry.id),
                *(entry.language, entry.site, entry.section, entry.size, current),
                *(entry.value is None, entry.card, record),
            ),
        )
        self._bytes += entry.size
        self._newest_rank = max(self._newest_rank, rank)

    def _is_newest(self, entry: Entry) -> bool:
        """Offsets order the versions of an id; their times do where an id stands in two partitions."""
        row = self._db.execute(
            "SELECT partition, offset, at FROM entry WHERE id = ? AND current", (entry.id,)
        ).fetchone()
        if row is None:
            return True
        return bool(entry.offset > row[1]) if row[0] == entry.partition else bool(entry.at >= row[2])

    def _edge(self) -> tuple[int, int, int] | None:
        """Order key of the last article that the window has room for, where it is full."""
        edge: tuple[int, int, int] | None = self._db.execute(
            f"SELECT rank, partition, offset FROM entry WHERE {_LISTED} "  # noqa: S608 - names of our own
            "ORDER BY rank DESC, partition DESC, offset DESC LIMIT 1 OFFSET ?",
            (self.articles - 1,),
        ).fetchone()
        return edge

    def _evict(self, *, live: bool) -> None:
        edge = self._edge()
        if edge is not None:
            self._lift(self._drop("(rank, partition, offset) < (?, ?, ?)", edge))
        if live:  # while the window is built backwards, a withdrawal must be known when its article is met
            self._evict_oldest(f"NOT ({_LISTED})", self._entries(f"NOT ({_LISTED})") - self.articles)
        while self._bytes > self._size and (entries := self._entries("true")) > 1:
            self._full_at = self._evict_oldest("true", 1 + entries // 16)

    def _entries(self, where: str) -> int:
        found: int = self._db.execute(f"SELECT count(*) FROM entry WHERE {where}").fetchone()[0]  # noqa: S608
        return found

    def _evict_oldest(self, where: str, entries: int) -> int:
        """Drop the oldest of such entries; the rank of the last that went."""
        if entries <= 0:
            return 0
        oldest = self._db.execute(
            f"SELECT rank, partition, offset FROM entry WHERE {where} "  # noqa: S608 - names of our own
            "ORDER BY rank, partition, offset LIMIT ?",
            (entries,),
        ).fetchall()
        for _, *key in oldest:
            self._lift(self._drop("partition = ? AND offset = ?", tuple(key)))
        last: int = oldest[-1][0]
        return last

    def _drop(self, where: str, values: tuple[Any, ...]) -> Mapping[int, int]:
        """Delete entries; the highest offset that went, by partition."""
        gone: dict[int, int] = {}
        statement = f"DELETE FROM entry WHERE {where} RETURNING partition, offset, size"  # noqa: S608 - names of our own
        for partition, offset, size in self._db.execute(statement, values).fetchall():
            gone[partition] = max(gone.get(partition, 0), offset)
            self._bytes -= size
        return gone

    def _lift(self, gone: Mapping[int, int]) -> None:
        for partition, offset in gone.items():
            self.floor[partition] = max(self.floor.get(partition, 0), offset + 1)
