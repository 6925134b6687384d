"""One story of a dump: each of its lines labelled as what it is.

The head of a story is what stands before its first line of prose: the headline, its doubles, captions, the byline.
Learned scores say which lines are body and which is the headline, rules say what the others are. Everything dropped
keeps its reason and its span.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from broadsheet.dump.head import find_head, read_signs
from broadsheet.dump.scores import BODY, LineScores
from broadsheet.dump.told import with_told
from broadsheet.text.authors import split_authors
from broadsheet.text.dates import find_date
from broadsheet.text.head_lines import byline_names, is_date_line
from broadsheet.text.headlines import MIN_WORDS, bare_headline, without_kicker
from broadsheet.text.line import PROSE_WORDS, Line
from broadsheet.text.words import ends_sentence, words_to
from broadsheet.values import BODY_KINDS, Author, Block, Image, Kind, Removed, Span, Story

HEAD_LINES = 16
"""Rules alone look for a headline in so many lines before the prose."""
TITLE_WORDS = 30
SUBHEAD_WORDS = 12
LABEL_WORDS = 4
"""A line of fewer words between headline and prose is a label (a section, "On this page")."""
TRAILING_WORDS = 10
CAPTION_WORDS = 60
SURE_TITLE = 0.1
"""Below this no line is a headline by its score, and the rule chooses: a title's score is rarely under a half."""
INNER_SHARE = 0.3
"""A line with this share of the best one's score that ends it letter by letter is the headline: the other has a path, a
label or what describes a picture glued to it. Of 3,300 dumps that is right in 25 and wrong in four."""
UNSURE_SHARE = 0.45
"""Where no line is sure to be body (short stories among much furniture) those near half the best one's score are."""
_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"^(?:[•‣◦▪●○∙·*–]|[-+](?=\s))\s*")


def read_story(lines: Sequence[Line], scores: LineScores | None, marks: Collection[int] = ()) -> Story:
    """One story from its lines and what the models say of each: by rules alone without.

    `marks` are the places of lines that only say which page of several this is. The story's body may be empty:
    then there is no story in the lines.
    """
    return _Reading(lines, scores, marks).story()


