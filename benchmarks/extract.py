"""What a page costs, against peers and against itself: `make bench-extract`.

CPU time of this process, one thread, all contenders page by page in turn (machines drift by half within minutes, so
only ratios within one run mean anything). The page sets stand beside the repository in ../shared/bench; without them
made-up pages are measured, and the peers' figures say little.
"""

import gc
import multiprocessing
import statistics
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import click
import orjson

from benchmarks.eval import BENCH, ROOT, rows
from benchmarks.hostile import DUMPS, HOSTILE
from broadsheet.errors import PageError
from broadsheet.options import Options
from broadsheet.pipeline import read_page
from broadsheet.records import article_record
from broadsheet.values import RawPage

SETS = ("dev-wcxb-article", "dev-fundus")
PLOT = ROOT / "docs" / "extract-growth.svg"
STRETCH = 20
"""Pages that one contender reads in a row when all run warm."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SENTENCE = "The harbour council met on Tuesday to hear why the ferry, which has run since spring, was late again. "


def ours(raw: RawPage) -> dict[str, float]:
    """From the message's bytes to the bytes of the records; CPU by stage."""
    try:
        result = read_page(raw, Options())
    except PageError:
        return {}
    start = process_time()
    for article in result.articles:
        article_record(article, extracted_at=NOW, cpu_ms=0.0)
    return {**result.timings_ms, "record": (process_time() - start) * 1000}


def peers() -> dict[str, Callable[[str], Any]]:
    """The peers that are installed, each from the page's text to its body."""
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    return {
        "trafilatura with metadata": lambda html: trafilatura.bare_extraction(html, with_metadata=True),
        "trafilatura": lambda html: trafilatura.bare_extraction(html, include_comments=False),
        "resiliparse main content": lambda html: extract_plain_text(html, main_content=True),
    }


def raw_page(html: str, kind: bytes = b"text/html") -> RawPage:
    """A page as a scraper sends it: bytes and headers."""
    headers = (("url", b"https://paper.example/news/ferry"), ("content-type", kind + b"; charset=utf-8"))
    return RawPage(html.encode("utf-8", "replace"), headers=headers)


