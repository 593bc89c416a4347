"""Metrics and answers as lines of text and as CSV, for the command line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from data.spreadsheet import csv_text
from data.store.store import Store
from data.texts import message, number_said, percent_sign
from metrics.ask import ChangedAnswer
from metrics.gate import limits
from metrics.grammar.answer import FLAT_FIELDS, Answer, Row
from metrics.grammar.period import Period
from metrics.measures import gaps
from metrics.measures.gaps import Lacking
from metrics.model.definition import Definition, authors_of, origin_of
from metrics.model.dimensions import label, service_points
from metrics.model.formulas import formula
from metrics.model.serving import generation_for
from metrics.model.unit_words import unit_word

LACKING: Final = "lacking"
"""Name of the field and the column that tell what files lack."""
UNTOLD: Final = "?"
"""Stands in that column where it is not known."""


def list_lines(chosen: Iterable[Definition], lang: str) -> list[str]:
    """Return one line per metric under the heading of its group."""
    lines: list[str] = []
    group = ""
    for definition in chosen:
        if definition.group != group:
            group = definition.group
            lines += ["", message(f"cli.group.{group}", lang)] if lines else [message(f"cli.group.{group}", lang)]
        lines.append(f"  {definition.id:<28} {definition.name[lang]}")
    return lines


def as_objects(chosen: Iterable[Definition], lang: str) -> list[dict[str, Any]]:
    """Return what a program needs to know of each metric: codes, and its name and text in a language."""
    return [
        {
            "id": one.id,
            "version": one.version,
            "name": one.name[lang],
            "text": one.text[lang],
            "group": one.group,
            "page": one.page,
            "sources": list(one.sources),
            "kind": one.kind,
            "unit": one.unit,
            "good": one.good,
            "dimensions": list(one.allowed),
            "requires": list(one.requires),
            "registry": origin_of(one.id).model_dump(include={"name", "version"}),
            "authors": list(authors_of(one)),
            "reviewer": one.reviewer,
            "reviewed": one.reviewed,
        }
        for one in chosen
    ]


def show_lines(definition: Definition, lang: str) -> list[str]:
    """Return the definition of a metric as lines of text."""
    measure = definition.measure.model_dump(exclude_defaults=True)
    in_codes = ", ".join(f"{key}: {value}" for key, value in measure.items())
    return [
        f"{definition.name[lang]} ({definition.id})",
        definition.text[lang],
        f"{message('cli.why', lang)}: {definition.why[lang]}",
        f"{message('cli.formula', lang)}: {formula(definition, lang)}",
        f"{message('catalogue.code', lang)}: {definition.fact}, {in_codes}",
        f"{message('cli.serves', lang)}: {', '.join(definition.sources)}; {message(f'cli.good.{definition.good}', lang)}",
        f"{message('cli.page', lang)}: {message('page.' + definition.page, lang)}",
        f"{message('cli.shown_by', lang)}: {', '.join(definition.allowed)}",
        *(f"{message('cli.version', lang)} {c.version} ({c.date}): {c.what[lang]}" for c in definition.changes),
        f"{message('cli.registry', lang)}: {origin_of(definition.id).name} {origin_of(definition.id).version}",
        f"{message('cli.authors', lang)}: {', '.join(authors_of(definition))}",
        *(
            [f"{message('cli.reviewed', lang)}: {definition.reviewer}, {definition.reviewed}"]
            if definition.reviewer
            else []
        ),
    ]


def as_table(answer: Answer, store: Store, lang: str) -> list[str]:
    """Return the rows of an answer as aligned columns, followed by the date of the data and the rounding. Raises StoreError."""
    return _table(answer, store, lang, [], [[] for _ in answer.rows])


def changes_as_table(changed: ChangedAnswer, store: Store, lang: str) -> list[str]:
    """Return the rows of an answer as columns, with the earlier value and the direction of change. Raises StoreError."""
    beside = [
        [value_text(row.before, lang) if row.before else "–", message(f"cli.change.{row.way or 'none'}", lang)]
        for row in changed.rows
    ]
    headings = [message(f"before.{changed.side.against}", lang), message("cli.change", lang)]
    lines = _table(changed.answer, store, lang, headings, beside)
    return lines if changed.side.is_called else [*lines, message("cli.change.open", lang)]


def as_json(answer: Answer, lacks: Lacking | None) -> dict[str, Any]:
    """Return the object of an answer, with what files lack of its period; None where that is not known."""
    return {**answer.as_json(), LACKING: None if lacks is None else gaps.as_objects(lacks)}


def changes_as_json(changed: ChangedAnswer, lacks: Lacking) -> dict[str, Any]:
    """Return the answer's object with `compared`, and in every row the earlier one and the direction.

    lacks: what files lack of the period now.
    """
    side = changed.side
    rows = [
        {**row.now.flat(), "before": row.before.flat() if row.before else None, "change": row.way}
        for row in changed.rows
    ]
    compared = {"against": side.against, "period": side.period, "generation": side.generation.number}
    return {**as_json(changed.answer, lacks), "rows": rows, "compared": compared}


def changes_as_csv(changed: ChangedAnswer, lacks: Sequence[Lacking]) -> str:
    """Return the rows as CSV with codes, with the earlier value (or its bound) and the direction. lacks: see `as_csv`."""
    flat = [row.now.flat() for row in changed.rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    before = [(row.before.value, str(row.before.bound or "")) if row.before else (None, "") for row in changed.rows]
    words = [gaps.in_short(found) for found in lacks]
    more = [LACKING] if any(words) else []
    head = [*names, "before", "before_bound", "change", *more]
    lines = [
        [*(one.get(name) for name in names), *then, row.way, *([word] if more else [])]
        for one, then, row, word in zip(flat, before, changed.rows, words, strict=True)
    ]
    return csv_text([head, *lines])


def _table(answer: Answer, store: Store, lang: str, headings: list[str], beside: list[list[str]]) -> list[str]:
    """Return rows as aligned columns; beside: further cells of each row, under their headings."""
    places = service_points(store, generation_for(store, answer.question.audience), answer.question.audience)
    dimensions = answer.question.dimensions
    head = ["", *dimensions, *(message(f"cli.{name}", lang) for name in ("period", "value", "count")), *headings]
    body = [
        [
            _metric_text(row, lang),
            *(label(row.metric, name, row.codes[name], lang, places) for name in dimensions),
            Period.parse(row.period).label(lang),
            value_text(row, lang),
            number_text(row.n, lang),
            *more,
        ]
        for row, more in zip(answer.rows, beside, strict=True)
    ]
    note = "cli.internal_mark" if answer.exact else "cli.rounding"
    # Protected values are counted to the last closed month, however far the data reach.
    ends = [day for day in (answer.data_until, None if answer.exact else answer.closed_until) if day]
    day = min(ends).isoformat() if ends else "-"
    return [
        *aligned(head, body),
        "",
        message("cli.until" if answer.exact else "cli.until.protected", lang, day=day, generation=answer.generation),
        message(note, lang, **limits()),
    ]


def aligned(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of cells as columns, each as wide as its widest cell."""
    widths = [max(len(line[i]) for line in (head, *body)) for i in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *body)
    ]


