"""Places that a text names, offline: `find(text, language)`. Data of GeoNames (CC BY 4.0), see NOTICE.

A mention is the longest name of the table at a place of the text (`mentions`); signs around it say whether it means a
place (`signs`); the other places of the text say which one (`choice`).
"""

from broadsheet.places.choice import choose
from broadsheet.places.mentions import mentions
from broadsheet.places.place import Place
from broadsheet.places.signs import meant
from broadsheet.places.table import table

__all__ = ["Place", "find"]


def find(text: str, language: str | None = None) -> list[Place]:
    """The places that the text names, in its order; each time one is named, and none rather than a guess.

    `start` and `end` are characters of the text. `language` (a code, or None) is asked for nothing yet: names are told
    by their script. The same text gives the same places. Costs some 0.5 ms of CPU for 2,000 characters; the table is
    mapped into memory at the first call and shared by all processes.
    """
    del language
    known = table()
    found = meant(mentions(text, known), known)
    return [known.place(mention, place) for mention, place in choose(found, known)]
