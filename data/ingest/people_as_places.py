"""People's names and homes among the names of service points: asked about, and by default nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from data.codes import normalise
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.person_words import has_shape_of_name, may_be_persons_place
from data.ingest.recognise.problem import Problem

PEOPLE, PLACES = "people", "places"
"""Answers: the names are people's, and the place is not known; or they are places."""

PERSON_PLACE = "person_place"
"""Reason of a place that is a person, or a person's home."""

_MOST_ALIKE = 0.5
"""Share of the new names of a column from which names that only look like people's are people's."""


def without_people(
    texts: Sequence[str], values: Sequence[Any], rows: Sequence[int], rows_told: Callable[[Collection[int]], str],
    known: Mapping[str, str], header: str, table: str, asking: Asking,
) -> list[Any]:  # fmt: skip
    """The codes of places with a Problem for each that may be a person's, unless the steward says that they are places.

    rows: number of rows of each text; rows_told: the numbers of the rows of some texts, which are all of them that the question
    tells; known: names of service points that have been registered, which are never asked about.
    """
    new = [place for place, text in enumerate(texts) if _is_new(values[place], text, known)]
    people = {place for place in new if may_be_persons_place(texts[place])}
    shaped = {place for place in new if has_shape_of_name(texts[place])}
    if len(people | shaped) >= _MOST_ALIKE * len(new) and len(people | shaped) > 1:
        people |= shaped
    if not people:
        return list(values)
    answer = asking.decide(
        "places", (PEOPLE, PLACES), table=table, about=header, rows=sum(rows[place] for place in people), lasting=False,
        different=len(people), places=rows_told(people),
    )  # fmt: skip
    if answer == PLACES:
        return list(values)
    return [Problem(PERSON_PLACE) if place in people else value for place, value in enumerate(values)]


def _is_new(value: Any, text: str, known: Mapping[str, str]) -> bool:
    return not isinstance(value, Problem) and normalise(text) not in known and value not in known.values()
