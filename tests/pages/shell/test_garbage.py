"""The garbage collector: no round through everything after a click, the usual ones by itself, what stays passed over."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from streamlit import config

from pages.shell import garbage
from tests.conftest import ROOT


@pytest.fixture
def unfrozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a server that has just started."""
    monkeypatch.setattr(garbage, "_once", threading.Lock())
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_streamlit_does_not_collect_after_every_click() -> None:
    """Read as the server reads it, from the settings beside the app."""
    option = "runner.postScriptGC"
    asked = f"from streamlit import config; print(config.get_option({option!r}), config.get_where_defined({option!r}))"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    value, where = done.stdout.strip().split(" ", 1)
    assert (value, where.endswith("config.toml")) == ("False", True)
    assert config.get_option(option) is False


@pytest.mark.usefixtures("unfrozen")
def test_only_the_first_page_freezes() -> None:
    assert gc.get_freeze_count() == 0
    garbage.freeze_startup_objects()
    frozen = gc.get_freeze_count()
    assert frozen > 10_000
    grown = [[number] for number in range(1_000)]
    garbage.freeze_startup_objects()
    # Things die by their count of references all the time; nothing new joins them.
    assert gc.get_freeze_count() <= frozen
    assert len(grown) == 1_000


@pytest.mark.usefixtures("unfrozen")
def test_python_goes_on_collecting_by_itself() -> None:
    """Circles of objects, as every click leaves some, go without anyone asking for it."""

    class Circle:
        def __init__(self) -> None:
            self.own = self

    garbage.freeze_startup_objects()
    assert gc.isenabled()
    assert all(threshold > 0 for threshold in gc.get_threshold())
    left = [weakref.ref(Circle()) for _ in range(50_000)]
    assert sum(one() is not None for one in left) < 25_000
