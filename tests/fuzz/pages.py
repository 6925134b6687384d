"""Fuzzing by coverage, for hours and by hand: any message ends as articles, as none, or for a reason of the list.

Needs atheris, which is no dependency of Broadsheet's: `pip install atheris` into an environment of its own.

    python -m tests.fuzz.pages CORPUS -dict=tests/fuzz/words.dict -max_len=60000 -max_total_time=3600

CORPUS is a folder, filled with the shipped samples and the golden pages at the first start. A message that breaks a
promise is written to the current folder as `crash-...`; `python -m tests.fuzz.pages crash-...` reads it again.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

FORMS: tuple[tuple[tuple[str, bytes], ...], ...] = (
    (("content-type", b"text/html"), ("url", b"https://harbour.example/news/tides")),
    (("content-type", b"text/plain"), ("url", b"https://harbour.example/dump")),
    (("content-type", b"application/json"),),
    (("content-type", b"text/html; charset=utf-16"),),
    (("content-type", b"text/html"), ("content-encoding", b"gzip")),
    (("content-type", b"text/html"), ("charset", b"shift_jis"), ("status", b"404")),
    (("content-type", b"text/plain"), ("charset", b"windows-1252")),
    (),
)
"""The headers of a message, chosen by its first byte; with no headers the value tells what it is. With the eighth bit
set what stands before the first zero byte is one more header, name and value parted by a colon.
"""
MORE_HEADERS = 0x80


def message(data: bytes) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """The value and headers that fuzzed bytes stand for."""
    chosen = data[0] if data else 0
    headers, value = FORMS[chosen % len(FORMS)], data[1:]
    if chosen & MORE_HEADERS:
        line, _, value = value.partition(b"\0")
        name, _, said = line.partition(b":")
        headers = (*headers, (name.decode("latin-1"), said))
    return value, headers


def read_one(data: bytes) -> None:
    """Raises AssertionError where a message breaks a promise, or whatever the core lets out."""
    from broadsheet.values import RawPage
    from tests.property.promises import check, ended

    value, headers = message(data)
    check(ended(RawPage(value, headers=headers)))


def seed(corpus: Path) -> None:
    """Put the shipped samples and the golden pages into an empty corpus, each in the form it comes in."""
    from tests.golden.cases import case_names, case_page

    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    for name in case_names():
        raw = case_page(name)
        dump = any(value.startswith(b"text/plain") for key, value in raw.headers if key == "content-type")
        (corpus / name).write_bytes(bytes([1 if dump else 0]) + raw.value)
    envelope = {"url": "https://harbour.example/a", "body": "<h1>Tides</h1><p>The boats lay still.</p>"}
    (corpus / "envelope").write_bytes(b"\2" + json.dumps(envelope).encode())


def main(arguments: list[str]) -> None:
    """Read each file named, or fuzz with the corpus folder and the options of libFuzzer."""
    named = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if named and all(path.is_file() for path in named):
        for path in named:
            read_one(path.read_bytes())
        return
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["broadsheet"]):
        import_module("broadsheet.pipeline")
    for path in named[:1]:
        seed(path)
    target: Callable[[bytes], None] = read_one
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
