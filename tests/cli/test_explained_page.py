"""`broadsheet extract --html`: one page in a real Chromium, complete, quiet and inert."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from tests.brokers import missing
from tests.cli.running import broadsheet

pytestmark = pytest.mark.browser

PROSE = (
    "The harbour office has redrawn its tide tables after three winters in which the printed times were wrong. ",
    "Captains had complained since the spring that the pier was reached by water earlier than the tables said. ",
    "The new tables will be posted on Monday at the fish hall, the library and the pier itself, the office said. ",
)
HOSTILE = '<script>window.hit = "script"</script><img src="https://evil.example/x.png" onerror="window.hit = 1">'


def article(headline: str) -> str:
    return f"<article><h2>{headline}</h2>{''.join(f'<p>{line * 3}</p>' for line in PROSE)}</article>"


def shown(text: str) -> str:
    """Text that a page shows and does not obey."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


PAGE = f"""<html lang="en"><head><title>{shown(HOSTILE)} news</title></head><body><nav><a href="/">Home</a></nav>
<main>{article("Tide tables redrawn")}{article(shown(HOSTILE) + " closed")}</main>
<footer><p>© 2026 The Harbour Post {shown(HOSTILE)}</p></footer></body></html>"""


async def opened(file: Path, requests: list[str], faults: list[str]) -> tuple[Page, object]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("no Chromium for this test (Debian: apt install chromium)")
    playwright = await async_playwright().start()
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = await playwright.chromium.launch(executable_path=path, args=root)
    page = await browser.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text))
    await page.goto(file.as_uri())
    return page, playwright


async def test_a_person_sees_what_was_kept_dropped_and_cut(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    run = broadsheet("extract", "--html", "told.html", "page.html", cwd=tmp_path)
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) == 2
    requests: list[str] = []
    faults: list[str] = []
    page, playwright = await opened(tmp_path / "told.html", requests, faults)
    try:
        assert await page.locator(".block.kept p").all_inner_texts() == [(line * 3).strip() for line in PROSE] * 2
        dropped = page.locator(".block.dropped", has_text="© 2026 The Harbour Post")
        assert (await dropped.locator(".kind").inner_text()).startswith("footer")
        assert await dropped.is_visible()
        assert await page.locator(".cut").all_inner_texts() == ["✂ cut: article 2 of 2 starts here"]
        assert await page.locator("h2").all_inner_texts() == [
            "1 of 2: Tide tables redrawn",
            f"2 of 2: {HOSTILE} closed",
        ]
        assert "footer 1×" in await page.locator(".legend").inner_text()
        await page.locator("#dropped").uncheck()
        assert not await dropped.is_visible()
        order = await page.locator(".cut, .block").evaluate_all("them => them.map(one => one.className.trim())")
        assert order[order.index("cut") + 1 :][:4] == ["block field", *["block kept"] * 3]
        assert await page.evaluate("window.hit") is None
        assert await page.locator("script, img, a, link, iframe").count() == 0
        assert requests == [(tmp_path / "told.html").as_uri()]
        assert faults == []
    finally:
        await page.context.browser.close()  # type: ignore[union-attr]
        await playwright.stop()  # type: ignore[attr-defined]


def test_pages_of_every_end_are_told_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").write_text("<html><body><p>Nothing here.</p></body></html>")
    (tmp_path / "c.ndjson").write_text('{"url": "<script>"\n')
    run = broadsheet("extract", "--html", "told.html", "a.html", "b.html", "c.ndjson", cwd=tmp_path)
    assert run.returncode == 3
    told = (tmp_path / "told.html").read_text()
    assert [part in told for part in ("a.html", "b.html", "c.ndjson:1")] == [True] * 3
    assert "no article: no-article-text" in told
    assert "dead: invalid-envelope" in told
    assert told.count("<html") == told.count("</html>") == 1


def test_a_page_to_be_read_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    run = broadsheet("extract", "--html", "a.html", "a.html", cwd=tmp_path)
    assert run.returncode == 2
    assert (tmp_path / "a.html").read_text() == PAGE
