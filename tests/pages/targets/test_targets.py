"""Targets and notes: the steward writes them on a page, everybody reads them, and charts over time show them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.steward.targets_and_notes import Ledger
from data.texts import LANGUAGES, Language, texts
from metrics.model.definition import definitions, value_limits
from pages.targets import forms
from pages.view.sentences import plain
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables
from tests.pages.rights import without_rights

DAY = date(2025, 3, 2)


@pytest.fixture
def ledger(own_store: Path) -> Ledger:
    """The steward's ledger of the store that pages serve."""
    return Ledger.of(own_store)


def submit(app: AppTest, form: str) -> AppTest:
    return next(button for button in app.button if button.proto.form_id == form).click().run()


def write_note(app: AppTest, text: str) -> AppTest:
    app.text_input(key="note_text").set_value(text)
    app.date_input(key="note_day").set_value(DAY)
    return submit(app, "note_form")


def set_target(app: AppTest, metric: str, value: str, year: str = "2025") -> AppTest:
    app.selectbox(key="target_metric").set_value(metric)
    app.selectbox(key="target_year").set_value(year)
    app.text_input(key="target_value").set_value(value)
    return submit(app, "target_form")


def marks_of(chart: Any) -> tuple[set[str], set[str]]:
    """Texts beside dashed lines, and numbers over rules."""
    spec = str(chart.spec)
    rows = sent_rows(chart)
    extra = [row for row in rows if "series" not in row]
    assert all(row["x"] for row in extra)
    assert not extra or "strokeDash" in spec
    return (
        {row["text"] for row in extra if "value" in row and row["value"] is not None},
        {row["text"] for row in extra if "value" not in row or row["value"] is None},
    )


@each_language
def test_a_target_and_a_note_are_written_shown_and_withdrawn(lang: Language, opened: Open, ledger: Ledger) -> None:
    t, app = texts(lang), opened("targets", lang)
    assert t("targets.targets.none") in said(app)
    app = set_target(app, "solved_share", "62,5" if lang != "en" else "62.5")
    assert not app.error
    assert [(one.metric, one.year, one.value) for one in ledger.targets()] == [("solved_share", 2025, 62.5)]
    app = write_note(app, "Uusi palvelupiste avattiin")
    assert app.success[0].value == t("targets.note_saved")
    shown = "".join(tables(app))
    assert "Uusi palvelupiste avattiin" in shown
    assert definitions()["solved_share"].name[lang] in shown
    app.selectbox(key="steward_withdraw").set_value("note 1")
    app = submit(app, "withdraw_form")
    assert ledger.notes() == ()
    assert "Uusi palvelupiste avattiin" in "".join(tables(app)), "it stays in the history"


@each_language
def test_what_has_not_been_set_is_said_in_one_line_without_headings(
    lang: Language, opened: Open, ledger: Ledger
) -> None:
    t, app = texts(lang), opened("targets", lang)
    nothing = [t(key) for key in ("targets.targets.none", "targets.notes.none", "watch.none")]
    assert " ".join(nothing) in [str(one.value) for one in app.markdown]
    assert [one.value for one in app.header] == [t("targets.write")]
    app = set_target(app, "solved_share", "62")
    assert [one.value for one in app.header] == [t("targets.targets"), t("targets.write")]
    assert " ".join(nothing[1:]) in [str(one.value) for one in app.markdown]


@each_language
def test_personal_data_is_refused_in_words_and_kept_nowhere(lang: Language, opened: Open, ledger: Ledger) -> None:
    app = write_note(opened("targets", lang), "Soita 040 123 4567")
    assert app.error[0].value == texts(lang)("refusal.steward.personal")
    assert ledger.note_history() == ()
    assert "040" not in said(app) + "".join(tables(app))


@pytest.mark.parametrize(
    ("metric", "value", "limits"),
    [
        ("solved_share", "", None), ("solved_share", "paljon", None), ("solved_share", "1e9", (0, 100)),
        ("solved_share", "101", (0, 100)), ("solved_share", "-5", (0, 100)), ("satisfaction", "6", (1, 5)),
    ],
)  # fmt: skip
def test_a_target_that_is_no_number_or_beyond_the_limits_is_refused(
    metric: str, value: str, limits: tuple[int, int] | None, opened: Open, ledger: Ledger
) -> None:
    app, t = set_target(opened("targets"), metric, value), texts("fi")
    wanted = t("refusal.steward.limits", least=limits[0], most=limits[1]) if limits else t("refusal.steward.value")
    assert app.error[0].value == plain(wanted)
    assert ledger.target_history() == ()


