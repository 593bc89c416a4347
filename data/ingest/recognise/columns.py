"""Which table a sheet holds and which of its columns are which fields; what is left out is said with the reason."""

from dataclasses import replace

from data.ingest.readers import Sheet
from data.ingest.recognise import evidence, headers
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.column_questions import column_asked
from data.ingest.recognise.guessing import by_contents
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.naming import Naming
from data.ingest.recognise.people import is_list_of_people
from data.ingest.recognise.population import long_table
from data.ingest.recognise.recognised import NoTable, Recognised, missing_fields
from data.ingest.recognise.totals import without_named_totals
from data.model.records import TABLES


def recognise(sheet: Sheet, asking: Asking | None = None) -> Recognised:
    """The table whose required fields the headers cover best. asking: takes the questions that the evidence leaves open.

    Raises NoTable, also for a sheet that the steward leaves out.
    """
    asking = asking or Asking(sheet.file, sheet.name)
    population = long_table(sheet)
    if population:
        found = replace(by_headers(population.sheet, "population", asking), dropped=population.dropped)
        evidence.population(found, sheet, asking)
        return found
    if evidence.is_pivot(without_named_totals(sheet)):
        raise NoTable("encounter", (), 0, "pivot")
    ways = {table: asking.apart() for table in TABLES}
    candidates = [by_headers(sheet, table, ways[table]) for table in TABLES]
    most = max(map(_by_header, candidates))
    # Looking at values is for the tables that the headers make likely.
    candidates = [
        by_contents(found, ways[found.table]) if _by_header(found) >= max(1, most - 3) else found
        for found in candidates
    ]
    fitting = [found for found in candidates if not missing_fields(found)]
    if not fitting:
        places = (evidence.with_codes_of_places(found) for found in candidates if found.table == "service_point")
        fitting = [found for found in places if not missing_fields(found)]
    if all(found.table == "service_point" for found in fitting) and is_list_of_people(sheet):
        raise NoTable("enrolment", (), 0, "people_list")
    if any(found.of_field("client_id") for found in candidates):
        # No list of places numbers clients; a list of clients names places.
        fitting = [found for found in fitting if found.table != "service_point"]
    if not fitting:
        for found in candidates:
            _ask_for_centre(found, ways[found.table])
        nearest = max(candidates, key=_by_header)  # the first, encounters, when no header is known
        missing = missing_fields(nearest)
        asked = [one.question for one in ways[nearest.table].decisions]
        if any({*one.options, one.about} & set(missing) for one in asked):
            asking.adopt(ways[nearest.table])  # an answer would make it fit
        reason = "summary" if evidence.is_summary(sheet) else ""
        raise NoTable(nearest.table, missing, _by_header(nearest), reason)
    named = headers.table_of_sheet(sheet.name)
    fitting.sort(key=lambda found: (_certain(found), found.table == named, -len(found.ignored)), reverse=True)
    found = evidence.chosen(fitting, asking)
    asking.adopt(ways[found.table])
    evidence.table(found, asking)
    return found


def by_headers(sheet: Sheet, table: str, asking: Asking) -> Recognised:
    """The columns of a sheet that name fields of a table."""
    columns, ignored = Naming(table, sheet, asking).all(
        [(f"c{index}", text) for index, text in enumerate(sheet.header)]
    )
    return Recognised(sheet, table, columns, ignored)


def _ask_for_centre(found: Recognised, asking: Asking) -> None:
    """Of a list of clients and starts that lacks nothing but the centre: whether a column called `Kunta` is of the centre. The
    answer is an answer about a column, and as such goes before its header.
    """
    if found.table != "enrolment" or missing_fields(found) != ("centre",):
        return
    places = [
        match for match in found.of_field("municipality") if headers.rank_of(found.table, match.header) != Rank.SPECIFIC
    ]
    if len(places) == 1:
        column_asked(asking, found.table, found.sheet, places[0].header, "centre", (LEAVE_OUT, "centre"))


def _certain(found: Recognised) -> int:
    """Columns, with all the marks of one field counted as one."""
    return len({match.field for match in found.columns})


def _by_header(found: Recognised) -> int:
    return sum(match.how in ("header", "answer") for match in found.columns)
