"""Charts as pictures, without a browser: SVG for paper and screen, PNG for slides."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import matplotlib as mpl
import vl_convert

FONT = "DejaVu Sans"
"""Its letters are wide: a name that fits in it fits in what another machine draws instead. It comes with matplotlib."""
FAMILY = f"'{FONT}', Verdana, sans-serif"


@cache
def fonts() -> Path:
    """The folder of the font; known to the converter from the first call on."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    vl_convert.register_font_directory(str(folder))
    return folder


def svg_of(chart: alt.Chart | alt.LayerChart | str, width: int, height: int | None = None) -> str:
    """A chart as SVG of `width` pixels. height: instead of the chart's own, where that is a fixed one (bars have steps)."""
    fonts()
    svg: str = vl_convert.vegalite_to_svg(sized(chart, width, height))
    return svg


def png_of(chart: alt.Chart | alt.LayerChart | str, width: int, height: int | None = None, scale: float = 2.0) -> bytes:
    """A chart as PNG; `scale` pixels for each of `width`."""
    fonts()
    png: bytes = vl_convert.vegalite_to_png(sized(chart, width, height), scale=scale)
    return png


def sized(chart: alt.Chart | alt.LayerChart | str, width: int, height: int | None) -> dict[str, Any]:
    """The specification of a chart in a fixed size and in the one font."""
    spec: dict[str, Any] = json.loads(chart if isinstance(chart, str) else chart.to_json())
    spec["width"] = width
    if height and not isinstance(spec.get("height"), dict):
        spec["height"] = height
    renamed: dict[str, Any] = _in_font(spec)
    return renamed


def _in_font(part: Any) -> Any:
    """Every font of a specification replaced by the one that is there."""
    if isinstance(part, dict):
        return {
            key: FAMILY if key in ("font", "labelFont", "titleFont") and isinstance(value, str) else _in_font(value)
            for key, value in part.items()
        }
    return [_in_font(one) for one in part] if isinstance(part, list) else part
