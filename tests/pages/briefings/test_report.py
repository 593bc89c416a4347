"""`python -m pages report`: one command, one file, and a clear word when it cannot be made."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation

from data.store.store import Store
from data.texts import Language, message, texts
from metrics.ask import ask
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from pages.__main__ import main
from pages.briefings.places import place_of
from pages.briefings.report import reported_period, slides_of
from pages.i18n import formats
from tests.conftest import ROOT


def month(store: Path) -> str:
    closed = Store(store).serving().closed_until
    return f"{closed:%Y-%m}"


def test_the_command_writes_a_pdf_of_the_month(sample_store: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    command = [sys.executable, "-m", "pages", "report", "--period", month(sample_store), "--area", "Åbo"]
    command += ["--lang", "sv", "--out", str(out), "--store", str(sample_store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert str(out) in done.stdout
    assert message("cli.report.page", "sv", done=1, of=6) in done.stderr
    assert "Traceback" not in done.stderr
    assert "WARNING" not in done.stderr
    with pikepdf.open(io.BytesIO(out.read_bytes())) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert len(pdf.pages) == 1 + 6 + 1  # the tables of two charts have a page of their own


def test_slides_hold_the_numbers_of_the_area_and_the_period(sample_store: Path, tmp_path: Path) -> None:
    out, period = tmp_path / "report.pptx", month(sample_store)
    words = ["report", "--period", period, "--area", "853", "--out", str(out), "--store", str(sample_store)]
    assert main(words) == 0
    deck = Presentation(io.BytesIO(out.read_bytes()))
    row = ask(Question(("clients",), where=(("municipality", ("853",)),), period=period), Store(sample_store)).rows[0]
    text = [shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame]
    assert formats.value_text(row, texts("fi")) in text
    assert "Turku" in deck.slides[0].shapes.title.text_frame.text


@pytest.mark.parametrize(
    ("text", "found"),
    [("Turku", ("municipality", "853")), ("Åbo", ("municipality", "853")), ("853", ("municipality", "853")),
     ("varsinais-suomi", ("region", "02"))],
)  # fmt: skip
def test_an_area_is_found_by_name_or_code(text: str, found: tuple[str, str]) -> None:
    assert place_of(text, "fi") == found


def test_an_unknown_area_is_said_with_the_nearest() -> None:
    with pytest.raises(QuestionError) as error:
        place_of("Turkku", "fi")
    assert error.value.reason == "unknown_area"
    assert "Turku" in error.value.nearest


@pytest.mark.parametrize(
    ("lang", "name"), [("fi", "Pohjois-Karjala"), ("sv", "Norra Karelen"), ("en", "North Karelia")]
)
def test_areas_are_offered_once_and_by_the_reader_s_names(lang: Language, name: str) -> None:
    """An English name that is near, for a reader of Finnish; a region and an employment area share it."""
    for text in ("North Kareli", ""):
        with pytest.raises(QuestionError) as error:
            place_of(text, lang)
        assert error.value.nearest.count(name) == (1 if text else 0)
        assert len(set(error.value.nearest)) == len(error.value.nearest)


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ("2026-11", "period_open"), ("2026", "period_open"), ("all", "unknown_period"), ("x", "unknown_period"),
        ("1999-01", "period_before"), ("2023", "period_before"), ("2024-02", "period_before"),
    ],
)  # fmt: skip
def test_a_period_that_goes_on_or_lies_before_the_data_has_no_report(period: str, reason: str) -> None:
    first, closed = date(2024, 3, 5), date(2026, 10, 31)
    with pytest.raises(QuestionError) as error:
        reported_period(period, first, closed)
    assert error.value.reason == reason
    assert reported_period("2026-10", first, closed) == Period(2026, 10, "month")
    assert reported_period("2024-03", first, closed) == Period(2024, 3, "month")


@pytest.mark.parametrize(
    ("out", "said", "named"), [("no/such/r.pdf", "missing", "no/such"), ("folder.pdf", "unusable", "folder.pdf")]
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_drawn(
    out: str, said: str, named: str, sample_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.pdf").mkdir()
    words = ["report", "--period", month(sample_store), "--store", str(sample_store), "--out", str(tmp_path / out)]
    assert main(words) == 2
    assert capsys.readouterr().err == message("cli.file_" + said, "fi", path=tmp_path / named) + "\n"


def test_periods_of_the_slides_follow_the_report_s() -> None:
    slides, left_out = slides_of(Period.parse("2025-03"), None)
    assert {slide.period for slide in slides} == {"2025-03", "2025-ytd-03", "all"}
    assert left_out == []
    _, left_out = slides_of(Period.parse("2025-03"), ("municipality", "853"))
    assert left_out == []


def test_errors_are_said_in_the_reader_s_language(
    sample_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["report", "--period", month(sample_store), "--store", str(sample_store), "--lang", "sv"]
    assert main([*base, "--out", str(tmp_path / "report.docx")]) == 2
    assert "slutar på .pdf" in capsys.readouterr().err
    assert main([*base, "--out", str(tmp_path / "r.pdf"), "--area", "Ingenstans"]) == 2
    assert "Ingenstans" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_old_spelling_still_works_and_says_the_new_one(sample_store: Path, tmp_path: Path) -> None:
    words = ["report", "--period", "2000-01", "--store", str(sample_store), "--out", str(tmp_path / "r.docx")]
    done = subprocess.run(
        [sys.executable, "-m", "metrics", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("`python -m metrics report` is now `python -m pages report`.\n")
    assert message("refusal.question.report_kind", "fi", out=".docx") in done.stderr
