"""Whether cells are made ahead."""

import os

SWITCH = "TILANNEKUVA_CELLS"
"""Environment variable that, set to 0, leaves all cells to whoever asks for them first."""


def is_wanted() -> bool:
    """Return whether cells are to be made ahead at all."""
    return os.environ.get(SWITCH) != "0"
