"""Decimal and thousands signs: which is which is decided by all the numbers of a column together.

`1.250` alone may be one and a quarter or twelve hundred and fifty; `12,5` or `1.234.567` in another cell tells.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from data.ingest.recognise.problem import Problem

DECIMAL, THOUSANDS = "decimals", "thousands"

_OTHER = {".": ",", ",": "."}
_BLANKS = re.compile(r"\s+")
_MINUS = str.maketrans("−–’´`", "--'''")
_GROUPED = re.compile(r"\d{1,3}(?:[ ']\d{3})+|\d+")
_LONGEST = 40
"""Longer numbers have no end as floating point numbers, and nothing that is counted here is so large."""
_SIMPLE = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")
_NUMBER_LIKE = re.compile(r"[+-]?[\d .,']+")


@dataclass(frozen=True)
class Signs:
    """What the two signs mean in a column.

    meaning: `.` and `,` → `decimals` or `thousands`, as far as the column tells; seen: signs that stand in some cell; open: those
    that could be either in some cell, and the column does not tell.
    """

    meaning: Mapping[str, str] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()

    def with_answer(self, meaning: str) -> "Signs":
        """The open signs taken for decimal or for thousands signs."""
        return Signs({**self.meaning, **dict.fromkeys(self.open, meaning)}, self.seen)


@dataclass(frozen=True)
class _Cell:
    """One number: digits before the sign, after it, and the lone sign that may be either."""

    minus: str
    whole: str
    part: str = ""
    decimal: str = ""
    thousands: str = ""
    either: str = ""


def of_column(texts: Iterable[str]) -> Signs:
    """What the signs of a column's numbers mean, told by the cells that can be read in one way only.

    >>> of_column(["12,5", "1.250"]).meaning, of_column(["1.250", "30"]).open
    ({'.': 'thousands', ',': 'decimals'}, frozenset({'.'}))
    """
    cells = [cell for text in texts if (cell := _cell(text))]
    decimal = {cell.decimal for cell in cells} - {""}
    thousands = {cell.thousands for cell in cells} - {""}
    either = {cell.either for cell in cells} - {""}
    meaning: dict[str, str] = {}
    contradicts = len(decimal) > 1 or len(thousands) > 1 or bool(decimal & thousands)
    for sign, other in () if contradicts else _OTHER.items():
        # The two signs never mean the same in one way of writing, so what one is tells of the other.
        if sign in decimal or other in thousands:
            meaning[sign] = DECIMAL
        elif sign in thousands or other in decimal:
            meaning[sign] = THOUSANDS
    return Signs(meaning, frozenset(decimal | thousands | either), frozenset(either - set(meaning)))


def number(text: str, known: Signs | None = None) -> float | Problem:
    """The number a text is; a sign that may be either is the decimal one unless the column says otherwise.

    >>> number("1 234,5"), number("1.250", Signs({".": "thousands"})), number("12 34").reason
    (1234.5, 1250.0, 'bad_number')
    """
    cell = _cell(text)
    if cell is None:
        return Problem("bad_number")
    if cell.either and known and known.meaning.get(cell.either) == THOUSANDS:
        return float(f"{cell.minus}{cell.whole}{cell.part}")
    return float(f"{cell.minus}{cell.whole or '0'}.{cell.part or '0'}")


def is_open(text: str, signs: Collection[str]) -> bool:
    """A number whose one sign, of these, is followed by three digits and says nothing about its meaning."""
    cell = _cell(text)
    return cell is not None and cell.either in signs


def decimals(text: str) -> int:
    """How many decimals a number is written with, a sign that may be either taken for the decimal one."""
    cell = _cell(text)
    return len(cell.part) if cell else 0


def _cell(text: str) -> _Cell | None:
    if (
        len(text) <= _LONGEST
        and (simple := _SIMPLE.fullmatch(text))
        and (simple[3] is None or _tells(simple[1], simple[3]))
    ):
        return _Cell("", simple[1], simple[3] or "", decimal=simple[2] or "")
    plain = _BLANKS.sub(" ", text.strip()).translate(_MINUS)
    if len(plain) > _LONGEST or not plain.isascii() or not _NUMBER_LIKE.fullmatch(plain):
        return None
    minus = "-" if plain[0] == "-" else ""
    digits = plain.lstrip("+-").strip()
    signs = [letter for letter in digits if letter in ".,"]
    if not signs:
        return _Cell(minus, _joined(digits)) if _GROUPED.fullmatch(digits) else None
    if len(set(signs)) == 2:
        return _with_both(minus, digits, signs[-1])
    sign = signs[0]
    if len(signs) > 1:
        return _Cell(minus, digits.replace(sign, ""), thousands=sign) if _is_grouped(digits, sign) else None
    return _with_one(minus, digits, sign)


def _with_both(minus: str, digits: str, last: str) -> _Cell | None:
    """`1.234,5`: the last sign is the decimal one, the other stands between thousands."""
    whole, _, part = digits.rpartition(last)
    other = _OTHER[last]
    if not _is_grouped(whole, other) or not part.isdigit():
        return None
    return _Cell(minus, whole.replace(other, ""), part, decimal=last, thousands=other)


def _with_one(minus: str, digits: str, sign: str) -> _Cell | None:
    whole, _, part = digits.partition(sign)
    if not part.isdigit() or (whole and not _GROUPED.fullmatch(whole)):
        return None
    plain = _joined(whole)
    tells = plain != whole or _tells(whole, part)
    return _Cell(minus, plain, part, **{"decimal" if tells else "either": sign})


def _tells(whole: str, part: str) -> bool:
    """A lone sign between these digits can separate decimals only."""
    return len(part) != 3 or len(whole) > 3 or whole[:1] in ("", "0")


def _is_grouped(digits: str, sign: str) -> bool:
    first, *others = digits.split(sign)
    return 1 <= len(first) <= 3 and first.isdigit() and all(len(group) == 3 and group.isdigit() for group in others)


def _joined(digits: str) -> str:
    return digits.replace(" ", "").replace("'", "")
