"""What takes long to make and is only read: once for a process, in however many modules of tests it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def once(make: Callable[[Path], T]) -> Callable[[pytest.TempPathFactory], T]:
    """Return a fixture of the session with what is made in a folder of its own.

    pytest by itself makes one for each module that a fixture is imported into, for it takes each for another fixture.
    """
    made: list[T] = []

    @pytest.fixture(scope="session", name=make.__name__)
    def fixture(tmp_path_factory: pytest.TempPathFactory) -> T:
        if not made:
            made.append(make(tmp_path_factory.mktemp(make.__name__)))
        return made[0]

    return fixture
