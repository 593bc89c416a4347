"""What tests of damage share."""

from __future__ import annotations

import pytest

from tests.data.store.mutations import Mutated, mutated


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Mutated:
    """A store with every kind of file, of which each test takes a copy of its own."""
    return mutated(tmp_path_factory.mktemp("whole"))
