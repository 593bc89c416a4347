"""Which packages are taken in: whole ones, of known publishers, of other people than those that are counted here already."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import shutil
import threading
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.coverage.retention import expire
from data.refusal import refusal_text
from data.store.durable import write_durably
from data.store.keys import key_path
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, texts
from metrics.cli import main
from metrics.packages import checking
from metrics.packages import shelf as shelf_of_packages
from metrics.packages.container import packed, unpacked
from metrics.packages.errors import PackageError
from metrics.packages.making import make, release_of
from metrics.packages.opening import Package, package_of
from metrics.packages.shelf import Shelf
from metrics.packages.signing import SigningKey, make_publisher
from tests.metrics.packages.conftest import PERIOD, Made

Two = tuple[Made, Made]


def opened(made: Made) -> Package:
    return package_of(made.package.content, "turku.tkp")


def forged(made: Made, key: SigningKey, **changes: object) -> Package:
    """The package as it would be with another manifest, signed by a key."""
    members = unpacked(made.package.content, "x.tkp")
    members["manifest.json"] = made.package.about.model_copy(update=changes).text()
    members["signature.json"] = key.signature(members)
    return package_of(packed(members), "x.tkp")


def refused(shelf: Shelf, package: Package, trust: str | None = None) -> str:
    with pytest.raises(PackageError) as raised:
        shelf.take(package, trust)
    for lang in LANGUAGES:
        assert refusal_text(raised.value, texts(lang))
    return raised.value.reason


def test_a_publisher_is_asked_for_once(two: Two, tmp_path: Path) -> None:
    shelf, package = Shelf(Store(tmp_path / "s")), opened(two[0])
    fingerprint = two[0].key.publisher.fingerprint
    assert refused(shelf, package) == "unknown_publisher"
    assert refused(shelf, package, two[1].key.publisher.fingerprint) == "other_fingerprint"
    assert shelf.held() == ()
    shelf.take(package, fingerprint.upper().replace("-", " "))
    assert [one.id for one in shelf.held()] == [package.id]
    assert refused(shelf, package) == "held"
    shelf.remove(package.id)
    shelf.take(package)
    name = two[0].key.publisher.name
    alike = (
        name,
        name.upper(),
        name.replace(" ", "  "),
        unicodedata.normalize("NFD", name),
        name.replace("T", "\uff34"),
    )
    for number, called in enumerate(alike):
        stranger = make_publisher(tmp_path / f"other{number}", called)
        changes = {"publisher": called}
        assert refused(shelf, forged(two[0], stranger, **changes)) == "other_key", called


def test_two_that_are_taken_at_once_see_each_other(two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else both would be checked beside what was there before, and the name of one publisher would be lost."""
    shelf, waiting = Shelf(Store(tmp_path / "s")), list[threading.Thread]()
    own_check = checking.check

    def meanwhile(package: Package) -> None:
        own_check(package)
        if not waiting:
            other = partial(shelf.take, opened(two[1]), two[1].key.publisher.fingerprint)
            waiting.append(threading.Thread(target=other))
            waiting[0].start()
            waiting[0].join(0.5)
            assert waiting[0].is_alive(), "it waits for its turn"

    monkeypatch.setattr(shelf_of_packages, "check", meanwhile)
    shelf.take(opened(two[0]), two[0].key.publisher.fingerprint)
    waiting[0].join(30)
    assert set(shelf.publishers().values()) == {one.key.publisher.name for one in two}
    assert len(shelf.held()) == 2


