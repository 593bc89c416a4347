"""Pages drawn without a browser, over the sample municipality."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.serving import Serving, serving
from pages.parts.texts import Language
from tests.pages.drawn import Open


def _script(page_id: str, lang: str) -> None:
    from importlib import import_module

    import_module(f"pages.{page_id}").render(lang)


@pytest.fixture
def opened(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page in a language with parameters in its address."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))

    def open_page(page_id: str, lang: Language = "fi", **params: str | list[str]) -> AppTest:
        app = AppTest.from_function(_script, args=(page_id, lang), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return open_page


@pytest.fixture
def served(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    found = serving()
    assert found is not None
    return found
