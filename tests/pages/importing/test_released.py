"""The import page tells the steward what visitors see of an import, once the store is open to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.releases import open_to_others
from tests.data.ingest.imports import GOOD
from tests.pages.importing.test_importing import OTHER, Steward, csv
from tests.pages.rights import with_rights

LATER = GOOD.replace("K1", "K9").replace("AS-1", "AS-9").replace("3.2.2025", "3.1.2025")
"""A visit of the last month that is whole."""


@pytest.fixture
def steward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steward:
    """At a store with a client in January and one in February, which is not whole."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "own"))
    with_rights(monkeypatch)
    found = Steward(tmp_path / "own")
    found.choose(csv(GOOD.replace("3.2.2025", "4.1.2025"), OTHER))
    found.publish()
    return found


def test_an_import_says_what_waits(steward: Steward) -> None:
    assert not steward.app.info, "nothing waits while the store is not open"
    open_to_others(steward.store)
    steward.app.run()
    steward.choose(csv(LATER))
    steward.publish()
    (told,) = [one.value for one in steward.app.info]
    assert steward.t("release.corrected", count=1) in told
    assert "50" in told
    assert steward.store.released().rows["encounter"] == 1


def test_going_back_is_warned_of(steward: Steward) -> None:
    steward.choose(csv(LATER))
    steward.publish()
    steward.app.button(key="import_rollback").click().run()
    assert steward.t("release.rollback") not in [one.value for one in steward.app.warning]
    open_to_others(steward.store)
    steward.app.run()
    assert steward.t("release.rollback") in [one.value for one in steward.app.warning]
    steward.app.button(key="import_rollback_yes").click().run()
    assert (steward.store.released().number, steward.store.released().rows["encounter"]) == (1, 1)
