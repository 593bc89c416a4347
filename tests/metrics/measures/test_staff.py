"""Figures about the staff of small places: nobody outside sees them, nor can reckon them from what is shown."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import clock
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import Audience
from metrics.gate import STAFF_FROM, staff_groups
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.listing import as_csv
from metrics.measures.gaps import Lacking
from metrics.model.definition import definitions
from metrics.model.kinds import Rate
from tests.metrics.made import store_of

OF_STAFF = {"person_years", "training_days"}
ABOUT_STAFF = [
    definition.id
    for definition in definitions().values()
    if isinstance(definition.measure, Rate) and OF_STAFF & {definition.measure.amount, definition.measure.per_amount}
]
TODAY = clock.today()
MONTHS = [date(2025, month, 1) for month in range(1, 4)]
rates = st.sampled_from([0.0, 0.3, 1.0, 2.5, 4.9, 5.0, 8.0])
places = st.dictionaries(
    st.sampled_from("abcde"), st.dictionaries(st.sampled_from(MONTHS), rates, min_size=1), min_size=1
)


def staffed(point: str, year: int, month: int, rate: float, days: float | None) -> dict[str, object]:
    return {"service_point": point, "month": date(year, month, 1), "person_years": rate, "training_days": days}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """2024 and 2025: a large place, one as large that had a worker too few in June 2025, and two places of one worker each."""
    sizes = {"large": 12.0, "once_small": 7.0, "lone": 0.28, "other": 1.0}
    staff = [
        staffed(point, year, month, 4.0 if (point, year, month) == ("once_small", 2025, 6) else rate, 0.1)
        for (point, rate), year, month in product(sizes.items(), (2024, 2025), range(1, 13))
    ]
    met = [
        {"client": n, "service_point": point, "occurred_on": date(year, 6, 10)}
        for n, (point, year, _) in enumerate(product(sizes, (2024, 2025), range(20)), 1)
    ]
    # This month is open, and of it the staff is known already.
    met.append({"client": 1, "service_point": "large", "occurred_on": TODAY})
    staff.append(staffed("large", TODAY.year, TODAY.month, 1.0, 9.0))
    points = [{"code": code, "name_fi": code, "municipality": "049"} for code in sizes]
    return store_of(
        tmp_path_factory.mktemp("staff") / "store", {"encounter": met, "staff": staff, "service_point": points}
    )


def asked(store: Store, metric: str, point: str, period: str, audience: Audience = "protected") -> Row:
    (row,) = ask(
        Question((metric,), where=(("service_point", (point,)),), period=period, audience=audience), store
    ).rows
    return row


def test_every_metric_of_the_staff_is_tried_here() -> None:
    assert set(ABOUT_STAFF) == {"training_days_per_person_year", "encounters_per_person_year"}


@pytest.mark.parametrize("metric", ABOUT_STAFF)
@pytest.mark.parametrize("period", ["2025-06", "2025-Q2", "2025-ytd-06", "2025", "all"])
def test_a_place_of_one_worker_is_not_told(store: Store, metric: str, period: str) -> None:
    row = asked(store, metric, "lone", period)
    assert (row.value, row.value is None, row.bound, row.denominator) == (None, True, None, None)
    assert asked(store, metric, "lone", period, "internal").value is not None


@pytest.mark.parametrize("metric", ABOUT_STAFF)
def test_a_place_is_told_of_by_whole_years(store: Store, metric: str) -> None:
    """In 2025 `once_small` fell under the minimum once: no period of that year may tell it, nor all time.

    Without it, the two lone workers of 2024 would stand alone in the rest, so it is hidden there too.
    """
    told = {
        (point, period): asked(store, metric, point, period).value is not None
        for point, period in product(("large", "once_small"), ("2024", "2024-06", "2025", "2025-Q2", "2025-06", "all"))
    }
    assert {key for key, is_told in told.items() if is_told} == {
        ("large", p) for p in ("2024", "2024-06", "2025", "2025-Q2", "2025-06", "all")
    }


@pytest.mark.parametrize("metric", ABOUT_STAFF)
@pytest.mark.parametrize("period", ["2025-06", "2025", "all"])
def test_no_row_of_the_protected_view_carries_an_amount_of_the_staff(store: Store, metric: str, period: str) -> None:
    for question in (Question((metric,), period=period), Question((metric,), by=("service_point",), period=period)):
        answer = ask(question, store)
        assert any(row.value is not None for row in answer.rows)
        assert {row.denominator for row in answer.rows} == {None}
        if metric == "training_days_per_person_year":
            assert {(row.numerator, row.n) for row in answer.rows} == {(None, None)}
        assert "0.02" not in as_csv(answer, [Lacking()] * len(answer.rows))


def test_an_open_month_of_the_staff_is_not_in_the_protected_view(store: Store) -> None:
    metric = "training_days_per_person_year"
    everyone = {
        audience: ask(Question((metric,), audience=audience), store).rows[0].value
        for audience in ("protected", "internal")
    }
    assert everyone["protected"] == pytest.approx(9.6 / (2 * 20.28 - 3 / 12), abs=0.05)
    assert everyone["internal"] == pytest.approx(18.6 / (2 * 20.28 - 3 / 12 + 1 / 12), abs=0.05)
    assert asked(store, metric, "large", str(TODAY.year)).value is None


def test_training_that_is_known_of_one_worker_alone_is_not_told_by_the_total(tmp_path: Path) -> None:
    staff = [staffed("large", 2025, 1, 12, None), staffed("lone", 2025, 1, 1, 2)]
    points = [{"code": code, "name_fi": code, "municipality": "049"} for code in ("large", "lone")]
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}], "staff": staff, "service_point": points})
    for audience, value in (("protected", None), ("internal", 24)):
        question = Question(("training_days_per_person_year",), period="2025", audience=audience)
        assert ask(question, store).rows[0].value == value


@given(places)
def test_shown_places_and_what_is_left_of_the_total_are_never_of_few(of: dict[str, dict[date, float]]) -> None:
    shown = staff_groups(of)
    groups = [[name] for name in shown if name is not None]
    if shown:
        groups += [list(of), [name for name in of if name not in shown]]
    for group in groups:
        for month in MONTHS:
            known = [of[name][month] for name in group if month in of[name]]
            assert not known or sum(known) >= STAFF_FROM


@given(places)
def test_nothing_is_hidden_where_every_place_has_enough(of: dict[str, dict[date, float]]) -> None:
    enough = {name: {month: rate + STAFF_FROM for month, rate in months.items()} for name, months in of.items()}
    assert staff_groups(enough) == {None, *enough}
