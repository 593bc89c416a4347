"""Ctrl-C ends a command as a shell expects, whatever it is in the middle of."""

from __future__ import annotations

import subprocess
import sys

import pytest

from data.command_line import STOPPED

ENDLESS = "SELECT sum(range % 7) FROM range(1000000000000)"
STORE = f"""
    from pathlib import Path
    from data.store.trouble import told
    try:
        with told(Path("store"), "000001.duckdb"):
            connection.execute("{ENDLESS}")
    except KeyboardInterrupt:
        print("left")"""
CODE = """
import os, signal, sys, threading
import duckdb
from data.command_line import exit_code

def run():
    # With more threads DuckDB may hear of it only when a long statement of one operator has ended.
    connection = duckdb.connect(config={{'threads': 1}})
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    {statement}
    return 0

sys.exit(exit_code(run, "en"))
"""


@pytest.mark.parametrize(
    "statement", [f'connection.execute("{ENDLESS}")', "threading.Event().wait(60)"], ids=["in DuckDB", "in Python"]
)
def test_a_command_that_is_stopped_says_nothing(statement: str) -> None:
    """DuckDB makes an error of its own of it, which looked like a fault in the program."""
    code = CODE.format(statement=statement)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (STOPPED, "", "")


def test_whoever_reads_a_store_is_told_of_it_as_of_any_other_stop() -> None:
    """So that what has been done already is not taken back, and what is left is said."""
    code = CODE.format(statement=STORE.strip())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "left\n", "")
