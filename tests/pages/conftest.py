"""Pages drawn without a browser, over the sample municipality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from pages.charts.template import Plot
from pages.downloads import menu
from pages.downloads.about import About
from pages.figures import side_by_side
from pages.shell.serving import Serving, serving
from tests.conftest import own_copy
from tests.pages.drawn import Open, open_page
from tests.pages.rights import with_rights


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """AppTest looks for components in every installed package at each page it opens, for longer than it draws most pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def waits() -> Iterator[None]:
    """AppTest asks a thousand times a second whether the page is drawn, and what draws it has to stop for each."""

    def wait(runner: LocalScriptRunner, timeout: float = 3) -> None:
        thread = runner._script_thread
        assert thread is not None
        thread.join(timeout)
        asked(runner, 0.1 if runner.script_stopped() else 0)

    with pytest.MonkeyPatch.context() as patch:
        asked = local_script_runner.require_widgets_deltas
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(scope="session", autouse=True)
def every_tab() -> Iterator[None]:
    """All tabs of a page are drawn, so that one test sees all of it; readers get the open one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(side_by_side, "_is_open", lambda _: True)
        yield


@pytest.fixture
def checked_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages compare every chart they draw with the schema of Vega-Lite, which they do not do for readers."""
    sent = Plot.without_rows

    def checked(plot: Plot, colours: Mapping[str, str] | None = None) -> dict[str, Any]:
        alt.LayerChart.validate(sent(plot))  # in colours, for which the schema has no variables
        return sent(plot, colours)

    monkeypatch.setattr(Plot, "without_rows", checked)


@pytest.fixture
def opened(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page in a language with parameters in its address."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    return open_page


@pytest.fixture
def served(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    found = serving(newest=False)
    assert found is not None
    return found


@pytest.fixture
def own_store(sample_store: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a store that may be written to; pages serve this store, to someone with the right."""
    folder = own_copy(sample_store, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(folder))
    with_rights(monkeypatch)
    return folder


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[About]:
    """What is told of each table and figure that a page offers as files, in their order."""
    found: list[About] = []
    inner = menu.offer

    def offer(table: Any, about: About, *rest: Any, **more: Any) -> None:
        found.append(about)
        inner(table, about, *rest, **more)

    monkeypatch.setattr(menu, "offer", offer)
    return found
