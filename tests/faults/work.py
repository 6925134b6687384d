"""Page work that costs nothing and does as the page says: for tests of delivery, and for benchmarks.

The page is JSON: {"id": "p1", "articles": 2} gives two articles; "none", "dead", "sleep" (seconds), "die", "memory"
(bytes), "hang" and "raise" do what they say. "die_once" names a file that remembers, "until" one to wait for.
"""

import json
import os
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from broadsheet.errors import Reason
from broadsheet.options import Options
from broadsheet.runtime import work
from broadsheet.runtime.children.results import Read, Unread, Work
from broadsheet.values import RawPage


def work_page(raw: RawPage, options: Options, extracted_at: datetime) -> Work:
    """The records of a page of ours, the same each time."""
    page: dict[str, Any] = json.loads(raw.value)
    _act(page)
    if "dead" in page:
        return Unread(Reason(page["dead"]), "as the page asked")
    keys = [f"{page['id']}#{number}" for number in range(page.get("articles", 0))]
    articles = tuple((key.encode(), json.dumps({"id": key, "pad": page.get("pad", "")}).encode()) for key in keys)
    outcome = json.dumps({"page": page["id"], "articles": keys}).encode()
    return Read(articles, outcome, "articles" if articles else "none")


def real_work(raw: RawPage, options: Options, extracted_at: datetime) -> Work:
    """The real work of a page, but for those of one site, on which it breaks."""
    if b"https://hostile.example/" in raw.value:
        raise ValueError("a page that nobody thought of")
    return work.work_page(raw, options, extracted_at)


def _act(page: dict[str, Any]) -> None:
    while "until" in page and not Path(page["until"]).exists():
        time.sleep(0.02)
    if "sleep" in page:
        time.sleep(page["sleep"])
    if "hang" in page:
        time.sleep(3_600)
    if "die" in page or _first_time(page.get("die_once")):
        os.kill(os.getpid(), signal.SIGKILL)
    if "memory" in page:
        bytearray(page["memory"])
    if "raise" in page:
        raise ValueError(page["raise"])


def _first_time(file: str | None) -> bool:
    if file is None or Path(file).exists():
        return False
    Path(file).touch()
    return True
