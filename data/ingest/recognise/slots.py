"""Rows of an appointment system that are no encounters: free slots, and bookings that have not taken place; asked."""

from __future__ import annotations

import polars as pl

from data.codes import code_list, normalise
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.cancelled import COUNT, columns_of_visit
from data.ingest.recognise.recognised import Recognised
from data.ingest.recognise.row_words import holding, plain_parts, words

FREE, BOOKED = "free", "booked"
"""Kinds of the questions: rows of nobody; rows of a visit to come, beside those of visits that took place."""

_MOST_WORDS = 200
"""A column with more distinct texts is none of a status."""


def without_open_slots(found: Recognised, asking: Asking) -> Recognised:
    """The sheet without such rows, as the steward answers."""
    for column, header, list_name in columns_of_visit(found):
        for kind, texts in _kinds(found.sheet.texts(column), list_name).items():
            is_open = found.sheet.rows[column].is_in(texts).fill_null(value=False)
            rows = int(is_open.sum())
            if not rows:
                continue
            if asking.decide(kind, (LEAVE_OUT, COUNT), table=found.table, about=header, rows=rows) == LEAVE_OUT:
                found = found.leaving_out(kind, is_open)
    return found


def _kinds(column: pl.Series, list_name: str | None) -> dict[str, list[str]]:
    """Kind of question → the texts it is about.

    >>> _kinds(pl.Series(["Vapaa", "Varattu", "Toteutunut"]), None)
    {'free': ['Vapaa'], 'booked': ['Varattu']}
    """
    if not holding(column, plain_parts([*words("slots", "free"), *words("slots", "booked")])):
        return {}
    texts = column.drop_nulls().unique(maintain_order=True)
    if texts.len() > _MOST_WORDS:
        texts = texts.filter(texts.str.len_chars() < 30)
    codes = code_list(list_name) if list_name else None
    forms = {text: normalise(text) for text in texts}

    def of(name: str) -> list[str]:
        return [text for text, form in forms.items() if form in words("slots", name)]

    free, booked = ([text for text in of(name) if not (codes and codes.find(text))] for name in ("free", "booked"))
    if booked:
        free += of("perhaps")
    found = {FREE: free, BOOKED: booked if of("happened") else []}
    return {kind: those for kind, those in found.items() if those}
