"""The address and the view say the same; what the address gets wrong is said; nothing in it leads outside the grammar."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.texts import LANGUAGES, Language, texts
from metrics.audience import INTERNAL, PROTECTED
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.model import dimensions
from metrics.model.definition import definitions
from metrics.model.facts.fact import base_of
from pages.shell.asking import compose, compose_beside
from pages.view import sentences
from pages.view.state import COMPARED_WITH, PARAMETERS, SLOTS, Choice, ComparedWith, Known, Notice, View, read, repeated
from tests.conftest import ROOT

PERIODS = ("2026-ytd-09", "all", "2026", "2025", "2025-Q3", "2025-03")
PLACES = {"iso_omena": {"fi": "Iso Omena", "sv": "Stora Äpplet", "en": "Big Apple"}}
KNOWN = Known(
    PERIODS, PERIODS[0], ("2026-10",), tuple(PLACES), exact=INTERNAL, has_targets=True, has_places=True
)  # fmt: skip
OUTSIDER = Known(PERIODS, PERIODS[0], ("2026-10",), tuple(PLACES))


def parse(query: str, known: Known = KNOWN) -> tuple[View, tuple[Notice, ...]]:
    params: dict[str, list[str]] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        params.setdefault(name, []).append(value)
    return read(params, known)


choices = st.one_of(
    *(
        st.sampled_from([(slot, Choice(d, code)) for code in dimensions.codes(None, d, PLACES)])
        for slot, names in SLOTS.items()
        for d in names
    )
)


@given(
    st.lists(choices, max_size=6), st.sampled_from(LANGUAGES), st.sampled_from(PERIODS), st.booleans(),
    st.sampled_from([("year", ""), ("target", ""), ("place", "049"), ("place", "092")]),
)  # fmt: skip
def test_a_view_comes_back_from_its_address(
    chosen: Sequence[tuple[str, Choice]], lang: str, period: str, internal: bool, compared: tuple[ComparedWith, str]
) -> None:
    view = View(lang, period, audience="internal" if internal else "protected")  # type: ignore[arg-type]
    view = view.compared_with(compared[0], KNOWN, compared[1])
    for slot, choice in chosen:
        view = view.with_slot(slot, choice)
    params = {name: [value] for name, value in view.to_params(KNOWN).items()}
    assert read(params, KNOWN) == (view, ())


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("lang=de", Notice("bad_value", "lang", "de", "fi")),
        ("period=2031", Notice("bad_value", "period", "2031", "2026-ytd-09")),
        ("period=2025-03-01", Notice("bad_value", "period", "2025-03-01", "2026-ytd-09")),
        ("municipality=999", Notice("bad_value", "municipality", "999")),
        ("municipality=Espoo", Notice("bad_value", "municipality", "Espoo")),
        ("language=", Notice("bad_value", "language", "")),
        ("language=so,ar", Notice("bad_value", "language", "so,ar")),
        ("service_point=elsewhere", Notice("bad_value", "service_point", "elsewhere")),
        ("audience=admin", Notice("bad_value", "audience", "admin", "protected")),
        ("munipicality=049", Notice("unknown_parameter", "munipicality", "049")),
        ("topic=work&topic=health", Notice("repeated", "topic", "health", "work")),
        ("municipality=049&region=01", Notice("conflict", "region", "01", "municipality")),
        ("language=so&language_group=arabic", Notice("conflict", "language_group", "arabic", "language")),
        ("against=everything", Notice("bad_value", "against", "everything", "year")),
        ("against=target&period=all", Notice("unfit", "against", "target", "year")),
        ("against=place", Notice("unfit", "against", "place", "year")),
        ("other=092", Notice("unfit", "other", "092")),
        ("other=elsewhere", Notice("bad_value", "other", "elsewhere")),
        ("against=month&period=2025", Notice("unfit", "against", "month", "year")),
        ("against=target&other=092", Notice("unfit", "other", "092")),
    ],
)
def test_what_is_wrong_in_the_address_is_said(query: str, notice: Notice) -> None:
    view, notices = parse(query)
    assert notices == (notice,)
    for lang in LANGUAGES:
        said = sentences.notice_text(notice, texts(lang), PLACES)
        named = {"092": {"fi": "Vantaa", "sv": "Vanda", "en": "Vantaa"}[lang]}
        named |= {one: texts(lang)("against." + one) for one in COMPARED_WITH}
        shown = named[notice.value] if notice.kind == "unfit" else sentences.plain(notice.value)
        assert shown in said or notice.kind == "unknown_parameter"
    assert view.period in PERIODS


def test_a_bad_value_leaves_the_other_filters_in_force() -> None:
    view, notices = parse("lang=sv&municipality=049&language=klingon&topic=work")
    assert view == View("sv", PERIODS[0], area=Choice("municipality", "049"), topic=Choice("topic", "work"))
    assert [n.parameter for n in notices] == ["language"]


def test_exact_values_need_the_right_and_so_does_the_running_month() -> None:
    view, notices = parse("audience=internal&period=2026-10", OUTSIDER)
    assert (view.audience, view.period) == ("protected", PERIODS[0])
    assert {n.kind for n in notices} == {"not_allowed", "bad_value"}
    assert parse("audience=internal&period=2026-10")[0] == View("fi", "2026-10", audience="internal")
    assert parse("period=2026-10")[0].period == PERIODS[0]
    assert parse("audience=internal&period=2026-10")[0].on("protected", KNOWN) == View("fi", PERIODS[0])


def test_a_page_answers_for_its_own_parameters() -> None:
    assert read({"series": ["8"]}, KNOWN, own=("series",))[1] == ()


def test_long_and_many_lined_values_are_said_short() -> None:
    _, notices = read({"topic": ["x\n" * 500]}, KNOWN)
    assert len(notices[0].value) == 40
    assert "\n" not in notices[0].value


def test_clearing_keeps_language_and_audience() -> None:
    view, _ = parse("lang=sv&audience=internal&period=2025&municipality=049&topic=work")
    assert view.cleared(KNOWN) == View("sv", PERIODS[0], audience="internal")


texts_of_an_address = st.one_of(
    st.text(max_size=20),
    st.sampled_from([*PERIODS, "049", "so", "work", "arabic", "01", "internal", "fi", "iso_omena"]),
)


def test_the_comparison_is_part_of_the_address_and_fits_the_period_and_the_audience() -> None:
    known = replace(KNOWN, has_import_before=True, last_month="2026-09")
    view, notices = read({"against": ["month"], "period": ["2025-03"]}, known)
    assert (view.against, notices) == ("month", ())
    assert view.to_params(known)["against"] == "month"
    assert view.during("2025").against == "year"
    # A month before needs a month: the control moves to the last closed one, an address is told.
    assert View("fi", "2025").compared_with("month", known) == View("fi", "2026-09", against="month")
    view, notices = read({"against": ["month"], "period": ["2025"]}, known)
    assert (view.against, [notice.parameter for notice in notices]) == ("year", ["against"])
    # Two imports are compared by the internal audience only, and by somebody with the right to it.
    view, notices = read({"against": ["import"], "audience": ["internal"]}, known)
    assert (view.against, notices) == ("import", ())
    assert view.on("protected", known).against == "year"
    refused: tuple[tuple[dict[str, list[str]], Known], ...] = (
        ({}, known),
        ({"audience": ["internal"]}, replace(known, exact=PROTECTED)),
        ({"audience": ["internal"]}, replace(known, has_import_before=False)),
    )
    for given_too, to in refused:
        view, notices = read({"against": ["import"], **given_too}, to)
        assert view.against == "year"
        assert "against" in {notice.parameter for notice in notices}


@pytest.mark.parametrize("other", ["999", "Espoo", "049", "", "region-01"])
def test_only_another_municipality_stands_beside_a_view(other: str) -> None:
    view, notices = parse(f"municipality=049&against=place&other={other}")
    assert view == View("fi", PERIODS[0], area=Choice("municipality", "049"))
    assert [one.parameter for one in notices] == ["other", "against"]


def test_what_stands_beside_follows_the_view_and_its_right() -> None:
    view, notices = parse("municipality=049&language=so&against=place&other=092&audience=internal")
    assert notices == ()
    there = view.in_other_place
    assert there is not None
    assert [choice.code for choice in there.choices] == ["092", "so"]
    # No municipality stands beside itself, whichever of the two is chosen later.
    assert view.with_slot("area", Choice("municipality", "092")).against == "year"
    assert view.with_slot("area", Choice("municipality", "091")).other == "092"
    assert view.compared_with("target", KNOWN).other == ""
    assert view.during("all").other == "092"
    assert View("fi", "2025", against="target").during("all").against == "year"
    assert View("fi", "all").compared_with("target", KNOWN).period == PERIODS[0]
    # Who sees exact values of some municipalities puts no other beside them, and loses none in a link.
    some = replace(KNOWN, exact="internal:049+091")
    view, notices = parse("municipality=049&against=place&other=092&audience=internal", some)
    assert (view.other, [one.parameter for one in notices]) == ("", ["other", "against"])
    view, notices = parse("municipality=049&against=place&other=091&audience=internal", some)
    assert (view.other, notices) == ("091", ())
    assert view.on(PROTECTED, some).other == "091"
    assert View("fi", PERIODS[0], against="place", other="092").on("internal:049+091", some).against == "year"


@pytest.mark.parametrize("lacking", [{"has_targets": False}, {"has_places": False}])
def test_where_there_is_nothing_of_the_kind_it_is_not_taken(lacking: dict[str, bool]) -> None:
    known = replace(KNOWN, **lacking)  # type: ignore[arg-type]
    query = "against=target" if "has_targets" in lacking else "against=place&other=092"
    view, notices = parse(query, known)
    assert view == View("fi", PERIODS[0])
    assert "against" in {one.parameter for one in notices}


def test_the_same_question_is_asked_of_the_other_place_or_none() -> None:
    def other(query: str, metric: str, *by: str) -> object:
        found = compose_beside(parse(f"{query}&against=place&other=092")[0], (metric,), by)
        return found and dict(found.question.where)

    assert other("municipality=049&language=so", "encounters") == {"municipality": ("092",), "language": ("so",)}
    assert other("region=01", "encounters", "topic") == {"municipality": ("092",)}
    assert other("", "clients") == {"municipality": ("092",)}
    # By municipality every one is there already; and the other has no room for a filter that the view has room for.
    assert other("municipality=049", "clients", "municipality") is None
    assert other("region=01", "clients", "municipality") is None
    assert other("language=so&topic=work", "encounters", "channel") is None
    assert other("municipality=049&language=so&topic=work", "encounters", "channel") is not None


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(PARAMETERS), st.text(max_size=12)), st.lists(texts_of_an_address, max_size=3)
    ),
    st.booleans(),
)
def test_any_address_gives_canonical_questions_or_is_said(params: dict[str, list[str]], may: bool) -> None:
    known = KNOWN if may else OUTSIDER
    view, notices = read(params, known)
    taken = {view.lang, view.period, view.audience, view.against, view.other, *(one.code for one in view.choices)}
    said = {notice.parameter for notice in notices}
    for parameter, values in params.items():
        for value in values[:1]:
            assert value in taken or " ".join(parameter.split())[:39] in {s[:39] for s in said}
    for lang in LANGUAGES:
        for notice in notices:
            assert sentences.notice_text(notice, texts(lang), PLACES)
    for metrics, by in [
        (("clients",), ()),
        (("encounters",), ("language",)),
        (("encounters",), ("topic", "channel")),
        (("load_by_weekday_hour",), ("weekday", "hour")),
        (("referrals",), ("from_service", "to_service")),
        (("employed_by",), ("language",)),
    ]:
        composed = compose(view, metrics, by)
        question = composed.question
        assert question.period in (*known.periods, *known.open_periods)
        assert question.audience == "protected" or may
        assert len(question.dimensions) <= MOST_DIMENSIONS
        assert len({base_of(d) for d in question.dimensions}) == len(question.dimensions)
        for dimension, codes in question.where:
            assert dimension in definitions()[metrics[0]].allowed
            assert all(dimensions.has_code(None, dimension, code, PLACES) for code in codes)
        # Every filter is in force, marked, limiting the rows, or said to be left out.
        in_force = {Choice(d, c[0]) for d, c in question.where}
        assert in_force | set(composed.left_out) | {composed.marked, composed.within} - {None} >= set(view.choices)


def test_what_has_no_room_is_left_out_from_the_lightest() -> None:
    view, _ = parse("municipality=049&language=so&topic=work&service_point=iso_omena")
    composed = compose(view, ("encounters",), ("channel", "hour"))
    assert composed.question.where == (("municipality", ("049",)),)
    assert [choice.dimension for choice in composed.left_out] == ["language", "topic", "service_point"]


def test_a_group_limits_the_rows_of_its_members() -> None:
    view, _ = parse("region=01&language_group=arabic")
    composed = compose(view, ("clients",), ("language",))
    assert composed.within == Choice("language_group", "arabic")
    assert composed.question.where == (("region", ("01",)),)


def test_of_several_values_of_a_pages_own_parameter_the_first_counts_too() -> None:
    params = {"tab": ["trend", "table", "map"], "areas": ["049", "092"]}
    _, notices = read(params, KNOWN, own=("tab", "areas"))
    assert notices == (Notice("repeated", "tab", "table", "trend"), Notice("repeated", "tab", "map", "trend"))


def test_no_page_reads_the_last_value_of_the_address() -> None:
    """Streamlit's own `get` and `[…]` return the last of several values, where filters take the first."""
    for path in (*(ROOT / "pages").rglob("*.py"), ROOT / "app.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            read_last = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
            read_last |= isinstance(node, ast.Attribute) and node.attr == "get"
            if read_last and isinstance(node, ast.Subscript | ast.Attribute):
                assert not ast.unparse(node.value).endswith("st.query_params"), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_very_much_in_the_address_the_first_is_named(lang: Language) -> None:
    t = texts(lang)
    most = sentences.MOST_NAMED
    values = [str(number) for number in range(2_000)]
    assert sentences.first_named(values[:most], t) == ", ".join(values[:most])
    assert sentences.first_named(values, t) == ", ".join(values[:most]) + " " + t("notice.further", count=2_000 - most)
    notices = repeated("tab", values)
    lines = sentences.notice_lines(notices, t, PLACES)
    assert lines[:-1] == [sentences.notice_text(one, t, PLACES) for one in notices[:most]]
    assert lines[-1] == t("notice.further", count=1_999 - most)
    assert sentences.notice_lines(notices[:most], t, PLACES) == lines[:-1]
