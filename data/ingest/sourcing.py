"""Which source a sheet is of: the one said, the one whose files look like it, else the main one; asking when rows contradict."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.codes import code_list, normalise
from data.coverage.sources import MAIN, Source, SourceError, Sources, made
from data.ingest.checking import Checked
from data.ingest.likeness import Likeness, clients_alike, is_another_register, rows_alike
from data.ingest.pseudonyms import NUMBERED_ELSEWHERE, KeyedSheet, key
from data.ingest.recognise.asking import Asking, is_of_whole_sheet
from data.ingest.recognise.codes import slug
from data.model.records import TABLES
from data.personal import kinds
from data.store.keys import Keys

NEW_SOURCE = "new"
"""Answer: the sheet is of a source that is not known yet."""

_ONE_PLACE = 0.9
"""Share of rows of one municipality from which a file is that municipality's."""

_CLIENT_TABLES = ("encounter", "enrolment")
"""Tables that say something of a client besides the number."""

Rows = Callable[[str], AbstractContextManager[list[tuple[duckdb.DuckDBPyConnection, str]]]]
"""Table → connections and the names its rows have there: the store's, and those of earlier files of the import."""


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
        likely = (self.known[self.said],) if self.said is not None else self._likely(headers, table)
        shape = _shape_key(headers)
        for source in (*self.known.values(), *reversed(likely)):
            is_likely, is_alike = source in likely, self._likeness(source, headers, table) >= _SAME_SHAPE
            for about, answer in source.answers.items():
                of_sheet = about.removeprefix(shape)
                if of_sheet == about and not (is_likely and (is_alike or not is_of_whole_sheet(about))):
                    continue
                answers[of_sheet] = answer
                (taken.add if about in source.defaults else taken.discard)(of_sheet)
        return answers, taken

    def settle(self, checked: Checked, asking: Asking, keys: Keys, table_hint: str) -> KeyedSheet:
        """Key a sheet's rows in the source they are of. table_hint: a name for a new source when nothing else names it."""
        found = self._first_choice(checked, asking, keys, table_hint)
        table = checked.recognised.table
        if table in NUMBERED_ELSEWHERE:
            return found
        likeness = self._rows_alike(table, found.keyed.frame)
        if likeness.is_another_space and self.said is None:
            found = self._asked_about_rows(found, checked, asking, keys, likeness, table_hint)
        if not found.source.client_register and is_another_register(self._clients_alike(table, found.keyed.frame)):
            found = self._asked_about_clients(found, checked, asking, keys, table_hint)
        return found

    def learn(self, source: Source, checked: Checked, asking: Asking) -> Source:
        """The source with this sheet's columns and lasting answers, and keep it for publishing."""
        lasting = _lasting(asking, "answered", "remembered")
        self.defaults.setdefault(source.id, {}).update(_lasting(asking, "default"))
        source = self.known.get(source.id, source)
        place = _place_of(checked)
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
        shape = _shape_key(headers)
        given = {shape + one: answer for one, answer in _lasting(asking, "answered").items() if is_of_whole_sheet(one)}
        taken = {shape + one: answer for one, answer in _lasting(asking, "default").items() if is_of_whole_sheet(one)}
        if given or taken:
            self.defaults.setdefault(source.id, {}).update(taken)
            self.known[source.id] = self.changed[source.id] = source.answered(given)

    def _first_choice(self, checked: Checked, asking: Asking, keys: Keys, hint: str) -> KeyedSheet:
        """The source that files of this shape are of; between several the one of the same place, else the steward's choice."""
        if self.said is not None:
            return key(checked, keys, self.known[self.said])
        likely = self._likely(checked.recognised.sheet.header, checked.recognised.table)
        if len(likely) == 1:
            return key(checked, keys, likely[0])
        place = _place_of(checked)
        of_place = [source for source in likely if place and source.organisation == place]
        if len(of_place) == 1:
            return key(checked, keys, of_place[0])
        having = [found for source in likely if (found := self._if_there(checked, keys, source))]
        if len(having) == 1:
            return having[0]
        options = (*(source.id for source in likely), NEW_SOURCE)
        answer = asking.decide(
            "source", options, table=checked.recognised.table, rows=checked.frame.height, lasting=False,
            names=", ".join(source.title for source in likely),
        )  # fmt: skip
        return key(checked, keys, self._made(hint, place) if answer == NEW_SOURCE else self.known[answer])

    def _if_there(self, checked: Checked, keys: Keys, source: Source) -> KeyedSheet | None:
        """The sheet keyed as a source's, when some of its rows are in the source already and as they are here; else None."""
        found = key(checked, keys, source)
        alike = self._rows_alike(checked.recognised.table, found.keyed.frame)
        return found if alike.same > 0 and not alike.is_another_space else None

    def _asked_about_rows(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, likeness: Likeness, hint: str
    ) -> KeyedSheet:
        """Rows that would replace rows of other days and clients: another source's, a new year's series, or corrections."""
        table, source = checked.recognised.table, first.source
        for other in self.known.values():
            if other.id != source.id and (found := self._if_there(checked, keys, other)):
                return found  # they are there already: no need to ask whose they are
        options: tuple[str, ...] = ("other_source", "corrections")
        if TABLES[table].day is not None and TABLES[table].own_number is not None:
            options = ("other_source", "yearly", "corrections")
        answer = asking.decide(
            "numbers", options, table=table, rows=max(likeness.contradicting, likeness.changed), lasting=False, same=likeness.same
        )  # fmt: skip
        if answer == "corrections":
            return first
        if answer == "yearly":
            year = checked.frame[TABLES[table].day or ""].dt.year().min()
            source = source.model_copy(update={"yearly_from": year})
        else:
            source = self._made(hint, _place_of(checked))
        self.known[source.id] = self.changed[source.id] = source
        return key(checked, keys, source)

    def _asked_about_clients(
        self, first: KeyedSheet, checked: Checked, asking: Asking, keys: Keys, hint: str
    ) -> KeyedSheet:
        """Client numbers that are other people's elsewhere: a register of their own, or the same people after all."""
        answer = asking.decide("register", ("other_register", "same_register"), table=checked.recognised.table)
        if answer == "same_register":
            return first
        other = first.source if first.source.number else self._made(hint, _place_of(checked))
        other = other.model_copy(update={"client_register": other.id})
        self.known[other.id] = self.changed[other.id] = other
        return key(checked, keys, other)

    def _likely(self, headers: tuple[str, ...], table: str | None) -> tuple[Source, ...]:
        """Sources that have had files of these columns, the best likeness first; without any, all there are."""
        scored = [(self._likeness(source, headers, table), source) for source in self.known.values()]
        best = max(score for score, _ in scored)
        if best < _SAME_SHAPE:
            return (self.known[MAIN],)
        return tuple(source for score, source in sorted(scored, key=lambda one: -one[0]) if score >= best - 0.1)

    @staticmethod
    def _likeness(source: Source, headers: tuple[str, ...], table: str | None) -> float:
        """Share of columns in common with the likest file of a source, 0–1."""
        wanted = {normalise(header) for header in headers}
        shapes = [
            {normalise(one) for one in shape} for of_table, shape in source.headers.items() if table in (None, of_table)
        ]
        return max((_jaccard(wanted, shape) for shape in shapes), default=0.0)

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


_SAME_SHAPE = 0.6
"""Share of columns two files must have in common to be of one shape."""


def _lasting(asking: Asking, *how: str) -> dict[str, str]:
    """Answers that hold for later files, by question key."""
    return {one.question.key: one.answer for one in asking.decisions if one.question.lasting and one.how in how}


def _shape_key(headers: tuple[str, ...]) -> str:
    """The columns of a sheet as the beginning of a question key: a digest, because headers may be anybody's words."""
    return "sheet " + hashlib.sha256("|".join(map(normalise, headers)).encode()).hexdigest()[:16] + "|"


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _place_of(checked: Checked) -> str:
    """The municipality of nearly all rows; empty when there is no such."""
    if "municipality" not in checked.frame.columns:
        return ""
    places = checked.frame["municipality"].cast(pl.String)
    known = places.filter(places != (code_list("municipality").unknown or ""))
    if known.is_empty():
        return ""
    top = known.value_counts(sort=True).row(0)
    return str(top[0]) if top[1] >= _ONE_PLACE * known.len() else ""
