"""The page in a real Chromium: live, safe with whatever was scraped, and usable without its script."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from tests.brokers import missing
from tests.feed.conftest import Produce, Serve
from tests.feed.records import record

pytestmark = [pytest.mark.kafka, pytest.mark.browser]

HOSTILE = [
    '<script>window.hit = "script"</script>',
    "<img src=x onerror=\"window.hit = 'image'\">",
    '"><svg onload="window.hit = \'svg\'">',
    "</title></template><iframe srcdoc=\"<script>parent.hit = 'frame'</script>\"></iframe>",
    "{{ 7 * 7 }} ${7 * 7} javascript:window.hit='link'",
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium. None on this machine: skipped with a line, and on CI failed."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("no Chromium for this test (Debian: apt install chromium)")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=root)
        yield chromium
        await chromium.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page on which nothing may go wrong: no script error, nothing blocked, no dialog."""
    made = await browser.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(f"error: {error}"))
    made.on("console", lambda said: _note(said, faults))
    made.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    made.set_default_timeout(30_000)
    yield made
    assert faults == []


def _note(said: ConsoleMessage, faults: list[str]) -> None:
    # that a server is gone is what some tests are about; any other message is a fault, a blocked script above all
    if said.type in ("error", "warning") and "net::ERR_" not in said.text:
        faults.append(f"console: {said.text}")


async def test_an_article_appears_when_it_is_produced(serve: Serve, produce: Produce, page: Page) -> None:
    await produce("first", record("first", headline="The first ferry"))
    async with serve(title="The Wire") as address:
        await page.goto(address)
        await expect(page.locator("h1")).to_have_text("The Wire")
        await expect(page.locator("#state")).to_have_text("Live")
        await expect(page.locator(".card .headline")).to_have_text(["The first ferry"])
        await produce("second", record("second", headline="The second ferry"))
        await expect(page.locator(".card .headline")).to_have_text(["The second ferry", "The first ferry"])
        await produce("first", record("first", headline="The first ferry, again"))
        await expect(page.locator(".card .headline")).to_have_text(["The first ferry, again", "The second ferry"])
        await expect(page.locator("#news")).to_have_text("1 new article")
        await produce("second", None)
        await expect(page.locator(".card .headline")).to_have_text(["The first ferry, again"])
        card = page.locator(".card").first
        await expect(card.locator(".original")).to_have_attribute("href", "https://harbour-post.example/news/first")
        await expect(card.locator(".original")).to_have_attribute("rel", "noopener noreferrer nofollow")
        await card.locator(".headline a").click()
        await expect(page.locator("h1")).to_have_text("The first ferry, again")
        await expect(page.locator(".text p")).to_have_text(
            ["The ferry left at seven.", "Nobody was left behind on the quay."]
        )
        await page.locator(".masthead a").click()
        await expect(page.locator("#state")).to_have_text("Live")
        await page.goto("about:blank")


@pytest.mark.parametrize("live", [False, True], ids=["written by the server", "put in live"])
async def test_nothing_that_was_scraped_is_executed(serve: Serve, produce: Produce, page: Page, live: bool) -> None:
    bad = "".join(HOSTILE)
    hostile = record(
        "<b>&\"'/../x",
        **{"url": "javascript:window.hit='url'", "headline": bad, "subheadline": bad, "summary": bad, "section": bad},
        **{"body_text": bad, "blocks": [{"type": "paragraph", "text": bad}, {"type": bad, "text": bad, "url": bad}]},
        **{"authors": [{"name": bad, "url": "javascript:window.hit='author'"}], "keywords": [bad]},
        **{"language": {"code": '"><script>', "confidence": 1.0}, "site": {"domain": bad, "name": bad}},
        images=[{"url": "javascript:window.hit='image'", "caption": bad, "credit": bad, "alt": bad}],
    )
    if not live:
        await produce("x", hostile)
    async with serve() as address:
        await page.goto(address)
        await expect(page.locator("#state")).to_have_text("Live")
        if live:
            await produce("x", hostile)
        headline = page.locator(".card .headline")
        await expect(headline).to_have_text(bad)
        assert await page.evaluate("window.hit") is None
        assert await page.locator(".card .original").count() == 0
        assert await page.locator("main :is(script, img, svg, iframe, style)").count() == 0
        await headline.locator("a").click()
        await expect(page.locator("h1")).to_have_text(bad)
        assert await page.evaluate("window.hit") is None
        assert await page.locator(":is(script, img, svg, iframe, style), [href^='javascript:']").count() == 0


async def test_the_page_says_when_it_is_cut_off_and_catches_up(serve: Serve, produce: Produce, page: Page) -> None:
    async with serve() as address:
        port = int(address.rpartition(":")[2])
        await page.goto(address)
        await expect(page.locator("#empty")).to_be_visible()
        await expect(page.locator("#state")).to_have_text("Live")
    await expect(page.locator("#state")).to_have_text("Reconnecting…")
    await produce("missed", record("missed", headline="Sent while nobody listened"))
    async with serve(port=port):
        await expect(page.locator("#state")).to_have_text("Live")
        await expect(page.locator(".card .headline")).to_have_text(["Sent while nobody listened"])
        await expect(page.locator("#empty")).to_be_hidden()


async def test_a_paused_page_holds_still(serve: Serve, produce: Produce, page: Page) -> None:
    async with serve() as address:
        await page.goto(address)
        await expect(page.locator("#state")).to_have_text("Live")
        await page.get_by_role("button", name="Pause").click()
        for n in range(3):
            await produce(f"a{n}", record(f"a{n}"))
        waiting = page.get_by_role("button", name="Show 3 new articles")
        await expect(waiting).to_be_visible()
        assert await page.locator(".card").count() == 0
        await page.get_by_role("button", name="Resume").click()
        await expect(page.locator(".card")).to_have_count(3)
        await expect(waiting).to_be_hidden()


async def test_filters_and_writing_directions(serve: Serve, produce: Produce, page: Page) -> None:
    await produce("en", record("en"))
    await produce("ar", record("ar", headline="العبّارة تغادر في موعدها", language={"code": "ar", "confidence": 1.0}))
    async with serve() as address:
        await page.goto(address)
        await page.get_by_label("Language").select_option("ar")
        await page.wait_for_url("**/?language=ar")
        await expect(page.locator(".card")).to_have_count(1)
        headline = page.locator(".card .headline")
        assert await headline.evaluate("element => getComputedStyle(element).direction") == "rtl"
        await expect(page.locator("#state")).to_have_text("Live")
        await produce("en2", record("en2"))
        await produce("ar2", record("ar2", headline="خبر ثانٍ", language={"code": "ar", "confidence": 1.0}))
        await expect(headline).to_have_text(["خبر ثانٍ", "العبّارة تغادر في موعدها"])


async def test_without_its_script_the_page_can_be_read(serve: Serve, produce: Produce, browser: Browser) -> None:
    await produce("a", record("a"))
    async with serve() as address:
        page = await browser.new_page(java_script_enabled=False)
        await page.goto(address)
        await expect(page.locator(".card .headline")).to_have_text("Ferry a leaves on time")
        await expect(page.locator("#state")).to_have_text("Not live")
        await expect(page.get_by_role("button", name="Pause")).to_be_hidden()
