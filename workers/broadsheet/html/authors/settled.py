"""The names that were chosen, without what a page glues to them; what turns out to be a label is no name.

This looks at the choice alone: the candidates, and so what the authors model was trained on, stay as they are.
"""

import unicodedata
from collections.abc import Sequence

from dateutil.parser import parserinfo

from broadsheet.html.head.jsonld import Described, resolve, text_of, types_of
from broadsheet.text.authors import without_glued_role, without_label
from broadsheet.text.tidy import tidy
from broadsheet.text.words import fold, folded_words

_ORNAMENTS = frozenset({"So", "Sk", "Mn", "Cf", "Co", "Cn"})
"""Unicode categories of emoji and of the marks behind them, none of which ends a name in Latin letters."""
_BRACKETS = {"[": "]", "［": "］", "【": "】", "〔": "〕"}
_COMMAS = ("，", "、", "／")
_COLONS = (":", "：")
_DAYS = parserinfo()


def settle_names(names: Sequence[str], described: Described) -> tuple[str, ...]:
    """The names as they are to be recorded, in their order; none for what is no name.

    An organisation that JSON-LD names stands whole where the choice had taken it apart at its "&".
    """
    whole = _organisation(names, described)
    if whole:
        return (whole,)
    return tuple([settled for name in names if (settled := _settle(name))])


def _settle(name: str) -> str | None:
    name = without_glued_role(_unbracketed(_unadorned(without_label(name))))
    is_label = name.endswith(_COLONS) or _DAYS.weekday(name) is not None
    return None if is_label or not name else name


def _unadorned(name: str) -> str:
    """A name without the emoji behind it; a vowel sign that ends a name in another script is part of it."""
    end = len(name)
    while end and (unicodedata.category(name[end - 1]) in _ORNAMENTS or name[end - 1] == " "):
        end -= 1
    bare = name[:end]
    return bare if any(unicodedata.category(char) == "So" for char in name[end:]) else name


def _unbracketed(name: str) -> str:
    """The writer of "［writer，outlet］"."""
    if len(name) < 3 or _BRACKETS.get(name[0]) != name[-1]:
        return name
    name = name[1:-1].strip()
    for comma in _COMMAS:
        name = name.split(comma, 1)[0].strip()
    return name


def _organisation(names: Sequence[str], described: Described) -> str | None:
    """The one author that JSON-LD calls an organisation, if the names are the pieces of its name."""
    article = described.article or {}
    stated = resolve(article.get("author") or article.get("creator"), described.by_id)
    if len(names) < 2 or len(stated) != 1 or not isinstance(stated[0], dict):
        return None
    name = tidy(text_of(stated[0]) or "")
    is_organisation = any(kind.endswith("organization") for kind in types_of(stated[0]))
    pieces = [word for piece in names for word in folded_words(piece)]
    return name if is_organisation and "&" in name and fold(name).split() == pieces else None
