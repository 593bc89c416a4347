"""The page of hypotheses: registered by whoever has the right, tested, and told to everybody in three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from data.store.sealed import sealed_line
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from metrics.audience import INTERNAL
from metrics.hypotheses.background import covariates_of
from metrics.hypotheses.hypothesis import HypothesisError, group_dimensions, outcomes, parse_hypothesis
from metrics.hypotheses.methods import codes
from metrics.hypotheses.methods.finding import EffectMeasure
from metrics.hypotheses.register import Guarded, PublishedVerdict, Reason, Register, Verdict
from metrics.hypotheses.testing import run
from metrics.model.definition import definitions
from pages.i18n import formats
from pages.view.sentences import plain
from tests.metrics.made import store_of
from tests.pages.drawn import Open, charts, each_language, open_page, said, tables
from tests.pages.rights import with_rights, without_rights

QUESTION = "Ratkeaako asia useammin paikan päällä kuin puhelimessa?"
DESIGN = {"kind": "groups", "dimension": "channel", "compared": "walk_in", "reference": "phone"}
SENT = {"kind": "groups", "dimension": "source", "compared": "employment_services"}
UNTOLD = ("kept.untold", "rejected.untold", "incomparable.untold")


@pytest.fixture
def register(own_store: Path) -> Register:
    """The register of the store that pages serve."""
    return Register.of(own_store)


def with_result(register: Register, **changes: object) -> str:
    """A hypothesis that has been registered and tested."""
    given = {"question": QUESTION, "outcome": "solved_share", "design": DESIGN, "direction": "up", "smallest": 5}
    line = register.register(parse_hypothesis(**{**given, **changes}))
    run(register, line.id, Store(register.folder.parent))
    return line.id


@each_language
def test_an_empty_register_says_so(lang: Language, opened: Open, register: Register) -> None:
    app, t = opened("hypotheses", lang), texts(lang)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == t("page.hypotheses")
    assert t("hypotheses.none") in said(app)


@pytest.mark.parametrize("both", [True, False])
def test_the_form_begins_with_groups_of_which_there_are_two(
    both: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services first; where all came to one, what comes next. Of one group there is nobody to compare with."""
    rows = [
        {"client": number, "service": ("guidance", "competence_centre")[both and number % 2], "municipality": "049",
         "channel": ("walk_in", "phone")[number % 2], "resolution": ("solved", "continues")[number % 2]}
        for number in range(1, 401)
    ]  # fmt: skip
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store_of(tmp_path / "one", {"encounter": rows}).path))
    with_rights(monkeypatch)
    app = open_page("hypotheses", "fi")
    assert app.selectbox(key="hyp_dimension").value == ("service" if both else "channel")
    assert len(app.selectbox(key="hyp_compared").options) == 2


def test_a_hypothesis_is_registered_then_tested(opened: Open, register: Register) -> None:
    app, t = opened("hypotheses"), texts("fi")
    assert "hyp_register" not in [button.key for button in app.button], "nothing to register yet"
    app.text_area(key="hyp_question").set_value(QUESTION).run()
    app.selectbox(key="hyp_dimension").set_value("channel").run()
    app.selectbox(key="hyp_compared").set_value("walk_in").run()
    app.selectbox(key="hyp_reference").set_value("phone").run()
    told = said(app)
    assert re.search(r"\d\sprosenttiyksik", told), "what can be seen is told before anything is looked at"
    app = app.button(key="hyp_register").click().run()
    assert [success.value for success in app.success] == [t("hypotheses.registered", id="H-1")]
    assert t("hypotheses.untested") in said(app)
    (line,) = register.registered()
    assert line.hypothesis.question == QUESTION
    app = app.button(key="hyp_test").click().run()
    (result,) = register.results()
    assert t("hypotheses.untested") not in said(app)
    assert f"{abs(round(result.effect.value))}" in said(app)
    assert t("hypotheses.not_an_effect.groups") in said(app)
    assert charts(app)
    assert "hyp_test" not in [button.key for button in app.button], "the same data are tested once"


@each_language
def test_a_result_is_told_in_words_people_and_pictures(lang: Language, opened: Open, register: Register) -> None:
    with_result(register, covariates=("language",))
    app, t = opened("hypotheses", lang, audience=INTERNAL), texts(lang)
    assert not app.exception
    assert not app.error
    (result,) = register.results()
    told = said(app)
    assert t("hypotheses.method." + result.finding.method) in told
    for assumption in result.finding.assumptions:
        assert t("hypotheses.assumes." + assumption.name) in told
    for chart in charts(app):
        assert len(chart.alt) > 20
    assert len(app.get("download_button")) >= 3
    assert any(QUESTION in table for table in tables(app)), "the register shows everything tested"


