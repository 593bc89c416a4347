"""Encounters that did not take place: cancelled visits and no-shows, in whatever column of the visit itself a row says so; asked
once per column.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from data.codes import code_list, normalise, says_nothing
from data.ingest.readers import Sheet
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.numbers import CROSSES, NO, YES
from data.ingest.recognise.recognised import Ignored, Recognised
from data.ingest.recognise.row_words import any_of, holding, plain_parts, times_said, words
from data.ingest.recognise.whose import is_group_of_another
from data.model.records import TABLES
from data.model.schema import field_column

COUNT = "count"
"""Answer: the rows are encounters all the same."""

_LONGEST = 60
"""Letters of a text that says so; a longer one tells a story."""

_MOST_WORDS, _LOOKED_AT = 200, 2_000
"""A column with more distinct texts among the first rows is free text: only what stands first in a cell is looked at."""

_JOINTS = re.compile(r"\s*[;,/|:\n()\[\]–—]\s*|\s+-+\s+|\s*[.!?]\s+")


_MOVED = re.compile(r"siir|flytt|moved")
_TO_ANOTHER = re.compile(r"palvelu|toiselle$|muualle|jono|yksik|virkail|ohjaa|neuvoj|työntek|handlägg|rådgiv|service")


def without_cancelled(found: Recognised, asking: Asking) -> Recognised:
    """The sheet without the rows that say that nobody came, as the steward answers; what they say is kept as `withdrawn`."""
    for column, header, list_name in columns_of_visit(found):
        is_off = _says_cancelled(found.sheet, column, header, list_name)
        rows = int(is_off.sum()) if is_off is not None else 0
        if not rows or is_off is None:
            continue
        answer = asking.decide("cancelled", (LEAVE_OUT, COUNT), table=found.table, about=header, rows=rows)
        if answer == LEAVE_OUT:
            found = found.leaving_out("cancelled", is_off)
    return found


def columns_of_visit(found: Recognised) -> list[tuple[str, str, str | None]]:
    """Columns that may say so, with the code list of those that have one: all but numbers of rows, days, people's names, and what
    is said of somebody else (the interpreter did not come) or of another time.
    """
    open_ones: list[tuple[str, str, str | None]] = [
        (item.column, item.header, None)
        for item in found.ignored
        if item.reason not in ("names", "empty_column") and not _is_of_another(found, item)
    ]
    for match in found.columns:
        column = field_column(TABLES[found.table], match.field)
        is_other = match.field in (TABLES[found.table].own_number, "language_support")  # the interpreter's
        if not match.mark and not is_other and column.type != "DATE":
            open_ones.append((match.column, match.header, column.code_list))
    return sorted(open_ones, key=lambda one: int(one[0][1:]))


def _is_of_another(found: Recognised, item: Ignored) -> bool:
    group = found.sheet.groups[int(item.column[1:])] if found.sheet.groups else ""
    if is_group_of_another(group):
        return True
    return is_group_of_another(item.header) and not (
        _is_header_of_cancelled(item.header) or _is_attended(item.header) or is_status(item.header)
    )


def is_status(header: str) -> bool:
    """The column says how the visit itself went.

    >>> is_status("Käynnin tila"), is_status("Lisätieto")
    (True, False)
    """
    return normalise(header) in words("cancelled", "status")


def _says_cancelled(sheet: Sheet, column: str, header: str, list_name: str | None) -> pl.Series | None:
    """The rows that say so; None when none does."""
    cells, texts = sheet.rows[column], sheet.texts(column)
    is_note = list_name is None and not (is_status(header) or _is_header_of_cancelled(header) or _is_attended(header))
    is_free = _is_free(cells.head(_LOOKED_AT).drop_nulls().unique())
    said = _texts_saying_so(texts, list_name, is_note=is_note, is_free=is_free)
    if list_name is None:
        if not said and _is_header_of_cancelled(header):
            said = _filled_in(_distinct(texts))
        elif _is_attended(header):
            distinct = _distinct(texts)
            forms = {normalise(text) or text for text in distinct}
            if forms <= YES | NO:
                said += [text for text in distinct if (normalise(text) or text) in NO]
            if forms and forms <= CROSSES:
                return cells.is_null()
    return cells.is_in(said).fill_null(value=False) if said else None


def _is_free(some: pl.Series) -> bool:
    """A column of whose first texts there are too many, or too long ones, for a list to choose from."""
    return some.len() > _MOST_WORDS or bool((some.str.len_chars() > _LONGEST).any())


def _texts_saying_so(texts: pl.Series, list_name: str | None, *, is_note: bool, is_free: bool) -> list[str]:
    codes = code_list(list_name) if list_name else None
    return [
        text
        for text in holding(texts, _parts())
        if len(text) <= _LONGEST
        and not (codes and (codes.find(text) or _is_matter(normalise(text))))
        and (_is_words_of_it(normalise(text)) if is_note else _is_said(text, is_free=is_free))
    ]


def _is_said(text: str, *, is_free: bool) -> bool:
    """The text, or a part of it (in free text the first one) says that the encounter did not take place.

    >>> [_is_said(text, is_free=False) for text in ("PERUTTU (sairas)", "2 - no-show", "Tulkki ei saapunut", "Perusturva")]
    [True, True, False, False]
    """
    parts = _JOINTS.split(text)
    forms = [normalise(one) for one in (text, *(parts[:1] if is_free else parts))]
    return any(_is_words_of_it(form) and not _is_moved_on(form) for form in forms)


def _is_moved_on(form: str) -> bool:
    """Another service or another adviser has taken it over: the encounter took place.

    >>> [_is_moved_on(form) for form in ("siirretty toiseen palveluun", "palvelu siirretty")]
    [True, False]
    """
    moved = _MOVED.search(form)
    return moved is not None and _TO_ANOTHER.search(form, moved.end()) is not None


def _is_words_of_it(form: str) -> bool:
    if _ANOTHER_TIME.search(form):
        return False
    return max(times_said(form, words("cancelled", "said"), words("cancelled", "around"), numbers=True), default=0) > 0


def _is_matter(form: str) -> bool:
    """What is done to an appointment, which a client may come for.

    >>> _is_matter("ajanvarauksen peruutus"), _is_matter("peruutus"), _is_matter("asiakas perui")
    (True, False, False)
    """
    parts = form.split()
    matters = words("cancelled", "matters")
    return len(parts) > 1 and (parts[-1] in matters or (parts[0] in matters and parts[1] in ("av", "of")))


_ANOTHER_TIME = re.compile(rf"\b{any_of(words('cancelled', 'another_time'))}\b")


def _is_header_of_cancelled(header: str) -> bool:
    return _is_words_of_it(normalise(header))


def _is_attended(header: str) -> bool:
    form = normalise(header)
    bare = re.sub(r"^(asiakas|kunden|klienten|client|customer|the client) | (asiakas|kunden|client)$", "", form)
    return form in words("cancelled", "attended") or bare in words("cancelled", "attended")


def _filled_in(texts: list[str]) -> list[str]:
    """Under a header such as `Peruttu`: a yes, a cross, a day or a reason; not a no, and not what says nothing."""
    forms = {text: normalise(text) or text for text in texts}
    if len(texts) > _MOST_WORDS and not all(any(letter.isdigit() for letter in text) for text in texts):
        return []
    nothing = {text for text, form in forms.items() if form in NO or says_nothing(text) or not form.strip("-–—.")}
    nothing |= {text for text, form in forms.items() if form in words("cancelled", "attended")}
    return [text for text in texts if text not in nothing]


def _distinct(texts: pl.Series) -> list[str]:
    return list(texts.drop_nulls().unique())


@cache
def _parts() -> list[str]:
    return plain_parts(word.rstrip("*") for word in words("cancelled", "said"))
