"""Which source a sheet is of: the one said, the one whose files look like it, else the main one; asking when rows contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import polars as pl

from data.codes import code_list, normalise
from data.coverage.sources import MAIN, Source, SourceError, Sources, made
from data.ingest import editions
from data.ingest.checking import Checked
from data.ingest.client_numbers import reused, telling_column, width_of, with_warning
from data.ingest.likeness import Likeness, clients_alike, is_another_register, rows_alike
from data.ingest.pseudonyms import NUMBERED_ELSEWHERE, KeyedSheet, key, width_in, with_known
from data.ingest.recognise.asking import Asking, is_of_whole_sheet
from data.ingest.recognise.codes import slug
from data.ingest.source_shapes import SAME_SHAPE, bare_name, likely_sources, likeness, place_of, shape_key
from data.model.records import TABLES
from data.personal import kinds
from data.store.keys import Keys

NEW_SOURCE = "new"
"""Answer: the sheet is of a source that is not known yet."""

NAMES_JOINT = "\n"
"""Between the names of sources in a question."""

_CLIENT_TABLES = ("encounter", "enrolment")
"""Tables that say something of a client besides the number."""

Rows = Callable[[str], AbstractContextManager[list[tuple[duckdb.DuckDBPyConnection, str]]]]
"""Table → connections and the names its rows have there: the store's, and those of earlier files of the import."""


@dataclass(frozen=True)
class AboutSheet:
    """What is known of a sheet besides its rows. hint: a name for a new source when nothing else names it; digest: of its file;
    given: the fields it tells.
    """

    hint: str
    digest: str
    given: frozenset[str]