def test_those_followed_are_shown_at_six_twelve_and_twenty_four_months(opened: Open, register: Register) -> None:
    with_result(register, outcome="employed_by", design=SENT, smallest=3)
    (result,) = register.results()
    names = [estimate.name for estimate in result.finding.estimates]
    assert {"at_183", "at_365"} <= set(names)
    assert result.finding.curves
    for lang in LANGUAGES:
        app, t = opened("hypotheses", lang, audience=INTERNAL), texts(lang)
        assert not app.exception
        assert not app.error
        shown = "\n".join(tables(app))
        assert t("hypotheses.estimate.at_183") in shown
        assert t("hypotheses.estimate.at_365") in shown
        assert len(charts(app)) >= 2


@each_language
def test_what_was_registered_beside_the_question_is_told(lang: Language, opened: Open, register: Register) -> None:
    """Guardrails with their verdicts, the planned sizes that are not kept, the look, and all background facts."""
    guardrails = ({"metric": "same_day_share", "margin": 5},)
    with_result(register, guardrails=guardrails, planned_share=3, looks=3)
    (result,) = register.results()
    assert result.verdict == "incomparable"
    app, t = opened("hypotheses", lang, audience=INTERNAL), texts(lang)
    assert not app.exception
    assert not app.error
    told = said(app)
    assert t("hypotheses.verdict.incomparable") in "\n".join(tables(app))
    assert t("hypotheses.assumes.sizes_as_planned") in told
    assert t("hypotheses.looks.said", look=1, planned=3) in told
    assert definitions()["same_day_share"].name[lang] in told
    assert any(t("hypotheses.fact.sex").capitalize() in table for table in tables(app))


def test_a_hypothesis_tested_as_planned_says_so(opened: Open, register: Register, planned_store: None) -> None:
    assert texts("fi")("hypotheses.looks.once") in said(opened("hypotheses"))


@pytest.fixture
def planned_store(register: Register) -> None:
    """One test, of a generation before the one that serves."""
    with_result(register)
    store = Store(register.folder.parent)
    with store.next_generation("the same data again", sample=True):
        pass


def test_further_conditions_are_registered(opened: Open, register: Register) -> None:
    app = opened("hypotheses")
    app.text_area(key="hyp_question").set_value(QUESTION).run()
    app.number_input(key="hyp_looks").set_value(3).run()
    app.text_input(key="hyp_planned").set_value("50").run()
    app.multiselect(key="hyp_guardrails").set_value(["same_day_share"]).run()
    app.text_input(key="hyp_margin_same_day_share").set_value("2,5").run()
    app.multiselect(key="hyp_covariates").set_value(["language", "age", "sex"]).run()
    app = app.button(key="hyp_register").click().run()
    (line,) = register.registered()
    made = line.hypothesis
    assert (made.looks, made.planned_share, made.covariates) == (3, 50, ("language", "age", "sex"))
    assert [(one.metric, one.margin) for one in made.guardrails] == [("same_day_share", 2.5)]


