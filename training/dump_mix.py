"""Dumps of several stories, made from single-article pages whose true text is known.

Every recipe is drawn from a seeded generator: how blank lines are kept, whether the stories share one site's
furniture, whether headlines and captions are doubled, whether teasers or comments stand behind a story.
"""

import random
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from broadsheet.native.tokens import keys
from training.labels import block_labels, words
from training.pages import TruePage

LONG_WORDS = 20
WHOLE = 0.2
"""Share of the stories that stand in their whole page: many scrapers dump menus and footers too."""
WHOLE_LINES = 700
SHORT = 0.15
"""Share of the dumps whose stories are cut short."""
BARE = 0.4
"""Share of the dumps without blank lines."""
CLEAN = 0.2
"""Share of the stories that end with their text, half of them without any line above it but their title."""
CIPHERED = 0.12
"""Share of the dumps in which a story or more is put into other letters."""


class Line(NamedTuple):
    """A line of a dump: the blank lines before it, whether it is true text, and whether it is the true title."""

    text: str
    gap: int
    body: bool
    title: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A single-article page as a dump; `held` is the share of the true text's words that its lines give."""

    id: str
    set: str
    site: str
    lines: tuple[Line, ...]
    held: float
    truth: str
    title: str
    whole: tuple[Line, ...] = ()
    """The lines of the whole page, menus and all; empty where it was not asked for."""


@dataclass(frozen=True, slots=True)
class Mix:
    """A made dump: its lines and the indices at which its further stories start."""

    lines: tuple[Line, ...]
    starts: tuple[int, ...]
    sites: frozenset[str]


def make_source(page: TruePage, dump: str, whole: str) -> Source:
    """The labelled lines of a page's dump, of its main part and of the whole."""
    lines, held = _labelled(dump, page.truth, page.title)
    every = _labelled(whole, page.truth, page.title)[0]
    return Source(page.id, page.set, page.site or page.id, tuple(lines), held, page.truth, page.title, tuple(every))


def _labelled(dump: str, truth: str, title: str) -> tuple[list[Line], float]:
    """A dump's labelled lines and the share of the truth they hold; the title goes in front where no line holds it."""
    texts, gaps = split_lines(dump)
    folded = " ".join(words(title))
    if folded and folded not in " ".join(words(dump)):
        texts, gaps = [title, *texts], [0, 1, *gaps[1:]][: len(texts) + 1]
    labels, shares = block_labels(texts, truth) if texts else ([], [])
    sizes = [len(words(text)) for text in texts]
    held = sum(share * size for share, size in zip(shares, sizes, strict=True)) / max(1, len(words(truth)))
    marked = title_lines(texts, title)
    return [Line(*parts) for parts in zip(texts, gaps, labels, marked, strict=True)], held


def title_lines(texts: Sequence[str], title: str) -> list[bool]:
    """Which lines are the true title; where none is word for word, those that hold it and little else."""
    true = words(title)
    folded = " ".join(true)
    lines = [words(text) for text in texts]
    exact = [bool(true) and line == true for line in lines]
    if any(exact) or len(true) < 3:
        return exact
    return [len(line) <= 2 * len(true) and folded in " ".join(line) for line in lines]


def split_lines(text: str) -> tuple[list[str], list[int]]:
    """The lines that hold text, stripped, and the number of blank lines before each."""
    texts, gaps, gap = [], [], 0
    for line in text.splitlines():
        if line.strip():
            texts.append(line.strip())
            gaps.append(gap)
            gap = 0
        else:
            gap += 1
    return texts, gaps


def single(source: Source, rng: random.Random, collapse: float = 1 / 3) -> list[Line]:
    """A source's own lines, now and then those of its whole page, now and then without their blank lines."""
    whole = 0 < len(source.whole) <= WHOLE_LINES and rng.random() < WHOLE
    lines = source.whole if whole else source.lines
    return [line._replace(gap=0) for line in lines] if rng.random() < collapse else list(lines)


def mixes(sources: Sequence[Source], count: int, rng: random.Random) -> list[Mix]:
    """`count` made dumps, a third of them of one story."""
    by_site: dict[str, list[Source]] = {}
    for source in sources:
        by_site.setdefault(source.site, []).append(source)
    pairs = [group for group in by_site.values() if len(group) > 1]
    return [_mix(sources, pairs, rng) for _ in range(count)]


def alone(sources: Sequence[Source], rng: random.Random) -> list[Mix]:
    """Every page by itself, its main part and the whole of it, two fifths of them without their blank lines."""
    made = []
    for source in sources:
        for lines in (source.lines, source.whole):
            if 1 < len(lines) <= WHOLE_LINES:
                kept = tuple(line._replace(gap=0) for line in lines) if rng.random() < BARE else lines
                made.append(Mix(kept, (), frozenset((source.site,))))
    return made


