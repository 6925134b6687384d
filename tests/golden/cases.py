"""Golden cases: a folder each, with a page as it was sent and the records that it should give.

`page.*` is the message's value and `headers.json` its headers; a case named as a shipped sample page takes both from
there. `expected.json` tells the outcome. To write it anew on purpose: `python -m tests.golden.cases [NAME ...]`.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record
from broadsheet.samples import samples
from broadsheet.values import RawPage

HERE = Path(__file__).parent
FROZEN = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


def case_names() -> list[str]:
    """The folders with a page of their own, and the shipped samples."""
    own = (path.parent.name for path in HERE.glob("*/headers.json"))
    return sorted({*own, *(sample.name for sample in samples())})


def case_page(name: str) -> RawPage:
    """The message that a case reads."""
    for sample in samples():
        if sample.name == name:
            return sample.raw
    headers = json.loads((HERE / name / "headers.json").read_text("utf-8"))
    (page,) = (HERE / name).glob("page.*")
    return RawPage(page.read_bytes(), headers=tuple((key, value.encode()) for key, value in headers.items()))


def outcome(raw: RawPage) -> dict[str, Any]:
    """What a page gives, with time frozen: records, or the reason why there are none."""
    try:
        result = read_page(raw, Options())
    except PageError as error:
        return {"result": "dead", "reason": error.reason.value}
    if not result.articles:
        return {"result": "none", "reason": result.reason.value if result.reason else None}
    records = [article_record(a, result.page, extracted_at=FROZEN, cpu_ms=0.0) for a in result.articles]
    return {"result": "articles", "records": [json.loads(record) for record in records]}


def expected(name: str) -> dict[str, Any]:
    """What a case should give."""
    loaded: dict[str, Any] = json.loads((HERE / name / "expected.json").read_text("utf-8"))
    return loaded


def main(names: list[str]) -> None:
    """Write the expected outcome of the cases named, or of all."""
    for name in names or case_names():
        path = HERE / name / "expected.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(outcome(case_page(name)), ensure_ascii=False, indent=1) + "\n", "utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
