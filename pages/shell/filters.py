"""The common filters in a bar above the figures: period, comparison, place, language, topic and, on request, the others.

The URL is the single source of truth: a widget shows its value, and a change is written to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

import streamlit as st

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Texts, capital
from metrics.audience import AUDIENCES, OWN_BY, municipalities_of
from metrics.change.earlier import DEFAULT
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.model.dimensions import Places, is_unknown, label
from metrics.packages.naming import by_area
from pages.shell import publications
from pages.shell.asking import answer_to
from pages.shell.by_hand import by_hand, show
from pages.shell.on_top import on_top
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.address import along, in_address
from pages.view.options import distinct_texts
from pages.view.sentences import plain
from pages.view.state import SLOTS, Choice, ComparedWith, Known, Notice, View, may_be_beside, read

ALL = ""
FIRST = ("area", "language", "topic")
"""Filters that are always in sight; the others are under a button."""
_KEY = "filter_"


def from_address(known: Known, own: Collection[str] = ()) -> tuple[View, tuple[Notice, ...]]:
    """Return the view given by the URL, and notices of what was invalid in it.

    An invalid `lang` gives no notice here: the shell warns of it.
    """
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    if params.get("lang", [DEFAULT_LANGUAGE])[0] not in LANGUAGES:
        params["lang"] = [DEFAULT_LANGUAGE]
    return read(params, known, own=own)


def show_notices(notices: Iterable[Notice], t: Texts, serving: Serving) -> None:
    """Show what in the URL was invalid, as one warning: of very much the first, and how much more there is."""
    lines = sentences.notice_lines(tuple(notices), t, serving.places)
    if lines:
        st.warning("\n".join([t("notice.title"), "", *(f"- {line}" for line in lines)]))


def bar(view: View, known: Known, serving: Serving, t: Texts, own: Collection[str] = ()) -> None:
    """Draw the filters side by side, with a mark for each that is chosen; a change writes the URL and reruns the page."""
    with st.container(key="filters"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filter_row"):
            _whose(view, known, serving, t)
            _select("period", t("filter.period"), _periods(view, known, serving), view.period, t, view, known, own)
            _against(view, known, serving, t, own)
            first = FIRST[:-1] if view.other else FIRST  # the other place takes room of the bar
            for slot in first:
                _slot(slot, _offered(slot, view, serving, t), view, known, serving, t, own)
            more = {slot: _offered(slot, view, serving, t) for slot in SLOTS if slot not in first}
            has_more = any(len(options) > 1 for options in more.values())
            if has_more or known.sees_exact:  # with nothing in it, it is grey and cannot be opened
                with st.popover(t("filter.more"), icon=":material/tune:"):
                    for slot, options in more.items():
                        _slot(slot, options, view, known, serving, t, own)
                    if known.sees_exact:
                        audience_choice(view, known, t, own)
        if view.choices or view.period != known.default_period:
            _marks(view, known, serving, t, own)


def _whose(view: View, known: Known, serving: Serving, t: Texts) -> None:
    """Draw the choice of whose figures are shown, where there are several; another's have other periods and codes."""
    if len(known.publications) < 2:
        return
    key = _KEY + "of"
    show(key, view.of)
    names = {
        name: publications.named(packages[0], t)
        for name, packages in by_area(publications.held(serving.store.path)).items()
    }

    @by_hand(key, known.publications)
    def changed() -> None:
        st.query_params.from_dict({"lang": in_address("lang", view.lang), **along(), "of": st.session_state[key]})

    options = [one for one in known.publications if one in names]
    st.selectbox(
        t("filter.of"), options, key=key, format_func=distinct_texts(options, names.__getitem__), on_change=changed
    )


def _slot(
    slot: str, options: Sequence[str], view: View, known: Known, serving: Serving, t: Texts, own: Collection[str]
) -> None:  # fmt: skip
    """Draw one filter, unless there is nothing to choose from."""
    chosen = view.slot(slot)
    if len(options) > 1:
        _select(slot, t("filter." + slot), options, _token(chosen) if chosen else ALL, t, view, known, own, serving)


