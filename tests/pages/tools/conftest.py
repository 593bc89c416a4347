"""The tools over a small store that is open to others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pages.tools.server import ToolServer
from tests.apart import in_a_loop
from tests.pages.api.conftest import environment, released

__all__ = ["environment", "released"]

Use = Callable[..., tuple[int, Any]]


def used(server: ToolServer, name: str, arguments: object) -> tuple[int, Any]:
    """The status and the object that a tool answers with."""
    reply = in_a_loop(server.reply(name, arguments))
    return reply.status, json.loads(reply.body)


@pytest.fixture
def use() -> Use:
    server = ToolServer("en")
    return lambda name, **arguments: used(server, name, arguments)
