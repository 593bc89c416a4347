"""What takes long to make and is only read: once for all workers, in however many modules of tests it is wanted."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

T = TypeVar("T")


def once(make: Callable[[Path], T]) -> Callable[[pytest.TempPathFactory, str], T]:
    """Return a fixture of the session with what is made in a folder of its own, where the other workers find it too.

    pytest by itself makes one for each module that a fixture is imported into, for it takes each for another fixture.
    """
    made: list[T] = []

    @pytest.fixture(scope="session", name=make.__name__)
    def fixture(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> T:
        if not made:
            base = tmp_path_factory.getbasetemp()
            folder = (base if worker_id == "master" else base.parent) / f"{make.__module__}.{make.__name__}"
            result = folder.with_name(f"{folder.name}.made")
            with FileLock(f"{folder}.lock"):
                if not result.exists():
                    folder.mkdir()
                    result.write_bytes(pickle.dumps(make(folder)))
            made.append(pickle.loads(result.read_bytes()))  # noqa: S301 - what this run has written
        return made[0]

    return fixture
