"""Searching folds what is typed and what is looked through; the phone runs the same cases."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypinyin import lazy_pinyin

from server.rules.search import (
    findable,
    finds,
    pattern,
    texts_of_asset,
    texts_of_customer,
    texts_of_part,
    texts_of_site,
    ways,
    words_of,
)
from tests.vector_cases import cases
from tools import signs


@pytest.mark.parametrize(("given_", "expected"), cases("search"))
def test_what_is_typed_finds(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    text, words = findable(given_["texts"]), words_of(given_["typed"])
    assert finds(words, text) is expected["found"]
    if expected["found"]:
        assert all(any(re.search(pattern(way), text) for way in ways(word)) for word in words or [])


@pytest.mark.parametrize(("given_", "expected"), cases("findable"))
def test_what_is_looked_through(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert findable(given_["texts"]) == expected["findable"]


def test_the_database_leaves_out_nothing_that_would_be_found_and_lets_in_nothing_that_is_short(seed: int) -> None:
    chance = random.Random(seed)
    found = 0
    for _ in range(4000):
        text = findable("".join(chance.choices("南安岸重庆朝阳an1", k=chance.randrange(1, 9))) for _ in range(2))
        word = "".join(
            chance.choices(["n", "an", "nan", "a", "c", "chong", "zh", "1", "南", "y"], k=chance.randrange(1, 5))
        )
        narrowed, finally_ = re.search(pattern(word), text) is not None, finds([word], text)
        assert narrowed or not finally_, (word, text)
        assert finally_ or not narrowed or len(word) > 10, (word, text)
        found += finally_
    assert 400 < found < 3600


def test_whatever_the_server_would_read_a_phrase_as_is_found_by_that() -> None:
    said = [
        "漓江大厦",
        "重庆路",
        "长安街",
        "音乐厅",
        "行政楼",
        "银行",
        "朝阳区",
        "会计室",
        "厦门路",
        "调度室",
        "都匀",
        "绿化带",
    ]
    missed = [phrase for phrase in said if not finds(["".join(lazy_pinyin(phrase))], findable([phrase]))]
    assert missed == []


def test_the_table_of_signs_is_what_the_pinned_packages_give() -> None:
    assert signs.FILE.read_text("utf-8") == signs.text()


@pytest.mark.parametrize(
    ("texts_of", "row"),
    [
        (texts_of_customer, {"number": "C1", "name": "漓江大厦", "contact_name": "秦", "phone": "13981346270"}),
        (texts_of_site, {"number": "S1", "name": "三号楼", "address": "滨江路1号"}),
        (texts_of_asset, {"number": "A1", "name": "水泵", "brand": "KSB", "model": "Etanorm", "serial": "77"}),
        (texts_of_part, {"number": "P1", "name": "密封圈"}),
    ],
)
def test_each_of_the_companys_things_is_found_by_what_it_is_called(
    texts_of: Callable[[dict[str, str]], list[str | None]], row: dict[str, str]
) -> None:
    assert texts_of({**row, "id": "x", "note": "y"}) == list(row.values())
    assert not any(texts_of({}))
