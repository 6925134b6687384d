"""What other tools write as JSON, read by a mapping: the built-in ones, and the user's own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from broadsheet.inputs import Input, Mapped, MappingError, read_inputs, read_mapping, sources
from broadsheet.options import Limits, Options
from broadsheet.pipeline import read_page
from tests.cli.inputs.reading import (
    ENVELOPE,
    PLACE,
    PLACES,
    envelopes,
    header,
    read,
)

ROOT = Path(__file__).parents[3]
PAGES = {
    "firecrawl": (
        {"success": True, "data": {"markdown": "# Tides\n\nRedrawn.", "metadata": {"sourceURL": PLACE}}},
        "<h1>Tides</h1>",
    ),
    "firecrawl, a crawl": (
        {"status": "completed", "data": [{"rawHtml": "<p>Tides", "metadata": {"sourceURL": PLACE}}]},
        "<p>Tides",
    ),
    "crawl4ai": (
        {"url": PLACE, "html": "<p>Tides", "cleaned_html": "<p>T", "success": True, "metadata": {}},
        "<p>Tides",
    ),
    "jina": (
        {"code": 200, "data": {"title": "Tides", "url": PLACE, "content": "*Redrawn*", "usage": {}}},
        "<em>Redrawn</em>",
    ),
    "trafilatura": (
        {
            "title": "Tides",
            "author": "Agnes Tull; Edwin Marle",
            "fingerprint": "0",
            "text": "One\nTwo",
            "source": PLACE,
        },
        '<meta name="author" content="Edwin Marle">',
    ),
    "newspaper": (
        {"url": PLACE, "title": "Tides", "authors": ["Agnes Tull"], "text": "One\n\nTwo", "meta_lang": "en"},
        '<html lang="en">',
    ),
    "nutch": ({"url": PLACE, "response": {"status": "200", "body": "<p>Tides"}, "request": {}}, "<p>Tides"),
    "nutch, indexed": ({"id": PLACE, "title": "Tides", "content": "Redrawn", "tstamp": "1"}, "<p>Redrawn"),
    "stormcrawler": ({"url": PLACE, "title": "Tides", "content": "Redrawn", "domain": "harbour.example"}, "<h1>Tides"),
    "browsertrix": ({"id": "1", "url": PLACE, "title": "Tides", "ts": "2026-03-02T08:00:00Z", "text": "It"}, "<p>It"),
}


class TestOtherTools:
    """What readers, crawlers and indexers write as JSON, by the mappings that come with Broadsheet."""

    @pytest.mark.parametrize(("record", "holds"), PAGES.values(), ids=PAGES)
    def test_is_read_as_a_page(self, write: Callable[[str, bytes], Path], record: dict[str, Any], holds: str) -> None:
        for name in ("out.json", "out.jsonl"):
            [found] = envelopes(read(write(name, orjson.dumps(record))))
            assert found["url"] == PLACE
            assert holds in found["body"]

    def test_own_forms_are_left_as_they_are(self, write: Callable[[str, bytes], Path]) -> None:
        crawled = orjson.dumps({"url": "u", "response_url": "r", "status_code": 200, "crawlid": "c", "markdown": "x"})
        other = b'{"any": "thing"}'
        held = [ENVELOPE, crawled, other, b'{"specversion": "1.0", "text": "x"}']
        assert [page.raw.value for page in read(write("pages.jsonl", b"\n".join(held)))] == held

    def test_what_a_page_says_cannot_leave_its_field(self, write: Callable[[str, bytes], Path]) -> None:
        record = {
            "url": PLACE,
            "title": "</title><script>",
            "text": "<b>",
            "authors": ['"><b>'],
            "meta_lang": '"x',
        }
        [found] = envelopes(read(write("out.json", orjson.dumps(record))))
        assert "<script>" not in found["body"]
        assert "<b>" not in found["body"]

    def test_markdown_of_a_reader(self, write: Callable[[str, bytes], Path]) -> None:
        text = f"Title: Tides redrawn\n\nURL Source: {PLACE}\n\nMarkdown Content:\nThe *harbour* office.\n"
        [page] = read(write("page.md", text.encode()))
        assert page.raw.key == PLACES[0]
        assert b"<h1>Tides redrawn</h1>" in page.raw.value
        assert b"<em>harbour</em>" in page.raw.value
        assert header(page, "content-type") == b"text/html"


MAPPING = """
when = "kind == 'page'"
records = "pages"
[page]
url = "link"
text = "words"
metadata = "@"
"""


class TestMappings:
    @pytest.fixture
    def mapping(self, write: Callable[[str, bytes], Path]) -> Mapped:
        return read_mapping(write("ours.toml", MAPPING.encode()))

    def read(self, mapping: Mapped, *files: Path) -> list[Input]:
        return list(read_inputs(sources([str(file) for file in files]), Limits(), mapping=mapping))

    def test_each_record_gives_its_pages(self, write: Callable[[str, bytes], Path], mapping: Mapped) -> None:
        held = {
            "kind": "page",
            "pages": [{"link": "https://harbour.example/1", "words": "One"}, {"link": "x", "words": ""}],
        }
        other = {"kind": "image"}
        file = write("ours.jsonl", b"\n".join([orjson.dumps(held), orjson.dumps(other)]))
        first, second, third = self.read(mapping, file)
        assert first.name == f"{file}:1[0]"
        assert orjson.loads(first.raw.value)["metadata"] == held["pages"][0]
        assert [page.fault and page.fault.detail for page in (second, third)] == [
            "mapping ours: page.text: no text found",
            "mapping ours: `when` gives nothing for the record",
        ]

    def test_one_that_reads_nothing_is_one_line(self, write: Callable[[str, bytes], Path], mapping: Mapped) -> None:
        file = write("ours.jsonl", b'{"kind": "page", "pages": []}\n' * 500)
        with pytest.raises(MappingError, match="none of the first 100 records is read"):
            self.read(mapping, file)
        with pytest.raises(MappingError, match=r"none of the first 1 records is read.*`records` gives no page"):
            self.read(mapping, write("one.jsonl", b'{"kind": "page", "pages": []}\n'))

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("url = ", "Invalid value"),
            ("[page]\ntext = 'a.['", "page.text: not JMESPath"),
            ("[page]\ntext = 5", "page.text: a JMESPath expression in quotes"),
            ("[page]\ntxt = 'a'", "page.txt: no such field"),
            ("[page]\nurl = 'a'", "one of html, markdown, text is needed"),
            ("[pages]\nurl = 'a'", "no such key: pages"),
            ("", "no table [page]"),
        ],
    )
    def test_malformed_one_names_the_place(self, write: Callable[[str, bytes], Path], content: str, says: str) -> None:
        with pytest.raises(MappingError, match=re.escape(says)):
            read_mapping(write("ours.toml", content.encode()))


def test_the_mapping_of_the_documentation_is_one(write: Callable[[str, bytes], Path]) -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "inputs.md").read_text("utf-8"), re.DOTALL)
    mapping = read_mapping(write("ours.toml", shown.encode()))
    version = {
        "address": PLACE,
        "source": {"html": None, "plain": "The harbour office redrew them."},
        "headline": "Tides",
        "writers": [{"name": "Agnes Tull"}],
        "seen": "2026-03-02T08:00:00Z",
        "desk": 7,
    }
    record = {"kind": "story", "versions": [version]}
    file = write("ours.jsonl", orjson.dumps(record))
    [page] = read_inputs(sources([str(file)]), Limits(), mapping=mapping)
    result = read_page(page.raw, Options())
    assert result.page.url == PLACE
    assert result.page.metadata == {"desk": 7}
    assert '<meta name="author" content="Agnes Tull">' in result.page.text
