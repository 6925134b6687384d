"""Shows people how a page was read: what was kept as what, what was dropped and why, where each field came from."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from broadsheet.cli.reading import Reading
from broadsheet.cli.terminal import printable, shortened
from broadsheet.values import Article, Block, PageResult, Removed

_KEPT_CHARS = 100
_DROPPED_CHARS = 90


def explain(console: Console, reading: Reading) -> None:
    """Print one input's explanation."""
    console.rule(Text(reading.name), align="left", style="cyan")
    for line in _lines(reading):
        console.print(line, soft_wrap=True)
    console.print()


def _lines(reading: Reading) -> Iterator[Text]:
    if reading.dead is not None:
        yield Text(f"dead: {reading.dead.reason.value}: {printable(reading.dead.detail)}", "red")
    elif reading.result is not None:
        yield from _page(reading.result)


def _page(result: PageResult) -> Iterator[Text]:
    page = result.page
    yield Text(f"{page.url or 'no URL'} · {page.content_type.value} · {page.charset}", "dim")
    if result.reason is not None:
        yield Text(f"no article: {result.reason.value}", "yellow")
    for article in result.articles:
        yield from _article(article)
    if result.removed:
        yield Text(f"\ndropped from the page ({len(result.removed)} blocks)", "bold")
        yield from _dropped(result.removed)


def _article(article: Article) -> Iterator[Text]:
    yield Text(f"\narticle {article.position + 1} of {article.of}: ", "bold").append(
        printable(article.headline or "no headline"), "bold green"
    )
    yield from _fields(article)
    yield Text(
        f"  {len(article.body)} blocks kept ({article.word_count} words), {len(article.removed)} dropped", "bold"
    )
    yield from _blocks(article)


def _blocks(article: Article) -> Iterator[Text]:
    """Kept and dropped blocks in the page's order where their places are known, else the kept ones first."""
    kept = [(block.span, _kept(block)) for block in article.body]
    told = kept + [(block.span, line) for block, line in zip(article.removed, _dropped(article.removed), strict=True)]
    places = [(span.start, number) for number, (span, _) in enumerate(told) if span is not None]
    order = [number for _, number in sorted(places)] if len(places) == len(told) else range(len(told))
    yield from (told[number][1] for number in order)


def _kept(block: Block) -> Text:
    return Text(f"    + {block.kind.value:<20} ", "green").append(shortened(block.text, _KEPT_CHARS), "default")


def _fields(article: Article) -> Iterator[Text]:
    """Each field that was found, and where."""
    for field, value in _found(article):
        origin = article.provenance.get(field)
        line = Text(f"  {field}: ", "dim").append(shortened(value, _KEPT_CHARS), "default")
        yield line.append(f"  (from {printable(origin)})", "dim") if origin else line


def _found(article: Article) -> Iterator[tuple[str, str]]:
    yield from (
        (field, value)
        for field, value in (
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
        if value
    )


def _dropped(removed: Iterable[Removed]) -> Iterator[Text]:
    for block in removed:
        line = Text(f"    - {block.kind:<20} ", "red").append(shortened(block.text, _DROPPED_CHARS), "dim")
        yield line.append(f"  {block.where}", "dim italic") if block.where else line
