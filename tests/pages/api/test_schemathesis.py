"""Requests that schemathesis makes up from the description: each is answered as described, and none finds a fault."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from starlette.applications import Starlette

from data.store.store import Store
from pages.access import open_interface
from pages.api import bounds, door
from pages.api.operations import OPERATIONS

HOW = "no schemathesis for requests made up from the description (`make fuzz` gets it; docs/api.md)"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(find_spec("schemathesis") is None, reason=HOW)]
EXAMPLES = 60
"""Requests of each place, as described and otherwise."""
PATHS = [one.path or "/" for one in OPERATIONS if one.path != "/openapi.json"]
"""Without the description itself, which schemathesis does not ask for."""


@pytest.fixture(scope="module")
def described(released: Store) -> Iterator[Any]:
    """The operations by their paths."""
    import schemathesis

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILANNEKUVA_STORE", str(released.path))
        patch.setenv(open_interface.SWITCH, "public")
        patch.setattr(bounds, "A_MINUTE", 1_000_000)
        schema = schemathesis.openapi.from_asgi("/api/openapi.json", Starlette(routes=door.routes()))
        yield {one.ok().path: one.ok() for one in schema.get_all_operations()}


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("path", PATHS)
def test_each_request_is_answered_as_described(described: dict[str, Any], path: str, mode: str) -> None:
    import schemathesis
    from schemathesis import checks

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])
    @given(case=described[path].as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    def answered(case: Any) -> None:
        response = case.call()
        left_out = []
        # A schema cannot say which metric goes by which dimension, nor how long an address may be.
        if response.status_code in (400, 414):
            left_out += checks.CHECKS.get_by_names(["positive_data_acceptance"])
        if response.status_code == 414:
            left_out += checks.CHECKS.get_by_names(["negative_data_rejection"])
        case.validate_response(response, excluded_checks=left_out)

    if mode == "positive" or described[path].query:
        answered()
