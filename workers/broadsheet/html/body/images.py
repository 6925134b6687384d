"""The images of a story: those in figures of the page with their captions, and the one its head names."""

import re
from collections.abc import Sequence

from broadsheet.html.head.told import Metadata
from broadsheet.html.scan.around import nearest
from broadsheet.html.scan.tree import Picture, Tree
from broadsheet.text.credits import part_credit
from broadsheet.text.tidy import tidy
from broadsheet.text.urls import absolute
from broadsheet.values import Block, Image

MOST = 40
ABOVE, BELOW = 5, 2
"""Blocks before the headline, or the body where that stands lower, and behind the body, among which a story's images
stand. Of 601 figures on every third page of two page sets 241 are elsewhere: all but a handful are other stories' or
the page's furniture."""
MIN_STEM = 8
_SIZES = re.compile(r"(?:[-_.@]\d*x?\d+w?h?|[-_](?:small|medium|large|thumb|scaled|crop))+$", re.IGNORECASE)
MIN_SIDE = 100
"""Pixels. Smaller is an icon or a portrait beside a byline."""


def read_images(
    tree: Tree, told: Metadata, base: str | None, body: Sequence[Block], part: range | None = None
) -> tuple[Image, ...]:
    """Figures with images from above a story's headline to behind its body, in the page's order.

    The image that the story's head names comes first if it is none of them. `part` is the story's part of the page,
    all of it if None.
    """
    near = _near(told, body, range(len(tree.blocks) + 1) if part is None else part)
    found: dict[str, Image] = {}
    for picture in tree.pictures:
        image = _figure(tree, picture, base) if picture.block in near else None
        if image and image.url:
            found.setdefault(image.url, image)
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


def _figure(tree: Tree, picture: Picture, base: str | None) -> Image | None:
    """An image that stands in a figure, with the figure's caption."""
    figure = nearest(tree.elements, picture.owner, "figure")
    if figure < 0:
        return None
    attributes = picture.element.attributes
    if _small(attributes):
        return None
    texts = [
        tidy(run.text)
        for run in tree.blocks[tree.elements[figure].first : tree.ends[figure]]
        if nearest(tree.elements, run.owner, "figcaption") >= 0
    ]
    caption, credit = part_credit(" ".join(texts)[:600])
    alt = tidy(attributes.get("alt") or "")
    return Image(url=absolute(_source(attributes), base), caption=caption or None, credit=credit, alt=alt or None)


def _source(attributes: dict[str, str | None]) -> str | None:
    """Where the image is: what lazy loaders keep beside `src` first, data addresses never."""
    get = attributes.get
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        value = get(name)
        if value and not value.startswith(("data:", "blob:")):
            return value
    first = (get("srcset") or get("data-srcset") or "").split(",")[0].split()
    return first[0] if first else None


def _small(attributes: dict[str, str | None]) -> bool:
    sides = (attributes.get("width"), attributes.get("height"))
    return any(side is not None and side.isdecimal() and int(side) < MIN_SIDE for side in sides)


def _stem(url: str) -> str:
    """The file name without its sizes: one picture is served under many. All of a name that has little else."""
    name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
    bare = _SIZES.sub("", name.rsplit(".", 1)[0])
    return bare if len(bare) >= MIN_STEM else name
