"""Texts of the options of a list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from metrics.model.labels import distinct

T = TypeVar("T")


def distinct_texts(options: Sequence[T], text: Callable[[T], str]) -> Callable[[T], str]:
    """The `format_func` of a list to choose from. Streamlit finds what was chosen by its text: of two equal texts it would
    always be the first."""
    names = distinct({str(option): text(option) for option in options})

    def name(option: T) -> str:
        return names[str(option)] if str(option) in names else text(option)

    return name
