"""The 308 municipalities of 2026 with their region and employment area.

Source: Statistics Finland, classification of municipalities 2026 (`municipalities.csv`).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNKNOWN = "000"
_UNKNOWN_AREA = "unknown"
"""The unknown code of the lists of regions and of employment areas."""
_FILE = Path(__file__).parent / "municipalities.csv"


@dataclass(frozen=True)
class Municipality:
    """One municipality: three-digit code, names, codes of its region and employment area."""

    code: str
    fi: str
    sv: str
    en: str
    region: str
    employment_area: str


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All municipalities by code, in code order."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Municipality(**row) for row in csv.DictReader(lines)}


def region_of(municipality: str) -> str:
    """Region of a municipality, the unknown one for the unknown one. KeyError if there is no such municipality."""
    return _UNKNOWN_AREA if municipality == UNKNOWN else municipalities()[municipality].region


def employment_area_of(municipality: str) -> str:
    """Employment area of a municipality, the unknown one for the unknown one. KeyError if there is no such municipality."""
    return _UNKNOWN_AREA if municipality == UNKNOWN else municipalities()[municipality].employment_area


def municipality_codes() -> Iterator[dict[str, object]]:
    """Codes of the municipality list: all municipalities, then the unknown one."""
    for place in municipalities().values():
        yield {
            "id": place.code,
            "fi": place.fi,
            "sv": place.sv,
            "en": place.en,
            "synonyms": tuple(_synonyms(place)),
            "group": place.region,
        }
    yield {
        "id": UNKNOWN,
        "unknown": True,
        "fi": "Ei kotikuntaa tai ei tietoa",
        "sv": "Hemkommun saknas eller är okänd",
        "en": "No municipality or not known",
        "synonyms": ("0", "KU000", "Ei kotikuntaa", "Ei kotikuntaa Suomessa", "Ingen hemkommun", "No municipality"),
        "group": _UNKNOWN_AREA,
    }


def _synonyms(place: Municipality) -> Iterator[str]:
    """Codes as statistics and spreadsheets write them: `KU049`, a number without its zeros, code and name together."""
    plain = str(int(place.code))
    codes = dict.fromkeys((plain, f"KU{place.code}", f"KU{plain}"))
    yield from codes
    for name in dict.fromkeys((place.fi, place.sv, place.en)):
        yield from (f"{code} {name}" for code in dict.fromkeys((place.code, *codes)))
    yield from (f"{place.sv} stad", f"{place.sv} kommun", f"City of {place.en}", f"Municipality of {place.en}")
