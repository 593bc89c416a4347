"""When visits are counted stands beside them by their order, which no join has to find."""

from __future__ import annotations

import duckdb
import pytest

from metrics.cube import admission
from metrics.cube.admission import Admission, same_cell, when_admitted
from metrics.cube.agreement import ALONE

OTHERS = "one.client IS DISTINCT FROM visit.client OR one.month IS DISTINCT FROM visit.month"


def base_of(dimensions: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """A table of many blocks, in no order, whose language is not known of some."""
    found = duckdb.connect(config={"threads": 4})
    names = "".join(f"{name}, " for name in dimensions)
    found.execute(
        f"""CREATE TEMP TABLE base_month AS SELECT {names}month, client, count(*) AS c0, count(*) % 3 AS c1 FROM (
            SELECT nullif(hash(range) % 7, 0) AS language, (24000 + hash(range, 1) % 30)::INTEGER AS month,
                   (range % 90001 - 20000)::BIGINT * 7919 AS client FROM range(300000)
        ) GROUP BY ALL"""
    )
    return found


@pytest.mark.parametrize("dimensions", [(), ("language",)])
@pytest.mark.parametrize("chains", [(), ("year",)])
@pytest.mark.parametrize("turned", [False, True], ids=["as it comes", "turned"])
def test_each_row_stands_beside_its_own(
    dimensions: tuple[str, ...], chains: tuple[str, ...], turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = base_of(dimensions)
    if turned:  # as a join may bring them
        monkeypatch.setattr(admission, "same_cell", lambda names: f"{same_cell(names)} ORDER BY one.rowid DESC")
    Admission("base_month", dimensions, chains, 5, ("c1",) if chains else ())(cursor, ALONE)
    monkeypatch.undo()
    beside = f"FROM base_month one POSITIONAL JOIN counted_visit visit WHERE {OTHERS}"
    assert cursor.execute(f"SELECT count(*) {beside}").fetchone() == (0,)
    by_order, by_keys = (f"FROM {when_admitted('base_month', dimensions, is_all=one)}" for one in (True, False))
    (others,) = cursor.execute(f"SELECT count(*) FROM ({by_order} EXCEPT ALL {by_keys})").fetchone() or (None,)
    sizes = [cursor.execute(f"SELECT count(*) {rows}").fetchone() for rows in (by_order, by_keys)]
    assert (others, sizes[0]) == (0, sizes[1])
    assert sizes[0] is not None
    assert sizes[0][0] > 200_000
