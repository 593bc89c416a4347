"""Mosaic's eight charts, served: with the rows in the browser (DuckDB-WASM) or with a server that the page asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from tests.browser.server import free_port
from tests.conftest import ROOT

SOURCE = Path(__file__).parent / "mosaic"
_WASM = ("duckdb-eh.wasm", "duckdb-browser-eh.worker.js")


def build(folder: Path, rows: Path) -> str:
    """Lay the page into a folder, with the rows beside it; a word about what is missing, empty when all is there."""
    if shutil.which("npm") is None:
        return "there is no npm"
    made = folder / "made"
    made.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "page.js"):
        shutil.copy2(SOURCE / name, made)
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=made, capture_output=True, text=True)
    if done.returncode:
        return f"npm could not install it: {done.stderr.strip()[-300:]}"
    command = [
        "node_modules/.bin/esbuild",
        "page.js",
        "--bundle",
        "--format=esm",
        "--minify",
        f"--outfile={folder / 'page.js'}",
    ]
    subprocess.run(command, cwd=made, check=True, capture_output=True)
    for name in _WASM:
        shutil.copy2(made / "node_modules/@duckdb/duckdb-wasm/dist" / name, folder)
    shutil.copy2(SOURCE / "page.html", folder)
    shutil.copy2(rows, folder / "encounters.parquet")
    frame = pl.read_parquet(rows)
    frame.write_ipc_stream(folder / "encounters.arrow", compat_level=pl.CompatLevel.oldest())
    return ""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of the page in a folder, and the process of its server."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.peers.mosaic_server", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/page.html")
        yield f"http://127.0.0.1:{port}/page.html", process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until something answers at an address."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
