"""What is counted before a page is parsed, as `broadsheet.native.guard` counts it."""

import re

_ROOT = re.compile(rb"<(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])[\s/][^>]*")


_NAMES = re.compile(rb"<(/?)([a-zA-Z][^\s/>]{0,20})")


def tags_and_roots(data: bytes) -> tuple[int, int]:
    """How many "<" there are, and how many of them begin an html or body tag."""
    return data.count(b"<"), len(_ROOT.findall(data))


def most_open(data: bytes) -> dict[bytes, int]:
    """For each name of a tag, in lower case and cut to 21 letters, the most that are open at once."""
    opened: dict[bytes, int] = {}
    most: dict[bytes, int] = {}
    for slash, name in _NAMES.findall(data.lower()):
        now = opened.get(name, 0)
        if not slash:
            opened[name] = now + 1
            if now >= most.get(name, 0):
                most[name] = now + 1
        elif now:
            opened[name] = now - 1
    return most
