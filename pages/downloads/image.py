"""A figure as an SVG or PNG image with its title above and its metadata below."""

from __future__ import annotations

import struct
import textwrap
import zlib
from xml.etree import ElementTree as Xml

import vl_convert

from pages.charts import frame
from pages.charts.template import Plot
from pages.downloads.about import About
from pages.downloads.handout.pictures import FAMILY, fonts, sized
from pages.theme.colours import light

WIDTH = 900
SCALE = 2.0
"""Pixels of a PNG per unit of the SVG."""
_SVG = "http://www.w3.org/2000/svg"
_TITLE, _LINE, _SIDE = 40, 16, 12
_LETTERS = 150
"""Characters on a line of small text."""
_MARK = light("mark")
_PNG_HEAD = 33
"""Bytes of the signature and of the IHDR chunk, which must come first."""

Xml.register_namespace("", _SVG)
Xml.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def to_svg(chart: Plot, found: About, alt_text: str, width: int = WIDTH) -> bytes:
    """Return the chart as an SVG file. alt_text: description of the chart for screen readers; width: of a screen, in pixels."""
    inner = Xml.fromstring(_chart(chart, width))  # noqa: S314  (drawn by ourselves, a line above)
    below = [line for text in found.lines for line in textwrap.wrap(text, _LETTERS * width // WIDTH)]
    marks, titles = (textwrap.wrap(text, 70 * width // WIDTH) for text in (found.mark, found.title))
    top = 14 + 24 * len((*marks, *titles))
    names = [
        f"{name}{'' if width == WIDTH else width}" for name in ("title", "desc")
    ]  # two of a page have ids of their own
    across, height = width + 2 * _SIDE, top + float(inner.get("height", "0")) + _TITLE / 2
    root = Xml.Element(f"{{{_SVG}}}svg", {"role": "img", "aria-labelledby": " ".join(names)})
    for kind, name, text in zip(
        ("title", "desc"), names, (found.title, "\n".join((alt_text, *found.lines))), strict=True
    ):
        Xml.SubElement(root, f"{{{_SVG}}}{kind}", {"id": name}).text = text
    ground = Xml.SubElement(root, f"{{{_SVG}}}rect", {"fill": frame.GROUND})
    for at, text in enumerate((*marks, *titles)):
        _text(root, text, 28 + 24 * at, 18, _MARK if at < len(marks) else frame.TEXT, "bold")
    inner.set("x", str(_SIDE))
    inner.set("y", str(top))
    root.append(inner)
    for at, text in enumerate(below):
        _text(root, text, height + _LINE * at, 11, frame.QUIET)
    size = {"width": f"{across:g}", "height": f"{height + _LINE * len(below) + _SIDE:g}"}
    ground.attrib |= size
    root.attrib |= {**size, "viewBox": f"0 0 {size['width']} {size['height']}"}
    done: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return done


def to_png(chart: Plot, found: About, alt_text: str) -> bytes:
    """Return the chart as a PNG file, with title and description as metadata too."""
    fonts()
    png: bytes = vl_convert.svg_to_png(to_svg(chart, found, alt_text).decode(), scale=SCALE)
    texts = {"Title": found.title, "Description": "\n".join((alt_text, *found.lines)), "Software": "Tilannekuva"}
    return png[:_PNG_HEAD] + b"".join(_chunk(key, text) for key, text in texts.items()) + png[_PNG_HEAD:]


def _chart(chart: Plot, width: int) -> str:
    """Return the chart alone as SVG, in a width that includes axes and names."""
    fonts()
    svg: str = vl_convert.vegalite_to_svg(
        sized(chart, width, None) | {"autosize": {"type": "fit-x", "contains": "padding"}}
    )
    return svg


def _chunk(key: str, text: str) -> bytes:
    """Return an uncompressed international text chunk (iTXt) of a PNG: length, type, keyword, text, checksum."""
    body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


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
