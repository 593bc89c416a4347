"""Properties of the flow diagram's layout, for any flows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pages.charts.sankey_layout import Layout, Link, crossings, layout, order_of

SOURCES, TARGETS = [f"from {i}" for i in range(6)], [f"to {i}" for i in range(7)]
FLOWS = st.dictionaries(
    st.tuples(st.sampled_from(SOURCES), st.sampled_from(TARGETS)), st.integers(10, 5000), min_size=1, max_size=30
)
LINKS = FLOWS.map(lambda found: [Link(source, target, value) for (source, target), value in found.items()])


def layers_of(links: list[Link]) -> list[list[str]]:
    return [list(dict.fromkeys(a.source for a in links)), list(dict.fromkeys(a.target for a in links))]


def placed(links: list[Link]) -> Layout:
    return layout(layers_of(links), links)


@given(LINKS)
def test_boxes_of_a_layer_do_not_touch_and_lie_within_the_height(links: list[Link]) -> None:
    found = placed(links)
    for number in (0, 1):
        column = sorted((box for box in found.boxes if box.layer == number), key=lambda box: box.top)
        assert column[0].top >= -1e-6
        assert column[-1].bottom <= found.height + 1e-6
        for above, below in pairwise(column):
            assert below.top >= above.bottom + 6 - 1e-6
            assert below.middle - above.middle >= 27 - 1e-6, "two labels would touch"


@given(LINKS)
def test_ribbons_are_as_wide_as_their_values_and_stay_within_their_boxes(links: list[Link]) -> None:
    found = placed(links)
    boxes = {box.node: box for box in found.boxes}
    assert {ribbon.link for ribbon in found.ribbons} == set(links)
    for ribbon in found.ribbons:
        width = found.scale * ribbon.link.value
        for node, top, bottom in (
            (ribbon.link.source, ribbon.source_top, ribbon.source_bottom),
            (ribbon.link.target, ribbon.target_top, ribbon.target_bottom),
        ):
            assert abs(bottom - top - width) < 1e-6
            assert boxes[node].top - 1e-6 <= top
            assert bottom <= boxes[node].bottom + 1e-6
    for node in SOURCES:
        leaving = sorted((r for r in found.ribbons if r.link.source == node), key=lambda r: r.source_top)
        assert all(below.source_top >= above.source_bottom - 1e-6 for above, below in pairwise(leaving))


@given(LINKS)
def test_the_order_never_crosses_more_than_the_given_one_and_is_the_same_every_time(links: list[Link]) -> None:
    layers = layers_of(links)
    order = order_of(layers, links)
    assert [sorted(layer) for layer in order] == [sorted(layer) for layer in layers]
    assert crossings(order, links) <= crossings(layers, links)
    assert order == order_of(layers, links)


def test_two_crossed_flows_are_uncrossed() -> None:
    links = [Link("from a", "to a", 10), Link("from b", "to b", 20), Link("from a", "to b", 1)]
    crossed = [["from a", "from b"], ["to b", "to a"]]
    assert crossings(crossed, links) > crossings(order_of(crossed, links), links) == 0


def test_the_last_ones_stay_last() -> None:
    links = [Link("from rest", "to a", 100), Link("from b", "to rest", 1)]
    order = order_of(layers_of(links), links, last=("from rest", "to rest"))
    assert (order[0][-1], order[1][-1]) == ("from rest", "to rest")


def test_a_node_is_as_tall_as_its_own_value_when_links_are_missing() -> None:
    links = [Link("from a", "to a", 100)]
    found = layout(layers_of(links), links, {"from a": 400.0})
    boxes = {box.node: box for box in found.boxes}
    assert abs((boxes["from a"].bottom - boxes["from a"].top) / (boxes["to a"].bottom - boxes["to a"].top) - 4) < 1e-6
