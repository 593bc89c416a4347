"""What an object tells of itself, found when it is first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

V = TypeVar("V")


class lazily(Generic[V]):  # noqa: N801  (read as a word before a method, as `property` is)
    """As `functools.cached_property`, and nobody waits for another object's.

    Before Python 3.12 that has one lock for all objects of a class: where the value is found by a library that lets other threads
    run meanwhile, twenty people wait in one queue. Two threads may find the same value of one object; one of them is kept.
    """

    def __init__(self, find: Callable[[Any], V]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, one: None, owner: type) -> "lazily[V]": ...
    @overload
    def __get__(self, one: object, owner: type) -> V: ...
    def __get__(self, one: object | None, owner: type) -> "lazily[V] | V":
        if one is None:
            return self
        found: V = one.__dict__.setdefault(self._name, self._find(one))  # from now on it is found there, before this
        return found
