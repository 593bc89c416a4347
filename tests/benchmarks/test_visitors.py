"""Twenty people while an import publishes: nobody meets an error, and all move to the new figures."""

import json

import pytest

from data.store.store import Store
from tests.benchmarks.visitors import FILTERS, Crowd, measure

pytestmark = pytest.mark.benchmark


def test_twenty_people_while_data_are_imported(small: Store) -> None:
    found = measure(small.path, Crowd(people=20, seekers=0, think=5, filters=FILTERS, exact=False), minutes=3)
    print(json.dumps(found, indent=1))
    assert found["import_exit_code"] == 0
    assert found["wrong"] == []
    assert found["all_moved"]
    assert not found["traceback"]
