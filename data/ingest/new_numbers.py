"""Rows that are there already and come again with other client numbers: whose they are from now on.

A published count is rounded by a draw that hangs on the clients it counts. With other numbers the same people are drawn anew, and
two draws of one figure, taken together, tell more of it than one. So where most clients of the rows that a sheet replaces would
have other numbers, it is asked about; by default the rows stay with the clients they have, whatever else they correct. Visitors
without a number are left alone: a row that gets a client, or loses it, counts other people than before.
"""

from __future__ import annotations

import duckdb
import polars as pl

from data.ingest.pseudonyms import Keyed
from data.ingest.recognise.asking import Asking
from data.model.records import TABLES
from data.model.schema import field_column
from data.store.reading import columns_there

KEEP, TAKE = "keep_numbers", "new_numbers"

_FEW = 3
"""Fewest clients whose numbers are no longer corrected one by one."""


def with_lasting_clients(
    connection: duckdb.DuckDBPyConnection | None, table: str, keyed: Keyed, asking: Asking
) -> Keyed:  # fmt: skip
    """Return a sheet's rows; where most clients would have other numbers, with the clients they have in the store.

    connection: the store's, None when it is empty; keyed: the rows under the records they are known under. Rows of another day
    than in the store are other visits, not the same ones with other numbers.
    """
    day = TABLES[table].day
    names = {"record", "client", *([field_column(TABLES[table], day).name] if day else [])}
    if connection is None or not names <= columns_there(connection, table) & {*keyed.frame.columns}:
        return keyed
    same = " AND ".join(f'mine."{name}" = theirs."{name}"' for name in sorted(names - {"client"}))
    both = f"FROM mine JOIN {table} theirs ON {same} WHERE mine.client > 0 AND theirs.client > 0"
    connection.register("mine", keyed.frame.select(*names))
    try:
        rows, clients, changed = connection.execute(
            "SELECT count(*) FILTER (mine.client <> theirs.client), count(DISTINCT theirs.client), "
            f"count(DISTINCT theirs.client) FILTER (mine.client <> theirs.client) {both}"
        ).fetchall()[0]
        if changed < _FEW or 2 * changed < clients or _taken(table, asking, int(rows), int(changed)):
            return keyed
        pairs = connection.sql(f"SELECT mine.record, mine.client, theirs.client AS known {both}").pl()
    finally:
        connection.unregister("mine")
    return _with_known_clients(keyed, pairs)


def _taken(table: str, asking: Asking, rows: int, clients: int) -> bool:
    """Whether the rows get the numbers of the sheet. Only that they keep theirs holds for later files: who lets numbers change
    once has not said so of the next change.
    """
    lasting = asking.answered("new_numbers", table=table) != TAKE
    answer = asking.decide("new_numbers", (KEEP, TAKE), table=table, rows=rows, lasting=lasting, clients=clients)
    return answer == TAKE


def _with_known_clients(keyed: Keyed, pairs: pl.DataFrame) -> Keyed:
    """Rows with the clients they have in the store. New rows of a number follow, when all its other rows are one client's."""
    by_number = pairs.group_by("client").agg(pl.col("known").unique())
    by_number = by_number.filter(pl.col("known").list.len() == 1).select(
        "client", pl.col("known").list.first().alias("follows")
    )
    frame = (
        keyed.frame.join(pairs.select("record", "known"), on="record", how="left", maintain_order="left")
        .join(by_number, on="client", how="left", maintain_order="left")
        .with_columns(pl.coalesce("known", "follows", "client").alias("client"))
        .select(keyed.frame.columns)
    )
    return Keyed(frame, keyed.clients.filter(pl.col("client").is_in(frame["client"].unique().implode())))
