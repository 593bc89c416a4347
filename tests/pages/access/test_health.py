"""`/healthz`: what it says of a store in each state, and that asking costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from data import clock
from data.store import releases
from data.store.keys import key_path
from data.store.store import Store, StoreError
from data.version import version
from metrics.registry.errors import RegistryError
from pages.access import health
from pages.access.health import Health
from pages.shell.serving import serving
from tests.conftest import own_copy

FIELDS = {"status", "version", "release", "data_until", "age_days"}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    folder = own_copy(sample_store, tmp_path / "own", cells=False)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(folder))
    return Store(folder)


def test_it_says_how_old_the_data_are_and_nothing_about_people(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HEALTH", Health())
    answer = health.routes()[0].endpoint(Request({"type": "http"}))
    until = store.serving().closed_until
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert json.loads(answer.body) == {
        "status": "ok",
        "version": version(),
        "release": None,
        "data_until": until.isoformat(),
        "age_days": (clock.today() - until).days,
    }


def test_it_speaks_of_what_visitors_see(store: Store) -> None:
    releases.open_to_others(store)
    found = Health().now()
    released = store.released()
    assert released.release is not None
    assert (found.release, found.data_until) == (released.release.number, released.closed_until)


def test_an_empty_store_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "none"))
    found = Health().now()
    assert (found.status, found.code) == ("empty", 200)
    assert {found.fields(clock.today())[name] for name in ("release", "data_until", "age_days")} == {None}


@pytest.mark.parametrize(
    ("broken", "content"),
    [
        *(
            (name, b"rubbish")
            for name in ("generations/000001.duckdb", "generations/000001.json", "current", "store.json")
        ),
        ("store.json", b"{}"),
    ],
)
def test_what_is_wrong_is_a_code_without_a_path(broken: str, content: bytes, store: Store) -> None:
    for file in (store.path / broken).parent.glob(Path(broken).name):
        file.write_bytes(content)
    found = Health().now()
    assert (found.code, found.status) == (503, "damaged")
    told = found.fields(clock.today())
    assert set(told) == FIELDS
    assert not [value for value in told.values() if "/" in str(value)]


def test_definitions_that_cannot_be_read_show_no_figures(store: Store) -> None:
    (store.path / "definitions").mkdir()
    (store.path / "definitions" / "000001.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RegistryError, match="damaged_set"):
        serving(newest=False)
    assert (Health().now().status, Health().now().code) == ("damaged_set", 503)


@pytest.mark.parametrize("is_open", [False, True])
def test_what_pages_need_besides_the_release_is_looked_at(
    is_open: bool, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole release is shown to nobody while the pointer beside it is torn, or the keys are others."""
    if is_open:
        releases.open_to_others(store)
    keys = key_path(store.path)
    whole, pointer = keys.read_bytes(), (store.path / "current").read_bytes()
    (store.path / "current").write_bytes(b"")
    if is_open:
        assert Health().now().status == "damaged"
        with pytest.raises(StoreError, match="damaged"):
            serving(newest=False)
    (store.path / "current").write_bytes(pointer)
    keys.write_text("rubbish")
    assert (Health().now().status, Health().now().code) == ("keys_malformed", 503)
    keys.unlink()
    assert Health().now().status == "keys_missing"
    keys.write_bytes(whole)
    keys.chmod(0o600)
    assert Health().now().status == "ok"


def test_a_fault_of_the_program_is_told_without_its_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_store: Store) -> None:
        raise ValueError("010190-123X")

    monkeypatch.setattr(Store, "released", fails)
    found = Health().now()
    assert (found.status, found.code) == ("failed", 503)


def test_the_file_is_opened_once_and_the_folder_looked_at_every_few_seconds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    read, released = Store.read, Store.released

    def counting(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            counted.append(name)
            return method(*given)

        return called

    monkeypatch.setattr(Store, "read", counting("opened", read))
    monkeypatch.setattr(Store, "released", counting("looked", released))
    clock = Clock()
    asked = Health(clock)
    for _ in range(100):
        assert asked.now().status == "ok"
    assert counted == ["looked", "opened"]
    clock.now += health._SECONDS
    assert asked.now().status == "ok"
    assert counted == ["looked", "opened", "looked"]
    store.file(store.serving()).unlink()
    assert asked.now().status == "ok"
    clock.now += health._SECONDS
    assert asked.now().status == "damaged"


def test_it_is_below_the_address_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.path for one in health.routes()] == ["/healthz"]
    monkeypatch.setattr("streamlit.get_option", lambda _name: "/kunta/")
    assert [one.path for one in health.routes()] == ["/kunta/healthz"]
