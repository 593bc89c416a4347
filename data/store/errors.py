"""What can be wrong with a store."""

from pathlib import Path
from typing import Any

from data.refusal import Refusal
from data.store import ready

_DAMAGED = ("damaged", "replaced")
_BESIDE_KEYS = (".forgotten", ".removals", ".sent")
"""Endings of the lists that stand beside the keys (`data.store.keys`)."""


class StoreError(Refusal):
    """The store cannot do what was asked.

    `reason`: `empty`, `busy`, `no_generation` (`detail` its number), `damaged` (`detail` the file in the store), `replaced`
    (`detail` the file that is not what its description says), `release_damaged` (`detail` the file of a release), `damaged_line`
    (`path` the file, `detail` the line), `strange_line` (the same: whole, and not known to this version), `damaged_definitions`
    (`detail` the file), `unreadable`, `unwritable`, `no_room`, `no_memory`, `not_a_folder` (`path` what each is about), `sample`,
    `another_form` (`detail` the column whose values this version of the program does not know).
    """

    family = "store"

    def __init__(self, reason: str, path: Path, detail: str = "") -> None:
        super().__init__(reason, path=path, detail=detail)
        self.path = path
        self.detail = detail
        self._steps = ready.steps(path) if reason == "busy" else None

    @property
    def key(self) -> str:
        """Key of its text: damage with a version to go back to is told with it, writing with how far its figures are made, and a
        list beside the keys, which no repair touches, with what takes its place.
        """
        if self._steps:
            return f"{super().key}.figures"
        if self.reason == "damaged_line" and self.path.suffix in _BESIDE_KEYS:
            return super().key + self.path.suffix
        return super().key + (".all" if self.reason in _DAMAGED and self._last_whole() is None else "")

    def told(self) -> dict[str, Any]:
        """What its text tells, with the store as a command takes it and the last whole version."""
        store = self.path.parent.parent if self.reason in ("damaged_line", "strange_line") else self.path
        at = f'"{store}"' if " " in str(store) else str(store)
        good = {"good": self._last_whole()} if self.reason in _DAMAGED else {}
        made = dict(zip(("done", "of"), self._steps, strict=True)) if self._steps else {}
        return {**self.params, "at": at, **good, **made}

    def _last_whole(self) -> int | None:
        from data.store.versions import last_whole  # the store raises these errors, and is asked here

        return last_whole(self.path, besides=self.detail)


def damage_of(name: str, *, replaced: bool = False) -> str:
    """The reason of an error about a file: a release is made anew, a generation is not."""
    if name.startswith("releases/"):
        return "release_damaged"
    return "replaced" if replaced else "damaged"
