"""What the open interface answers from: the release of the store, or the packages of a published site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from data.clock import day_of
from metrics.audience import PROTECTED
from metrics.model.definition import definitions
from metrics.packages.opening import Package
from pages.access import open_interface
from pages.api.call import Call
from pages.api.errors import ApiError
from pages.shell import publications
from pages.shell.serving import Serving, serving


@dataclass(frozen=True)
class Visible:
    """What serves, and what it says of itself."""

    serving: Serving

    @property
    def publisher(self) -> str:
        """Who publishes the figures; empty where it is not known."""
        package = self.serving.package
        return package.publisher.name if package else open_interface.publisher()

    @property
    def publications(self) -> tuple[str, ...]:
        """Whose figures there are to choose from, by name; none where they are a store's own."""
        return self.serving.publications if self.serving.packages else ()

    @property
    def licence(self) -> str:
        """Under which licence; empty where it is not known."""
        package = self.serving.package
        return package.about.licence if package else open_interface.licence()

    @property
    def release(self) -> int:
        """Number of the release."""
        found = self.serving.generation.release
        return found.number if found else 0

    @property
    def released(self) -> date:
        """Day of the release."""
        return day_of(self.serving.generation.created)

    @property
    def tokens(self) -> tuple[str, ...]:
        """What is another as soon as the figures are."""
        packages = self.serving.packages
        told = tuple(one.id for one in packages) or (self.serving.generation.token,)
        return (*told, *self.serving.publications, self.publisher, self.licence)

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The periods that can be asked of."""
        return self.serving.known(PROTECTED).periods

    @cached_property
    def dimensions(self) -> Mapping[str, tuple[str, ...]]:
        """The dimensions that each metric can be asked by, by its id; metrics that a package lacks are not there."""
        packages = self.serving.packages
        if not packages:
            return {one.id: one.allowed for one in definitions().values()}
        held = {metric: by for one in reversed(packages) for metric, by in _of_package(one).items()}
        return {metric: held[metric] for metric in definitions() if metric in held}

    def example(self, metric: str) -> tuple[tuple[str, ...], str]:
        """Return the fewest dimensions of a question about a metric, and a period that it is answered for."""
        for package in self.serving.packages:
            found = [one.by for one in package.about.answers if metric in one.metrics and one.each is None]
            if found and metric not in package.other_definitions:
                return min(found, key=len), str(publications.first_period((package,)))
        return definitions()[metric].requires, str(self.serving.default_period)


def _of_package(package: Package) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in package.about.answers:
        for metric in one.metrics:
            found.setdefault(metric, {}).update(dict.fromkeys(one.by))
    return {metric: tuple(by) for metric, by in found.items() if metric not in package.other_definitions}


def visible(call: Call) -> Visible:
    """Return what serves whoever asks. Raises ApiError: `not_open`, `unknown_publication`, `unavailable`; and as a store does.

    A store that has not been opened follows every import: who keeps the answers of two would know who came between.
    """
    of = call.one("of")
    found = serving(newest=False, of=of, period=call.one("period"))
    if found is None:
        raise ApiError("unavailable")
    if found.package is None and found.generation.release is None:
        raise ApiError("not_open")
    seen = Visible(found)
    if of and of not in seen.publications:
        raise ApiError("unknown_publication", seen.publications, of=of)
    return seen
