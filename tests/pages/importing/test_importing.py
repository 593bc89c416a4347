"""Tietojen tuonti, drawn without a browser: what the steward sees of files before and after publishing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from filelock import FileLock
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from data.coverage.sources import Sources
from data.refusal import refusal_text
from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.store import Store
from data.texts import Language, texts
from pages.importing import history
from pages.importing.uploads import safe_name
from pages.view.sentences import plain
from tests.data.ingest.imports import GOOD, HEADER, rows
from tests.pages.drawn import each_language, said, tables
from tests.pages.rights import without_rights

OTHER = "K2;AS-2;4.2.2025;49;Somali;Yhteisellä kielellä;Puhelin;Asuminen;0,50;Ratkesi"
BAD = "K3;AS-3;31.2.2025;49;Somali;Yhteisellä kielellä;Puhelin;Asuminen;0,50;Ratkesi"


def csv(*rows: str, name: str = "kohtaamiset.csv") -> tuple[str, bytes, str]:
    return name, "\n".join([HEADER, *rows, ""]).encode(), "text/csv"


def _script(lang: str) -> None:
    from importlib import import_module

    import_module("pages.importing.page").render(lang)


class Steward:
    """Someone at the import page over a store of their own."""

    def __init__(self, folder: Path, lang: Language = "fi") -> None:
        self.store = Store(folder)
        self.t = texts(lang)
        self.app = AppTest.from_function(_script, args=(lang,), default_timeout=60).run()

    def choose(self, *files: tuple[str, bytes, str]) -> None:
        self.app.file_uploader[0].set_value(list(files)).run()
        assert not self.app.exception

    def publish(self) -> Generation:
        self.app.button(key="import_publish").click().run()
        found = self.store.current()
        assert found is not None
        return found

    @property
    def buttons(self) -> set[str | None]:
        return {button.key for button in self.app.button}


@each_language
def test_what_was_recognised_and_rejected_is_shown_before_anything_changes(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(GOOD, OTHER, BAD))
    t = steward.t
    counts = next(table for table in tables(steward.app) if t("import.counts") in table)
    assert "".join(f"<td>{number}</td>" for number in (3, 2, 0, 0, 1)) in counts
    rejects = next(table for table in tables(steward.app) if t("import.rejects.caption", count=1) in table)
    assert "kohtaamiset.csv" in rejects
    assert ">4<" in rejects, "the row in the file, its header being row 1"
    assert ">Pvm<" in rejects
    assert "31.2.2025" not in "".join(tables(steward.app)), "a value of a record is never shown"
    recognised = next(table for table in tables(steward.app) if t("import.columns", file="kohtaamiset.csv") in table)
    assert ">Kuntanro<" in recognised
    assert steward.store.current() is None
    assert "import_publish" in steward.buttons


def test_publishing_makes_a_generation_and_says_so(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(GOOD, OTHER))
    generation = steward.publish()
    assert generation.rows["encounter"] == 2
    totals = history.totals(generation, steward.t)
    assert steward.app.success[0].value == steward.t("import.published", number=1, totals=totals)
    assert "import_publish" not in steward.buttons, "what is published is not offered again"


def test_the_same_file_again_changes_nothing_and_a_corrected_one_replaces(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(GOOD, OTHER))
    steward.publish()
    steward.choose(csv(GOOD, OTHER))
    assert "import_publish" not in steward.buttons
    assert steward.t("import.nothing_new") in said(steward.app)
    steward.choose(csv(GOOD.replace("Työ", "Terveys"), OTHER))
    counts = next(table for table in tables(steward.app) if steward.t("import.counts") in table)
    assert "".join(f"<td>{number}</td>" for number in (2, 0, 1, 1, 0)) in counts
    assert steward.publish().number == 2


def test_going_back_takes_two_steps(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(GOOD))
    steward.publish()
    steward.choose(csv(OTHER))
    assert steward.publish().number == 2
    steward.app.button(key="import_rollback").click().run()
    serving = steward.store.current()
    assert serving is not None
    assert serving.number == 2, "one click is not enough"
    steward.app.button(key="import_rollback_yes").click().run()
    serving = steward.store.current()
    assert serving is not None
    assert serving.number == 1


def test_a_yes_to_rolling_back_is_to_the_generation_that_was_shown(folder: Path) -> None:
    """The store is replaced between the question and the answer: the number is another generation's now."""
    steward = Steward(folder)
    for row in (GOOD, OTHER):
        steward.choose(csv(row))
        steward.publish()
    steward.app.button(key="import_rollback").click().run()
    assert "import_rollback_yes" in steward.buttons
    description = folder / "generations" / "000001.json"
    description.write_text(description.read_text().replace(steward.store.generation(1).token, "0" * 32))
    steward.app.button(key="import_rollback_yes").click().run()
    assert steward.store.serving().number == 2
    assert "import_rollback_yes" not in steward.buttons


