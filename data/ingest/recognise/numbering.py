"""Row numbers under words nobody has listed (`Tapausnumero`): told by a word for a number and values that are all different."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from data.codes import normalise
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.column_questions import column_asked
from data.ingest.recognise.recognised import ColumnMatch, Ignored, Recognised
from data.model.records import TABLES

_NUMBER = re.compile(
    r"(?:nro|nr|numero|nummer|number|tunnus|tunniste|\bno|\bid|[a-zåäö]id)$|^(?:id|nro|nr|no|number|nummer) "
)
_OF_A_CASE = re.compile(r"^(?:tapau[sk]|case|ticket|incident|ärende|tikett)")
_OF_PEOPLE = r"asiak|kund|klient|client|customer|henkilö|person|hetu"
_OTHER_THINGS = (
    r"puhel|\bpuh\b|gsm|telef|\btel\b|phone|mobil|numeros|huone|\brum|room|"
    r"posti|postn|zip|postal|tili|konto|account|lasku|faktur|invoice|kunta|kommun|municip|talo|katu|osoite|adress|address|ovi|"
    r"passi|\bpass|lupa|tillstånd|permit|työnteki|ohjaaj|neuvoj|handlägg|staff|worker|laite|device|versio|version|viikko|vecka|week|"
    r"vuosi|vuode|\bår|year|kuukau|månad|month|päivä|\bdag|\bday|\bikä|ålder|\bage|jono|kö\b|queue|ryhm|grupp|group|kurssi|kurs|course|"
    r"luok|klass|class|piste|"
    r"toimip|yksik|enhet|office|site|y tunnus|fo nummer|business|kerta|gång|perhe|familj|family|auto|rekister"
)
"""What else has numbers: phones, rooms, accounts, weeks, queues, the times a client has come."""
_OF_OTHER_THINGS, _NOT_OF_A_ROW = re.compile(_OTHER_THINGS), re.compile(f"{_OF_PEOPLE}|{_OTHER_THINGS}")
_CODE = re.compile(r"(?=.{0,40}\d)[^\W_][\w./:#-]{0,39}")
_ENOUGH = 8
"""Rows from which values that are all different are no chance."""


def by_number(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> tuple[list[ColumnMatch], set[str]]:
    """The column that numbers the rows of a table without one: taken when its header is of a case, asked about when its numbers
    run; columns that the steward leaves out.
    """
    field = TABLES[found.table].own_number
    if field is None or found.of_field(field):
        return [], set()
    likely = [item for item in unknown if _is_number(item.header) and _tells_rows_apart(found.sheet.rows[item.column])]
    sure = [item for item in likely if _OF_A_CASE.search(normalise(item.header))]
    if len(sure) == 1:
        return [ColumnMatch(sure[0].column, sure[0].header, field, "values")], set()
    asked: set[str] = set()
    for item in likely:
        if item not in sure and not _runs(found.sheet.rows[item.column]):
            continue
        answer = column_asked(asking, found.table, found.sheet, item.header, field, (LEAVE_OUT, field))
        if answer == field:
            return [ColumnMatch(item.column, item.header, field, "values")], asked
        asked.add(item.column)
    return [], asked


def is_of_other_things(header: str) -> bool:
    """Whether a header is of the numbers of something that is neither a row nor a person.

    >>> [is_of_other_things(text) for text in ("Postinumero", "Huone", "Asiakkaan viite", "Koodi")]
    [True, True, False, False]
    """
    return _OF_OTHER_THINGS.search(normalise(header)) is not None


def _is_number(header: str) -> bool:
    form = normalise(header)
    return _NUMBER.search(form) is not None and not _NOT_OF_A_ROW.search(form)


def _tells_rows_apart(cells: pl.Series) -> bool:
    """Every row has a code of its own."""
    return (
        cells.len() >= _ENOUGH
        and not cells.null_count()
        and cells.n_unique() == cells.len()
        and all(_CODE.fullmatch(text) for text in cells.head(200))
    )


def _runs(cells: pl.Series) -> bool:
    """The numbers in the codes grow or fall from row to row."""
    numbers = cells.str.extract(r"(\d{1,15})\D*$", 1).cast(pl.Int64, strict=False)
    if numbers.null_count():
        return False
    steps = numbers.diff().drop_nulls()
    return bool((steps > 0).all() or (steps < 0).all())
