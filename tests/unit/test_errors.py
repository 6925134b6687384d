"""What an exception says of the page that raised it is told in one way, by the core and by a worker's children."""

from datetime import UTC, datetime

import pytest

from broadsheet import pipeline
from broadsheet.errors import PageError, Reason, page_error
from broadsheet.options import Options
from broadsheet.runtime.children.results import Unread, unread
from broadsheet.runtime.work import work_page
from broadsheet.values import RawPage


def raised(error: Exception) -> Exception:
    """The error as it comes from somewhere."""
    try:
        raise error
    except Exception as caught:
        return caught


def test_the_one_error_stays_what_it_is() -> None:
    error = PageError(Reason.TOO_LARGE, "12 bytes")
    assert page_error(raised(error)) is error


def test_a_lack_of_memory_has_its_own_reason() -> None:
    assert page_error(raised(MemoryError())).reason is Reason.OUT_OF_MEMORY


def test_all_else_is_a_fault_of_ours_on_one_line_with_its_place() -> None:
    told = page_error(raised(ValueError("first\nsecond " + "x" * 1_000)))
    assert told.reason is Reason.INTERNAL_ERROR
    assert told.detail.startswith("ValueError: first second xxx")
    assert f"({__name__}:" in told.detail
    assert "\n" not in told.detail
    assert len(told.detail) < 400


def test_an_error_without_a_place() -> None:
    assert page_error(KeyError("a")).detail == "KeyError: 'a'"


@pytest.mark.parametrize("error", [KeyError("a"), MemoryError(), PageError(Reason.UNDECODABLE, "no text")])
def test_the_library_and_a_child_say_the_same(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "decode", broken)
    with pytest.raises(PageError) as caught:
        pipeline.read_page(RawPage(b"<p>page"), Options())
    assert unread(caught.value) == unread(raised(error))


def test_work_on_a_page_that_cannot_be_read_tells_its_reason() -> None:
    work = work_page(RawPage(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Options(), datetime.now(UTC))
    assert isinstance(work, Unread)
    assert work.reason is Reason.UNSUPPORTED_CONTENT_TYPE
