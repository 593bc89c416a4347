"""A slide without values says why, and what it says is true: which tables are missing, and that zero is hidden too."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.texts import Language, texts
from metrics.audience import PROTECTED
from metrics.briefings.freezing import Answered, freeze
from metrics.gate import EMPTY, Gate
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from metrics.model.needs import needs
from pages.__main__ import main
from pages.briefings import headlines
from pages.briefings.report import slides_of
from pages.view import states
from tests.lacking import lacking
from tests.metrics.made import store_of
from tests.pages.drawn import each_language

T = texts("fi")
DENIALS = {"fi": "ei ole nolla", "sv": "inte noll", "en": "not zero"}


@pytest.mark.parametrize("table", ["encounter", "referral", "enrolment"])
def test_a_report_names_the_tables_that_its_slides_lack(
    table: str, sample_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, table)
    slides, _ = slides_of(Period.parse("2025"), None)
    without = 0
    for answered in freeze(slides, store).slides:
        definition = definitions()[answered.slide.metric]
        # One saved before slides kept what they lack says the same.
        for one in (answered, answered.model_copy(update={"lacks": ()})):
            text = headlines.lead(one, T, {})
            assert ": ." not in text
            if table in needs(definition).tables:
                assert T("table." + table) in text, answered.slide
                assert headlines.headline(one, T, {}) == T("headline.not_shown", name=definition.name["fi"])
                without += not answered.whole
    assert without or table == "enrolment"


def test_no_rows_of_data_that_are_there_name_no_table(sample_store: Path) -> None:
    slides, _ = slides_of(Period.parse("2025"), None)
    answered = Answered(slide=next(slide for slide in slides if slide.by), rows=(), whole=())
    assert T("figure.no_data") == headlines.lead(answered, T, {})
    assert states.reason((), T) == T("figure.no_data")


@each_language
def test_what_is_hidden_may_be_nothing(lang: Language) -> None:
    """The gate hides nobody as it hides a few, so that the note must not say that it is not zero."""
    assert Gate(PROTECTED, b"key").clients(EMPTY).state == "small"
    assert DENIALS[lang] not in texts(lang)("state.note.small")


def test_a_store_without_a_month_has_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = store_of(tmp_path / "store", {}), tmp_path / "r.pdf"
    assert main(["report", "--period", "2025-09", "--store", str(store.path), "--out", str(out)]) == 2
    assert capsys.readouterr().err == T("refusal.question.no_month") + "\n"
    assert not out.exists()
