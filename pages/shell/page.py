"""A page with figures while it is drawn: its view, its texts, and what it asks, which is published values alone."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.texts import Texts
from metrics.audience import OWN_BY
from metrics.change.earlier import Earlier, earlier
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.period import Each, Period
from metrics.grammar.question import QuestionError
from metrics.model import dimensions
from metrics.model.definition import definitions
from metrics.model.labels import distinct
from pages.i18n import formats
from pages.shell import asking, filters
from pages.shell.asking import Composed, FigureRows, compose, compose_beside
from pages.shell.by_hand import by_hand, show
from pages.shell.gathering import Wish
from pages.shell.goals import Goals, goals_of
from pages.shell.on_top import on_top
from pages.shell.registry import path_of
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.address import along, in_address, put_in_address
from pages.view.options import distinct_texts
from pages.view.points import DataPoint, cells
from pages.view.state import Choice, Known, View, slot_of


@dataclass(frozen=True)
class Page:
    """A page being drawn: its view, its texts, and methods that return published values."""

    id: str
    t: Texts
    view: View
    serving: Serving
    known: Known
    parameters: tuple[str, ...] = ()
    """URL parameters that the page reads itself."""

    own: dict[str, str] = field(default_factory=dict, compare=False)
    """The page's own choices by URL parameter, filled as they are drawn; used by the link for sharing."""

    said: list[str] = field(default_factory=list, compare=False)
    """What has been said to be missing, so that it is said once."""

    reasons: dict[str, None] | None = field(default=None, compare=False)
    """Why values of the figures drawn so far are not shown, for the page's foot; None where there is no foot."""

    sources: dict[str, None] = field(default_factory=dict, compare=False)
    """Facts that the figures drawn so far come from, for the line at the page's foot."""
    asked: dict[str, None] = field(default_factory=dict, compare=False)
    """Metrics that the figures drawn so far show."""
    told_of: dict[tuple[str, str], None] = field(default_factory=dict, compare=False)
    """Metrics and periods of the figures drawn so far, of which the page says what files lack."""
    divided: dict[str, None] = field(default_factory=dict, compare=False)
    """Dimensions that they are broken down by."""

    wishes: dict[Wish, None] = field(default_factory=dict, compare=False)
    """Questions asked so far, which are counted together when the page is drawn again (`pages.shell.gathering`)."""

    lacking: dict[str, None] = field(default_factory=dict, compare=False)
    """What was asked and the package that is shown does not hold, in words."""

    aimed: dict[str, None] = field(default_factory=dict, compare=False)
    """Metrics of which a figure has told the target."""

    drawn: list[bool] = field(default_factory=list, compare=False)
    """Of each figure in turn, whether there are any data of it."""

    @cached_property
    def goals(self) -> Goals:
        """The targets that figures may be compared with."""
        return goals_of(self.serving)

    @property
    def sentence(self) -> str:
        """The view as a sentence."""
        compares = self.view.against not in ("year", "month") or self.earlier is not None
        return sentences.filter_sentence(self.view, self.t, self.serving.places, comparison=compares)

    @property
    def is_whole(self) -> bool:
        """Whether the period has ended; an open period is not compared with the whole one of the year before."""
        return self.has_ended(self.view.period)

    def has_ended(self, period: str) -> bool:
        """Return whether a period lies within the closed months."""
        return Period.parse(period).has_ended(self.serving.closed_until)

    @property
    def earlier(self) -> Earlier | None:
        """The earlier time that figures are compared with; None for what has nothing before it, and for an open period, but for
        imports. None also where they stand beside a target or another place: no change is told then.
        """
        return self.earlier_than(self.view.period)

    def earlier_than(self, period: str) -> Earlier | None:
        """Return what a period is compared with, as `earlier` does for the view's."""
        view, serving = self.view, self.serving
        if view.earlier_by is None:
            return None
        try:
            side = earlier(view.earlier_by, period, view.audience, serving.store, serving.generation)
        except QuestionError:
            return None
        if serving.package is not None and side.period not in self.known.periods:
            return None
        return side if side.is_called or view.against == "import" else None

    @property
    def when_before(self) -> str:
        """When the values that figures are compared with are of: "vuotta aiemmin", "ennen viime tuontia"; or where, "Vantaa"."""
        return self.t("when." + self.view.against) if self.view.earlier_by else self.before_label

    @property
    def since_before(self) -> str:
        """The same as what something has changed from: "vuodentakaisesta", "viime tuonnista"."""
        return self.t("since.part" if self.view.against == "year" else "since." + self.view.against)

    @property
    def before_label(self) -> str:
        """The same as a heading of a column or a series; of another place its name, of a target "Tavoite"."""
        if self.view.other:
            return self.label("clients", OWN_BY, self.view.other)
        return self.t("before." + self.view.against)

    @property
    def not_ended(self) -> str:
        """That the period has not ended, and until which day its figures are; nothing of one that has."""
        return (
            "" if self.is_whole else self.t("page.period_open", day=formats.day(self.serving.closed_until, self.t.lang))
        )

    def data_until(self, *, exact: bool) -> str:
        """Say until which day the data are: exact values to the last day, others to the end of the last closed month."""
        last = self.serving.generation.last_day if exact else None
        return self.t("figure.until", day=formats.day(last or self.serving.closed_until, self.t.lang))

    def ask(
        self, *metrics: str, by: Sequence[str] = (), each: Each | None = None, period: str | None = None
    ) -> FigureRows:
        """Return published rows of metrics of one fact, with as many of the view's filters as fit. Raises QuestionError.

        by: dimensions to break down by; each: a row per month, quarter or year; period: instead of the view's.
        """
        self.asked.update(dict.fromkeys(metrics))
        self.tells_of(metrics, by, period)
        self._wishes(*metrics, by=by, each=each, period=period)
        found = asking.published_or_not(self.serving, compose(self.view, metrics, by, each=each, period=period))
        if found.refusal:
            self._lacks(*metrics, by=by, each=each)
        return found

    def tells_of(self, metrics: Iterable[str], by: Iterable[str], period: str | None = None) -> None:
        """Keep what a figure shows, for `told_of` and `divided`."""
        self.told_of.update(dict.fromkeys((metric, period or self.view.period) for metric in metrics))
        self.divided.update(dict.fromkeys(by))

    def ask_alike(self, composed: Composed, metric: str, by: Sequence[str] = ()) -> FigureRows:
        """Return rows of another metric with exactly the filters of a figure, also where more of them would fit.

        Numbers beside those of a figure are else of other people. Raises QuestionError.
        """
        self.asked.update({metric: None})
        self.tells_of((metric,), by)
        found = asking.published_or_not(self.serving, asking.alike(composed, metric, by))
        if found.refusal:
            self._lacks(metric, by=by, each=None)
        return found

    def ask_before(self, *metrics: str, by: Sequence[str] = (), period: str | None = None) -> FigureRows | None:
        """Return the rows that those of `ask` are compared with; None without any comparison. Raises QuestionError.

        Rows that the store had no data for are not among them. Beside another place they are its rows of the same period.
        """
        if self.view.other:
            return self.ask_beside(*metrics, by=by, period=period)
        self._wishes(*metrics, by=by, period=period, before=True)
        side = self.earlier_than(period or self.view.period)
        if side is None:
            return None
        return asking.published_before(self.serving, side, compose(self.view, metrics, by, period=side.period))

    def ask_beside(
        self, *metrics: str, by: Sequence[str] = (), each: Each | None = None, period: str | None = None
    ) -> FigureRows | None:
        """Return the rows of the other place as `ask` does those of one's own; None without one. Raises QuestionError."""
        self._wishes(*metrics, by=by, each=each, period=period, before=True)
        there = compose_beside(self.view, metrics, by, each=each, period=period)
        return asking.published_or_not(self.serving, there) if there else None

    def ask_curve(
        self, metric: str, by: Sequence[str] = (), each: Each | None = None, period: str | None = None
    ) -> tuple[CurvePoint, ...]:
        """Return survival curves of people who started in a period, with as many filters as fit. Raises QuestionError."""
        self._wishes(metric, by=by, each=each, period=period)
        try:
            return asking.curve_of(self.serving, compose(self.view, (metric,), by, each=each, period=period))
        except QuestionError:
            if self.serving.package is None:
                raise
            self._lacks(metric, by=by, each=each)
            return ()

    def _wishes(
        self, *metrics: str, by: Sequence[str], period: str | None, each: Each | None = None, before: bool = False
    ) -> None:
        """Note a question that the page will ask again, with whatever filters and period; not one of a period of its own."""
        if period in (None, "all", self.view.period):
            self.wishes[Wish(metrics, tuple(by), each, every=period == "all", before=before)] = None

    def _lacks(self, *metrics: str, by: Sequence[str], each: Each | None) -> None:
        t = self.t
        parts = ", ".join([*(t("dimension." + name).lower() for name in by), *([t("each." + each)] if each else [])])
        for metric in metrics:
            name = definitions()[metric].name[t.lang]
            self.lacking[f"”{name}” ({parts})" if parts else f"”{name}”"] = None

    def cells(self, rows: Sequence[Row], *, x: str, series: str = "metric") -> tuple[DataPoint, ...]:
        """Return rows as data points with labels in the user's language."""
        return cells(rows, self.t, self.serving.places, x=x, series=series)

    def label(self, metric: str, dimension: str, code: str, *, within_sentence: bool = False) -> str:
        """Return the name of a code of a metric's dimension in the user's language."""
        places = self.serving.places
        return dimensions.label(metric, dimension, code, self.t.lang, places, within_sentence=within_sentence)

    def labels(self, metric: str, dimension: str, codes: Iterable[str] | None = None) -> dict[str, str]:
        """Return distinct names of the given codes of a metric's dimension, or of all its codes."""
        chosen = dimensions.codes(metric, dimension, self.serving.places) if codes is None else codes
        return distinct({code: self.label(metric, dimension, code) for code in chosen})

    def picking(self, *names: str) -> Callable[..., None] | None:
        """Return what filters the page by the codes of dimensions when a mark of them is clicked, in their order.

        Dimensions without a filter are passed over; None where none has one.
        """
        slots = [slot_of(name) for name in names]
        if not any(slots):
            return None

        @on_top
        def pick(*codes: str) -> None:
            before, _ = filters.from_address(self.known, self.parameters)
            view = before
            for name, slot, code in zip(names, slots, codes, strict=True):
                if slot and self._is_known(name, code):
                    view = view.with_slot(slot, Choice(name, code))
            if view != before:
                filters.write(view, self.known, self.parameters)

        return pick

    def _is_known(self, dimension: str, code: str) -> bool:
        is_code = dimensions.has_code(None, dimension, code, self.known.service_points)
        return is_code and not dimensions.is_unknown(None, dimension, code)

    def address(self, page_id: str, **own: str) -> str:
        """Return the address of a page, seen from another, for the same view. own: its own parameters."""
        return f"{path_of(page_id)}?{urlencode({**self.view.to_params(self.known), **along(), **own})}"

    def own_choice(
        self, parameter: str, options: Sequence[str], label: str, text: Callable[[str], str], known: Container[str] = (),
        told: DeltaGenerator | None = None,
    ) -> str:  # fmt: skip
        """Return the value of one of the page's own parameters in the address, the first option without one; as `choose`.

        known: values that are options at other times, and give no warning.
        """
        wanted = in_address(parameter, options[0])
        chosen = wanted if wanted in options else options[0]
        if wanted != chosen and wanted not in known:
            value, used = sentences.plain(wanted[:40]), text(chosen)
            with told or nullcontext():
                st.warning(self.t("notice.bad_value", parameter=parameter, name=label, value=value, used=used))
        if chosen != options[0]:
            self.own[parameter] = chosen
        return chosen

    def choose(
        self, parameter: str, options: Sequence[str], label: str, text: Callable[[str], str],
        told: DeltaGenerator | None = None,
    ) -> str:  # fmt: skip
        """Draw a choice that is the page's own and return its value; it is kept in the URL.

        parameter: one of those given to `page(own=…)`; options: codes, the first is the default; text: the label of a
        code; told: where a warning stands of an unknown value in the URL, above the choice by default; a row of fields has
        no room for it.
        """
        chosen = self.own_choice(parameter, options, label, text, told=told)
        key = f"own_{self.id}_{parameter}"
        show(key, chosen)

        @by_hand(key, options)
        def changed() -> None:
            # The default is sent, as if chosen, when its tab is drawn anew, too.
            put_in_address(parameter, st.session_state[key], options[0])

        st.selectbox(
            label, options, key=key, format_func=distinct_texts(options, text), on_change=changed, width=240
        )  # fmt: skip
        return chosen
