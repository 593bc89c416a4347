"""Views of pages that people have named to come back to: STORE/steward/views.jsonl, one line per act, never changed.

A view is a page and what its address says: filters and choices, all of them codes. No audience is in it.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import AfterValidator, StringConstraints

from data.personal import plain_line
from data.steward.lines import StewardError, made, withdrawn
from data.store.ledger import Act, ActLog, LogFolder, alone, next_number

LONGEST_NAME = 60
MOST_VIEWS = 50
_QUERY = r"^[A-Za-z0-9_.,~%+&=-]{0,1000}$"


def _of_codes(query: str) -> str:
    """The query, when no value in it is a personal one, however it is written. Raises ValueError."""
    for name, value in parse_qsl(query):
        plain_line(name)
        plain_line(value)
    return query


class SavedView(Act):
    """A view with a name. page: its id; query: the query of its address, without language."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")]
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_NAME), AfterValidator(plain_line)
    ]
    page: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
    query: Annotated[str, StringConstraints(pattern=_QUERY), AfterValidator(_of_codes)]

    @property
    def key(self) -> str:
        """What a later line replaces."""
        return self.id


@dataclass(frozen=True)
class SavedViews(LogFolder):
    """The saved views of a store folder. Cheap to make; reads its file when asked."""

    NAME = "steward"

    def all(self) -> tuple[SavedView, ...]:
        """Those in force, by name. Raises StoreError."""
        return tuple(sorted(self._views.in_force(), key=lambda view: (view.name.casefold(), int(view.id))))

    def save(self, name: str, page: str, query: str) -> SavedView:
        """Save a view; one of the same name on the same page is replaced. Raises StewardError (`views`: too many), StoreError."""
        with alone(self.folder):
            there = self.all()
            same = next((one.id for one in there if (one.name, one.page) == (name.strip(), page)), None)
            if same is None and len(there) >= MOST_VIEWS:
                raise StewardError("views", most=MOST_VIEWS)
            number = same or str(next_number(one.id for one in self._views.lines()))
            return self._views.append(made(SavedView, id=number, name=name, page=page, query=query))

    def withdraw(self, key: str) -> SavedView:
        """Remove a view. Raises StewardError("nothing"), StoreError."""
        return withdrawn(self._views, key)

    @property
    def _views(self) -> ActLog[SavedView]:
        return ActLog(self.folder / "views.jsonl", SavedView)
