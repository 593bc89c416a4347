"""What is held on one client: every row of every version, of that client alone, in words a person can read."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from data.cli import main
from data.coverage.removals import RemovalError
from data.ingest.held import held_on
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from tests.data.ingest.imports import bytes_below, encounters, load

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Kesto (min)"
CODE = "131052-308T"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """AS-7 has two rows, of which the second file corrects one; the release is of before that."""
    made = Store(tmp_path / "s")
    others = [f"K{n};AS-{n % 5};{n}.2.2025;92;Thai;Terveys;5" for n in range(10, 29)]
    lines = [*others, "K1;AS-7;3.2.2025;49;Arabia;Työ, Asuminen;30", f"K2;{CODE};4.2.2025;49;Somali;Työ;20"]
    load(made, encounters(tmp_path, *lines, "K3;AS-7;5.2.2025;49;Arabia;Työ;10", header=HEADER, name="a.csv"))
    open_to_others(made)
    load(made, encounters(tmp_path, "K3;AS-7;5.2.2025;49;Arabia;Työ;15", header=HEADER, name="b.csv"))
    return made


def ask(
    store: Store, number: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture, *more: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(number + "\n"))
    capsys.readouterr()
    code = main(["held", "--store", str(store.path), *more])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_every_row_of_every_version_once(store: Store) -> None:
    found = held_on(store, "as–7").rows
    told = {(dict(row.values)["minutes"], row.delivery.file if row.delivery else None, row.places) for row in found}
    assert told == {
        (30, "a.csv", ("serving", "1", "release")),
        (15, "b.csv", ("serving",)),
        (10, "a.csv", ("1", "release")),
    }


def besides_the_log(store: Store) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in store.path.rglob("*") if path.is_file() and path.parent.name != "log"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_words(lang: Language, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    before = besides_the_log(store)
    code, out, err = ask(store, "AS-7", monkeypatch, capsys, "--lang", lang)
    assert (code, err) == (0, "")
    for words in (
        {"fi": "arabia", "sv": "arabiska", "en": "Arabic"}[lang],
        "Espoo" if lang != "sv" else "Esbo",
        "2025-02-03",
    ):
        assert words in out
    assert texts(lang)("held.count", count=3) in out
    assert texts(lang)("held.release") in out
    for other in ("AS-7", "thai", "Thai", "somali", "Vantaa", "Vanda"):
        assert other not in out
    # It is written nowhere: the log tells that somebody has looked, and not at whom.
    assert besides_the_log(store) == before
    assert not [one for one in bytes_below(store.path / "log") if b"AS-7" in one]


def test_as_json(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    code, out, _ = ask(store, "AS-7", monkeypatch, capsys, "--json", "--lang", "en")
    found = json.loads(out)
    assert (code, len(found["rows"])) == (0, 3)
    values = {one["field"]: (one["value"], one["meaning"]) for one in found["rows"][0]["values"]}
    assert values["language"] == ("ar", "Arabic")
    assert values["occurred_on"] == ("2025-02-03", "2025-02-03")
    assert isinstance(values["topics"][0], list)
    with store.reading() as connection:
        for (secret,) in connection.execute("SELECT pseudonym FROM client").fetchall():
            assert secret not in out


def test_an_identity_code_is_found_and_never_repeated(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    code, out, err = ask(store, CODE, monkeypatch, capsys)
    assert (code, err) == (0, "")
    assert CODE not in out
    assert texts("fi")("held.count", count=1) in out


def test_who_is_not_there(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    for number in ("AS-99", "", "'; DROP TABLE encounter; --"):
        with pytest.raises(RemovalError, match="no_client"):
            held_on(store, number)
        code, out, err = ask(store, number, monkeypatch, capsys, "--lang", "en")
        assert (code, out, err) == (2, "", texts("en")("refusal.removal.no_client") + "\n")


def test_the_number_is_never_an_argument(store: Store, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["held", "AS-7", "--store", str(store.path)])
    assert "AS-7" not in capsys.readouterr().err
