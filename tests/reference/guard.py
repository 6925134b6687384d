"""What is counted before a page is parsed, as `broadsheet.native.guard` counts it."""

import re

_PARTS = {
    **dict.fromkeys((b"rb", b"rp", b"rt", b"rtc"), b"ruby"),
    **dict.fromkeys((b"option", b"optgroup"), b"select"),
}
_NAMES = re.compile(rb"<(/?)([a-zA-Z][^\s/>]{0,20})")


def tags_and_options(data: bytes) -> tuple[int, int]:
    """How many "<" there are, and how many of them begin the tag of an option."""
    return data.count(b"<"), data.lower().count(b"<option")


def most_open(data: bytes) -> dict[bytes, int]:
    """For each name of a tag, in lower case and cut to 21 letters, the most that are open at once.

    Without the parts of a ruby or a select between which nothing else comes, but for what follows a drawing.
    """
    opened: dict[bytes, int] = {}
    most: dict[bytes, int] = {}
    within, drawn = b"", False
    for slash, name in _NAMES.findall(data.lower()):
        if within and _PARTS.get(name) == within:
            continue
        plain = not (slash or drawn or within == b"select")
        within = name if plain and name in (b"ruby", b"select") else b""
        drawn = drawn or name in (b"svg", b"math")
        now = opened.get(name, 0)
        if not slash:
            opened[name] = now + 1
            if now >= most.get(name, 0):
                most[name] = now + 1
        elif now:
            opened[name] = now - 1
    return most
