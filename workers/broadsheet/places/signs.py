"""Whether a name in a text means a place: signs for and against, added up."""

import math
from collections.abc import Iterator, Sequence

from broadsheet.places.mentions import Mention, is_hangul, is_unparted, paired
from broadsheet.places.table import ADJECTIVE, CITY, COMMON, COUNTRY, PERSON, SUBDIVISION, Table

WEIGHTS = {
    "country": 3.0,
    "subdivision": 2.2,
    "several words": 1.2,
    "adjective": 1.0,
    "common word": -3.0,
    "common word, a country": -1.0,
    "person's name": -1.6,
    "lower case elsewhere": -3.0,
    "first of a sentence": -0.8,
    "after a preposition": 1.2,
    "in": 0.6,
    "after another name": -2.2,
    "after another name, an adjective": -0.3,
    "after a title": -2.5,
    "before an institution": -1.0,
    "before another name": -1.8,
    "before an institution, large": -0.6,
    "before another name, subdivision": -1.5,
    "before an institution, subdivision": -0.6,
    "before another name, large": -0.3,
    "inside what follows": 4.0,
    "short": -1.5,
    "an abbreviation": -5.0,
    "no capitals to tell": -1.2,
    "very short, no capitals to tell": -1.2,
    "frequent, no capitals to tell": -1.2,
    "acronym": 1.5,
}
"""Set by hand on two English corpora of news and checked on a third; docs/places.md has the figures. A mention means a
place above 0."""
POPULATION_WEIGHT, POPULATION_MIDDLE = 0.9, 4.2
"""A city's own sign is this times the decimal logarithm of its people beyond the middle: some 16,000."""
SAME_NAME, SURE = -1.5, 2.0
"""A doubtful mention is taken where the same name is surely a place elsewhere in the text."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ACRONYMS = frozenset({"US", "UK", "EU", "USA", "UAE", "BC", "DRC"})
INSTITUTIONS = _words(
    """university college school department police times post court state institute hospital bank airlines street road
    avenue st ave rd city united fc church high news journal park boulevard drive lane herald tribune hotel center
    centre association council fire sheriff chamber airport board museum river lake creek bay district foundation
    library theatre theater house hall stadium bridge group company inc corp"""
)
PREPOSITIONS = _words(
    """in at near from to of for across outside around into toward towards through leaving visit between via inside
    southern northern eastern western central downtown north south east west and de en à a da do em v na w i im bei aus
    nach zu le la les di los van von och på ve"""
)
WHERE = frozenset({"in", "at", "near"})
TITLES = _words(
    """mr mrs ms dr sen rep gov president judge justice officer coach captain chief sgt lt det rev professor prof
    minister secretary st"""
)


def meant(mentions: Sequence[Mention], table: Table) -> list[Mention]:
    """The mentions that mean a place."""
    sums = [score(mention, after, table) for mention, after in paired(mentions)]
    sure = {mention.key for mention, total in zip(mentions, sums, strict=True) if total > SURE}
    return [
        mention
        for mention, total in zip(mentions, sums, strict=True)
        if total > 0 or (total > SAME_NAME and mention.key in sure)
    ]


def score(mention: Mention, following: Mention | None, table: Table) -> float:
    """All signs of a mention together; `following` is the next one in the text."""
    total = sum(WEIGHTS[sign] for sign in signs(mention, following, table))
    if table.kind[mention.candidates[0]] == CITY:
        people = max(table.population[place] for place in mention.candidates)
        total += POPULATION_WEIGHT * (math.log10(people + 10) - POPULATION_MIDDLE)
    return total


def signs(mention: Mention, following: Mention | None, table: Table) -> Iterator[str]:
    """The names of a mention's signs."""
    kind = min(table.kind[place] for place in mention.candidates)
    size = "" if kind == CITY else ", subdivision" if kind == SUBDIVISION else ", large"
    one_word = " " not in mention.key and "-" not in mention.key
    yield from _itself(mention, kind, one_word)
    if mention.is_cased:
        yield from _before(mention)
        if mention.after[:1].isupper() and not mention.marks & ADJECTIVE and not _adjoins(mention, following):
            institution = mention.after.rstrip(".").lower() in INSTITUTIONS
            yield f"before {'an institution' if institution else 'another name'}{size}"
    if following is not None and lies_in(mention, following, table):
        yield "inside what follows"


def _itself(mention: Mention, kind: int, one_word: bool) -> Iterator[str]:
    if kind <= COUNTRY:
        yield "country"
    elif kind == SUBDIVISION:
        yield "subdivision"
    if not one_word:
        yield "several words"
    if mention.marks & ADJECTIVE:
        yield "adjective"
    if not mention.is_cased:
        yield from _without_capitals(mention, kind)
        return
    if mention.word in ACRONYMS:
        yield "acronym"
        return
    if one_word:
        yield from _one_word(mention, kind)
    if len(mention.key) <= 2 or (len(mention.word) <= 4 and mention.word.isupper() and "." not in mention.word):
        yield "an abbreviation"
    elif len(mention.key) <= 3 and mention.word.isalpha() and kind == CITY:
        yield "short"


def _without_capitals(mention: Mention, kind: int) -> Iterator[str]:
    if kind == CITY:
        yield "no capitals to tell"
        if len(mention.key) <= _short(ord(mention.key[0])):
            yield "very short, no capitals to tell"
        if mention.marks & COMMON:
            yield "frequent, no capitals to tell"


def _short(code: int) -> int:
    """Up to how many characters a name of the script is taken for a part of another word: Korean names have two."""
    return 1 if is_hangul(code) else 2 if is_unparted(code) else 3


def _one_word(mention: Mention, kind: int) -> Iterator[str]:
    if mention.marks & COMMON:
        yield "common word, a country" if kind <= COUNTRY else "common word"
    if mention.marks & PERSON:
        yield "person's name"
    if mention.is_elsewhere_lower and not mention.word.isupper():
        yield "lower case elsewhere"
    if mention.begins_sentence and kind == CITY:
        yield "first of a sentence"


def _before(mention: Mention) -> Iterator[str]:
    word = mention.before.rstrip(".").lower()
    if word in PREPOSITIONS:
        yield "after a preposition"
        if word in WHERE:
            yield "in"
    elif word in TITLES:
        yield "after a title"
    elif mention.before[:1].isupper():
        yield "after another name, an adjective" if mention.marks & ADJECTIVE else "after another name"


def _adjoins(mention: Mention, following: Mention | None) -> bool:
    return following is not None and following.start == mention.end + 1


def lies_in(mention: Mention, following: Mention, table: Table) -> bool:
    """Whether a candidate lies in a country or subdivision that is named right behind it: "Town, State"."""
    if not 1 <= following.start - mention.end <= 2:
        return False
    return bool(inside(mention, following, table))


def inside(mention: Mention, following: Mention, table: Table) -> list[int]:
    """The candidates that lie in a candidate of what follows."""
    wholes = [place for place in following.candidates if table.kind[place] in (COUNTRY, SUBDIVISION)]
    return [place for place in mention.candidates if any(_is_in(place, whole, table) for whole in wholes)]


def _is_in(place: int, whole: int, table: Table) -> bool:
    if table.kind[place] <= table.kind[whole] or table.country[place] != table.country[whole]:
        return False
    return table.kind[whole] == COUNTRY or table.division[place] == table.division[whole]
