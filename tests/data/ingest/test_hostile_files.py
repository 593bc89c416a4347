"""Files made to do harm end soon, in little memory, with a reason in words, and nothing of them comes out or stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from data.ingest.pipeline import prepare
from data.store.store import Store
from tests.data.ingest import hostile
from tests.data.ingest.imports import GOOD, bytes_below, encounters
from tests.ready import Ready, ready

LARGE = {
    hostile.one_line,
    hostile.quotes,
    hostile.quotes_and_lines,
    hostile.zip_bomb,
    hostile.nul_bytes,
    hostile.deep_xml,
    hostile.merged_far_to_the_right,
    hostile.shared_strings_just_short_enough,
}
"""Slow to make, or to read: each is read by itself alone."""

HARMLESS = {hostile.digits_everywhere: "numerot.csv", hostile.px_negative: "miinus.px"}
"""Once the time they take is bounded they are odd tables, and no more."""


@pytest.fixture(scope="module")
def program() -> Iterator[Ready]:
    """Makes a process for each import, so that the memory counted is that of this one alone."""
    with ready(["data.cli"]) as made:
        yield made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[hostile.Maker], Path]:
    """Makes a file once, in a folder of its own: many of them have the same name."""
    base = tmp_path_factory.mktemp("hostile")

    @cache
    def one(make: hostile.Maker) -> Path:
        folder = base / make.__name__
        folder.mkdir()
        return make(folder)

    return one


@pytest.mark.slow
@pytest.mark.parametrize("make", hostile.FILES, ids=lambda make: make.__name__)
def test_a_hostile_file_is_refused_within_twenty_seconds_and_a_gigabyte(
    make: hostile.Maker, made: Callable[[hostile.Maker], Path], program: Ready, tmp_path: Path
) -> None:
    path = made(make)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    began = time.monotonic()
    arguments = ("--store", str(tmp_path / "s"), "--lang", "en", "--yes", str(path))
    done = program.run("data", "import", *arguments, settings={"TMPDIR": str(scratch)})
    lasted = time.monotonic() - began
    said = done.stdout + done.stderr
    assert done.exit_code in ((0, 3) if make in HARMLESS else (2, 3)), said
    assert "fault" not in said, "it is the file, and no fault of the program"
    assert min(done.seconds, lasted) < 20
    assert done.megabytes < 1_000
    assert hostile.SECRET not in said
    assert not [*scratch.iterdir()]
    assert all(hostile.SECRET.encode() not in content for content in bytes_below(tmp_path / "s"))


def test_hostile_files_of_one_import_refuse_themselves_and_no_other(
    made: Callable[[hostile.Maker], Path], tmp_path: Path
) -> None:
    """Between them they make the reading process die several times; the good file among them loads all the same."""
    files = [made(make) for make in hostile.FILES if make not in LARGE]
    assert len(set(files)) == len(files)
    middle = len(files) // 2
    prepared = prepare([*files[:middle], encounters(tmp_path, GOOD), *files[middle:]], Store(tmp_path / "s"))
    assert len(prepared.files) == len(files) + 1
    fine = {file.file for file in prepared.files if file.refused is None and not file.rejected}
    assert fine <= {"kohtaamiset.csv", *HARMLESS.values()}
    assert "kohtaamiset.csv" in fine
    assert hostile.SECRET not in repr(prepared)
    reasons = {file.file: file.refused for file in prepared.files}
    assert [reasons[name] for name in ("putki.csv", "kansio.csv", "zero", "linkki.csv", "silmukka.csv")] == [
        "not_a_file", "not_a_file", "not_a_file", "not_a_file", "cannot_open",
    ]  # fmt: skip
    assert {reasons[name] for name in ("zipit.zip", "polku.zip", "linkki.zip")} == {"zip_holds_other"}
