"""Pages tell the log who asks what and who takes what out; no download button does without."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from data.store import acting
from data.store.acting import WAITING, Waiting
from data.store.audit import AuditLog, LogLine
from data.store.store import Store
from data.texts import texts
from metrics.audience import INTERNAL
from metrics.grammar.question import Question
from pages.access import media, mode, session, sign_in, signed_in
from pages.access.ended import Ended
from pages.access.media import NotHandedOutError
from pages.access.rights import READER, STEWARD
from pages.access.settings import Access, Rule
from pages.access.whole import PROOF, proof_of
from pages.shell import noting
from pages.shell.registry import PAGES
from pages.shell.serving import Serving
from tests.apart import in_a_loop
from tests.conftest import ROOT, own_copy
from tests.pages.drawn import open_page
from tests.pages.rights import with_rights
from tests.test_architecture import python_files


@pytest.fixture
def own(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own, and nothing that was asked before."""
    store = own_copy(sample_store, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store))
    waiting = Waiting(pause=3600)
    for module in (acting, noting):
        monkeypatch.setattr(module, "WAITING", waiting)
    return store


def lines(store: Path) -> list[LogLine]:
    acting.WAITING.flush()
    return [*AuditLog(store).lines()]


def asked(store: Path) -> list[LogLine]:
    return [line for line in lines(store) if line.what == "asked"]