def test_no_package_lies_there_whose_publisher_could_not_be_written(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be shown, though it was said that nothing has changed."""
    shelf = Shelf(Store(tmp_path / "s"))

    def full(path: Path, content: str | bytes) -> None:
        if path.suffix == ".json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write_durably(path, content)

    monkeypatch.setattr(shelf_of_packages, "write_durably", full)
    with pytest.raises(StoreError, match="no_room"):
        shelf.take(opened(two[0]), two[0].key.publisher.fingerprint)
    assert shelf.held() == ()


def test_one_that_has_been_damaged_is_named_and_can_be_removed(two: Two, tmp_path: Path) -> None:
    shelf, package = Shelf(Store(tmp_path / "s")), opened(two[0])
    shelf.take(package, two[0].key.publisher.fingerprint)
    (path,) = shelf.folder.glob("*.tkp")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(package.content[:-1])
    with pytest.raises(PackageError) as raised:
        shelf.held()
    assert (raised.value.reason, raised.value.params["file"]) == ("damaged", f"{package.id}.tkp")
    for unknown in ("../../s", package.id[:-1], ""):
        with pytest.raises(PackageError, match="not_held"):
            shelf.remove(unknown)
    shelf.remove(package.id)
    assert shelf.held() == ()


def test_one_population_has_one_publisher(two: Two, tmp_path: Path) -> None:
    shelf = Shelf(Store(tmp_path / "s"))
    shelf.take(opened(two[0]), two[0].key.publisher.fingerprint)
    stranger = make_publisher(tmp_path / "other", "Toinen")
    assert refused(shelf, forged(two[0], stranger, publisher="Toinen"), stranger.publisher.fingerprint) == "overlap"
    assert refused(shelf, forged(two[0], two[0].key, noise="0" * 16)) == "two_noises"
    assert refused(shelf, forged(two[0], two[0].key, gate={"base": 3})) == "other_gate"
    shelf.take(opened(two[1]), two[1].key.publisher.fingerprint)
    assert len(shelf.held()) == 2
    scope = replace(two[0].scope, periods=("2025",), metrics=("clients",))
    other_days = package_of(make(two[0].store, two[0].release, scope, stranger).content, "x.tkp")
    shelf.take(other_days, stranger.publisher.fingerprint)
    assert len(shelf.held()) == 3, "other days are other people"


def test_a_newer_release_takes_the_place_and_an_older_is_refused(two: Two, tmp_path: Path) -> None:
    shelf, old = Shelf(Store(tmp_path / "s")), opened(two[0])
    new = forged(two[0], two[0].key, release=2)
    shelf.take(old, two[0].key.publisher.fingerprint)
    assert shelf.take(new).replaced == (old.id,)
    assert [one.id for one in shelf.held()] == [new.id]
    assert refused(shelf, old) == "older"


def test_of_one_release_that_of_before_rows_left_it_is_the_older(two: Two, tmp_path: Path) -> None:
    store, shelf = Store(shutil.copytree(two[0].store.path, tmp_path / "t")), Shelf(Store(tmp_path / "s"))
    shutil.copy(key_path(two[0].store.path), key_path(store.path))
    early = forged(two[0], two[0].key, format=2, changed=None)
    before = opened(two[0])
    other_days = replace(two[0].scope, periods=("2025-ytd-10", PERIOD), metrics=("clients",))
    wider = package_of(make(store, release_of(store), other_days, two[0].key).content, "w.tkp")
    expire(store, date(2024, 3, 1))
    after = package_of(make(store, release_of(store), two[0].scope, two[0].key).content, "a.tkp")
    assert (after.about.release, after.about.made) == (before.about.release, before.about.made)
    shelf.take(early, two[0].key.publisher.fingerprint)
    assert shelf.take(before).replaced == (early.id,)
    shelf.take(wider)
    assert sorted(shelf.take(after).replaced) == sorted((before.id, wider.id))
    assert [refused(shelf, one) for one in (early, before, wider)] == ["older"] * 3


def test_one_s_own_people_are_not_shown_twice(two: Two, tmp_path: Path) -> None:
    """Both stores tell of the whole region, so each counts the people of the other's package."""
    assert refused(Shelf(two[0].store), opened(two[0]), two[0].key.publisher.fingerprint) == "own"
    assert refused(Shelf(two[0].store), opened(two[1]), two[1].key.publisher.fingerprint) == "own_people"


def test_other_definitions_are_said_and_not_compared(two: Two, tmp_path: Path) -> None:
    marks = dict(two[0].package.about.definitions)
    marks["clients"] = marks["clients"].model_copy(update={"version": 99})
    package = forged(two[0], two[0].key, definitions=marks)
    shelf = Shelf(Store(tmp_path / "s"))
    shelf.take(package, two[0].key.publisher.fingerprint)
    assert package.other_definitions == ("clients",)
    assert main(["packages", "--store", str(tmp_path / "s"), "--lang", "en"]) == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_packages_are_compared_on_the_command_line(
    lang: str, two: Two, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf(Store(tmp_path / "s"))
    for made in two:
        shelf.take(opened(made), made.key.publisher.fingerprint)
    words = ["ask", "clients", "--beside", "--period", "2026-ytd-10", "--store", str(tmp_path / "s"), "--lang", lang]
    assert main([*words, "--format", "json"]) == 0
    sides = json.loads(capsys.readouterr().out)
    assert [(one["publisher"], len(one["rows"]), one["refused"]) for one in sides] == [
        ("Salon kaupunki", 1, None), ("Turun kaupunki", 1, None),
    ]  # fmt: skip
    assert main(words) == 0
    table = capsys.readouterr().out
    assert texts(lang)("package.rounded") in table
    assert table.count("Salon kaupunki") == 2
    assert main([*words, "--by", "channel"]) == 0
    assert main([*words, "--audience", "internal"]) in (0, 2)


DAMAGE = ("local header", "manifest", "cells", "curves", "statistics", "signature", "directory", "end")


def places(content: bytes) -> dict[str, int]:
    """Where each part of a zip begins and is long, by the signatures of its headers."""
    names = (b"manifest.json", b"cells.parquet", b"curves.parquet", b"json-stat/clients.json", b"signature.json")
    starts = [content.index(name) + len(name) for name in names]
    return dict(zip(("manifest", "cells", "curves", "statistics", "signature"), starts, strict=True)) | {
        "local header": 0, "directory": content.index(b"PK\1\2"), "end": content.rindex(b"PK\5\6"),
    }  # fmt: skip


@pytest.mark.parametrize("part", DAMAGE)
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_one_altered_byte_is_always_refused_in_words(part: str, seed: int, two: Two) -> None:
    content, chance = bytearray(two[0].package.content), random.Random(seed)
    at = places(bytes(content))[part] + chance.randrange(22 if part in ("end", "local header") else 40)
    content[at] ^= chance.randrange(1, 256)
    with pytest.raises(PackageError) as raised:
        package_of(bytes(content), "x.tkp")
    assert refusal_text(raised.value, texts("fi"))


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_a_cut_torn_or_stuffed_file_is_refused_in_words(seed: int, two: Two) -> None:
    content, chance = two[0].package.content, random.Random(seed)
    at = chance.randrange(len(content))
    for torn in (
        content[:at],
        content[at:],
        content[:at] + b"\0" + content[at:],
        content + content[:at],
        content[:at] + content[at + 1 :],
    ):
        if torn == content:
            continue
        with pytest.raises(PackageError):
            package_of(torn, "x.tkp")


def test_a_file_that_swells_or_leads_outside_is_refused(two: Two) -> None:
    members = unpacked(two[0].package.content, "x.tkp")
    for name, kind in (
        ("../outside.json", zipfile.ZIP_STORED),
        ("/etc/x.json", zipfile.ZIP_STORED),
        ("cells.parquet", zipfile.ZIP_DEFLATED),
    ):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", kind) as file:
            for member, content in (members | {name: b"0" * 1000}).items():
                file.writestr(member, content)
        with pytest.raises(PackageError, match="damaged"):
            package_of(out.getvalue(), "x.tkp")


def test_two_packages_of_two_periods_of_one_release_stand_together(two: Two, tmp_path: Path) -> None:
    made, shelf = two[0], Shelf(Store(tmp_path / "s"))
    scope = replace(made.scope, periods=("2025",), metrics=("clients",))
    shelf.take(opened(made), made.key.publisher.fingerprint)
    shelf.take(package_of(make(made.store, made.release, scope, made.key).content, "b.tkp"))
    assert len(shelf.held()) == 2
