"""Content of a handout: pages with a headline, their figures and footnotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.texts import Language
from pages.charts.template import Plot
from pages.view.table import Table


@dataclass(frozen=True)
class Panel:
    """One figure of a page: a chart or a big number, and its values.

    chart: from `pages/charts`, None for a big number; title: what it says, and lead: the line under it, both empty where the
    figure is alone, since the page says it; number, number_label: the big number as text, and its label; alt: text
    alternative of the chart; table: the same published values; stands: what it stands on, beside other figures. In a
    small picture of the page: name, what it is of, and unit, that of its big number where its name does not tell it.
    """

    chart: Plot | None
    title: str = ""
    lead: str = ""
    number: str = ""
    number_label: str = ""
    alt: str = ""
    table: Table | None = None
    stands: str = ""
    name: str = ""
    unit: str = ""

    @property
    def has_table(self) -> bool:
        """Whether there are values to print as a table."""
        return self.table is not None and bool(self.table.rows)


@dataclass(frozen=True)
class HandoutPage:
    """One page or slide.

    headline: a sentence; panels: its figures, at least one; lead: the line under the headline; facts: filter sentence,
    source and data date, how to read it; in_tables: that the tables have what charts leave out, as said by the last fact: not on
    the screen, where there are none; meaning: definitions and versions, rounding note, not on the screen, nor on a
    slide of several figures, whose notes have them; notes: for the
    speaker.
    """

    headline: str
    panels: tuple[Panel, ...]
    lead: str = ""
    facts: tuple[str, ...] = ()
    in_tables: str = ""
    meaning: tuple[str, ...] = ()
    notes: str = ""

    @property
    def facts_with_tables(self) -> tuple[str, ...]:
        """The facts where the tables of the values are, too."""
        return (*self.facts[:-1], " ".join(filter(None, (*self.facts[-1:], self.in_tables))))

    @property
    def footnotes(self) -> tuple[str, ...]:
        """All footnotes of a page in a file."""
        return (*self.facts_with_tables, *self.meaning)


@dataclass(frozen=True)
class Handout:
    """A whole handout. mark: label printed on every page when it holds exact or made-up values, else empty."""

    title: str
    subtitle: str
    lang: Language
    made_on: date
    sheets: tuple[HandoutPage, ...]
    mark: str = ""
