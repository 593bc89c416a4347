"""A newcomer's metric needs one file: CONTRIBUTING.md's example is listed, shown, asked, and on its page with its files."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.texts import LANGUAGES, Language, Texts
from metrics.cli import main
from metrics.model import definition
from metrics.model.definition import REGISTRY, definitions, own_definitions
from pages.figures import tables as written
from pages.view.table import Table
from tests.conftest import ROOT
from tests.pages.drawn import each_language, open_page, said, tables

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def example() -> str:
    """The metric that CONTRIBUTING.md shows, as it stands there."""
    found = re.findall(r'```toml\n(id = "phone_share"\n.*?)```', CONTRIBUTING, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def folder(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project's definitions and the newcomer's one file; nothing else is touched."""
    made = tmp_path / "definitions"
    shutil.copytree(definition.FOLDER, made)
    (made / "phone_share.toml").write_text(example, encoding="utf-8")
    monkeypatch.setattr(definition, "FOLDER", made)
    own_definitions.cache_clear()
    yield made
    own_definitions.cache_clear()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_line_lists_and_shows_it(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = {"fi": "Puhelimessa hoidetut", "sv": "Skötta per telefon", "en": "Handled by phone"}[lang]
    assert main(["list", "--lang", lang]) == 0
    assert re.search(rf"phone_share +{name}", capsys.readouterr().out)
    assert main(["show", "phone_share", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{name} (phone_share)")
    assert "channel = 'phone'" in shown


def asked(store: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    assert main(["ask", *words, "--store", str(store), "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.usefixtures("folder")
def test_the_command_line_answers_it(sample_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = asked(sample_store, capsys, "phone_share", "--period", "2025", "--audience", "internal")
    phone, every = (
        float(
            asked(sample_store, capsys, "encounters", *where, "--period", "2025", "--audience", "internal")[0]["value"]
        )
        for where in (("--where", "channel=phone"), ())
    )
    assert (row["metric"], row["unit"]) == ("phone_share", "%")
    assert float(row["value"]) == pytest.approx(100 * phone / every, abs=0.06)
    assert len(asked(sample_store, capsys, "phone_share", "--by", "municipality")) > 1


@pytest.mark.usefixtures("folder")
@each_language
def test_the_page_shows_it_and_its_files_carry_it(
    lang: Language, sample_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    files: list[str] = []

    def kept(table: Table, t: Texts, notes: tuple[str, ...] = ()) -> bytes:
        made = whole(table, t, notes)
        files.append(made.decode("utf-8-sig"))
        return made

    whole = written.to_csv
    monkeypatch.setattr(written, "to_csv", kept)
    one = definitions()["phone_share"]
    app = open_page("catalogue", lang, metric="phone_share", period="2025")
    assert not app.error
    assert not app.warning
    assert one.why[lang] in said(app)
    assert any(f'>{one.name[lang]}</a></th><td class="words">' in x for x in tables(app))
    (row,) = asked(sample_store, capsys, "phone_share", "--period", "2025")
    mark = "," if lang == "en" else ";"
    of_metric, of_all = (list(csv.reader(io.StringIO(file), delimiter=mark)) for file in files)
    assert of_metric[1][:2] == [one.name[lang], row["value"]]
    assert ["phone_share", one.name[lang]] in [line[:2] for line in of_all]
    assert any(f">{one.name[lang]}</a></th>" in x for x in tables(open_page(one.page, lang, period="2025")))
    recommended = open_page("catalogue", lang, view="recommendations", period="2025")
    assert any("<caption>O6, " in x and one.name[lang] in x for x in tables(recommended))


def test_without_the_file_there_is_no_such_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "phone_share"]) == 2
    assert "phone_share" in capsys.readouterr().err


def test_check_passes_the_example_and_says_every_error_with_file_and_key(
    folder: Path, example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder)]) == 0
    count = len([path for path in folder.glob("*.toml") if path.name != REGISTRY])
    assert str(count) in capsys.readouterr().out
    wrong = example.replace("channel = 'phone'", "channel = 'fax'").replace('id = "phone_share"', 'id = "fax_share"')
    (folder / "fax_share.toml").write_text(wrong, encoding="utf-8")
    (folder / "phone_share.toml").write_text(
        example.replace('good = "none"', 'good = "maybe"').replace("[changes]]", "[changes]]\nwho = 'me'"),
        encoding="utf-8",
    )
    assert main(["check", str(folder)]) == 1
    lines = capsys.readouterr().err.splitlines()
    starts = (
        "fax_share.toml: metric: measure.numerator:",
        "phone_share.toml: good:",
        "phone_share.toml: changes.0.who:",
    )
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start), line
