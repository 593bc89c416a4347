"""Every text is there in Finnish, Swedish and English, is used, with the same placeholders; so has every refusal."""

from __future__ import annotations

import ast
import random
import re
import string
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
from babel.numbers import format_decimal, format_percent
from pydantic import BaseModel

from data.model.records import TABLES
from data.refusal import Refusal
from data.steward.saved_views import SavedView
from data.steward.targets_and_notes import Note, Target
from data.texts import LANGUAGES, Language, MissingTextError, Texts, catalogue, number_said, percent_sign, said, texts
from metrics.briefings.slide import Slide
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from metrics.watching.watch import Watch
from pages.shell.registry import PAGES
from pages.view.state import PARAMETERS, SLOTS
from tests.conftest import ROOT

SOURCES = sorted(path for room in ("data", "metrics", "pages", "tilannekuva") for path in (ROOT / room).rglob("*.py"))


def forms(lang: Language, key: str) -> tuple[str, ...]:
    said = catalogue(lang)[key].string
    return (said,) if isinstance(said, str) else tuple(said)


@cache
def keys(lang: Language = "fi") -> frozenset[str]:
    ids = (message.id for message in catalogue(lang))
    return frozenset(i if isinstance(i, str) else i[0] for i in ids) - {""}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def strings(path: Path) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Of a source file: literal strings, starts of built strings ("notice." + …, f"change.{…}"), and keys given to `t(…)`."""
    literals, starts, called = set(), set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            literals.add(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            starts.add(str(node.values[0].value))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            first = node.left
            while isinstance(first, ast.BinOp):
                first = first.left
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                starts.add(first.value)
        if isinstance(node, ast.Call) and node.args:
            of_texts = isinstance(node.func, ast.Name) and node.func.id in ("t", "message")
            of_page = isinstance(node.func, ast.Attribute) and node.func.attr == "t"
            given = node.args[0]
            if (of_texts or of_page) and isinstance(given, ast.Constant):
                called.add(str(given.value))
    return frozenset(literals), frozenset(starts), frozenset(called)


def test_the_three_catalogues_have_the_same_keys() -> None:
    assert keys("fi") == keys("sv") == keys("en")
    assert len(keys()) > 100


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_or_unfinished(lang: Language) -> None:
    for key in keys():
        assert all(form.strip() == form and form for form in forms(lang, key)), key
        assert not catalogue(lang)[key].fuzzy, key


def test_placeholders_are_the_same_in_every_language() -> None:
    for key in keys():
        every = [frozenset(placeholders(form)) for lang in LANGUAGES for form in forms(lang, key)]
        # A singular may say "one" instead of its number.
        assert len({names - {"count"} for names in every}) == 1, key
        assert len({len(forms(lang, key)) for lang in LANGUAGES}) == 1, key


def test_swedish_and_english_are_translated() -> None:
    alike_by_nature = {key for key in keys() if len(forms("fi", key)[0]) < 12 or placeholders(forms("fi", key)[0])}
    for key in keys() - alike_by_nature:
        assert len({forms(lang, key) for lang in LANGUAGES}) == 3, key


def test_every_key_in_the_program_exists() -> None:
    missing = {(path.name, key) for path in SOURCES for key in strings(path)[2] if key not in keys()}
    assert missing == set()


def test_no_key_is_unused() -> None:
    literals = frozenset().union(*(strings(path)[0] for path in SOURCES))
    starts = {start for path in SOURCES for start in strings(path)[1] if "." in start}
    starts |= {"table.", "field.", "steward."} | {f"{start}." for start in ("unit", "each")}
    named = {key for key in keys() if not key.startswith("refusal.")}
    unused = {key for key in named if key not in literals and not any(key.startswith(start) for start in starts)}
    assert unused == set()


def families() -> dict[str, type[Refusal]]:
    """Every class of refusal by the name it is raised by. The modules are imported, so that all classes are known."""
    for path in SOURCES:
        if "Refusal" in path.read_text(encoding="utf-8") and path.name != "__main__.py":
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found: dict[str, type[Refusal]] = {}
    todo: list[type[Refusal]] = [Refusal]
    while todo:
        todo += (below := todo.pop().__subclasses__())
        found |= {one.__name__: one for one in below}
    return found


def test_every_class_of_refusal_has_a_family_of_its_own_texts() -> None:
    for name, one in families().items():
        assert one.family, name
        assert any(key.startswith(f"refusal.{one.family}.") for key in keys()), name


def test_every_literal_reason_has_its_text() -> None:
    """Of a call with one literal reason and nothing to choose."""
    by_name = {name: one.family for name, one in families().items()} | {"Problem": "row", "PydanticCustomError": "row"}
    place = {"FileRefused": 1}
    missing = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in by_name:
                at = place.get(node.func.id, 0)
                given = node.args[at] if len(node.args) > at else None
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    key = f"refusal.{by_name[node.func.id]}.{given.value}"
                    missing |= {key} - keys()
    assert missing == set()


def test_every_text_of_a_refusal_is_said_somewhere() -> None:
    literals = frozenset().union(*(strings(path)[0] for path in SOURCES))
    texts_of = {key for key in keys() if key.startswith("refusal.") and key.count(".") == 2}
    models = cast(list[type[BaseModel]], [*TABLES.values(), Target, Note, SavedView, Watch, Slide])
    fields = {name for model in models for name in model.model_fields}

    unsaid = {key for key in texts_of if key.split(".")[2] not in literals | fields}
    assert unsaid == set()


def test_keys_made_from_codes_exist() -> None:
    made = [spec.title_key for spec in PAGES]
    made += [f"parameter.{name}" for name in PARAMETERS]
    made += [f"filter.{slot}" for slot in SLOTS] + [f"filter.all.{slot}" for slot in SLOTS]
    made += [f"filter.group.{name}" for names in SLOTS.values() for name in names[1:]]
    # A language and a municipality stand in a sentence by their names alone.
    named = [name for names in SLOTS.values() for name in names if name not in ("language", "municipality")]
    made += [f"sentence.{name}" for name in named]
    made += [f"source.{fact}" for fact in FACTS]
    made += [f"audience.{name}" for name in ("protected", "internal")]
    made += [f"period.{form}.{level}" for form in ("is", "in") for level in ("all", "year", "ytd", "quarter", "month")]
    made += [f"unit_short.{d.unit}" for d in definitions().values() if d.unit not in ("%", "ratio")]
    made += [
        f"notice.{kind}"
        for kind in (
            "unknown_parameter",
            "bad_value",
            "bad_value_without",
            "unfit",
            "unfit_without",
            "repeated",
            "conflict",
            "not_allowed",
        )
    ]
    made += [
        f"change.{name}.{way}" for name in ("language", "municipality", "topic", "channel") for way in ("up", "down")
    ]
    assert [key for key in made if key not in keys()] == []


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(MissingTextError):
        texts("fi")("overview.no_such_text")


@pytest.mark.parametrize(("count", "said"), [(1, "1 månad"), (2, "2 månader"), (0, "0 månader")])
def test_plurals(count: int, said: str) -> None:
    assert Texts("sv")("months", count=count) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_explains_a_chart_by_what_a_dark_page_turns_round(lang: Language) -> None:
    words = re.compile(r"\b(mustat?|tummempi|tummimmat|svart\w*|mörkare|black|darker|darkest)\b", re.IGNORECASE)
    found = {key: text for key in keys(lang) for text in forms(lang, key) if words.search(text)}
    assert found == {}


def test_a_client_has_one_word_in_swedish() -> None:
    found = {key: text for key in keys("sv") for text in forms("sv", key) if "klient" in text.lower()}
    assert found == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_reads_as_babel_reads_it(lang: Language) -> None:
    by_babel = {one.id if isinstance(one.id, str) else one.id[0]: one.string for one in catalogue(lang) if one.id}
    assert said(lang) == by_babel


@pytest.mark.parametrize(
    "line",
    ['msgid "a', "msgid a", 'msgctxt "b"', '"goes on from nothing"', 'msgstr "of nothing"', 'msgid "a"\nmsgid "b"'],
)
def test_what_is_no_line_of_a_catalogue_is_refused(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "fi" / "LC_MESSAGES" / "tilannekuva.po"
    file.parent.mkdir(parents=True)
    file.write_text(line, encoding="utf-8")
    monkeypatch.setattr("data.texts._FOLDER", tmp_path)
    with pytest.raises(ValueError, match="cannot be read"):
        said.__wrapped__("fi")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_is_said_as_babel_says_it(lang: Language) -> None:
    chance = random.Random(7)
    by_chance = [round(chance.uniform(-1, 1) * 10 ** chance.randint(0, 9), chance.randint(0, 6)) for _ in range(2_000)]
    for value in (
        0,
        7,
        999,
        1000,
        2640,
        1234567,
        -1,
        -2640,
        0.05,
        0.15,
        0.25,
        2.675,
        9.95,
        -0.25,
        1e16,
        1e-9,
        *by_chance,
    ):
        assert number_said(value, lang) == format_decimal(value, "#,##0.#", locale=lang), value
    assert f"12{percent_sign(lang)}" == format_percent(0.12, locale=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_number_of_a_text_breaks_at_the_end_of_a_line(lang: Language) -> None:
    """A space between thousands does not break, in texts and in what definitions say of themselves."""
    told = [form for key in keys(lang) for form in forms(lang, key)]
    told += [one for of in definitions().values() for one in (of.name[lang], of.text[lang], of.why[lang])]
    assert not [text for text in told if re.search(r"\d \d{3}\b", text)]