@dataclass
class Sourcing:
    """The sources of one import: those the store knows and those it makes. `said` is the name given for all files."""

    known: dict[str, Source]
    rows: Rows
    said: str | None = None
    changed: dict[str, Source] = field(default_factory=dict)
    """Sources that are new or have learnt something, by id."""
    defaults: dict[str, dict[str, str]] = field(default_factory=dict)
    """Safe defaults of lasting questions that nobody has answered, by source and question key."""
    earlier: list[editions.Rows] = field(default_factory=list)
    """The sheets that are settled, in order."""

    @classmethod
    def of(cls, sources: Sources, rows: Rows, said: str | None) -> Sourcing:
        """Those of a store. Raises StoreError, and SourceError when the name said is none."""
        known = {source.id: source for source in sources.all()}
        found = cls(known, rows)
        if said is not None:
            found.said = found._named(said).id
        return found

    def remembered(self, headers: tuple[str, ...], table: str | None = None) -> tuple[Mapping[str, str], Set[str]]:
        """Answers kept with the sources that a sheet with these headers may be of, the likeliest source's first, and the keys of
        those that are safe defaults nobody has answered.

        An answer about a sheet as a whole holds for sheets of that shape only.
        """
        answers: dict[str, str] = {}
        taken: set[str] = set()
        likely = (self.known[self.said],) if self.said is not None else likely_sources(self.known, headers, table)
        shape = shape_key(headers)
        for source in (*self.known.values(), *reversed(likely)):
            is_likely, is_alike = source in likely, likeness(source, headers, table) >= SAME_SHAPE
            for about, answer in source.answers.items():
                of_sheet = about.removeprefix(shape)
                if of_sheet == about and not (is_likely and (is_alike or not is_of_whole_sheet(about))):
                    continue
                answers[of_sheet] = answer
                (taken.add if about in source.defaults else taken.discard)(of_sheet)
        return answers, taken

    def settle(self, checked: Checked, asking: Asking, keys: Keys, about: AboutSheet) -> KeyedSheet:
        """Key a sheet's rows in the source they are of, and find those that are known under other keys."""
        found = self._first_choice(checked, asking, keys, about)
        table = checked.recognised.table
        if table in NUMBERED_ELSEWHERE:
            return found
        likeness = self._rows_alike(table, found.keyed.frame)
        edition: editions.Edition | None = None
        if likeness.is_another_space:
            edition = self._renumbered(self._rows_of(found, about))
            if edition is None and (self.said is None or likeness.is_another_time):
                found = self._asked_about_rows(found, checked, asking, keys, likeness, about)
        if not found.source.client_register and table in _CLIENT_TABLES:
            found = self._told_apart(found, checked, asking, keys, about)
        found, pairs = self._as_edition(found, checked, asking, keys, about, edition)
        if (
            pairs.is_empty() and not found.source.client_register
            and is_another_register(self._clients_alike(table, found.keyed.frame))
        ):  # fmt: skip
            found = self._asked_about_clients(found, checked, asking, keys, about)
        found = self._with_known(found, pairs, about, keys)
        self.known[found.source.id] = found.source
        self.earlier.append(self._rows_of(found, about))
        return found

    def learn(self, source: Source, checked: Checked, asking: Asking) -> Source:
        """The source with this sheet's columns and lasting answers, and keep it for publishing."""
        lasting = _lasting(asking, "answered", "remembered")
        self.defaults.setdefault(source.id, {}).update(_lasting(asking, "default"))
        source = self.known.get(source.id, source)
        place = place_of(checked)
        if not source.headers:
            source = source.model_copy(update={"organisation": source.organisation or place})
        elif place != source.organisation and "municipality" in checked.frame.columns:
            source = source.model_copy(update={"organisation": ""})  # its files are of more than one place
        learnt = source.learning(checked.recognised.table, checked.recognised.sheet.header, lasting)
        self.known[source.id] = self.changed[source.id] = learnt
        return learnt

    def left_out(self, headers: tuple[str, ...], asking: Asking) -> None:
        """Keep the answers about a sheet that is no table, with the shape of the sheet but none of its words."""
        source = self.known[self.said or MAIN]
        shape = shape_key(headers)
        given = {shape + one: answer for one, answer in _lasting(asking, "answered").items() if is_of_whole_sheet(one)}
        taken = {shape + one: answer for one, answer in _lasting(asking, "default").items() if is_of_whole_sheet(one)}
        if given or taken:
            self.defaults.setdefault(source.id, {}).update(taken)
            self.known[source.id] = self.changed[source.id] = source.answered(given)

    def _first_choice(self, checked: Checked, asking: Asking, keys: Keys, about: AboutSheet) -> KeyedSheet:
        """The source that files of this shape are of; between several the one of the same place, else the steward's choice."""
        if self.said is not None:
            return self._keyed(checked, keys, self.known[self.said])
        likely = likely_sources(self.known, checked.recognised.sheet.header, checked.recognised.table)
        if len(likely) == 1:
            return self._keyed(checked, keys, likely[0])
        place = place_of(checked)
        of_place = [source for source in likely if place and source.organisation == place]
        if len(of_place) == 1:
            return self._keyed(checked, keys, of_place[0])
        having = [found for source in likely if (found := self._if_there(checked, keys, source, about))]
        if len(having) == 1:
            return having[0]
        # A source made from a file of this name but for its numbers first: the next month's.
        likely = tuple(sorted(likely, key=lambda source: bare_name(source.name) != bare_name(about.hint)))
        options = [source.id for source in likely]
        # A place that none of them is of has a source of its own, as long as nobody says otherwise.
        is_elsewhere = bool(place) and all(source.organisation for source in likely)
        options.insert(0 if is_elsewhere else len(options), NEW_SOURCE)
        names = (source.name for source in likely)  # of one without a name nothing: it is worded where it is told
        answer = asking.decide(
            "source", tuple(options), table=checked.recognised.table, rows=checked.frame.height, lasting=False,
            names=NAMES_JOINT.join(names),
        )  # fmt: skip
        return self._keyed(checked, keys, self._made(about.hint, place) if answer == NEW_SOURCE else self.known[answer])

    def _keyed(self, checked: Checked, keys: Keys, source: Source) -> KeyedSheet:
        """The sheet keyed as a source's, which by then knows how its client numbers are written."""
        if source.client_width is None and "client_id" in checked.frame.columns:
            numbers = checked.frame["client_id"]
            if (width := width_of(numbers)) is not None:
                width = self._width_there(source, numbers, width, keys)
                source = source.model_copy(update={"client_width": width})
        return key(checked, keys, source)

    def _width_there(self, source: Source, numbers: pl.Series, own: int, keys: Keys) -> int:
        """The digits that the client numbers of a source's register are filled with zeros to; own: those of this sheet."""
        for other in self.known.values():
            if other.client_register == source.client_register and other.client_width is not None:
                return other.client_width
        with self._store(_CLIENT_TABLES[0]) as connection:
            return own if connection is None else width_in(connection, numbers, own, source, keys)

    def _if_there(
        self, checked: Checked, keys: Keys, source: Source, about: AboutSheet, *, most: bool = False
    ) -> KeyedSheet | None:
        """The sheet keyed as a source's, when some (or most) of its rows are in it already and as they are here; else None."""
        found = self._keyed(checked, keys, source)
        rows = self._rows_of(found, about)
        if not rows.is_numbered and not TABLES[rows.table].is_told_apart:
            return found if self._edition(rows).how == editions.SAME else None
        alike = self._rows_alike(checked.recognised.table, found.keyed.frame)
        enough = 2 * alike.same >= rows.frame.height if most else alike.same > 0
        return found if enough and not alike.is_another_space else None

    def _asked_about_rows(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, likeness: Likeness, about: AboutSheet
    ) -> KeyedSheet:
        """Rows that would replace rows of other days and clients: another source's, a new year's series, or corrections."""
        table, source = checked.recognised.table, first.source
        for other in self.known.values():
            if other.id != source.id and (found := self._if_there(checked, keys, other, about)):
                return found  # they are there already: no need to ask whose they are
        series = self._series(checked, keys, source)
        options = ("other_source", *series, "corrections")
        if self.said is not None:
            options = options[1:]
        answer = asking.decide(
            "numbers", options, table=table, rows=max(likeness.contradicting, likeness.changed, likeness.far),
            lasting=False, same=likeness.same,
        )  # fmt: skip
        if answer == "corrections":
            return first
        source = series[answer] if answer in series else self._made(about.hint, place_of(checked))
        self.known[source.id] = self.changed[source.id] = source
        return self._keyed(checked, keys, source)

    def _series(self, checked: Checked, keys: Keys, source: Source) -> dict[str, Source]:
        """Answer → the source with numbers that begin anew each year, or each month, where the rows then contradict none."""
        model = TABLES[checked.recognised.table]
        if model.day is None or model.own_number is None:
            return {}
        first: Any = checked.frame[model.day].min()
        if first is None:
            return {}
        ways = {"yearly": {"yearly_from": first.year}, "monthly": {"monthly_from": first.replace(day=1)}}
        found = {name: source.model_copy(update=update) for name, update in ways.items()}
        return {
            name: one
            for name, one in found.items()
            if not self._rows_alike(model.table, self._keyed(checked, keys, one).keyed.frame).is_another_space
        }

    def _renumbered(self, rows: editions.Rows) -> editions.Edition | None:
        """What a sheet is whose rows have the numbers of others, when they are equal to rows of its source but for the number."""
        with self._store(rows.table) as connection:
            found = editions.edition_of(connection, rows, self.earlier, renumbered=True)
        return found if found.how == editions.REWRITTEN else None

    def _asked_about_clients(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, about: AboutSheet
    ) -> KeyedSheet:
        """Client numbers that are other people's elsewhere: a register of their own, or the same people after all."""
        answer = asking.decide("register", ("other_register", "same_register"), table=checked.recognised.table)
        if answer == "same_register":
            return first
        return self._in_own_register(first, checked, keys, about)

    def _told_apart(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, about: AboutSheet
    ) -> KeyedSheet:  # fmt: skip
        """Client numbers that are two people's within the sheet: told apart, or the same people after all; told of when few."""
        found = reused(checked.frame)
        if not is_another_register(found):
            return replace(first, checked=with_warning(first.checked, found))
        telling = telling_column(checked.frame, found)
        answer = asking.decide(
            "reused", ("apart", "same_person"), table=checked.recognised.table, field=telling,
            rows=max(one.contradicting for one in found.values()),
        )  # fmt: skip
        return first if answer == "same_person" else self._in_own_register(first, checked, keys, about, telling)

    def _in_own_register(
        self, first: KeyedSheet, checked: Checked, keys: Keys, about: AboutSheet, told_apart_by: str = ""
    ) -> KeyedSheet:  # fmt: skip
        """The sheet with client numbers of its source's own. The main source's are everybody's: it gets another source."""
        other = first.source if first.source.number else self._made(about.hint, place_of(checked))
        other = other.model_copy(update={"client_register": other.id, "clients_by": told_apart_by})
        self.known[other.id] = self.changed[other.id] = other
        return self._keyed(checked, keys, other)

    def _as_edition(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, about: AboutSheet, known: editions.Edition | None
    ) -> tuple[KeyedSheet, pl.DataFrame]:  # fmt: skip
        """The sheet, and those of its rows that are known under other keys: an edition of what is there, or as a person says.

        known: what it is when its numbers are those of other rows.
        """
        rows = self._rows_of(first, about)
        edition = known or self._edition(rows)
        if edition.how == editions.SAME:
            return first, edition.pairs
        if self.said is None and not 2 * self._rows_alike(rows.table, rows.frame).same > rows.frame.height:
            # Files of another shape than its own may be of a source all the same.
            for other in self.known.values():
                if other.id != first.source.id and (found := self._if_there(checked, keys, other, about, most=True)):
                    return found, self._edition(self._rows_of(found, about)).pairs
        if edition.how == editions.NONE:
            return first, edition.pairs
        answer = self._asked_about_edition(edition, rows, asking, has_others_numbers=known is not None)
        if answer == "same_rows":
            return replace(first, is_edition=True), edition.pairs
        if answer == "other_source":
            first = self._keyed(checked, keys, self._made(about.hint, place_of(checked)))
        return first, edition.pairs.clear()

    def _with_known(self, found: KeyedSheet, pairs: pl.DataFrame, about: AboutSheet, keys: Keys) -> KeyedSheet:
        """The sheet with the rows that are known under other keys, and the new ones under keys that no row has."""
        rows = self._rows_of(found, about)
        if rows.is_numbered and pairs.is_empty():
            return found
        with self._store(rows.table) as connection:
            return with_known(
                found, pairs, lambda records: editions.taken(connection, rows.table, self.earlier, records), keys
            )  # fmt: skip

    def _asked_about_edition(
        self, edition: editions.Edition, rows: editions.Rows, asking: Asking, *, has_others_numbers: bool
    ) -> str:  # fmt: skip
        """Whose the rows of a sheet are that are partly there already: by default nothing is lost, and nothing doubled."""
        kind = "again"
        options: tuple[str, ...] = ("other_source", "addition", "same_rows")
        params: dict[str, Any] = {"there": edition.there}
        if edition.how == editions.REWRITTEN:
            kind, options = "rewritten", ("same_rows", "other_source", "addition")
            params = {"field": edition.column or TABLES[rows.table].own_number or ""}
        if has_others_numbers:
            options = ("same_rows", "other_source")  # rows of the same source would take the place of others
        if self.said is not None:
            options = tuple(one for one in options if one != "other_source")
        return asking.decide(kind, options, table=rows.table, rows=edition.pairs.height, lasting=False, **params)

    def _edition(self, rows: editions.Rows) -> editions.Edition:
        with self._store(rows.table) as connection:
            return editions.edition_of(connection, rows, self.earlier)

    @staticmethod
    def _rows_of(found: KeyedSheet, about: AboutSheet) -> editions.Rows:
        recognised = found.checked.recognised
        return editions.Rows(
            recognised.table, found.source.number, recognised.sheet.file, about.digest, found.keyed.frame, about.given
        )

    @contextmanager
    def _store(self, table: str) -> Iterator[duckdb.DuckDBPyConnection | None]:
        """The store's connection, None when it has no such table."""
        with self.rows(table) as there:
            yield next((connection for connection, name in there if name == table), None)

    def _rows_alike(self, table: str, frame: pl.DataFrame) -> Likeness:
        with self.rows(table) as there:
            found = [rows_alike(connection, name, table, frame) for connection, name in there]
        return sum(found, Likeness())

    def _clients_alike(self, table: str, frame: pl.DataFrame) -> dict[str, Likeness]:
        total: dict[str, Likeness] = {}
        for other in _CLIENT_TABLES:
            with self.rows(other) as there:
                for connection, name in there:
                    for column, one in clients_alike(connection, other, name, frame, table).items():
                        total[column] = total.get(column, Likeness()) + one
        return total

    def _named(self, name: str) -> Source:
        """The source a person means by its id or name, made when there is none."""
        wanted = normalise(name)
        for source in self.known.values():
            if wanted in (normalise(source.id), normalise(source.name)):
                return source
        if kinds(name):
            raise SourceError("name")
        return self._made(name, "")

    def _made(self, hint: str, place: str) -> Source:
        """A new source with the next number; its name the municipality's or the hint."""
        name = code_list("municipality").label(place, "fi") if place else hint.strip()
        base = (slug(name) or "source")[:34].strip("-_") or "source"
        source_id, counter = base, 1
        while source_id in self.known:
            counter += 1
            source_id = f"{base}-{counter}"
        number = 1 + max(source.number for source in self.known.values())
        source = made(source_id, number, name if counter == 1 else f"{name} {counter}", place)
        self.known[source.id] = self.changed[source.id] = source
        return source


def _lasting(asking: Asking, *how: str) -> dict[str, str]:
    """Answers that hold for later files, by question key."""
    return {one.question.key: one.answer for one in asking.decisions if one.question.lasting and one.how in how}
