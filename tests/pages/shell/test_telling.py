"""Whoever cannot mend the server is told no place on it and no command, wherever on a page something cannot be read or done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data.refusal import Refusal
from data.steward.targets_and_notes import Ledger
from data.store.keys import KeyFileError
from data.store.store import StoreError
from data.texts import LANGUAGES, texts
from metrics.packages.errors import PackageError
from metrics.registry.errors import RegistryError
from pages.access.rights import READER, STEWARD, Rights
from pages.shell import actions, telling
from tests.conftest import ROOT, own_copy
from tests.metrics.made import store_of
from tests.pages.drawn import open_page, said
from tests.pages.rights import with_rights
from tests.test_architecture import python_files

MANAGER = Rights(acts=frozenset(("briefings",)))
HERE = Path("/srv/kunta/varasto")
OF_THE_SERVER: tuple[Refusal, ...] = (
    StoreError("damaged_line", HERE / "steward" / "notes.jsonl", "2"),
    StoreError("unwritable", HERE),
    KeyFileError("missing", HERE),
    PackageError("publishers", path=HERE),
    RegistryError("damaged_set", number=1),
)


@pytest.mark.parametrize("rights", [READER, MANAGER, STEWARD])
@pytest.mark.parametrize("refusal", OF_THE_SERVER, ids=str)
def test_places_and_commands_are_for_the_steward(
    refusal: Refusal, rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch, rights)

    def refuse() -> str:
        raise refusal

    for lang in LANGUAGES:
        t = texts(lang)
        for told in (telling.refusal_text(refusal, t), actions.outcome(refuse, t)[1]):
            names = [word for word in (str(HERE), "tilannekuva ", "definitions ") if word in told.replace("\\", "")]
            assert bool(names) == (rights == STEWARD)
            assert (f"{refusal.family}.{refusal.reason}" in told) == (rights != STEWARD)


def test_whoever_may_try_again_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch, MANAGER)
    t = texts("fi")
    assert telling.refusal_text(StoreError("busy", HERE), t) == t("page.busy")


def test_no_page_tells_refusals_by_itself() -> None:
    """But the open interface, which knows none of the server."""
    found = {
        name
        for name in python_files("pages")
        if re.search(
            r"(?<!telling\.)\brefusal_text\(|import .*\brefusal_text\b", text := (ROOT / name).read_text("utf-8")
        )
        and "from pages.shell.telling import refusal_text" not in text
    }
    assert found == {"pages/shell/telling.py", "pages/view/sentences.py", "pages/api/reply.py"}


def torn(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'{"time":')


LISTS: dict[str, tuple[str, ...]] = {
    "steward/watches.jsonl": ("overview", "targets"),
    "steward/seen.jsonl": ("overview", "targets"),
    "steward/views.jsonl": ("overview", "demand"),
    "steward/notes.jsonl": ("demand", "targets"),
    "steward/targets.jsonl": ("overview", "targets"),
    "hypotheses/registered.jsonl": ("hypotheses",),
    "briefings/B-1.jsonl": ("briefings",),
    "sources/sources.jsonl": ("sources", "importing"),
    "rejected/x.jsonl": ("importing",),
    "revisions/log.jsonl": ("quality",),
    "packages/publishers.json": ("compare",),
    "packages/00.tkp": ("compare",),
    "definitions/000001.json": ("overview", "catalogue"),
    "log/2026-01.jsonl": ("quality", "sources"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"client": 1 + i % 90, "occurred_on": date(2025, 1 + i % 9, 3), "municipality": "049"} for i in range(300)]
    store = store_of(tmp_path_factory.mktemp("whole") / "store", {"encounter": rows})
    Ledger.of(store.path).write_note(date(2025, 3, 1), "Laki muuttui")
    return store.path


@pytest.mark.parametrize("harm", [torn, Path.mkdir])
@pytest.mark.parametrize("name", LISTS)
def test_a_visitor_reads_no_place_on_a_page_whose_list_is_damaged(
    name: str, harm: Callable[[Path], None], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = own_copy(whole, tmp_path / "store")
    (store / name).unlink(missing_ok=True)
    (store / name).parent.mkdir(exist_ok=True)
    harm(store / name)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store))
    with_rights(monkeypatch, READER)
    for page_id in LISTS[name]:
        app = open_page(page_id, "fi", **({"briefing": "B-1"} if page_id == "briefings" else {}))
        assert not app.exception
        assert texts("fi")("page.failed") not in said(app)
        assert not [word for word in (str(store), "tilannekuva ", "--", Path(name).name) if word in said(app)]
