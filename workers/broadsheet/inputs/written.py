"""A page written from what another tool took from it: its text or Markdown with title, writers and date, as HTML."""

import html
from collections.abc import Sequence
from typing import NamedTuple

import pyromark


class Parts(NamedTuple):
    """What is known of a page. `body` is HTML."""

    body: str
    url: str | None = None
    title: str | None = None
    authors: Sequence[str] = ()
    published: str | None = None
    site: str | None = None
    language: str | None = None


def written_page(parts: Parts) -> str:
    """The page with each part where HTML has its place for it; all of them escaped but the body."""
    language = f' lang="{html.escape(parts.language)}"' if parts.language else ""
    title = html.escape(parts.title or "")
    heading = f"<h1>{title}</h1>\n" if title and "<h1" not in parts.body[:2000] else ""
    meta = [("article:published_time", parts.published), ("og:site_name", parts.site), ("og:url", parts.url)]
    head = "".join(
        f'<meta property="{name}" content="{html.escape(value)}">\n' for name, value in meta if value
    ) + "".join(f'<meta name="author" content="{html.escape(author)}">\n' for author in parts.authors)
    return (
        f'<!doctype html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{head}</head>\n'
        f"<body>\n<article>\n{heading}{parts.body}\n</article>\n</body>\n</html>\n"
    )


def of_markdown(text: str) -> str:
    """The HTML of CommonMark, tables included."""
    return pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)


def of_text(text: str) -> str:
    """A paragraph for each that is parted by a blank line, or for each line where none is."""
    parts = text.split("\n\n") if "\n\n" in text.strip() else text.splitlines()
    return "\n".join(f"<p>{html.escape(part.strip())}</p>" for part in parts if part.strip())
