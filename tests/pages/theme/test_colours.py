"""Every colour stands in one table, and what is read or seen is told apart from its ground, on light pages and on dark ones."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations, pairwise
from typing import Any, Literal

import pytest

from pages.charts import frame, heatmap, tiles
from pages.charts.shades import COLOURS as SHADES
from pages.theme.colours import COLOURS, DARK, VARIABLES, light, numbered, variables
from tests.conftest import ROOT
from tests.pages.theme.contrast import contrast, mixed

Mode = Literal["light", "dark"]
both = pytest.mark.parametrize("mode", ["light", "dark"])
TEXT, MARK = 4.5, 3.0
"""What WCAG AA asks of text, and of lines and marks."""
GROUNDS = ("ground", "panel")
ON_NUMBERS = {
    "ink": ("ground", "panel", "hidden", "bar"),
    "text": ("ground", "hidden", "bar", "tile"),
    "quiet": GROUNDS,
}


def of(name: str, mode: Mode) -> str:
    return str(getattr(COLOURS[name], mode))


@both
def test_text_is_read(mode: Mode) -> None:
    for name, grounds in (*ON_NUMBERS.items(), ("link", GROUNDS), ("mark", ("ground",))):
        for ground in grounds:
            assert contrast(of(name, mode), of(ground, mode)) >= TEXT, (name, ground)
    assert contrast(of("pressed", mode), "#FFFFFF") >= TEXT, "Streamlit writes white on what is pressed"
    for ground in GROUNDS:
        caption = mixed(of(ground, mode), of("ink", mode), 0.6)
        assert contrast(caption, of(ground, mode)) >= TEXT, "captions are 60 % of the text"


@both
def test_marks_and_edges_are_seen(mode: Mode) -> None:
    series = [name for name in COLOURS if name.startswith("series_")]
    for name in (*series, "border", "pressed"):
        for ground in GROUNDS:
            assert contrast(of(name, mode), of(ground, mode)) >= MARK, (name, ground)
    assert contrast(of("border", mode), of("grid", mode)) >= 2.9, "coast and land"


@both
def test_a_label_in_the_colour_of_its_series_is_read(mode: Mode) -> None:
    """Labels at the end of lines are bold and of the four first series at most as large as text is."""
    for number in (1, 2, 3, 4):
        assert contrast(of(f"series_{number}", mode), of("ground", mode)) >= (TEXT if number != 2 else 4.2)


@both
def test_numbers_of_a_heat_map_are_read_on_every_value(mode: Mode) -> None:
    for percent in range(101):
        amount = heatmap.FAINTEST + (1 - heatmap.FAINTEST) * percent / 100
        cell = mixed(of("ground", mode), of("heat", mode), amount)
        text = "on_full" if percent > 100 * heatmap.DARK_FROM else "on_faint"
        assert contrast(of(text, mode), cell) >= TEXT, percent
    for amount in (tiles.FAINTEST, 1):
        assert contrast(of("text", mode), mixed(of("ground", mode), of("tile", mode), amount)) >= TEXT


@both
def test_classes_of_a_map_go_one_way(mode: Mode) -> None:
    """From the least to the most, away from the ground."""
    shades = [of(f"shade_{number}", mode) for number in range(1, 6)]
    from_ground = [contrast(shade, of("ground", mode)) for shade in shades]
    assert from_ground == sorted(from_ground)
    for one, other in pairwise(shades):
        assert contrast(one, other) >= 1.4
    assert contrast(of("text", mode), of("grid", mode)) >= MARK, "every mark has an edge of this colour"
    assert numbered("shade") == SHADES


def test_no_two_colours_of_charts_are_alike() -> None:
    pages_alone = {"pressed", "link"}
    for (one, first), (other, second) in combinations(COLOURS.items(), 2):
        if not {one, other} & pages_alone:
            assert first.light != second.light, (one, other)
    assert VARIABLES[light("series_1")] == "var(--series-1)"
    assert DARK[light("series_1")] == COLOURS["series_1"].dark


def test_streamlit_has_the_same_colours() -> None:
    settings: dict[str, Any] = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for mode in ("light", "dark"):
        theme = settings[mode]
        told = {
            "primaryColor": "pressed", "backgroundColor": "ground", "secondaryBackgroundColor": "panel", "textColor": "ink",
            "linkColor": "link", "borderColor": "border",
        }  # fmt: skip
        assert {key: theme[key] for key in told} == {key: getattr(COLOURS[name], mode) for key, name in told.items()}
        assert theme["sidebar"]["backgroundColor"] == getattr(COLOURS["panel"], mode)
        series = [getattr(COLOURS[f"series_{number}"], mode) for number in range(1, 9)]
        assert theme["chartCategoricalColors"] == series
    assert not {"base", *settings["light"]} & set(settings), (
        "what is set for both would not follow the visitor's system"
    )
    assert tuple(settings["light"]["chartCategoricalColors"]) == frame.COLOURS


def test_no_other_file_has_a_colour_of_a_page() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for ending in ("py", "css", "js")
        for path in (ROOT / "pages").rglob(f"*.{ending}")
        if re.search(r"#[0-9A-Fa-f]{6}\b", re.sub(r">>>.*\n.*|`#RRGGBB`", "", path.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_style_sheets_name_only_colours_that_there_are() -> None:
    known = set(re.findall(r"--([\w-]+):", variables()))
    of_slides = {"room", "above", "below", "letters", "part", "columns"}
    for path in (ROOT / "pages").rglob("*.*"):
        if path.suffix in (".css", ".py") and path.name != "colours.py":
            named = set(re.findall(r"var\(--([\w-]+)\)", path.read_text(encoding="utf-8")))
            assert named <= known | of_slides, path