def deferred(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
    """What makes the files of the download buttons that are drawn from now on."""
    made: list[Callable[[], Any]] = []

    def keep(_: MediaFileManager, make: Callable[[], Any], *__: Any, **___: Any) -> str:
        made.append(make)
        return "x"

    monkeypatch.setattr(MediaFileManager, "add_deferred", keep)
    return made


def test_a_page_tells_every_question_once(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(asked(own))
    monkeypatch.setattr(mode, "current", lambda: "local")
    with_rights(monkeypatch, READER)
    for _ in range(2):
        assert not open_page("demand", municipality="853").exception
    told = asked(own)[before:]
    assert len(told) > 5
    assert len({str(line.about) for line in told}) == len(told)
    assert {line.who for line in told} == {"visitor"}
    generation = Store(own).serving().number
    assert {line.about["generation"] for line in told} == {generation}
    questions = [str(line.about["question"]) for line in told]
    assert all(question.endswith("--audience protected") for question in questions)
    assert any("--where municipality=853" in question for question in questions)
    with_rights(monkeypatch, STEWARD)
    assert not open_page("demand", audience=INTERNAL).exception
    exact = asked(own)[before + len(told) :]
    assert {line.who for line in exact} == {"local"}
    assert all(str(line.about["question"]).endswith(f"--audience {INTERNAL}") for line in exact)


def test_the_questions_can_be_asked_again_as_they_stand(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from metrics.cli import main

    with_rights(monkeypatch)
    before = len(asked(own))
    open_page("reach", period="2025")
    told = asked(own)[before:]
    assert told
    for line in told[:4]:
        assert main(["ask", *str(line.about["question"]).split(), "--store", str(own)]) == 0


def test_no_button_hands_out_a_file_past_the_log() -> None:
    """By its name, and by the buttons that are drawn: `noting.download` makes them all."""
    stray = []
    for name in python_files("pages"):
        if name != "pages/shell/noting.py":
            tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
            stray += [
                f"{name}:{node.lineno}"
                for node in ast.walk(tree)
                if (isinstance(node, ast.Attribute) and node.attr in ("download_button", "dataframe"))
                or (isinstance(node, ast.Constant) and node.value in ("download_button", "dataframe"))
                or (
                    isinstance(node, ast.Call)
                    and ast.unparse(node.func).endswith("link_button")
                    and not stays_here(node)
                )
            ]
    assert stray == []


def stays_here(button: ast.Call) -> bool:
    """Whether a button leads to the page it stands on, with other parameters."""
    address = button.args[1]
    return isinstance(address, ast.BinOp) and ast.unparse(address.left) == "'?'"


@pytest.mark.parametrize("page", [spec.id for spec in PAGES])
def test_every_download_button_leaves_a_line(page: str, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, Callable[[], Any]]] = []
    real = MediaFileManager.add_deferred

    def remember(self: MediaFileManager, make: Callable[[], Any], *given: Any, **named: Any) -> str:
        made.append((str(given) + str(named), make))
        return real(self, make, *given, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", remember)
    monkeypatch.setattr(mode, "current", lambda: "local")
    with_rights(monkeypatch)
    app = open_page(page, "fi", audience=INTERNAL)
    assert not app.exception
    buttons = app.get("download_button")
    assert len(made) == len(buttons)
    assert all(button.proto.deferred_file_id for button in buttons)
    before = len([line for line in lines(own) if line.what == "exported"])
    with_rights(monkeypatch, READER)  # who it was drawn for counts
    for _, make in made[:3]:
        make()
    told = [line for line in lines(own) if line.what == "exported"][before:]
    assert len(told) == len(made[:3])
    for (named, _), line in zip(made, told, strict=False):
        assert str(line.about["file"]) in named
        assert line.who == "local"
        if page != "importing":
            assert line.about["page"] == page


def test_an_export_tells_the_view_and_whose_figures(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = deferred(monkeypatch)
    with_rights(monkeypatch)
    open_page("demand", municipality="853", period="2025", audience=INTERNAL, secret="AS-1")
    made[0]()
    about = next(line for line in reversed(lines(own)) if line.what == "exported").about
    assert (about["view"], about["audience"]) == ("period=2025&municipality=853", INTERNAL)
    assert about["generation"] == Store(own).serving().number
    assert "AS-1" not in str(about)


def test_an_export_of_a_visitor_waits_for_others_lines_and_holds_nobody_up(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = deferred(monkeypatch)
    monkeypatch.setattr(mode, "current", lambda: "local")
    with_rights(monkeypatch, READER)
    open_page("demand")
    acting.WAITING.flush()
    made[0]()
    # Others may have noted something in the store that this one is a copy of.
    assert "visitor" not in {line.who for line in AuditLog(own).lines() if line.what == "exported"}
    assert [line.who for line in lines(own) if line.what == "exported"][-1] == "visitor"


def test_figures_and_files_are_there_when_the_log_cannot_be_written(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = deferred(monkeypatch)
    acting.WAITING.flush()
    for file in (own / "log").iterdir():
        file.unlink()
    (own / "log").rmdir()
    (own / "log").write_text("in the way")
    app = open_page("demand")
    acting.WAITING.flush()
    assert not app.exception
    assert app.get("vega_lite_chart")
    assert made[0]()


def test_asking_costs_a_click_less_than_a_millisecond(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "WAITING", Waiting(pause=3600))
    noting.begin("demand", served)
    questions = [Question(("clients",), by=("language",), period=str(year)) for year in range(20)]
    for question in questions:
        noting.asked(served, question)
    best = 1.0
    for _ in range(20):
        began = time.thread_time()
        for question in questions:
            noting.asked(served, question)
        best = min(best, time.thread_time() - began)
    assert best < 0.001, "twenty questions that were asked before"


@pytest.fixture
def signed_in_claims(own: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Somebody has signed in who is a steward; sign-ins that have ended stand in the store."""
    claims: dict[str, Any] = {
        "is_logged_in": True, "provider": "entra", "sub": "a1b2", "aud": "c", "iat": int(time.time()), "iss": "x",
        "name": "Maija Mallikas", "email": "maija@kunta.fi", "groups": ["x"],
    }  # fmt: skip
    claims[PROOF] = proof_of(claims, "secret")
    monkeypatch.setattr(st, "user", SimpleNamespace(to_dict=lambda: claims))
    monkeypatch.setattr(st, "logout", lambda: None)
    ended, access = Ended(own / "signed-out.json"), Access(rules=(Rule(value="x", role="steward"),))
    for module in (signed_in, sign_in, session):
        monkeypatch.setattr(module, "ENDED", ended)
    for module in (signed_in, sign_in):
        monkeypatch.setattr(
            module, "secrets", lambda: ({"cookie_secret": "secret", "entra": {"client_id": "c"}}, access)
        )
    monkeypatch.setattr(sign_in, "_seen", {})
    monkeypatch.setattr(session, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id=""))
    monkeypatch.setattr(mode, "current", lambda: "sign_in")
    return claims


def test_a_window_left_open_gives_no_file_after_the_sign_in(
    own: Path, signed_in_claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Callable[[], Any]] = []
    monkeypatch.setattr(st, "download_button", lambda _, make, **__: made.append(make))
    assert session.held() == STEWARD
    noting.begin("demand")
    noting.download("CSV", b"exact", file_name="exact.csv", mime="text/csv", key="x")
    before = len(lines(own))
    assert made[0]() == b"exact"
    sign_in._sign_out()
    with pytest.raises(NotHandedOutError) as refused:
        made[0]()
    assert str(refused.value) == texts("fi")("export.over")
    assert [line.what for line in lines(own)[before:]] == ["exported", "signed_out"]
    noting.begin("demand")
    noting.download("CSV", b"rounded", file_name="rounded.csv", mime="text/csv", key="x")
    assert made[1]() == b"rounded", "what is drawn for visitors is theirs"


def test_a_file_that_is_not_handed_out_is_told_of_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], Any]] = []
    monkeypatch.setattr(st, "download_button", lambda _, make, **__: made.append(make))
    monkeypatch.setattr(DeferredFileHandler, "handle", DeferredFileHandler.handle)
    media.tell_why_not()
    noting.download("CSV", lambda: bytes(1 // 0), file_name="x", mime="text/csv", key="x")
    files = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(files, "_deferred_callables", {"x": {"callable": made[0], "mimetype": "", "filename": ""}})
    asked = BackendOperationRequest(request_id="1", deferred_file={"file_id": "x"})  # type: ignore[arg-type]
    told = in_a_loop(DeferredFileHandler(lambda: files).handle(asked, "session"))
    assert told.error_msg == texts("fi")("export.failed")


def test_sign_ins_are_told_once_and_by_no_name(
    own: Path, signed_in_claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = signed_in_claims
    before = len(lines(own))
    assert session.who() == "entra:a1b2"
    for _ in range(3):
        sign_in._note_sign_in(claims)
    sign_in._sign_out()
    sign_in._note_sign_in(claims)
    sign_in._sign_out()
    assert session.who() == "visitor"
    told = lines(own)[before:]
    assert [(line.what, line.who) for line in told] == [("signed_in", "entra:a1b2"), ("signed_out", "entra:a1b2")]
    assert len({line.about["sign_in"] for line in told}) == 1
    assert not any(word in line.text() for line in told for word in ("Maija", "kunta.fi"))


def test_what_the_server_looks_at_itself_is_no_line(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="its own"))
    for is_own, who in ((True, session.SELF), (False, "visitor")):
        monkeypatch.setattr(session, "OWN", "its own" if is_own else "another")
        noting.begin("overview")
        assert acting.who() == who
        before = len(asked(own))
        noting.told("a question", "a state", dict)
        assert [line.who for line in asked(own)[before:]] == ([] if is_own else ["visitor"])


def test_outside_of_the_app_nobody_is_asked() -> None:
    assert session.who() is None
    assert acting.who() == acting.command_line_user()
    assert WAITING is acting.WAITING
