"""Why metrics are not recorded: no file has a column for them, or the files do not go back far enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from pages.i18n import formats
from pages.shell import asking
from pages.shell.page import Page
from pages.view import states


@dataclass(frozen=True)
class Unrecorded:
    """fields: those that no file has, by the metric that is not told without them; past: the first day of the month from which on
    the files go back far enough, None where they never do, by the metric that looks back; gaps: metrics that look back from a
    later period over months of which some lack.
    """

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    past: dict[str, date | None] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)

    def look(self, page: Page, question: Question) -> None:
        """Keep why metrics of a question are not recorded. Raises QuestionError."""
        self.fields.update(asking.fields_lacked(page.serving, question))
        past, first_day = asking.past_lacked(page.serving, question), Period.parse(question.period).first_day
        self.past.update(past)
        self.gaps.update(metric for metric, since in past.items() if since and first_day and since <= first_day)

    def said(self, names: Mapping[str, str], t: Texts) -> list[str]:
        """Return it in words, once of each reason. names: of the metrics that it is said of, by id."""
        without: dict[tuple[str, ...], list[str]] = {}
        late: dict[date | None, list[str]] = {}
        broken = [name for metric, name in names.items() if metric in self.gaps and metric not in self.fields]
        for metric, name in names.items():
            if metric in self.fields:
                without.setdefault(self.fields[metric], []).append(name)
            elif metric in self.past and metric not in self.gaps:
                late.setdefault(self.past[metric], []).append(name)
        said = [states.fields_missing(", ".join(of), fields, t) for fields, of in without.items()]
        said += [t("state.past_lacks.gap", names=", ".join(broken))] if broken else []
        for first, of in late.items():
            said.append(t("state.past_lacks", names=", ".join(of)))
            if first is not None:
                said[-1] += " " + t("state.past_lacks.from", month=formats.period_label(f"{first:%Y-%m}", t.lang))
        return said


def keep_reasons(page: Page, told: Iterable[tuple[str, Row]]) -> None:
    """Keep for the page's foot why tiles have no number. told: the names and rows of all."""
    if page.reasons is None:
        return
    rows = [(name, row) for name, row in told if not states.is_said(row)]
    found, names = Unrecorded(), dict[str, str]()
    for name, row in rows:
        if row.state == "not_recorded" and row.period == page.view.period:
            names[row.metric] = name
            found.look(page, page.ask(row.metric).composed.question)
    known = names.keys() & (found.fields.keys() | found.past.keys())
    others = [row.state for _, row in rows if row.metric not in known]
    page.reasons.update(dict.fromkeys([*found.said(names, page.t), *states.notes(others, page.t)]))
