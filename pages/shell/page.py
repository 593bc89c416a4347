"""What makes a function a page of figures: filters, notices, what is chosen as a sentence, and the way to published values.

@page("demand")
def render(page: Page) -> None:
    found = page.ask("encounters", by=("language",), each="month")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from data.texts import Language, Texts
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.period import Each, Period
from metrics.model import dimensions
from metrics.model.labels import distinct
from pages.i18n import formats
from pages.shell import asking, filters, sharing
from pages.shell.asking import FigureRows, compose
from pages.shell.audience import may_see_internal
from pages.shell.opening import over_store
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.options import distinct_texts
from pages.view.points import DataPoint, cells
from pages.view.state import Known, View


@dataclass(frozen=True)
class Page:
    """A page being drawn: what is chosen, the texts, and the way to published values."""

    id: str
    t: Texts
    view: View
    serving: Serving
    known: Known
    own: dict[str, str] = field(default_factory=dict, compare=False)
    """The page's own choices in force, by parameter of the address: filled as they are drawn, for the link to share."""

    @property
    def sentence(self) -> str:
        """What is shown, as a sentence."""
        return sentences.filter_sentence(self.view, self.t, self.serving.places, comparison=self.is_whole)

    @property
    def is_whole(self) -> bool:
        """The period has ended. A period that goes on is not compared: the year before would be longer."""
        return self.has_ended(self.view.period)

    def has_ended(self, period: str) -> bool:
        """Whether a period lies within the closed months."""
        return Period.parse(period).has_ended(self.serving.closed_until)

    @property
    def period_before(self) -> str | None:
        """The same period a year before, None for all time and for a period that goes on."""
        return sentences.compared(self.view) if self.is_whole else None

    def ask(
        self, *metrics: str, by: Sequence[str] = (), each: Each | None = None, period: str | None = None
    ) -> FigureRows:
        """Published rows of metrics of one fact, with the view's filters as far as they fit. Raises QuestionError.

        by: dimensions to break down by; each: a row per month, quarter or year; period: another than the view's.
        """
        return asking.published(self.serving, compose(self.view, metrics, by, each=each, period=period))

    def ask_curve(
        self, metric: str, by: Sequence[str] = (), each: Each | None = None, period: str | None = None
    ) -> tuple[CurvePoint, ...]:
        """Survival curves of those who started in a period, with the filters as far as they fit. Raises QuestionError."""
        return asking.curve_of(self.serving, compose(self.view, (metric,), by, each=each, period=period))

    def cells(self, rows: Sequence[Row], *, x: str, series: str = "metric") -> tuple[DataPoint, ...]:
        """Rows as cells with labels in the reader's language."""
        return cells(rows, self.t, self.serving.places, x=x, series=series)

    def label(self, metric: str, dimension: str, code: str) -> str:
        """Name of a code of a metric's dimension in the reader's language."""
        return dimensions.label(metric, dimension, code, self.t.lang, self.serving.places)

    def labels(self, metric: str, dimension: str, codes: Iterable[str] | None = None) -> dict[str, str]:
        """Names of several codes of a metric's dimension, each unlike the others; of all its codes when none are given."""
        chosen = dimensions.codes(metric, dimension, self.serving.places) if codes is None else codes
        return distinct({code: self.label(metric, dimension, code) for code in chosen})

    def choose(self, parameter: str, options: Sequence[str], label: str, text: Callable[[str], str]) -> str:
        """A choice of this page alone, kept in the address under a name given to `page(own=…)`; the first is the default."""
        wanted = st.query_params.get(parameter, options[0])
        chosen = wanted if wanted in options else options[0]
        if wanted != chosen:
            st.warning(
                self.t(
                    "notice.bad_value",
                    parameter=parameter,
                    name=label,
                    value=sentences.plain(wanted[:40]),
                    used=text(chosen),
                )
            )
        key = f"own_{self.id}_{parameter}"
        st.session_state[key] = chosen
        if chosen != options[0]:
            self.own[parameter] = chosen

        def changed() -> None:
            st.query_params[parameter] = st.session_state[key]

        st.selectbox(
            label, options, key=key, format_func=distinct_texts(options, text), on_change=changed, width=240
        )  # fmt: skip
        return chosen


def page(page_id: str, own: Sequence[str] = ()) -> Callable[[Callable[[Page], None]], Callable[[Language], None]]:
    """Make a page of a function that draws its content.

    own: parameters of the address that the page reads itself. The page is called with the reader's language.
    """

    def decorate(draw: Callable[[Page], None]) -> Callable[[Language], None]:
        @over_store(page_id)
        def render(served: Serving, t: Texts) -> None:
            _draw(page_id, served, t, tuple(own), draw)

        return render

    return decorate


def _draw(page_id: str, served: Serving, t: Texts, own: tuple[str, ...], draw: Callable[[Page], None]) -> None:
    known = served.known(may_see_internal())
    view, notices = filters.from_address(known, own)
    page = Page(page_id, t, view, served, known)
    line = st.container(horizontal=True, vertical_alignment="center")
    line.markdown(f"**{sentences.plain(page.sentence)}**")
    if view.exact:
        st.badge(t("audience.internal_mark"), icon=":material/lock:", color="red")
    if served.store.is_sample:
        st.caption(t("page.sample"))
    filters.say_notices(notices, t, served)
    if not page.is_whole:
        st.info(t("page.period_open", day=formats.day(served.closed_until, t.lang)))
    with st.sidebar:
        filters.bar(view, known, served, t, own)
    with st.spinner(t("page.computing")):
        draw(page)
    with line:
        # Beside the sentence, but only now is it known what the page has chosen.
        sharing.offer(t, view, known, page.own)
    st.divider()
    st.caption(t("page.internal_explained") if view.exact else sentences.protected_explained(t))
