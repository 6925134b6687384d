"""Golden cases: a folder each, with a page as it was sent and the records that it should give.

`page.*` is the message's value and `headers.json` its headers; a case named as a shipped sample page takes both from
there. A case with `options.json` reads the page of another case, its "page", with the options that the rest names.
`expected.json` tells the outcome. To write it anew on purpose: `python -m tests.golden.cases [NAME ...]`.
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
OPTIONS = Options()
FROZEN = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


def case_names() -> list[str]:
    """The folders with a page of their own, and the shipped samples."""
    own = (path.parent.name for name in ("headers", "options") for path in HERE.glob(f"*/{name}.json"))
    return sorted({*own, *(sample.name for sample in samples())})


def case_page(name: str) -> RawPage:
    """The message that a case reads."""
    name = _chosen(name).get("page", name)
    for sample in samples():
        if sample.name == name:
            return sample.raw
    headers = json.loads((HERE / name / "headers.json").read_text("utf-8"))
    (page,) = (HERE / name).glob("page.*")
    return RawPage(page.read_bytes(), headers=tuple((key, value.encode()) for key, value in headers.items()))


def case_options(name: str) -> Options:
    """The options that a case reads its page with."""
    return Options(**{key: value for key, value in _chosen(name).items() if key != "page"})


def _chosen(name: str) -> dict[str, Any]:
    path = HERE / name / "options.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def outcome(raw: RawPage, options: Options = OPTIONS) -> dict[str, Any]:
    """What a page gives, with time frozen: records, or the reason why there are none."""
    try:
        result = read_page(raw, options)
    except PageError as error:
        return {"result": "dead", "reason": error.reason.value}
    if not result.articles:
        return {"result": "none", "reason": result.reason.value if result.reason else None}
    records = [article_record(a, extracted_at=FROZEN, cpu_ms=0.0) for a in result.articles]
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
        path.write_text(
            json.dumps(outcome(case_page(name), case_options(name)), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
