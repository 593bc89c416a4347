"""Coroutines that a test waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def in_a_loop(asked: Coroutine[Any, Any, T]) -> T:
    """Return what it gives, run in a loop and a thread of its own.

    In the thread of the tests a loop may be running already: Playwright's, since a test in the browser came earlier.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()
