"""What the first look at each page costs the server's processor, when none of its cells has been made.

    python -m tests.benchmarks.first_looks STORE [PAGE …] [--language CODE] [--internal] [--ahead] [--as-is] [--behind]

Seconds of the processor for the first drawing of each page in a process of its own, over a copy of the store without cells, and
how often the reader waited for cells. --ahead: all cells are made first, and told of by themselves; --as-is: with
the cells that the store has, as after a publish; --behind: somebody makes them
meanwhile, so that answers come first (whoever makes them is left out).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path


def look(page_id: str, language: str, *, internal: bool, behind: bool) -> tuple[float, float, int]:
    """Draw a page for the first time; seconds of the processor and by the clock, and how often cells were made meanwhile."""
    import pytest
    from streamlit.testing.v1 import AppTest

    from metrics.cube.cube import Cube
    from metrics.measures import lacking
    from pages.shell.registry import PAGES
    from tests.pages.rights import with_rights

    builds = 0
    made = Cube._made

    def counted(*asked) -> object:  # type: ignore[no-untyped-def]
        nonlocal builds
        builds += bool(asked[1])
        return made(*asked)

    render = next(spec for spec in PAGES if spec.id == page_id).render

    def script(render) -> None:  # type: ignore[no-untyped-def]  # AppTest reads it as text, without our imports
        render("fi")

    app = AppTest.from_function(script, args=(render,), default_timeout=3600)
    if language:
        app.query_params["language"] = language
    if behind:
        lacking.tell(lambda *_: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cube, "_made", counted)
        if internal:
            with_rights(patch)
            app.query_params["audience"] = "internal"
        spent, clock = time.process_time(), time.monotonic()
        app.run()
        found = time.process_time() - spent, time.monotonic() - clock, builds
    assert not app.exception, page_id
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure the pages named, or those with figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--language", default="")
    parser.add_argument("--internal", action="store_true")
    parser.add_argument("--ahead", action="store_true")
    parser.add_argument("--as-is", action="store_true")
    parser.add_argument("--behind", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        os.environ["TILANNEKUVA_STORE"] = str(options.store)
        for page_id in options.pages:
            spent, clock, builds = look(page_id, options.language, internal=options.internal, behind=options.behind)
            print(f"{page_id:12} {spent:7.2f} CPU s {clock:7.2f} s {builds:4} builds", flush=True)
        return
    flags = [
        "--inside",
        "--language",
        options.language,
        *(f"--{name}" for name in ("internal", "behind") if getattr(options, name)),
    ]
    with tempfile.TemporaryDirectory(dir=options.store.parent) as folder:
        copy = Path(folder) / "store"
        left_out = shutil.ignore_patterns() if options.as_is else shutil.ignore_patterns("cube")
        shutil.copytree(options.store, copy, ignore=left_out, copy_function=os.link)
        (copy / "lock").unlink(missing_ok=True)
        shutil.copyfile(options.store.with_suffix(".keys"), copy.with_suffix(".keys"))
        copy.with_suffix(".keys").chmod(0o600)
        if options.ahead:
            began = os.times()
            subprocess.run([sys.executable, "-m", "metrics", "build", "--store", copy], check=True, capture_output=True)
            ended = os.times()
            spent = ended.children_user + ended.children_system - began.children_user - began.children_system
            print(f"ahead        {spent:7.2f} CPU s", flush=True)
        for page_id in options.pages or ("overview", "demand", "reach", "compare", "flows", "outcomes", "quality"):
            if not options.ahead and not options.as_is:
                shutil.rmtree(copy / "cube", ignore_errors=True)
            subprocess.run([sys.executable, "-m", "tests.benchmarks.first_looks", copy, page_id, *flags], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