def _mix(sources: Sequence[Source], pairs: list[list[Source]], rng: random.Random) -> Mix:
    stories = rng.choices((1, 2, 3, 4, 5), (33, 32, 17, 12, 6))[0]
    draw = rng.random()
    if stories > 1 and pairs and draw < 0.25:
        group = rng.choice(pairs)
        chosen = rng.sample(group, min(stories, len(group)))
    else:
        chosen = rng.sample(list(sources), stories)
    template = rng.choice(chosen) if len(chosen) > 1 and 0.25 <= draw < 0.6 else None
    if rng.random() < CIPHERED:
        chosen = [
            ciphered(source, rng) if index == 0 or rng.random() < 0.5 else source for index, source in enumerate(chosen)
        ]
        rng.shuffle(chosen)
    bare = rng.random() < BARE
    doubled = rng.random() < 0.12
    toggle = _toggle(rng)
    segments = []
    short = rng.random() < SHORT
    for source in chosen:
        lines = single(source, rng)
        if short:
            lines = _shortened(lines, rng.randint(80, 300))
        if template is not None:
            lines = _grafted(lines, single(template, rng), source.title)
        if doubled:
            lines = _doubled(lines, source.title, toggle, rng)
        if rng.random() < 0.12:
            lines = lines + _teasers(sources, rng)
        segments.append(lines)
    if len(chosen) == 1 and rng.random() < 0.08:
        segments = _halved(segments[0], single(rng.choice(list(sources)), rng))
    return _joined(segments, frozenset(s.site for s in chosen), bare, rng)


def _shortened(lines: list[Line], most: int) -> list[Line]:
    """The story cut to about so many words of its true text: the page sets hold hardly any short news."""
    kept, held = [], 0
    for line in lines:
        if not line.body or held < most:
            kept.append(line)
        held += len(line.text.split()) if line.body else 0
    return kept


def _joined(segments: list[list[Line]], sites: frozenset[str], bare: bool, rng: random.Random) -> Mix:
    lines: list[Line] = []
    starts = []
    gap = rng.choice((3, 3, 0, 1))
    steady = rng.random() < 0.7
    for segment in segments:
        if not segment:
            continue
        if lines:
            starts.append(len(lines))
            first = segment[0]._replace(gap=gap if steady else rng.choice((3, 3, 0, 1, 2)))
            lines += [first, *segment[1:]]
        else:
            lines += segment
    if bare:
        lines = [line._replace(gap=0) for line in lines]
    return Mix(tuple(lines), tuple(starts), sites)


def _body_range(lines: Sequence[Line]) -> tuple[int, int]:
    inside = [i for i, line in enumerate(lines) if line.body]
    return (inside[0], inside[-1] + 1) if inside else (0, len(lines))


def _grafted(lines: list[Line], template: list[Line], title: str) -> list[Line]:
    """The story under the furniture of another page: as if both came from one site."""
    start, end = _body_range(lines)
    low, high = _body_range(template)
    head = [line._replace(text=title) if line.title else line for line in template[:low]]
    if not any(line.title for line in head):
        head.append(Line(title, 1 if any(line.gap for line in lines) else 0, False, True))
    return head[-25:] + lines[start:end] + template[high : high + 25]


_TOGGLES = ("TT", "A- A+", "Aa", "A A A", "Text size", "Listen", "Share", "T T", "A+ A-", "Print")
_CREDITS = (" (Reuters)", " (AFP)", " (AP)", "", "", " Photo: EPA", " © dpa", " | Getty Images")


def _toggle(rng: random.Random) -> list[str]:
    return rng.choices(_TOGGLES, k=rng.choice((0, 1, 1, 2)))


def _doubled(lines: list[Line], title: str, toggle: list[str], rng: random.Random) -> list[Line]:
    """Headline and caption twice before the body, as portals with an opened image give them."""
    start, end = _body_range(lines)
    prose = [line.text for line in lines[start:end] if len(line.text.split()) >= LONG_WORDS]
    words_ = rng.choice(prose).split() if prose else ["—"]
    caption = " ".join(words_[: rng.randint(8, 24)]).rstrip(",;:") + "." + rng.choice(_CREDITS)
    captions = [caption] * rng.choice((1, 2, 2))
    step = 1 if rng.random() < 0.6 else 0
    head: list[Line] = []
    for part in range(2):
        head.append(Line(title, step, False, True))
        head += [Line(text, step if i == 0 else 0, False, False) for i, text in enumerate(captions)]
        if part == 0:
            head += [Line(text, 0, False, False) for text in toggle]
    first = lines[start]._replace(gap=step) if start < len(lines) else None
    tail = lines[end:] if rng.random() < 0.3 else []
    return head + ([first] if first else []) + lines[start + 1 : end] + tail


