"""Sources: named origins of files, whose row numbers and client numbers are theirs, and what the program has learnt of them.

STORE/sources/sources.jsonl: one line per act, never changed; a later line on the same source replaces the earlier one. Sources
belong to the store, not to a generation: a rollback leaves them alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from data.personal import plain_line
from data.refusal import Refusal
from data.store.ledger import Act, ActLog, LogFolder, alone, now
from data.texts import message

MAIN = "main"
"""Id of the source every store has: files that nothing tells apart are of one client system."""

LONGEST_NAME = 80


class SourceError(Refusal, ValueError):
    """A source cannot be used or made. `reason`: `name`, `unknown`."""

    family = "source"


class Source(Act):
    """A named origin of files.

    number: 0 for the main source, else from 1; organisation: who the data are of, a municipality's code or nothing;
    client_register: the space of its client numbers, empty for the store's common one; yearly_from: year from which its row
    numbers begin anew each year; monthly_from: first day of the month from which they do so each month; client_width: the digits
    its client numbers are filled with zeros to, where they are all digits; clients_by: the field that tells apart people of one
    client number, where there are such; headers: the columns of its files by table; answers: answers to questions by question
    key; defaults: keys of those that nobody has answered, whose safe default was taken (`--yes`).
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    number: int = Field(ge=0, le=65_535)
    name: Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(plain_line)] = ""
    organisation: str = ""
    client_register: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    yearly_from: int | None = None
    monthly_from: date | None = None
    client_width: int | None = Field(default=None, ge=0, le=12)
    clients_by: Literal["", "municipality", "language", "arrived_on"] = ""
    headers: Mapping[str, tuple[str, ...]] = {}
    answers: Mapping[str, str] = {}
    defaults: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a later line replaces."""
        return self.id

    @property
    def is_one_series(self) -> bool:
        """Its row numbers never begin anew."""
        return self.yearly_from is None and self.monthly_from is None

    @property
    def title(self) -> str:
        """Its name; of one without a name its id."""
        return self.name or self.id

    def learning(self, table: str, headers: tuple[str, ...], answers: Mapping[str, str]) -> Self:
        """This source with the columns of one more file and the answers given for it."""
        return self.answered(answers).model_copy(update={"headers": {**self.headers, table: headers}})

    def answered(self, answers: Mapping[str, str]) -> Self:
        """This source with answers that a person has given: they go before those kept, and before defaults taken."""
        defaults = tuple(key for key in self.defaults if key not in answers)
        return self.model_copy(update={"answers": {**self.answers, **answers}, "defaults": defaults})

    def taking(self, defaults: Mapping[str, str]) -> Self:
        """This source with safe defaults taken for questions that nobody has answered."""
        new = {key: answer for key, answer in defaults.items() if key not in self.answers}
        return self.model_copy(update={"answers": {**self.answers, **new}, "defaults": (*self.defaults, *new)})


@dataclass(frozen=True)
class Sources(LogFolder):
    """The sources of a store folder. Cheap to make; reads its file when asked."""

    NAME = "sources"

    def all(self) -> tuple[Source, ...]:
        """Every source by number, the main one first. Raises StoreError when the file is damaged."""
        known = self._log.in_force()
        main = () if any(source.id == MAIN for source in known) else (Source(time=now(), id=MAIN, number=0),)
        return tuple(sorted((*main, *known), key=lambda source: source.number))

    def save(self, sources: Mapping[str, Source]) -> None:
        """Write the sources that differ from what is known, by id. Raises StoreError: `busy`, `unwritable`, `damaged_line`."""
        with alone(self.folder):
            before = {source.id: source for source in self.all()}
            for source in sources.values():
                old = before.get(source.id)
                if old is None or _content(old) != _content(source):
                    self._log.append(source.model_copy(update={"time": now()}))

    @property
    def _log(self) -> ActLog[Source]:
        return ActLog(self.folder / "sources.jsonl", Source)


def name_of(source: Source, lang: str) -> str:
    """What a source is called on a page: its own name, the main one by what it is."""
    return source.name or (message("question.source.main", lang) if source.id == MAIN else source.id)


def made(source_id: str, number: int, name: str, organisation: str = "", register: str = "") -> Source:
    """A new source. Raises SourceError("name") when the id or name is none, or looks like personal data."""
    try:
        return Source(
            time=now(), id=source_id, number=number, name=name, organisation=organisation, client_register=register
        )  # fmt: skip
    except ValidationError:
        raise SourceError("name") from None


def _content(source: Source) -> dict[str, object]:
    return source.model_dump(exclude={"time"})
