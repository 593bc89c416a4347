"""Layout of a Sankey diagram: nodes in layers, few crossings (barycentre heuristic), ribbon widths by value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

ROUNDS = 6
"""Sweeps of the barycentre heuristic; it converges in three or four."""


@dataclass(frozen=True)
class Link:
    """A flow from a node of one layer to a node of the next. `value` is positive."""

    source: str
    target: str
    value: float


@dataclass(frozen=True)
class Box:
    """A node: its layer from the left, and its upper and lower edge in pixels from the top."""

    node: str
    layer: int
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Vertical position of its label."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Ribbon:
    """A drawn link: positions of its upper and lower edge at the source and at the target, in pixels."""

    link: Link
    source_top: float
    source_bottom: float
    target_top: float
    target_bottom: float


@dataclass(frozen=True)
class Layout:
    """Positions of all nodes and links, in pixels. `scale` is pixels per unit of value."""

    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]
    height: float
    scale: float


def layout(
    layers: Sequence[Sequence[str]],
    links: Sequence[Link],
    sizes: Mapping[str, float] | None = None,
    *,
    last: Collection[str] = (),
    flow_height: float = 300,
    pitch: float = 27,
    gap: float = 6,
    least: float = 3,
) -> Layout:
    """Return the positions of the nodes of `layers` (keys unique over all layers) and of their links.

    sizes: a node's own value, when it is more than the sum of its links (some are not drawn). last: nodes that stay at
    the bottom of their layer. flow_height: height of the fullest layer without gaps; pitch: least distance between two
    labels; gap: between two boxes; least: height of the smallest box; all in pixels.
    """
    ins, outs = _totals(links, "target"), _totals(links, "source")
    value = {n: max((sizes or {}).get(n, 0.0), ins.get(n, 0.0), outs.get(n, 0.0)) for layer in layers for n in layer}
    fullest = max((sum(value[n] for n in layer) for layer in layers), default=0.0)
    scale = flow_height / fullest if fullest else 0.0
    tall = {node: max(scale * size, least) for node, size in value.items()}
    columns = [_stack(order, tall, pitch, gap) for order in order_of(layers, links, last)]
    height = max((column[-1][2] for column in columns if column), default=0.0) + pitch / 2
    boxes = []
    for number, column in enumerate(columns):
        # Shorter layers are centred.
        shift = (height - column[-1][2] - pitch / 2) / 2 if column else 0.0
        boxes += [Box(node, number, top + shift, bottom + shift) for node, top, bottom in column]
    return Layout(tuple(boxes), _ribbons(boxes, links, scale), height, scale)


def order_of(
    layers: Sequence[Sequence[str]], links: Sequence[Link], last: Collection[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """Return the order of each layer with the fewest weighted crossings found; ties keep the given order."""
    order = [_pinned(layer, last) for layer in layers]
    best, fewest = order, crossings(order, links)
    for turn in range(ROUNDS):
        order = list(order)
        places = {node: place for layer in order for place, node in enumerate(layer)}
        forward = turn % 2 == 0
        for number in range(1, len(order)) if forward else range(len(order) - 2, -1, -1):
            ordered = sorted(order[number], key=_barycentre(links, places, forward=forward))
            order[number] = _pinned(ordered, last)
            places.update((node, place) for place, node in enumerate(order[number]))
        found = crossings(order, links)
        if found < fewest:
            best, fewest = order, found
    return tuple(best)


def crossings(order: Sequence[Sequence[str]], links: Sequence[Link]) -> float:
    """Return the weighted number of crossings: for every two crossing links the smaller of their values."""
    at = {node: (number, place) for number, layer in enumerate(order) for place, node in enumerate(layer)}
    total = 0.0
    for a, b in combinations(links, 2):
        if at[a.source][0] == at[b.source][0]:
            before = at[a.source][1] - at[b.source][1]
            after = at[a.target][1] - at[b.target][1]
            total += min(a.value, b.value) if before * after < 0 else 0.0
    return total


def _barycentre(links: Sequence[Link], places: Mapping[str, int], *, forward: bool) -> Callable[[str], float]:
    """Return the sort key of a node: the mean position of its neighbours, weighted by links; without links its own position."""
    near: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        here, there = (link.target, link.source) if forward else (link.source, link.target)
        near[here].append((there, link.value))

    def centre(node: str) -> float:
        if node not in near:
            return places[node]
        return sum(places[other] * value for other, value in near[node]) / sum(value for _, value in near[node])

    return centre


def _totals(links: Sequence[Link], end: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for link in links:
        totals[link.target if end == "target" else link.source] += link.value
    return totals


def _pinned(layer: Sequence[str], last: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(layer, key=lambda node: node in last))


def _stack(order: Sequence[str], tall: Mapping[str, float], pitch: float, gap: float) -> list[tuple[str, float, float]]:
    """Return the boxes of a layer from the top down, small ones far enough apart that their labels do not overlap."""
    placed: list[tuple[str, float, float]] = []
    for node in order:
        top = max(0.0, pitch / 2 - tall[node] / 2)
        if placed:
            _, above_top, above_bottom = placed[-1]
            top = max(above_bottom + gap, (above_top + above_bottom) / 2 + pitch - tall[node] / 2)
        placed.append((node, top, top + tall[node]))
    return placed


def _ribbons(boxes: Sequence[Box], links: Sequence[Link], scale: float) -> tuple[Ribbon, ...]:
    """Return the ribbons; links are attached to a box in the order of their other ends, so that none cross there."""
    box = {b.node: b for b in boxes}
    leaves: dict[Link, float] = {}
    reaches: dict[Link, float] = {}
    used: dict[str, float] = defaultdict(float)
    for link in sorted(links, key=lambda a: box[a.target].middle):
        leaves[link] = box[link.source].top + used[link.source]
        used[link.source] += scale * link.value
    used.clear()
    for link in sorted(links, key=lambda a: box[a.source].middle):
        reaches[link] = box[link.target].top + used[link.target]
        used[link.target] += scale * link.value
    return tuple(
        Ribbon(a, leaves[a], leaves[a] + scale * a.value, reaches[a], reaches[a] + scale * a.value) for a in links
    )
