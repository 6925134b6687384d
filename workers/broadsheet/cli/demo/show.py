"""How the demo and its articles look on a terminal, or as plain text without one."""

from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from broadsheet.cli.terminal import printable, shortened

WIDTH = 100
"""Columns at most: longer lines are hard to read."""
_BLOCKS = 2
_BLOCK_CHARS = 220


def demo_console() -> Console:
    """Where the demo speaks: stdout, as wide as a line should be."""
    console = Console(emoji=False, highlight=False)
    return Console(emoji=False, highlight=False, width=min(console.width, WIDTH) if console.is_terminal else WIDTH)


def article_panel(record: dict[str, Any]) -> Panel:
    """An article as a card: headline, who and when and where, how it begins, what was left out."""
    parts = [Text(_about(record), "cyan")]
    body = [block for block in record["blocks"] if block["type"] not in ("heading",)]
    parts += [Text(shortened(block["text"], _BLOCK_CHARS)) for block in body[:_BLOCKS]]
    parts.append(Text(_footer(record), "dim"))
    return Panel(
        Group(*(part for part in parts if part.plain)),
        title=Text(printable(record["headline"] or "no headline"), "bold"),
        title_align="left",
        border_style="green",
        padding=(0, 1),
    )


def none_line(outcome: dict[str, Any]) -> Text:
    """A page that holds no article."""
    return Text(f"○ {_address(outcome)}: no article ({outcome['reason']})", "yellow")


def dead_line(outcome: dict[str, Any]) -> Text:
    """A page that could not be read."""
    return Text(f"✗ {_address(outcome)}: dead letter, {outcome['reason']}: {printable(outcome['detail'] or '')}", "red")


def _about(record: dict[str, Any]) -> str:
    site, language, place = record["site"] or {}, record["language"] or {}, record["dateline"] or {}
    authors = ", ".join(author["name"] for author in record["authors"])
    page = record["page"]
    told = (
        site.get("name") or site.get("domain"),
        language.get("code"),
        authors,
        place.get("place"),
        record["published_at"],
        f"{page['position'] + 1} of {page['of']} on its page" if page["of"] > 1 else None,
    )
    return printable(" · ".join(part for part in told if part))


def _footer(record: dict[str, Any]) -> str:
    removed = ", ".join(f"{one['kind']} {one['count']}×" for one in record["removed"])
    return f"{record['word_count']} words" + (f" · dropped: {removed}" if removed else "")


def _address(outcome: dict[str, Any]) -> str:
    return printable(outcome["page"]["url"] or "a page without URL")
