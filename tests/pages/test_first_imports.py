"""Any page may be the first that a server is asked for: it can be imported before all others."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pages.shell.registry import PAGES
from tests.conftest import ROOT

# Every page in a process of its own, made of one that has loaded what all of them need from outside, to save time.
EACH_FIRST = """
import os, sys, traceback
from importlib import import_module
import altair, babel.dates, babel.numbers, cryptography.hazmat.primitives.asymmetric.ed25519, duckdb, filelock
import numpy, pandas, polars, pyarrow, pydantic.dataclasses, pydantic.types, streamlit
for name in sys.argv[1:]:
    if (child := os.fork()) == 0:
        try:
            assert not [own for own in sys.modules if own.partition(".")[0] in ("data", "metrics", "pages")]
            import_module(name).render
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a page of its own process is made by fork")
def test_every_page_can_be_the_first() -> None:
    names = [spec.module for spec in PAGES]
    command = [sys.executable, "-c", EACH_FIRST, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines() == [f"{name} 0" for name in names], done.stderr
