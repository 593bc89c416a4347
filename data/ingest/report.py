"""What an import found and did, in words and as JSON: every column, value and row accounted for, no personal value."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from data.codes import code_list
from data.coverage.deliveries import short_months
from data.ingest.answers import question_json
from data.ingest.checking import ValueCount
from data.ingest.odd_values import OddValue
from data.ingest.plan import Counts, Prepared, PreparedFile, SheetPlan
from data.ingest.question_words import option_text, question_text
from data.ingest.recognise.recognised import ColumnMatch
from data.ingest.rejects import Reject
from data.model.records import TABLES
from data.model.schema import field_column
from data.texts import MissingTextError, has_message, message, number_said

VALUES_TOLD = 20
"""Values of one column told in words; the JSON report has them all."""

OPTIONS_TOLD = 8
"""Answers to a question told in words; the file of questions has them all."""

REJECTS_TOLD = 10
"""Rejected rows told per file; `python -m data rejected` has them all."""


def lines(prepared: Prepared, lang: str) -> Iterator[str]:
    """The report of every file, without the refusals."""
    for name in prepared.damaged_profiles:
        yield message("loading.damaged_profile", lang, name=name)
    for file in prepared.files:
        if file.refused is None:
            yield from _file_lines(file, lang)
    if prepared.unrecorded_work:
        yield unrecorded_work_line(prepared, lang)


def unrecorded_work_line(prepared: Prepared, lang: str) -> str:
    """How many enrolments ended for work that is not recorded."""
    return message("loading.unrecorded_work", lang, count=prepared.unrecorded_work)


def refusals(prepared: Prepared, lang: str) -> Iterator[str]:
    """One line per cause for every file that was not loaded."""
    for file in prepared.files:
        if file.refused is not None:
            yield message("loading.refused", lang, file=file.file, cause=refusal(file, lang))
            for place in finding_lines(file, lang):
                yield f"  {place}"


def refusal(file: PreparedFile, lang: str) -> str:
    """Why a file was refused."""
    params: dict[str, Any] = dict(file.params)
    if "table" in params:
        params["table"] = message(f"table.{params['table']}", lang)
        params["missing"] = ", ".join(message(f"field.{name}", lang) for name in params["missing"].split(","))
    return message(f"refusal.file.{file.refused}", lang, **params)


def finding_lines(file: PreparedFile, lang: str) -> Iterator[str]:
    """Where personal data stands: row, column and class."""
    for finding in file.findings:
        place = "column" if finding.column_header else "name" if finding.row == 0 else None
        code = f"personal.in_{place}" if place else "personal.above_header"
        kind = message(f"personal.kind.{finding.kind}", lang)
        yield message(code, lang, row=finding.row, column=finding.column_header, kind=kind, total=finding.total)


def reject_line(reject: Reject, lang: str) -> str:
    """Row, column, reason and class of value."""
    text = reason(reject, lang)
    if reject.kind and reject.kind != "empty":
        text += f" ({message(f'loading.kind.{reject.kind}', lang, letters=reject.letters)})"
    code = "loading.report.reject" if reject.column else "loading.report.reject_row"
    return message(code, lang, row=reject.row, column=reject.column, reason=text)


def reason(reject: Reject, lang: str) -> str:
    """Why a row was rejected."""
    return _cause(reject.reason, reject.params, lang)


def _cause(reason_code: str, given: Mapping[str, str | int | float], lang: str) -> str:
    params: dict[str, object] = dict(given)
    for key in ("earlier", "later", "fields"):
        if key in given:
            names = str(given[key]).split(",")
            params[key] = ", ".join(message(f"field.{name}", lang) for name in names)
    # Rows rejected by an earlier version may have a reason that is no more, or say less of it.
    try:
        return message(f"refusal.row.{reason_code}", lang, **params)
    except (MissingTextError, KeyError):
        return _cause("value_refused", {}, lang)


def column_lines(part: SheetPlan, lang: str) -> Iterator[str]:
    """Column → field, how it was recognised, and its values → codes."""
    for match in part.columns:
        text = f"{match.header} → {message(f'field.{match.field}', lang)}"
        remarks = column_remarks(part, match, lang)
        yield text + (f" ({', '.join(remarks)})" if remarks else "")
        values = [value for value in part.values if value.field == match.field and not match.mark]
        if values:
            yield "  " + _values(part.table, values, lang)
    if "client_id" in TABLES[part.table].model_fields and all(match.field != "client_id" for match in part.columns):
        yield message("loading.no_client_column", lang)
    for item in part.ignored:
        yield f"{item.header} – {message(f'loading.ignored.{item.reason}', lang)}"


def column_remarks(part: SheetPlan, match: ColumnMatch, lang: str) -> list[str]:
    """How a column was recognised, when not by its whole header, and how its values are read."""
    remarks = []
    if match.how in ("phrase", "values", "counts", "times"):
        remarks.append(message(f"loading.how.{match.how}", lang))
    if match.mark:
        remarks.append(message("loading.how.mark", lang, label=label(part.table, match.field, match.mark, lang)))
    if match.reading.unit:
        remarks.append(message("loading.report.unit", lang, unit=message(f"loading.unit.{match.reading.unit}", lang)))
    for remark in match.reading.remarks:
        code, _, value = remark.partition(":")
        remarks.append(message(f"loading.writing.{code}", lang, value=value.replace("-", "–")))
    return remarks


def label(table: str, name: str, code: str, lang: str) -> str:
    """What a field's code is called; a service point's code is its own name."""
    list_name = field_column(TABLES[table], name).code_list
    return code_list(list_name).label(code, lang) if list_name else code


def taken_text(table: str, name: str, taken_as: str, lang: str) -> str:
    """What an odd value of a field is taken for: a code by its label, not known, or a reason to reject its rows."""
    own_words = f"question.option.{taken_as}"
    return message(own_words, lang) if has_message(own_words) else label(table, name, taken_as, lang)


def odd_line(table: str, odd: OddValue, lang: str) -> str:
    """A value that is none of its field's, in how many rows, and what it was taken for."""
    meaning = taken_text(table, odd.field, odd.taken_as, lang)
    shown = f"”{odd.text}”" if odd.text else _cause(odd.reason, odd.params, lang)
    if at := odd.params.get("at"):
        shown += f" ({message('loading.report.at_rows', lang, at=at)})"
    return message(
        "loading.report.odd", lang, column=odd.header, value=shown, rows=odd.rows, count=odd.rows, meaning=meaning
    )


