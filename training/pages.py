"""The page sets with truth: read, scanned and labelled once, kept by the trainer in memory."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

SETS = ("dev-wcxb-article", "dev-fundus", "dev-wcxb-article-more", "dev-wcxb-other", "dev-wcxb-other-more")


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page with its true text; `site` groups the folds: one registered domain or publisher never spans two."""

    id: str
    set: str
    site: str
    type: str
    url: str
    html: str
    truth: str
    title: str


def read_set(folder: Path, name: str) -> Iterator[TruePage]:
    """The pages of one set, in its order."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            truth = row.get("truth") or {}
            yield TruePage(
                id=row["id"],
                set=name,
                site=site_of(row["url"]),
                type=row["type"],
                url=row["url"],
                html=row["html"],
                truth=truth.get("text") or "",
                title=truth.get("title") or "",
            )


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def site_of(url: str) -> str:
    """The registered domain of an address."""
    host = (urlsplit(url).hostname or "").lower()
    return _suffixes().privatesuffix(host) or host
