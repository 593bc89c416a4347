"""Apache Superset in an environment of its own, made when it is not there yet, and its dashboard over the same rows.

It takes some minutes and 1.5 GB the first time. What it needs besides what it says it needs is named here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.benchmarks.peers.mosaic_pages import wait_for
from tests.benchmarks.peers.superset_dashboard import PASSWORD, USER, Door, make_dashboard
from tests.browser.server import free_port

NEEDS = (
    "apache-superset==6.1.0",
    "duckdb-engine==0.17.0",
    f"duckdb=={duckdb.__version__}",
    "gunicorn",
    "rich",
    "cachetools",
    "flask-caching==2.3.1",  # with a newer one it does not start
)
WORKERS = ("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "120")

_SETTINGS = """
SECRET_KEY = "made up for a measurement, and long enough for what is signed with it"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
PREVENT_UNSAFE_DB_CONNECTIONS = False
FEATURE_FLAGS = {{"DASHBOARD_VIRTUALIZATION": False}}  # all charts are drawn, also those below the fold
"""


@dataclass(frozen=True)
class Running:
    """started: seconds until it answered."""

    dashboard: str
    sign_in: str
    process: int
    started: float


def environment(folder: Path) -> Path:
    """The commands of an environment with Superset. Raises CalledProcessError when it cannot be installed."""
    commands = folder / "bin"
    if not (commands / "superset").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDS]
        subprocess.run(pip, check=True, capture_output=True)
    return commands


@contextmanager
def superset(commands: Path, folder: Path, rows: Path) -> Iterator[Running]:
    """A Superset of its own in a folder, with the dashboard over a file of rows."""
    folder.mkdir()
    database = folder / "rows.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE encounter AS FROM read_parquet('{rows}')")
    settings = folder / "superset_config.py"
    settings.write_text(_SETTINGS.format(folder=folder), encoding="utf-8")
    around = os.environ | {"SUPERSET_CONFIG_PATH": str(settings), "FLASK_APP": "superset", "SUPERSET_HOME": str(folder)}
    admin = ["fab", "create-admin", "--username", USER, "--password", PASSWORD]
    admin += ["--firstname", "A", "--lastname", "B", "--email", "a@example.org"]
    for words in (["db", "upgrade"], admin, ["init"]):
        subprocess.run([str(commands / "superset"), *words], env=around, cwd=folder, check=True, capture_output=True)
    port = free_port()
    command = [str(commands / "gunicorn"), *WORKERS, "--bind", f"127.0.0.1:{port}", "superset.app:create_app()"]
    began, url = time.monotonic(), f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=around, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"{url}/health")
        started = time.monotonic() - began
        number = make_dashboard(Door(url), str(database))
        yield Running(f"{url}/superset/dashboard/{number}/", f"{url}/login/", process.pid, started)
    finally:
        process.terminate()
        process.wait(30)
