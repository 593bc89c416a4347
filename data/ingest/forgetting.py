"""Forgetting a person: every record of a client number leaves every generation that is kept, and the cells made of it.

A client number is a person only within its register (`data.coverage.sources`): where several registers have the number, whoever
asks says whose it is. A personal identity code is the same person everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass

import duckdb
import polars as pl

from data.coverage.removal_log import REMOVALS, Removal, removal_of, removals
from data.coverage.removals import RemovalError, forget_unmentioned
from data.coverage.sources import Source, Sources, name_of
from data.ingest.client_numbers import with_width
from data.ingest.forgotten import FORGOTTEN, ForgottenClients, beside_keys, marked, note_beside_keys, text
from data.ingest.pseudonyms import client_keys, registers_of
from data.model.identifiers import identifier, is_identity_code, row_numbers
from data.model.schema import client_tables
from data.store.acting import act
from data.store.durable import write_durably
from data.store.generation import Generation
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
    """A client number in one register: whose files use it, the client's keys there, and rows in all that is kept."""

    sources: tuple[Source, ...]
    keys: tuple[int, ...]
    rows: int = 0


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
    keys = found.keys
    removal = removal_of(what="client", rows=found.rows)
    is_beside = False

    def beside() -> dict[str, str]:
        # With the rows: a crash must not leave the number unknown and its old files welcome, nor the other way round.
        nonlocal is_beside
        listed = ForgottenClients(store)
        # Before the rows go: rather somebody forgotten again who still is there than somebody brought back by a backup.
        is_beside = note_beside_keys(store, listed.marks_with(keys))
        return {FORGOTTEN: text(listed.marks_with(keys)), REMOVALS: removals(store.path).text_with(removal)}

    with act(store.path, "forgot"):
        rewrite(store, lambda connection: _delete(connection, keys), beside)
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
    clients = pl.Series(sorted(_everybody(store)), dtype=pl.Int64)
    # Those on the store's own list too: nobody who is on it has rows, unless the backup is not what it should be.
    every = listed.marks() | marks
    gone = clients.filter(marked(clients, keys).is_in(pl.Series(sorted(every), dtype=pl.UInt64).implode())).to_list()
    if not gone:
        if every != listed.marks():
            (store.path / FORGOTTEN).parent.mkdir(exist_ok=True, mode=0o700)
            write_durably(store.path / FORGOTTEN, text(every))
        return 0
    rows = sum(one.rows for one in _counted(store, [InRegister((), tuple(gone))]))
    removal = removal_of(what="client", rows=rows)
    rewrite(
        store,
        lambda connection: _delete(connection, gone),
        lambda: {FORGOTTEN: text(every), REMOVALS: removals(store.path).text_with(removal)},
    )
    return len(gone)


def _delete(connection: duckdb.DuckDBPyConnection, keys: Iterable[int]) -> None:
    for table in tables_of_clients(connection):
        connection.execute(f"DELETE FROM {table} WHERE client IN ({_listed(keys)})")
    forget_unmentioned(connection)


def _everybody(store: Store) -> set[int]:
    """The keys of all clients of all that is kept."""
    found: set[int] = set()
    for generation in kept(store):
        with store.reading(generation) as connection:
            parts = [
                f"SELECT client FROM {table} WHERE client > 0" for table in ("client", *tables_of_clients(connection))
            ]
            found |= {int(client) for (client,) in connection.execute(" UNION ".join(parts)).fetchall()}
    return found


def welcome_client(store: Store, client: str, source: Source | None = None) -> None:
    """Let the rows of a forgotten client load again. Raises as `forget_client`, and RemovalError("not_forgotten")."""
    found = _forgotten_among(store, _spaces(store, identifier(client), source))
    if not found:
        raise RemovalError("not_forgotten")
    if len(found) > 1:
        raise SeveralRegistersError(tuple(found))
    with act(store.path, "welcomed"):
        ForgottenClients(store).remove(found[0].keys)


def _forgotten_among(store: Store, spaces: Iterable[InRegister]) -> list[InRegister]:
    listed = ForgottenClients(store)
    return [one for one in spaces if listed.among(pl.Series([*one.keys], dtype=pl.Int64)).len()]


def _spaces(store: Store, cleaned: str, source: Source | None, *, has_zeros: bool = True) -> tuple[InRegister, ...]:
    """Whose a cleaned number may be: one person in every register, or one of the register of `source`.

    has_zeros: with the zeros that the register's numbers have; else as it is. Where one number is several people's within a
    source, it is all of them: nobody can say which is meant.
    """
    spaces = registers(store)
    keys = [
        client_keys(_as_hashed(cleaned, sources) if has_zeros else cleaned, registers_of(sources), store.keys)
        for sources in spaces
    ]
    if is_identity_code(cleaned):
        return (
            InRegister(tuple(one for sources in spaces for one in sources), tuple(key for of in keys for key in of)),
        )
    return tuple(
        InRegister(sources, of)
        for sources, of in zip(spaces, keys, strict=True)
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
    by_form = {form: _spaces(store, form, source, has_zeros=False) for form in sorted(forms - {cleaned, ""})}
    same = {key for one in _spaces(store, cleaned, source) for key in one.keys}
    there = {
        one
        for found in _counted(store, [one for many in by_form.values() for one in many])
        if found.rows
        for one in found.keys
    }
    return tuple(_hidden(form) for form, many in by_form.items() if any((there - same) & {*one.keys} for one in many))


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
    wanted = _listed(key for one in spaces for key in one.keys)
    counts: dict[int, int] = {}
    for generation in kept(store) if wanted else ():
        for client, rows in _rows(store, generation, wanted):
            counts[client] = counts.get(client, 0) + rows
    return [InRegister(one.sources, one.keys, sum(counts.get(key, 0) for key in one.keys)) for one in spaces]


def _rows(store: Store, generation: Generation, wanted: str) -> list[tuple[int, int]]:
    with store.reading(generation) as connection:
        parts = [f"SELECT client FROM {table} WHERE client IN ({wanted})" for table in tables_of_clients(connection)]
        query = f"SELECT client, count(*) FROM ({' UNION ALL '.join(parts)}) GROUP BY client"
        return [(int(client), int(rows)) for client, rows in connection.execute(query).fetchall()] if parts else []


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
