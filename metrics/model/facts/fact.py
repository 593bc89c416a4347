"""Facts: sets of events as SQL over the store, with their columns and dimensions.

Only the columns and joins that a question needs are selected. The facts themselves are in the other modules of this
package.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from data.codes import CodeList, code_for_unknown, code_list, employment_area_of, region_of, unknown_code


@dataclass(frozen=True)
class Grouping:
    """A grouping of a dimension's codes, defined by configuration and never derived from data.

    base: the dimension grouped; list_name: code list of the groups; group_of: returns the group of a code.
    """

    base: str
    list_name: str
    group_of: Callable[[str], str]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (code, group) for every code of the grouped list."""
        return tuple((code, self.group_of(code)) for code in code_list(self.base).ids)

    def members(self, group: str) -> tuple[str, ...]:
        """Return the codes that belong to a group, in the order of their list."""
        return tuple(code for code, of in self.pairs() if of == group)


GROUPINGS = {
    "region": Grouping("municipality", "region", region_of),
    "employment_area": Grouping("municipality", "employment_area", employment_area_of),
    "language_group": Grouping("language", "language_group", lambda code: code_list("language").group_of(code)),
    "topic_group": Grouping("topic", "topic_group", lambda code: code_list("topic").group_of(code)),
    "age_group": Grouping("age_band", "age_group", lambda code: code_list("age_band").group_of(code)),
}


REGISTER = "service_point"
"""Name used instead of a code list for service points, which are the store's own register."""
KNOWN = "_known"
"""Suffix of columns that are true where the coded column before it is known."""


LOOK_BACK = 365
"""Days of encounters that must lie before a period to tell which of them are a client's first."""

_REACH = "SELECT source, max(last_day) AS until FROM delivery WHERE data_table = '{table}' GROUP BY source"
"""SQL for the last day that each source has delivered of a table."""


def joined_reach(alias: str, reaches: str) -> str:
    """Return joins of `reach.until`: the day up to which a row's source knows. alias: of the row's table; reaches: by source."""
    return f"""LEFT JOIN delivery brought_by ON brought_by.delivery = {alias}.delivery
    LEFT JOIN ({reaches}) reach ON reach.source = brought_by.source"""


def unknown(list_name: str) -> str:
    """Return the code for "not known" of a list as an SQL literal. Raises KeyError when the list has none."""
    return f"'{unknown_code(list_name)}'"


def base_of(dimension: str) -> str:
    """Return the dimension that a grouping groups; any other dimension unchanged."""
    return GROUPINGS[dimension].base if dimension in GROUPINGS else dimension


def _month(day: str) -> str:
    """Return SQL for the month of a day, as year × 12 + month − 1."""
    return f"(year({day}) * 12 + month({day}) - 1)::INTEGER"


