"""Scraped text made fit for a terminal: what would steer it is shown, not obeyed."""

import sys
import unicodedata

_STEERING = {"Cc", "Cf", "Co", "Cs"}
"""Unicode categories of controls (escape sequences), formats (text direction), private and half characters."""
_JOINERS = "\u200c\u200d"
"""Formats that scripts need: Persian and Indic words are misspelt without them, emoji fall apart."""


def printable(text: str) -> str:
    """The text on one line: white space as one space, steering characters as U+FFFD."""
    return "".join(_shown(char) for char in " ".join(text.split()))


def write_bytes(data: bytes) -> None:
    """A page's bytes to standard output: as they are where a file or a program takes them, printable on a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    for line in data.decode(errors="backslashreplace").splitlines():
        print(printable(line))


def shortened(text: str, characters: int) -> str:
    """The printable start of a text, with an ellipsis where it is cut."""
    shown = printable(text[: characters * 2])
    return shown if len(shown) <= characters else shown[: characters - 1].rstrip() + "…"


def _shown(char: str) -> str:
    return "\ufffd" if unicodedata.category(char) in _STEERING and char not in _JOINERS else char
