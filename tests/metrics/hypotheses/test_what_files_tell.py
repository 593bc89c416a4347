"""A hypothesis about what the files do not tell is refused before it is registered or tested, with what is lacking.

The answers to ordinary questions judge it: what they leave open for lack of files is never tested, whatever the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from data.coverage.sources import Sources
from data.coverage.sources import made as source_of
from data.model.records import TABLES
from data.model.schema import columns
from data.refusal import refusal_text
from data.store.store import Store
from data.texts import LANGUAGES, texts
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.grammar.question import Question, QuestionError
from metrics.hypotheses.background import covariates_of, with_background
from metrics.hypotheses.checking import check
from metrics.hypotheses.hypothesis import (
    Hypothesis,
    HypothesisError,
    group_dimensions,
    guardrail_metrics,
    outcomes,
    parse_hypothesis,
)
from metrics.hypotheses.outlook import outlook
from metrics.hypotheses.register import Register
from metrics.hypotheses.samples import draw
from metrics.hypotheses.testing import run
from metrics.model.definition import definitions
from metrics.model.dimensions import is_unknown
from metrics.model.needs import column_need, needs
from metrics.model.uses import metrics_using
from tests.lacking import lacking

OF_FILES = {"no_data", "not_recorded", "too_early_to_look_back", "immature", "part_known", "other_sources"}
UNFIT = ("comparison", "guardrail")
"""A comparison that is none for the metric, whatever the files tell."""
ESPOO, VANTAA = "049", "092"


@pytest.fixture
def without(tmp_path_factory: pytest.TempPathFactory, sample_store: Path) -> Callable[..., Store]:
    base = tmp_path_factory.getbasetemp() / "without"
    return lambda *lacked: lacking(base / "-".join(lacked), sample_store, *lacked) if lacked else Store(sample_store)


def made(outcome: str, period: str = "2025", **changes: object) -> Hypothesis:
    given = {"question": "Onko ryhmien välillä eroa?", "outcome": outcome, "direction": "either", "smallest": 5}
    return parse_hypothesis(**given, period=period, **changes)


def place_of(outcome: str) -> str:
    return "municipality" if "municipality" in group_dimensions(outcome) else "centre"


def comparisons(outcome: str, period: str = "2025", month: str = "2025-06") -> Iterator[Hypothesis]:
    """A hypothesis of every kind on a metric: two groups, all others, before and after, with one other area and with all."""
    groups = {"kind": "groups", "dimension": place_of(outcome), "compared": ESPOO}
    before = {"kind": "before_after", "month": month}
    designs: list[dict[str, str]] = [groups, {**groups, "reference": VANTAA}, before, {**before, "area": ESPOO}]
    designs += [{**before, "area": ESPOO, "comparison": other} for other in ("others", VANTAA)]
    for design in designs:
        yield made(outcome, period, design=design)
    for other in guardrail_metrics(outcome)[:1]:
        if outcome in guardrail_metrics(other):
            yield made(other, period, design=groups, guardrails=({"metric": outcome, "margin": 3},))


def reason(hypothesis: Hypothesis, store: Store) -> str:
    """Why it is refused; nothing where it is not, or where its comparison does not fit its metric."""
    try:
        check(hypothesis, store)
    except HypothesisError as error:
        for lang in LANGUAGES if error.reason in OF_FILES else ():
            refusal_text(error, texts(lang))  # has all it says
        return error.reason
    except QuestionError:
        return ""
    return ""


def states(store: Store, metric: str, period: str) -> set[str]:
    question = Question((metric,), definitions()[metric].requires, (), period, None, PROTECTED)
    return {row.state for row in ask(question, store).rows}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_nobody_has_imported(without: Callable[..., Store], table: str) -> None:
    store = without(table)
    for metric in outcomes():
        if table in needs(definitions()[metric]).every_table and states(store, metric, "2025") == {"no_data"}:
            for hypothesis in comparisons(metric):
                assert reason(hypothesis, store) in {"no_data", *UNFIT}, hypothesis


FIELDS = [
    (table, column.field)
    for table, model in TABLES.items()
    for column in columns(model)
    if not column.required and set(metrics_using(table, column.field)) & set(outcomes())
]


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_a_column_no_file_has(without: Callable[..., Store], table: str, field: str) -> None:
    store = without(table, field)
    for metric in set(metrics_using(table, field)) & set(outcomes()):
        if states(store, metric, "2025") == {"not_recorded"}:
            for hypothesis in comparisons(metric):
                why = reason(hypothesis, store)
                if why:
                    assert why in {"not_recorded", "part_known", *UNFIT}, hypothesis
                else:  # of another field's rows too few are left to say even how many are known
                    refused = outlook(hypothesis, store).refusal
                    assert refused is not None, hypothesis
                    assert refused.reason.startswith("few_"), hypothesis


FACTS = {definitions()[metric].fact: metric for metric in reversed(outcomes())}
"""A metric of every fact."""


def background() -> Iterator[tuple[str, str, str]]:
    """Every column that groups are made of, or adjusted by, with a table and field that it needs."""
    for metric in FACTS.values():
        definition = definitions()[metric]
        for name in dict.fromkeys((*group_dimensions(metric), *covariates_of(definition))):
            if name != "month":
                for table, fields in column_need(with_background(definition.of_fact), name).fields:
                    yield from ((table, field, f"{metric}/{name}") for field in fields)


GROUPED = sorted({(table, field) for table, field, _ in background()})


@pytest.mark.parametrize(("table", "field"), GROUPED)
def test_groups_and_backgrounds_no_file_has(without: Callable[..., Store], table: str, field: str) -> None:
    """All people are then in one group, the unknown one; adjusting by it would adjust by nothing."""
    lacked, whole = without(table, field), without()
    for _, _, name in (one for one in background() if one[:2] == (table, field)):
        metric, column = name.split("/")
        if column in group_dimensions(metric):
            for store, expected in ((lacked, {"not_recorded"}), (whole, {"", "part_known"})):
                found = ask(Question((metric,), (column,), (), "all", None, PROTECTED), whole).rows
                codes = [one.codes[column] for one in found if not is_unknown(metric, column, one.codes[column])][:2]
                design = {"kind": "groups", "dimension": column, "compared": codes[0]}
                assert {reason(made(metric, "all", design=design), store)} <= expected, name
        if column in covariates_of(definitions()[metric]) and definitions()[metric].kind != "count":
            other = "centre" if "centre" in group_dimensions(metric) and column == "municipality" else "language"
            code = ESPOO if other == "centre" else "so"
            if other != column and not {column, other} >= {"language_group"}:
                design = {"kind": "groups", "dimension": other, "compared": code}
                adjusted = made(metric, "all", design=design, covariates=(column,))
                assert reason(adjusted, lacked) == "not_recorded", name


def test_what_the_whole_sample_tells_is_not_refused(without: Callable[..., Store]) -> None:
    refused = {
        (metric, reason(one, without())) for metric in outcomes() for one in comparisons(metric, "all")
        if states(without(), metric, "2025") == {"shown"}
    }  # fmt: skip
    assert not {one for one in refused if one[1] in OF_FILES}


@pytest.mark.parametrize("metric", outcomes())
def test_a_period_too_young_for_the_follow_up(without: Callable[..., Store], metric: str) -> None:
    """The sample ends in October 2026. After a change in that month nobody has been followed; nor in that month alone."""
    store = without()
    if "immature" not in states(store, metric, "2026-10"):
        assert not needs(definitions()[metric]).matures
        return
    groups = made(metric, "2026-10", design={"kind": "groups", "dimension": place_of(metric), "compared": ESPOO})
    changed = made(metric, "all", design={"kind": "before_after", "month": "2026-10"})
    assert reason(groups, store) == reason(changed, store) == "immature"


def test_who_is_new_is_counted_from_where_the_past_is_known(without: Callable[..., Store]) -> None:
    """The sample begins in January 2024: in 2024 old clients look new. Of all time, the months from January 2025 on count."""
    store = without()
    groups = {"kind": "groups", "dimension": "municipality", "compared": ESPOO}
    assert reason(made("new_clients", "2024", design=groups), store) == "too_early_to_look_back"
    for metric, first in (("new_clients", date(2025, 1, 1)), ("clients", date(2024, 1, 1))):
        assert draw(made(metric, "all", design=groups), store, store.serving())["day"].min() == first


def test_a_side_without_deliveries(without: Callable[..., Store]) -> None:
    """Each side needs files of its own time: nothing was delivered before the change, or of the other municipalities."""
    store = without("cost")
    with store.next_generation("later", sample=True) as connection:
        connection.execute("UPDATE delivery SET first_day = DATE '2025-06-01' WHERE data_table = 'encounter'")
    assert reason(made("encounters", "all", design={"kind": "before_after", "month": "2025-06"}), store) == "no_data"
    assert reason(made("encounters", "all", design={"kind": "before_after", "month": "2025-07"}), store) == ""


@pytest.mark.parametrize(("days", "outcome", "why"), [
    ("2025-05-12", "encounters", "other_sources"), ("2025-05-12", "solved_share", ""), ("2025-05-01", "encounters", ""),
])  # fmt: skip
def test_half_a_month_is_no_month_of_a_number(without: Callable[..., Store], days: str, outcome: str, why: str) -> None:
    """The files begin, or go on after a pause, within a month: half of its events would look like a rise afterwards."""
    store = without("training")
    with store.next_generation("half", sample=True) as connection:
        connection.execute(f"UPDATE delivery SET first_day = DATE '{days}' WHERE data_table = 'encounter'")
    assert reason(made(outcome, "all", design={"kind": "before_after", "month": "2025-08"}), store) == why


def test_a_source_that_joins_is_no_change(without: Callable[..., Store]) -> None:
    """Vantaa delivers from June 2025 on, in a source of its own: all together rise then. A month left out makes numbers fall."""
    store = without("recognition")
    Sources.of(store.path).save({"vantaa": source_of("vantaa", 1, "Vantaa", VANTAA)})
    columns_but = "SELECT * REPLACE ({changes}) FROM delivery WHERE data_table = 'encounter' AND source = 0"
    with store.next_generation("joined", sample=True) as connection:
        joined = columns_but.format(changes="100 AS delivery, 1 AS source, DATE '2025-06-01' AS first_day")
        connection.execute(f"INSERT INTO delivery {joined}")
    whole = {"kind": "before_after", "month": "2025-06"}
    for metric in ("encounters", "solved_share", "minutes_median"):
        assert reason(made(metric, "all", design=whole), store) == "other_sources", metric
        assert reason(made(metric, "all", design={**whole, "area": ESPOO, "comparison": "others"}), store) == ""
    # After it both deliver all the time: shares before and after another month, numbers only from June on.
    late = {**whole, "month": "2026-06"}
    assert reason(made("solved_share", "all", design=late), store) == ""
    assert reason(made("encounters", "all", design=late), store) == "other_sources"
    assert reason(made("encounters", "2026", design=late), store) == ""


def test_a_refused_test_uses_no_look_and_leaves_no_result(without: Callable[..., Store]) -> None:
    store = without("encounter", "resolution")
    register = Register.of(store.path)
    line = register.register(next(comparisons("solved_share")))
    with pytest.raises(HypothesisError, match="not_recorded") as error:
        run(register, line.id, store)
    assert register.results() == ()
    assert "tulos" in refusal_text(error.value, texts("fi")), "names the field"


def test_a_share_known_for_too_few(without: Callable[..., Store]) -> None:
    """By the gate's rule, on each side: known for all of Espoo, for hardly anybody else."""
    store = without("training")
    with store.next_generation("half", sample=True) as connection:
        connection.execute(
            "UPDATE encounter SET resolution = 'unknown' WHERE municipality <> '049' AND record % 10 > 0"
        )
    own = {"kind": "before_after", "month": "2025-06", "area": ESPOO}
    assert reason(made("solved_share", "all", design=own), store) == ""
    for design in ({**own, "comparison": "others"}, {"kind": "groups", "dimension": "municipality", "compared": ESPOO}):
        assert reason(made("solved_share", "all", design=design), store) == "part_known"
