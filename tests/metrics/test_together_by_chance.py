"""Whatever is asked together, by several readers at once, is answered as if each question had been asked alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.audience import INTERNAL, PROTECTED, Audience
from metrics.cube.scan import Job
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError
from metrics.measures import lacking
from metrics.model.definition import definitions
from metrics.model.dimensions import codes, service_points
from metrics.model.facts.fact import base_of
from metrics.together import count_together
from tests.conftest import own_copy

PERIODS = ("2026-ytd-09", "2026-ytd-04", "2026-09", "2025-Q4", "2025", "all", "all")
REFUSED = Question(("clients",), by=("no_such_dimension",))


def drawn(chance: random.Random, store: Store, audience: Audience) -> Question:
    """Some metrics of one fact by some dimensions, of which some are fixed."""
    first = definitions()[chance.choice(sorted(definitions()))]
    like = [one for one in definitions().values() if one.fact == first.fact and one.requires == first.requires]
    chosen = {one.id: one for one in (first, *chance.sample(like, min(len(like), chance.randrange(3))))}
    shared = [name for name in first.allowed if all(name in one.allowed for one in chosen.values())]
    names = [*first.requires]
    for name in chance.sample(shared, len(shared)):
        if len(names) < chance.randrange(MOST_DIMENSIONS) and base_of(name) not in map(base_of, names):
            names.append(name)
    places = tuple(service_points(store, store.serving(), audience))
    fixed = {name: codes(first.id, name, places)[:12] for name in names if chance.random() < 0.4}
    where = tuple((name, tuple(chance.sample(of, min(2, len(of))))) for name, of in fixed.items())
    each = chance.choice((None, None, "month", "year"))
    by = tuple(name for name in names if name not in fixed)
    return Question(tuple(chosen), by, where, chance.choice(PERIODS), each, audience)  # type: ignore[arg-type]


def answer(question: Question, store: Store) -> object:
    try:
        return ask(question, store).rows
    except QuestionError as error:
        return error.reason


@pytest.mark.parametrize(
    "seeds", [pytest.param([3], id="some"), pytest.param(range(4, 60), id="many", marks=pytest.mark.simulation)]
)
@pytest.mark.parametrize("is_made_behind", [False, True], ids=["whoever asks makes the cells", "made behind"])
def test_together_is_as_alone(
    seeds: Sequence[int], sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_made_behind: bool
) -> None:
    """Suppressed values too. Two readers, each with a question that is refused; from the second count on, rows are kept."""
    told, seen = (lambda _question, _generation: None) if is_made_behind else None, 0
    for seed in seeds:
        chance = random.Random(seed)
        store = Store(own_copy(sample_store, tmp_path / str(seed), cells=False))
        pages = [[drawn(chance, store, audience) for _ in range(3)] for audience in (PROTECTED, INTERNAL)]
        lacking.tell(told)
        try:
            with ThreadPoolExecutor(2) as pool:
                found = list(pool.map(partial(read, store), pages))
        finally:
            lacking.tell(None)
        assert bool(list(store.path.glob("cube/*/*.cells"))) is not is_made_behind
        with monkeypatch.context() as patch:
            patch.setattr(Job, "over_kept_rows", lambda job, *_: job)
            for question, one in zip(chain(*pages), chain(*found), strict=True):
                assert one == answer(question, Store(sample_store)), question.words
                seen += len(one) if isinstance(one, tuple) else 0
    assert seen > 20


def read(store: Store, page: Sequence[Question]) -> list[object]:
    count_together([*page, REFUSED], store, store.serving())
    return [answer(question, store) for question in page]
