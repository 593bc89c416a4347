"""Report of an import: counts of each file and sheet, refused files, and rejected rows."""

from __future__ import annotations

import streamlit as st

from data.ingest import report
from data.ingest.personal_scan import PersonalDataFinding
from data.ingest.plan import Prepared, PreparedFile, SheetPlan
from data.ingest.rejects import Reject
from data.texts import Texts, capital, message
from pages.figures import tables
from pages.i18n.formats import number
from pages.shell import noting
from pages.view.sentences import plain
from pages.view.table import of_texts

ROWS_SHOWN = 200
"""Most rejected rows on the page; the CSV file has all of them."""


def place_name(file: str, sheet: str | None) -> str:
    """Return the name of a sheet with its file."""
    return f"{file} · {sheet}" if sheet else file


def show_counts(prepared: Prepared, t: Texts) -> None:
    """Draw one line per sheet: the table it was recognised as, and the numbers of its rows."""
    others = [
        name
        for name in ("totals", "left_out", "forgotten")
        if any(getattr(file.counts, name) for file in prepared.files)
    ]
    names = ("read", "loaded", "replaced", "unchanged", "rejected", *others)
    lines: list[tuple[str, ...]] = []
    for file in prepared.files:
        if file.refused:
            lines.append((file.file, t("import.refused"), *("–" for _ in names)))
        for part in file.parts:
            counts = (number(getattr(part.counts, name), t.lang) for name in names)
            lines.append((place_name(file.file, part.sheet), _table_name(part, t), *counts))
        for sheet, _ in file.skipped:
            lines.append((place_name(file.file, sheet), t("import.fits_nothing"), *("–" for _ in names)))
    header = (t("import.file"), t("import.table"), *(t("import.rows." + name) for name in names))
    st.html(tables.to_html(of_texts(header, lines), t("import.counts"), words=(1,)))
    for file in prepared.files:
        for part in file.parts:
            for told in report.kept_lines(part, t.lang):
                st.caption(f"{plain(place_name(file.file, part.sheet))}: {plain(told)}")
            for lost in report.lost_months_lines(part, t.lang):
                st.warning(f"{plain(place_name(file.file, part.sheet))}: {plain(lost)}")
    if prepared.unrecorded_work:
        st.warning(report.unrecorded_work_line(prepared, t.lang))


def show_refusals(prepared: Prepared, t: Texts) -> None:
    """Draw the reason for each refused file and left-out sheet; personal data by place and class, never the value."""
    for file in prepared.files:
        if file.refused is None:
            for sheet, none in file.skipped:
                if none.reason:
                    cause = t(f"refusal.file.{none.reason}")
                    st.warning(f"**{plain(place_name(file.file, sheet))}**: {plain(cause)}")
            continue
        st.error(f"**{plain(file.file)}**: {plain(report.refusal(file, t.lang))}")
        if file.findings:
            _show_findings(file, t)


def show_rejects(prepared: Prepared, t: Texts) -> None:
    """Draw the rejected rows with column and reason, and their CSV download. Values themselves are never shown."""
    found = [reject for file in prepared.files if not file.refused for reject in file.rejected]
    if not found:
        return
    header = tuple(t("import." + name) for name in ("file", "row", "column", "reason", "value_was"))
    lines = [_reject_line(reject, t) for reject in found]
    table = of_texts(header, lines)
    st.subheader(t("import.rejects"))
    st.markdown(t("import.rejects.what"))
    shown = of_texts(header, lines[:ROWS_SHOWN])
    st.html(tables.to_html(shown, t("import.rejects.caption", count=len(found)), words=(2, 3, 4)))
    if len(lines) > ROWS_SHOWN:
        st.caption(t("import.rejects.more", shown=number(ROWS_SHOWN, t.lang), total=number(len(lines), t.lang)))
    noting.download(
        t("import.rejects.csv"),
        tables.to_csv(table, t, [t("import.rejects.what")]),
        file_name=t("import.rejects.file_name"),
        mime="text/csv",
        key="import_rejects_csv",
    )


def _table_name(part: SheetPlan, t: Texts) -> str:
    name = message(f"table.{part.table}", t.lang)
    return capital(name)


def _reject_line(reject: Reject, t: Texts) -> tuple[str, ...]:
    kind = message(f"loading.kind.{reject.kind}", t.lang, letters=reject.letters) if reject.kind else "–"
    place = place_name(reject.file, reject.sheet)
    return place, str(reject.row), reject.column or "–", report.reason(reject, t.lang), kind


def _show_findings(file: PreparedFile, t: Texts) -> None:
    header = tuple(t("import." + name) for name in ("row", "column", "kind", "rows_in_all"))
    lines = [
        (str(found.row or "–"), _column(found, t), t("personal.kind." + found.kind), number(found.total, t.lang))
        for found in file.findings
    ]
    st.html(tables.to_html(of_texts(header, lines), t("import.personal", file=file.file), words=(1, 2)))


def _column(found: PersonalDataFinding, t: Texts) -> str:
    return found.column_header or t("import.above_header" if found.row else "import.in_name")
