"""What it costs to make figures before an import is seen: of a whole store, and after deliveries that touch some of its tables.

    python -m tests.benchmarks.publishing STORE

Seconds of the processor, of the process that makes them, over a copy of the store without cells.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from data.store import ready
from data.store.store import Store
from metrics.precompute.before_publication import PrecomputedDraft

DELIVERIES = {
    "all, as nothing is there": "UPDATE encounter SET minutes = 11 WHERE record % 200 = 0",
    "trainings": "UPDATE training SET completed = NOT completed WHERE record % 50 = 0",
    "referrals": "UPDATE referral SET status = 'sent' WHERE record % 200 = 0",
    "encounters": "UPDATE encounter SET minutes = 12 WHERE record % 200 = 0",
}


def main(arguments: Sequence[str]) -> None:
    """Publish a change of each kind after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    path: Path = parser.parse_args(arguments).store
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / "store"
        shutil.copytree(path, copy, ignore=shutil.ignore_patterns("cube", "lock"))
        shutil.copyfile(path.with_suffix(".keys"), copy.with_suffix(".keys"))
        copy.with_suffix(".keys").chmod(0o600)
        ready.made_by(PrecomputedDraft())
        for what, change in DELIVERIES.items():
            began = os.times()
            with Store(copy).next_generation("measured") as connection:
                connection.execute(change)
            ended = os.times()
            made = ended.children_user + ended.children_system - began.children_user - began.children_system
            rest = ended.user + ended.system - began.user - began.system
            print(f"{what:26} {made:7.1f} CPU s for figures {rest:6.1f} CPU s for the rest", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
