"""What tasks tell each other: only they can read it, nobody else is listened to, and whoever fails ends all."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import polars as pl
import pytest

from metrics.cluster.encoding import decoded, encoded
from metrics.cluster.gathering import FAILED, Gathering, OtherFailed, gathered
from metrics.cluster.line import LineError, SealedLine
from metrics.cube.agreement import Seat
from tests.metrics.cluster.tasks import Everybody

KEY = b"k" * 32
Does = Callable[[Gathering], Any]


def together(*does: Does, keys: dict[int, bytes] | None = None) -> list[Any]:
    """What each of several tasks returns, or raises."""
    everybody = Everybody(len(does))

    def one(number: int) -> Any:
        key = (keys or {}).get(number, KEY)
        hosts = ["127.0.0.1"] * len(does)
        try:
            with gathered(number, len(does), hosts, key, lambda text: everybody.of(number, text)) as gathering:
                return does[number](gathering)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(does)) as pool:
        return list(pool.map(one, range(len(does))))


@pytest.mark.parametrize("tasks", [1, 2, 5])
def test_all_go_on_with_the_sum_and_the_union(tasks: int) -> None:
    def does(number: int) -> Does:
        def meets(gathering: Gathering) -> Any:
            seat = Seat(number, gathering)
            sums = [seat.total(np.array([number, 1, 0])).tolist() for _ in range(3)]
            rows = seat.union(pl.DataFrame({"code": ["fi", None, f"x{number}"]}))
            gathering.end()
            return sums, rows["code"].to_list()

        return meets

    every = [sum(range(tasks)), tasks, 0]
    expected = ([every] * 3, ["fi", *(f"x{number}" for number in range(tasks)), None])
    assert together(*map(does, range(tasks))) == [expected] * tasks


@pytest.mark.parametrize("fails", [0, 2])
def test_whoever_fails_ends_all(fails: int) -> None:
    def does(number: int) -> Does:
        def meets(gathering: Gathering) -> None:
            gathering.meet(number, np.array([1]), sum)
            if number == fails:
                gathering.fail()
                raise ArithmeticError
            gathering.meet(number, np.array([1]), sum)

        return meets

    found = together(*map(does, range(4)))
    kinds = [type(one) for one in found]
    assert kinds == [ArithmeticError if number == fails else OtherFailed for number in range(4)]


def test_a_task_that_dies_is_noticed() -> None:
    def dies(gathering: Gathering) -> None:
        gathering.lines[0].connection.close()

    def meets(gathering: Gathering) -> None:
        gathering.meet(0, np.array([1]), sum)

    assert [type(one) for one in together(meets, dies, meets)] == [OtherFailed, type(None), OtherFailed]


def test_a_task_that_cannot_begin_ends_all() -> None:
    for number in (0, 1):
        with (
            pytest.raises(OtherFailed),
            gathered(number, 2, ["127.0.0.1"] * 2, KEY, lambda _: ["1 00", FAILED]),
        ):
            pass


def test_strangers_are_not_listened_to() -> None:
    """Whoever finds the port can neither take part nor keep the others from it."""

    def meets(gathering: Gathering) -> Any:
        return gathering.meet(0, np.array([1]), sum).tolist()

    everybody = Everybody(2)

    def gather(number: int, text: str) -> list[str]:
        found = everybody.of(number, text)
        if number == 1:
            port, session = found[0].split()
            for hello in (b"", b"\0\0\0\1", b"\0\0\0\1" + b"x" * 64, b"GET / HTTP/1.1\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", int(port))) as stranger:
                    stranger.sendall(hello)
            with socket.create_connection(("127.0.0.1", int(port))) as guessing, suppress(LineError):
                guessing.sendall(b"\0\0\0\1")
                SealedLine(guessing, b"g" * 32, bytes.fromhex(session), 1, is_hub=False).send(b"+")
        return found

    def one(number: int) -> Any:
        with gathered(number, 2, ["127.0.0.1"] * 2, KEY, lambda text: gather(number, text)) as gathering:
            return meets(gathering)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(2))) == [[2], [2]]


def test_what_goes_over_a_line_is_sealed_and_counts_once_in_its_place() -> None:
    def ends() -> tuple[SealedLine, SealedLine, socket.socket, socket.socket]:
        here, there = socket.socketpair()
        return (
            SealedLine(here, KEY, b"s" * 16, 1, is_hub=False),
            SealedLine(there, KEY, b"s" * 16, 1, is_hub=True),
            here,
            there,
        )

    sender, receiver, _, there = ends()
    sender.send(b"27 people")
    assert receiver.receive() == b"27 people"
    sender.send(b"27 people")
    seen = there.recv(1 << 16)
    assert b"people" not in seen
    for changed in (seen, bytes([*seen[:-1], seen[-1] ^ 1])):
        _, other, raw, _ = ends()
        raw.sendall(changed)  # another's second message as the first one
        with pytest.raises(LineError):
            other.receive()
        raw.close()
    again, other, raw, _ = ends()
    again.send(b"mine")
    raw.sendall(b"\xff" * 8)
    assert other.receive() == b"mine"
    with pytest.raises(LineError):
        other.receive()  # no length that would fill the memory


@pytest.mark.parametrize("values", [[], [0], [255, 256], [-1, 2**40], [2**62, -(2**62)]])
def test_arrays_are_what_they_were(values: list[int]) -> None:
    found = decoded(encoded(np.array(values, np.int64)))
    assert (found.tolist(), found.dtype) == (values, np.int64)


@pytest.mark.parametrize("what", [{"a": 1}, [1, 2], np.array([1.5]), np.array([[1]]), "text", None])
def test_nothing_else_is_exchanged(what: object) -> None:
    with pytest.raises(TypeError):
        encoded(what)
