"""Distinct texts for the options of a select box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from metrics.model.labels import distinct

T = TypeVar("T")


def distinct_texts(options: Sequence[T], text: Callable[[T], str]) -> Callable[[T], str]:
    """Return a `format_func` whose texts are distinct.

    Streamlit identifies an option by its text, so that of two equal texts always the first would be chosen.
    """
    names = distinct({str(option): text(option) for option in options})

    def name(option: T) -> str:
        return names[str(option)] if str(option) in names else text(option)

    return name
