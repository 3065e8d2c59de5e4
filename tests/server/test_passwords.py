"""Which new passwords are refused, and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.password_hashes import hash_password, matches
from server.passwords import LONGEST, SHORTEST, company_words, refuse_weak
from server.problems import Problem


def reason(password: str, username: str = "liwei", name: str = "李伟", words: tuple[str, ...] = ()) -> str | None:
    """Why it is refused; None where it is taken."""
    try:
        refuse_weak(password, username, name, words)
    except Problem as problem:
        assert problem.code == "weak_password"
        return str(problem.figures["reason"])
    return None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "too_short"),
        ("12345678", "too_short"),
        ("password", "too_short"),
        ("lake.cane.f", "too_short"),
        ("x" * (LONGEST + 1), "too_long"),
        (" " * 8, "blank"),
        ("\u3000\t" * 12, "blank"),
        ("\u200b" * 12, "blank"),
        ("\ud800" * 12, "unreadable"),
        ("guilin-2026", "demonstration"),
        (" Guilin 2026! ", "demonstration"),
        ("violet-Under.croft-hammer", "contains_product"),
        ("violet-LiWei-hammer", "contains_name"),
        ("violet-iewil-hammer", "contains_name"),
        ("水桶锤子李伟紫色窗户月亮石头", "contains_name"),
        ("password1234", "common"),
        ("123456789012", "common"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "guessable"),
        ("gongdan-2026", "guessable"),
        ("abcabcabcabc" * 80, "guessable"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, why: str) -> None:
    assert reason(password) == why


@pytest.mark.parametrize(
    "password",
    [
        "lake cane fuss over",
        "xkqzvbjwmpyt",
        "水桶锤子紫色窗户月亮石头河流",
        "kf8#Lw2!mQz9",
        "xq7 " * 9 + "mountain violet",
    ],
)
def test_a_password_that_nobody_guesses_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert reason(password) is None


def test_the_figures_say_how_many_characters_are_needed_or_allowed() -> None:
    for password, length in (("short", SHORTEST), ("x" * 2000, LONGEST)):
        with pytest.raises(Problem) as refused:
            refuse_weak(password, "liwei", "李伟")
        assert refused.value.figures["length"] == length


def test_words_of_the_company_and_short_names_make_a_password_easier_to_guess() -> None:
    words = company_words("https://dienst.zyxkwv-qpfht.example")
    assert words == ("dienst", "zyxkwv-qpfht", "example")
    assert reason("zyxkwv-qpfht") is None and reason("zyxkwv-qpfht", words=words) == "guessable"
    assert company_words("") == ()


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that interrupt each other all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_two_at_once_are_not_judged_by_each_others_names() -> None:
    """zxcvbn keeps the words of its caller in a variable of the module."""
    password = "zyxkwv-qpfht"

    def judge(own: bool) -> str | None:
        return reason(password, words=(password,) if own else ())

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(judge, [True, False] * 100))
    assert found == ["guessable", None] * 100


def test_a_process_that_is_forked_after_a_password_was_looked_at_looks_at_others() -> None:
    kept = hash_password("three quiet words")
    child = os.fork()
    if child == 0:
        right = False
        try:
            right = matches(kept, "three quiet words")
        finally:
            os._exit(0 if right else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
