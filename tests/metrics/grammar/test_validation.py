"""Every refusal of a question whole: reason, what fills its text, what can be asked instead and of what kind that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from data.store.generation import Generation
from metrics.audience import Audience
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError, ValidatedQuestion, nearest, validate
from metrics.model.definition import definitions

GENERATION = Generation(
    number=1, parent=None, created=datetime(2025, 12, 1), cause="", schema_version="", rows={}, clients=0,
    first_day=date(2024, 11, 5), data_until={"encounter": date(2025, 3, 20)}, token="t",
)  # fmt: skip
PLACES = ("omena", "kamppi")
UNKNOWN: Audience = "public"
C = ("clients",)


def validated(question: Question, generation: Generation = GENERATION) -> ValidatedQuestion:
    return validate(question, generation, PLACES, lambda: generation.first_day)


@pytest.mark.parametrize(
    ("question", "reason", "params", "instead", "kind"),
    [
        (Question(()), "no_metric", {}, (), ""),
        (Question(C, audience=UNKNOWN), "unknown_audience", {"audience": "public"}, ("protected",), ""),
        (Question(("clents",)), "unknown_metric", {"metric": "clents"}, ("clients", "new_clients"), "metric"),
        (Question(("clients", "zzz")), "unknown_metric", {"metric": "zzz"}, (), "metric"),
        (Question(C, by=("languge",)), "unknown_dimension", {"dimension": "languge", "metric": "clients"},
         ("language", "language_group"), "dimension"),
        (Question(C, where=(("zzz", ("x",)),)), "unknown_dimension", {"dimension": "zzz", "metric": "clients"},
         definitions()["clients"].allowed, "dimension"),
        (Question(C, where=(("language", ("so", "sso")),)), "unknown_code", {"dimension": "language", "code": "sso"},
         ("ss",), "code"),
        (Question(C, where=(("municipality", ("turku",)),)), "unknown_code", {"dimension": "municipality", "code": "turku"},
         ("853",), "code"),
        (Question(C, where=(("municipality", ("Åbo",)),)), "unknown_code", {"dimension": "municipality", "code": "Åbo"},
         ("853",), "code"),
        (Question(C, where=(("language", ()),)), "unknown_code", {"dimension": "language", "code": ""}, (), "code"),
        (Question(C, where=(("service_point", ("oma",)),)), "unknown_code", {"dimension": "service_point", "code": "oma"},
         ("omena",), "code"),
        (Question(C, by=("language", "topic", "language")), "dimension_twice", {"dimension": "language"}, (), ""),
        (Question(C, by=("topic",), where=(("topic", ("work",)),)), "dimension_twice", {"dimension": "topic"}, (), ""),
        (Question(C, by=("language", "topic", "channel"), where=(("hour", ("09",)),)), "too_many_dimensions",
         {"most": "3"}, ("language", "topic", "channel"), "dimension"),
        (Question(C, by=("topic", "region", "municipality")), "place_twice", {"dimension": "region"}, ("municipality",),
         "dimension"),
        (Question(("flow",)), "needs_dimension", {"metric": "flow", "dimension": "from_service"},
         ("from_service", "to_service"), "dimension"),
        (Question(("flow",), by=("from_service",)), "needs_dimension", {"metric": "flow", "dimension": "to_service"},
         ("from_service", "to_service"), "dimension"),
        (Question(C, period="2025-13"), "unknown_period", {"period": "2025-13"},
         ("2025", "2025-Q3", "2025-03", "2025-ytd-09", "all"), ""),
        (Question(C, each="week"), "unknown_each", {"each": "week"}, ("month", "quarter", "year"), "each"),  # type: ignore[arg-type]
        (Question(C, period="2025-03", each="month"), "each_not_finer", {"period": "2025-03", "each": "month"}, ("month",),
         "each"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_whole(
    question: Question, reason: str, params: Mapping[str, str], instead: tuple[str, ...], kind: str
) -> None:
    with pytest.raises(QuestionError) as refused:
        validated(question)
    error = refused.value
    assert (error.reason, error.params, error.nearest_kind) == (reason, params, kind)
    assert error.nearest[: len(instead)] == instead
    assert bool(error.nearest) == bool(instead)
    assert error.key == f"refusal.question.{reason}"


@pytest.mark.parametrize(
    ("by", "where"),
    [
        ((), ()),
        (("language", "topic", "channel"), ()),
        (("language",), (("topic", ("work", "housing")), ("service_point", ("omena",)))),
        (("region", "language_group", "topic_group"), ()),
    ],
)
def test_up_to_three_dimensions_can_be_asked(
    by: tuple[str, ...], where: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    question = Question(C, by, where)
    asked = validated(question)
    assert asked.question is question
    assert asked.definitions == (definitions()["clients"],)
    assert [str(period) for period in asked.periods] == ["all"]
    assert question.dimensions == (*by, *(name for name, _ in where))
    assert len(question.dimensions) <= MOST_DIMENSIONS == 3


def test_several_metrics_are_understood_in_their_order() -> None:
    asked = validated(Question(("encounters", "clients"), period="2025"))
    assert [definition.id for definition in asked.definitions] == ["encounters", "clients"]


@pytest.mark.parametrize("audience", ["protected", "internal"])
def test_both_audiences_may_ask(audience: Audience) -> None:
    assert validated(Question(C, audience=audience)).question.audience == audience


def test_a_series_has_a_period_for_each_part_with_data() -> None:
    parts = validated(Question(C, period="2025", each="month")).periods
    assert [str(part) for part in parts] == ["2025-01", "2025-02", "2025-03"]
    years = validated(Question(C, each="year")).periods
    assert [str(part) for part in years] == ["2024", "2025"]


def test_without_data_there_is_nothing_in_a_series() -> None:
    empty = Generation(2, None, datetime(2025, 12, 1), "", "", {}, 0, None, {}, "t")
    assert validated(Question(C, each="month"), empty).periods == ()
    half = Generation(2, None, datetime(2025, 12, 1), "", "", {}, 0, None, {"encounter": date(2025, 1, 1)}, "t")
    assert validated(Question(C, each="month"), half).periods == ()
    assert [str(part) for part in validated(Question(C), empty).periods] == ["all"]


def test_the_nearest_names_are_at_most_three_and_alike_by_half() -> None:
    assert nearest("aaaa", ["aaab", "aaaa", "aaba", "abaa"]) == ("aaaa", "aaba", "aaab")
    assert nearest("abcd", ["abxx"]) == ("abxx",)
    assert nearest("abcd", ["axxx"]) == ()
