"""What the eight charts of *Kysyntä* cost with one language chosen: here, and in peers that count the raw rows by hand.

    python -m tests.benchmarks.peers STORE … [--rounds 3] [--only NAME …]

Each answers in fresh processes of its own over the same data, and must give the same exact figures. Prints a table for
each store. What is asked is in `questions.py` beside this folder; nothing is written into the store.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.peers.contestants import CONTESTANTS
from tests.benchmarks.peers.measuring import measure, table

DUTIES = """Peers give what they count. They leave to whoever uses them: to hide and round small numbers, with noise that is the
same wherever a number stands; to let people enter visitors' figures several at once; to tell what no file covers from zero; to
say how much of a share is known, and what a value's interval is. Whoever may ask them may ask for rows."""


def main(arguments: Sequence[str]) -> int:
    """Measure those named, or all that are here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="+", type=Path, metavar="STORE")
    parser.add_argument("--rounds", type=int, default=3, help="fresh processes of each")
    parser.add_argument("--only", nargs="+", choices=tuple(CONTESTANTS), default=tuple(CONTESTANTS))
    options = parser.parse_args(arguments)
    failed = False
    for path in options.stores:
        found = measure(path, options.only, options.rounds)
        print(f"\n{found.encounters:,} encounters; {found.machine}\n\n{table(found)}\n", flush=True)
        for name, words in found.differences.items():
            failed = True
            print(f"{name} gives other figures:", *words[:10], sep="\n  ")
        for name in found.missing:
            print(f"{name} was not measured: it is not installed (tests/benchmarks/peers.lock)")
    print(DUTIES)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
