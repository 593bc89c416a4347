"""Garbage collection of the server process, configured once when the first page has been drawn."""

from __future__ import annotations

import gc
import threading

_once = threading.Lock()


def freeze_startup_objects() -> None:
    """Exclude everything loaded at start (modules, texts, definitions) from garbage collection; later calls do nothing.

    Python's automatic collection of later objects goes on. Streamlit would besides run a full collection after every
    click (`runner.postScriptGC`, off in `.streamlit/config.toml`), which took most of a click's time although these
    objects are never freed. `tests/benchmarks/clicks.py` shows the time and that memory stays bounded.
    """
    if _once.acquire(blocking=False):
        gc.collect()
        gc.freeze()
