"""One at a time, in order, and some before others."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.turns import NoTurn, Turns

PATIENCE_S = 10


def waiting(turns: Turns) -> int:
    return len(turns._first) + len(turns._others)


def wait_for(turns: Turns, number: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while waiting(turns) < number:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_who_waits_comes_in_order_and_who_goes_first_before_them() -> None:
    turns, came = Turns(), list[str]()

    def take(name: str, first: bool) -> None:
        with turns.one(PATIENCE_S, first):
            came.append(name)

    with ThreadPoolExecutor(4) as pool, turns.one(PATIENCE_S):
        for number, (name, first) in enumerate((("a", False), ("b", False), ("phone", True), ("other phone", True))):
            pool.submit(take, name, first)
            wait_for(turns, number + 1)
    assert came == ["phone", "other phone", "a", "b"]


def test_however_many_go_first_every_fourth_turn_is_of_the_others() -> None:
    turns, came = Turns(), list[str]()

    def take(name: str, first: bool) -> None:
        with turns.one(PATIENCE_S, first):
            came.append(name)

    with ThreadPoolExecutor(10) as pool, turns.one(PATIENCE_S):
        pool.submit(take, "office", False)
        wait_for(turns, 1)
        for number in range(8):
            pool.submit(take, "phone", True)
            wait_for(turns, number + 2)
    assert came.index("office") == 3


def test_there_is_never_more_than_one() -> None:
    turns, inside, most = Turns(), [0], [0]

    def take(number: int) -> None:
        with turns.one(PATIENCE_S, first=number % 2 == 0):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.0005)
            inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(200)))
    assert most == [1]


def test_who_has_waited_long_enough_is_told_and_keeps_nobody() -> None:
    turns = Turns()

    def impatient() -> None:
        with turns.one(0.01):
            pass

    with ThreadPoolExecutor(1) as pool, turns.one(PATIENCE_S), pytest.raises(NoTurn):
        pool.submit(impatient).result()
    assert waiting(turns) == 0
    with turns.one(0.01):
        pass


def test_who_fails_passes_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError), turns.one(PATIENCE_S):
        raise ValueError
    with turns.one(0.01):
        pass
