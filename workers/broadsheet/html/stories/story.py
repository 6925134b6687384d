"""A story of an HTML page put together: what its metadata tells, with its body, images and audit."""

from collections.abc import Sequence

from broadsheet.html.head.told import Metadata
from broadsheet.values import Block, Image, Removed, Story

OF_PAGE = ("canonical_url", "site")
"""Fields that belong to the page as a whole, not to one of its stories."""


def tell_story(
    told: Metadata,
    body: Sequence[Block],
    images: tuple[Image, ...],
    removed: Sequence[Removed],
    permalink: str | None = None,
) -> Story:
    """The story whose fields are `told`; its provenance names those fields, and the page for its images."""
    provenance = {name: source for name, source in told.provenance.items() if name not in OF_PAGE}
    return Story(
        headline=told.headline,
        subheadline=told.subheadline,
        body=tuple(body),
        byline=told.byline,
        authors=told.authors,
        published=told.published,
        modified=told.modified,
        section=told.section,
        keywords=told.keywords,
        summary=told.summary,
        permalink=permalink,
        images=images,
        removed=tuple(removed),
        provenance={**provenance, **({"images": "page"} if images else {})},
    )
