"""Words to codes: one or several per cell, with numbers or labels beside them, and names of service points."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from data.codes import code_list, normalise
from data.ingest.recognise.forms import other_form
from data.ingest.recognise.problem import Problem
from data.model.fields import FORMULA_SIGNS
from data.model.identifiers import plain
from data.personal import kinds

AGE_BAND = "age_band"
OLDEST = 120
"""Years; a greater number is no age."""

PLACE_LETTERS = 60
"""A longer text is not the name of a place."""

_HARD = re.compile(r"[;|\n\r\t•]+")
_CODE_AND_LABEL = re.compile(r"(\S+?)[\s:–-]+(.+)", re.DOTALL)
_PARTS = re.compile(r"[/|()\[\],]+")
_COMMAS_IN_LABEL = 8
"""More than any label has."""
_CODE_LETTERS = 40
_LONGEST_WORD = 120
"""A longer text is no word of a list: it is not taken apart any further."""
_SURE_DIGITS = 3
"""A number of so many digits is a code, whatever stands beside it; a shorter one may count something (`8 vuotta`)."""


def one(list_name: str, text: str) -> str | Problem:
    """The code a text means: its id, a label or synonym, another form of one, or several of these that agree.

    >>> one("municipality", "KU049 Espoo"), one("municipality", "49"), one("language", "venäjä/ryska")
    ('049', '049', 'ru')
    """
    return _find(list_name, text) or Problem("unknown_code", {"list": list_name})


def many(list_name: str, text: str, separators: str | None = None) -> tuple[str, ...] | Problem:
    """The codes a text lists. A comma may also stand inside a label, so the longest label wins.

    >>> many("topic", "Työ; Asuminen"), many("topic", "Muu, mikä, Työ")
    (('work', 'housing'), ('other', 'work'))
    """
    whole = _find(list_name, text)
    if whole:
        return (whole,)
    if separators:
        parts: Iterator[str] = iter(re.split(f"[{re.escape(separators)}]", text))
    else:
        parts = (part for part in _HARD.split(text))
    found: list[str] = []
    for part in parts:
        if part.strip():
            codes = _listed(list_name, part)
            if not codes:
                return Problem("unknown_code", {"list": list_name})
            found += codes
    return tuple(dict.fromkeys(found))


def known_and_unknown(
    list_name: str, text: str, separators: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """The codes that the parts of a cell name, and the parts that name none.

    >>> known_and_unknown("topic", "Työ; Taikuus")
    (('work',), ('Taikuus',))
    """
    split = re.split(f"[{re.escape(separators)}]", text) if separators else _HARD.split(text)
    found: list[str] = []
    unknown: list[str] = []
    for part in (part.strip() for part in split):
        for piece in (part,) if _listed(list_name, part) else part.split(","):
            listed = _listed(list_name, piece.strip()) if piece.strip() else []
            found += listed
            unknown += [] if listed or not piece.strip() else [piece.strip()]
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unknown))


def age_band(text: str) -> str | Problem:
    """The band of an age in years, or the band a text means.

    >>> age_band("34"), age_band("25–34-vuotiaat"), age_band("yli 65"), age_band("1985").reason
    ('25_34', '25_34', '65_over', 'unknown_code')
    """
    found = _find(AGE_BAND, text)
    if found:
        return found
    number = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?(?:\s?(?:v|vuotta|år|years?)\.?)?", text.strip())
    if number and int(number[1]) <= OLDEST:
        return band_of(int(number[1]))
    return Problem("unknown_code", {"list": AGE_BAND})


def band_of(age: int) -> str:
    """The band of an age in whole years.

    >>> band_of(0), band_of(17), band_of(18), band_of(64), band_of(65)
    ('under_18', 'under_18', '18_24', '55_64', '65_over')
    """
    bounds = (18, 25, 35, 45, 55, 65)
    return code_list(AGE_BAND).ids[sum(age >= bound for bound in bounds)]


def place(text: str, known: Mapping[str, str]) -> str | Problem:
    """The code of a service point from its code or name; a name nobody has registered makes a code of its own.

    >>> place("Neuvontapiste Itäkeskus", {})
    'neuvontapiste-itakeskus'
    """
    text = plain(text)
    if len(text) > PLACE_LETTERS:
        return Problem("too_long", {"most": PLACE_LETTERS})
    if text.startswith(FORMULA_SIGNS) or kinds(text):
        return Problem("bad_form")
    return known.get(normalise(text)) or slug(text) or Problem("bad_form")


def slug(name: str) -> str:
    """A name in small letters, digits and hyphens; a long one is cut and gets a mark of its own."""
    ascii_text = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", ascii_text):
        return ascii_text
    code = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if len(code) <= _CODE_LETTERS:
        return code
    mark = hashlib.sha256(normalise(name).encode()).hexdigest()[:6]
    return f"{code[: _CODE_LETTERS - 7].rstrip('-')}-{mark}"


@lru_cache(maxsize=4096)  # the parts of cells that list several codes repeat
def _find(list_name: str, text: str) -> str | None:
    codes = code_list(list_name)
    found = codes.find(text)
    if found or not text or len(text) > _LONGEST_WORD:
        return found
    if list_name == "municipality" and text.isascii() and text.isdigit() and len(text) < 3:
        return codes.find(text.zfill(3))
    return _code_and_label(list_name, text) or _agreeing(list_name, text) or other_form(list_name, text)


def _code_and_label(list_name: str, text: str) -> str | None:
    """`fi suomi`, `049 - Esbo`: both say the same. A label we do not know is believed only beside a number that can be nothing
    but a code: `en` of `en tiedä` is no English, and `8 vuotta` is no doctor."""
    pair = _CODE_AND_LABEL.fullmatch(text)
    if not pair:
        return None
    first, second = (_find(list_name, part) for part in pair.groups())
    if first and first == second:
        return first
    sure = pair[1].isdigit() and len(pair[1]) >= _SURE_DIGITS and pair[1] in code_list(list_name)
    return first if sure and second is None else None


def _agreeing(list_name: str, text: str) -> str | None:
    """The code of `Helsinki / Helsingfors` and `Maahanmuuttovirasto (Migri)`: every part is known and they say the same."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    found = {_find(list_name, part.strip()) for part in parts} if len(parts) > 1 else set()
    return found.pop() if len(found) == 1 else None


def _listed(list_name: str, part: str) -> list[str]:
    """Codes of a part split at commas, joining neighbours that make one label; then at slashes. Empty = not understood."""
    for pieces, joint in (([piece.strip() for piece in part.split(",")], ", "), (part.split("/"), "/")):
        pieces = [piece for piece in pieces if piece.strip()]
        found: list[str] = []
        start = 0
        while start < len(pieces):
            for end in range(min(len(pieces), start + 1 + _COMMAS_IN_LABEL), start, -1):
                code = _find(list_name, joint.join(pieces[start:end]).strip())
                if code:
                    found.append(code)
                    start = end
                    break
            else:
                break
        if found and start == len(pieces):
            return found
    return []
