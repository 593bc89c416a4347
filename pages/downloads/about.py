"""What every file says of itself: filters, data date, generation, definitions and their versions, how numbers are rounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.texts import Texts
from metrics.model.definition import Definition, definitions
from pages.i18n import formats
from pages.i18n.formulas import formula
from pages.view.sentences import protected_explained

if TYPE_CHECKING:
    from pages.shell.page import Page

_MARKDOWN = re.compile(r":material/\w+: |\*\*|\\(?=[^\w\s])")


@dataclass(frozen=True)
class About:
    """title: what the figure shows; lines: what is said under it, in order; metrics: whose definitions go along.

    mark: of what may not be published, empty for what may.
    """

    title: str
    lines: tuple[str, ...]
    metrics: tuple[Definition, ...]
    mark: str = ""


def about(page: Page, title: str, metrics: Sequence[str], notes: Sequence[str]) -> About:
    """What a figure's files say. notes: what the page says beside the figure, Markdown allowed."""
    t, known = page.t, definitions()
    used = tuple(known[metric] for metric in dict.fromkeys(metrics))
    is_internal = page.view.exact
    until = formats.day(page.serving.closed_until, t.lang)
    lines = [
        page.sentence,
        *(text for text in notes if text != page.sentence),
        t("export.data", day=until, generation=page.serving.generation.number),
        *(t("slide.definition", name=d.name[t.lang], version=d.version, text=d.text[t.lang]) for d in used),
        *((t("audience.internal_mark"), t("page.internal_explained")) if is_internal else (protected_explained(t),)),
    ]
    mark = t("audience.internal_mark") if is_internal else ""
    return About(title, tuple(unmarked(line) for line in dict.fromkeys(lines)), used, mark)


def unmarked(text: str) -> str:
    r"""Text without its Markdown.

    >>> unmarked(":material/lock: **Espoo** \\(2025\\)")
    'Espoo (2025)'
    """
    return _MARKDOWN.sub("", text)


def definition_rows(found: About, t: Texts) -> list[tuple[str, ...]]:
    """The definitions as rows of a table, its heading first."""
    heading = tuple(t("export." + name) for name in ("id", "name", "version", "definition", "measure", "why", "serves"))
    return [
        heading,
        *(
            (d.id, d.name[t.lang], str(d.version), d.text[t.lang], formula(d, t), d.why[t.lang], ", ".join(d.sources))
            for d in found.metrics
        ),
    ]
