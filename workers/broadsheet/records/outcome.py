"""The `pages.outcomes` record, `outcome/1`: what became of a page and why. One for every page, read or not."""

from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.decode import identify
from broadsheet.errors import NoneReason, Reason
from broadsheet.records.dead import one_line
from broadsheet.records.reading import (
    LIST,
    NUMBER,
    OBJECT,
    PAGE_FIELDS,
    TEXT,
    TEXT_OR_NULL,
    RecordError,
    Types,
    read_record,
)
from broadsheet.records.reading import hold as hold_fields
from broadsheet.records.writing import page_fields, record_bytes
from broadsheet.values import PageRef, PageResult, RawPage

SCHEMA = "outcome/1"
_DETAIL_CHARS = 1_000
RESULTS = ("articles", "none", "dead")

_FIELDS: Mapping[str, Types] = {
    "schema": TEXT,
    "page": OBJECT,
    "result": TEXT,
    "articles": LIST,
    "reason": TEXT_OR_NULL,
    "detail": TEXT_OR_NULL,
    "timings_ms": OBJECT,
}
_REASONS: Mapping[str, frozenset[str | None]] = {
    "articles": frozenset({None}),
    "none": frozenset(reason.value for reason in NoneReason),
    "dead": frozenset(reason.value for reason in Reason),
}


def outcome_record(result: PageResult) -> bytes:
    """The outcome of a page that was read: `articles` with their ids in the page's order, or `none` and why. `detail`
    tells what of the scraper's words was left out, as it could not be read.

    Raises ValueError for a result that has neither articles nor a reason, or both.
    """
    if bool(result.articles) is (result.reason is not None):
        raise ValueError("a page has articles or a reason for having none")
    ids = [article.id for article in result.articles]
    name = "articles" if ids else "none"
    detail = "; ".join(result.page.left_out)[:_DETAIL_CHARS] or None
    return _record(
        result.page.ref,
        name,
        ids,
        result.timings_ms,
        reason=result.reason,
        detail=detail,
        confidence=result.confidence,
    )


def dead_outcome_record(
    raw: RawPage, reason: Reason, detail: str, timings_ms: Mapping[str, float] | None = None
) -> bytes:
    """The outcome of a page that could not be read: `dead`, the reason and its detail in one line of 500 characters.

    Of the page it says what can be told without reading it (`decode.identify`); the rest is null.
    """
    return _record(identify(raw), "dead", (), timings_ms or {}, reason=reason, detail=one_line(detail))


def read_outcome(value: bytes) -> dict[str, Any]:
    """A `pages.outcomes` record as a dict. Raises `RecordError` where it does not hold to the contract."""
    record = read_record(value, SCHEMA, _FIELDS, {"page": PAGE_FIELDS})
    result, reason = record["result"], record["reason"]
    if result not in RESULTS:
        raise RecordError(f"result: not one of {', '.join(RESULTS)}: {ascii(result)[:60]}")
    if reason not in _REASONS[result]:
        raise RecordError(f"reason: not one of a page that ends as {result}: {ascii(reason)[:60]}")
    if bool(record["articles"]) is not (result == "articles"):
        raise RecordError(f"articles: {len(record['articles'])} of a page that ends as {result}")
    timings = record["timings_ms"]
    hold_fields(timings, dict.fromkeys(timings, NUMBER), "timings_ms.")
    return record


def _record(
    ref: PageRef,
    result: str,
    ids: Sequence[str],
    timings_ms: Mapping[str, float],
    *,
    reason: Reason | NoneReason | None,
    detail: str | None = None,
    confidence: float | None = None,
) -> bytes:
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "page": page_fields(ref),
        "result": result,
        "articles": ids,
        "reason": None if reason is None else reason.value,
        "detail": detail,
        "timings_ms": {stage: round(ms, 3) for stage, ms in timings_ms.items()},
    }
    if confidence is not None:
        record["confidence"] = confidence
    return record_bytes(record)
