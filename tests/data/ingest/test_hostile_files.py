"""Files made to do harm end soon, in little memory, with a reason in words, and nothing of them comes out or stays."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.ingest.pipeline import prepare
from data.store.store import Store
from tests.conftest import ROOT
from tests.data.ingest import hostile
from tests.data.ingest.imports import GOOD, bytes_below, encounters

LARGE = {
    hostile.one_line,
    hostile.quotes,
    hostile.quotes_and_lines,
    hostile.zip_bomb,
    hostile.nul_bytes,
    hostile.deep_xml,
}
"""Slow to make, or to read."""

HARMLESS = {hostile.digits_everywhere: "numerot.csv", hostile.px_negative: "miinus.px"}
"""Once the time they take is bounded they are odd tables, and no more."""


@dataclass(frozen=True)
class Done:
    """What an import said and took, with the process that read its file."""

    exit_code: int
    said: str
    megabytes: float
    seconds: float


Importing = Callable[[list[str], Path], Done]

# An import in a process of its own, so that the memory counted is that of this one alone; made of one that has loaded the
# program, which takes longer than most of these files.
_MEASURED = """
import json, os, sys, traceback
from data.cli import main
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        os.environ["TMPDIR"] = asked["scratch"]
        said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1), os.dup2(said, 2)
        try:
            code = main(["import", *asked["arguments"]])
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)
    _, status, used = os.wait4(child, 0)
    taken = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    print(json.dumps([os.waitstatus_to_exitcode(status), *taken]), flush=True)
"""


@pytest.fixture(scope="module")
def importing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importing]:
    """Import with these arguments, and with a folder for what lies on the disk for a while."""
    said = tmp_path_factory.mktemp("said") / "said"

    def run(arguments: list[str], scratch: Path) -> Done:
        said.unlink(missing_ok=True)
        asked = {"arguments": arguments, "scratch": str(scratch), "said": str(said)}
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        exit_code, megabytes, seconds = json.loads(process.stdout.readline())
        return Done(exit_code, said.read_text(encoding="utf-8"), megabytes, seconds)

    with subprocess.Popen(
        [sys.executable, "-c", _MEASURED], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield run


@pytest.mark.slow
@pytest.mark.parametrize("make", hostile.FILES, ids=lambda make: make.__name__)
def test_a_hostile_file_is_refused_within_twenty_seconds_and_a_gigabyte(
    make: Callable[[Path], Path], importing: Importing, tmp_path: Path
) -> None:
    path = make(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    began = time.monotonic()
    done = importing(["--store", str(tmp_path / "s"), "--lang", "en", "--yes", str(path)], scratch)
    lasted = time.monotonic() - began
    assert done.exit_code in ((0, 3) if make in HARMLESS else (2, 3)), done.said
    assert "fault" not in done.said, "it is the file, and no fault of the program"
    assert min(done.seconds, lasted) < 20
    assert done.megabytes < 1_000
    assert hostile.SECRET not in done.said
    assert not [*scratch.iterdir()]
    assert all(hostile.SECRET.encode() not in content for content in bytes_below(tmp_path / "s"))


def test_hostile_files_of_one_import_refuse_themselves_and_no_other(tmp_path: Path) -> None:
    """Between them they make the reading process die several times; the good file among them loads all the same."""
    made = [make(tmp_path) for make in hostile.FILES if make not in LARGE | {hostile.constant_parquet}]
    middle = len(made) // 2
    prepared = prepare([*made[:middle], encounters(tmp_path, GOOD), *made[middle:]], Store(tmp_path / "s"))
    fine = {file.file for file in prepared.files if file.refused is None and not file.rejected}
    assert fine <= {"kohtaamiset.csv", *HARMLESS.values()}
    assert "kohtaamiset.csv" in fine
    assert hostile.SECRET not in repr(prepared)
    reasons = {file.file: file.refused for file in prepared.files}
    assert [reasons[name] for name in ("putki.csv", "kansio.csv", "zero", "linkki.csv", "silmukka.csv")] == [
        "not_a_file", "not_a_file", "not_a_file", "not_a_file", "cannot_open",
    ]  # fmt: skip
    assert {reasons[name] for name in ("zipit.zip", "polku.zip", "linkki.zip")} == {"zip_holds_other"}
