"""Broadsheet's settings for a crawl: Scrapy's own go before what is set elsewhere."""

from typing import Any

from pydantic import ValidationError
from scrapy.exceptions import NotConfigured

from broadsheet.runtime.settings import Settings


def configured(crawler: Any) -> Settings:
    """The settings, with BROADSHEET_BOOTSTRAP_SERVERS and BROADSHEET_TOPIC of Scrapy's. Raises NotConfigured."""
    given = crawler.settings
    try:
        settings = Settings()
        kafka = {"bootstrap_servers": given.get("BROADSHEET_BOOTSTRAP_SERVERS") or settings.kafka.bootstrap_servers}
        topics = {"pages": given.get("BROADSHEET_TOPIC") or settings.topics.pages}
        return settings.model_copy(
            update={
                "kafka": settings.kafka.model_validate({**settings.kafka.model_dump(), **kafka}),
                "topics": settings.topics.model_validate({**settings.topics.model_dump(), **topics}),
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(map(str, first["loc"])) or "topics"
        raise NotConfigured(f"setting {named}: {first['msg']}") from None
