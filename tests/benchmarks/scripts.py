"""What drawing each page costs the server's processor, once its answers are there, without a browser.

    python -m tests.benchmarks.scripts STORE [PAGE …] [--profile]

Milliseconds of the processor for the page's own script: median, least and most of twelve drawings, each with another language
chosen than the one before. The menu and what Streamlit does around the script is not in them; `clicks` has that.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LANGUAGES = ("", "ar", "so", "ru")
WARM, MEASURED = 8, 12


def measure(page_id: str, profile: cProfile.Profile | None = None) -> list[float]:
    """Draw a page with one language after another; milliseconds of the drawings that are measured."""
    from streamlit.testing.v1 import AppTest

    from pages.shell.registry import PAGES

    spent: list[float] = []
    render = next(spec for spec in PAGES if spec.id == page_id).render

    def drawn() -> None:
        start = time.process_time()
        if profile:
            profile.enable()
        try:
            render("fi")
        finally:
            if profile:
                profile.disable()
            spent.append(1000 * (time.process_time() - start))

    def script(drawn) -> None:  # type: ignore[no-untyped-def]  # AppTest reads it as text, without our imports
        drawn()

    app = AppTest.from_function(script, args=(drawn,), default_timeout=60)
    for turn in range(WARM + MEASURED):
        app.query_params.clear()
        if chosen := LANGUAGES[turn % len(LANGUAGES)]:
            app.query_params["language"] = chosen
        if turn == WARM and profile:
            profile.clear()
        app.run()
        assert not app.exception, page_id
    return spent[WARM:]


def main(arguments: Sequence[str]) -> None:
    """Measure the pages named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    options = parser.parse_args(arguments)
    os.environ["TILANNEKUVA_STORE"] = str(options.store.resolve())
    from pages.shell.registry import PAGES

    for page_id in options.pages or [spec.id for spec in PAGES]:
        profile = cProfile.Profile() if options.profile else None
        spent = measure(page_id, profile)
        print(f"{page_id:12} {statistics.median(spent):5.0f} ms ({min(spent):.0f} to {max(spent):.0f})", flush=True)
        if profile:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main(sys.argv[1:])
