"""How much programs may ask: each address in a minute, and all together at once. What is kept of that is bounded."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread

from pages.api.errors import ApiError

A_MINUTE: Final = 120
"""Requests of one address."""
MOST_ADDRESSES: Final = 10_000
"""Of which it is remembered; beyond it the one that has asked longest ago begins anew."""
WORKING: Final = 2
"""Questions that are answered at once: what more there are would take the processors from the pages."""
WAITING: Final = 20
PATIENCE: Final = 30.0
"""Seconds until it is said that an answer takes longer. Computing goes on, so that the same question is answered later."""
_SUBNET: Final = 64
Told = TypeVar("Told")


class Rates:
    """What each address has left of its minute; it comes back evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, address: str) -> int:
        """Count a request; return the seconds that its sender has to wait first, 0 for none."""
        key, now, second = subnet_of(address), self._clock(), A_MINUTE / 60
        with self._lock:
            left, since = self._left.pop(key, (float(A_MINUTE), now))
            left = min(A_MINUTE, left + (now - since) * second)
            self._left[key] = left - 1 if left >= 1 else left, now
            if len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return 0 if left >= 1 else ceil((1 - left) / second)


class Turns:
    """Who is answered now, and who waits for it; those who would wait behind too many are sent away."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience, self._inside = patience, 0
        self._limiter = CapacityLimiter(WORKING)

    async def take(self, work: Callable[[], Told]) -> Told:
        """Do something in a thread, in turn. Raises ApiError: `too_many`, `busy`, and as the work does."""
        if self._inside >= WORKING + WAITING:
            raise ApiError("too_many")
        self._inside += 1
        task = asyncio.ensure_future(to_thread.run_sync(work, limiter=self._limiter))
        task.add_done_callback(self._leave)
        # A thread cannot be stopped: it has its turn until it is done, also when nobody waits for it any more.
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            raise ApiError("busy")
        return task.result()

    def _leave(self, task: asyncio.Future[Told]) -> None:
        self._inside -= 1
        if not task.cancelled():
            task.exception()  # looked at here, where nobody may wait for it any more


def subnet_of(address: str) -> str:
    """Return whose requests are counted together: an address, of version 6 the network that a household has.

    >>> subnet_of("192.0.2.7"), subnet_of("2001:db8::1:2:3:4"), subnet_of("::ffff:192.0.2.7"), subnet_of("unix")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7', 'unix')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found), _SUBNET), strict=False))
    return str(found)
