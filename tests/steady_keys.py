"""Keys of the stores that tests make: the same in every run, so that noise and rounding are too.

`TEST_KEYS=<text>` chooses others. The Hypothesis profile "search" takes new ones in each run, and the first lines of the run
name them, so that what they broke can be seen again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import types
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from data.store import keys

NAME = "TEST_KEYS"


class SteadyKeys:
    """In place of the machine's own randomness: bytes that depend on the name of the keys and on how many came before.

    Each test, and each fixture that outlives a test, starts anew: what keys a store gets must not depend on the tests that ran
    before it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._given = 0

    def token_bytes(self, size: int) -> bytes:
        self._given += 1
        return hashlib.shake_256(f"{self.name}\0{self._given}".encode()).digest(size)

    @contextmanager
    def anew(self) -> Iterator[None]:
        before, self._given = self._given, 0
        yield
        self._given = before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        with self.anew():
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        with self.anew():
            return (yield)


def chosen() -> str:
    """Name of this run's keys, the same for all its workers: they inherit its environment."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "search":
        os.environ.setdefault(NAME, secrets.token_hex(4))
    return os.environ.get(NAME, "steady")


def pytest_configure(config: pytest.Config) -> None:
    steady = SteadyKeys(chosen())
    config.pluginmanager.register(steady)
    setattr(keys, "secrets", types.SimpleNamespace(token_bytes=steady.token_bytes))  # noqa: B010 - a module


def pytest_report_header() -> str | None:
    return f"keys of stores: {NAME}={os.environ[NAME]}" if NAME in os.environ else None