def as_csv(
    answer: Answer, lacks: Sequence[Lacking] | None, *, every_column: bool = False, beside: Mapping[str, str] | None = None
) -> str:  # fmt: skip
    """Return the rows of an answer as CSV with codes, for other programs: `,`, decimal point, one header line.

    lacks: what files lack of each row, None where that is not known; every_column: also those that no row fills, so that the
    next answer has the same; beside: what each line tells besides.
    """
    flat = [row.flat() for row in answer.rows]
    every = ("metric", *answer.question.dimensions, *FLAT_FIELDS) if every_column else ()
    names = list(dict.fromkeys((*every, *(name for row in flat for name in row))))
    more = beside or {}
    words = [gaps.in_short(found) for found in lacks] if lacks is not None else [UNTOLD] * len(flat)
    lacking = [LACKING] if every_column or any(words) else []
    lines = (
        [*(row.get(name) for name in names), *([word] if lacking else []), *more.values()]
        for row, word in zip(flat, words, strict=True)
    )
    return csv_text([[*names, *lacking, *more], *lines])


def value_text(row: Row, lang: str) -> str:
    """Return the value with its unit, or the bound of a suppressed one."""
    word = unit_word(row.unit, 2 if row.value is None else row.value, lang)
    unit = percent_sign(lang) if row.unit == "%" else f" {word}"
    if row.value is not None:
        return number_text(row.value, lang) + unit
    if row.bound is None:
        return message(f"state.{row.state}", lang)
    return message(f"cli.{row.bound.kind}", lang, bound=row.bound.limit) + unit


def _metric_text(row: Row, lang: str) -> str:
    horizon = message("cli.horizon", lang, months=row.horizon) if row.horizon else ""
    quantile = f"p{row.quantile * 100:.0f}" if row.quantile else ""
    return " ".join(part for part in (row.metric, horizon, quantile) if part)


def number_text(value: float | None, lang: str) -> str:
    """Return a number with at most one decimal in the format of the language; empty for None."""
    return "" if value is None else number_said(value, lang)
