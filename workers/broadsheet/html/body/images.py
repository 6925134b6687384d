"""The images of a story: those in figures of the page with their captions, and the one its head names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import attrgetter

from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.around import nearest
from broadsheet.html.scan.hints import BITS
from broadsheet.html.scan.tree import Tree
from broadsheet.text.credits import Credited, part_credit
from broadsheet.text.numbers import number
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import LONGEST_ADDRESS, absolute
from broadsheet.values import Block, Image

MOST = 40
ABOVE, BELOW = 5, 2
"""Blocks before the headline, or the body where that stands lower, and behind the body, among which a story's images
stand. Of 601 figures on every third page of two page sets 241 are elsewhere: all but a handful are other stories' or
the page's furniture."""
MIN_STEM = 8
LONGEST_NAME = 255
"""Characters of a file's name, by the usual file systems. What is longer has no sizes to tell."""
_SIZES = re.compile(
    r"(?:[-_.@](?:\d+(?:x\d+)?|x\d+)w?h?|[-_](?:small|medium|large|thumb|scaled|crop))+$", re.IGNORECASE
)
_LAZY = re.compile(r"src$|original|lazy|full|large|url$|image$|img$")
"""Names of attributes, behind "data-", in which scripts that load pictures late keep their addresses."""
_INLINE = ("data:", "blob:")
"""With these begins what is no address but the picture itself."""
_KNOWN = frozenset({"data-src", "data-original", "data-lazy-src"})
_PICTURE = re.compile(r"^[^\s{}\[\]<>\"']+\.(?:jpe?g|png|webp|avif|gif)(?:[?#]\S*)?$", re.IGNORECASE)
_CANDIDATE = re.compile(r"[^\s,]\S*")
"""The first address of a srcset: it ends at a blank and may hold commas, but not end with one."""
_CAPTION = BITS["caption"]
BOX_REACH, BOX_BLOCKS = 3, 3
"""Elements around an image among which its captioned box is, and blocks that such a box may hold."""
LARGE = 400
"""Pixels of width from which an image without a figure is a story's own: above the widths of the usual advertisements
beside a text."""
MIN_SIDE = 100
"""Pixels. Smaller is an icon or a portrait beside a byline."""
MOST_LOOKS = 1_000
"""Images of a story's part, and elements of a figure, that are looked at; real ones have under 100."""
CAPTION_CHARS = 600
ALT_CHARS = 2_000
MOST_LINES = 100
"""Blocks of a caption that are read; real ones have under ten."""


def read_images(
    tree: Tree, told: Metadata, base: str | None, body: Sequence[Block], part: range | None = None
) -> tuple[Image, ...]:
    """Figures with images from above a story's headline to behind its body, in the page's order.

    The image that the story's head names comes first if it is none of them. `part` is the story's part of the page,
    all of it if None.
    """
    near = _near(told, body, range(len(tree.blocks) + 1) if part is None else part)
    found: dict[str, Image] = {}
    captions: dict[int, Credited] = {}
    for figure, attributes in _figures(tree, near):
        url = None if _small(attributes) else absolute(_source(attributes), base)
        if url and url not in found:
            caption, credit = captions[figure] = captions.get(figure) or part_credit(_caption(tree, figure))
            alt = tidy((attributes.get("alt") or "")[:ALT_CHARS])
            found[url] = Image(url=url, caption=caption or None, credit=credit, alt=alt or None)
            if len(found) == MOST:
                break
    lead = absolute(told.image, base)
    if lead and lead not in found:
        stem = _stem(lead)
        if all(_stem(url) != stem for url in found):
            found = {lead: Image(url=lead), **found}
    return tuple(found.values())[:MOST]


def _near(told: Metadata, body: Sequence[Block], part: range) -> range:
    """The blocks before which a story's own images stand: beyond them are those of the stories it is shown with."""
    places = [block.at for block in body if block.at is not None]
    if not places:
        return part
    first = places[0] if told.heading is None else min(places[0], told.heading)
    return range(max(part.start, first - ABOVE), min(part.stop, places[-1] + BELOW + 1))


def _figures(tree: Tree, near: range) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The images that stand in a figure or a captioned box, and large ones outside: that element (-1 for none), and the
    image's attributes.
    """
    start = bisect_left(tree.pictures, near.start, key=attrgetter("block"))
    for picture in islice(tree.pictures, start, start + MOST_LOOKS):
        if picture.block >= near.stop:
            return
        figure = nearest(tree.elements, picture.owner, "figure")
        attributes = picture.element.attributes
        box = figure if figure >= 0 else _captioned_box(tree, picture.owner)
        if box >= 0 or _large(attributes):
            yield box, attributes


def _captioned_box(tree: Tree, owner: int) -> int:
    """The nearest element around an image that is named for a caption and holds little else; -1 where none is."""
    for e in islice(tree.ancestors(owner), BOX_REACH):
        if tree.elements[e].hints & _CAPTION and tree.ends[e] - tree.elements[e].first <= BOX_BLOCKS:
            return e
    return -1


def _large(attributes: dict[str, str | None]) -> bool:
    """Whether an image says that it is as wide as a story's text."""
    width = number(attributes.get("width") or "")
    return width is not None and width >= LARGE


def _caption(tree: Tree, figure: int) -> str:
    """What stands in the `figcaption` elements of a figure, or in those named for a caption of another box, as far as a
    caption is long; nothing of none (-1).
    """
    if figure < 0:
        return ""
    named = 0 if tree.elements[figure].tag == "figure" else _CAPTION
    texts: list[str] = []
    size, start, stop = 0, tree.elements[figure].first, tree.ends[figure]
    for index in range(figure + 1, min(figure + 1 + MOST_LOOKS, len(tree.elements))):
        element = tree.elements[index]
        if element.first >= stop or size > CAPTION_CHARS:
            break
        if element.tag == "figcaption" or element.hints & named:
            for run in tree.blocks[max(start, element.first) : min(tree.ends[index], element.first + MOST_LINES)]:
                texts.append(tidy(run.text[: 2 * CAPTION_CHARS]))
                size += len(texts[-1]) + 1
            start = max(start, tree.ends[index])
    return " ".join(texts)[:CAPTION_CHARS]


def _source(attributes: dict[str, str | None]) -> str | None:
    """Where the image is: what lazy loaders keep beside `src` first, data addresses never."""
    get = attributes.get
    lazy = next((value for name, value in attributes.items() if _is_lazy(name, value)), None)
    if lazy:
        return lazy
    own = get("src")
    if own and not own.startswith(_INLINE):
        return own
    listed = _CANDIDATE.search(get("srcset") or get("data-srcset") or "")
    return listed[0].rstrip(",") if listed else None


def _is_lazy(name: str, value: str | None) -> bool:
    """Whether an attribute is one of those in which scripts keep a picture's address until it is shown."""
    if not name.startswith("data-") or not value or len(value) > LONGEST_ADDRESS or not _LAZY.search(name):
        return False
    return _PICTURE.search(value) is not None or (name in _KNOWN and not value.startswith((*_INLINE, "{", "[")))


def _small(attributes: dict[str, str | None]) -> bool:
    sides = (attributes.get("width"), attributes.get("height"))
    pixels = [number(side) for side in sides if side is not None]
    return any(size is not None and size < MIN_SIDE for size in pixels)


def _stem(url: str) -> str:
    """The file name without its sizes: one picture is served under many. All of a name that has little else."""
    name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
    if len(name) > LONGEST_NAME:
        return name
    bare = _SIZES.sub("", name.rsplit(".", 1)[0])
    return bare if len(bare) >= MIN_STEM else name
