"""A dimension is what its metric's fact says it is: for every metric, dimension, code and language, and nowhere by a copy."""

from __future__ import annotations

import ast
import csv
import io
import re
from pathlib import Path

import pytest

from data.codes import UNKNOWN_POINT, code_list, code_list_names, unknown_code
from data.store.store import Store
from data.texts import LANGUAGES
from metrics.ask import ask
from metrics.audience import INTERNAL
from metrics.change import ranking
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError
from metrics.listing import as_csv, as_table
from metrics.measures.gaps import Lacking
from metrics.model.condition import ConditionError, columns_of
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import (
    Places,
    codes,
    has_code,
    has_unknown,
    is_unknown,
    label,
    list_of,
    service_points,
    unknown_of,
)
from metrics.model.facts import FACTS
from metrics.model.facts.fact import GROUPINGS, base_of
from pages.view.state import SLOTS
from tests.conftest import ROOT
from tests.metrics.breakdowns import make_breakdowns
from tests.metrics.exact import numbers
from tests.metrics.made import store_of

METRICS = tuple(definitions())
POINTS: Places = {
    "9": {"fi": "Piste 9", "sv": "Punkt 9", "en": "Point 9"},
    UNKNOWN_POINT: dict.fromkeys(LANGUAGES, "?"),
}


def asked(definition: Definition, dimension: str) -> Question | None:
    """The metric by the dimension, what it requires beside it fixed; None where the grammar has no such question."""
    fixed = [name for name in definition.requires if name != dimension]
    bases = {base_of(name) for name in (*fixed, dimension)}
    if len(bases) <= len(fixed) or len(fixed) == MOST_DIMENSIONS:
        return None
    where = tuple((name, codes(definition.id, name, ())[:1]) for name in fixed)
    return Question((definition.id,), by=(dimension,), where=where, audience=INTERNAL)  # whose cells are made together


@pytest.mark.parametrize("metric", METRICS)
def test_every_code_of_every_dimension_has_its_own_list_s_label(metric: str) -> None:
    definition = definitions()[metric]
    for dimension in definition.allowed:
        name = definition.of_fact.dimensions[dimension]
        for code in codes(metric, dimension, POINTS):
            assert has_code(metric, dimension, code, POINTS)
            for lang in LANGUAGES:
                said = label(metric, dimension, code, lang, POINTS)
                own = POINTS[code][lang] if name == "service_point" else code_list(name).label(code, lang)
                assert said == own[:1].upper() + own[1:]
                assert label(metric, dimension, code, lang, POINTS, within_sentence=True) == own


def test_one_name_may_mean_two_lists() -> None:
    assert label("still_employed", "kind", "employment_open", "fi", {}) == code_list("outcome_kind").label(
        "employment_open", "fi"
    )
    assert codes("still_employed", "kind", ()) == code_list("outcome_kind").ids
    assert codes("tailored_share", "kind", ()) == code_list("training_kind").ids
    assert unknown_of("still_employed", "kind") is None
    assert unknown_of("tailored_share", "kind") == unknown_code("training_kind")


def test_without_a_metric_only_what_is_the_same_in_every_fact_is_meant() -> None:
    for dimension in sorted({name for fact in FACTS.values() for name in fact.dimensions}):
        lists = {fact.dimensions[dimension] for fact in FACTS.values() if dimension in fact.dimensions}
        if len(lists) > 1:
            with pytest.raises(KeyError):
                list_of(None, dimension)
        else:
            assert [getattr(list_of(None, dimension), "name", "service_point")] == list(lists)
    with pytest.raises(KeyError):
        list_of(None, "kind")
    with pytest.raises(KeyError):
        list_of(None, "colour")
    for dimension in (name for names in SLOTS.values() for name in names):
        assert codes(None, dimension, POINTS), "a filter of the bar is a dimension of its own right"


@pytest.fixture(scope="module")
def with_breakdowns(sample_store: Path) -> Store:
    return make_breakdowns(Store(sample_store), METRICS)


@pytest.mark.parametrize("metric", METRICS)
def test_every_breakdown_is_a_table_and_a_csv(metric: str, with_breakdowns: Store) -> None:
    store, definition = with_breakdowns, definitions()[metric]
    places = service_points(store, store.serving(), "internal")
    for dimension in definition.allowed:
        question = asked(definition, dimension)
        if question is None:
            continue
        answer = ask(question, store)
        table = "\n".join(as_table(answer, store, "fi"))
        flat = list(csv.DictReader(io.StringIO(as_csv(answer, [Lacking()] * len(answer.rows)))))
        assert len(flat) == len(answer.rows)
        for row in answer.rows:
            assert label(metric, dimension, row.codes[dimension], "fi", places) in table