def test_who_has_no_right_reads_and_neither_registers_nor_tests(
    opened: Open, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_result(register)
    without_rights(monkeypatch)
    app = opened("hypotheses")
    assert not app.text_area
    assert texts("fi")("hypotheses.no_right") in said(app)
    assert charts(app)


@each_language
def test_visitors_are_told_published_figures_alone(lang: Language, opened: Open, register: Register) -> None:
    """What the full result says in more digits is neither drawn nor sent, and there is no code to repeat it."""
    with_result(register)
    (result,) = register.results()
    assert result.published is not None
    assert result.published.effect is not None
    app, t = opened("hypotheses", lang), texts(lang)
    assert not app.exception
    assert not app.error
    told = said(app)
    assert t("audience.internal_mark") not in told
    assert t("hypotheses.published_only") in told
    shown = "\n".join(tables(app))
    for side in result.published.sides:
        assert formats.number(side.size or 0, lang) in shown
    assert re.search(r"p\s*[<≥]\s*0[.,]", told), "p values are classes"
    assert not re.search(r"p\s*=\s*0[.,]", told)
    assert not [button for button in app.get("download_button") if "script" in str(button.proto.id)]
    assert "newcombe" not in told.lower()


def test_figures_of_an_earlier_release_are_not_told(opened: Open, register: Register, planned_store: None) -> None:
    app, t = opened("hypotheses"), texts("fi")
    (result,) = register.results()
    assert result.published is not None
    assert t("hypotheses.why.earlier") in said(app)
    assert t("hypotheses.verdict." + result.published.verdict) in "\n".join(tables(app))
    assert not charts(app)
    assert charts(opened("hypotheses", audience=INTERNAL))


def test_internal_figures_are_marked_and_need_the_right(
    opened: Open, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_result(register)
    app, t = opened("hypotheses", audience=INTERNAL), texts("fi")
    assert t("audience.internal_mark") in "\n".join(str(one.value) for one in app.markdown)
    assert t("hypotheses.published_only") not in said(app)
    without_rights(monkeypatch)
    app = opened("hypotheses", audience=INTERNAL)
    assert t("hypotheses.published_only") in said(app)
    assert app.warning, "it is said that internal figures are not for this visitor"


def test_the_right_is_asked_for_at_the_act(opened: Open, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register.register(
        parse_hypothesis(question=QUESTION, outcome="solved_share", design=DESIGN, direction="up", smallest=5)
    )
    app = opened("hypotheses")
    without_rights(monkeypatch)
    app = app.button(key="hyp_test").click().run()
    assert texts("fi")("hypotheses.no_right") in said(app)
    assert register.results() == ()


def test_what_cannot_be_asked_is_said(opened: Open, register: Register) -> None:
    app, t = opened("hypotheses"), texts("fi")
    app.text_area(key="hyp_question").set_value("Auttoiko palvelu asiakasta 131052-308T?").run()
    assert [error.value for error in app.error] == [t("refusal.hypothesis.personal")]
    app.text_area(key="hyp_question").set_value(QUESTION).run()
    app.text_input(key="hyp_smallest").set_value("paljon").run()
    assert [error.value for error in app.error] == [t("refusal.hypothesis.smallest")]


def test_a_broken_chain_is_said(opened: Open, register: Register) -> None:
    with_result(register)
    path = register.folder / "registered.jsonl"
    # By someone who knows how lines are sealed: each is as it was written, and only the chain tells.
    lines = path.read_text(encoding="utf-8").replace('"smallest": 5', '"smallest": 1').splitlines()
    changed = [{name: value for name, value in json.loads(line).items() if name != "checksum"} for line in lines]
    path.write_text("".join(sealed_line(one) + "\n" for one in changed), encoding="utf-8")
    app: AppTest = opened("hypotheses")
    assert any("registered 1" in error.value for error in app.error)
    assert not app.exception


def test_every_code_of_a_finding_and_every_refusal_has_its_words() -> None:
    refusals = (HypothesisError.__doc__ or "").partition("Reasons: ")[2].rstrip(". \n").replace("\n", " ").split(",")
    made_of = {
        "method": codes.METHODS,
        "estimate": (*codes.ESTIMATES, "median"),
        "assumes": codes.ASSUMPTIONS,
        "warning": codes.WARNINGS,
        "of": {definitions()[metric].of_fact.events for metric in outcomes()} | {"clients"},
        "events": {definitions()[metric].of_fact.events for metric in outcomes()},
        "measure": get_args(EffectMeasure),
        "verdict": (*get_args(Verdict), *get_args(PublishedVerdict), "none", "no_answer"),
        "headline": (*get_args(Verdict), "rejected_other_way", "open", "no_answer", *UNTOLD),
        "guarded": (*get_args(Guarded), *(f"{one}.untold" for one in get_args(Guarded))),
        "why": get_args(Reason),
    }
    keys = [f"hypotheses.{kind}.{code}" for kind, of in made_of.items() for code in of]
    keys += [f"cli.hypotheses.why.{reason}" for reason in get_args(Reason)]
    keys += [f"cli.verdict.{verdict}" for verdict in (*get_args(PublishedVerdict), "no_answer")]
    keys += ["refusal.hypothesis." + reason.strip() for reason in refusals]
    keys += ["dimension." + name for metric in outcomes() for name in group_dimensions(metric)]
    facts = {name for metric in outcomes() for name in covariates_of(definitions()[metric])}
    named = texts("fi").has
    assert [name for name in facts if not named("dimension." + name) and not named("hypotheses.fact." + name)] == []
    assert len(refusals) > 15
    assert [(key, lang) for key in keys for lang in LANGUAGES if not texts(lang).has(key)] == []


@each_language
def test_what_the_files_do_not_record_cannot_be_registered_or_tested(
    lang: Language, opened: Open, register: Register
) -> None:
    """It is said what is lacking, by its name and in the user's language, and not that there are too few people."""
    line = register.register(
        parse_hypothesis(question=QUESTION, outcome="solved_share", design=DESIGN, direction="up", smallest=5)
    )
    with Store(register.folder.parent).next_generation("without", sample=True) as connection:
        for field in ("channel", "resolution"):
            connection.execute(f"UPDATE encounter SET {field} = 'unknown'")
            connection.execute("UPDATE delivery SET fields = list_filter(fields, lambda one: one <> ?)", [field])
    app, t = opened("hypotheses", lang), texts(lang)

    def told(field: str, outcome: str = "solved_share") -> str:
        metric = f"”{definitions()[outcome].name[lang]}”"
        return plain(t("refusal.hypothesis.not_recorded", metric=metric, fields=t("field." + field)))

    app = app.button(key="hyp_test").click().run()
    assert told("resolution") in said(app)
    assert register.results() == ()
    app.text_area(key="hyp_question").set_value(line.hypothesis.question).run()
    assert told("resolution") in said(app)
    app.selectbox(key="hyp_outcome").set_value("encounters").run()
    app = app.selectbox(key="hyp_dimension").set_value("channel").run()
    assert told("channel", "encounters") in said(app), "there is no group to choose, because none is recorded"
    assert "hyp_register" not in [button.key for button in app.button]
    assert not app.exception
