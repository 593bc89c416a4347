"""Forgetting a person: every record of a client number leaves every generation that is kept, and the cells made of it.

A client number is a person only within its register (`data.coverage.sources`): where several registers have the number, whoever
asks says whose it is. A personal identity code is the same person everywhere. A source may have got its own register after its
first files, whose rows keep their keys of the common one: they are its people's all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, replace

import duckdb
import polars as pl

from data.coverage import deliveries
from data.coverage.removal_log import REMOVALS, Removal, removal_of, removals
from data.coverage.removals import RemovalError, forget_unmentioned
from data.coverage.sources import Source, Sources, name_of
from data.ingest.client_numbers import with_width
from data.ingest.forgotten import FORGOTTEN, ForgottenClients, beside_keys, marked, marked_texts, note_beside_keys, text
from data.ingest.pseudonyms import client_keys, registers_of
from data.model.identifiers import identifier, is_identity_code, row_numbers
from data.model.schema import client_tables
from data.store.acting import act
from data.store.durable import write_durably
from data.store.kept import kept
from data.store.keys import Keys
from data.store.reading import columns_there
from data.store.releases import after_change, check_release
from data.store.rewriting import rewrite
from data.store.store import Store, StoreError
from data.texts import message

_FEW, _MANY = 10, 100
"""Rows of a client are told in bands: no more than it takes to see which register is meant."""

_LONGEST_NUMBER = 12
"""Digits up to which leading zeros are tried."""


@dataclass(frozen=True)
class InRegister:
    """A client number in one register: whose files use it, the client's keys there, and rows in all that is kept.

    common: keys of the common register. They are this client's in rows of these sources alone (`apart`: their numbers), or, where
    this is the common register, in rows of all sources but those that have got their own (`apart`).
    """

    sources: tuple[Source, ...]
    keys: tuple[int, ...]
    common: tuple[int, ...] = ()
    apart: frozenset[int] = frozenset()
    is_common: bool = False
    rows: int = 0

    @property
    def marked(self) -> tuple[str, ...]:
        """The texts whose marks are on the list of forgotten clients."""
        common = pl.Series(self.common, dtype=pl.Int64)
        whose = ("",) if self.is_common else (source.id for source in self.sources)
        return (*map(str, self.keys), *(text for source in whose for text in marked_texts(common, source)))

    def has(self, client: int, source: int | None) -> bool:
        """Whether a row is this client's; source: None where nobody knows who has brought it."""
        if client in self.common:
            return source is None or (source in self.apart) != self.is_common
        return client in self.keys

    def where(self, connection: duckdb.DuckDBPyConnection, table: str) -> str:
        """SQL that tells this client's rows of a table."""
        whole = f"client IN ({_listed(self.keys)})"
        if not self.common:
            return whole
        common = f"client IN ({_listed(self.common)})"
        others = [one.number for one in deliveries.read(connection) if (one.source in self.apart) == self.is_common]
        if not self.is_common:
            others.append(0)  # what came before deliveries were kept
        if "delivery" in columns_there(connection, table):
            common += f" AND delivery NOT IN ({_listed(others)})" if others else ""
        elif not self.is_common:
            common = "false"
        return f"({whole} OR {common})" if self.keys else common


class SeveralRegistersError(RemovalError):
    """A client number is more than one person's. found: where it is."""

    def __init__(self, found: tuple[InRegister, ...]) -> None:
        super().__init__("several_registers", sources="; ".join(one.sources[0].title for one in found))
        self.found = found

    def in_words(self, lang: str) -> RemovalError:
        """The same with the sources by name and how many rows they have, in bands."""
        told = [f"{_named(one.sources, lang)} ({_band(one.rows, lang)})" for one in self.found]
        return RemovalError("several_registers", sources="; ".join(told))


@dataclass(frozen=True)
class Forgotten:
    """What was done: the line of the log, and other ways of writing the number (`00##`) that have rows of their own.

    is_beside_keys: the list beside the key file knows it, so that no backup brings the person back.
    """

    removal: Removal
    other_writings: tuple[str, ...]
    is_beside_keys: bool = True


