"""`tilannekuva serve`: which packages it shows, that it leaves nothing behind, and what it says of those it does not show."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import LANGUAGES
from metrics.packages.errors import PackageError
from metrics.packages.shelf import Shelf
from pages.access import published
from pages.access.health import Health
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
    for name in (published.FOLDER, published.PACKAGES, publishing.STORE):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def test_several_packages_are_shown_and_nothing_is_left(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def start(options: argparse.Namespace, again: str) -> int:
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
    monkeypatch.setattr(running, "start", lambda *_: pytest.fail("it has started"))
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


def test_health_tells_which_packages_are_shown_and_when_one_is_not(
    files: list[Path], two: tuple[Made, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_options: argparse.Namespace, _again: str) -> int:
        folder = Path(os.environ[published.FOLDER])
        about = two[0].package.about
        found = Health().now()
        assert (found.status, found.code) == ("ok", 200)
        assert (found.release, found.data_until) == (about.release, about.until)
        told = found.fields(about.until)
        assert json.loads(json.dumps(told)) == told
        assert told["packages"] == [
            {"id": one.id, "release": one.about.release, "data_until": one.about.until.isoformat()}
            for one in Shelf(Store(folder)).held()
        ]
        one, other = (folder / "packages").glob("*.tkp")
        whole = one.read_bytes()
        wrong = []
        for do in (
            lambda: one.write_bytes(whole[:-1]),
            lambda: one.write_bytes(b""),
            one.unlink,
            lambda: shutil.rmtree(folder),
        ):
            do()
            wrong.append(Health().now())
        assert {found.code for found in wrong} == {503}
        assert [found.status for found in wrong[2:]] == ["package_gone"] * 2
        assert not [value for found in wrong for value in found.fields(about.until).values() if "/" in str(value)]
        assert [package.id for package in wrong[2].packages or ()] == [other.stem]
        return 0

    monkeypatch.setattr(running, "start", start)
    assert publishing.main(["serve", "--published", *map(str, files)], "tilannekuva") == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("port", ["taken", "none"])
def test_a_port_that_will_not_do_is_said_with_the_same_command(
    port: str, lang: str, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.socket()) as other:
        other.bind((running.ADDRESS, 0))
        other.listen()
        given = str(other.getsockname()[1]) if port == "taken" else port
        options = ["serve", "--port", given, "--lang", lang, "--published", str(files[0])]
        assert publishing.main(options, "tilannekuva") == 2
    told = capsys.readouterr().err
    assert "tilannekuva serve --port " in told
    assert " run " not in told
