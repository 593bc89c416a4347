"""Writes the sample's encounters as a municipality's system would export them: semicolons, Finnish headers and labels."""

from pathlib import Path

import polars as pl

from data.codes import code_list
from data.sample.plan import Plan
from data.sample.tables import encounter_tables
from data.spreadsheet import neutral

_CODED = {"kielituki": "language_support", "kanava": "channel", "ratkaisu": "resolution"}


def write_csv(plan: Plan, path: Path) -> int:
    """Write the encounters of a plan to `path`; the number of rows."""
    count = 0
    with path.open("wb") as out:
        for rows in encounter_tables(plan):
            frame = pl.DataFrame(pl.from_arrow(rows))
            _as_exported(frame).write_csv(out, separator=";", include_header=count == 0)
            count += frame.height
    return count


def _as_exported(rows: pl.DataFrame) -> pl.DataFrame:
    topics = code_list("topic")
    return rows.select(
        kohtaamis_id=pl.format("K{}", pl.col("encounter_id").cast(pl.String).str.zfill(7)),
        asiakas_id=pl.format("AS-{}", pl.col("client_id").cast(pl.String).str.zfill(6)),
        päivämäärä=pl.col("occurred_on").dt.to_string("%Y-%m-%d"),
        kunta=pl.col("municipality").cast(pl.String),
        kielikoodi=pl.col("language").cast(pl.String),
        **{header: _labelled(field) for header, field in list(_CODED.items())[:2]},
        aihe=pl.col("topics").list.eval(
            pl.element().cast(pl.String).replace_strict({code: neutral(topics.label(code, "fi")) for code in topics.ids})
        ).list.join("|"),
        minuutit=pl.col("minutes"),
        ratkaisu=_labelled("resolution"),
        ajanvaraus_pvm=pl.col("requested_on").dt.to_string("%Y-%m-%d"),
        maahantulo=pl.col("arrived_on").dt.to_string("%Y-%m"),
    )  # fmt: skip


def _labelled(field: str) -> pl.Expr:
    codes = code_list(field)
    return pl.col(field).cast(pl.String).replace_strict({code: neutral(codes.label(code, "fi")) for code in codes.ids})