def forgotten_lines(done: Forgotten, store: Store, lang: str) -> list[str]:
    """What was done, and what stays to be done or stays as it was."""
    told = [message("removal.forgotten", lang, count=done.removal.rows)]
    if not done.is_beside_keys:
        told.append(message("removal.not_beside_keys", lang, path=beside_keys(store.path)))
    if done.other_writings:
        told.append(message("removal.other_writings", lang, forms=", ".join(done.other_writings)))
    return [*told, message("removal.elsewhere", lang)]


def registers(store: Store) -> tuple[tuple[Source, ...], ...]:
    """The sources of each register of a store, the common one first."""
    every = Sources.of(store.path).all()
    names = ("", *sorted({source.client_register for source in every} - {""}))
    found = (tuple(source for source in every if source.client_register == name) for name in names)
    return tuple(sources for sources in found if sources)


def forget_client(store: Store, client: str, source: Source | None = None) -> Forgotten:
    """Delete the records of a client number from every generation, and leave its rows out of later files.

    source: whose number it is; it is needed where several registers have it. The list of rejected rows goes too, since nobody can
    tell whose they are. Raises SeveralRegistersError, RemovalError: `no_client`, `other_writing`, `already`,
    `release_damaged`; StoreError.
    """
    try:
        check_release(store)
    except StoreError as error:
        raise RemovalError("release_damaged", detail=error.detail) from None
    found, others = find_client(store, client, source)
    removal = removal_of(what="client", rows=found.rows)
    is_beside = False

    def beside() -> dict[str, str]:
        # With the rows: a crash must not leave the number unknown and its old files welcome, nor the other way round.
        nonlocal is_beside
        listed = ForgottenClients(store)
        # Before the rows go: rather somebody forgotten again who still is there than somebody brought back by a backup.
        is_beside = note_beside_keys(store, listed.marks_with(found.marked))
        return {FORGOTTEN: text(listed.marks_with(found.marked)), REMOVALS: removals(store.path).text_with(removal)}

    with act(store.path, "forgot"):
        rewrite(store, lambda connection: _delete(connection, (found,)), beside)
    after_change(store)  # what waits is noted by token, and those are new
    return Forgotten(removal, others, is_beside)


def find_client(store: Store, client: str, source: Source | None = None) -> tuple[InRegister, tuple[str, ...]]:
    """Whose a client number is that has rows in what is kept, and other ways of writing it that have rows of their own.

    Raises SeveralRegistersError, RemovalError: `no_client`, `other_writing`, `already` (forgotten); StoreError.
    """
    store.serving()  # where nothing whole serves, nobody can say that there are no rows
    cleaned = identifier(client)
    spaces = _spaces(store, cleaned, source)
    found = [one for one in _counted(store, spaces) if one.rows]
    others = _other_writings(store, cleaned, source)
    if not found:
        if others:
            raise RemovalError("other_writing", forms=", ".join(others))
        raise RemovalError("already" if _forgotten_among(store, spaces) else "no_client")
    if len(found) > 1:
        raise SeveralRegistersError(tuple(found))
    return found[0], others


def forget_again(store: Store, keys: Keys, marks: Set[int]) -> int:
    """Delete the records of everybody whose mark is given, from everything that is kept; how many people these were.

    For a store that has been restored, before anybody reads it. Raises StoreError.
    """
    listed = ForgottenClients(store)
    # Those on the store's own list too: nobody who is on it has rows, unless the backup is not what it should be.
    every = listed.marks() | marks
    gone = _marked_among(store, keys, every)
    if not gone:
        if every != listed.marks():
            (store.path / FORGOTTEN).parent.mkdir(exist_ok=True, mode=0o700)
            write_durably(store.path / FORGOTTEN, text(every))
        return 0
    removal = removal_of(what="client", rows=sum(one.rows for one in _counted(store, gone)))
    rewrite(
        store,
        lambda connection: _delete(connection, gone),
        lambda: {FORGOTTEN: text(every), REMOVALS: removals(store.path).text_with(removal)},
    )
    return len({key for one in gone for key in (*one.keys, *one.common)})


