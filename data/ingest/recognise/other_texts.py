"""Columns where a form keeps what people write after "Other, which?": the answer is the code `other`, the text itself goes no
further.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from data.codes import code_list, normalise, says_nothing
from data.ingest.recognise import headers
from data.ingest.recognise.asking import OTHER
from data.ingest.recognise.numbers import NO, YES
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import WITH_ANOTHER, ColumnMatch, Ignored, Recognised
from data.ingest.recognise.values import parse
from data.model.records import TABLES
from data.model.schema import field_column

_NAMED_IN_FULL = ("language", "municipality")
"""Lists of which the text after "other" names a code."""
_MARK = "x"
_JOINTS = re.compile(r"[:?\[\]()/–]| - ")
_KIND = (
    "aihe|asia|syy|teema|kanava|tapa|vaihtoehto|palvelu|taho|kieli|kunta|ämne|ärende|orsak|tema|kanal|sätt|tjänst|alternativ|"
    "språk|kommun|topic|reason|subject|issue|theme|channel|method|matter|option|service|language|municipality"
)
_WHICH = (
    "mikä|mitkä|mitä|mihin|mistä|miten|kuka|tarkenna|täsmennä|kerro|kuvaile|avoin vastaus|avoin kenttä|avoin|vapaa teksti|"
    "vad|vilket|vilken|vilka|precisera|specificera|beskriv|fritext|öppet svar|"
    "please specify|specify|what|which|please describe|describe|explain|free text|open text|open answer|text"
)
_TOLD = rf"(?: (?:{_WHICH}|kieli|kieltä|språk|language))*"
_OTHER = re.compile(
    rf"(?:jos )?(?:(?:jokin|joku) )?(?:muu|muut|muuta)(?: (?P<fi>{_KIND}))?{_TOLD}"
    rf"|(?:om )?(?:(?:något|någon) )?(?:annat|annan|andra|övrigt|övriga)(?: (?P<sv>{_KIND}))?{_TOLD}"
    rf"|(?:if )?(?:(?:some|any) )?(?:other|others|something else)(?: (?P<en>{_KIND})s?)?{_TOLD}"
)


_AGAIN = re.compile(r" \(\d+\)$")
"""After a header that stands there already."""
_WHICH_ONE = re.compile(rf"(?:{_WHICH}){_TOLD}")
"""Without the word for other: beside a column of languages it asks which other one."""


def label(header: str) -> str | None:
    """The last part of a header that means "other, which?"; None when it means something else.

    >>> label("Aihe: Muu, mikä?"), label("Mitä asia koski? [Other, please specify]"), label("Muut toimijat")
    ('muu mikä', 'other please specify', None)
    """
    header = _AGAIN.sub("", header)
    parts = [form for text in _JOINTS.split(header) if (form := normalise(text))]
    # `Muu, mikä?: Avoin vastaus`, `Aihe (muu): tarkenna`
    for count in (1, 2):
        form = " ".join(parts[-count:])
        if len(parts) >= count and _OTHER.fullmatch(form):
            return form
    return None


def with_other_texts(found: Recognised) -> Recognised:
    """The sheet with a mark of `other` for every text of such a column that belongs to a coded field with that code.

    In a field of one value `other` stands where the field is empty; of languages and municipalities the text names the code, also
    where the field says `Muu`.
    """
    for item in [one for one in found.ignored if one.reason in ("unknown_header", "unsure")]:
        field = _field_of(found, item) if label(item.header) else _named_beside(found, item)
        if field is None:
            continue
        column = field_column(TABLES[found.table], field)
        if column.is_list or found.of_field(field)[0].mark:
            is_named = column.code_list in _NAMED_IN_FULL
            match = ColumnMatch(
                item.column, item.header, field, "phrase" if is_named else "mark", mark=None if is_named else OTHER
            )
            columns = tuple(sorted((*found.columns, match), key=lambda one: int(one.column[1:])))
            found = replace(found, columns=columns, ignored=tuple(one for one in found.ignored if one != item))
        else:
            filled = _filled(found, field, item.column)
            own = found.of_field(field)[0].column
            if not filled.sheet.rows[own].equals(found.sheet.rows[own], null_equal=True):
                read = replace(item, reason=WITH_ANOTHER)
                filled = replace(filled, ignored=tuple(read if one == item else one for one in found.ignored))
            found = filled
    return without_free_text(found)


def without_free_text(found: Recognised) -> Recognised:
    """The sheet with an `x` for every text in its columns of marks for `other` that such texts stand in."""
    columns = [match.column for match in found.columns if match.mark == OTHER and label(match.header)]
    if not columns:
        return found
    rows = found.sheet.rows.with_columns(_marks(found.sheet.rows[column]) for column in columns)
    return replace(found, sheet=replace(found.sheet, rows=rows))


def _marks(cells: pl.Series) -> pl.Series:
    silent = _silent(cells)
    return cells.set(cells.is_not_null() & ~cells.is_in(silent), _MARK).set(cells.is_in(silent), None)


def _silent(cells: pl.Series) -> list[str]:
    """Texts that say that there is nothing else."""
    texts = cells.drop_nulls().unique().to_list()
    words = {text: normalise(text) for text in texts}
    return [
        text
        for text, word in words.items()
        if word in NO or says_nothing(word) or (not word and text.strip() not in YES)
    ]


def _filled(found: Recognised, field: str, column: str) -> Recognised:
    """A field of one value with `other` where its own column is empty and the other one is not."""
    own = found.of_field(field)[0].column
    rows = found.sheet.rows
    if _list_of(found.table, field) in _NAMED_IN_FULL:
        texts = rows[column].drop_nulls().unique().to_list()
        values = parse(found.table, field, texts)
        nothing = code_list(_list_of(found.table, field) or "").unknown
        read = [
            text
            for text, value in zip(texts, values, strict=True)
            if not isinstance(value, Problem) and value != nothing
        ]
        given = rows[column].set(~rows[column].is_in(read), None)
        others = [text for text in rows[own].drop_nulls().unique() if _OTHER.fullmatch(normalise(text))]
        given = given.set(rows[own].is_not_null() & ~rows[own].is_in(others), None)
        cells = pl.select(pl.coalesce(given, rows[own])).to_series()
    else:
        marked = _marks(rows[column])
        given = marked.set(marked.is_not_null(), OTHER)
        cells = pl.select(pl.coalesce(rows[own], given)).to_series()
    return replace(found, sheet=replace(found.sheet, rows=rows.with_columns(cells.alias(own))))


def _field_of(found: Recognised, item: Ignored) -> str | None:
    """The coded field that such a column belongs to: named before it, in it, or by the column at its left."""
    place = int(item.column[1:])
    have = {match.field for match in found.columns if _has_other(found.table, match.field)}
    group = found.sheet.groups[place] if found.sheet.groups else ""
    word = _OTHER.fullmatch(label(item.header) or "")
    said = next(filter(None, word.groupdict().values()), "") if word else ""
    before = [text for text in _JOINTS.split(_AGAIN.sub("", item.header)) if normalise(text)][:-1]
    named = [headers.field_of(found.table, text) for text in (group, *before, said) if text]
    fields = [one[0] for one in named if one]
    left = None if before else _at_left(found, place, have)
    if not fields:
        return left
    # `Muu kieli` beside `Asiointikieli` is of that, and not of the other language.
    if left and _list_of(found.table, left) == _list_of(found.table, fields[0]):
        return left
    return fields[0] if fields[0] in have else None


def _named_beside(found: Recognised, item: Ignored) -> str | None:
    """The field of languages right beside which a column asks which one: `Äidinkieli`, `Tarkenna`."""
    if not _WHICH_ONE.fullmatch(normalise(item.header)):
        return None
    return _at_left(
        found, int(item.column[1:]), {m.field for m in found.columns if _list_of(found.table, m.field) == "language"}
    )


def _at_left(found: Recognised, place: int, have: Collection[str]) -> str | None:
    by_place = {int(match.column[1:]): match for match in found.columns}
    left = place - 1
    while left >= 0 and left not in by_place and label(found.sheet.header[left]):
        left -= 1
    match = by_place.get(left)
    return match.field if match and match.field in have else None


def _has_other(table: str, field: str) -> bool:
    list_name = _list_of(table, field)
    return list_name in _NAMED_IN_FULL or (list_name is not None and OTHER in code_list(list_name))


def _list_of(table: str, field: str) -> str | None:
    return field_column(TABLES[table], field).code_list


def beside_marks(found: Recognised, marked: Sequence[ColumnMatch], unknown: Sequence[Ignored]) -> list[ColumnMatch]:
    """Columns "other, which?" of the same question as columns of marks: with the same text before the label, the same group, or
    next to the last of them.
    """
    if not marked or not _has_other(found.table, marked[0].field):
        return []

    def before(header: str) -> str:
        return normalise(_JOINTS.split(header)[0])

    places = {int(match.column[1:]) for match in marked}
    groups = {found.sheet.groups[place] for place in places if found.sheet.groups} - {""}
    prefixes = {before(match.header) for match in marked}
    return [
        ColumnMatch(item.column, item.header, marked[0].field, "mark", mark=OTHER)
        for item in unknown
        if item.column not in {match.column for match in marked}
        and label(item.header)
        and (
            before(item.header) in prefixes
            or (found.sheet.groups and found.sheet.groups[int(item.column[1:])] in groups)
            or int(item.column[1:]) - 1 in places
        )
    ]