def counts_line(counts: Counts, lang: str) -> str:
    """Where the rows went."""
    line = message(
        "loading.report.counts", lang, **{name: getattr(counts, name) for name in Counts.__dataclass_fields__}
    )
    for name in ("totals", "left_out", "repeated", "forgotten"):
        if number := getattr(counts, name):
            line += " " + message(f"loading.report.{name}", lang, **{name: number})
    return f"{line}. {message('loading.report.gone', lang, gone=counts.gone)}" if counts.gone else line


def kept_lines(part: SheetPlan, lang: str) -> Iterator[str]:
    """What the store knows better than the sheet: values that are empty in the sheet, and newer statuses."""
    if part.kept:
        told = ((message(f"field.{name}", lang), number_said(count, lang)) for name, count in part.kept.items())
        fields = ", ".join(map(" ".join, told))
        yield message("loading.report.kept", lang, count=sum(part.kept.values()), fields=fields)
    if part.outdated:
        yield message("loading.report.outdated", lang, count=part.outdated)


def lost_months_lines(part: SheetPlan, lang: str) -> Iterator[str]:
    """The months of which every row was rejected, so that nothing is told of them, and those of which a part was."""
    for code, found in (("lost_months", part.lost_months), ("short_months", _short_months(part))):
        months = ", ".join(f"{month.month}/{month.year}" for month in found)
        if months:
            yield message(f"loading.report.{code}", lang, table=message(f"table.{part.table}", lang), months=months)


def _short_months(part: SheetPlan) -> list[date]:
    return [date.fromisoformat(f"{month}-01") for month in short_months(part.silent)]


def notes_line(part: SheetPlan, lang: str) -> str:
    """What was noticed while reading."""
    told = []
    for note in part.notes:
        code, _, value = note.partition(":")
        key = f"loading.note.{code}"
        told.append(message(key, lang, value=value) if has_message(key) else note)
    if part.profile:
        told.append(message("loading.report.profile", lang, name=part.profile))
    return ", ".join(told)


def question_lines(prepared: Prepared, lang: str) -> Iterator[str]:
    """The questions that need an answer, with what may be answered; or the safe defaults that were taken for them, now or for
    an earlier file.
    """
    for one in prepared.decisions:
        if one.how == "remembered":
            continue
        question = one.question
        place = f"{question.file} ({question.sheet})" if question.sheet else question.file
        text = question_text(question, lang)
        if one.how in ("answered", "taken") or prepared.defaults_taken:
            answer = option_text(question, one.answer, lang)
            code = "loading.taken_before" if one.how == "taken" else "loading.taken"
            yield message(code, lang, place=place, question=text, answer=answer)
            continue
        yield message("loading.asked", lang, place=place, question=text)
        for option in question.options[:OPTIONS_TOLD]:
            mark = "*" if option == question.default else "-"
            yield f"  {mark} {option}: {option_text(question, option, lang)}"
        if len(question.options) > OPTIONS_TOLD:
            yield f"  - {message('loading.more_options', lang, count=len(question.options) - OPTIONS_TOLD)}"