def _delete(connection: duckdb.DuckDBPyConnection, clients: Collection[InRegister]) -> None:
    for table in tables_of_clients(connection):
        for one in clients:
            connection.execute(f"DELETE FROM {table} WHERE {one.where(connection, table)}")
    forget_unmentioned(connection)


def _marked_among(store: Store, keys: Keys, marks: Set[int]) -> list[InRegister]:
    """All clients of all that is kept who are forgotten: those of whatever source, then those of rows of each."""
    there = _everybody(store)
    found = []
    for source in (None, *Sources.of(store.path).all()):
        mine = sorted({client for client, number in there if source is None or number == source.number})
        clients = pl.Series(mine, dtype=pl.Int64)
        listed = pl.Series(sorted(marks), dtype=pl.UInt64).implode()
        gone = clients.filter(marked(marked_texts(clients, source.id if source else ""), keys).is_in(listed)).to_list()
        if gone and source is None:
            found.append(InRegister((), tuple(gone)))
            there = {one for one in there if one[0] not in gone}
        elif gone and source is not None:
            found.append(InRegister((source,), (), tuple(gone), frozenset({source.number})))
    return found


def _everybody(store: Store) -> set[tuple[int, int | None]]:
    """The keys of all clients of all that is kept, with the numbers of the sources that have brought their rows."""
    found: set[tuple[int, int | None]] = set()
    for generation in kept(store):
        with store.reading(generation) as connection:
            source_of = _sources_by_delivery(connection)
            rows = connection.execute(
                "SELECT client, NULL FROM client UNION " + _of_clients(connection, "client > 0", "UNION")
            ).fetchall()
            found |= {(int(client), source_of.get(delivery)) for client, delivery in rows}
    return found