def _offered(slot: str, view: View, serving: Serving, t: Texts) -> list[str]:
    """Return what a filter offers: everything, what there is, and what is chosen though there is none of it."""
    chosen, options = view.slot(slot), [ALL, *_options(slot, view, serving, t)]
    return [*options, token] if chosen and (token := _token(chosen)) not in options else options


def _marks(view: View, known: Known, serving: Serving, t: Texts, own: Collection[str]) -> None:
    """Draw what is chosen as buttons that take it away again."""
    with st.container(horizontal=True, gap="small", key="filter_marks"):
        for slot in SLOTS:
            if chosen := view.slot(slot):
                name = option_text(_token(chosen), slot, t, serving.places)
                st.button(
                    plain(name), key=f"{_KEY}without_{slot}", icon=":material/close:", on_click=change,
                    args=(partial(View.with_slot, name=slot, choice=None), known, own), help=t("filter.remove", name=plain(name)),
                )  # fmt: skip
        st.button(
            t("filter.clear"), key=_KEY + "clear", type="tertiary", on_click=change,
            args=(partial(View.cleared, known=known), known, own),
        )  # fmt: skip


def _select(
    name: str, title: str, options: Sequence[str], current: str, t: Texts, view: View, known: Known, own: Collection[str],
    serving: Serving | None = None,
) -> None:  # fmt: skip
    key = _KEY + name
    show(key, current)
    places = serving.places if serving else {}

    def text(option: str) -> str:
        if name == "period":
            sentence = sentences.period_text(option, t)
            return capital(sentence)
        return option_text(option, name, t, places)

    @by_hand(key, options)
    def changed() -> None:
        value = st.session_state[key]
        if name == "period":
            change(partial(View.during, period=value), known, own)
        else:
            change(partial(View.with_slot, name=name, choice=_choice(value)), known, own)

    st.selectbox(title, options, key=key, format_func=distinct_texts(options, text), on_change=changed)


def option_text(option: str, slot: str, t: Texts, places: Places) -> str:
    """Return the label of an option of a filter; groups such as regions name their kind."""
    choice = _choice(option)
    if choice is None:
        return t("filter.all." + slot)
    name = label(None, choice.dimension, choice.code, t.lang, places)
    return name if choice.dimension in SLOTS[slot][:1] else t("filter.group." + choice.dimension, name=name)


def _against(view: View, known: Known, serving: Serving, t: Texts, own: Collection[str]) -> None:
    """Draw the choice of what figures are compared with, and why the last import is not offered with protected values.

    Another place is offered where there is one, and which is chosen beside it.
    """
    key = _KEY + "against"
    show(key, view.against)
    places = _other_places(view, known, serving, t)
    against = [one for one in known.comparisons(view.audience) if one != "place" or places]
    names = {one: t("against." + one) for one in against}
    if DEFAULT not in known.has_before:  # it stands for no comparison, and alone for no choice
        if against == [DEFAULT]:
            return
        names[DEFAULT] = t("against.none")

    @by_hand(key, against)
    def changed() -> None:
        wanted: ComparedWith = st.session_state[key]
        sizes = _sizes(OWN_BY, view, serving)
        other = max(places, key=lambda code: sizes.get(code, 0.0)) if wanted == "place" else ""
        change(partial(View.compared_with, against=wanted, known=known, other=other), known, own)

    st.selectbox(
        t("filter.against"),
        against,
        key=key,
        on_change=changed,
        format_func=names.__getitem__,
        help=t("filter.against.help") + " " + t("against.import.exact" if view.exact else "against.import.protected"),
    )
    if view.other:
        _other(view, known, places, t, own)


def _other(view: View, known: Known, places: Sequence[str], t: Texts, own: Collection[str]) -> None:
    """Draw the choice of the municipality that stands beside the view."""
    key = _KEY + "other"
    show(key, view.other)

    @by_hand(key, places)
    def changed() -> None:
        other = st.session_state[key]
        change(partial(View.compared_with, against="place", known=known, other=other), known, own)

    st.selectbox(
        t("filter.other"),
        places,
        key=key,
        on_change=changed,
        format_func=distinct_texts(places, lambda code: label(None, OWN_BY, code, t.lang, {})),
    )