def as_json(prepared: Prepared, generation: int | None, dry_run: bool, lang: str = "en") -> dict[str, Any]:
    """The whole report for a program; questions in the language `lang`."""
    return {
        "questions": [{**question_json(one, lang), "answer": one.answer, "how": one.how} for one in prepared.decisions],
        "generation": generation,
        "dry_run": dry_run,
        "damaged_profiles": list(prepared.damaged_profiles),
        "exit_code": prepared.exit_code,
        "unrecorded_work": prepared.unrecorded_work,
        "files": [_file_json(file) for file in prepared.files],
    }


def _file_lines(file: PreparedFile, lang: str) -> Iterator[str]:
    for part in file.parts:
        table = message(f"table.{part.table}", lang)
        several = part.sheet and len(file.parts) + len(file.skipped) > 1
        code = "loading.report.sheet" if several else "loading.report.file"
        yield message(code, lang, file=file.file, sheet=part.sheet, table=table)
        if notes := notes_line(part, lang):
            yield f"  {notes}"
        for line in column_lines(part, lang):
            yield f"  {line}"
        if part.new_places:
            yield "  " + message("loading.report.places", lang, names=", ".join(part.new_places.values()))
        if part.source.number:
            yield "  " + message("loading.report.source", lang, name=part.source.title)
        for one in part.odd:
            yield "  " + odd_line(part.table, one, lang)
        yield "  " + counts_line(part.counts, lang)
        for line in kept_lines(part, lang):
            yield f"  {line}"
        for line in lost_months_lines(part, lang):
            yield f"  {line}"
        for reject in part.rejected[:REJECTS_TOLD]:
            yield "    " + reject_line(reject, lang)
        if len(part.rejected) > REJECTS_TOLD:
            yield "    " + message("loading.report.more_rejects", lang, count=len(part.rejected) - REJECTS_TOLD)
    for sheet, none in file.skipped:
        cause = message(f"refusal.file.{none.reason}", lang) if none.reason else ""
        yield f"{message('loading.skipped_sheet', lang, file=file.file, sheet=sheet)} {cause}".rstrip()


def _values(table: str, values: list[ValueCount], lang: str) -> str:
    ordered = sorted(values, key=lambda value: -value.rows)
    told = []
    for value in ordered[:VALUES_TOLD]:
        name = label(table, value.field, value.code, lang)
        known = f"{name} {number_said(value.rows, lang)}"
        told.append(f"{value.text} → {known}" if value.text not in (None, name) else known)
    if len(ordered) > VALUES_TOLD:
        told.append(message("loading.more_values", lang, count=len(ordered) - VALUES_TOLD))
    return "; ".join(told)


def _file_json(file: PreparedFile) -> dict[str, Any]:
    return {
        "file": file.file,
        "refused": file.refused,
        "params": dict(file.params),
        "findings": [
            {"row": one.row, "column": one.column_header, "kind": one.kind, "total": one.total} for one in file.findings
        ],
        "counts": _counts_json(file.counts),
        "sheets": [_part_json(part) for part in file.parts],
        "skipped_sheets": [sheet for sheet, _ in file.skipped],
        "skipped_because": [none.reason or "wrong_table" for _, none in file.skipped],
    }


def _part_json(part: SheetPlan) -> dict[str, Any]:
    return {
        "sheet": part.sheet,
        "table": part.table,
        "profile": part.profile,
        "notes": list(part.notes),
        "columns": [
            {
                "header": m.header,
                "field": m.field,
                "how": m.how,
                "unit": m.reading.unit,
                "mark": m.mark,
                "written": list(m.reading.remarks),
            }
            for m in part.columns
        ],
        "ignored": [{"header": item.header, "reason": item.reason} for item in part.ignored],
        "values": [{"field": v.field, "text": v.text, "code": v.code, "rows": v.rows} for v in part.values],
        "new_service_points": dict(part.new_places),
        "counts": _counts_json(part.counts),
        "kept": dict(part.kept),
        "outdated": part.outdated,
        "rejected_months": [f"{month:%Y-%m}" for month in part.lost_months],
        "partly_rejected_months": [f"{month:%Y-%m}" for month in _short_months(part)],
    }


def _counts_json(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}
