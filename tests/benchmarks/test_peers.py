"""Peers on the eight charts of *Kysyntä*: a table of what each costs, and all of them give our exact figures."""

import pytest

from data.store.store import Store
from tests.benchmarks.peers import in_browser
from tests.benchmarks.peers.__main__ import main

pytestmark = pytest.mark.benchmark


def test_peers_give_the_same_figures(small: Store) -> None:
    assert main([str(small.path)]) == 0


def test_peers_in_the_same_browser(small: Store) -> None:
    in_browser.main([str(small.path)])
