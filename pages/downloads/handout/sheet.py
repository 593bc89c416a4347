"""Content of a handout: pages with a headline, a chart or a number, its table and footnotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.texts import Language
from pages.charts.template import Plot
from pages.view.table import Table


@dataclass(frozen=True)
class HandoutPage:
    """One page or slide.

    headline: a sentence; lead: the line under it; chart: from `pages/charts`, None for a big number;
    number, number_label: the big number as text, and its label; alt: text alternative of the chart; table: the same
    published values;
    facts: filter sentence, source and data date, definition and version, rounding note; notes: for the speaker.
    """

    headline: str
    chart: Plot | None
    lead: str = ""
    number: str = ""
    number_label: str = ""
    alt: str = ""
    table: Table | None = None
    facts: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Handout:
    """A whole handout. mark: label printed on every page when it holds exact values, else empty."""

    title: str
    subtitle: str
    lang: Language
    made_on: date
    sheets: tuple[HandoutPage, ...]
    mark: str = ""
