"""A slide's content for screen and handout: headline, chart, table, footnotes and speaker notes."""

from __future__ import annotations

from collections.abc import Sequence

from data.texts import Texts
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered, Frozen
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from pages.briefings import headlines, pictures
from pages.downloads.handout.sheet import HandoutPage
from pages.i18n import formats
from pages.view import sentences
from pages.view.state import Choice
from pages.view.table import Line, Table
from pages.view.values import published


def drawn(answered: Answered, frozen: Frozen, t: Texts) -> HandoutPage:
    """Return the content of a slide in a language, made from its frozen values alone."""
    slide, places = answered.slide, frozen.places
    definition = definitions()[slide.metric]
    headline = headlines.headline(answered, t, places)
    rows = comparison.own(answered.rows, answered)
    picture = pictures.picture(answered, rows, t, places)
    number = label = ""
    if picture is None:
        picture_table = _number_table(rows, answered, t)
        first = comparison.own(answered.whole, answered)
        number = formats.value_text(first[0], t) if len(first) == 1 else "–"
        label = _number_label(first[0], t) if len(first) == 1 else definition.name[t.lang]
    else:
        picture_table = picture.table
    return HandoutPage(
        headline=headline,
        lead=headlines.lead(answered, t, places),
        chart=picture.chart if picture else None,
        number=number,
        number_label=label,
        alt=f"{definition.name[t.lang]}. {headline}.",
        table=picture_table,
        facts=facts(answered, frozen, t, picture.notes if picture else ()),
        notes=_notes(answered, t),
    )


def facts(answered: Answered, frozen: Frozen, t: Texts, notes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the footnotes of a slide: scope; n, source and date of the data; reading notes; definition and version; rounding.

    notes: how to read the chart, joined to one footnote.
    """
    slide, definition = answered.slide, definitions()[answered.slide.metric]
    chosen = [sentences.choice_text(Choice(name, code), t, frozen.places, slide.metric) for name, code in slide.where]
    if not any(name == "language" for name, _ in slide.where):
        chosen.insert(0, t("sentence.everyone"))
    scope = ", ".join([*chosen, sentences.period_text(slide.period, t)])
    stands = [t("figure.source", source=t("source." + definition.fact))]
    if answered.total is not None:
        stands.insert(0, f"n = {formats.value_text(answered.total, t, unit=True)}")
    stands.append(t("figure.until", day=formats.day(frozen.closed_until, t.lang)))
    how = [" ".join(notes)] if notes else []
    told = {"name": definition.name[t.lang], "version": answered.version}
    if answered.version == definition.version:
        means = t("slide.definition", **told, text=definition.text[t.lang])
    else:
        means = t("slide.definition.other", **told, now=definition.version)
    return (scope[:1].upper() + scope[1:], " · ".join(stands), *how, means, sentences.protected_explained(t))


def _number_table(rows: Sequence[Row], answered: Answered, t: Texts) -> Table:
    """Return a table of one value in the slide's period and a year before."""
    before = comparison.own(answered.before, answered)
    made = [(sentences.period_text(row.period, t), row) for row in (*rows, *before)]
    name = definitions()[answered.slide.metric].name[t.lang]
    lines = tuple(Line(label[:1].upper() + label[1:], (published(row, t, unit=True),)) for label, row in made)
    return Table((t("chart.period"), name), lines)


def _number_label(row: Row, t: Texts) -> str:
    """Return the caption of a big number, such as "asiakasta tammi–syyskuussa 2026"; a percent has no unit in it."""
    when = sentences.period_text(row.period, t, "in")
    unit = None if row.value is None else formats.unit_text(row.unit, row.value, t)
    return f"{unit or definitions()[row.metric].name[t.lang]} {when}"


def _notes(answered: Answered, t: Texts) -> str:
    """Return the speaker notes: the presenter's own first, then the definition of the metric and why it matters."""
    definition = definitions()[answered.slide.metric]
    own = [answered.slide.notes] if answered.slide.notes else []
    return "\n\n".join([*own, definition.text[t.lang], definition.why[t.lang]])
