"""Quality on the page sets with truth: every page as an envelope through the real pipeline, scored by `score.py`.

The sets stand beside the repository in ../shared/bench; where they are absent this says so in one line and ends well.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson
from training.cards import MODELS, read_card

from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.values import PageResult, RawPage

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench"
OUT = ROOT / ".broadsheet" / "eval"
SETS = (
    "dev-wcxb-article",
    "dev-wcxb-article-more",
    "dev-fundus",
    "dev-multi-html",
    "dev-multi-text",
    "dev-site-html",
    "dev-site-text",
    "dev-wcxb-other",
    "dev-wcxb-other-more",
    "dev-fixtures",
    "dev-chinese",
    "dev-dates",
    "dev-dump-soup",
    "dev-dump-html2text",
    "dev-dump-markdown",
    "dev-dump-trafilatura",
    "sample-two-articles",
)
CHUNKS = "dev-chunks"
"""Of its pages only some segments are known, that must be in the text or must not: scored by `score_chunks.py`."""
SINGLE_SETS = ("dev-wcxb-article", "dev-fundus")

Row = dict[str, Any]


def rows(path: Path) -> Iterator[Row]:
    """The pages of a set, one a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def envelope(row: Row) -> RawPage:
    """A page of a set as a scraper would put it on `pages.raw`; a page without HTML is a dump."""
    dump = "html" not in row
    body = {"url": row["url"], "body": row["text"] if dump else row["html"]}
    return RawPage(orjson.dumps({**body, "content_type": "text/plain" if dump else "text/html"}))


def predict(row: Row) -> Row:
    """What the pipeline makes of a page, in the scorer's form. A page it cannot read has no articles."""
    try:
        result = read_page(envelope(row), Options())
    except PageError as error:
        return {"id": row["id"], "articles": [], "dead": error.reason.value}
    return {
        "id": row["id"],
        "articles": articles(result),
        "reason": result.reason,
        "cpu_ms": result.timings_ms["total"],
    }


def articles(result: PageResult) -> list[Row]:
    """The articles in the scorer's form."""
    return [
        {
            "title": article.headline,
            "text": article.body_text,
            "authors": [author.name for author in article.authors],
            "published_at": article.published_at,
        }
        for article in result.articles
    ]


def warm_up() -> None:
    """Load what the pipeline loads at first use, so that no page's time pays for it."""
    read_page(RawPage(orjson.dumps({"url": None, "body": "Warm. " * 40, "content_type": "text/plain"})), Options())
    read_page(RawPage(orjson.dumps({"url": "https://example.com/", "body": "<p>" + "Warm. " * 40})), Options())


def run(pages: Iterable[Row], jobs: int) -> Iterator[Row]:
    """Predictions in the pages' order, from `jobs` processes."""
    if jobs == 1:
        warm_up()
        yield from map(predict, pages)
        return
    with ProcessPoolExecutor(jobs, initializer=warm_up) as pool:
        yield from pool.map(predict, pages, chunksize=4)


def count_false_splits(name: str, jobs: int, limit: int | None, *, blank_lines: bool) -> tuple[int, int]:
    """(dumps of one article that gave more than one, dumps)."""
    from benchmarks.dumps import single_dumps

    pages = islice(rows(BENCH / "data" / f"{name}.jsonl.gz"), limit)
    counts = [len(row["articles"]) for row in run(single_dumps(pages, blank_lines=blank_lines), jobs)]
    return sum(count > 1 for count in counts), len(counts)


def first_pages(name: str, limit: int | None) -> Path:
    """The file of a page set, or one of ours with its first `limit` pages."""
    path = BENCH / "data" / f"{name}.jsonl.gz"
    if not path.is_file():
        raise click.UsageError(f"--sets: no page set {name}")
    if limit is None:
        return path
    part = OUT / path.name
    with gzip.open(part, "wt", encoding="utf-8", compresslevel=1) as out:
        out.writelines(json.dumps(row) + "\n" for row in islice(rows(path), limit))
    return part


@click.command()
@click.option("--sets", default=",".join((*SETS, CHUNKS)), help="Names of page sets, parted by commas.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--limit", type=int, help="At most so many pages a set.")
@click.option("--splits/--no-splits", default=True, help="Count false splits on dumps of single articles too.")
def main(sets: str, jobs: int, limit: int | None, splits: bool) -> None:
    """Print score.py's tables for the page sets, what was measured on unseen sites, and false splits of single dumps.

    Of dev-dates only the day is known: its `date` and `one` tell. The figures on unseen sites are those of the learned
    files' cards: the tables above them are of pages that the files have learned from, in part.
    """
    if not (BENCH / "score.py").is_file():
        click.echo("eval: skipped, no page sets in ../shared/bench")
        return
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = [first_pages(name, limit) for name in sets.split(",") if name]
    predictions = OUT / f"predictions-{os.getpid()}.jsonl"
    with predictions.open("wb") as out:
        for path in chosen:
            for row in run(rows(path), jobs):
                out.write(orjson.dumps(row) + b"\n")
    scored = [path for path in chosen if not path.name.startswith(CHUNKS)]
    if scored:
        subprocess.run([sys.executable, BENCH / "score.py", predictions, *scored], check=True)
    for path in set(chosen).difference(scored):
        subprocess.run([sys.executable, BENCH / "score_chunks.py", predictions, path], check=True)
    predictions.unlink()
    show_unseen({path.name.removesuffix(".jsonl.gz") for path in chosen})
    if splits:
        show_false_splits(partial(count_false_splits, jobs=jobs, limit=limit))


def show_unseen(sets: Container[str]) -> None:
    """What the cards say of these sets: figures by models that saw no page of the page's site."""
    click.echo("on unseen sites, by the cards of the learned files")
    for path in sorted(MODELS.glob("*.card.json")):
        card = read_card(path)
        for name, figures in card.figures.sets.items() if card.figures else ():
            if name in sets:
                told = " ".join(f"{figure} {value:g}" for figure, value in figures.items())
                click.echo(f"{card.file.ljust(22)}{name.ljust(24)}{told}")


def show_false_splits(count: Any) -> None:
    """The table of false splits, with and without the dumps' blank lines."""
    click.echo("false splits on dumps of single articles")
    for name in SINGLE_SETS:
        for blank_lines in (True, False):
            wrong, total = count(name, blank_lines=blank_lines)
            lines = "as dumped" if blank_lines else "no blank lines"
            click.echo(f"{name.ljust(22)}{lines.ljust(16)}{wrong:5d} of {total}")


if __name__ == "__main__":
    main()
