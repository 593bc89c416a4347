"""The pictures of pages in README.md and docs/, as the pages are now: `make pictures`."""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from data.store.store import Store
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide
from metrics.hypotheses.hypothesis import OTHERS, parse_hypothesis
from metrics.hypotheses.register import Register
from metrics.hypotheses.testing import run
from metrics.watching.watch import Watches
from pages.shell.registry import path_of
from tests.browser.chromium import HOW_TO_GET_ONE, NONE_FOUND, find_chromium, needed, running
from tests.browser.server import Server, start, wait_until_drawn
from tests.conftest import ROOT

PAGE, PHONE, SCREEN, PROJECTOR = (1366, 1250), (390, 800), (1366, 768), (1280, 720)
"""Sizes of windows, in pixels."""
IN_A_FIELD = "() => document.activeElement.matches('input')"
COLOURS = 256
"""Colours of a picture: what is drawn has few, and a file of few is small."""
VIVID, WEIGHT, NEARLY_WHITE = 60, 8, 249
"""How far apart the parts of a colour are that is no grey, and how many times as much it counts; white stays white."""


@dataclass(frozen=True)
class Picture:
    """One picture. query: of the page's address; asked: what is typed after the key that asks, into one field after another;
    opened: how the heading of a folded part begins; share: of its size on screen.
    """

    name: str
    page: str
    query: str = "lang=fi"
    size: tuple[int, int] = PAGE
    share: float = 0.5
    scheme: Literal["light", "dark"] = "light"
    asked: tuple[str, ...] = ()
    opened: str = ""


PICTURES = (
    Picture("overview", "overview", share=0.7),
    *(Picture(name, name) for name in ("demand", "reach", "flows", "centre", "outcomes", "quality", "compare")),
    Picture("recommendations", "catalogue", "lang=fi&view=recommendations", opened="K2"),
    Picture("ask", "demand", asked=("arabiankieliset kuukausittain",)),
    Picture("phone", "flows", "lang=sv", PHONE, share=0.7),
    Picture("dark", "demand", size=SCREEN, share=1, scheme="dark"),
    Picture("briefing", "briefings", "lang=fi&briefing=month&slide=2", PROJECTOR, share=0.75),
    Picture(
        "question", "briefings", "lang=fi&briefing=month&slide=2", PROJECTOR, share=0.75, asked=("asiakk", "kieli")
    ),
)
OF_WHAT_IS_SET = (
    Picture("manager", "overview", share=0.7),
    Picture("hypotheses", "hypotheses", "lang=fi&h=H-1", share=0.7),
    Picture("several", "briefings", "lang=fi&briefing=B-1&slide=1", PROJECTOR, share=0.75),
)
"""Those of a watch, of a tested hypothesis and of a slide that somebody has put together."""


def main(store: Path) -> int:
    """Draw every picture over a store and write it into docs/. Raises StoreError where the store has no data to draw."""
    Store(store).serving()
    with tempfile.TemporaryDirectory() as folder:
        server = start(store, Path(folder) / "server.log")
        browser = running(needed(find_chromium(), NONE_FOUND, HOW_TO_GET_ONE))
        try:
            for place, one in enumerate((*PICTURES, *OF_WHAT_IS_SET)):
                if place == len(PICTURES):
                    set_up(Store(store))
                (ROOT / "docs" / f"{one.name}.png").write_bytes(small(taken(browser, server, one), one.share))
        finally:
            browser.close()
            server.stop()
    return 0


def set_up(store: Store) -> None:
    """Watch a figure, test a hypothesis, and put a slide together."""
    Watches.of(store.path).set(metric="wait_days", rule="above", value=2)
    register = Register.of(store.path)
    line = register.register(
        parse_hypothesis(
            question="Ratkeaako työhön liittyvä asia harvemmin heti kuin muut asiat?", outcome="solved_share", direction="down",
            smallest=5, design={"kind": "groups", "dimension": "topic", "compared": "work", "reference": OTHERS},
        )
    )  # fmt: skip
    run(register, line.id, store)
    numbers = (Slide(metric=metric, kind="number") for metric in ("clients", "encounters"))
    slides = (Slide(metric="clients", kind="bars", by=("language",)), *numbers)
    Briefings.of(store.path).save("Valtuusto", freeze([slides[0].of(slides)], store))


def taken(browser: Browser, server: Server, one: Picture) -> bytes:
    """Return the screen of a new visitor."""
    context = browser.new_context(viewport=ViewportSize(width=one.size[0], height=one.size[1]), color_scheme=one.scheme)
    try:
        page = context.new_page()
        page.goto(f"{server.url}/{path_of(one.page)}?{one.query}")
        wait_until_drawn(page, 120)
        for place, text in enumerate(one.asked):
            page.keyboard.press("Tab" if place else "k")
            if place and not page.evaluate(IN_A_FIELD):  # but on the button that empties the field before
                page.keyboard.press("Tab")
            page.wait_for_function(IN_A_FIELD)
            page.keyboard.type(text)
            page.keyboard.press("Enter")
            page.wait_for_timeout(1500)
        if one.opened:
            page.locator("summary", has_text=one.opened).first.click()
        # Charts follow the width of their columns a moment after these are there.
        page.wait_for_timeout(1500)
        wait_until_drawn(page, 120, quiet=500)
        return page.screenshot()
    finally:
        context.close()


def small(png: bytes, share: float) -> bytes:
    """Return a picture in a share of its size and in few colours."""
    with Image.open(io.BytesIO(png)) as whole:
        done = whole.convert("RGB").resize(
            (round(whole.width * share), round(whole.height * share)), Image.Resampling.LANCZOS
        )
    file = io.BytesIO()
    done.quantize(palette=_palette(done), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _palette(picture: Image.Image) -> Image.Image:
    """Return an image with the colours that tell most: a thin line of a colour counts for more than a grey ground."""
    seen = np.asarray(picture).reshape(-1, 3)
    vivid = seen[np.ptp(seen, axis=1) > VIVID]
    weighed = np.concatenate([seen, *[vivid] * WEIGHT])
    done = Image.fromarray(weighed[None, :, :]).quantize(COLOURS)
    done.putpalette([255 if part > NEARLY_WHITE else part for part in done.getpalette() or ()])
    return done


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
