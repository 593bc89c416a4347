"""Counting for several questions at once: their cells that are not there are made in one scan for each fact and dimensions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.counting import Counting
from metrics.cube.cube import SCANS, Cube
from metrics.cube.kept_rows import keep
from metrics.cube.lookup import Lookup, SetOfCells
from metrics.grammar.question import Question, QuestionError, validate
from metrics.measures.inquiry import needed
from metrics.measures.lacking import telling
from metrics.model.beginning import first_told
from metrics.model.dimensions import service_points

AT_ONCE = 36
"""Counts of one scan: each takes room in memory for every person of every cell."""


def count_together(questions: Iterable[Question], store: Store, generation: Generation) -> None:
    """Make the counts that questions are answered from, so that none of them waits for a scan of its own.

    Questions that the grammar refuses are passed over: whoever asks them is told. Raises StoreError, KeyFileError.
    """
    wanted: dict[SetOfCells, _Gathered] = {}
    for question in questions:
        cube = Cube(store, generation)
        try:
            sets = _sets(question, cube)
        except QuestionError:
            continue
        for cells, counts in sets.items():
            # Where nobody makes the rest behind, the whole is made anyhow, for which it does not matter what part is needed.
            needs = cells if telling(question, generation) else replace(cells, part=None)
            # Before years are joined: where one of two is there, the other is to be counted alone.
            if lacking := needs.lacking_of(cube, counts):
                _gather(wanted, needs, lacking, question)
    scans = []
    for cells, gathered in wanted.items():
        every = tuple(gathered.counts)
        scans += [(cells, every[start : start + AT_ONCE]) for start in range(0, len(every), AT_ONCE)]
    times = Counter(fact for _, counts in scans for fact in {one.fact for one in counts})
    for fact in (fact for fact, several in times.items() if several > 1):
        keep(fact, generation.token)

    def scan(one: tuple[SetOfCells, tuple[Counting, ...]]) -> None:
        cells, counts = one
        cells.count(Cube(store, generation, _telling(wanted[cells].askers, generation)), counts)

    # In a store that is not large, a scan is mostly DuckDB's planning, which takes one processor. When one fails, those that
    # have not begun do not.
    with ThreadPoolExecutor(SCANS) as pool:
        list(pool.map(scan, scans))


def are_counted(question: Question, store: Store, generation: Generation) -> bool:
    """Return whether all counts that a question is answered from are there already. Raises StoreError, KeyFileError, and
    QuestionError when the grammar refuses it.
    """
    cube = Cube(store, generation)
    return not any(replace(cells, part=None).lacking_of(cube, some) for cells, some in _sets(question, cube).items())


def _sets(question: Question, cube: Cube) -> dict[SetOfCells, list[Counting]]:
    """Return the sets of cells that a question is answered from, and the counts of each. Raises as `are_counted`."""
    store, generation = cube.store, cube.generation
    places = tuple(service_points(store, generation, question.audience))
    asked = validate(question, generation, places, partial(first_told, store, generation, question.audience))
    lookup = Lookup(cube, question.audience, dict(question.where))
    return lookup.needed(needed(asked.definitions), question.dimensions, asked.periods)


@dataclass(frozen=True)
class _Gathered:
    """What is counted of one set of cells, and the questions that need it."""

    counts: dict[Counting, None] = field(default_factory=dict)
    askers: list[Question] = field(default_factory=list)


def _gather(
    wanted: dict[SetOfCells, _Gathered], cells: SetOfCells, counts: Iterable[Counting], asker: Question
) -> None:
    """Add a question to those that need its set of cells, as one with the sets of the years before and after."""
    gathered = _Gathered(dict.fromkeys(counts), [asker])
    # What has been joined with the years before may now touch those after, or be what is there already.
    while beside := next((one for one in wanted if one.joined(cells)), None):
        cells = beside.joined(cells) or cells
        found = wanted.pop(beside)
        gathered = _Gathered(found.counts | gathered.counts, [*found.askers, *gathered.askers])
    wanted[cells] = gathered


def _telling(questions: Iterable[Question], generation: Generation) -> Callable[[], None] | None:
    """Return what tells of all of them that their cells are not there, None when there is nobody to tell."""
    every = [tell for question in questions if (tell := telling(question, generation))]

    def tell_all() -> None:
        for tell in every:
            tell()

    return tell_all if every else None
