"""The address of a page outside Streamlit."""

from __future__ import annotations

from typing import Any


class Parameters(dict[str, Any]):
    """The address, as Streamlit gives it."""

    def get_all(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        values = self.get(name, [])
        return values if isinstance(values, list) else [values]

    def from_dict(self, values: dict[str, Any]) -> None:
        """Put another address in its place."""
        self.clear()
        self.update(values)
