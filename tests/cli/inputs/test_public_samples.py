"""Archives that other projects keep as samples, where they are at hand: all are read, and little is told."""

from collections import Counter
from pathlib import Path

import pytest

from broadsheet.inputs import read_inputs, sources
from broadsheet.options import Limits, Options
from broadsheet.pipeline import read_page

SAMPLES = Path(__file__).parents[4] / "shared" / "cases" / "archives"
LOST = {"badexample", "clipped", "HTTP204", "broken", "invalid_example_1", "bad", "example", "example-trunc"} | {
    "example-bad-length"
}
"""Archives that are broken themselves, by the start of their names."""


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample archives are not here")
def test_every_public_sample_is_read() -> None:
    seen: Counter[str] = Counter()
    for file in sorted(path for path in SAMPLES.rglob("*") if path.is_file()):
        for page in read_inputs(sources([str(file)]), Limits()):
            seen["told" if page.fault else "pages"] += 1
            if page.fault is not None:
                assert file.name.partition(".")[0] in LOST, f"{page.name}: {page.fault}"
    assert seen["pages"] >= 290
    assert seen["told"] <= 16


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample archives are not here")
def test_dates_of_less_than_a_minute_leave_their_page() -> None:
    [file] = SAMPLES.rglob("clueweb-quirk.warc.gz")
    results = [read_page(page.raw, Options()) for page in read_inputs(sources([str(file)]), Limits())]
    assert len(results) == 29
    assert all(result.page.fetched_at is None for result in results)
    assert all("WARC" not in told and "fetched-at" in told for result in results for told in result.page.left_out)
