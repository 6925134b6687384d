"""Pages as the tools that people use turn them into text: what their dumps look like is not what one of them gives.

Each tool gives the lines of the page's main part, where it knows one, and of the whole page.
"""

from collections.abc import Callable, Mapping

import html2text
import inscriptis
import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from selectolax.lexbor import LexborHTMLParser

from broadsheet.dump.lines import read_lines
from broadsheet.dump.markdown.lines import read_markdown
from broadsheet.errors import PageError
from broadsheet.text.line import Line

Dumps = tuple[list[Line], list[Line]]

_PARAGRAPHS = "p, h1, h2, h3, h4, blockquote"
_UNSHOWN = ["script", "style", "noscript", "template"]


def _resiliparse(html: str) -> Dumps:
    return read_lines(extract_plain_text(html, main_content=True)), read_lines(extract_plain_text(html))


def _soup(html: str) -> Dumps:
    """As BeautifulSoup's `get_text` with a line for each run of text."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(_UNSHOWN)
    lines = read_lines(tree.root.text(separator="\n", strip=True) if tree.root else "")
    return lines, lines


def _paragraphs(html: str) -> Dumps:
    """As those do it who join a page's headings and paragraphs."""
    tree = LexborHTMLParser(html)
    return read_lines("\n\n".join(node.text(strip=True) for node in tree.css(_PARAGRAPHS))), []


def _trafilatura(html: str) -> Dumps:
    return read_lines(trafilatura.extract(html, include_comments=False) or ""), []


def _inscriptis(html: str) -> Dumps:
    lines = read_lines(inscriptis.get_text(html))
    return lines, lines


def _html2text(html: str) -> Dumps:
    """As Markdown without links, broken at 78."""
    converter = html2text.HTML2Text()
    converter.ignore_links = converter.ignore_images = True
    lines = read_markdown(converter.handle(html))
    return lines, lines


def _markdown(html: str) -> Dumps:
    """As Markdown with links and images, unbroken."""
    converter = html2text.HTML2Text(bodywidth=0)
    lines = read_markdown(converter.handle(html))
    return lines, lines


TOOLS: Mapping[str, tuple[Callable[[str], Dumps], float]] = {
    "resiliparse": (_resiliparse, 0.34),
    "soup": (_soup, 0.14),
    "paragraphs": (_paragraphs, 0.10),
    "trafilatura": (_trafilatura, 0.10),
    "inscriptis": (_inscriptis, 0.10),
    "html2text": (_html2text, 0.11),
    "markdown": (_markdown, 0.11),
}
"""By name; with each the share of the made dumps that are of it."""


def dumps(tool: str, html: str) -> Dumps | None:
    """A page's main part and the whole of it by this tool; None where it fails on the page."""
    try:
        return TOOLS[tool][0](html)
    except (PageError, ValueError, AssertionError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None  # what foreign tools raise on pages they do not know