@each_language
def test_a_file_with_a_personal_identity_code_is_refused_without_showing_it(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(GOOD.replace("Työ", "Työ 131052-308T")))
    assert len(steward.app.error) == 1
    assert "kohtaamiset.csv" in steward.app.error[0].value
    assert "131052" not in said(steward.app) + "".join(tables(steward.app))
    assert "import_publish" not in steward.buttons


@each_language
def test_every_refused_file_is_named_with_its_reason(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(
        csv(GOOD), ("ohje.pdf", b"%PDF-1.7\n\0\0", "application/pdf"), ("tyhjä.csv", b"", "text/csv"),
        ("131052-308T.docx", b"PK\3\4", ""), ("kuva.png", b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    )  # fmt: skip
    shown = [one.value for one in steward.app.error]
    names = ("ohje.pdf", "tyhjä.csv", "file-4.docx", "kuva.png")
    assert [text.split("**")[1] for text in shown] == [plain(name) for name in names]
    assert shown[1].endswith(plain(steward.t("refusal.file.empty_file")))
    assert all(text.split("**: ")[1].endswith(".") for text in shown)
    assert "131052" not in said(steward.app) + "".join(tables(steward.app))
    steward.publish()
    assert rows(steward.store, "SELECT count(*) FROM encounter") == [(1,)]


def test_a_sheet_that_is_left_out_is_named_with_its_reason(folder: Path) -> None:
    book = Workbook()
    visits, pivot = book.create_sheet("Asioinnit", 0), book.create_sheet("Yhteenveto", 1)
    for line in (HEADER, GOOD):
        visits.append(line.split(";"))
    pivot.append(["Kieli", "Tammi", "Helmi", "Maalis"])
    for cells in (["arabia", 10, 12, 14], ["somali", 9, 8, 7], ["persia", 4, 5, 6]):
        pivot.append(cells)
    content = io.BytesIO()
    book.save(content)
    steward = Steward(folder)
    steward.choose(("kirja.xlsx", content.getvalue(), ""))
    assert any(one.value.startswith("**kirja.xlsx · Yhteenveto**: ") for one in steward.app.warning)


@each_language
def test_without_the_right_the_page_only_tells_how(
    lang: Language, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_rights(monkeypatch)
    app = AppTest.from_function(_script, args=(lang,)).run()
    assert app.info[0].value == texts(lang)("import.no_right")
    assert not app.file_uploader
    assert not app.button


def test_the_sample_municipality_takes_no_real_clients(
    sample_store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    steward = Steward(sample_store)
    before = steward.store.current()
    steward.choose(csv(GOOD))
    assert "import_publish" not in steward.buttons
    assert steward.t("import.not_into_sample") in said(steward.app)
    assert steward.store.current() == before


def test_a_name_that_could_harm_is_made_harmless() -> None:
    assert safe_name("../../etc/passwd.csv") == "passwd.csv"
    assert safe_name("131052-308T.xlsx", 3) == "file-3.xlsx"
    assert safe_name("asiakas.0401234567", 4) == "file-4"
    assert [safe_name(name) for name in ("..", ".", "", " . ", "luvut.", "luvut. ")] == ["file-1"] * 4 + ["luvut"] * 2
    assert len(safe_name("ä" * 500 + ".csv").encode()) <= 180


@each_language
def test_going_back_while_another_import_runs_is_said(
    lang: Language, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.store.store._PATIENCE", 0.05)
    monkeypatch.setattr("data.store.lock._URGENT", 0.05)
    steward = Steward(folder, lang)
    for row in (GOOD, OTHER):
        steward.choose(csv(row))
        steward.publish()
    steward.app.button(key="import_rollback").click().run()
    with FileLock(folder / "lock"):
        steward.app.button(key="import_rollback_yes").click().run()
    assert [error.value for error in steward.app.error] == [plain(steward.t("refusal.store.busy", path=folder))]
    assert steward.store.serving().number == 2
    steward.app.button(key="import_rollback_yes").click().run()
    assert steward.store.serving().number == 1


@each_language
@pytest.mark.parametrize("name", ["current", "generations/000002.json", "generations/000002.duckdb"])
def test_the_way_back_from_a_damaged_version_is_offered(name: str, lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    for row in (GOOD, OTHER):
        steward.choose(csv(row))
        steward.publish()
    (folder / name).write_bytes(b"\xff\0")
    steward.app.run()
    assert [error.value for error in steward.app.error] == [
        plain(refusal_text(StoreError("damaged", folder, name), steward.t))
    ]
    (listed,) = tables(steward.app)
    assert (steward.t("import.history.damaged") in listed) == (name != "current")
    steward.app.selectbox(key="import_rollback_to").set_value(1)
    steward.app.button(key="import_rollback").click().run()
    assert steward.t("import.rollback.sure_damaged", number=1) in said(steward.app)
    steward.app.button(key="import_rollback_yes").click().run()
    assert not steward.app.error
    back, t = steward.store.serving(), steward.t
    assert back.number == 1
    done = t("import.published", number=1, totals=history.totals(back, t))
    assert [one.value for one in steward.app.success] == [t("import.rolled_back", done=done)]
    assert not steward.app.run().success


@each_language
@pytest.mark.parametrize("name", ["current", "store.json", "generations/000001.json"])
def test_a_damaged_store_is_said(name: str, lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(GOOD))
    steward.publish()
    (folder / name).write_bytes(b"\xff\0")
    steward.app.run()
    assert [error.value for error in steward.app.error] == [
        plain(refusal_text(StoreError("damaged", folder, name), steward.t))
    ]


# Questions

CHATBOT = [GOOD.replace("K1", f"K{number}").replace("Puhelin", "Velhopallo") for number in range(5)]


@each_language
def test_nothing_is_published_before_a_question_is_answered(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(*CHATBOT))
    assert "import_publish" not in steward.buttons
    assert steward.t("import.unanswered", count=1) in said(steward.app)
    asked = steward.app.selectbox(key="import_answer_asked_0_0")
    assert "Velhopallo" in asked.label
    assert asked.value == "not_known", "the safe default"
    asked.set_value("phone")
    submit_answers(steward)
    assert "import_publish" in steward.buttons
    steward.publish()
    assert rows(steward.store, "SELECT DISTINCT channel::VARCHAR FROM encounter") == [("phone",)]


def submit_answers(steward: Steward) -> None:
    next(button for button in steward.app.button if button.proto.form_id == "import_questions_asked").click().run()
    assert not steward.app.exception


def test_the_next_file_of_the_shape_asks_nothing(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(*CHATBOT))
    steward.app.selectbox(key="import_answer_asked_0_0").set_value("phone")
    submit_answers(steward)
    steward.publish()
    steward.choose(csv(*(row.replace("K", "L", 1) for row in CHATBOT), name="toinen.csv"))
    assert "import_publish" in steward.buttons
    assert steward.t("import.questions.remembered", count=1) in [one.label for one in steward.app.expander]
    steward.publish()
    assert rows(steward.store, "SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("phone", 10)]


def test_a_source_named_on_the_page_keeps_its_rows_apart(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(GOOD))
    steward.publish()
    steward.choose(csv(GOOD.replace(";49;", ";92;")))
    steward.app.text_input(key="import_new_source").set_value("Vantaa")
    next(button for button in steward.app.button if button.proto.form_id == "import_say").click().run()
    steward.publish()
    assert rows(steward.store, "SELECT count(*) FROM encounter") == [(2,)]


def test_a_name_that_may_be_a_persons_number_is_refused_and_the_page_goes_on(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(GOOD))
    steward.app.text_input(key="import_new_source").set_value("131052-308T")
    next(button for button in steward.app.button if button.proto.form_id == "import_say").click().run()
    assert steward.t("refusal.source.name") in said(steward.app)
    steward.app.run()
    assert "import_publish" in steward.buttons


def submit_mapping(steward: Steward) -> None:
    next(one for one in steward.app.button if one.proto.form_id.startswith("import_mapping")).click().run()
    assert not steward.app.exception


def test_a_word_in_one_row_can_be_told_and_is_remembered(folder: Path) -> None:
    steward = Steward(folder)
    many = [GOOD.replace("K1", f"M{number}").replace("AS-1", f"AS-{number}") for number in range(30)]
    steward.choose(csv(*many, GOOD.replace("Puhelin", "Velhopallo")))
    assert "import_publish" in steward.buttons, "one row of many asks nothing"
    [word] = [one for one in steward.app.selectbox if "Velhopallo" in one.label]
    word.set_value("phone")
    submit_mapping(steward)
    steward.publish()
    steward.choose(csv(*CHATBOT[1:]))
    assert "import_publish" in steward.buttons, "nothing is asked of a word that was told"
    steward.publish()
    assert rows(steward.store, "SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("phone", 34)]


def test_a_column_can_be_given_another_field_and_the_next_file_has_it(folder: Path) -> None:
    steward = Steward(folder)
    header = HEADER.replace("Kuntanro", "Zzyzx")
    name, content, kind = csv(GOOD)
    steward.choose((name, content.replace(HEADER.encode(), header.encode()), kind))
    [column] = [one for one in steward.app.selectbox if one.label.startswith("Zzyzx")]
    assert column.value == "-"
    column.set_value("municipality")
    submit_mapping(steward)
    steward.publish()
    assert rows(steward.store, "SELECT municipality::VARCHAR FROM encounter") == [("049",)]
    name, content, kind = csv(GOOD.replace("K1", "K7"), name="toinen.csv")
    steward.choose((name, content.replace(HEADER.encode(), header.encode()), kind))
    steward.publish()
    assert rows(steward.store, "SELECT municipality::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("049", 2)]


def test_the_same_question_of_several_files_is_asked_once_and_answered_for_all(folder: Path) -> None:
    steward = Steward(folder)
    more = [row.replace("K", "L", 1) for row in CHATBOT]
    steward.choose(csv(*CHATBOT), csv(*more, name="toinen.csv"))
    assert steward.t("import.unanswered", count=1) in said(steward.app)
    [word] = [one for one in steward.app.selectbox if "Velhopallo" in one.label]
    assert steward.t("import.questions.word", word="Velhopallo", rows="10") == word.label
    assert steward.t("import.questions.default", answer="ei tiedossa") == word.options[0], "the default is marked"
    word.set_value("phone")
    submit_answers(steward)
    steward.publish()
    assert rows(steward.store, "SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("phone", 10)]


def test_publishing_without_answers_takes_the_defaults_and_keeps_them_visible(folder: Path) -> None:
    steward = Steward(folder)
    steward.choose(csv(*CHATBOT))
    listed = steward.app.expander[-1]
    assert listed.label == steward.t("import.defaults")
    assert any("Velhopallo" in one.value and "**ei tiedossa**" in one.value for one in listed.markdown)
    steward.app.button(key="import_publish_defaults").click().run()
    assert not steward.app.exception
    assert rows(steward.store, "SELECT channel::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("unknown", 5)]
    steward.choose(csv(*(row.replace("K", "L", 1) for row in CHATBOT), name="toinen.csv"))
    assert "import_publish" in steward.buttons
    [kept] = [one for one in steward.app.selectbox if "Velhopallo" in one.label]
    assert (kept.value, steward.t("import.questions.taken") in kept.label) == ("not_known", True)
    kept.set_value("phone")
    next(button for button in steward.app.button if button.proto.form_id == "import_questions_known").click().run()
    steward.publish()
    assert Sources.of(steward.store.path).all()[0].defaults == ()
