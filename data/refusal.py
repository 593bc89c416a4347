"""What the program will not do, said by one code for each reason; its text is in the catalogues (`refusal.<family>.<reason>`).

What an error means to whoever gets it: a word for logs, and whether it is Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from data.texts import Texts  # the process that reads files says nothing, and starts the faster without the texts

_STOPPED_BY_DUCKDB = "Query interrupted"
_LISTED = {"tables": "table", "fields": "field"}
"""Parameters that are several ids with commas between, and the keys of their names."""
Naming = Callable[[str, str, Mapping[str, object]], str]
"""(what it is, its id, all parameters) → the name people know it by; empty for one that would help nobody."""


class Refusal(Exception):  # noqa: N818  (a person is told why; it is no fault of the program)
    """Something that cannot be done as asked, for a reason a person can act on.

    family: whose reasons these are; reason: a code; params: what fills the placeholders of its text, never a personal value;
    nearest: ids of what could be asked instead, nearest_kind: what they are.
    """

    family: ClassVar[str] = ""

    def __init__(self, reason: str, nearest: tuple[str, ...] = (), **params: object) -> None:
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(reason + (f" ({said})" if said else ""))
        self.reason = reason
        self.nearest = nearest
        self.params: dict[str, Any] = params

    @property
    def key(self) -> str:
        """Key of its text."""
        return f"refusal.{self.family}.{self.reason}"

    @property
    def is_of_server(self) -> bool:
        """Whether it tells of files and commands where the program runs, which are for those who keep it."""
        return not self.params.keys().isdisjoint(("path", "file"))

    def told(self) -> dict[str, Any]:
        """What fills the placeholders of its text."""
        return self.params

    @property
    def nearest_kind(self) -> str:
        """What `nearest` names; empty when they are words as they are typed."""
        return ""


def word_of(error: Exception) -> str:
    """Return one word for logs: the reason of a refusal, else the kind of error, whose own text may hold a personal value."""
    return error.reason if isinstance(error, Refusal) else type(error).__name__


def is_stop(error: BaseException) -> bool:
    """Return whether an error is what DuckDB makes of Ctrl-C while it executes a statement."""
    return isinstance(error, RuntimeError) and str(error) == _STOPPED_BY_DUCKDB


def refusal_text(refusal: Refusal, t: Texts, named: Naming | None = None) -> str:
    """Why it cannot be done, and what could be asked instead. named: names for ids; without it they stand as they are typed."""
    name = named or (lambda _kind, code, _params: code)
    # Nothing at all is shown as something empty, so that no word seems to be missing from the sentence.
    told = refusal.told()
    params: dict[str, object] = {
        kind: value if type(value) is int else name(kind, str(value), told) or '""' for kind, value in told.items()
    }
    for kind in _LISTED.keys() & params.keys():
        params[kind] = ", ".join(t(f"{_LISTED[kind]}.{code}") for code in str(told[kind]).split(","))
    said = t(refusal.key, **params)
    other = [shown for code in refusal.nearest if (shown := name(refusal.nearest_kind, code, refusal.params))]
    return f"{said} {t('refusal.nearest', nearest=', '.join(other))}" if other else said
