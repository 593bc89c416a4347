"""Metadata in every downloaded file: filters, date of the data, generation, definitions with versions, and rounding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.texts import Texts
from metrics.grammar.question import Question
from metrics.model.definition import Definition, definitions
from metrics.model.formulas import formula
from pages.i18n import formats
from pages.shell import asking
from pages.view.sentences import defined, protected_explained

if TYPE_CHECKING:
    from pages.shell.page import Page

_MARKDOWN = re.compile(r":material/\w+: |\*\*|\\(?=[^\w\s])|\u2060")


@dataclass(frozen=True)
class About:
    """The metadata of a figure.

    title: what the figure shows; lines: filters, notes, data and rounding, without Markdown; metrics: definitions to
    include; mark: label of files with exact values, which may not be published, else empty.
    """

    title: str
    lines: tuple[str, ...]
    metrics: tuple[Definition, ...]
    mark: str = ""


def about(page: Page, title: str, metrics: Sequence[str], notes: Sequence[str], asked: Question | None = None) -> About:
    """Return the metadata of a figure.

    metrics: ids, duplicates allowed; notes: the notes of the page beside the figure, Markdown allowed; asked: what the figure
    asks, where it is not the page's period as a whole.
    """
    t, known = page.t, definitions()
    used = tuple(known[metric] for metric in dict.fromkeys(metrics))
    is_internal = page.view.exact
    lines = [
        page.sentence,
        *(text for text in notes if text != page.sentence),
        state_of_data(page),
        *asking.lacking_notes(
            page.serving, replace(asked or asking.whole_of(page.view), metrics=tuple(metrics)), t.lang
        ),
        *(defined(metric, t) for metric in used),
        *((t("page.sample"),) if page.serving.is_example else ()),
        *((t("audience.internal_mark"), t("page.internal_explained")) if is_internal else (protected_explained(t),)),
    ]
    mark = t("audience.internal_mark") if is_internal else ""
    return About(title, tuple(unmarked(line) for line in dict.fromkeys(lines)), used, mark)


def state_of_data(page: Page) -> str:
    """Return which state of the data it is: visitors know releases, and only who sees every import knows their versions."""
    t, generation = page.t, page.serving.generation
    until = formats.day(page.serving.closed_until, t.lang)
    if page.view.exact:
        return t("export.data.version", day=until, number=generation.number)
    if generation.release is None:
        return t("export.data", day=until)
    return t("export.data.release", day=until, number=generation.release.number)


def unmarked(text: str) -> str:
    r"""Return text without its Markdown.

    >>> unmarked(":material/lock: **Espoo** \\(2025\\)")
    'Espoo (2025)'
    """
    return _MARKDOWN.sub("", text)


def definition_rows(found: About, t: Texts) -> list[tuple[str, ...]]:
    """Return the definitions as rows of a table, the headings first."""
    heading = tuple(t("export." + name) for name in ("id", "name", "version", "definition", "measure", "why", "serves"))
    return [
        heading,
        *(
            (
                d.id,
                d.name[t.lang],
                str(d.version),
                d.text[t.lang],
                formula(d, t.lang),
                d.why[t.lang],
                ", ".join(d.sources),
            )
            for d in found.metrics
        ),
    ]
