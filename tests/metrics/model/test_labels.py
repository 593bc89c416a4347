"""No two things of one list look alike, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import code_list
from metrics.model.dimensions import service_points
from metrics.model.facts import FACTS
from metrics.model.labels import as_seen, distinct
from tests.metrics.made import store_of

NAMES = st.sampled_from(["Neuvonta", "neuvonta ", "NEUVONTA", "Neuvonta (Espoo)", "Neuvonta (a)", "Kirjasto", ""])
CODES = st.sampled_from(["a", "A", "b", "Espoo", "c", "unknown"])


@given(
    st.dictionaries(CODES, NAMES), st.dictionaries(CODES, st.sampled_from(["Espoo", "espoo", "Vantaa"])),
)  # fmt: skip
def test_no_two_labels_look_the_same(labels: dict[str, str], hints: dict[str, str]) -> None:
    told = distinct(labels, hints)
    assert list(told) == list(labels)
    assert len({as_seen(label) for label in told.values()}) == len(labels)
    assert all(told[code].startswith(label) for code, label in labels.items())
    names = [as_seen(label) for label in labels.values()]
    assert all(told[code] == label for code, label in labels.items() if names.count(as_seen(label)) == 1)


@pytest.mark.parametrize(
    ("labels", "hints", "told"),
    [
        ({"a": "X", "b": "Y"}, {"a": "Espoo"}, ["X", "Y"]),
        ({"a": "X", "b": "X"}, {"a": "Espoo", "b": "Vantaa"}, ["X (Espoo)", "X (Vantaa)"]),
        ({"a": "X", "b": "X", "c": "X"}, {"a": "Espoo", "b": "Espoo", "c": "Vantaa"}, ["X (a)", "X (b)", "X (Vantaa)"]),
        ({"a": "X", "b": "x "}, {"a": "Espoo"}, ["X (Espoo)", "x  (b)"]),
        ({"a": "X", "b": "X", "c": "X (Espoo)"}, {"a": "Espoo", "b": "Vantaa"}, ["X (a)", "X (Vantaa)", "X (Espoo)"]),
    ],
)  # fmt: skip
def test_a_namesake_gets_its_hint_else_its_code(labels: dict[str, str], hints: dict[str, str], told: list[str]) -> None:
    assert list(distinct(labels, hints).values()) == told


def test_a_label_that_is_kept_is_not_added_to() -> None:
    assert distinct({"a": "Ei tietoa", "unknown": "Ei tietoa"}, keep={"unknown"}) == {
        "a": "Ei tietoa (a)", "unknown": "Ei tietoa",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_no_code_list_has_namesakes(lang: str) -> None:
    names = {name for fact in FACTS.values() for name in fact.dimensions.values()} - {"service_point"}
    for name in names:
        labels = {code: code_list(name).label(code, lang) for code in code_list(name).ids}
        assert distinct(labels) == labels, name


def test_service_points_of_one_name_are_told_apart_by_their_municipality(tmp_path: Path) -> None:
    points = [
        {"code": "a", "name_fi": "Neuvonta", "municipality": "049"},
        {"code": "b", "name_fi": "neuvonta", "name_sv": "Rådgivning", "municipality": "092"},
        {"code": "c", "name_fi": "Kirjasto", "municipality": "049"},
        {"code": "d", "name_fi": "Ei tietoa"},
    ]
    store = store_of(tmp_path / "s", {"service_point": points, "encounter": [{"client": 1}]})
    named = service_points(store, store.serving(), "internal")
    assert {code: name["fi"] for code, name in named.items()} == {
        "a": "Neuvonta (Espoo)", "b": "neuvonta (Vantaa)", "c": "Kirjasto", "d": named["d"]["fi"],
        "unknown": code_list("service_point_kind").label("unknown", "fi"),
    }  # fmt: skip
    assert (named["a"]["sv"], named["b"]["sv"]) == ("Neuvonta", "Rådgivning")
    assert all(len({as_seen(name[lang]) for name in named.values()}) == len(points) + 1 for lang in ("fi", "sv", "en"))
