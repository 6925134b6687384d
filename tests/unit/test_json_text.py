"""JSON is read and written only where there is room for it."""

import subprocess
import sys

import pytest

from broadsheet.errors import PageError, Reason
from broadsheet.json_text import MOST_HELD, UNCOUNTED, held_bytes, read_json, write_json
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import RawPage
from tests.hostile.structures import LONG

CAPPED = """
import resource, sys
from broadsheet.json_text import read_json, write_json
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 100 * 2**20,) * 2)
try:
    {call}
except MemoryError:
    sys.exit(3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads its size from /proc")
@pytest.mark.parametrize(
    "call",
    ['read_json("[" + "[]," * 700_000 + "1]")', 'read_json(b"[" + b"{}," * 600_000 + b"1]")',
     'write_json(["x" * 30_000_000], 30_000_000)', 'write_json("é" * 40_000_000, 40_000_000)'],
)  # fmt: skip
def test_a_process_that_lacks_the_room_says_so_and_goes_on(call: str) -> None:
    ended = subprocess.run([sys.executable, "-c", CAPPED.format(call=call)], check=False, capture_output=True)
    assert ended.returncode == 3, ended.stderr[-300:]


def test_values_are_weighed_by_their_marks() -> None:
    assert held_bytes("[1,2]") == held_bytes(b"[1,2]") < held_bytes('[{"a":1},2]')
    assert read_json('{"a": [1, "é"]}') == {"a": [1, "é"]}
    assert write_json({"a": "é"}) == '{"a":"é"}'.encode()
    with pytest.raises(OverflowError):
        read_json(b"[" + b"[]," * (MOST_HELD // 150) + b"1]")
    assert len(read_json(b"[" + b"1," * UNCOUNTED + b"1]")) == UNCOUNTED + 1


def envelope(body: str, metadata: str) -> RawPage:
    written = f'{{"url":null,"content_type":"text/html","body":"{body}","metadata":{metadata}}}'
    return RawPage(written.encode())


def test_an_envelope_of_too_many_values_is_too_large() -> None:
    with pytest.raises(PageError) as refused:
        read_page(envelope("<p>text", "[" + "[]," * 2_900_000 + "1]"), Options())
    assert refused.value.reason is Reason.TOO_LARGE


def test_what_the_articles_of_a_page_would_repeat_is_bounded() -> None:
    story = "<article><h1>Ferry {n} late again</h1><p>By Anna Berg</p>" + f"<p>{{n}} {LONG * 8}</p>" * 3 + "</article>"
    body = "".join(story.format(n=n) for n in range(40))
    small = read_page(envelope(body, '{"a": "' + "x" * 1_000 + '"}'), Options())
    assert len(small.articles) == 40
    with pytest.raises(PageError) as refused:
        read_page(envelope(body, '{"a": "' + "x" * 1_000_000 + '"}'), Options())
    assert refused.value.reason is Reason.TOO_LARGE
