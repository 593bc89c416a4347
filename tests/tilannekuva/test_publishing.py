"""`tilannekuva serve`: which packages it shows, that it leaves nothing behind, and what it says of those it does not show."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import pytest

from data.store.store import Store
from metrics.packages.errors import PackageError
from metrics.packages.shelf import Shelf
from pages.access import published
from tests.metrics.packages.conftest import Made, two
from tests.metrics.packages.test_receiving import forged
from tilannekuva import publishing, running

__all__ = ["two"]


@pytest.fixture
def files(two: tuple[Made, Made], tmp_path: Path) -> list[Path]:
    made = []
    for one, name in zip(two, ("turku", "salo"), strict=True):
        made.append(tmp_path / f"{name}.tkp")
        made[-1].write_bytes(one.package.content)
    return made


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the command sets for the server does not outlive the test."""
    for name in (published.FOLDER, publishing.STORE):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def test_several_packages_are_shown_and_nothing_is_left(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def start(options: argparse.Namespace) -> int:
        seen.append(len(Shelf(Store(Path(os.environ[published.FOLDER]))).held()))
        seen.append(list(Path(os.environ[publishing.STORE]).iterdir()))
        return 0

    monkeypatch.setattr(running, "start", start)
    assert publishing.main(["serve", "--published", *map(str, files)], "tilannekuva") == 0
    assert seen == [2, []]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_one_that_cannot_be_shown_is_named(
    lang: str, files: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "start", lambda options: pytest.fail("it has started"))
    files[1].write_bytes(files[1].read_bytes()[:-1])
    assert publishing.main(["serve", "--published", *map(str, files), "--lang", lang], "tilannekuva") == 2
    said = capsys.readouterr().err
    assert "salo.tkp" in said
    assert "Traceback" not in said
    assert publishing.main(["serve", "--published", "nowhere.tkp", "--lang", lang], "tilannekuva") == 2
    assert "nowhere.tkp" in capsys.readouterr().err


def test_two_of_one_population_are_refused(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="held"):
        publishing.fill(tmp_path / "published", [files[0], files[0]])


def test_none_that_is_named_is_left_out_in_silence(two: tuple[Made, Made], files: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "other.tkp"
    other.write_bytes(forged(two[0], two[0].key, release=two[0].package.about.release + 1).content)
    for number, named in enumerate(([files[0], other], [other, files[0]])):
        with pytest.raises(PackageError, match=r"two_named .*file=turku.tkp, other=other.tkp"):
            publishing.fill(tmp_path / f"published-{number}", named)
