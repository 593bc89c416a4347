"""A slide's content for screen and handout: headline, figures with their tables, footnotes and speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.texts import Texts, capital
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered, Frozen
from metrics.briefings.slide import Slide
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.dimensions import Places
from pages.briefings import areas, footnotes, headlines, pictures
from pages.briefings.picture import Picture
from pages.downloads.handout.sheet import HandoutPage, Panel
from pages.i18n import formats
from pages.view import sentences
from pages.view.table import Line, Table
from pages.view.values import published


def drawn(answered: Answered, frozen: Frozen, t: Texts) -> HandoutPage:
    """Return the content of a slide in a language, made from its frozen values alone.

    The headline is that of the first figure; each other one says its own, and each what it stands on. A number that says no
    change has its name as the title: its value stands below. What the data lack stands under the headline, since nobody reads a
    footnote from ten metres.
    """
    figures, places = answered.figures, frozen.places
    alone = len(figures) == 1
    drawings = [pictures.picture(one, comparison.own(one.rows, one), t, places, beside=not alone) for one in figures]
    stands_on = footnotes.split(figures, frozen, t)
    lead = headlines.lead(answered, t, places) if alone else ""
    panels = tuple(
        _panel(one, picture, t, places)
        if alone
        else replace(
            _panel(one, picture, t, places),
            title=_named(one.slide, t) if one is figures[0] else headlines.title(one, t, places),
            lead="" if picture else headlines.value_before(one, t),
            stands=stands,
        )
        for one, picture, stands in zip(figures, drawings, stands_on.own, strict=True)
    )
    return HandoutPage(
        headline=headlines.headline(answered, t, places),
        lead=" · ".join(filter(None, (lead, stands_on.lacking))),
        panels=panels,
        facts=(*stands_on.alike, *footnotes.how_to_read(drawings)),
        in_tables=t("figure.all_in_table") if any(one and one.leaves_out for one in drawings) else "",
        meaning=footnotes.meaning(figures, t),
        notes=_notes(answered, t),
    )


def _panel(answered: Answered, picture: Picture | None, t: Texts, places: Places) -> Panel:
    """Return one figure of a slide, as it is alone."""
    definition = definitions()[answered.slide.metric]
    alt = f"{definition.name[t.lang]}. {headlines.headline(answered, t, places)}."
    if picture is not None:
        return Panel(picture.chart, alt=alt, table=picture.table, name=_named(answered.slide, t))
    rows = comparison.own(answered.whole, answered)
    one = rows[0] if len(rows) == 1 else None
    return Panel(
        None,
        number=formats.value_text(one, t) if one else t("state.no_data") if answered.lacks else "–",
        number_label=_number_label(one, t) if one else definition.name[t.lang],
        alt=alt,
        table=areas.table(answered, t)
        if answered.areas
        else _number_table(comparison.own(answered.rows, answered), answered, t),
        name=_named(answered.slide, t),
        unit=formats.after(one.unit, one.value, t)
        if one and one.value is not None and one.unit in formats.OF_TIME
        else "",
    )


def _named(slide: Slide, t: Texts) -> str:
    """Return what a figure is of; a diagram and a map say themselves by what they break down."""
    return sentences.metric_by(slide.metric, () if slide.kind in ("flow", "map") else slide.by, t)


def _number_table(rows: Sequence[Row], answered: Answered, t: Texts) -> Table:
    """Return a table of one value in the slide's period and a year before."""
    before = comparison.own(answered.before, answered)
    made = [(sentences.period_text(row.period, t), row) for row in (*rows, *before)]
    name = definitions()[answered.slide.metric].name[t.lang]
    lines = tuple(Line(capital(label), (published(row, t, unit=True),)) for label, row in made)
    return Table((t("chart.period"), name), lines)


def _number_label(row: Row, t: Texts) -> str:
    """Return the caption of a big number, such as "asiakasta tammi–syyskuussa 2026"; a percent has no unit in it.

    What is followed from a start says how long after it, which its period does not.
    """
    if row.horizon:
        key = "slide.number.followed" if comparison.is_followed(row.metric) else "slide.number.at"
        return t(key, name=definitions()[row.metric].name[t.lang], months=t("months", count=row.horizon))
    when = sentences.period_text(row.period, t, "in")
    unit = None if row.value is None else formats.unit_text(row.unit, row.value, t)
    return f"{unit or definitions()[row.metric].name[t.lang]} {when}"


def _notes(answered: Answered, t: Texts) -> str:
    """Return the speaker notes: the presenter's own first, then the definition of each metric and why it matters."""
    metrics = dict.fromkeys(one.slide.metric for one in answered.figures)
    known = [definitions()[metric] for metric in metrics]
    own = [answered.slide.notes] if answered.slide.notes else []
    return "\n\n".join([*own, *(text for one in known for text in (one.text[t.lang], one.why[t.lang]))])
