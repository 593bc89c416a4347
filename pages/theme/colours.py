"""The table of colours, and how a page, a picture and a style sheet take theirs.

Charts are written in the colours of a light page, as files and handouts have them. On a page they become names of variables of
the style sheet, so that the browser draws the same chart light or dark, as soon as its visitor changes that.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_QUOTED = re.compile(r'"(#[0-9A-F]{6})"')
_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Colour:
    """A colour on a light and on a dark page, as `#RRGGBB`."""

    light: str
    dark: str


def _key(name: str) -> str:
    return name.replace("_", "-")


COLOURS: Mapping[str, Colour] = {
    name: Colour(**pair) for name, pair in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
}
"""Every colour by its name. Charts are recoloured by the light one; of two that are alike they have the first."""
_OF_CHARTS = dict(reversed(list(COLOURS.items())))
VARIABLES: Mapping[str, str] = {colour.light: f"var(--{_key(name)})" for name, colour in _OF_CHARTS.items()}
"""The variable of a style sheet for each light colour."""
DARK: Mapping[str, str] = {colour.light: colour.dark for colour in _OF_CHARTS.values()}
"""The dark colour for each light one."""


def light(name: str) -> str:
    """Return a colour as it is on a light page, in which charts are written."""
    return COLOURS[name].light


def numbered(name: str) -> tuple[str, ...]:
    """Return the light colours that are numbered from 1, such as those of series."""
    return tuple(colour.light for key, colour in COLOURS.items() if key.rstrip("0123456789") == f"{name}_")


def variables() -> str:
    """Return the style sheet of the variables: light or dark as the part of the page that uses one is.

    A browser that does not know `light-dark` has the light colours.
    """
    plain = "; ".join(f"--{_key(name)}: {colour.light}" for name, colour in COLOURS.items())
    both = "; ".join(f"--{_key(name)}: light-dark({colour.light}, {colour.dark})" for name, colour in COLOURS.items())
    return f":root {{ {plain} }} @supports (color: light-dark(#000, #FFF)) {{ :root {{ {both} }} }}"


def in_variables(svg: str) -> str:
    """Return a picture that stands in a page, in the variables of its style sheet.

    >>> in_variables('<rect fill="#FFFFFF"/>')
    '<rect fill="var(--ground)"/>'
    """
    return _QUOTED.sub(lambda found: f'"{VARIABLES.get(found[1], found[1])}"', svg)


def recoloured(part: Any, colours: Mapping[str, str]) -> Any:
    """Return a part of a specification with other colours.

    >>> recoloured({"fill": "#FFFFFF", "range": ["#0A0C10", "x"]}, DARK)
    {'fill': '#12171E', 'range': ['#F1F3F6', 'x']}
    """
    if isinstance(part, str):
        return colours.get(part, part)
    if isinstance(part, dict):
        return {key: recoloured(value, colours) for key, value in part.items()}
    return [recoloured(one, colours) for one in part] if isinstance(part, list) else part
