"""Which table a sheet holds and which of its columns are which fields; what is left out is said with the reason."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import content, headers
from data.ingest.recognise.population import long_table
from data.ingest.recognise.values import Reading
from data.model.records import TABLES


@dataclass(frozen=True)
class ColumnMatch:
    """One column and its field. `how`: `header`, `phrase`, `values`, `mark` (an x means `mark`), `profile`."""

    column: str
    header: str
    field: str
    how: str
    reading: Reading = dataclasses.field(default_factory=Reading)
    mark: str | None = None


@dataclass(frozen=True)
class Ignored:
    """A column left out. `reason`: `unknown_header`, `field_taken`, `empty_column`, `profile_ignores`."""

    column: str
    header: str
    reason: str


@dataclass(frozen=True)
class Recognised:
    """A sheet with its table and columns; `dropped` counts rows left out by rule (totals) and is not of `sheet.rows`."""

    sheet: Sheet
    table: str
    columns: tuple[ColumnMatch, ...]
    ignored: tuple[Ignored, ...]
    profile: str | None = None
    dropped: int = 0

    def of_field(self, name: str) -> tuple[ColumnMatch, ...]:
        """The columns of a field: none, one, or several marks."""
        return tuple(match for match in self.columns if match.field == name)


class NoTable(Exception):  # noqa: N818  (not a fault of the program: the sheet fits no table)
    """No table fits: the nearest one and the fields it misses."""

    def __init__(self, nearest: str, missing: tuple[str, ...], known: int) -> None:
        super().__init__(nearest)
        self.nearest = nearest
        self.missing = missing
        self.known = known
        """Columns of the nearest table that were recognised."""


def recognise(sheet: Sheet) -> Recognised:
    """The table whose required fields the headers cover best. Raises NoTable."""
    named = headers.table_of_sheet(sheet.name)
    population = long_table(sheet)
    if population:
        return replace(_by_headers(population.sheet, "population"), dropped=population.dropped)
    candidates = [_by_headers(sheet, table) for table in TABLES]
    most = max(map(_by_header, candidates))
    # Looking at values is for the tables that the headers make likely.
    candidates = [_by_contents(found) if _by_header(found) >= max(1, most - 3) else found for found in candidates]
    fitting = [found for found in candidates if not missing_fields(found)]
    if not fitting:
        nearest = max(candidates, key=_by_header)  # the first, encounters, when no header is known
        raise NoTable(nearest.table, missing_fields(nearest), _by_header(nearest))
    return max(fitting, key=lambda found: (_certain(found), found.table == named, -len(found.ignored)))


def missing_fields(found: Recognised) -> tuple[str, ...]:
    """Required fields without a column."""
    have = {match.field for match in found.columns}
    return tuple(
        name for name, info in TABLES[found.table].model_fields.items() if info.is_required() and name not in have
    )


def _certain(found: Recognised) -> int:
    """Columns, with all the marks of one field counted as one."""
    return len({match.field for match in found.columns})


def _by_header(found: Recognised) -> int:
    return sum(match.how == "header" for match in found.columns)


def _by_headers(sheet: Sheet, table: str) -> Recognised:
    empty = {name for name in sheet.rows.columns if sheet.rows[name].null_count() == sheet.rows.height}
    columns = [(f"c{index}", header) for index, header in enumerate(sheet.header)]
    matches, ignored = _by_name(table, columns, empty)
    return Recognised(sheet, table, tuple(matches), tuple(ignored))


def _by_contents(found: Recognised) -> Recognised:
    """Columns of unknown header that their values give away."""
    for guess in (_by_phrase, _by_marks, _by_values):
        new = guess(found, [item for item in found.ignored if item.reason != "field_taken"])
        kept = {match.column for match in new}
        found = replace(
            found,
            columns=(*found.columns, *new),
            ignored=tuple(item for item in found.ignored if item.column not in kept),
        )
    return replace(found, columns=tuple(sorted(found.columns, key=lambda match: int(match.column[1:]))))


def _by_name(
    table: str, columns: Sequence[tuple[str, str]], empty: Iterable[str]
) -> tuple[list[ColumnMatch], list[Ignored]]:
    matches: dict[str, ColumnMatch] = {}
    ignored: list[Ignored] = []
    # A header that is the very name of a field goes first: an export of our own never depends on synonyms.
    for column, header in sorted(columns, key=lambda pair: normalise(pair[1]) not in _own_names(table)):
        named = headers.field_of(table, header)
        if named is None:
            ignored.append(Ignored(column, header, "empty_column" if column in empty else "unknown_header"))
        elif named[0] in matches:
            ignored.append(Ignored(column, header, "field_taken"))
        else:
            matches[named[0]] = ColumnMatch(column, header, named[0], "header", Reading(unit=named[1]))
    by_place = sorted(matches.values(), key=lambda match: int(match.column[1:]))
    return by_place, sorted(ignored, key=lambda item: int(item.column[1:]))


def _own_names(table: str) -> frozenset[str]:
    return frozenset(normalise(name) for name in TABLES[table].model_fields)


def _by_phrase(found: Recognised, unknown: Sequence[Ignored]) -> list[ColumnMatch]:
    """A long header with one field's synonym inside, when the values fit that field."""
    taken = {match.field for match in found.columns}
    matches: dict[str, ColumnMatch] = {}
    for item in unknown:
        name = headers.phrase_in(found.table, item.header)
        fits = name and name not in taken and name not in matches
        if name and fits and content.fits(found.table, name, found.sheet.rows[item.column]):
            matches[name] = ColumnMatch(item.column, item.header, name, "phrase")
    return list(matches.values())


def _by_marks(found: Recognised, unknown: Sequence[Ignored]) -> list[ColumnMatch]:
    """One column per topic (or per service present), with a mark where it applies."""
    taken = {match.field for match in found.columns}
    matches: list[ColumnMatch] = []
    for name, list_name in content.list_fields(found.table):
        if name in taken:
            continue
        marked = [
            ColumnMatch(item.column, item.header, name, "mark", mark=code)
            for item in unknown
            if item.column not in {match.column for match in matches}
            and (code := content.marked_code(list_name, item.header, found.sheet.rows[item.column]))
        ]
        matches += marked if len(marked) > 1 else []
    return matches


def _by_values(found: Recognised, unknown: Sequence[Ignored]) -> list[ColumnMatch]:
    """A column of unknown header whose values are unmistakably those of one field that has no column."""
    taken = {match.field for match in found.columns}
    if not taken & {name for name, info in TABLES[found.table].model_fields.items() if info.is_required()}:
        return []
    guesses = [
        (item, name)
        for item in unknown
        if (name := content.unmistakable(found.table, taken, found.sheet.rows[item.column]))
    ]
    names = [name for _, name in guesses]
    return [ColumnMatch(item.column, item.header, name, "values") for item, name in guesses if names.count(name) == 1]
