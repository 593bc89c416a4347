"""A value that holds for a block of code, in its thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def within(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Let a variable have a value in the block, and after it the one it had before."""
    before = variable.set(value)
    try:
        yield
    finally:
        variable.reset(before)
