"""The tools over a small store that is open to others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pages.tools.server import ToolServer
from tests.pages.api.conftest import environment, released

__all__ = ["environment", "released"]

Use = Callable[..., tuple[int, Any]]


def used(server: ToolServer, name: str, arguments: object) -> tuple[int, Any]:
    """The status and the object that a tool answers with."""
    with ThreadPoolExecutor(
        1
    ) as thread:  # a loop of its own: in this thread one may run for the browser of other tests
        reply = thread.submit(asyncio.run, server.reply(name, arguments)).result()
    return reply.status, json.loads(reply.body)


@pytest.fixture
def use() -> Use:
    server = ToolServer("en")
    return lambda name, **arguments: used(server, name, arguments)
