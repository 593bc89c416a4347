"""Areas of several publishers on one slide: one's own as visitors see them, those of others as their packages tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from data.refusal import Refusal
from data.store.store import Store
from metrics.briefings.slide import Slide
from metrics.change.decision import Ask
from metrics.grammar.answer import MAIN_HORIZON, MAIN_QUANTILE, Row, is_main
from metrics.grammar.question import Question
from metrics.packages import naming
from metrics.packages.asking import ask_package
from metrics.packages.errors import PackageError
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf

GONE = "gone"


class AreaValue(BaseModel):
    """One area of a slide. token: its name in the address; dimension, code: which area it is, empty for everybody.

    publisher, release, until, is_example: of the package that it is from; empty, 0 and None of one's own. why: the reason
    that the package does not tell it, `gone` where there is no such package any more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str
    dimension: str = ""
    code: str = ""
    publisher: str = ""
    release: int = 0
    until: date | None = None
    is_example: bool = False
    row: Row | None = None
    why: str = ""


@dataclass(frozen=True)
class AreasBesideEachOther:
    """Answers for the areas of slides. Packages are read when the first slide asks for them."""

    asking: Ask
    store: Store

    def values(self, slide: Slide) -> tuple[AreaValue, ...]:
        """Return the areas of a slide with their values, in its order. Raises QuestionError, StoreError: of one's own."""
        packages = self._packages() if slide.areas else ()
        return tuple(self._value(slide, token, packages) for token in slide.areas)

    def _packages(self) -> tuple[Package, ...]:
        try:
            return Shelf(self.store).held()
        except (PackageError, OSError):  # which one it is, Vertailu says
            return ()

    def _value(self, slide: Slide, token: str, packages: Sequence[Package]) -> AreaValue:
        found, municipality = naming.named(token, packages)
        if found:
            return _of_packages(slide, token, found, municipality)
        own = naming.area_named(token)
        if own is None:
            return AreaValue(token=token, why=GONE)
        dimension, code = own
        area = ((dimension, (code,)),) if dimension else ()
        rows = self.asking(Question((slide.metric,), (), (*area, *slide.whole.where), slide.period)).rows
        return AreaValue(token=token, dimension=dimension, code=code, row=_main(rows, slide))


def _of_packages(slide: Slide, token: str, packages: tuple[Package, ...], municipality: str) -> AreaValue:
    about = packages[0].about
    area = (naming.PLACE, municipality) if municipality else (about.population.dimension, about.population.code)
    where = ((naming.PLACE, (municipality,)), *slide.whole.where) if municipality else slide.whole.where
    why, answered, rows = "", packages[0], None
    for one in packages:
        try:
            rows = ask_package(Question((slide.metric,), (), where, slide.period), one).rows
        except Refusal as refusal:
            why = why or refusal.reason
        else:
            why, answered = "", one
            break
    return AreaValue(
        token=token, dimension=area[0], code=area[1], publisher=answered.publisher.name, release=answered.about.release,
        until=answered.about.until, is_example=answered.about.example, row=_main(rows or (), slide), why=why,
    )  # fmt: skip


def _main(rows: Sequence[Row], slide: Slide) -> Row | None:
    horizon, quantile = slide.horizon or MAIN_HORIZON, slide.quantile or MAIN_QUANTILE
    return next((row for row in rows if is_main(row, horizon, quantile)), None)
