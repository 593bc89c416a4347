"""The 308 municipalities of 2026 with their region and employment area, and the words people write for them.

Source: Statistics Finland, classification of municipalities 2026 (`municipalities.csv`; the Finnish genitives are our own).
`former_municipalities.csv` has those that have become part of another or been renamed: their old code and names, the
municipality they belong to today and the year since which they do. `ambiguous_municipalities.csv` has names that may mean
several: those whose area was split (Längelmäki), and those of more than one place (Koski).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNKNOWN = "000"
_UNKNOWN_AREA = "unknown"
"""The unknown code of the lists of regions and of employment areas."""
_FILE = Path(__file__).parent / "municipalities.csv"
_FORMER = Path(__file__).parent / "former_municipalities.csv"
_AMBIGUOUS = Path(__file__).parent / "ambiguous_municipalities.csv"

_ENDINGS = ("ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä")
"""Where one lives, or comes from: added to the genitive without its n (`Espoossa`, `Vantaalta`)."""

_USUAL = {
    "091": ("Hki", "H:ki", "Hgin kaupunki", "Stadi", "Stadin osaamiskeskus", "Hfors", "H:fors", "Hfrs"),
    "092": ("Vnt",),
    "109": ("Hml", "H:linna"),
    "167": ("Jns",),
    "179": ("Jkl",),
    "398": ("Lhti",),
    "405": ("Lpr", "L:ranta"),
    "599": ("Pedersöre",),
    "698": ("Roi", "Rvn"),
    "743": ("Sjk",),
    "837": ("Tre", "T:fors"),
    "853": ("Tku",),
}
"""Abbreviations and everyday names."""

_ELSEWHERE = (
    "0", "KU000", "Ei kotikuntaa", "Ei kotikuntaa Suomessa", "Kotikunta puuttuu", "Ei asuinkuntaa",
    "Ei vakituista asuinpaikkaa", "Muu", "Muu kunta", "Muut kunnat", "Jokin muu kunta", "Joku muu kunta",
    "Toinen kunta", "Muu paikkakunta", "Muualla", "Muu Suomi", "Ulkopaikkakunta", "Ulkopaikkakuntalainen",
    "Ulkokuntalainen", "Ulkomaa", "Ulkomaat", "Ulkomailla", "Ulkomailta", "Ingen hemkommun", "Saknar hemkommun",
    "Annan", "Annan kommun", "Andra kommuner", "Annan ort", "Någon annan kommun", "Utlandet", "Utomlands",
    "No municipality", "No municipality of residence", "No home municipality", "Other", "Other municipality",
    "Another municipality", "Other municipalities", "Elsewhere", "Abroad", "Outside Finland", "Foreign country",
)  # fmt: skip
"""Said of those who live in no municipality of Finland, or in one that is not told."""


@dataclass(frozen=True)
class Municipality:
    """One municipality: three-digit code, names, codes of its region and employment area."""

    code: str
    fi: str
    fi_genitive: str
    sv: str
    en: str
    region: str
    employment_area: str


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All municipalities by code, in code order."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Municipality(**row) for row in csv.DictReader(lines)}


@dataclass(frozen=True)
class FormerMunicipality:
    """A municipality that is part of another today (`into`, its code) since `year`; `code` may be empty."""

    code: str
    fi: str
    fi_genitive: str
    sv: str
    into: str
    year: int


@cache
def former_municipalities() -> Mapping[str, tuple[FormerMunicipality, ...]]:
    """Former municipalities by the code of the one they belong to today."""
    found: dict[str, list[FormerMunicipality]] = {}
    with _FORMER.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            former = FormerMunicipality(
                row["code"], row["fi"], row["fi_genitive"], row["sv"], row["into"], int(row["year"])
            )
            found.setdefault(former.into, []).append(former)
    return {code: tuple(places) for code, places in found.items()}


@cache
def ambiguous_municipalities() -> Mapping[str, tuple[str, ...]]:
    """Names that may mean several municipalities, or a municipality and something else → the codes it may be."""
    with _AMBIGUOUS.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: tuple(row["into"].split()) for row in csv.DictReader(lines)}


def region_of(municipality: str) -> str:
    """Region of a municipality, the unknown one for the unknown one. KeyError if there is no such municipality."""
    return _UNKNOWN_AREA if municipality == UNKNOWN else municipalities()[municipality].region


def municipality_name(municipality: str, lang: str) -> str:
    """Name of a municipality that is known, as its list labels it, without making the list. KeyError if there is none such."""
    place = municipalities()[municipality]
    return {"fi": place.fi, "sv": place.sv, "en": place.en}[lang]


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
        "synonyms": _ELSEWHERE,
        "group": _UNKNOWN_AREA,
    }


def _synonyms(place: Municipality) -> Iterator[str]:
    """Codes as statistics and spreadsheets write them, names in every usual form, and those of what has become part of it."""
    yield from _of_code(place.code, (place.fi, place.sv, place.en))
    yield from _of_names(place.fi, place.fi_genitive, place.sv)
    yield from (f"City of {place.en}", f"Municipality of {place.en}")
    # A column for the municipality of a competence centre often holds the centre's name.
    yield from (f"{place.fi_genitive} osaamiskeskus", f"{place.sv} kompetenscenter", f"Kompetenscenter i {place.sv}")
    yield from _USUAL.get(place.code, ())
    for former in former_municipalities().get(place.code, ()):
        yield from (former.fi, former.sv)
        yield from _of_names(former.fi, former.fi_genitive, former.sv)
        if former.code:
            yield from _of_code(former.code, (former.fi, former.sv))


def _of_code(code: str, names: Iterable[str]) -> Iterator[str]:
    """`049`, `49`, `KU049`, `KU49`, each alone and beside a name, before or after it."""
    plain = str(int(code))
    codes = dict.fromkeys((code, plain, f"KU{code}", f"KU{plain}"))
    yield from codes
    for name in dict.fromkeys(names):
        yield from (text for one in codes for text in (f"{one} {name}", f"{name} {one}"))


def _of_names(fi: str, genitive: str, sv: str) -> Iterator[str]:
    """`Espoon`, `Espoossa`, `Espoon kaupunki`, `Esbo stad`, `Espoo/Esbo`."""
    yield from (
        genitive,
        f"{genitive} kaupunki",
        f"{genitive} kunta",
        f"{genitive} kaup",
        f"{fi} kaupunki",
        f"{fi} kunta",
    )
    yield from (f"{sv} stad", f"{sv} kommun", f"{sv}s stad", f"{sv}s kommun")
    if fi != sv:
        yield from (f"{fi} {sv}", f"{sv} {fi}")
    if fi.endswith("maalaiskunta"):
        yield f"{fi.removesuffix('maalaiskunta')} mlk"
    # A name in the plural (Kauniaisten, Virtain) has other endings, and its genitive tells no more.
    if not genitive.endswith(("sten", "tain")):
        yield from (f"{genitive.removesuffix('n')}{ending}" for ending in _ENDINGS)
