"""The key file: who may read it, how long its keys are, what is said of one that will not do; and HMAC in SQL as in Python."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store import keys as k
from data.store.keys import KeyFileError, Keys, load, load_or_create
from data.store.store import Store

KEYS = Keys(bytes(range(32)), bytes(range(32, 64)))


def file_of(path: Path, pseudonym: object, noise: object, mode: int = 0o600) -> Path:
    path.write_text(json.dumps({"pseudonym": pseudonym, "noise": noise}), encoding="ascii")
    path.chmod(mode)
    return path


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "k.keys"
    made = load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (len(made.pseudonym), len(made.noise)) == (32, 32)
    assert made.pseudonym != made.noise
    assert load_or_create(path) == load(path) == made
    assert load_or_create(tmp_path / "other.keys") != made
    assert json.loads(path.read_text(encoding="ascii")) == {
        "pseudonym": made.pseudonym.hex(),
        "noise": made.noise.hex(),
    }


def test_a_key_file_is_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_create(tmp_path / "k.keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "k.keys").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644, 0o666])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = file_of(tmp_path / "k.keys", "00" * 32, "11" * 32, mode)
    for read in (load, load_or_create):
        with pytest.raises(KeyFileError) as refused:
            read(path)
        assert (refused.value.reason, refused.value.path) == ("open_to_others", path)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_a_key_file_of_the_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    path = file_of(tmp_path / "k.keys", "00" * 32, "11" * 32, mode)
    assert load(path) == Keys(bytes(32), b"\x11" * 32)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
@pytest.mark.parametrize("short", ["pseudonym", "noise"])
def test_a_key_of_another_length_is_refused(tmp_path: Path, short: str, length: int) -> None:
    keys = {"pseudonym": "00" * 32, "noise": "11" * 32} | {short: "22" * length}
    path = file_of(tmp_path / "k.keys", keys["pseudonym"], keys["noise"])
    with pytest.raises(KeyFileError) as refused:
        load(path)
    assert refused.value.reason == "malformed"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"pseudonym": "00"}', '{"pseudonym": 1, "noise": 2}', '"ä"', "{"]
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k.keys"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as refused:
        load(path)
    assert (refused.value.reason, refused.value.path) == ("malformed", path)


def test_hexadecimals_only(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="malformed"):
        load(file_of(tmp_path / "k.keys", "xy" * 32, "11" * 32))


def test_a_missing_file_is_said_to_be_missing_and_a_folder_unreadable(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.keys", "missing"), (tmp_path, "unreadable")):
        with pytest.raises(KeyFileError) as refused:
            load(path)
        assert (refused.value.reason, refused.value.path) == (reason, path)


def test_two_first_runs_at_once_end_with_one_set_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other makes its file between our look and our writing."""
    path = tmp_path / "k.keys"
    theirs = load_or_create(path)
    monkeypatch.setattr(Path, "exists", lambda self, **_: False)
    assert load_or_create(path) == theirs


def test_where_the_keys_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TILANNEKUVA_KEYS", raising=False)
    assert k.key_path(Path("a/store")) == Path("a/store.keys")
    monkeypatch.setenv("TILANNEKUVA_KEYS", "elsewhere/k")
    assert k.key_path(Path("a/store")) == Path("elsewhere/k")


def test_keys_are_never_printed() -> None:
    assert repr(KEYS) == "Keys()"
    assert KEYS.fingerprint == hashlib.sha256(b"fingerprint\0" + bytes(range(64))).hexdigest()[:16]
    assert KEYS.pseudonym.hex()[:8] not in KEYS.fingerprint


@pytest.mark.parametrize(("harm", "reason"), [("other", "mismatch"), ("gone", "missing"), ("open", "open_to_others")])
def test_a_store_does_not_take_keys_that_are_not_its_own(tmp_path: Path, harm: str, reason: str) -> None:
    with Store(tmp_path / "s").next_generation("first"):
        pass
    path = k.key_path(tmp_path / "s")
    match harm:
        case "other":
            path.unlink()
            load_or_create(path)
        case "gone":
            path.unlink()
        case _:
            path.chmod(0o640)
    with pytest.raises(KeyFileError) as refused:
        _ = Store(tmp_path / "s").keys
    assert (refused.value.reason, refused.value.path) == (reason, path)


def in_sql(expression: str, text: str) -> object:
    (found,) = duckdb.execute(f"SELECT {expression} FROM (SELECT $text AS text)", {"text": text}).fetchone() or (None,)
    return found


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=90))
def test_hmac_in_sql_is_the_standard_one(text: str) -> None:
    """RFC 2104 as Python's own library has it."""
    expected = hmac.new(KEYS.noise, b"kind\0" + text.encode(), "sha256").hexdigest()
    assert in_sql(k.hmac_sql(KEYS.noise, "text", "kind"), text) == expected


@pytest.mark.parametrize("text", ["AS-1", "p", "åäö"])
def test_record_keys_are_the_first_61_bits_and_row_keys_the_first_64(text: str) -> None:
    def digest(key: bytes, kind: bytes) -> int:
        return int.from_bytes(hmac.new(key, kind + b"\0" + text.encode(), "sha256").digest()[:8], "big")

    assert in_sql(k.rkey_sql(KEYS, "text"), text) == digest(KEYS.noise, b"rkey") >> 3
    assert in_sql(k.record_sql(KEYS, "text", "encounter"), text) == digest(KEYS.pseudonym, b"encounter")
    assert k.RKEY_BITS == 61


def test_sums_of_ten_million_record_keys_fit_128_bits() -> None:
    assert 10_000_000 * (2**k.RKEY_BITS - 1) < 2**127


def test_a_pseudonym_is_the_hmac_of_the_cleaned_identifier() -> None:
    """Cleaning is tested where it is done (`data/model/identifiers`)."""
    expected = hmac.new(KEYS.pseudonym, b"client\0AS-1", "sha256").hexdigest()
    assert in_sql(k.pseudonym_sql(KEYS, "text"), "AS-1") == expected


def test_keys_that_cannot_be_written_are_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    path = tmp_path / "file" / "folder" / "k.keys"
    with pytest.raises(KeyFileError) as refused:
        load_or_create(path)
    assert (refused.value.reason, refused.value.path, refused.value.key) == (
        "unreadable",
        path,
        "refusal.keys.unreadable",
    )
