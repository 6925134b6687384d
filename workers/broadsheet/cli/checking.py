"""How a message would be read, for people who connect a scraper: its fields, its key, and what becomes of it."""

from collections.abc import Iterator

from rich.text import Text

from broadsheet.cli.reading import Reading
from broadsheet.cli.terminal import printable, shortened
from broadsheet.inputs.keys import page_key

_CHARS = 100


def shown(reading: Reading) -> Iterator[Text]:
    """The lines for one page."""
    yield Text(printable(reading.name), "cyan")
    if reading.dead is not None:
        yield _line("dead", f"{reading.dead.reason.value}: {reading.dead.detail}", "red")
        return
    assert reading.account is not None
    result = reading.account.result
    page, articles = result.page, result.articles
    key = page_key(reading.page.raw)
    fields = (
        ("key", key.decode("utf-8", "replace") if key else "none"),
        ("url", page.url or "unknown"),
        ("read as", f"{page.content_type.value}, {page.charset}, {len(page.text):,} characters"),
        ("status", str(page.status) if page.status else None),
        ("fetched at", page.fetched_at.isoformat() if page.fetched_at else None),
        ("page id", page.page_id),
        ("source", page.source),
    )
    yield from (_line(name, value) for name, value in fields if value)
    yield from (_line("note", told, "yellow") for told in page.left_out)
    if result.reason is not None:
        yield _line("no article", result.reason.value, "yellow")
    for article in articles:
        yield _line("article", f"{article.headline or 'no headline'} ({article.word_count} words)", "green")


def _line(name: str, value: str, style: str = "") -> Text:
    return Text(f"  {name}: ", "dim").append(shortened(value, _CHARS), style or "default")
