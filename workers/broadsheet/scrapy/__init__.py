"""For Scrapy: a pipeline that puts scraped pages on the raw topic, and what makes a page of a response.

    ITEM_PIPELINES = {"broadsheet.scrapy.BroadsheetPipeline": 900}
    BROADSHEET_BOOTSTRAP_SERVERS = "127.0.0.1:9092"

A spider yields `PageItem.from_response(response)`, or `PagesMiddleware` does so for every page that reaches the spider.
Each page is awaited: its item leaves the pipeline once Kafka has it, and Scrapy's own limits hold the crawl back while
Kafka is slow. A page that could not be sent is an error in the log, is counted, and a Kafka that fails closes the
spider, with the reason in `finish_reason`. `YieldExtension` warns where a site's pages give fewer articles than before.
Works with Scrapy's asyncio and other reactors; none is blocked.
"""

from broadsheet.scrapy.extension import YieldExtension
from broadsheet.scrapy.pages import PageError, PageItem, PagesMiddleware
from broadsheet.scrapy.pipeline import BroadsheetPipeline

__all__ = ["BroadsheetPipeline", "PageError", "PageItem", "PagesMiddleware", "YieldExtension"]
