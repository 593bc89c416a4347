"""A slide of one's own and others' areas: the published values, on screen and in every file, as they were when it was saved."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pptx import Presentation
from pydantic import ValidationError

from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from metrics.ask import ask
from metrics.briefings.areas import GONE
from metrics.briefings.briefing import Briefings
from metrics.briefings.freezing import Answered, Frozen, freeze
from metrics.briefings.slide import MOST_AREAS, Slide
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.packages.asking import ask_package
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf
from pages.briefings import areas
from pages.briefings.drawing import drawn
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.figures import adding
from pages.i18n import formats
from tests.metrics.packages.conftest import PERIOD
from tests.pages.compare.test_others import NAME, espoo, shelf, taken, token
from tests.pages.drawn import Open, each_language
from tests.pages.rights import with_rights, without_rights

__all__ = ["espoo", "shelf", "taken"]


def slide(package: Package, **changes: Any) -> Slide:
    three = ("all", "853", token(package))
    return Slide(**{"metric": "solved_share", "kind": "areas", "period": PERIOD, "areas": three, **changes})


def frozen(store: Store, *slides: Slide) -> Frozen:
    return freeze(slides, store)


def test_the_values_are_those_that_are_published(shelf: Shelf, taken: Package) -> None:
    (one,) = frozen(shelf.store, slide(taken, where=(("sex", "female"),))).slides
    women = (("sex", ("female",)),)
    whole, turku = (
        ask(Question(("solved_share",), (), (*area, *women), PERIOD), shelf.store).rows[0]
        for area in ((), (("municipality", ("853",)),))
    )
    (other,) = ask_package(Question(("solved_share",), (), women, PERIOD), taken).rows
    assert [area.row for area in one.areas] == [whole, turku, other]
    assert (one.rows, one.whole, one.total, one.version) == ((), (), None, 2)
    assert [(area.publisher, area.release, area.is_example) for area in one.areas][1:] == [
        ("", 0, False),
        (NAME, 1, True),
    ]


def test_what_a_package_does_not_tell_is_said_in_the_cell(shelf: Shelf, taken: Package) -> None:
    t = texts("fi")
    for changes in ({"where": (("channel", "phone"),)}, {"metric": "reach_per_1000"}, {"period": "2024"}):
        (one,) = frozen(shelf.store, slide(taken, **changes)).slides
        assert one.areas[2].row is None
        assert one.areas[2].why in ("not_in_package", "period_not_in_package")
        assert areas.cells(one, t)[2].text == t("compare.other.missing")


def test_a_package_that_is_no_more_is_said(shelf: Shelf, taken: Package) -> None:
    shelf.remove(taken.id)
    made = frozen(shelf.store, slide(taken))
    assert made.slides[0].areas[2].why == GONE
    table = drawn(made.slides[0], made, texts("en")).panels[0].table
    assert table
    assert "the package has been removed" in table.lines[2].name


def test_too_few_to_compare_are_not_drawn(shelf: Shelf, taken: Package) -> None:
    (one,) = frozen(shelf.store, slide(taken, metric="clients")).slides
    small = Row(
        "clients", {}, PERIOD, COMPARED_FROM - 5, "clients", n=COMPARED_FROM - 5
    )  # fmt: skip
    values = (one.areas[0], one.areas[1].model_copy(update={"row": small}), one.areas[2])
    few = one.model_copy(update={"areas": values})
    t = texts("en")
    assert areas.cells(few, t)[1].value is None
    assert t("compare.few.note", count=COMPARED_FROM) in areas.notes(few, t)
    assert str(COMPARED_FROM - 5) not in areas.statement(few, t)


def none_shown(one: Answered) -> Answered:
    return one.model_copy(update={"areas": tuple(area.model_copy(update={"row": None}) for area in one.areas)})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_what_is_there_and_no_more(lang: Language, shelf: Shelf, taken: Package) -> None:
    t, made = texts(lang), frozen(shelf.store, slide(taken, metric="clients"))
    (one,) = made.slides
    values = [formats.value_text(area.row, t) for area in one.areas if area.row]
    sentence = areas.statement(one, t)
    assert [text in sentence for text in values] == [True, True, True]
    alone = one.model_copy(update={"areas": one.areas[:1]})
    assert values[0] in areas.statement(alone, t)
    sheet = drawn(none_shown(one), made, t)
    assert sheet.panels[0].chart is None
    assert sheet.headline == t(
        "headline.areas.none", name="Asiakkaat" if lang == "fi" else sheet.headline.split(":")[0]
    )
    assert sheet.panels[0].table
    assert sheet.panels[0].table.lines[0].name == t("filter.all.area")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_names_who_has_published_it(lang: Language, shelf: Shelf, taken: Package, tmp_path: Path) -> None:
    t, made = texts(lang), frozen(shelf.store, slide(taken, metric="clients"))
    sheet = drawn(made.slides[0], made, t)
    assert sheet.panels[0].chart is not None
    facts = "\n".join(sheet.facts)
    assert NAME in facts
    assert t("page.sample.mark") in facts
    assert t("slide.areas.rounded") in facts
    whole = handout(Opened("B-1", "Vertailu", made), t)
    shown = Presentation(io.BytesIO(to_pptx(whole, lambda *_: None)))
    words = "\n".join(shape.text_frame.text for page in shown.slides for shape in page.shapes if shape.has_text_frame)
    tables = "\n".join(
        cell.text
        for page in shown.slides
        for shape in page.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    )
    assert sheet.headline in words
    assert NAME in words + tables
    pdf = pikepdf.open(io.BytesIO(to_pdf(whole, lambda *_: None)))
    assert len(pdf.pages) >= 1


def test_a_comparison_with_others_is_offered_for_a_slide(
    taken: Package, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Slide | None] = []

    def kept(_page: object, _key: str, slide: Slide | None) -> None:
        made.append(slide)

    monkeypatch.setattr(adding, "offer_slide", kept)
    named = f"all,{token(taken)}"
    opened("compare", areas=named, metrics="clients", language="so")
    fixed = (("language", "so"),)
    assert slide(taken, metric="clients", areas=("all", token(taken)), where=fixed, follows="to_date") in made
    opened("compare", areas=named, metrics="clients", period="2025")
    assert slide(taken, metric="clients", areas=("all", token(taken)), period="2025") in made
    made.clear()
    opened("compare", areas="all,853", metrics="clients")
    assert "areas" not in [one.kind for one in made if one]


def test_the_button_is_for_who_may_save(taken: Package, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    named = f"all,{token(taken)}"
    with_rights(monkeypatch)
    app = opened("compare", areas=named, metrics="clients")
    assert app.button(key="add_areas_clients").label == texts("fi")("slide.add")
    without_rights(monkeypatch)
    assert "add_areas_clients" not in [one.key for one in opened("compare", areas=named, metrics="clients").button]


@each_language
def test_a_saved_slide_is_shown_as_it_was(lang: Language, shelf: Shelf, taken: Package, opened: Open) -> None:
    made = frozen(shelf.store, slide(taken, metric="clients"))
    saved = Briefings.of(shelf.store.path).save("Naapurit", made)
    shelf.remove(taken.id)  # what is frozen stays
    read = Briefings.of(shelf.store.path).get(saved.id)
    assert read is not None
    assert read.frozen == made
    sentence = areas.statement(made.slides[0], texts(lang))
    page = opened("briefings", lang, briefing=saved.id)
    assert not page.exception
    assert html.escape(sentence) in "".join(one.proto.body for one in page.get("html"))
    large = opened("briefings", lang, briefing=saved.id, slide="1")
    assert html.escape(sentence) in "".join(one.proto.body for one in large.get("html"))


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": ()},
        {"kind": "bars"},
        {"by": ("language",)},
        {"each": "month"},
        {"areas": ("all",) * (MOST_AREAS + 1)},
        {"areas": ("<script>",)},
        {"areas": ("../x",)},
    ],
)
def test_a_slide_that_is_half_of_one_is_none(changes: dict[str, Any], taken: Package) -> None:
    with pytest.raises(ValidationError):
        slide(taken, **changes)
