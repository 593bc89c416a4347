"""Texts of files, of stewards and of a provider are shown as they were written, and run nothing, whatever they say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page

from data.coverage.sources import Sources
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.refusal import Refusal
from data.steward.targets_and_notes import Ledger
from data.store.store import Store
from data.texts import texts
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide
from metrics.hypotheses.hypothesis import parse_hypothesis
from metrics.hypotheses.register import Register
from pages.shell.registry import PAGES
from tests.browser.server import Server, visit, wait_until_drawn
from tests.conftest import own_copy
from tests.data.ingest.imports import GOOD, encounters
from tests.rounds import some

HOSTILE = '<img src=x onerror="window.ran=1"><script>window.ran=1</script><a href="javascript:window.ran=1">x</a>'
IN_MARKDOWN = "[paina](javascript:window.ran=1) ![k](https://evil.example/k.png) </script><svg onload=window.ran=1>"
IN_A_NAME = "<img src=x onerror=window.ran=1>.csv"
WRITTEN = ("targets", "sources", "briefings", "hypotheses")
"""Pages that show what stewards have written."""
REPEATED = "<img src=x onerror=window.ran=1>"
"""What is only in the address: a page may say that it knows no such thing."""
DESIGN = {"kind": "groups", "dimension": "channel", "compared": "walk_in", "reference": "phone"}
t = texts("fi")


def planted(sample_store: Path, folder: Path) -> Path:
    """A store whose stewards have written such texts wherever the program takes them."""
    store = Store(own_copy(sample_store, folder / "own"))
    other = encounters(folder, GOOD, name="other.csv")
    publish(
        prepare([other], store, wishes=Wishes(source="other")), store, "test"
    )  # of one source, no page says the name
    sources = Sources.of(store.path)
    sources.save({one.id: one.model_copy(update={"name": HOSTILE[:60]}) for one in sources.all()})
    for text in (HOSTILE, IN_MARKDOWN):
        Ledger.of(store.path).write_note(date(2026, 3, 1), text)
        Briefings.of(store.path).save(text[:80], freeze([Slide(metric="clients", kind="number", notes=text)], store))
        with suppress(Refusal):
            question = text.replace("1", "")[:200]
            Register.of(store.path).register(
                parse_hypothesis(question=question, outcome="solved_share", design=DESIGN, direction="up", smallest=5)
            )
    return store.path


def nothing_ran(page: Page, where: str) -> None:
    assert page.evaluate("window.ran") is None, where
    found = page.evaluate("""() => [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
        a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value))).map(one => one.outerHTML.slice(0, 200))""")
    assert found == [], where
    assert page.locator("img[src='x']").count() == 0, where


def test_no_text_runs_anything(
    browser: Browser, start_server: Callable[..., Server], sample_store: Path, tmp_path: Path
) -> None:
    server = start_server(planted(sample_store, tmp_path))
    header = f"Tunnus;Asiakas;Pvm;Kunta;Kieli;Aiheet;Toimipiste;{HOSTILE.replace(';', '')}"
    lines = (f"K{n};AS-{n};{n}.2.2026;49;arabia;{HOSTILE};{HOSTILE};{IN_MARKDOWN}" for n in range(1, 28))
    file = encounters(tmp_path, *lines, header=header, name=IN_A_NAME)
    shown = 0
    with visit(browser, f"{server.url}/?lang=fi", door=server, anew=True) as seen:
        page = seen.page
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        query = "lang=fi&q=%3Cimg%20src=x%20onerror=window.ran=1%3E&municipality=%3Cscript%3E"
        pages = [
            *some([one for one in PAGES if one.id not in WRITTEN], 3),
            *(one for one in PAGES if one.id in WRITTEN),
        ]
        for spec in pages:
            page.goto(f"{server.url}/{spec.url_path}?{query}")
            wait_until_drawn(page, 60)
            nothing_ran(page, spec.id)
            said = page.get_by_test_id("stMain").inner_text().replace(REPEATED, "")
            shown += "window.ran" in said
        page.goto(f"{server.url}/tuonti?lang=fi")
        wait_until_drawn(page)
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        page.get_by_test_id("stMain").get_by_text("window.ran").first.wait_for(timeout=60_000)
        wait_until_drawn(page)
        nothing_ran(page, "file")
        assert dialogs == []
        assert seen.outside == [], "no picture of another server is asked for"
    assert shown >= 4, "the texts were shown: else nothing was tested"