def _other_places(view: View, known: Known, serving: Serving, t: Texts) -> list[str]:
    """Return the municipalities that may stand beside the view, by name; none where there is nobody's but its own."""
    if "place" not in known.comparisons(view.audience):
        return []
    mine = municipalities_of(view.audience)
    codes = _codes(OWN_BY, view, serving, t) if mine is None else sorted(mine)
    found = [code for code in codes if may_be_beside(code, view)]
    return found if view.other in ("", *found) else [*found, view.other]


def audience_choice(view: View, known: Known, t: Texts, own: Collection[str] = ()) -> None:
    """Draw the choice of audience; a change writes the URL. Only for who may see internal figures."""
    key = _KEY + "audience"
    show(key, view.audience)

    @by_hand(key, AUDIENCES)
    def changed() -> None:
        change(partial(View.on, audience=st.session_state[key], known=known), known, own)

    st.radio(
        t("filter.audience"),
        AUDIENCES,
        key=key,
        on_change=changed,
        format_func=lambda code: t("audience." + code),
        horizontal=True,
    )


@on_top
def change(step: Callable[[View], View], known: Known, own: Collection[str]) -> None:
    """Change one thing of the view that the address says now, which may have been changed since the page was drawn."""
    view, _ = from_address(known, own)
    write(step(view), known, own)


def write(view: View, known: Known, own: Collection[str]) -> None:
    """Write a view into the URL; the page's own parameters stay."""
    kept = {name: st.query_params.get_all(name) for name in own if name in st.query_params}
    st.query_params.from_dict({**view.to_params(known), **along(), **kept})


def _periods(view: View, known: Known, serving: Serving) -> list[str]:
    """Return the periods on offer: the default one and the same of earlier years, years, quarters, months, all time."""
    default = serving.default_period
    allowed = (*known.periods, *(known.open_periods if view.exact else ()))
    kept = [p for p in map(Period.parse, allowed) if p.level != "ytd" or p.number == default.number]
    # A period that has not ended would be compared with a whole one.
    kept = [p for p in kept if view.exact or p.has_ended(serving.closed_until)]
    order = {"ytd": 0, "year": 1, "quarter": 2, "month": 3, "all": 4}
    offered = [str(p) for p in sorted(kept, key=lambda p: order[p.level])]
    first = [known.default_period, *(p for p in (view.period,) if p != known.default_period and p not in offered)]
    return [*first, *(p for p in offered if p not in first)]


def _options(slot: str, view: View, serving: Serving, t: Texts) -> list[str]:
    """Return the codes with a published value, sorted by name; others are not listed, so that the list reveals nothing."""
    return [
        _token(Choice(dimension, code)) for dimension in SLOTS[slot] for code in _codes(dimension, view, serving, t)
    ]


def _codes(dimension: str, view: View, serving: Serving, t: Texts) -> list[str]:
    named = {code: label(None, dimension, code, t.lang, serving.places) for code in _sizes(dimension, view, serving)}
    return sorted(named, key=lambda code: (_collated(named[code]), code))


def _sizes(dimension: str, view: View, serving: Serving) -> dict[str, float]:
    """Return the published numbers of encounters by code, without the unknown one."""
    question = Question(metrics=("encounters",), by=(dimension,), audience=view.audience)
    try:
        rows = answer_to(serving, question).rows
    except QuestionError:
        return {}
    return {
        code: row.value for row in rows if row.value and not is_unknown(None, dimension, code := row.codes[dimension])
    }


def _collated(text: str) -> str:
    """Return a sort key in Finnish and Swedish order: å, ä, ö after z; other diacritics as their base letters."""
    return text.casefold().replace("å", "{").replace("ä", "|").replace("ö", "}").replace("š", "s").replace("ž", "z")


def _token(choice: Choice) -> str:
    return f"{choice.dimension}={choice.code}"


def _choice(token: str) -> Choice | None:
    dimension, _, code = token.partition("=")
    return Choice(dimension, code) if code else None
