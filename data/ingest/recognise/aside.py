"""Sheets whose name says that their rows were deleted or show how to fill in the others: asked about, by default left out."""

from __future__ import annotations

import re

from data.codes import normalise
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.evidence import TAKE
from data.ingest.recognise.recognised import NoTable, Recognised
from data.ingest.recognise.row_words import words

_JOINTS = re.compile(r"[\W_\d]+")


def without_aside(found: Recognised, asking: Asking) -> Recognised:
    """The sheet as it is. Raises NoTable when it is left out."""
    word = said_aside(found.sheet.name or "")
    if word and asking.decide(
        "aside", (LEAVE_OUT, TAKE), table=found.table, value=word, rows=found.sheet.rows.height
    ) == LEAVE_OUT:  # fmt: skip
        raise NoTable(found.table, (), len(found.columns), "left_out")
    return found


def said_aside(name: str) -> str:
    """The word of a sheet's name that says so; empty when none does.

    >>> said_aside("Poistetut 2025"), said_aside("Testi_käynnit.csv"), said_aside("Mallaskatu")
    ('poistetut', 'testi', '')
    """
    parts = _JOINTS.split(normalise(name))
    return next((part for part in parts if part in words("aside", "words")), "")
