"""Pages of units that come again and again inside others: what grows faster than the page shows on some of them."""

import random
from dataclasses import dataclass

LONG = "The harbour council met on Tuesday to hear why the ferry, which has run since spring, was late again. "
PROSE = f"<p>{LONG * 6}</p>"
TITLE = "Ferry late again on Tuesday"
UNITS = (
    "<p>{long}</p>", "<p>{short}</p>", "<h1>{short}</h1>", "<h2>{short}</h2>", "<h2><a href=/s{n}>{short}</a></h2>",
    "<img src=/i{n}.jpg alt='{short}'>", "<img src=/i{n}.jpg><figcaption><p>{short}</p></figcaption>",
    "<figcaption>Photo: {short}/Reuters</figcaption>", "<time datetime=2026-01-02T10:00:00Z>10:{minute}</time>",
    "<p>10:{minute} {short}</p>", "<p class=author>By Ann{n} Lee</p>", "<p>By Ann{n} Lee and Bo Ray</p>",
    "<span itemprop=author>Ann{n} Lee</span>", "<div itemprop=datePublished>{short}</div>", "<a href=/p{n}>{short}</a>",
    "<a rel=author href=/author/a{n}>Ann{n} Lee</a>",
    "<li><a href=/l{n}>{short}</a></li>",
    "<tr><td>{short}<td>{long}</tr>",
    "<blockquote>{long}</blockquote>",
    "<pre>{short}\n{short}</pre>", "<br>{short}", "<p>5 May 2026</p>", "<hr>",
    "<p>Page 2 of {n}</p>", "<meta name=author content='Ann{n} Lee'>",
    "<dt>{short}<dd>{long}", "<p>市议会周二开会 {n}</p>",
    "<ruby>市<rt>shi</ruby>", "<select><option>{short}<option>{n}</select>",
    "<p>{short} <b>{short}</b> <i>{short}</i></p>",
)  # fmt: skip
WRAPS = (
    "article", "section", "div", "div class=comments", "div class=related", "div role=dialog class=cookie", "figure",
    "ul", "table", "aside", "main", "nav", "footer", "div class=pagination", "div itemprop=articleBody",
    "div itemprop=liveBlogUpdate", "form", "blockquote", "li", "div hidden", "h1", "h2", "a href=/w", "pre", "p",
    "span", "div class=live-entry",
)  # fmt: skip
HEADS = (
    "",
    '<script type=application/ld+json>{"@type":"LiveBlogPosting"}</script>',
    '<script type=application/ld+json>{"@type":"NewsArticle","headline":"Ferry late again on Tuesday"}</script>',
    "<script type=application/ld+json>["
    + ",".join(f'{{"@type":"NewsArticle","headline":"Ferry {n} late"}}' for n in range(300))
    + "]</script>",
)


@dataclass(frozen=True)
class Structure:
    """Units inside elements of their own, all inside `outer`."""

    head: str
    outer: tuple[str, ...]
    inner: tuple[str, ...]
    units: tuple[str, ...]
    before: str

    def page(self, count: int) -> str:
        """A page with so many of the units."""
        unit = "".join([*(f"<{one}>" for one in self.inner), *self.units, *map(closed, reversed(self.inner))])
        parts = [
            unit.format(long=f"{n} {LONG}", short=f"Ferry {n} late", n=n, minute=f"{n % 60:02}") for n in range(count)
        ]
        body = "".join([*(f"<{one}>" for one in self.outer), *parts, *map(closed, reversed(self.outer))])
        return f"<html><head>{self.head}<title>{TITLE}</title></head><body>{self.before}{body}{PROSE * 4}</body></html>"


def closed(start: str) -> str:
    return f"</{start.split(maxsplit=1)[0]}>"


def structures(seed: int, count: int) -> list[Structure]:
    """So many made at random, the same for the same seed."""
    rng = random.Random(seed)
    return [
        Structure(
            head=rng.choice(HEADS),
            outer=tuple(rng.choices(WRAPS, k=rng.choice((0, 1, 1, 2, 3)))),
            inner=tuple(rng.choices(WRAPS, k=rng.choice((0, 0, 1, 1, 2)))),
            units=tuple(rng.choices(UNITS, k=rng.randrange(1, 5))),
            before=rng.choice(("", f"<h1>{TITLE}</h1>", f"<article><h1>{TITLE}</h1>{PROSE * 3}", "<div>" * 200)),
        )
        for _ in range(count)
    ]


KNOWN = (
    Structure("", ("article", "figure"), (), (UNITS[6],), f"<h1>{TITLE}</h1>{PROSE * 3}"),
    Structure(HEADS[3], ("h2",), (), ("<p>{short}</p><p>{long}{long}{long}{long}</p>",), ""),
    Structure("", ("div",) * 600, (), ("<p>{long}</p>",), f"<h1>{TITLE}</h1>"),
    Structure("", (), ("div itemprop=author",) * 40, ("<p>{long}</p>",), f"<h1>{TITLE}</h1>"),
    Structure("", ("select",), (), ("<option value={n}>{short}</option>",), f"<h1>{TITLE}</h1>"),
)
"""Kinds that once grew by the square."""