def real_pages(most: int) -> dict[str, list[str]]:
    """Pages of each set, evenly spaced; made-up ones where the sets are absent."""
    found: dict[str, list[str]] = {}
    for name in SETS:
        path = BENCH / "data" / f"{name}.jsonl.gz"
        if path.exists():
            pages = [row["html"] for row in rows(path)]
            found[name] = pages[:: max(1, len(pages) // most)][:most]
    return found or {"made-up pages": [page_of(kilobytes) for kilobytes in range(20, 400, 20)]}


def compare(pages: list[str], stretch: int = 1) -> dict[str, Any]:
    """Mean, median and 99th percentile of CPU milliseconds for each contender, and ours by stage.

    They take turns after so many pages: after each one, they find the processor's caches full of another's code and
    data; after `STRETCH` they run as warm as where nothing else does.
    """
    contenders: dict[str, Callable[[str], Any] | None] = {"broadsheet": None, **peers()}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    stages: dict[str, float] = {}
    for html in pages[:2]:  # models are loaded once a process, not once a page
        ours(raw_page(html))
        for peer in peers().values():
            _quiet(peer, html)
    gc.collect()
    gc.freeze()  # what all of them have loaded is looked through for nobody's page
    for turn, at in enumerate(range(0, len(pages), stretch)):
        order = list(contenders)
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            run = contenders[name]
            for html in pages[at : at + stretch]:
                raw = raw_page(html)
                gc.collect()  # and nobody pays for another's litter,
                bytearray(1 << 16)  # which the allocator sorts when it is next asked for as much
                start = process_time()
                laps = ours(raw) if run is None else _quiet(run, html)
                taken[name].append((process_time() - start) * 1000)
                for stage, spent in laps.items():
                    stages[stage] = stages.get(stage, 0.0) + spent / len(pages)
    return {"taken": {name: _summary(times) for name, times in taken.items()}, "stages": stages}


def _quiet(run: Callable[[str], Any], html: str) -> dict[str, float]:
    """Run a peer: what it cannot read still took its time."""
    with suppress(Exception):
        run(html)
    return {}


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "mean": statistics.mean(times),
        "median": statistics.median(times),
        "p99": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


def page_of(kilobytes: int) -> str:
    """A made-up page of about this size: menu, one article, teasers beside it in a fixed share."""
    parts = ["<html><head><title>Ferry late again</title></head><body><nav><ul>"]
    parts += [f'<li><a href="/section/{i}">Section {i}</a></li>' for i in range(20)]
    parts.append('</ul></nav><main><article><h1>Ferry late again</h1><div class="text">')
    size = 1_500
    number = 0
    while size < kilobytes * 1000:
        number += 1
        part = f'<p class="par">{number}. {SENTENCE * 7}</p>'
        if number % 3 == 0:
            part += f'<div class="teaser"><a href="/story/{number}"><img src="/i/{number}.jpg">Story {number}</a></div>'
        parts.append(part)
        size += len(part)
    return "".join([*parts, "</div></article></main><footer>© 2026 Harbour Paper</footer></body></html>"])


def page_with(stories: int) -> str:
    """A made-up page of so many full stories, one after another."""
    story = (
        "<article><h1>Ferry {0} late again</h1><p>By Anna Berg</p>" + f"<p>{{0}} {SENTENCE * 4}</p>" * 5 + "</article>"
    )
    body = "".join(story.format(i) for i in range(stories))
    return f"<html><head><title>Harbour</title></head><body>{body}</body></html>"


def growth() -> dict[str, list[tuple[int, float]]]:
    """CPU milliseconds by page size in KB and by number of stories, the best of three."""
    by_size = [(kb, _best(page_of(kb))) for kb in (10, 30, 100, 300, 1_000, 3_000, 9_500)]
    by_stories = [(n, _best(page_with(n))) for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
    return {"size": by_size, "stories": by_stories}


def _best(html: str) -> float:
    raw, times = raw_page(html), []
    for _ in range(3):
        start = process_time()
        ours(raw)
        times.append((process_time() - start) * 1000)
    return min(times)


def plot(grown: dict[str, list[tuple[int, float]]]) -> None:
    """The two curves, drawn for the docs."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "broadsheet"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.4))
    labels = (("size", "page size, KB"), ("stories", "stories on the page"))
    for axis, (key, label) in zip(axes, labels, strict=True):
        axis.loglog(*zip(*grown[key], strict=True), marker="o")
        axis.set_xlabel(label)
        axis.set_ylabel("CPU, ms")
        axis.grid(visible=True, which="major", alpha=0.3)
    figure.tight_layout()
    PLOT.parent.mkdir(exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})


def _peak() -> float:
    """Peak resident memory of this process in MB; the kernel's own mark, as rusage inherits the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _alone(page: str, kind: bytes, answer: Any) -> None:
    """In a fresh process: outcome, CPU seconds, peak memory in MB and its growth by the page."""
    raw = raw_page(page, kind)
    for warm in (page_of(20), page_with(2)):
        read_page(raw_page(warm), Options())
    gc.collect()
    peak, start = _peak(), process_time()
    try:
        result = read_page(raw, Options())
        outcome = f"{len(result.articles)} articles" if result.articles else f"none: {result.reason}"
    except PageError as error:
        outcome = str(error)
    answer.put((outcome, process_time() - start, _peak(), _peak() - peak))


def alone(page: str, kind: bytes = b"text/html") -> tuple[str, float, float, float]:
    """`_alone` in a child of its own: outcome, CPU seconds, peak MB, growth in MB."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    child = context.Process(target=_alone, args=(page, kind, answer))
    child.start()
    found: tuple[str, float, float, float] = answer.get(timeout=120)
    child.join()
    return found


def report(pages: dict[str, list[str]]) -> Iterator[str]:
    """Lines of the comparison, for people."""
    for name, chosen in pages.items():
        found = compare(chosen)
        base = found["taken"]["broadsheet"]
        yield f"\n{name}: {len(chosen)} pages, {sum(map(len, chosen)) / len(chosen) / 1000:.0f} KB a page"
        for contender, times in found["taken"].items():
            yield (
                f"  {contender:<28}{times['mean']:8.2f} ms mean {times['median']:8.2f} median {times['p99']:8.2f} p99"
                f" {1000 / times['mean']:8.0f} pages/CPU-s {times['mean'] / base['mean']:7.2f} x ours"
            )
        yield f"  p99 over mean, ours: {base['p99'] / base['mean']:.1f}"
        yield "  by stage: " + ", ".join(f"{stage} {spent:.2f}" for stage, spent in found["stages"].items())
        warm = {contender: times["mean"] for contender, times in compare(chosen, STRETCH)["taken"].items()}
        yield f"  turns of {STRETCH} pages: " + ", ".join(
            f"{contender} {mean:.2f} ms ({mean / warm['broadsheet']:.2f} x ours)" for contender, mean in warm.items()
        )


@click.command()
@click.option("--pages", default=120, show_default=True, help="Pages of each set.")
@click.option("--skip-growth", is_flag=True, help="No growth curves, no plot.")
@click.option("--skip-hostile", is_flag=True, help="No hostile pages.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the growth figures here.")
def main(pages: int, skip_growth: bool, skip_hostile: bool, out: Path | None) -> None:
    """Measure extraction: cost against peers, growth, hostile pages."""
    for line in report(real_pages(pages)):
        click.echo(line)
    if not skip_growth:
        grown = growth()
        for key, points in grown.items():
            click.echo(f"\ngrowth by {key}: " + ", ".join(f"{x}: {ms:.1f} ms" for x, ms in points))
        plot(grown)
        for kb in (200, 2_000, 9_500):
            page = page_of(kb)
            _, _, peak, more = alone(page)
            click.echo(f"memory at {kb} KB: peak {peak:.0f} MB, {more:.0f} MB for the page")
        if out:
            out.write_bytes(orjson.dumps(grown))
    if not skip_hostile:
        click.echo("\nhostile pages")
        for kind, recipes in ((b"text/html", HOSTILE), (b"text/plain", DUMPS)):
            click.echo(f"{kind.decode()}")
            for name, recipe in recipes.items():
                outcome, spent, peak, _ = alone(recipe(), kind)
                click.echo(f"  {name:<42}{spent:7.2f} s {peak:6.0f} MB  {outcome[:70]}")


if __name__ == "__main__":
    main()
