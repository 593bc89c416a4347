"""Every question that cannot be asked is refused with its own reason, on pages and the command line, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import LANGUAGES, Language, texts
from metrics.cli import main
from metrics.grammar.question import Question, QuestionError
from pages.view.sentences import refusal_text
from tests.pages.drawn import each_language

# (words of the command line, the question a page would put, what Finnish says, names as pages have them)
REFUSED = {
    "unknown_metric": (["clientz"], Question(("clientz",)), "Mittaria clientz ei ole. Lähinnä: ”Asiakkaat”"),
    "unknown_dimension": (
        ["clients", "--by", "to_service"], Question(("clients",), by=("to_service",)),
        "Mittaria ”Asiakkaat” ei voi erotella tiedolla",
    ),
    "unknown_code": (
        ["clients", "--where", "municipality=998"], Question(("clients",), where=(("municipality", ("998",)),)),
        "Tiedolla kotikunta ei ole arvoa 998.",
    ),
    "unknown_period": (["clients", "--period", "2025-13"], Question(("clients",), period="2025-13"), "Jaksoa 2025-13 ei ole."),
    "each_not_finer": (
        ["clients", "--period", "2025-03", "--each", "year"], Question(("clients",), period="2025-03", each="year"),
        "osan (vuosi) pitää olla jaksoa lyhyempi",
    ),
    "unknown_each": (["clients", "--each", "week"], Question(("clients",), each="week"), "”week”"),  # type: ignore[arg-type]
    "too_many_dimensions": (
        ["clients", *(word for name in ("language", "municipality", "topic", "channel") for word in ("--by", name))],
        Question(("clients",), by=("language", "municipality", "topic", "channel")), "enintään 3",
    ),
    "dimension_twice": (
        ["clients", "--by", "topic", "--by", "topic"], Question(("clients",), by=("topic", "topic")), "kahdesti",
    ),
    "metric_twice": (["clients", "clients"], Question(("clients", "clients")), "”Asiakkaat” on kysymyksessä kahdesti"),
    "code_twice": (
        ["clients", "--where", "language=so,so"], Question(("clients",), where=(("language", ("so", "so")),)),
        "Tiedon kieli arvo so on kysymyksessä kahdesti",
    ),
    "place_twice": (
        ["clients", "--by", "region", "--by", "municipality"], Question(("clients",), by=("region", "municipality")),
        "toisen tason kanssa",
    ),
    "needs_dimension": (["found_via_share"], Question(("found_via_share",)), "tarvitsee erottelun"),
    "unknown_audience": (
        ["clients", "--audience", "admin"], Question(("clients",), audience="admin"), "admin",
    ),
    "no_metric": (None, Question(()), "ei ole mittaria"),
}  # fmt: skip


def _refused(question: object, lang: str) -> None:
    from data.texts import texts
    from metrics.ask import ask
    from pages.shell.opening import errors_shown
    from pages.shell.serving import serving

    with errors_shown("test", texts(lang)):
        served = serving(newest=False)
        assert served is not None
        ask(question, served.store)  # type: ignore[arg-type]


@each_language
@pytest.mark.parametrize("reason", REFUSED)
def test_a_page_says_why_with_names_people_know(
    reason: str, lang: Language, sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    app = AppTest.from_function(_refused, args=(REFUSED[reason][1], lang), default_timeout=60).run()
    assert not app.exception
    assert not app.error
    (said,) = [info.value for info in app.info]
    assert "{" not in said
    assert texts(lang)("page.failed") not in said
    if lang == "fi":
        assert "Äänekoski" not in said, "a code like another is no advice"
        assert REFUSED[reason][2] in said.replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", [reason for reason in REFUSED if REFUSED[reason][0]])
def test_the_command_line_says_why_with_words_as_typed(
    reason: str, lang: Language, sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = REFUSED[reason][0]
    assert typed is not None
    assert main(["ask", *typed, "--store", str(sample_store), "--lang", lang]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first = texts(lang)("refusal.question." + reason).partition("{")[0]
    assert err.startswith(first)
    assert "Traceback" not in err


def test_what_a_visitor_typed_is_shown_as_text() -> None:
    error = QuestionError("unknown_metric", metric="<b>*x*</b>[a](b)")
    assert refusal_text(error, texts("en")) == r"There is no metric \<b\>\*x\*\</b\>\[a\]\(b\)."
