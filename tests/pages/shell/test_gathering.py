"""What a page asked when it was last drawn is counted together when it is drawn with other filters."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.cube.cube import computing_with
from metrics.measures import lacking
from metrics.memory import Memory
from pages.shell import asking, gathering
from pages.shell.gathering import Wish
from tests.conftest import own_copy
from tests.metrics.test_together import Counted
from tests.pages.drawn import Open, said


@pytest.fixture
def own(sample_store: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(own_copy(sample_store, tmp_path / "own", cells=False)))
    monkeypatch.setattr(gathering, "_wishes", {})
    # A copy of a store has its token, under which other tests have been answered.
    monkeypatch.setattr(asking, "_answers", Memory(64_000_000))
    return opened


class Every(Counted):
    """Counts profiles as well, which are always scanned by themselves."""

    def compute(self, job, store, generation):  # type: ignore[no-untyped-def] # as of Counted
        if isinstance(job.counted, tuple):
            return super().compute(job, store, generation)
        return super(Counted, self).compute(job, store, generation)


def test_a_page_with_another_filter_scans_each_fact_once_a_breakdown(own: Open) -> None:
    with computing_with(first := Every()):
        app = own("overview")
        assert not app.exception
    with computing_with(again := Every()):
        filtered = own("overview", language_group="arabic")
        assert not filtered.exception
    kinds = [scan[:3] for scan in again.scans if "language_group" in scan[1]]
    assert kinds
    assert len(kinds) <= len(set(kinds)) * 2  # what a figure asks of codes or periods that depend on others comes after
    assert len(again.scans) < len(first.scans)


@pytest.mark.parametrize(
    ("beside", "breakdowns"), [({}, 4), ({"against": "place", "other": "049"}, 2)], ids=["the year before", "another place"]
)  # fmt: skip
def test_what_it_is_compared_with_is_counted_in_the_same_scan(
    own: Open, beside: dict[str, str], breakdowns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lacking, "_takers", [lambda *_: None])  # so that no more than what is needed is counted
    own("overview", **beside)
    with computing_with(again := Every()):
        assert not own("overview", language_group="arabic", **beside).exception
    kinds = [scan[1] for scan in again.scans if scan[0] == "encounter" and "language_group" in scan[1] and scan[2]]
    assert len(set(kinds)) == breakdowns
    assert len(kinds) <= breakdowns + 1  # of the group alone, numbers of people are counted without the other groups


def test_a_page_says_the_same_whether_or_not_it_is_known_what_it_asks(
    own: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = said(own("demand", sex="female"))
    assert gathering._wishes["demand", ""]
    together = said(own("demand", sex="female"))
    assert together == alone


def test_questions_that_do_not_fit_the_filters_are_left_to_the_page(own: Open) -> None:
    gathering.learn("overview", "", [Wish(("clients",), ("language",)), Wish(("of other definitions",), ())])
    app = own("overview", language="so")
    assert not app.exception
    assert not app.error
