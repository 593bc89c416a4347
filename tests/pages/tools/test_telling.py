"""What a language model is told: the figures that visitors see, said so that nothing hidden can be read as a number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.store.acting import WAITING
from data.store.audit import AuditLog
from data.store.keys import key_path
from data.store.store import Store
from data.texts import LANGUAGES, message
from metrics.ask import ask
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from pages.access import open_interface, published
from pages.api.call import LONGEST
from pages.tools import telling
from pages.tools.tools import TOOLS
from tests.conftest import own_copy
from tests.metrics.packages.conftest import PERIOD, Made, two
from tests.pages.api.conftest import NOW
from tests.pages.tools.conftest import Use
from tilannekuva import publishing

__all__ = ["two"]

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"metric": ["clients"], "by": ["language"], "where": ["municipality:049"], "period": NOW},
    {"metric": ["clients", "solved_share"], "period": NOW, "each": "quarter"},
    {"metric": ["referral_days"], "by": ["topic"], "period": "2025"},
    {"metric": ["working_or_studying_by"], "period": "all"},
    {"metric": ["reach_per_1000"], "by": ["language"], "period": "2025"},
    {"metric": ["clients"], "by": ["sex"], "where": ["language:so,ar"], "period": "2024-01"},
)


def rows_of(asked: dict[str, Any], store: Store) -> list[Row]:
    where = tuple((name, tuple(codes.split(","))) for name, codes in (one.split(":") for one in asked.get("where", [])))
    question = Question(tuple(asked["metric"]), tuple(asked.get("by", ())), where, asked["period"], asked.get("each"))
    return [*ask(question, store).rows]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_the_figures_are_those_that_visitors_see(use: Use, released: Store, asked: dict[str, Any]) -> None:
    status, told = use("ask", **asked)
    assert status == 200
    rows = rows_of(asked, released)
    shown, hidden = ([row for row in rows if (row.value is None) == is_hidden] for is_hidden in (False, True))
    for found, expected in ((told["shown"], shown), (told["hidden"], hidden)):
        assert [{name: one.get(name) for name in row.flat()} for one, row in zip(found, expected, strict=True)] == [
            {**row.flat()} for row in expected
        ]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_what_is_hidden_has_no_number_and_what_is_shown_says_all_of_its_own(use: Use, asked: dict[str, Any]) -> None:
    told = use("ask", **asked)[1]
    assert told["release"] == 1
    assert told["notes"]
    for one in told["hidden"]:
        assert (one["hidden"], "value" in one, one["state"] != "shown") == (True, False, True)
        assert 0 not in one.values()
        assert one["says"]
    for one in told["shown"]:
        assert (one["rounded"], one["state"]) == (True, "shown")
        assert {"value", "unit", "n", "period", "says"} <= one.keys()
    assert None not in [value for one in (*told["shown"], *told["hidden"]) for value in one.values()]
    if told["hidden"]:
        assert message("tools.hidden", "en") in told["notes"]
    assert {one["metric"] for one in (*told["shown"], *told["hidden"])} <= told["metrics"].keys()
    for one in (*told["shown"], *told["hidden"]):
        assert all(told["names"][name][one[name]] for name in told["names"])


def test_both_kinds_are_among_what_is_tried(use: Use) -> None:
    answers = [use("ask", **asked)[1] for asked in QUESTIONS]
    assert all(any(one[kind] for one in answers) for kind in ("shown", "hidden"))


def test_there_is_something_to_ask_with(use: Use) -> None:
    assert [use(tool.name)[0] for tool in TOOLS if not tool.schema["required"]] == [200, 200]
    metrics = use("list_metrics")[1]["metrics"]
    assert [one["id"] for one in metrics] == [*definitions()]
    assert use("list_metrics", lang="sv")[1]["metrics"][0]["name"] == next(iter(definitions().values())).name["sv"]
    assert use("show_metric", metric="clients")[1]["version"] == definitions()["clients"].version
    assert "so" in [one["code"] for one in use("list_codes", dimension="language")[1]["codes"]]
    assert NOW in use("about_figures")[1]["periods"]
    assert "links" not in use("about_figures")[1]


@pytest.mark.parametrize(
    ("name", "arguments", "reason", "nearest"),
    [
        ("asks", {}, "no_such_tool", "ask"),
        ("ask", {}, "no_metric", None),
        ("ask", {"metric": ["clientz"]}, "unknown_metric", "clients"),
        ("ask", {"metric": ["clients"], "audience": "internal"}, "unknown_parameter", None),
        ("ask", {"metric": ["clients"], "format": "csv"}, "unknown_parameter", None),
        ("ask", {"metric": ["clients"], "by": ["lenguage"]}, "unknown_dimension", "language"),
        ("ask", {"metric": ["clients"], "where": ["language:xx"]}, "unknown_code", None),
        ("ask", {"metric": ["clients"], "where": ["language:so' OR 1=1 --"]}, "unknown_code", None),
        ("ask", {"metric": ["clients"], "where": [{"language": "so"}]}, "argument_form", None),
        ("ask", {"metric": ["clients"], "where": {"language": ["so"]}}, "argument_form", None),
        ("ask", {"metric": [[["clients"]]]}, "argument_form", None),
        ("ask", {"metric": ["clients"], "period": 2025.5}, "argument_form", None),
        ("ask", {"metric": ["clients"], "each": True}, "argument_form", None),
        ("ask", {"metric": ["clients"], "period": "2026-11-03..2026-11-04"}, "unknown_period", "2025"),
        ("ask", {"metric": ["clients"], "period": "2026-12"}, "period_open", "2026-10"),
        ("ask", {"metric": ["clients"], "period": ["2025", "2024"]}, "repeated", None),
        ("ask", {"metric": ["x" * LONGEST]}, "too_long", None),
        ("ask", {"metric": ["clients"], "\u202e" * LONGEST: "x"}, "too_long", None),
        ("ask", {"metric": ["\ud800\0"]}, "unknown_metric", None),
        ("ask", {"metric": ["clients"] * 60}, "too_many_parameters", None),
        ("ask", {"metric": ["clients"], "by": ["language", "municipality", "topic"]}, "too_many_rows", None),
        ("ask", {"metric": ["clients"], "by": ["language", "sex", "topic", "age_group"]}, "too_many_dimensions", "sex"),
        ("show_metric", {}, "unknown_metric", None),
        ("show_metric", {"metric": "../metrics/clients"}, "unknown_metric", None),
        ("show_metric", {"metric": ["clients", "encounters"]}, "repeated", None),
        ("list_codes", {"dimension": "langage"}, "no_such_dimension", "language"),
        ("list_metrics", {"lang": "xx"}, "unknown_language", "fi"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    use: Use, name: str, arguments: dict[str, Any], reason: str, nearest: str | None
) -> None:
    status, told = use(name, **arguments)
    assert 400 <= status < 500
    assert (told["reason"], bool(told["detail"])) == (reason, True)
    assert nearest is None or nearest in told["nearest"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_in_the_language_that_is_asked_for(use: Use, lang: str) -> None:
    assert use("ask", metric="clients", lang=lang, each="day")[1]["detail"] == message(
        "refusal.question.unknown_each", lang, each="day"
    ) + " " + message("refusal.nearest", lang, nearest="month, quarter, year")


def test_a_year_may_be_a_number_and_nothing_is_nothing(use: Use) -> None:
    told = use("ask", metric="clients", by=None, period=2025, each=None)
    assert told == use("ask", metric=["clients"], period="2025")
    assert told[0] == 200


def test_an_answer_is_short_enough_to_be_read(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    languages = len(use("ask", metric="clients", by="language", period="2025")[1]["names"]["language"])
    monkeypatch.setattr(telling, "MOST_ROWS", languages - 1)
    status, told = use("ask", metric="clients", by="language", period="2025")
    assert (status, told["reason"], str(languages - 1) in told["detail"]) == (400, "too_many_rows", True)


def test_who_asks_without_end_waits(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.api.bounds.A_MINUTE", 2)
    assert [use("list_metrics")[0] for _ in range(3)] == [200, 200, 429]


def test_a_store_that_is_not_open_tells_nothing(use: Use, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    for name, arguments in (("ask", {"metric": "clients"}), ("about_figures", {}), ("list_metrics", {})):
        status, told = use(name, **arguments)
        assert (status, told["reason"]) == (503, "not_open")


def test_a_setting_that_closes_the_open_interface_is_of_the_network(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(open_interface.SWITCH, "off")
    assert use("ask", metric="clients")[0] == 200


def test_a_store_that_cannot_be_read_is_told_without_a_path(
    use: Use, released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_copy(released.path, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(own))
    key_path(own).unlink()
    status, told = use("ask", metric="clients")
    assert (status, told["reason"], str(tmp_path) in str(told)) == (503, "unavailable", False)


def test_questions_are_in_the_log_as_a_visitors(
    use: Use, released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_copy(released.path, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(own))
    before = sum(1 for _ in AuditLog(own).lines())
    use("ask", metric="clients", period="2025")
    use("ask", metric="nothing")
    WAITING.flush()
    lines = [*AuditLog(own).lines()][before:]
    told = "clients --period 2025 --audience protected"
    assert [(line.what, line.who, line.about["question"]) for line in lines] == [("asked", "visitor", told)]


@pytest.mark.slow
def test_figures_of_packages_name_their_publisher(
    use: Use, two: tuple[Made, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (published.FOLDER, published.PACKAGES, publishing.STORE):
        monkeypatch.setenv(name, "x")  # so that what is set for the process does not outlive the test
        monkeypatch.delenv(name)
    files = []
    for one, name in zip(two, ("turku", "salo"), strict=True):
        files.append(tmp_path / f"{name}.tkp")
        files[-1].write_bytes(one.package.content)
    with publishing.published_site(files):
        publications = use("about_figures")[1]["publications"]
        told = use("ask", metric="clients", by="language", period=PERIOD, of=publications[1]["of"])[1]
        assert (told["publisher"], told["licence"]) == ("Turun kaupunki", "CC-BY-4.0")
        assert told["shown"]
        status, refused = use("ask", metric="clients", period="2019")
        assert (status, refused["reason"]) == (400, "period_not_in_package")
