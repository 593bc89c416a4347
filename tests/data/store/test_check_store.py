"""`check-store` finds damage of every kind, `--repair` mends what can be mended, and what it says leads back to figures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.cli import main
from data.store.commit import UNFINISHED
from data.store.lists import ASIDE
from data.store.repair import Mended, damage, repair
from data.store.sealed import sealed, sealed_line, unsealed
from data.store.store import Store
from data.texts import texts
from tests.conftest import own_copy
from tests.data.store.mutations import READING, Mutated
from tilannekuva import __main__ as command_line

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(whole: Mutated, tmp_path: Path) -> Store:
    whole.own = own_copy(whole.whole, tmp_path / "store")
    return Store(whole.own)


def lost(name: str) -> Callable[[Path], object]:
    return lambda path: (path / name).unlink()


def torn(name: str) -> Callable[[Path], object]:
    return lambda path: (path / name).write_bytes((path / name).read_bytes()[:50])


def inside(path: Path) -> None:
    """In the middle of a file it shows only to whoever reads it all."""
    file = path / "generations/000002.duckdb"
    content = bytearray(file.read_bytes())
    content[len(content) // 8 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 8)
    file.write_bytes(content)


def other_number(path: Path) -> None:
    """As a flipped digit leaves it."""
    (path / "current").write_text((path / "current").read_text().replace("3 ", "2 "))


def of_another_store(path: Path) -> None:
    """The keys beside it are the ones that have made the numbers of its clients."""
    about = unsealed((path / "store.json").read_text(encoding="utf-8"))
    (path / "store.json").write_text(sealed({**about, "keys": "0" * 16}), encoding="utf-8")


HARMS: dict[str, tuple[Callable[[Path], object], list[Mended]]] = {
    "pointer lost": (lost("current"), [Mended("pointed", "3")]),
    "pointer flipped": (other_number, [Mended("pointed", "3")]),
    "description torn": (torn("generations/000003.json"), [Mended("described", "3")]),
    "old description lost": (lost("generations/000001.json"), [Mended("described", "1")]),
    "store.json lost": (lost("store.json"), [Mended("about", "store.json")]),
    "store.json torn": (torn("store.json"), [Mended("about", "store.json")]),
    "store.json emptied": (lambda path: (path / "store.json").write_text("{}"), [Mended("about", "store.json")]),
    "store.json of another store": (of_another_store, [Mended("about", "store.json")]),
    "old file torn": (torn("generations/000001.duckdb"), [Mended("aside", "1")]),
    "old file scrambled": (inside, [Mended("aside", "2")]),
    "list torn": (torn("steward/notes.jsonl"), [Mended("lines", "steward/notes.jsonl")]),
    "mark torn": (
        lambda path: (path / "sources/forgotten.txt").write_text("00\n"),
        [Mended("marks", "sources/forgotten.txt")],
    ),
    "work torn": (lambda path: (path / UNFINISHED).write_text("{"), [Mended("unfinished", UNFINISHED)]),
}


@pytest.mark.parametrize("harm", HARMS)
def test_damage_is_found_and_mended(harm: str, store: Store, whole: Mutated, capsys: Capture) -> None:
    harmed, expected = HARMS[harm]
    assert main(["check", "--store", str(store.path)]) == 0
    harmed(store.path)
    assert main(["check-store", "--store", str(store.path), "--lang", "en"]) == 2
    where = "" if harm == "store.json of another store" else f" --store {store.path}"  # the keys know of no store
    assert f"check-store --repair{where}" in capsys.readouterr().err
    assert list(repair(store)) == expected
    assert list(damage(store)) == []
    assert list(repair(store)) == []
    assert store.serving().number == 3
    whole.faults.clear()
    assert whole.check(harm, READING[0]) == 0
    assert whole.faults == []
    assert main(["forget", "--client", "AS-9", "--store", str(store.path)]) == 0
    assert not (store.path / ASIDE).exists(), "nobody can tell whose rows are in it"


def test_a_serving_version_beyond_mending_is_left_to_people(store: Store, capsys: Capture) -> None:
    torn("generations/000003.duckdb")(store.path)
    assert main(["check", "--repair", "--store", str(store.path)]) == 2
    assert f"rollback 2 --store {store.path}" in capsys.readouterr().err
    assert main(["rollback", "2", "--yes", "--store", str(store.path)]) == 0
    assert main(["check", "--repair", "--store", str(store.path)]) == 0
    assert "damaged" in capsys.readouterr().out
    assert store.numbers() == (1, 2)


def test_going_back_reads_the_version_to_its_end_first(store: Store) -> None:
    inside(store.path)
    assert main(["rollback", "2", "--yes", "--store", str(store.path)]) == 2
    assert store.serving().number == 3


def test_nothing_is_built_upon_a_scrambled_block(store: Store, whole: Mutated) -> None:
    inside(store.path)
    shutil.copy(store.path / "generations/000002.duckdb", store.path / "generations/000003.duckdb")
    shutil.copy(store.path / "generations/000002.json", store.path / "before.json")
    assert main(["import", str(whole.new), "--store", str(store.path)]) == 2
    assert store.numbers() == (1, 2, 3)


@pytest.mark.parametrize("gone", [("current",), ("current", "generations"), ("generations",)], ids="+".join)
def test_what_is_lost_is_never_an_empty_store(
    gone: tuple[str, ...], store: Store, whole: Mutated, capsys: Capture
) -> None:
    for name in gone:
        path = store.path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for line in (["history"], ["import", str(whole.new)]):
        assert main([*line, "--store", str(store.path)]) == 2
        said = capsys.readouterr().err
        assert texts("fi")("refusal.store.empty", path=store.path) not in said
    assert not (store.path / "generations" / "000004.json").exists()
    assert not (store.path / "generations").exists() or store.numbers() == (1, 2, 3)


def of_another_version(path: Path) -> None:
    """A line that is whole, and has what this version does not know."""
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[0] = sealed_line({**unsealed(lines[0]), "colour": "red"})
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def of_another_list(path: Path) -> None:
    """What it holds is whole, and of another kind."""
    others = [file for file in LISTS if file != path.name]
    shutil.copy(path.with_name(others[0]), path)


LISTS = ("notes.jsonl", "targets.jsonl", "watches.jsonl")


@pytest.mark.parametrize("harm", [of_another_version, of_another_list])
@pytest.mark.parametrize("name", LISTS)
def test_a_line_that_is_whole_and_not_known_is_told_and_kept(
    harm: Callable[[Path], None], name: str, store: Store, whole: Mutated, capsys: Capture
) -> None:
    """To set it aside would undo what a later version has written."""
    file = store.path / "steward" / name
    harm(file)
    before = file.read_bytes()
    for words in (["check-store"], ["check-store", "--repair"], [{"watches": "watch"}.get(file.stem, file.stem)]):
        assert command_line.main([*words, "--store", str(store.path), "--lang", "en"]) == 2
        assert texts("en")("refusal.store.strange_line", path=file, detail="1") in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", LISTS)
def test_lines_that_say_nothing_of_what_the_list_is_about_are_set_aside(name: str, store: Store) -> None:
    """They have no checksum, as those of the first versions: only whoever reads the list can tell."""
    file = store.path / "steward" / name
    kept = file.read_bytes()
    file.write_bytes(kept + b"{}\n")
    for words, code in ((["check-store"], 2), (["check-store", "--repair"], 0)):
        assert command_line.main([*words, "--store", str(store.path)]) == code
    assert file.read_bytes() == kept
    aside = file.with_name(f"{name}.damaged")
    assert (aside.read_bytes(), aside.stat().st_mode & 0o777) == (b"{}\n", 0o600)


@pytest.mark.parametrize("place", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_stands_in_the_place_of_a_list_is_told(place: Callable[[Path], None], store: Store) -> None:
    file = store.path / "steward" / "notes.jsonl"
    file.unlink()
    place(file)
    assert [(one.reason, one.params["path"]) for one in damage(store)] == [("unreadable", file)]
    assert list(repair(store)) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("definitions/000001.json", b"{}"),
        ("packages/00.tkp", b"{}"),
        ("packages/00.tkp", b"PK\3\4"),
        ("packages/publishers.json", b"["),
    ],
)
def test_what_metrics_keep_is_looked_at_too(name: str, content: bytes, store: Store, capsys: Capture) -> None:
    (store.path / name).parent.mkdir()
    (store.path / name).write_bytes(content)
    for words in ([], ["--repair"]):
        assert command_line.main(["check-store", *words, "--store", str(store.path)]) == 2
        assert Path(name).name in (said := capsys.readouterr().err)
        assert texts("fi")("cli.unexpected", error="|", place="").partition("|")[0] not in said


BESIDE_KEYS = {
    ".keys.forgotten": (b"00\n", "sources/forgotten.txt"),
    ".keys.removals": (b"", "sources/removals.jsonl"),
    ".keys.sent": (b"{}\n", "damaged"),
    ".sums": (b"[{}]", "damaged"),
    ".publisher": (b"{}", "from its copy"),
    ".sum-0123456789abcdef": (b'{"private": "00"}', "sum prepare"),
}
"""Files beside the keys, with something in them that none of them can hold, and of what is said what to do."""


@pytest.mark.parametrize("ending", BESIDE_KEYS)
def test_what_stands_beside_the_keys_is_looked_at_too(ending: str, store: Store, capsys: Capture) -> None:
    """A repair does not touch it: other stores may have it too."""
    content, advice = BESIDE_KEYS[ending]
    file = store.path.with_name(store.path.name + ending)
    file.write_bytes(content)
    file.chmod(0o600)
    for words in ([], ["--repair"]):
        assert command_line.main(["check-store", *words, "--store", str(store.path), "--lang", "en"]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert str(file) in said
        assert advice in said
        assert "--repair" not in said
    assert file.read_bytes() == content


def test_a_log_that_is_not_whole_is_told_beside_a_whole_store(store: Store, capsys: Capture) -> None:
    (file,) = (store.path / "log").glob("2*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole.partition(b"\n")[2])
    assert main(["check-store", "--store", str(store.path), "--lang", "en"]) == 0
    assert "tilannekuva audit --verify" in capsys.readouterr().err
    file.unlink()
    file.mkdir()
    assert main(["check-store", "--store", str(store.path)]) == 2
    assert str(file) in capsys.readouterr().err
