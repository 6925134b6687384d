"""The images of a story: those in figures of the page with their captions, and the one its head names."""

import re

from broadsheet.blocks.tree import Picture, Tree
from broadsheet.clean.credits import part_credit
from broadsheet.clean.text import tidy
from broadsheet.clean.urls import absolute
from broadsheet.extract.around import nearest
from broadsheet.extract.metadata import Metadata
from broadsheet.values import Image

MOST = 40
MIN_STEM = 8
_SIZES = re.compile(r"(?:[-_.@]\d*x?\d+w?h?|[-_](?:small|medium|large|thumb|scaled|crop))+$", re.IGNORECASE)
MIN_SIDE = 100
"""Pixels. Smaller is an icon or a portrait beside a byline."""


def read_images(tree: Tree, meta: Metadata, base: str | None, blocks: range | None = None) -> tuple[Image, ...]:
    """Figures with images, in the page's order, with the head's image first if it is none of them.

    `blocks` bounds where figures are looked for: the story's part of the page, all of it if None.
    """
    found: dict[str, Image] = {}
    for picture in tree.pictures:
        if blocks is not None and picture.block not in blocks:
            continue
        image = _figure(tree, picture, base)
        if image and image.url:
            found.setdefault(image.url, image)
    lead = absolute(meta.image, base)
    if lead and lead not in found:
        stem = _stem(lead)
        if all(_stem(url) != stem for url in found):
            found = {lead: Image(url=lead), **found}
    return tuple(found.values())[:MOST]


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
