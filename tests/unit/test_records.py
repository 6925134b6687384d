"""Records: what their writers promise beyond the examples of the contract."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from broadsheet.errors import NoneReason, Reason
from broadsheet.moments import read_moment, written_moment
from broadsheet.records import (
    DeadLetter,
    RecordError,
    article_record,
    dead_headers,
    outcome_record,
    read_article,
    read_dead,
    without_dead_headers,
)
from broadsheet.values import Origin, PageResult, RawPage
from tests.contract.holding import valid
from tests.contract.written import ARTICLE, NOW, PAGE


def test_only_pipeline_changes_with_the_run() -> None:
    one = orjson.loads(article_record(ARTICLE, extracted_at=NOW, cpu_ms=1))
    two = orjson.loads(article_record(ARTICLE, extracted_at=NOW + timedelta(days=1), cpu_ms=2))
    assert one.pop("pipeline") != two.pop("pipeline")
    assert orjson.dumps(one) == orjson.dumps(two)


def test_lone_surrogates_do_not_reach_a_record() -> None:
    article = replace(ARTICLE, headline="Tide \ud83c table", keywords=("\udc00",), metadata={"\ud800": 1})
    record = valid("article", article_record(article, extracted_at=NOW, cpu_ms=1))
    assert (record["headline"], record["keywords"], record["metadata"]) == (
        "Tide \ufffd table",
        ["\ufffd"],
        {"\ufffd": 1},
    )


def test_a_sample_is_as_long_as_asked() -> None:
    record = valid("article", article_record(ARTICLE, extracted_at=NOW, cpu_ms=1, sample_chars=5))
    assert [one["sample"] for one in record["removed"]] == ["Share", "Adver"]


def test_a_reader_lives_beside_a_newer_writer() -> None:
    record = orjson.loads(article_record(ARTICLE, extracted_at=NOW, cpu_ms=1))
    assert read_article(orjson.dumps({**record, "mood": "calm"}))["mood"] == "calm"


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        article_record(ARTICLE, extracted_at=datetime(2026, 3, 2), cpu_ms=1)


@pytest.mark.parametrize(
    "result", [PageResult(PAGE, (), None), PageResult(PAGE, (ARTICLE,), NoneReason.EMPTY)], ids=["neither", "both"]
)
def test_an_outcome_has_articles_or_a_reason(result: PageResult) -> None:
    with pytest.raises(ValueError, match="articles or a reason"):
        outcome_record(result)


def test_a_page_s_own_headers_stay_as_they_are() -> None:
    own = (("url", b"\xff\xfe"), ("x", b"1"), ("x", b"2"), ("dead-end", b"mine"))
    raw = RawPage(b"...", headers=own, origin=Origin("pages.raw", 0, 1))
    letter = dead_headers(raw, Reason.CRASHED, "x", NOW)
    assert letter[: len(own)] == own
    assert without_dead_headers(letter) == own


def test_a_page_keeps_its_first_origin_and_counts_on() -> None:
    headers: tuple[tuple[str, bytes], ...] = ()
    for attempt in (1, 2, 3):
        headers = dead_headers(
            RawPage(b"...", headers=headers, origin=Origin("pages.raw", 0, attempt)), Reason.TIMEOUT, "slow", NOW
        )
        letter = read_dead(headers)
        assert letter.attempts == attempt
        assert letter.origin == Origin("pages.raw", 0, 1)
        assert letter.last_origin == Origin("pages.raw", 0, attempt)
        assert len(headers) == 6


GOOD_PAST = (("dead-origin", b"pages.raw/0/1"), ("dead-attempts", b"2"))


@pytest.mark.parametrize(
    "headers",
    [
        GOOD_PAST[:1],
        GOOD_PAST[1:],
        (*GOOD_PAST, GOOD_PAST[0]),
        (*GOOD_PAST, GOOD_PAST[1]),
        *(
            (GOOD_PAST[0], ("dead-attempts", value))
            for value in (b"", b"two", b"0", b"-1", b"9" * 40, b"999999999", b"\xc2\xb2", "\u0663".encode(), b"\xff")
        ),
        *(
            (("dead-origin", value), GOOD_PAST[1])
            for value in (
                b"", b"\xff", b"pages.raw", b"pages.raw/0", b"/0/1", b"pages.raw/0/-1", b"pages.raw/0/1/2",
                b"pages\x1b[2J/0/1", b"p" * 250 + b"/0/1", b"pages.raw/0/7", b"pages.raw/0/99999",
            )
        ),
    ],
)  # fmt: skip
def test_a_past_that_cannot_be_read_or_does_not_fit_is_not_believed(headers: tuple[tuple[str, bytes], ...]) -> None:
    """Its letter is one of ours all the same, and names where it stands now."""
    stands = Origin("pages.raw", 0, 7)
    for order in (headers, headers[::-1]):
        letter = read_dead(dead_headers(RawPage(b"...", headers=order, origin=stands), Reason.TIMEOUT, "slow", NOW))
        assert letter == DeadLetter(Reason.TIMEOUT, "slow", stands, NOW, 1, stands)


def test_a_past_that_fits_is_believed() -> None:
    raw = RawPage(b"...", headers=GOOD_PAST, origin=Origin("pages.raw", 0, 7))
    letter = read_dead(dead_headers(raw, Reason.TIMEOUT, "slow", NOW))
    assert (letter.origin, letter.attempts) == (Origin("pages.raw", 0, 1), 3)


def test_a_dead_letter_that_is_none_is_refused() -> None:
    with pytest.raises(RecordError, match="dead-reason: missing"):
        read_dead((("url", b"x"),))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T07:15:30Z", datetime(2026, 3, 2, 7, 15, 30, tzinfo=UTC)),
        ("2026-03-02T07:15:30.1234567+05:30", datetime(2026, 3, 2, 7, 15, 30, 123456, timezone(timedelta(hours=5.5)))),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment
    assert read_moment(written_moment(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02", "2026-03-02T07:15:30", "2026-03-02 07:15:30Z", "2026-03-02T07:15Z", "2026-3-2T07:15:30Z",
        "2026-03-02T24:00:00Z", "2026-03-02T07:15:61Z", "2026-02-29T07:15:30Z", "2026-03-02T07:15:30+0100",
        "20260302T071530Z", "9999-12-31T23:59:60Z", "٢٠٢٦-03-02T07:15:30Z", "2026-03-02T07:15:30Z\n", "",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_moment(text)
