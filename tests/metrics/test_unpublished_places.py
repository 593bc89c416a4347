"""A service point that only few have visited is to visitors as unknown as an invented one."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import texts
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.question import Question, QuestionError
from metrics.model.dimensions import service_points
from tests.metrics.made import store_of
from tests.pages.drawn import open_page, said

NAMES = {"kamppi": "Kampin neuvonta", "tuki": "Turvakodin neuvonta", "omena": "Omenan neuvonta"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Forty have come to Kamppi, three to a shelter that encounters name, nobody yet to Omena, which the steward has listed."""
    rows = [{"client": one, "record": one, "service_point": "kamppi" if one <= 40 else "tuki"} for one in range(1, 44)]
    points = [{"code": code, "name_fi": name, "delivery": int(code == "omena")} for code, name in NAMES.items()]
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "store"))
    return store_of(tmp_path / "store", {"encounter": rows, "service_point": points})


@pytest.mark.parametrize(
    ("audience", "codes"),
    [("protected", {"kamppi", "omena", "unknown"}), ("internal", {"kamppi", "omena", "tuki", "unknown"})],
)
def test_which_points_an_audience_knows(store: Store, audience: Audience, codes: set[str]) -> None:
    assert set(service_points(store, store.serving(), audience)) == codes


def refusal(store: Store, code: str) -> tuple[str, tuple[str, ...], set[str]]:
    with pytest.raises(QuestionError) as caught:
        ask(Question(("clients",), where=(("service_point", (code,)),)), store)
    return caught.value.reason, caught.value.nearest, set(caught.value.params) - {"code"}


def test_an_unpublished_point_and_an_invented_one_are_refused_alike(store: Store) -> None:
    assert refusal(store, "tuki") == refusal(store, "tuka")
    assert "tuki" not in refusal(store, "tuka")[1]
    assert "tuki" not in refusal(store, "tukii")[1]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_breakdown_lists_what_is_published(store: Store, audience: Audience) -> None:
    rows = ask(Question(("clients",), by=("service_point",), audience=audience), store).rows
    assert {row.codes["service_point"] for row in rows} == {"kamppi", *(("tuki",) if audience == "internal" else ())}


def test_a_page_treats_both_alike(store: Store) -> None:
    pages = [open_page("demand", "fi", service_point=code) for code in ("tuki", "tukk")]
    told = [said(app).replace("tukk", "tuki") for app in pages]
    assert told[0] == told[1]
    assert NAMES["tuki"] not in told[0]
    options = [box.options for box in pages[0].selectbox if box.label == texts("fi")("filter.service_point")]
    assert options
    assert not any(NAMES["tuki"] in option for option in options[0])
