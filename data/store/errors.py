"""What can be wrong with a store."""

from pathlib import Path

from data.refusal import Refusal


class StoreError(Refusal):
    """The store cannot do what was asked.

    `reason`: `empty`, `busy`, `no_generation` (`detail` its number), `damaged` (`detail` the file in the store), `replaced`
    (`detail` the file that is not what its description says), `release_damaged` (`detail` the file of a release), `damaged_line`
    (`path` the file, `detail` the line), `unreadable`, `unwritable`, `not_a_folder` (`path` what it is about), `sample`.
    """

    family = "store"

    def __init__(self, reason: str, path: Path, detail: str = "") -> None:
        super().__init__(reason, path=path, detail=detail)
        self.path = path
        self.detail = detail


def damage_of(name: str, *, replaced: bool = False) -> str:
    """The reason of an error about a file: a release is made anew, a generation is not."""
    if name.startswith("releases/"):
        return "release_damaged"
    return "replaced" if replaced else "damaged"
