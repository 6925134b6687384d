"""The explanation of pages as one page for a browser: every block marked with what became of it.

It is written as the pages come: opening, a section a page, closing. All that was scraped is escaped by the templates;
the page loads nothing and runs nothing.
"""

from collections import Counter
from typing import Any

from broadsheet.audit import BlockFate, Marked
from broadsheet.cli.explaining import found_fields, place_of
from broadsheet.cli.reading import Reading
from broadsheet.cli.terminal import printable
from broadsheet.rendering import templates
from broadsheet.values import PageResult

_TEMPLATES = templates("broadsheet.cli")
_LONG = 4_000
"""Characters of one block that are shown."""


def opening() -> str:
    """The head of the page, with its looks."""
    return _TEMPLATES.get_template("opening.html").render()


def closing() -> str:
    """The end of the page."""
    return "</main>\n</html>\n"


def section(reading: Reading) -> str:
    """What became of one input."""
    result, blocks = reading.account or (None, ())
    return _TEMPLATES.get_template("section.html").render(
        name=printable(reading.name),
        dead=f"{reading.dead.reason.value}: {printable(reading.dead.detail)}" if reading.dead else None,
        page=result.page if result else None,
        reason=result.reason.value if result and result.reason else None,
        counts=[_counted(blocks, fate) for fate in BlockFate],
        rows=_rows(result, blocks) if result else [],
    )


def _counted(account: tuple[Marked, ...], fate: BlockFate) -> dict[str, Any]:
    kinds = Counter(marked.kind for marked in account if marked.fate is fate)
    return {"fate": fate.value, "kinds": kinds.most_common(), "sum": kinds.total()}


def _rows(result: PageResult, account: tuple[Marked, ...]) -> list[dict[str, Any]]:
    """The blocks in order, the first of each article with the article's title and fields."""
    rows = []
    shown: set[int] = set()
    for marked in account:
        article = None
        if marked.article is not None and marked.article not in shown:
            shown.add(marked.article)
            article = result.articles[marked.article]
        rows.append(
            {
                "article": article,
                "fields": list(found_fields(article)) if article else [],
                "outside": marked.article is None,
                "fate": marked.fate.value,
                "kind": marked.kind,
                "text": _shown(marked.text),
                "place": printable(place_of(marked)),
            }
        )
    return rows


def _shown(text: str) -> str:
    """The text line by line, without what would steer its neighbours."""
    return "\n".join(map(printable, text[:_LONG].splitlines())) + ("…" if len(text) > _LONG else "")