def _teasers(sources: Sequence[Source], rng: random.Random) -> list[Line]:
    """Headlines of other stories, now and then with an opening sentence: never a story's start."""
    found = [
        Line(rng.choice(("More stories", "Related", "Mehr zum Thema", "Lire aussi", "Most read")), 1, False, False)
    ]
    opened = rng.random() < 0.5
    for other in rng.sample(list(sources), min(len(sources), rng.randint(3, 7))):
        found.append(Line(other.title, 1, False, False))
        prose = next((line.text for line in other.lines if line.body and len(line.text.split()) >= LONG_WORDS), "")
        if opened and prose:
            found.append(
                Line(" ".join(prose.split()[: rng.randint(14, 40)]) + rng.choice(("…", "...", ".")), 0, False, False)
            )
    return [line for line in found if line.text]


def _halved(lines: list[Line], template: list[Line]) -> list[list[Line]]:
    """A long story as two of one site and subject: its second half under a subhead made a headline."""
    start, end = _body_range(lines)
    subheads = [
        i
        for i in range(start + (end - start) // 3, end - (end - start) // 3)
        if lines[i].body and 3 <= len(lines[i].text.split()) <= 14 and lines[i].text[-1:].isalnum()
    ]
    if not subheads:
        return [lines]
    at = subheads[len(subheads) // 2]
    low, high = _body_range(template)
    head = [line for line in template[:low] if not line.title][-8:]
    tail = template[high : high + 12]
    second = lines[at]._replace(body=False, title=True)
    if not head and not tail:
        return [lines]
    own = [line for line in lines[:start] if line.title][:1]
    return [[*head, *own, *lines[start:at], *tail], [*head, second, *lines[at + 1 : end], *tail]]


def jittered(mix: Mix, rng: random.Random) -> list[list[Line]]:
    """The stories of a dump cut as a model would: anywhere between the last body line and the next first one."""
    cuts = [_moved(mix.lines, start, rng) if rng.random() < 0.5 else start for start in mix.starts]
    edges = [0, *cuts, len(mix.lines)]
    return [list(mix.lines[a:b]) for a, b in pairwise(edges) if b > a]


def cleaned(lines: list[Line], rng: random.Random) -> list[Line]:
    """Now and then a story without the furniture behind it, or before it too: as those who tidy their dumps give it."""
    draw = rng.random()
    start, end = _body_range(lines)
    if draw >= CLEAN or not any(line.body for line in lines):
        return lines
    head = lines[:start] if draw >= CLEAN / 2 else [line for line in lines[:start] if line.title]
    return head + lines[start:end]


def _moved(lines: Sequence[Line], start: int, rng: random.Random) -> int:
    low = start
    while low > 0 and not lines[low - 1].body and start - low < 6 and not lines[low - 1].title:
        low -= 1
    high = start
    while high < len(lines) - 1 and not lines[high].body and not lines[high].title and high - start < 6:
        high += 1
    return rng.randint(low, high)


def bare(source: Source) -> Source:
    """The same page without its blank lines."""
    return replace(source, lines=tuple(line._replace(gap=0) for line in source.lines))


def places(sources: Sequence[Source]) -> list[tuple[str, int, list[str]]]:
    """The lines of pages as the lexicon learns them: site, above (0), within (1) or below (2) the story, keys."""
    found = []
    for source in sources:
        start, end = _body_range(source.lines)
        for index, line in enumerate(source.lines):
            if not line.title and (line.body or not start <= index < end):
                place = 1 if line.body else 0 if index < start else 2
                found.append((source.site, place, keys(line.text)))
    return found


_ALPHABETS = (
    "абвгдежзийклмнопрстуфхцчшщ",
    "αβγδεζηθικλμνξοπρστυφχψωϊϋ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنه",
    "कखगघचछजझटठडढणतथदधनपफबभमयरल",
    "qwertyuiopasdfghjklzxcvbnm",
)


def ciphered(source: Source, rng: random.Random) -> Source:
    """The page in letters of another script, word for word: the page sets are nearly all English and German."""
    if rng.random() < 0.3:
        turn = _to_han
    else:
        alphabet = rng.choice(_ALPHABETS)
        latin = "abcdefghijklmnopqrstuvwxyz"
        letters = str.maketrans(latin + latin.upper(), alphabet + alphabet.upper())

        def turn(text: str) -> str:
            return text.translate(letters)

    lines = tuple(line._replace(text=turn(line.text)) for line in source.lines)
    return replace(source, lines=lines, title=turn(source.title), whole=())


_WORD = re.compile(r"\w+(?:['’]\w+)*")
_HAN_STOPS = str.maketrans({",": "，", ".": "。", "!": "！", "?": "？", ":": "：", ";": "；"})


def _to_han(text: str) -> str:
    """Each word as one or two Han characters that follow from its letters, without spaces between them."""

    def han(found: re.Match[str]) -> str:
        word = found.group(0).lower()
        if not word.isalpha():
            return word
        value = zlib.crc32(word.encode())
        first = chr(0x4E00 + value % 3000)
        return first if len(word) <= 3 else first + chr(0x4E00 + value // 3000 % 3000)

    return re.sub(
        r"(?<=[\u4e00-\u9fff，。！？：；]) (?=[\u4e00-\u9fff])", "", _WORD.sub(han, text).translate(_HAN_STOPS)
    )
