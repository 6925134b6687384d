"""Each example of a raw page goes through the decoder: good ones give their page, bad ones are refused as they say,
tolerated ones give their page without the field that is wrong.
"""

from typing import Any

import pytest

from broadsheet.decode import decode
from broadsheet.errors import PageError
from broadsheet.options import Limits
from broadsheet.values import Page, RawPage
from tests.contract.examples import Example, examples
from tests.contract.holding import faults, valid

ENVELOPE = {"envelope", "charset"}  # forms, by the start of the file's name, whose value the schema describes


def field(page: Page, name: str) -> Any:
    value = getattr(page, name)
    return value.isoformat() if name == "fetched_at" and value is not None else value


@pytest.mark.parametrize("example", examples("raw-page", "good"))
def test_good_example_gives_its_page(example: Example) -> None:
    page = decode(example.raw_page(), Limits())
    expected = example.held["page"]
    assert {name: field(page, name) for name in expected} == expected
    assert len(page.sha256) == 64


@pytest.mark.parametrize("example", examples("raw-page", "bad"))
def test_bad_example_is_refused_with_its_reason(example: Example) -> None:
    with pytest.raises(PageError) as refused:
        decode(example.raw_page(), example.limits())
    assert refused.value.reason.value == example.held["reason"]
    assert refused.value.detail.startswith(example.held["detail"]) or (
        refused.value.reason.value != "invalid-envelope" and example.held["detail"] in refused.value.detail
    )
    assert "\n" not in refused.value.detail


@pytest.mark.parametrize("example", examples("raw-page", "tolerated"))
def test_tolerated_example_gives_its_page_and_tells_what_is_left_out(example: Example) -> None:
    page = decode(example.raw_page(), Limits())
    expected = example.held["page"]
    assert {name: field(page, name) for name in expected} == expected
    assert "Ferry back in service" in page.text
    assert [told.startswith(start) for told, start in zip(page.left_out, example.held["left_out"], strict=True)] == [
        True
    ]


@pytest.mark.parametrize("example", examples("raw-page", "good"))
def test_good_example_is_read_in_full(example: Example) -> None:
    assert decode(example.raw_page(), Limits()).left_out == ()


@pytest.mark.parametrize("example", examples("raw-page", "good"))
def test_good_envelope_is_valid(example: Example) -> None:
    value = example.held["message"].get("value")
    if example.path.stem.partition("-")[0] in ENVELOPE and isinstance(value, dict):
        valid("raw-page", value)


@pytest.mark.parametrize("example", [*examples("raw-page", "bad"), *examples("raw-page", "tolerated")])
def test_bad_envelope_is_valid_only_where_the_schema_cannot_tell(example: Example) -> None:
    if "schema" in example.held:
        found = faults("raw-page", example.held["message"]["value"])
        assert bool(found) is (example.held["schema"] == "invalid"), found


@pytest.mark.parametrize("name", ["content-type", "charset", "url", "status", "ce_specversion", "traceparent"])
def test_header_without_a_value_is_as_none(name: str) -> None:
    empty: Any = None
    headers = (("content-type", b"text/html"), ("page-id", b"ferry"), (name, empty))
    assert decode(RawPage(b"<p>Ferry back in service", headers=headers), Limits()).text == "<p>Ferry back in service"
