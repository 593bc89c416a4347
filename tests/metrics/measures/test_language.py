"""Language, counted by eye."""

from datetime import date
from typing import Any

import pytest

from data.store.store import Store
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of


def served(support: str, minutes: int | None = None, client: int = 1, language: str = "so") -> dict[str, Any]:
    """An encounter of 2024 at no known service point."""
    day = date(2024, 5, 6)
    return {
        "client": client, "occurred_on": day, "language": language, "language_support": support, "minutes": minutes,
    }  # fmt: skip


SUPPORTED = [
    served("own_language", 500),
    served("own_language"),
    served("common_language", 40),
    served("interpreter_on_site", 30),
    served("interpreter_remote", 45, client=-1),
    served("interpreter_remote"),
    served("relative", 20, client=2),
    served("none_available", 25, client=2, language="my"),
    served("none_available", 60, client=-2, language="my"),
    served("unknown", 90),
]


def staffed(month: int, point: str, *languages: str) -> dict[str, Any]:
    return {"service_point": point, "month": date(2025, month, 1), "person_years": 1.0, "languages": list(languages)}


def at_point(month: int, point: str, language: str, client: int = 1) -> dict[str, Any]:
    """An encounter of 2025."""
    return {"client": client, "occurred_on": date(2025, month, 28), "service_point": point, "language": language}


POINTS = [{"code": "kamppi", "name_fi": "Kamppi"}, {"code": "omena", "name_fi": "Omena"}]
STAFF = [staffed(1, "kamppi", "so", "ar"), staffed(2, "kamppi", "ar"), staffed(4, "omena")]
AT_POINTS = [
    at_point(1, "kamppi", "so"),
    at_point(1, "kamppi", "ar", client=-3),
    at_point(1, "kamppi", "my"),
    at_point(1, "kamppi", "und"),
    at_point(2, "kamppi", "so"),
    at_point(3, "kamppi", "so"),
    at_point(1, "omena", "so"),
    at_point(4, "omena", "so"),
    at_point(1, "unknown", "so"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    tables = {"encounter": SUPPORTED + AT_POINTS, "staff": STAFF, "service_point": POINTS}
    return store_of(tmp_path_factory.mktemp("language") / "store", tables)


@pytest.mark.parametrize(
    ("metric", "cases"),
    [
        ("understood_language_share", 6),
        ("own_language_share", 2),
        ("interpreted_share", 3),
        ("relative_interpreting_share", 1),
        ("language_unmet_share", 2),
    ],
)
def test_shares_of_language_support(store: Store, metric: str, cases: int) -> None:
    """Ten encounters: own 2, common 1, interpreters 1 + 2, relative 1, none 2, not known 1.

    Understood 2 + 1 + 1 + 2 = 6; interpreted 3. The one not known leaves the denominator: 9.
    """
    assert number(store, metric, period="2024") == pytest.approx(100 * cases / 9)


def test_shares_of_one_language(store: Store) -> None:
    """Both Burmese encounters were without a common language: 2 / 2; of the eight Somali ones none: 0 / 8."""
    assert numbers(store, "language_unmet_share", by=("language",), period="2024")["my"] == 100
    assert numbers(store, "language_unmet_share", by=("language",), period="2024")["so"] == 0


def test_interpreting_need_hours(store: Store) -> None:
    """30 + 45 + 20 + 25 + 60 = 180 minutes = 3 hours; the remote one without minutes adds nothing, nor do the others."""
    assert number(store, "interpreting_need_hours", period="2024") == 3
    by_language = numbers(store, "interpreting_need_hours", by=("language",), period="2024")
    assert by_language["my"] == pytest.approx(85 / 60)
    assert by_language["so"] == pytest.approx(95 / 60)


def test_staff_language_cover(store: Store) -> None:
    """With staff data: four at Kamppi in January, one in February, one at Omena in April: 6. Spoken: Somali and Arabic in
    January: 2. The Somali speaker has left in February, Omena's staff speak nothing but what is not said, and an unknown
    language leaves the denominator. No staff data: Kamppi in March, Omena in January, the unknown point. 2 / 5.
    """
    assert number(store, "staff_language_cover", period="2025") == 40
    assert number(store, "staff_language_cover", period="2025-01") == pytest.approx(200 / 3)
    assert number(store, "staff_language_cover", period="2025-03") is None
    by_point = numbers(store, "staff_language_cover", by=("service_point",), period="2025")
    assert by_point == {"kamppi": 50, "omena": 0, "unknown": None}
