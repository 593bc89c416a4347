"""Two machines on one: each with a network, a name and an address of its own, and without the store of the other's files.

Linux alone, and root: network namespaces joined by a bridge, and Spark's own master and workers as on machines.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.conftest import ROOT

BRIDGE, NETWORK, PORT = "tk-bridge", "10.213.7", 7077
_PATIENCE = 60.0


@dataclass(frozen=True)
class Machines:
    """A cluster. environment: of whoever joins it."""

    master: str
    environment: dict[str, str]


def can_be_made() -> bool:
    """Whether this system lets networks be made."""
    tools = all(map(shutil.which, ("ip", "unshare", "mount")))
    return sys.platform == "linux" and os.geteuid() == 0 and tools


@contextmanager
def two_machines(folder: Path, hidden: Sequence[Path]) -> Iterator[Machines]:
    """Start a cluster of two machines with one processor each. folder: for their files; hidden: folders that they do not see."""
    with ExitStack() as ending:
        _joined(ending)
        settings = _settings()
        folder.mkdir(parents=True)
        (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        options = " ".join(f"-D{name}={settings[name]}" for name in settings if "auth" in name or "crypto" in name)
        environment = os.environ | {
            "SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": f"{NETWORK}.1", "PYSPARK_PYTHON": sys.executable,
            "SPARK_MASTER_OPTS": options, "SPARK_WORKER_OPTS": options,
        }  # fmt: skip
        master = ("--host", f"{NETWORK}.1", "--port", str(PORT), "--webui-port", "0")
        log = _started(ending, (), "master.Master", master, environment, folder / "master.log")
        _said(log, "New state: ALIVE")
        for number in (1, 2):
            address = f"{NETWORK}.{number + 1}"
            covers = "".join(_cover(one) for one in hidden)
            apart = f'mount --make-rprivate /; {covers}hostname machine{number}; exec "$@"'
            within = ("ip", "netns", "exec", f"tk-machine{number}", "unshare", "-m", "-u", "bash", "-ec", apart, "-")
            worker = (
                *("--host", address, "-c", "1", "-m", "1g", "-d", str(folder / f"work{number}"), "--webui-port", "0"),
                f"spark://{NETWORK}.1:{PORT}",
            )
            own = environment | {"SPARK_LOCAL_IP": address}
            _said(
                _started(ending, within, "worker.Worker", worker, own, folder / f"worker{number}.log"),
                "Successfully registered",
            )
        yield Machines(f"spark://{NETWORK}.1:{PORT}", environment)


def _cover(hidden: Path) -> str:
    return f"mount -t tmpfs none '{hidden}'; " if hidden.is_dir() else f"mount --bind /dev/null '{hidden}'; "


def _settings() -> dict[str, str]:
    return {
        "spark.driver.host": f"{NETWORK}.1",
        "spark.driver.bindAddress": f"{NETWORK}.1",
        "spark.authenticate": "true",
        "spark.authenticate.secret": secrets.token_hex(16),
        "spark.network.crypto.enabled": "true",
        "spark.executor.memory": "600m",
        "spark.executor.cores": "1",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
    }


def _joined(ending: ExitStack) -> None:
    """Make two networks and a bridge between them and this one."""

    def ip(words: str) -> None:
        subprocess.run(("ip", *words.split()), check=True, capture_output=True)

    ip(f"link add {BRIDGE} type bridge")
    ending.callback(ip, f"link del {BRIDGE}")
    ip(f"addr add {NETWORK}.1/24 dev {BRIDGE}")
    ip(f"link set {BRIDGE} up")
    for number in (1, 2):
        name, here, there = f"tk-machine{number}", f"tk-here{number}", f"tk-there{number}"
        ip(f"netns add {name}")
        ending.callback(ip, f"netns del {name}")
        ip(f"link add {here} type veth peer name {there}")
        ip(f"link set {here} master {BRIDGE} up")
        ip(f"link set {there} netns {name}")
        ip(f"-n {name} addr add {NETWORK}.{number + 1}/24 dev {there}")
        ip(f"-n {name} link set {there} up")
        ip(f"-n {name} link set lo up")


def _started(
    ending: ExitStack, within: Sequence[str], module: str, words: Sequence[str], environment: dict[str, str], log: Path
) -> Path:
    """Start one of Spark's own programs; the result is its log."""
    found = find_spec("pyspark")
    assert found
    assert found.origin
    home = Path(found.origin).parent
    command = (*within, str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{module}", *words)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment | {"SPARK_HOME": str(home)}, stdout=output, stderr=subprocess.STDOUT
        )
    ending.callback(process.wait)
    ending.callback(process.terminate)
    return log


def _said(log: Path, text: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while text not in (said := log.read_text(encoding="utf-8", errors="replace")):
        assert time.monotonic() < deadline, said[-2_000:]
        time.sleep(0.2)
