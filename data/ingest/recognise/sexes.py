"""Letters and numbers of a column of sexes: which word a letter is short for, the other letters of the column tell.

`K` is a woman beside `M` (`kvinna`, `man`), but beside `N` nobody knows; `1` and `2` are asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.codes import normalise, unknown_code
from data.ingest.recognise.asking import UNKNOWN, Asking
from data.ingest.recognise.values import Reading

SEX = "sex"
"""The code list."""

ONE_IS_MALE, ONE_IS_FEMALE = "one_is_male", "one_is_female"
"""Answers: what 1 stands for; 2 is the other."""

_MALE, _FEMALE = "male", "female"
_PAIRS: tuple[tuple[frozenset[str], Mapping[str, str]], ...] = (
    (frozenset("km"), {"k": _FEMALE}),  # kvinna, man
    (frozenset("wm"), {"w": _FEMALE}),  # woman, man
    (frozenset("fp"), {"p": _MALE}),  # flicka, pojke
    (frozenset("tp"), {"t": _FEMALE, "p": _MALE}),  # tyttö, poika
)
"""Letters that tell each other when a column has no other ones."""
_SHORT_FOR = {"f": _FEMALE, "k": _FEMALE, "m": _MALE, "n": _FEMALE, "w": _FEMALE}
_NOT_TOLD = frozenset("09")
"""ISO/IEC 5218 beside 1 and 2: not known, not applicable."""


def as_meant(
    reading: Reading, header: str, table: str, texts: Sequence[str], rows: Sequence[int], asking: Asking
) -> Reading:
    """The reading of a column of sexes with the meaning of its letters and numbers. rows: number of rows of each text."""
    by_word: dict[str, list[str]] = {}
    for text in texts:
        by_word.setdefault(normalise(text), []).append(text.strip())
    meant: dict[str, str] = {}
    digits = {word for word in by_word if word in {"1", "2"} | _NOT_TOLD}
    if "2" in digits or (digits >= {"1"} and "0" not in digits):  # 0 and 1 may be anything
        counted = sum(number for text, number in zip(texts, rows, strict=True) if normalise(text) in digits)
        answer = asking.decide(
            "sex_numbers", (UNKNOWN, ONE_IS_MALE, ONE_IS_FEMALE), table=table, about=header, rows=counted
        )
        meant |= dict.fromkeys(digits, unknown_code(SEX))
        if answer != UNKNOWN:
            first, second = (_MALE, _FEMALE) if answer == ONE_IS_MALE else (_FEMALE, _MALE)
            meant |= {"1": first, "2": second}
    letters = frozenset(word for word in by_word if len(word) == 1 and word.isalpha() and word != "x")
    meant |= _letters(letters, normalise(header))
    unsure = {
        text
        for word in letters
        for text in by_word[word]
        if word not in meant and sum(_SHORT_FOR.get(one) == _SHORT_FOR.get(word, "") for one in letters) > 1
    }
    return replace(
        reading,
        meant={**reading.meant, **{text: code for word, code in meant.items() for text in by_word.get(word, ())}},
        unsure=reading.unsure | unsure,
    )


def _letters(letters: frozenset[str], header: str) -> Mapping[str, str]:
    """What the letters of a column are short for besides those the code list has."""
    if letters == {"k"} and header.endswith("kön"):
        return {"k": _FEMALE}
    return next((told for pair, told in _PAIRS if letters == pair), {})
