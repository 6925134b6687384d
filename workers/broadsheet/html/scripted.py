"""Stories that a page shows only with its script, or without one: in templates, in `noscript`, in its script's JSON.

Looked for on pages that show no story themselves. The page is given once more with the text where it stands, and read
as any other. All is linear in the page's size.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import orjson

from broadsheet.json_text import read_json
from broadsheet.text.refusal import MIN_WORDS
from broadsheet.text.words import count_words

LONGEST_JSON = 4_000_000
"""Bytes of a script's JSON that is read."""
MOST_VALUES = 200_000
"""Of one such text."""
MOST_DEPTH = 30
LEAST_TEXT = 5
"""Words of a text that may be a paragraph."""

_SCRIPT = re.compile(rb"<script\b[^>]{0,400}>", re.IGNORECASE)
_MARKUP = re.compile(rb"text/(?:x-)?(?:template|html|handlebars|ng-template)", re.IGNORECASE)
_SET = re.compile(rb"\s{0,20}(?:(?:var|let|const) )?[\w.$]{1,80}\s{0,5}=\s{0,5}(?=[{\[])")
_SHADOW = re.compile(rb"<template\b[^>]{0,400}>", re.IGNORECASE)
_SHADOW_END = re.compile(rb"</template\s{0,5}>", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"</?noscript\b[^>]{0,400}>", re.IGNORECASE)
_ROOT = re.compile(
    rb"<(?:app-root\b|div\b[^>]{0,200}?\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|react-root)[\"'\s>])",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)


def uncovered(page: bytes) -> Iterator[bytes]:
    """The page in UTF-8 with what it keeps in templates shown, then in `noscript`, then in JSON: where it has them."""
    shown = _scripts_shown(page, _as_markup)
    if any(b"shadowroot" in tag.lower() for tag in _SHADOW.findall(shown)):
        shown = _SHADOW_END.sub(b"</div>", _SHADOW.sub(b"<div>", shown))
    if shown != page:
        yield shown
    if _NOSCRIPT.search(page):
        yield _NOSCRIPT.sub(b"", page)
    shown = _scripts_shown(page, _as_story)
    if shown != page:
        yield shown


def needs_script(page: bytes) -> bool:
    """Whether a page without a story of its own is one that a script fills: an empty root for it, or its data."""
    return _ROOT.search(page) is not None or any(_json_of(tag, text) for tag, text, _, _ in _scripts(page))


def _scripts(page: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Start tag and text of each script, and where it stands."""
    done = 0
    for found in _SCRIPT.finditer(page):
        if found.start() < done:
            continue
        end = page.find(b"</script", found.end())
        if end < 0:
            return
        done = page.find(b">", end) + 1 or len(page)
        yield found[0], page[found.end() : end], found.start(), done


def _scripts_shown(page: bytes, shown: Callable[[bytes, bytes], bytes]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for tag, text, start, end in _scripts(page):
        if story := shown(tag, text):
            parts += (page[at:start], story)
            at = end
    return b"".join([*parts, page[at:]]) if parts else page


def _as_markup(tag: bytes, text: bytes) -> bytes:
    return b"<div>" + text + b"</div>" if _MARKUP.search(tag) else b""


def _as_story(tag: bytes, text: bytes) -> bytes:
    held = _json_of(tag, text)
    if not held:
        return b""
    try:
        story = _story(read_json(held))
    except (orjson.JSONDecodeError, OverflowError, RecursionError):
        return b""
    return f"<article>{story}</article>".encode("utf-8", "replace") if story else b""


def _json_of(tag: bytes, text: bytes) -> bytes:
    """The JSON that a script holds, or sets a variable to; empty where it is none, or too little for a story."""
    if len(text) > LONGEST_JSON or len(text) < 4 * MIN_WORDS:
        return b""
    if b"application/json" in tag:
        return text.strip()
    found = _SET.match(text)
    return text[found.end() : max(text.rfind(b"}"), text.rfind(b"]")) + 1] if found else b""


def _story(value: Any) -> str:
    """The texts that stand under one path of fields and hold the most words, as markup; empty where those are few."""
    groups: dict[tuple[str, ...], list[str]] = {}
    words: dict[tuple[str, ...], int] = {}
    left: list[tuple[tuple[str, ...], Any]] = [((), value)]
    for _ in range(MOST_VALUES):
        if not left:
            break
        path, held = left.pop()
        if isinstance(held, str):
            count = count_words(held)
            if count >= LEAST_TEXT:
                groups.setdefault(path, []).append(held)
                words[path] = words.get(path, 0) + count
        elif isinstance(held, dict) and len(path) < MOST_DEPTH:
            left += [((*path, key), one) for key, one in reversed(held.items())]
        elif isinstance(held, list):
            left += [(path, one) for one in reversed(held)]
    best = max(words, key=words.__getitem__, default=None)
    if best is None or words[best] < MIN_WORDS:
        return ""
    return "".join([text if _PARAGRAPH.search(text) else f"<p>{escape(text)}</p>" for text in groups[best]])
