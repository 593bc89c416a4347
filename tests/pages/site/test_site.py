"""A site as files: the published values, in pages that need no server, load nothing and can be read by everybody."""

from __future__ import annotations

import errno
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from data.store.store import Store
from data.texts import LANGUAGES, Language, capital, message, texts
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.packages.asking import ask_package
from metrics.packages.errors import PackageError
from metrics.packages.making import make, release_of
from metrics.packages.opening import Package, package_of
from metrics.packages.scope import Scope, population_of
from pages.__main__ import main
from pages.i18n import formats
from pages.site.writing import write
from tests.metrics.packages.conftest import PERIOD, Made, made_of, two
from tests.metrics.packages.test_receiving import forged
from tests.pages.without_months import lacking

__all__ = ["lacking", "made_of", "two"]
EMPTY = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Reads a page as a browser would: which elements are where, and whether each ends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.lang: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "html":
            self.lang = dict(attrs)["lang"]
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def package(two: tuple[Made, Made]) -> Package:
    """Of a publisher whose name would be markup, were it not shown as text."""
    return forged(two[0], two[0].key, publisher='A "b" <script>alert(1)</script> & *c*')


@pytest.fixture(scope="module")
def site(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    assert write(package, out) == len(list(out.rglob("*.html")))
    return out


def test_every_page_has_its_landmarks_and_loads_nothing(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 3 * 4
    for file in pages:
        read = Reader(file.read_text(encoding="utf-8"))
        assert read.open == []
        assert read.seen["h1"] == read.seen["main"] == read.seen["title"] - read.seen["figure"] == 1
        assert not set(read.seen) & {"script", "img", "link", "iframe", "object", "form", "input"}
        assert not [name for _, name, _ in read.attributes if name.startswith("on") or name in ("src", "srcset")]
        outside = [
            value for _, name, value in read.attributes if value and re.match(r"(https?:)?//|javascript:|data:", value)
        ]
        assert {value for value in outside if not value.startswith("http://www.w3.org/")} == set()
        assert read.seen["style"] == 1, "in the head: elsewhere HTML knows none, and each table would bring its own"
        assert read.lang == (file.parent.name if file.parent != site else "fi")
        for link in read.links:
            there = link.partition("#")[0]
            assert not there or (file.parent / there).is_file(), f"{file.name}: {link}"
        assert "<script>alert(1)</script>" in "".join(read.words)
        if file.parent != site:
            assert read.seen["header"] == read.seen["footer"] == read.seen["nav"] == 1
        text = file.read_text(encoding="utf-8")
        ids = re.findall(r'\bid="([^"]*)"', text)
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_values_are_those_of_the_package(lang: Language, site: Path, package: Package) -> None:
    t = texts(lang)
    page = (site / lang / "clients.html").read_text(encoding="utf-8")
    assert t("page.sample") in page
    rows = ask_package(Question(("clients",), by=("language",), period=PERIOD), package).rows
    assert len(rows) > 5
    for row in rows:
        name = label("clients", "language", row.codes["language"], lang, {})
        assert f'<th scope="row">{name}</th><td>{formats.value_text(row, t)}</td>' in page
    (whole,) = ask_package(Question(("clients",), period=PERIOD), package).rows
    assert f"<p class='lead'>{formats.value_text(whole, t, unit=True)}</p>" in page
    drawings = [Xml.fromstring(text) for text in re.findall(r"<svg .*?</svg>(?=</figure>)", page, re.DOTALL)]
    assert [float(drawn.attrib["width"]) < 400 for drawn in drawings] == [False, True], "one is for a phone"
    assert len({one.attrib["id"] for drawn in drawings for one in drawn.iter() if "id" in one.attrib}) == 4
    for drawn in drawings:
        said = "".join(drawn.itertext())
        assert definitions()["clients"].name[lang] in said
        assert formats.value_text(max(rows, key=lambda row: row.value or 0), t) in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_figure_stands_on_and_that_it_is_made_up_stand_above_its_chart(lang: Language, site: Path) -> None:
    t = texts(lang)
    top = (site / lang / "solved_share.html").read_text(encoding="utf-8").partition("<figure")[0]
    assert t("page.sample") in top
    assert re.search(r"<p class='quiet'>[^<]+ · n = \d+", top)
    assert " · n = " not in (site / lang / "clients.html").read_text(encoding="utf-8"), "the number itself"


def test_what_is_counted_otherwise_and_what_is_not_there_has_no_page(two: tuple[Made, Made], tmp_path: Path) -> None:
    marks = dict(two[0].package.about.definitions)
    marks["clients"] = marks["clients"].model_copy(update={"version": 99})
    write(forged(two[0], two[0].key, definitions=marks), tmp_path / "out")
    names = {file.stem for file in (tmp_path / "out" / "fi").glob("*.html")} - {"index"}
    assert "encounters" in names
    assert names <= set(two[0].package.about.definitions) - {"clients"}


def test_a_folder_with_anything_in_it_stays_as_it_is(two: tuple[Made, Made], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    file = tmp_path.parent / f"{tmp_path.name}.tkp"
    file.write_bytes(two[0].package.content)
    assert main(["site", "--package", str(file), "--out", str(tmp_path)]) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(PackageError, match="folder_exists"):
        write(package_of(two[0].package.content, "x"), file)


def test_other_limits_and_damage_are_refused_in_words(
    two: tuple[Made, Made], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.tkp"
    for content in (
        forged(two[0], two[0].key, gate={"base": 3.0}).content,
        two[0].package.content[:-1],
        b"",
    ):
        file.write_bytes(content)
        assert main(["site", "--package", str(file), "--out", str(tmp_path / "out")]) == 2
        assert "Traceback" not in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


def test_a_package_that_is_not_there_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file, missing in ((tmp_path / "x.tkp", "x.tkp"), (tmp_path / "no" / "x.tkp", "no")):
        assert main(["site", "--package", str(file), "--out", str(tmp_path / "out")]) == 2
        assert capsys.readouterr().err == message("cli.file_missing", "fi", path=tmp_path / missing) + "\n"


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("fails", ["write_bytes", "rename"])
def test_a_full_disk_leaves_nothing_and_the_next_run_writes_all(
    fails: str, is_there: bool, two: tuple[Made, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file, out = tmp_path / "x.tkp", tmp_path / "new" / "site"
    file.write_bytes(two[0].package.content)
    if is_there:
        out.mkdir(parents=True)
    done, real = 0, getattr(Path, fails)

    def full(self: Path, given: Any) -> Any:
        nonlocal done
        done += 1
        if done == (5 if fails == "write_bytes" else 2 if is_there else 1):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, given)

    command = ["site", "--package", str(file), "--out", str(out), "--lang", "en"]
    with monkeypatch.context() as patched:
        patched.setattr(Path, fails, full)
        assert main(command) == 2
    assert "no room" in capsys.readouterr().err
    assert out.exists() == is_there
    assert list(out.parent.iterdir()) == ([out] if is_there else [])
    assert not is_there or not list(out.iterdir())
    assert main(command) == 0
    assert sorted(one.name for one in out.iterdir()) == ["en", "fi", "index.html", "sv"]
    assert list(out.parent.iterdir()) == [out]


def test_figures_without_data_stand_after_the_others(lacking: Store, two: tuple[Made, Made], tmp_path: Path) -> None:
    release, t = release_of(lacking), texts("fi")
    metrics = ("referral_started_share", "clients", "encounters")
    scope = Scope(population_of(lacking, release, None), ("2026-Q1",), metrics, ("language",))
    write(package_of(make(lacking, release, scope, two[0].key).content, "gaps"), tmp_path / "out")
    index = (tmp_path / "out" / "fi" / "index.html").read_text(encoding="utf-8")
    told, _, empty = index.partition(f"<h2>{capital(t('state.no_data'))}</h2>")
    assert [metric for metric in metrics if f"{metric}.html" in told] == ["clients", "encounters"]
    assert "referral_started_share.html" in empty
    assert t("catalogue.group.flows") not in told