class _Reading:
    """One story's lines on their way into its fields."""

    def __init__(self, lines: Sequence[Line], scores: LineScores | None, marks: Collection[int]) -> None:
        self.marks = marks
        self.removed: list[Removed] = []
        self.images: list[Image] = []
        self.seen_captions: set[str] = set()
        self.image_urls: set[str] = set()
        self.headline: Line | None = None
        self.byline: str | None = None
        self.authors: tuple[Author, ...] = ()
        self.published: str | None = None
        self.first = lines[0].at if lines else 0
        self.span = _span(lines)
        self.told = next((line.mark.told for line in lines if line.mark.told), None)
        self.scores: LineScores | None = None
        self.body_lines: frozenset[int] | None = None
        if scores:
            self._learn(lines, scores)
        self.lines = self._said_once([line for line in lines if not self._is_furniture(line)])
        self.times = Counter(line.key for line in self.lines)

    def _learn(self, lines: Sequence[Line], scores: LineScores) -> None:
        """Takes the learned scores; where they find no body at all the rules read on alone."""
        limit = min(BODY, UNSURE_SHARE * max(scores.body))
        body = frozenset(line.at for line, score in zip(lines, scores.body, strict=True) if score >= limit)
        if body:
            self.body_lines = body
            self.scores = scores

    def _is_body(self, line: Line) -> bool:
        return self.body_lines is None or line.at in self.body_lines

    def story(self) -> Story:
        start = self._prose_start()
        self.headline = self._likely_headline() or self._choose_headline(start)
        body = self._read_head(start) + self._read_body(start)
        if self.body_lines is None:
            body = self._without_tail(body)
        self.removed.sort(key=lambda item: item.span or Span(0, 0))
        story = self._tell(body)
        return with_told(story, self.told, "front-matter") if self.told else story

    def _tell(self, body: Sequence[Block]) -> Story:
        return Story(
            headline=self._headline_text(body),
            body=tuple(body),
            byline=self.byline,
            authors=self.authors,
            published=self.published,
            images=tuple(self.images),
            removed=tuple(self.removed),
            span=self.span,
            provenance=self._provenance(),
        )

    def _headline_text(self, body: Sequence[Block]) -> str | None:
        """The headline out of its line; the story's own words tell whether a kicker runs into it."""
        if self.headline is None:
            return None

        @cache
        def told() -> frozenset[str]:
            return frozenset(word for block in body for word in _WORD.findall(block.text))

        return without_kicker(bare_headline(self.headline.text), told)

    def _provenance(self) -> dict[str, str]:
        found = {
            "headline": ("first-title-line", self.headline),
            "authors": ("byline-block", self.authors),
            "published_at": ("date-block", self.published),
            "images": ("caption-block", self.images),
        }
        return {name: source for name, (source, value) in found.items() if value}

    def _drop(self, kind: str, line: Line | Block) -> None:
        self.removed.append(removed_line(kind, line))

    def _is_furniture(self, line: Line) -> bool:
        kind = "pagination" if line.at in self.marks else line.furniture
        if kind:
            self._drop(kind, line)
        return kind is not None

    def _said_once(self, lines: list[Line]) -> list[Line]:
        """Where more than a third of the lines repeat the one before, doubling is the dump's way and tells no captions:
        the repeats go.
        """
        repeats = {other.at for one, other in pairwise(lines) if one.text == other.text}
        if 3 * len(repeats) <= len(lines):
            return lines
        for line in lines:
            if line.at in repeats:
                self._drop("repeated-line", line)
        return [line for line in lines if line.at not in repeats]

    def _prose_start(self) -> int:
        """The index of the first line that is the story itself: prose, and not a caption that stands there twice."""
        for index, line in enumerate(self.lines):
            told = line.prose if self.body_lines is None else self._is_body(line)
            if told and self.times[line.key] == 1 and not line.credited.credit:
                return index
        return min(len(self.lines), 1)

    def _likely_headline(self) -> Line | None:
        """The line of the head with the highest title score, if any is likely."""
        if self.scores is None:
            return None
        head, prose = find_head(self.lines, self._is_body, self.first + len(self.scores.body))
        if not head:
            return None
        head = _top_headings(head)
        places, signs = [line.at - self.first for line in head], [read_signs(line) for line in head]
        scores = self.scores.title(places, signs, prose - self.first)
        sure = float(scores.max())
        if sure < SURE_TITLE:
            return None
        best = head[int(scores.argmax())]
        inner = [line for line, score in zip(head, scores, strict=True) if score >= INNER_SHARE * sure]
        key = min((line for line in inner if _ends_with(best, line)), key=lambda line: len(line.text), default=best).key
        return next(line for line in head if line.key == key)

    def _choose_headline(self, start: int) -> Line | None:
        """The title-like line of the head that comes back in it, else the first title-like one."""
        head = [line for line in self.lines[max(0, start - HEAD_LINES) : start] if _title_like(line)]
        times = Counter(line.key for line in head)
        doubled = [line for line in head if times[line.key] > 1]
        return next(iter(doubled or [line for line in head if line.words >= 3] or head), None)

    def _read_head(self, start: int) -> list[Block]:
        """Labels the lines before the prose; gives those that are the story's own text (a standfirst)."""
        kept = []
        head = self.lines[:start]
        times = Counter(line.key for line in head)
        title = self.headline.key if self.headline else None
        past_title = self.headline is None
        for line in head:
            key = line.key
            if past_title and self._keep_images(line):
                continue
            if key == title:
                if past_title or line is not self.headline:
                    self._drop("repeated-headline", line)
                past_title = True
            elif key in self.seen_captions:
                self._drop("repeated-caption", line)
            elif self._is_caption(line, times[key] > 1):
                self._keep_caption(line)
            elif not self._is_credit_line(line):
                if not past_title:
                    self._drop("before-headline", line)
                elif self.body_lines is not None or line.words < LABEL_WORDS:
                    self._drop("label", line)
                else:
                    kept.append(body_block(line, None))
        return kept

    def _is_caption(self, line: Line, doubled: bool) -> bool:
        marked = line.mark.kind is Kind.CAPTION
        return marked or (doubled and line.words >= LABEL_WORDS) or line.credited.credit is not None

    def _is_credit_line(self, line: Line) -> bool:
        """Takes bylines and date lines into their fields; whether the line was one."""
        names = byline_names(line.text)
        if names:
            if self.byline is None:
                self.byline, self.authors = line.text, split_authors(names)
            found = find_date(line.text)
            self.published = self.published or (found.day if found else None)
            self._drop("byline", line)
            return True
        if is_date_line(line.text):
            found = find_date(line.text)
            self.published = self.published or (found.day if found else None)
            self._drop("date", line)
            return True
        return False

    def _keep_images(self, line: Line) -> bool:
        """Takes the images that stand in the line or just above it; whether the line is the caption of the last one."""
        images = [image for image in line.mark.images if image.url and image.url not in self.image_urls]
        captioned = bool(images) and line.mark.kind is Kind.CAPTION
        if captioned:
            images[-1] = replace(images[-1], caption=line.credited.caption or None, credit=line.credited.credit)
            self.seen_captions.add(line.key)
        self.image_urls.update(image.url for image in images if image.url)
        self.images.extend(images)
        return captioned

    def _keep_caption(self, line: Line) -> None:
        caption, credit = line.credited
        self.seen_captions.add(line.key)
        self.images.append(Image(caption=caption or None, credit=credit))

    def _read_body(self, start: int) -> list[Block]:
        """Labels the lines from the first of the prose on; gives those that are the story's own."""
        body: list[Block] = []
        lines = self.lines[start:]
        title = self.headline.key if self.headline else None
        for index, line in enumerate(lines):
            key = line.key
            if line is self.headline:
                continue
            if (self._is_body(line) or line.mark.kind is Kind.CAPTION) and self._keep_images(line):
                continue
            if key and key == title:
                self._drop("repeated-headline", line)
            elif key in self.seen_captions:
                self._drop("repeated-caption", line)
            elif self._is_body_caption(line, lines[index + 1 : index + 2]):
                self._keep_caption(line)
            elif not body and self._is_credit_line(line):
                continue
            elif not self._is_body(line):
                self._drop("not-body", line)
            else:
                after = lines[index + 1] if index + 1 < len(lines) else None
                body.append(body_block(line, after))
        return body

    def _is_body_caption(self, line: Line, after: Sequence[Line]) -> bool:
        """A credited line, or one that stands there twice in a row."""
        twice = bool(after) and after[0].text == line.text and line.words >= LABEL_WORDS
        if not twice and (line.prose or line.credited.credit is None):
            return False
        return line.words <= CAPTION_WORDS

    def _without_tail(self, body: list[Block]) -> list[Block]:
        """Short lines after the last sentence belong to the page, not to the story."""
        end = len(body)
        while (
            end
            and not ends_sentence(body[end - 1].text)
            and words_to(body[end - 1].text, TRAILING_WORDS) < TRAILING_WORDS
        ):
            end -= 1
        if not end and any(words_to(block.text, PROSE_WORDS) >= PROSE_WORDS for block in body):
            end = len(body)
        for block in body[end:]:
            self._drop("after-body", block)
        return body[:end]


