"""Charts as templates: Altair writes each shape of a chart once, with slots; a chart fills them with its names and sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, cast

import altair as alt
import pandas as pd  # noqa: F401 - whole before the first chart: Altair meets an AttributeError while another thread loads it
from altair.utils.schemapi import disable_debug_mode

from pages.theme.colours import recoloured

# Altair would compare each part of a chart with the schema of Vega-Lite, and slots are not in it. The tests compare every chart
# once its slots are filled.
disable_debug_mode()

_Shape = ParamSpec("_Shape")
_MARK = "\ue000"
"""What a slot begins with: a character for private use, which is in no text."""
MOST_SHAPES = 64
"""Shapes kept of each kind of chart, the last ones used: languages times what a chart may have beside its marks."""
_SIZES_OF_THE_THEME = ("continuousWidth", "continuousHeight")


def slot(name: str) -> Any:
    """Return what stands in a template for a value of each chart; it may stand wherever a value of Vega-Lite may."""
    return _MARK + name


@dataclass(frozen=True)
class Plot:
    """A finished chart, as pages, files and slides draw it.

    template: from a function under `template`; values: what its slots hold; rows: published values by name of the data.
    """

    template: Mapping[str, Any]
    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]

    def without_rows(self, colours: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The chart in Vega-Lite; its rows are named and not in it. colours: in place of those of a light page."""
        values = recoloured(dict(self.values), colours) if colours else self.values
        done: dict[str, Any] = _filled(self.template, values, colours or {})
        return done

    def to_dict(self, colours: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The chart in Vega-Lite with its rows."""
        rows = {name: list(self.coloured_rows(name, colours)) for name in self.rows}
        return {**self.without_rows(colours), "datasets": rows}

    def coloured_rows(self, name: str, colours: Mapping[str, str] | None) -> Sequence[Mapping[str, Any]]:
        """Return the rows of some data, those with a colour of their own in others."""
        rows = self.rows[name]
        if not colours:
            return rows
        return [
            {**row, "colour": colours.get(row["colour"], row["colour"])} if "colour" in row else row for row in rows
        ]


def template(write: Callable[_Shape, alt.Chart]) -> Callable[_Shape, Mapping[str, Any]]:
    """Return a function that writes a chart as a template, once for each of its arguments.

    The arguments say the shape of a chart and its language. They hold nothing of an answer, so that what is kept is the same
    for everyone who looks; the height is a slot in every template.
    """

    @wraps(write)
    def written(*args: _Shape.args, **kwargs: _Shape.kwargs) -> Mapping[str, Any]:
        done: dict[str, Any] = write(*args, **kwargs).to_dict(validate=False)
        for size in _SIZES_OF_THE_THEME:
            done["config"]["view"].pop(size, None)
        return {**done, "height": slot("height"), "width": "container"}

    return cast("Callable[_Shape, Mapping[str, Any]]", lru_cache(maxsize=MOST_SHAPES)(written))


def _filled(part: Any, values: Mapping[str, Any], colours: Mapping[str, str]) -> Any:
    """Return a part of a template with a value in each slot, and in other colours."""
    if isinstance(part, str):
        return values[part[1:]] if part[:1] == _MARK else colours.get(part, part)
    if isinstance(part, dict):
        return {key: _filled(value, values, colours) for key, value in part.items()}
    return [_filled(one, values, colours) for one in part] if isinstance(part, list) else part