def test_a_row_is_named_by_the_list_of_its_own_metric(sample_store: Path) -> None:
    store = Store(sample_store)
    rows = (
        Row("still_employed", {"kind": "employment_open"}, "2025", 80.0, "%"),
        Row("training_completed_share", {"kind": "unknown"}, "2025", 90.0, "%"),
    )
    question = Question(("still_employed", "training_completed_share"), by=("kind",))
    table = "\n".join(as_table(Answer(question, rows, store.serving().number, None, None), store, "en"))
    assert code_list("outcome_kind").label("employment_open", "en") in table
    assert code_list("training_kind").label("unknown", "en") in table


def test_a_code_is_fixed_only_where_every_metric_knows_it(sample_store: Path) -> None:
    question = Question(("still_employed", "training_completed_share"), where=(("kind", ("employment_open",)),))
    with pytest.raises(QuestionError) as refused:
        ask(question, Store(sample_store))
    assert refused.value.reason == "unknown_code"


def test_groups_and_what_they_group_are_one_thing_in_every_fact() -> None:
    for fact in FACTS.values():
        for name, grouping in GROUPINGS.items():
            if name in fact.dimensions:
                assert (fact.dimensions[name], fact.dimensions[grouping.base]) == (name, grouping.base)


def test_both_sides_of_a_metric_mean_the_same_by_a_dimension() -> None:
    wrong = definitions()["to_competence_centre"].model_dump(exclude_defaults=True) | {
        "dimensions": ("topic", "manner")
    }
    with pytest.raises(ValueError, match="do not mean the same by 'manner'"):
        Definition.model_validate(wrong)


# --- what is not known


def test_which_code_is_unknown_is_asked_of_the_list() -> None:
    for name in code_list_names():
        fact = next(
            ((m, d) for m in METRICS for d, of in definitions()[m].of_fact.dimensions.items() if of == name), None
        )
        if fact is not None:
            metric, dimension = fact
            unknown = [code for code in codes(metric, dimension, ()) if is_unknown(metric, dimension, code)]
            assert unknown == [code for code in (code_list(name).unknown,) if code]
    assert has_unknown("encounters", {"language": "so", "municipality": "000"})
    assert not has_unknown("encounters", {"language": "so", "municipality": "049", "service_point": "000"})
    assert not any(is_unknown("encounters", "service_point", code) for code in ("9", "und", "000", ""))
    assert is_unknown("encounters", "service_point", UNKNOWN_POINT)


def test_a_service_point_may_be_called_by_a_code_that_is_unknown_elsewhere(tmp_path: Path) -> None:
    points = [{"code": code, "name_fi": f"Piste {code}", "municipality": "049"} for code in ("9", "und", "000")]
    visits = [{"client": n, "service_point": points[n % 3]["code"]} for n in range(1, 91)]
    store = store_of(tmp_path / "s", {"service_point": points, "encounter": visits})
    assert numbers(store, "clients", by=("service_point",)) == {"9": 30, "und": 30, "000": 30}
    row = Row("clients", {"service_point": "9"}, "2025", 300.0, "clients")
    before = Row("clients", {"service_point": "9"}, "2024", 30.0, "clients")
    assert len(ranking.compared("service_point", [row], [before], exact=True)) == 1


def test_a_condition_asks_whether_a_column_is_known(tmp_path: Path) -> None:
    for column, of in {"channel": "channel", "language": "language", "municipality": "municipality"}.items():
        assert columns_of(f"{column}_known", FACTS["encounter"]) == (f"{column}_known",)
        sql = FACTS["encounter"].select((f"{column}_known",))
        assert f"e.{column} <> '{unknown_code(of)}' AS {column}_known" in sql
    for nothing in ("topic_known", "weekday_known", "service_point_known", "minutes_known", "channel_known_known"):
        with pytest.raises(ConditionError):
            columns_of(nothing, FACTS["encounter"])
    with pytest.raises(ConditionError):  # a start in work is always of some kind
        columns_of("kind_known", FACTS["outcome"])


RULE = re.compile(r"'(unknown|und|000|9)'")
"""The same in SQL."""
UNKNOWN = {code_list(name).unknown for name in code_list_names()} - {None}


def test_no_other_place_says_which_code_is_unknown() -> None:
    found = []
    for room in ("data", "metrics", "pages", "tilannekuva"):
        for file in sorted((ROOT / room).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            # The lists themselves, and data that is made up.
            if name.startswith(("data/codes/", "data/sample/")):
                continue
            tree = ast.parse(file.read_text(encoding="utf-8"))
            reasons = {id(arg) for node in ast.walk(tree) if isinstance(node, ast.Raise) for arg in ast.walk(node)}
            found += [
                f"{name}:{node.lineno}: {node.value}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in reasons
                and (node.value in UNKNOWN or RULE.search(node.value))
                and not _is_example(node.value)
            ]
    for file in sorted((ROOT / "metrics" / "definitions").glob("*.toml")):
        found += [f"{file.name}: {hit}" for hit in RULE.findall(file.read_text(encoding="utf-8"))]
    assert found == []


def _is_example(text: str) -> bool:
    """A docstring with an example, which a reader needs as it is."""
    return ">>>" in text
