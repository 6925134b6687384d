"""Shows people how a page was read: its blocks in order, what became of each and why, where each field came from."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from broadsheet.audit import BlockFate, Marked
from broadsheet.cli.reading import Reading
from broadsheet.cli.terminal import printable, shortened
from broadsheet.values import Article, PageResult

_TEXT_CHARS = 100
_SIGNS = {BlockFate.KEPT: ("+", "green"), BlockFate.FIELD: ("=", "cyan"), BlockFate.DROPPED: ("-", "red")}


def explain(console: Console, reading: Reading) -> None:
    """Print one input's explanation."""
    console.rule(Text(printable(reading.name)), align="left", style="cyan")
    for line in _lines(reading):
        console.print(line, soft_wrap=True)
    console.print()


def _lines(reading: Reading) -> Iterator[Text]:
    if reading.dead is not None:
        yield Text(f"dead: {reading.dead.reason.value}: {printable(reading.dead.detail)}", "red")
    elif reading.account is not None:
        yield from _page(*reading.account)


def _page(result: PageResult, account: tuple[Marked, ...]) -> Iterator[Text]:
    page = result.page
    yield Text(f"{page.url or 'no URL'} · {page.content_type.value} · {page.charset}", "dim")
    if result.reason is not None:
        yield Text(f"no article: {result.reason.value}", "yellow")
    yield from _counts(account)
    shown: set[int] = set()
    for marked in account:
        if marked.article is not None and marked.article not in shown:
            shown.add(marked.article)
            yield from _article(result.articles[marked.article], account)
        yield _block(marked)


def _counts(account: Iterable[Marked]) -> Iterator[Text]:
    """How many blocks were dropped for each reason, the most frequent first."""
    reasons = Counter(marked.kind for marked in account if marked.fate is BlockFate.DROPPED)
    if reasons:
        told = ", ".join(f"{reason} {count}×" for reason, count in reasons.most_common())
        yield Text(f"dropped: {told}", "dim")


def _article(article: Article, account: Iterable[Marked]) -> Iterator[Text]:
    """Where the part of an article starts: its title, its fields, and what of its part was kept."""
    cut = "✂ cut here\n" if article.position else ""
    yield Text(f"\n{cut}article {article.position + 1} of {article.of}: ", "bold").append(
        printable(article.headline or "no headline"), "bold green"
    )
    for name, value, origin in found_fields(article):
        line = Text(f"  {name}: ", "dim").append(shortened(value, _TEXT_CHARS), "default")
        yield line.append(f"  (from {printable(origin)})", "dim") if origin else line
    dropped = sum(marked.article == article.position and marked.fate is BlockFate.DROPPED for marked in account)
    yield Text(f"  {len(article.body)} blocks kept ({article.word_count} words), {dropped} dropped", "bold")


def _block(marked: Marked) -> Text:
    sign, colour = _SIGNS[marked.fate]
    line = Text(f"    {sign} {marked.kind:<20} ", colour)
    line.append(shortened(marked.text, _TEXT_CHARS), "default" if marked.fate is BlockFate.KEPT else "dim")
    return line.append(f"  {printable(place_of(marked))}", "dim italic") if marked.fate is BlockFate.DROPPED else line


def place_of(marked: Marked) -> str:
    """Where a block stands, for people: its line or tag path, and its characters in the page."""
    span = f"{marked.span.start}-{marked.span.end}" if marked.span else ""
    return " ".join(filter(None, (marked.where, span)))


def found_fields(article: Article) -> Iterator[tuple[str, str, str | None]]:
    """Each field that was found: its name, its value, and where it came from."""
    fields = (
        ("url", article.url),
        ("subheadline", article.subheadline),
        ("authors", ", ".join(author.name for author in article.authors)),
        ("dateline", article.dateline.text if article.dateline else None),
        ("published_at", article.published_at),
        ("modified_at", article.modified_at),
        ("section", article.section),
        ("language", article.language.code if article.language else None),
        ("images", ", ".join(image.caption or image.url or "" for image in article.images)),
    )
    return ((name, value, article.provenance.get(name)) for name, value in fields if value)
