"""What a filter change costs in queries: a page's questions from the cube at two sizes of store, and from the raw table."""

import statistics
import time
from collections.abc import Callable

import pytest

from data.store.store import Store
from metrics.ask import ask
from tests.benchmarks.questions import page_questions

pytestmark = pytest.mark.benchmark

RAW = {
    "clients": "count(DISTINCT client) FILTER (WHERE client > 0)",
    "encounters": "count(*)",
}


def seconds(work: Callable[[], object], times: int = 9) -> float:
    """Median of some runs after a first one."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def page(store: Store) -> float:
    """Seconds for all questions of a page after a filter change; each run takes another language, as a person does."""
    languages = ["ru", "ar", "so", "uk", "et", "fa", "en", "ku"]
    for language in languages:
        for question in page_questions(language):
            ask(question, store)
    turn = iter(languages * 3)
    return seconds(lambda: [ask(question, store) for question in page_questions(next(turn))])


def raw(store: Store) -> float:
    """Seconds for the same numbers by plain DuckDB over the raw table: counts by the same breakdowns, no protection."""
    month = "date_trunc('month', occurred_on)"
    breakdowns = ["", month, "municipality", "topic, channel", "isodow(occurred_on), hour", "language_support"]
    cursor = store.read()

    def run() -> None:
        for by in breakdowns:
            source = "(SELECT *, unnest(topics) AS topic FROM encounter)" if "topic" in by else "encounter"
            columns = ", ".join([*([by] if by else []), *RAW.values()])
            group = f" GROUP BY {by}" if by else ""
            cursor.execute(f"SELECT {columns} FROM {source} WHERE language = 'ru'{group}").fetchall()
        cursor.execute(
            "SELECT median(minutes), quantile_disc(minutes, 0.9) FROM encounter WHERE language = 'ru'"
        ).fetchall()

    return seconds(run, times=3)


def test_a_page_costs_the_same_at_any_size(small: Store, large: Store) -> None:
    few, many, plain = page(small), page(large), raw(large)
    print(f"\npage from the cube: {few * 1000:.1f} ms small, {many * 1000:.1f} ms large, ratio {many / few:.2f}")
    print(f"plain DuckDB over the raw table, large: {plain * 1000:.0f} ms, {plain / many:.0f} times the cube")
    assert many <= 0.050
    assert many <= 1.5 * few
    assert plain > many
