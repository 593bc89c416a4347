"""An nginx for the tests of the deployment: the system's, else one from the package manager; and one that runs for a while.

`python -m tests.deploy.nginx` gets one where there is none, or says why it could not; `make test` runs it.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.browser import chromium
from tests.browser.server import free_port
from tests.conftest import ROOT

NONE_FOUND = "no nginx found for the tests of the deployment"
HOW_TO_GET_ONE = f"""{NONE_FOUND}. To get one:
  Debian and Ubuntu:  sudo apt-get install nginx-light
  Fedora:             sudo dnf install nginx
  macOS:              brew install nginx"""
CONFIGURATION = ROOT / "deploy" / "nginx.conf"


def find_nginx() -> str | None:
    """Path of an nginx, also where Debian keeps it from users who are not root; None when there is none."""
    return next((path for name in ("nginx", "/usr/sbin/nginx") if (path := shutil.which(name))), None)


def main() -> int:
    """Get one; the result is the exit code: without one 0 at home, where its tests are skipped, and 1 in CI."""
    if find_nginx() is None:
        print("No nginx yet: trying apt-get install nginx-light", flush=True)
        chromium.install_package("nginx-light")
    if find_nginx() is not None:
        return 0
    print(HOW_TO_GET_ONE, file=sys.stderr)
    return 1 if chromium.in_ci() else 0


def of_the_project(folder: Path, app: str, port: int, plain_port: int) -> str:
    """The project's own configuration on other ports, before an app at `host:port`, with a certificate made for it."""
    make_certificate(folder)
    text = CONFIGURATION.read_text(encoding="utf-8")
    for there, here in (
        ("app:8501;", f"{app};"),
        ("listen 8443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 8080;", f"listen 127.0.0.1:{plain_port};"),
        ("/run/secrets/", f"{folder}/"),
        (" /tmp/nginx", f" {folder}/nginx"),
        ("/dev/stdout", f"{folder}/access.log"),
        ("error_log stderr", f"error_log {folder}/error.log"),
    ):
        assert there in text, f"the configuration does not say {there!r} any more"
        text = text.replace(there, here)
    return re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)


def bare(folder: Path, app: str, port: int, settings: str) -> str:
    """What somebody writes who follows the first example they find; settings: further lines of the location."""
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{temporary}    access_log off;\n"
        f"    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{app}; {settings} }} }}\n}}\n"
    )


def make_certificate(folder: Path) -> None:
    """A certificate that nobody but these tests trusts."""
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", "/CN=localhost", "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@contextmanager
def running(nginx: str, configuration: str, folder: Path, port: int) -> Iterator[None]:
    """Run nginx as whoever runs the tests, until the block ends."""
    file = folder / "nginx.conf"
    file.write_text(configuration, encoding="utf-8")
    process = subprocess.Popen(
        [nginx, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(file), "-g", "daemon off;"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.terminate()
    raise AssertionError(f"nginx did not start: {process.communicate(timeout=20)[0]}")


def free_ports(count: int) -> list[int]:
    return [free_port() for _ in range(count)]


if __name__ == "__main__":
    sys.exit(main())
