"""A figure as a picture with its title over it and what it stands on under it."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree as Xml

import altair as alt
import vl_convert

from pages.parts.exports.about import About
from pages.parts.handout.pictures import FAMILY, fonts, svg_of

WIDTH = 900
SCALE = 2.0
"""Pixels of a PNG for each of the picture."""
_SVG = "http://www.w3.org/2000/svg"
_TITLE, _LINE, _SIDE = 40, 16, 12
_LETTERS = 128
"""Letters on a line of the small text."""

Xml.register_namespace("", _SVG)
Xml.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def to_svg(chart: alt.Chart, found: About, said: str) -> bytes:
    """The chart as SVG. said: the chart in words, for whoever does not see it."""
    inner = Xml.fromstring(svg_of(chart, WIDTH))
    width, height = (float(inner.get(side, "0")) for side in ("width", "height"))
    lines = [line for text in found.lines for line in textwrap.wrap(text, _LETTERS)]
    titles = textwrap.wrap(found.title, 70)
    top = 14 + 24 * len(titles)
    full = max(width, WIDTH) + 2 * _SIDE, top + height + _TITLE / 2 + _LINE * len(lines) + _SIDE
    root = Xml.Element(f"{{{_SVG}}}svg", {
        "width": f"{full[0]:g}", "height": f"{full[1]:g}", "viewBox": f"0 0 {full[0]:g} {full[1]:g}", "role": "img",
    })  # fmt: skip
    Xml.SubElement(root, f"{{{_SVG}}}title").text = found.title
    Xml.SubElement(root, f"{{{_SVG}}}desc").text = said
    Xml.SubElement(root, f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#FFFFFF"})
    for at, text in enumerate(titles):
        _text(root, text, 28 + 24 * at, 18, "#1B1F27", "bold")
    inner.set("x", str(_SIDE))
    inner.set("y", str(top))
    root.append(inner)
    for at, text in enumerate(lines):
        _text(root, text, top + height + _TITLE / 2 + _LINE * at, 11, "#4A5261")
    done: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return done


def to_png(chart: alt.Chart, found: About, said: str) -> bytes:
    """The same picture as PNG."""
    fonts()
    png: bytes = vl_convert.svg_to_png(to_svg(chart, found, said).decode(), scale=SCALE)
    return png


def _text(root: Xml.Element, text: str, y: float, size: int, colour: str, weight: str = "normal") -> None:
    look = {
        "x": str(_SIDE),
        "y": f"{y:g}",
        "font-size": str(size),
        "fill": colour,
        "font-family": FAMILY,
        "font-weight": weight,
    }
    Xml.SubElement(root, f"{{{_SVG}}}text", look).text = text