@dataclass(frozen=True, eq=False)
class Fact:
    """A set of events that can be counted.

    `events` is its unit, `source` a FROM clause, `day` the expression that places an event in a period, `columns` SQL
    by column name, `joins` the clause a column needs, `lists` the columns that hold several codes per event,
    `dimensions` the code list of each dimension, `until` SQL for the last day of the fact's data. In columns `{end}` stands for
    the last day that the row's own source has delivered of the table (else `until`), for maturity and censoring: a later file of
    one source changes nothing for another. `reach` is SQL for that day by source, when it is not the deliveries' last one.

    statuses: columns that may change after the event, with SQL for the day since which they are as they are, and for their value
    before. is_stock: whether there is a row for each month in which something lasts.

    table: the table it is made from, by default that of its name; needs: tables besides it without which a column means
    nothing; guesses: columns that mean something also where the fields that they read are not recorded; looks_back: days before
    the event that a column knows of, in the tables it needs, or else in the fact's own; matures: days after it that a column
    waits for.
    """

    name: str
    events: str
    source: str
    day: str
    columns: dict[str, str]
    dimensions: dict[str, str]
    joins: dict[str, str] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    until: str = "NULL"
    reach: str = _REACH
    table: str = ""
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    guesses: frozenset[str] = frozenset()
    looks_back: dict[str, int] = field(default_factory=dict)
    matures: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_stock: bool = False

    @property
    def of_table(self) -> str:
        """The table it is made from."""
        return self.table or self.name

    @property
    def reaches(self) -> str:
        """SQL for the `source`s of its rows and the last day `until` which they know of what becomes of them."""
        return self.reach.format(table=self.of_table)

    def select(self, names: tuple[str, ...], still: Mapping[str, int] = MappingProxyType({})) -> str:
        """Return SQL of the fact: `client`, `month` (year × 12 + month − 1) and the named columns, one row per event.

        A list column gives one row per distinct code of the event: an event counts once under each of its codes. still: by
        dimension, a month after which a code that may change is not known yet.
        """
        return self._select(names, (), still)

    def select_status_changes(self, names: tuple[str, ...], still: Mapping[str, int] = MappingProxyType({})) -> str:
        """Return SQL as `select`, with a row for each month `since` in which any column changes, as they are from then on.

        `sign`: 1; in each but the first also a row with −1, as they were before. So sums by `since` are what is added then.
        """
        changing = [name for name in dict.fromkeys(names) if name in self.statuses and not self._is_still(name, still)]
        rows = self._select(names, [f"{_month(self.statuses[name][0])} AS since_{name}" for name in changing], still)
        if not changing:
            return f"SELECT *, month AS since, 1 AS sign FROM ({rows})"
        values = ", ".join(
            f"CASE WHEN since_{name} <= since - (sign < 0)::INTEGER THEN {name} ELSE {self.statuses[name][1]} END AS {name}"
            for name in changing
        )
        # Each month once. Not as lists of months, which take longer than all the rest.
        later = [
            " AND ".join(
                [f"since_{name} > month", *(f"since_{name} IS DISTINCT FROM since_{one}" for one in changing[:place])]
            )
            for place, name in enumerate(changing)
        ]
        again = " ".join(
            f"UNION ALL SELECT *, since_{name}, unnest([1, -1]) FROM plain WHERE {when}"
            for name, when in zip(changing, later, strict=True)
        )
        return f"""WITH plain AS MATERIALIZED ({rows})
            SELECT * REPLACE ({values}) FROM (SELECT *, month AS since, 1 AS sign FROM plain {again})"""

    def _is_still(self, name: str, still: Mapping[str, int]) -> bool:
        return name in self.statuses and name in still

    def _select(self, names: tuple[str, ...], more: Sequence[str], still: Mapping[str, int]) -> str:
        items = [f"{self.columns['client']} AS client", f"{_month(self.day)} AS month", *more]
        clauses = [self.joins.get("client", "")]
        for name in dict.fromkeys(names):
            expression, join = self._column(name)
            if self._is_still(name, still):
                known = f"{_month(self.statuses[name][0])} <= {still[name]}"
                expression = f"CASE WHEN {known} THEN {expression}::VARCHAR ELSE {unknown(self.dimensions[name])} END"
            items.append(f"{expression} AS {name}")
            clauses += [self.joins.get(base_of(name), ""), join]
        return self.rows(items, clauses)

    def rows(self, items: Sequence[str], joins: Iterable[str]) -> str:
        """Return SQL of expressions over the rows of the fact, in which `{end}` may stand. joins: those they need, some empty."""
        clauses = [*joins]
        if any("{end}" in item for item in items):
            clauses.append(joined_reach(self.source.split()[-1], self.reaches))
        listed = " ".join(dict.fromkeys(clause for clause in clauses if clause))
        made = f"SELECT {', '.join(items)} FROM {self.source} {listed}"
        return made.replace("{end}", "coalesce(reach.until, {until})").replace("{until}", f"({self.until})")

    def has(self, name: str) -> bool:
        """Return whether conditions and dimensions may use the column."""
        return (
            name in self.columns
            or (name in GROUPINGS and GROUPINGS[name].base in self.columns)
            or self._coded(name) is not None
        )

    def list_of(self, dimension: str) -> CodeList | None:
        """Return the code list of a dimension, None for service points. Raises KeyError when there is no such dimension."""
        name = self.dimensions[dimension]
        return None if name == REGISTER else code_list(name)

    def _coded(self, name: str) -> str | None:
        """Return the column that a column such as `channel_known` refers to, or None.

        Such a column has an unknown code and one value per event.
        """
        about = name.removesuffix(KNOWN)
        if about == name or about not in self.columns or about in self.lists or about not in self.dimensions:
            return None
        name = self.dimensions[about]
        return about if name != REGISTER and code_for_unknown(name) else None

    def _column(self, name: str) -> tuple[str, str]:
        about = self._coded(name) if name not in self.columns else None
        if about is not None:
            return f"{self.columns[about]} <> {unknown(self.dimensions[about])}", self.joins.get(about, "")
        grouping = GROUPINGS.get(name)
        if grouping is None:
            sql = self.columns[name]
            return (f"unnest({sql})" if name in self.lists else sql), ""
        sql = self.columns[grouping.base]
        if grouping.base in self.lists:
            keys, values = zip(*grouping.pairs(), strict=True)
            lookup = f"MAP({list(keys)}, {list(values)})"
            return f"unnest(list_distinct(list_transform({sql}, lambda code: {lookup}[code::VARCHAR])))", ""
        # Two texts, as DuckDB plans hundreds of values longer than it counts a small store. No code holds a comma.
        codes, groups = (
            f"unnest(string_split('{','.join(texts)}', ','))" for texts in zip(*grouping.pairs(), strict=True)
        )
        table = f"of_{name}"
        rows = f"SELECT {codes} AS code, {groups} AS grp"
        return f"{table}.grp", f"LEFT JOIN ({rows}) {table} ON {table}.code = ({sql})::VARCHAR"