def test_without_the_right_everything_is_read_and_nothing_written(
    opened: Open, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.write_note(DAY, "Laki muuttui")
    app = opened("targets")
    without_rights(monkeypatch)
    app = write_note(app, "Toinen merkintä")
    assert app.error[0].value == texts("fi")("targets.no_right")
    without_rights(monkeypatch)
    app = opened("targets")
    assert "Laki muuttui" in "".join(tables(app))
    assert texts("fi")("targets.no_right") in said(app)
    assert not app.button
    assert [note.text for note in ledger.notes()] == ["Laki muuttui"]


def test_charts_over_time_show_targets_and_notes(opened: Open, ledger: Ledger) -> None:
    known = value_limits()
    ledger.set_target("referral_started_share", 2025, 65, known=known)
    ledger.set_target("referrals", 2025, 9000, known=known)
    ledger.set_target("referral_started_share", 2025, 40, "853", known=known)
    ledger.write_note(DAY, "Laki *muuttui*")
    ledger.write_note(date(2025, 3, 9), "Turun piste avattiin", "853")
    ledger.write_note(date(2025, 5, 9), "Salon piste avattiin", "734")
    t = texts("fi")
    app = opened("flows", period="2025")
    referrals, started = charts(app)[-4:-2]  # before those of the last tab
    assert marks_of(started) == ({t("marks.target", value="65\u00a0%")}, {"1, 2", "3"})
    assert marks_of(referrals)[0] == set(), "a year's number has no place beside months"
    words = said(app)
    assert t("marks.in_words", year=2025, value="9\u00a0000 ohjausta") in words
    assert "Laki \\*muuttui\\*" in words
    turku = charts(opened("flows", period="2025", municipality="853"))[-3]
    assert marks_of(turku) == ({t("marks.target", value="40\u00a0%")}, {"1, 2"})
    quarters = [charts(opened("flows", period="all", **where))[-3] for where in ({}, {"topic": "work"})]
    assert all(one.alt == t("flows.started_months.alt") for one in quarters)
    assert marks_of(quarters[0])[0] == {t("marks.target", value="65\u00a0%")}
    assert marks_of(quarters[1])[0] == set(), "no target was set for a topic"
    assert marks_of(charts(opened("demand", period="2025"))[0])[1] == {"1, 2", "3"}
    compared = charts(opened("compare", metrics="referral_started_share", period="2025"))[0]
    assert marks_of(compared) == ({t("marks.target", value="65\u00a0%")}, {"1, 2", "3"})


def test_notes_stand_in_every_chart_over_time_and_targets_where_one_metric_is_drawn(
    opened: Open, ledger: Ledger
) -> None:
    known = value_limits()
    ledger.set_target("newcomer_share", 2025, 50, known=known)
    ledger.set_target("understood_language_share", 2025, 90, known=known)
    ledger.write_note(DAY, "Laki muuttui")
    t = texts("fi")
    for page_id, key in (
        ("centre", "centre.enrolments.alt"),
        ("reach", "reach.newcomers.alt"),
        ("reach", "reach.channels.alt"),
    ):
        (chart,) = (one for one in charts(opened(page_id, period="2025")) if one.alt == t(key))
        goal = {t("marks.target", value="50\u00a0%")} if key == "reach.newcomers.alt" else set()
        assert marks_of(chart) == (goal, {"1"})
    several = charts(opened("quality", period="2025"))[0]
    assert marks_of(several) == (set(), {"1"}), "a target of one figure says nothing of the others"


def test_no_marks_where_nothing_was_written(opened: Open, ledger: Ledger) -> None:
    assert marks_of(charts(opened("flows", period="2025"))[-1]) == (set(), set())


@each_language
def test_what_cannot_be_read_is_said_and_the_numbers_stay(lang: Language, opened: Open, ledger: Ledger) -> None:
    ledger.write_note(DAY, "Laki muuttui")
    (ledger.folder / "notes.jsonl").write_text("{", encoding="utf-8")
    app = opened("flows", lang)
    assert not app.error
    assert texts(lang)("marks.damaged") in said(app)
    assert "notes.jsonl" in opened("targets", lang).error[0].value


def test_every_reason_has_its_words() -> None:
    reasons = ("metric", "municipality", "year", "value", "day", "text", "personal", "nothing")
    assert all(texts(lang).has("refusal.steward." + reason) for lang in LANGUAGES for reason in reasons)
    assert "reach_gap" not in forms.metrics()
