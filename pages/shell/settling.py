"""What is done once in the life of a server, when the first page has been drawn."""

from __future__ import annotations

import gc
import threading

_once = threading.Lock()


def settle() -> None:
    """Let the garbage collector pass over what stays anyway: modules, texts, definitions. Only the first call does it.

    Collecting goes on by itself, by Python's thresholds, in everything made from now on. Streamlit would besides collect
    everything after every click (`runner.postScriptGC`, off in `.streamlit/config.toml`): most of a click's time, for
    objects that never go. `tests/benchmarks/clicks.py` shows both the time and that memory stays bounded.
    """
    if _once.acquire(blocking=False):
        gc.collect()
        gc.freeze()