def body_block(line: Line, after: Line | None) -> Block:
    """A body line as what it is: what its markup says, else list item, subhead before prose, or paragraph."""
    if line.mark.kind in BODY_KINDS:
        return Block(line.text, line.mark.kind, line.where, line.mark.level, line.span, line.mark.links)
    bullet = _BULLET.match(line.text)
    if bullet and bullet.end() < len(line.text):
        return Block(line.text[bullet.end() :], Kind.LIST_ITEM, line.where, None, line.span, line.mark.links)
    subhead = (
        after is not None and not ends_sentence(line.text.rstrip("?")) and line.words <= SUBHEAD_WORDS and after.prose
    )
    if subhead:
        return Block(line.text, Kind.HEADING, line.where, 2, line.span, line.mark.links)
    return Block(line.text, Kind.PARAGRAPH, line.where, None, line.span, line.mark.links)


def _top_headings(head: list[Line]) -> list[Line]:
    """Of a head with headings told by markup those of the highest level there; else all its lines."""
    levels = [line.mark.level for line in head if line.mark.level is not None]
    return [line for line in head if line.mark.level == min(levels)] if levels else head


def _ends_with(line: Line, other: Line) -> bool:
    """Whether `other`, long enough for a headline, is the end of `line`."""
    return len(other.text) < len(line.text) and line.text.endswith(other.text) and other.words >= MIN_WORDS


def _title_like(line: Line) -> bool:
    text = line.text
    return (
        line.words <= TITLE_WORDS
        and not ends_sentence(text.rstrip("?!"))
        and not _BULLET.match(text)
        and not line.credited.credit
        and byline_names(text) is None
        and not is_date_line(text)
    )


def removed_line(kind: str, line: Line | Block) -> Removed:
    """A line that was dropped, for the audit."""
    return Removed(kind, line.text, line.span, line.where)


def _span(lines: Sequence[Line]) -> Span | None:
    return Span(lines[0].span.start, lines[-1].span.end) if lines else None
