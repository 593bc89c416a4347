"""The process that sends reports behind the app: `python -m pages.sending.child STORE`. It yields to whoever reads.

Why it could not is said on standard output, as one word that holds no value.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data.refusal import word_of
from data.store.store import Store
from pages.sending.settings import reports

_LOWEST = 19


def main(arguments: Sequence[str]) -> int:
    """Send what is due; the exit code is 0, or 2 where something stopped it or somebody has not got theirs."""
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    logging.disable(logging.WARNING)  # Streamlit's, that no app is running
    try:
        from pages.sending.sending import send

        done = send(Store(Path(arguments[0])), reports())
    except Exception as error:
        print(word_of(error))
        return 2
    if done.failed:
        print("failed")
    return 2 if done.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