def _sources_by_delivery(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    return {0: 0, **{one.number: one.source for one in deliveries.read(connection)}}


def welcome_client(store: Store, client: str, source: Source | None = None) -> None:
    """Let the rows of a forgotten client load again. Raises as `forget_client`, and RemovalError("not_forgotten")."""
    found = _forgotten_among(store, _spaces(store, identifier(client), source))
    if not found:
        raise RemovalError("not_forgotten")
    if len(found) > 1:
        raise SeveralRegistersError(tuple(found))
    with act(store.path, "welcomed"):
        ForgottenClients(store).remove(found[0].marked)


def _forgotten_among(store: Store, spaces: Iterable[InRegister]) -> list[InRegister]:
    listed = ForgottenClients(store).marks()
    return [one for one in spaces if not listed.isdisjoint(marked(pl.Series(one.marked, dtype=pl.String), store.keys))]


def _spaces(store: Store, cleaned: str, source: Source | None, *, has_zeros: bool = True) -> tuple[InRegister, ...]:
    """Whose a cleaned number may be: one person in every register, or one of the register of `source`.

    has_zeros: with the zeros that the register's numbers have; else as it is. Where one number is several people's within a
    source, it is all of them: nobody can say which is meant.
    """
    spaces = registers(store)

    def keys(*writings: str, of: tuple[Source, ...]) -> tuple[int, ...]:
        found = (client_keys(one, registers_of(of), store.keys) for one in dict.fromkeys(writings))
        return tuple(dict.fromkeys(key for some in found for key in some))

    if is_identity_code(cleaned):
        every = tuple(one for sources in spaces for one in sources)
        return (InRegister(every, keys(cleaned, of=every)),)
    written = [_as_hashed(cleaned, sources) if has_zeros else cleaned for sources in spaces]
    numbers = [frozenset(one.number for one in sources) for sources in spaces]
    return tuple(
        InRegister(sources, keys(own, of=sources), keys(written[0], own, of=spaces[0]), mine)
        if sources[0].client_register
        else InRegister(sources, (), keys(own, of=sources), frozenset().union(*numbers[1:]), is_common=True)
        for sources, own, mine in zip(spaces, written, numbers, strict=True)
        if source is None or source.client_register == sources[0].client_register
    )


def _as_hashed(cleaned: str, sources: Iterable[Source]) -> str:
    """A number as the sources of its register have it, whose numbers may all be digits (see `data.ingest.client_numbers`)."""
    width = next((source.client_width for source in sources if source.client_width is not None), None)
    return cleaned if width is None else str(with_width(pl.Series([cleaned]), width)[0])


def _other_writings(store: Store, cleaned: str, source: Source | None) -> tuple[str, ...]:
    """How else the number is written in the store: with more or fewer zeros before it, decimals or dashes. Digits stay hidden."""
    digits = row_numbers(pl.Series([cleaned]))[0]
    forms = {cleaned.replace("-", "")}
    if digits.isdecimal():
        forms = {"0" * zeros + digits for zeros in range(max(1, _LONGEST_NUMBER + 1 - len(digits)))}
        forms |= {f"{digits}.0", f"{digits},0"}
    same = {key for one in _spaces(store, cleaned, source) for key in (*one.keys, *one.common)}
    by_form = {
        form: [
            replace(one, keys=_without(one.keys, same), common=_without(one.common, same))
            for one in _spaces(store, form, source, has_zeros=False)
        ]
        for form in sorted(forms - {cleaned, ""})
    }
    counted = iter(_counted(store, [one for many in by_form.values() for one in many]))
    rows = {form: sum(next(counted).rows for _ in many) for form, many in by_form.items()}
    return tuple(_hidden(form) for form in by_form if rows[form])


def _without(keys: Iterable[int], same: Set[int]) -> tuple[int, ...]:
    return tuple(key for key in keys if key not in same)


def _hidden(form: str) -> str:
    """A way of writing without what is written: leading zeros, signs and the end of a decimal stay."""
    body = form.lstrip("0")
    digits = body.rstrip("0") if body[-2:] in (".0", ",0") else body
    return (
        "0" * (len(form) - len(body))
        + "".join("#" if sign.isalnum() else sign for sign in digits)
        + body[len(digits) :]
    )


def _counted(store: Store, spaces: Collection[InRegister]) -> list[InRegister]:
    """The same with the rows of each in all that is kept: a release keeps rows that no generation has any more."""
    wanted = {key for one in spaces for key in (*one.keys, *one.common)}
    found: list[tuple[int, int | None, int]] = []
    for generation in kept(store) if wanted else ():
        with store.reading(generation) as connection:
            source_of = _sources_by_delivery(connection)
            query = f"""SELECT client, delivery, count(*)
                FROM ({_of_clients(connection, f"client IN ({_listed(wanted)})", "UNION ALL")}) GROUP BY ALL"""
            rows = connection.execute(query).fetchall()
            found += [(int(client), source_of.get(delivery), int(count)) for client, delivery, count in rows]
    return [replace(one, rows=sum(n for client, source, n in found if one.has(client, source))) for one in spaces]


def _of_clients(connection: duckdb.DuckDBPyConnection, where: str, joint: str) -> str:
    """SQL: the client and the delivery of every row of clients."""
    parts = ["SELECT 0 AS client, 0 AS delivery WHERE false"]
    for table in tables_of_clients(connection):
        brought = "delivery" if "delivery" in columns_there(connection, table) else "0 AS delivery"
        parts.append(f"SELECT client, {brought} FROM {table} WHERE {where}")
    return f" {joint} ".join(parts)


def tables_of_clients(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of a generation, of whatever version, that have clients."""
    return [table for table in client_tables() if columns_there(connection, table)]


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(map(str, keys))


def _named(sources: Collection[Source], lang: str) -> str:
    return ", ".join(name_of(source, lang) for source in sources)


def _band(rows: int, lang: str) -> str:
    if rows < _FEW:
        return message("removal.rows.few", lang, to=_FEW)
    if rows < _MANY:
        return message("removal.rows.some", lang, first=_FEW, last=_MANY - 1)
    return message("removal.rows.many", lang, first=_MANY)
