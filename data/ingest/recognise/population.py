"""Statistics Finland's language table as PxWeb exports it: areas and languages down, years across, totals among the rows."""

import re
from dataclasses import dataclass, replace

import polars as pl

from data.codes import code_list, normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import headers

YEAR_HEADER = "Vuosi"
RESIDENTS_HEADER = "Väestö"

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_TOTAL_LANGUAGE = (
    r"(?i)^\s*(?:SSS|0[12])(?:\s|$)|^\s*0?\s*(?:yhteensä|kaikki|kaikki kielet|totalt|alla|alla språk|total|all|all languages|"
    r"vieraskieliset|vieraat kielet|ulkomaankieliset|ulkomaiset kielet|kotimaiset kielet|kotimaankieliset|främmande språk|"
    r"personer med främmande språk|inhemska språk|foreign languages|foreign-language speakers|national languages)\s*$"
)
_TOTAL_AREA = (
    r"(?i)^\s*(?:SSS|MK\d\d|SK\d\d\d|HVA\d\d|KM\d\d?)(?:\s|$)|^\s*(?:koko maa|hela landet|whole country|manner-suomi|"
    r"fasta finland|mainland finland|kaikki kunnat|pääkaupunkiseutu|huvudstadsregionen)\s*$|"
    r"(?:maakunta|seutukunta|hyvinvointialue|landskap|ekonomiska region|sub-region|välfärdsområde)\s*$"
)
"""Sums of languages or areas; regions are known by their names besides."""
_SUPPRESSED = (".", "..", "...", "…")
_ZERO = ("-", "–", "−")


@dataclass(frozen=True)
class LongTable:
    """The table with one record per row, and how many records were totals and left out."""

    sheet: Sheet
    dropped: int


def long_table(sheet: Sheet) -> LongTable | None:
    """The population table a sheet holds, its years melted to rows and its totals dropped; None if it is another table.

    A record keeps the number of its row in the file. `.` and `..` become empty (suppressed), `-` becomes zero.
    """
    fields = {index: _field(header) for index, header in enumerate(sheet.header)}
    by_field = {name: f"c{index}" for index, name in fields.items() if name}
    years = {f"c{index}": year for index, header in enumerate(sheet.header) if (year := _year(header))}
    if "municipality" not in by_field or "language" not in by_field:
        return None
    every = sheet.rows.height
    named = [name for field, name in by_field.items() if field != "municipality"]
    # A text alone in the column of areas is a note under the table.
    told = pl.any_horizontal(pl.col(name).is_not_null() for name in (*named, *years))
    sheet = replace(sheet, rows=sheet.rows.filter(told))
    notes = every - sheet.rows.height
    if years and not {"year", "residents"} & set(by_field):
        rows = _melt(sheet, by_field["municipality"], by_field["language"], years)
        header: tuple[str, ...] = (
            sheet.header[int(by_field["municipality"][1:])], sheet.header[int(by_field["language"][1:])],
            YEAR_HEADER, RESIDENTS_HEADER,
        )  # fmt: skip
        by_field = {"municipality": "c0", "language": "c1", "year": "c2", "residents": "c3"}
    elif {"year", "residents"} <= set(by_field):
        rows, header = sheet.rows, sheet.header
    else:
        return None
    kept = rows.filter(
        ~pl.col(by_field["language"]).fill_null("").str.contains(_TOTAL_LANGUAGE)
        & ~pl.col(by_field["municipality"]).fill_null("").str.contains(_TOTAL_AREA)
        & ~pl.col(by_field["municipality"]).is_in(_regions(rows[by_field["municipality"]])).fill_null(value=False)
    )
    cell = pl.col(by_field["residents"]).str.strip_chars()
    kept = kept.with_columns(
        pl.when(cell.is_in(_SUPPRESSED)).then(None).when(cell.is_in(_ZERO)).then(pl.lit("0")).otherwise(cell)
        .alias(by_field["residents"])
    )  # fmt: skip
    return LongTable(replace(sheet, header=header, rows=kept), rows.height - kept.height + notes)


def _regions(areas: pl.Series) -> list[str]:
    """The areas among them that are regions, and no municipality of the same name."""
    regions, places = code_list("region"), code_list("municipality")
    names = areas.filter(~areas.str.contains(r"\d")).drop_nulls().unique()
    return [text for text in names if regions.find(text) and not places.find(text)]


def _melt(sheet: Sheet, area: str, language: str, years: dict[str, str]) -> pl.DataFrame:
    melted = sheet.rows.unpivot(
        on=list(years), index=["row", area, language], variable_name="_year", value_name="_residents"
    )
    return melted.select(
        "row", pl.col(area).alias("c0"), pl.col(language).alias("c1"),
        pl.col("_year").replace_strict(years, return_dtype=pl.String).alias("c2"), pl.col("_residents").alias("c3"),
    ).sort("row", "c2", maintain_order=True)  # fmt: skip


def _field(header: str) -> str | None:
    named = headers.field_of("population", header)
    return named[0] if named else None


def _year(header: str) -> str | None:
    """The one year a header such as `2025` or `2025 Väestö 31.12.` states."""
    found = set(_YEAR.findall(header))
    words = [word for word in normalise(header).split() if not word.isdigit()]
    return found.pop() if len(found) == 1 and len(words) <= 2 else None
