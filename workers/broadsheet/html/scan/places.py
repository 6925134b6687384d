"""Where the blocks of an HTML page stand in its source. Made for people who ask, not for every page: it costs a look
at the whole source, which the parser does not tell.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import unescape

from broadsheet.values import Span

REACH = 20_000
"""Letters and digits of visible text between one block and the next; what lies between is in no block (a menu's
options, a form's fields).
"""
_WORD = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,31});?|[^\W_]+")
_LETTERS = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[a-z]+", re.IGNORECASE)
_QUIET = "script style noscript template svg iframe object canvas select textarea audio video title"
_UNREAD = frozenset(_QUIET.split())


def find_spans(source: str, texts: Sequence[str]) -> list[Span | None]:
    """The span of each text, in the order of `texts`, which is the page's; None where it is not found.

    Texts are compared by their letters and digits. Time grows with the length of the source and of the texts.
    """
    spelt, starts, places = _letters(source)
    found: list[Span | None] = []
    at = cursor = 0
    for text in texts:
        wanted = "".join(_LETTERS.findall(text))
        if not wanted:
            near = source.find(text, cursor, cursor + REACH)
            found.append(Span(near, near + len(text)) if near >= 0 else None)
            continue
        start = spelt.find(wanted, at, at + len(wanted) + REACH)
        if start < 0:
            found.append(None)
            continue
        at = start + len(wanted)
        inner = Span(_place(start, starts, places)[0], _place(at - 1, starts, places)[1])
        found.append(_with_signs(source, text, inner))
        cursor = inner.end
    return found


def _place(letter: int, starts: Sequence[int], places: Sequence[tuple[int, int, bool]]) -> tuple[int, int]:
    """Where one letter starts and ends in the source: an entity counts as a whole."""
    word = bisect_right(starts, letter) - 1
    start, end, entity = places[word]
    if entity:
        return start, end
    return start + letter - starts[word], start + letter - starts[word] + 1


def _with_signs(source: str, text: str, span: Span) -> Span:
    """The span with the signs before the first letter of the text and after its last."""
    start, end = span
    first = _LETTERS.search(text)
    for sign in reversed(text[: first.start()] if first else ""):
        if source[start - 1 : start] != sign:
            break
        start -= 1
    last = len(text)
    while last and not _LETTERS.match(text, last - 1):
        last -= 1
    for sign in text[last:]:
        if source[end : end + 1] != sign:
            break
        end += 1
    return Span(start, end)


def _letters(source: str) -> tuple[str, list[int], list[tuple[int, int, bool]]]:
    """All letters and digits that a page shows, joined; for each word where it starts among them, and its place."""
    words: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int, bool]] = []
    length = 0
    for first, last in _shown(source):
        for match in _WORD.finditer(source, first, last):
            entity = match.group().startswith("&")
            word = "".join(_LETTERS.findall(unescape(match.group()))) if entity else match.group()
            if word:
                words.append(word)
                starts.append(length)
                places.append((match.start(), match.end(), entity))
                length += len(word)
    return "".join(words), starts, places


def _shown(source: str) -> Iterator[tuple[int, int]]:
    """The stretches of text between tags, without comments and elements that show no text of their own."""
    lowered = source.lower() if len(source.lower()) == len(source) else source
    at = 0
    while at < len(source):
        tag = source.find("<", at)
        if tag < 0:
            yield at, len(source)
            return
        if tag > at:
            yield at, tag
        after = source[tag + 1 : tag + 2]
        if source.startswith("<!--", tag):
            end, skip = source.find("-->", tag + 4), 3
        elif after.isalpha() or after in ("/", "!", "?"):
            name = _NAME.match(lowered, tag + 1)
            if name and name.group() in _UNREAD:
                end, skip = lowered.find(f"</{name.group()}", name.end()), 0
            else:
                end, skip = source.find(">", tag), 1
        else:
            end, skip = tag + 1, 0
        if end < 0:
            return
        at = end + skip
