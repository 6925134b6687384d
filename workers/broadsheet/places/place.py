"""A place that a text names."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["region", "country", "subdivision", "city"]


@dataclass(frozen=True, slots=True)
class Place:
    """`country` is its ISO 3166-1 code, `subdivision` the name of the state or province that it is in; None for what
    lies in none. Degrees of WGS 84; of a country and larger about its middle."""

    name: str
    geonames_id: int | None
    kind: Kind
    country: str | None
    subdivision: str | None
    lat: float
    lon: float
    start: int
    end: int
