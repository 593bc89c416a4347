"""Answers told so that a language model cannot take them for more than they are: what is hidden has no number to read as zero."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from data.texts import Texts, texts
from metrics.grammar.answer import Answer, Row
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.api import asking, describing
from pages.api.call import Call
from pages.api.visible import Visible
from pages.i18n import formats
from pages.view import states
from pages.view.sentences import protected_explained, unit_text

MOST_ROWS: Final = 500
"""Of one answer: a model reads all of it each time that it goes on."""


Told = Callable[[Call, Visible], dict[str, Any] | str]


def compact(make: Told) -> Told:
    """Return what makes the same answer on one line, without what every answer would say again."""

    def made(call: Call, seen: Visible) -> str:
        return json.dumps(make(call, seen), ensure_ascii=False)

    return made


def about(call: Call, seen: Visible) -> dict[str, Any]:
    """Return whose figures they are, of which periods, and how they are protected. There are no addresses to go on to."""
    told = describing.interface(call, seen)
    del told["links"]
    return told


def metrics(call: Call, seen: Visible) -> dict[str, Any]:
    """Return the metrics that can be asked for, in few words and one language."""
    known, t = definitions(), texts(call.lang)
    told = [
        {
            "id": one,
            "name": known[one].name[t.lang],
            "unit": unit_text(known[one], t),
            "dimensions": list(by),
            **({"requires": list(known[one].requires)} if known[one].requires else {}),
        }
        for one, by in seen.dimensions.items()
    ]
    return {"metrics": told}


def metric(call: Call, seen: Visible) -> dict[str, Any]:
    """Return one metric with its definition. Raises QuestionError: `unknown_metric`."""
    told = describing.metric(call, seen)
    del told["periods"]
    return told


def codes(call: Call, seen: Visible) -> dict[str, Any]:
    """Return the codes of a dimension. Raises as `describing.dimension`."""
    told = describing.dimension(call, seen)
    return {name: told[name] for name in ("dimension", "codes")}


def answered(call: Call, seen: Visible) -> dict[str, Any]:
    """Return the answer to a question. Raises QuestionError, ApiError, and as a store does."""
    answer, t = asking.answer_of(call, seen, MOST_ROWS), texts(call.lang)
    hidden = [row for row in answer.rows if row.value is None]
    lacks, in_words = asking.lacking(answer.question, seen, t.lang)
    return {
        "notes": [
            *((t("page.sample"),) if seen.serving.is_example else ()),
            *in_words,
            protected_explained(t),
            *states.notes((row.state for row in hidden), t),
            *((t("tools.hidden"),) if hidden else ()),
            *(() if answer.rows else (states.reason((), t),)),
        ],
        "question": answer.as_json()["question"],
        **describing.source(seen),
        "lacking": lacks,
        "metrics": {one: _metric(one, t) for one in answer.question.metrics},
        "names": _names(answer, seen, t),
        "shown": [_told(row, t) | {"rounded": True} for row in answer.rows if row.value is not None],
        "hidden": [_told(row, t) | {"hidden": True} for row in hidden],
    }


def _metric(metric: str, t: Texts) -> dict[str, Any]:
    found = definitions()[metric]
    return {"name": found.name[t.lang], "text": found.text[t.lang], "version": found.version}


def _names(answer: Answer, seen: Visible, t: Texts) -> dict[str, dict[str, str]]:
    """Return what the codes of an answer are called, by dimension and code."""
    found: dict[str, dict[str, str]] = {}
    for row in answer.rows:
        for name, code in row.codes.items():
            found.setdefault(name, {}).setdefault(code, label(row.metric, name, code, t.lang, seen.serving.places))
    return found


def _told(row: Row, t: Texts) -> dict[str, Any]:
    """Return a row without what it does not tell: a field that is not there cannot be read as zero."""
    told = {name: value for name, value in row.flat().items() if value is not None}
    return told | {"says": formats.value_text(row, t, unit=True)}
