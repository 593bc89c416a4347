"""Recognition of each sheet: fields of columns, codes of values with their numbers of rows, and ignored columns."""

from __future__ import annotations

import streamlit as st

from data.ingest import report
from data.ingest.checking import ValueCount
from data.ingest.plan import Prepared, SheetPlan
from data.texts import Texts, capital, message
from pages.figures import tables
from pages.i18n.formats import number
from pages.importing.accounts import place_name
from pages.importing.mapping import mapping_form
from pages.importing.session import ImportSession
from pages.view.sentences import plain
from pages.view.table import of_texts

VALUES_SHOWN = 300
"""Most values of a sheet on the page, the commonest of each column first."""


def show_recognition(prepared: Prepared, session: ImportSession, t: Texts) -> None:
    """Draw new service points, and for each sheet an expander with its recognised columns and values, to be corrected."""
    for file in prepared.files:
        for part in file.parts:
            name = place_name(file.file, part.sheet)
            if part.new_places:
                places = ", ".join(part.new_places.values())
                st.info(t("import.new_places", count=len(part.new_places), file=plain(name), names=plain(places)))
            with st.expander(t("import.how", file=plain(name))):
                _show_part(part, name, t)
                if session.published is None:
                    mapping_form(file.file, part, session, t)


def _show_part(part: SheetPlan, name: str, t: Texts) -> None:
    if notes := report.notes_line(part, t.lang):
        st.caption(t("import.notes", notes=plain(notes)))
    columns = [(match.header, _field(match.field, t), ", ".join(report.column_remarks(part, match, t.lang)) or "–")
               for match in part.columns]  # fmt: skip
    columns += [(item.header, "–", message(f"loading.ignored.{item.reason}", t.lang)) for item in part.ignored]
    columns_header = (t("import.column"), t("import.field"), t("import.remark"))
    st.html(tables.to_html(of_texts(columns_header, columns), t("import.columns", file=name), words=(1, 2)))
    values = _values(part)
    if not values:
        return
    lines = [_value_line(part, value, t) for value in values[:VALUES_SHOWN]]
    header = (t("import.field"), t("import.value"), t("import.code"), t("import.value_rows"))
    st.html(tables.to_html(of_texts(header, lines), t("import.values", file=name), words=(1, 2)))
    if len(values) > VALUES_SHOWN:
        st.caption(message("loading.more_values", t.lang, count=len(values) - VALUES_SHOWN))


def _values(part: SheetPlan) -> list[ValueCount]:
    order = {match.field: place for place, match in reversed(list(enumerate(part.columns)))}
    return sorted(part.values, key=lambda value: (order.get(value.field, len(order)), -value.rows))


def _value_line(part: SheetPlan, value: ValueCount, t: Texts) -> tuple[str, ...]:
    code = report.label(part.table, value.field, value.code, t.lang)
    text = t("import.in_list") if value.text is None else value.text
    return _field(value.field, t), text, code, number(value.rows, t.lang)


def _field(name: str, t: Texts) -> str:
    text = t(f"field.{name}")
    return capital(text)
