"""The spiders that the tests run, each as a crawl of its own process. They leave their statistics in a file."""

import json
from pathlib import Path
from typing import Any

from scrapy.http import Response, TextResponse

import scrapy
from broadsheet.scrapy import PageItem


class _News(scrapy.Spider):
    """Follows each link of the site's front page. `site` and `report` come from the command line."""

    site: str
    report: str

    async def start(self) -> Any:
        yield scrapy.Request(self.site)

    def closed(self, reason: str) -> None:
        stats = self.crawler.stats
        assert stats is not None
        counted = {name: value for name, value in stats.get_stats().items() if isinstance(value, int)}
        Path(self.report).write_text(json.dumps({**counted, "reason": reason}))


class Items(_News):
    """Yields pages by itself, and items that are none."""

    name = "items"
    custom_settings = {"ITEM_PIPELINES": {"broadsheet.scrapy.BroadsheetPipeline": 900}}  # noqa: RUF012

    def parse(self, response: Response, **_: Any) -> Any:
        assert isinstance(response, TextResponse)
        yield {"title": "an item that is no page"}
        for number, link in enumerate(response.css("a::attr(href)").getall()):
            yield response.follow(link, self.parse_story, cb_kwargs={"number": number})

    def parse_story(self, response: Response, number: int) -> Any:
        yield PageItem.from_response(response, page_id=str(number), metadata={"depth": response.meta["depth"]})
        yield {"url": response.urljoin("/dict"), "body": f"<p>text of {number}", "metadata": {"n": number}}
        yield {"url": response.urljoin("/odd"), "body": 5}


class Middleware(_News):
    """Knows nothing of Broadsheet: the middleware makes the pages."""

    name = "middleware"
    custom_settings = {  # noqa: RUF012
        "ITEM_PIPELINES": {"broadsheet.scrapy.BroadsheetPipeline": 900},
        "SPIDER_MIDDLEWARES": {"broadsheet.scrapy.PagesMiddleware": 900},
    }

    def parse(self, response: Response, **_: Any) -> Any:
        assert isinstance(response, TextResponse)
        yield from response.follow_all(css="a", callback=self.parse_story)

    async def parse_story(self, response: Response) -> Any:
        yield {"title": response.url}
