"""Figures that are typed in the office: every field of one folds what has only one meaning, and says the rest."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from server.office.shell.forms import BadFigure, BadForm
from server.office.shell.reader import Reader
from server.office.shell.values import SHORT, Input, typed
from tests.server.office.scene import Scene
from tests.server.office.test_decisions import Waiting, settle
from tests.server.office.test_decisions import waiting as waiting  # a fixture

Browser = Callable[..., FlaskClient]
TEMPLATES: Final = Path(__file__).resolve().parents[3] / "pwa" / "templates"
TAG: Final = re.compile(r"<(?:input|textarea)\b[^>]*>")
NAME: Final = re.compile(r'\bname="([^"]+)"')
CHOSEN: Final = re.compile(r'type="(?:hidden|checkbox|radio|file|password|date|time)"|\bhidden>')
OF_A_FIGURE: Final = re.compile(r'inputmode="(?:decimal|numeric)"|type="(?:number|range)"')
USES: Final = re.compile(r'(?<!macro )\bfigure\("([a-z_]+)", ')
OF_WORDS: Final = frozenset(
    {"username", "words", "fault", "requests", "contact.name", "contact.phone", "diagnosis", "work_done", "third"}
    | {"instructions", "comment", "text", "reason"}
)

# By the look of the input: its name in the form, what is typed, and the value.
TAKEN: Final[dict[str, list[tuple[str, str, Any]]]] = {  # Any: JSON
    "quantity": [("third", "１２", "12"), ("third", "3。5", "3.5"), ("third", " 2 个", "2")],
    "number": [("third", "０．４０", "0.40"), ("third", "-0.4 个", "-0.4"), ("third", "", None)],
    "money": [("third", "１，２５０．５", 125050), ("third", "￥12。5", 1250), ("third", "12 元", 1200)],
    "position": [
        ("third", "２５．２８°", {"latitude": 25.28, "longitude": 110.0, "datum": None}),
        ("third_longitude", "110。29", {"latitude": 25.0, "longitude": 110.29, "datum": None}),
    ],
}
NOT_TAKEN: Final[dict[str, list[tuple[str, str, str]]]] = {
    "quantity": [
        ("third", "1.2.3", "小数点只能有一个"),
        ("third", "两个", "请用数字填写"),
        ("third", "12,5", "请不要用逗号"),
        ("third", "2 米", "这里的单位是“个”"),
        ("third", "999999999999", "最大 99,999.99"),
        ("third", "0", "大于 0"),
        ("third", "1.2345678", "小数点后最多 6 位"),
    ],
    "number": [
        ("third", "0.4 bar", "这里的单位是“个”"),
        ("third", "9999999999", "最大 999,999,999"),
        ("third", "-9999999999", "最小 -999,999,999"),
    ],
    "money": [
        ("third", "12.505", "小数点后最多 2 位"),
        ("third", "1,250", "请不要用逗号"),
        ("third", "99999999", "最大 9,999,999.99"),
        ("third", "-1", "最小 0"),
    ],
    "position": [
        ("third", "25°17", "请用数字填写"),
        ("third", "110.29", "最大 90"),
        ("third_longitude", "-181", "最小 -180"),
    ],
}


def read(look: str, name: str, text: str) -> Any:  # Any: JSON
    """What the form says of the field with this look where `text` is typed into the input `name`."""
    reader = Reader("zh-CN", "system", ZoneInfo("Asia/Shanghai"), "CNY", datetime.now(UTC))
    filled = {"third": "25", "third_longitude": "110"} if look == "position" else {}
    return typed("x", Input(look, None, unit="个"), MultiDict(filled | {name: text}), reader)


def test_every_field_that_can_be_typed_into_is_of_words_or_is_tried_here() -> None:
    """A new field is put among those of words, or its figures are read like the others'."""
    texts = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    fields = {
        name
        for text in texts.values()
        for tag in TAG.findall(text)
        if not CHOSEN.search(tag)
        for name in NAME.findall(tag)
    }
    assert fields - OF_WORDS == {"{{ name }}"}, "those of figures are written by the macro"
    assert sum(len(OF_A_FIGURE.findall(text)) for text in texts.values()) == 1, "that of the macro"
    used = [use[1] for text in texts.values() for use in USES.finditer(text)]
    assert sorted(used) == ["third", "third", "third", "third_longitude"], "money, quantity and number, position"
    assert SHORT - {"window"} == TAKEN.keys() == NOT_TAKEN.keys()
    assert {name for name, *_ in TAKEN["position"]} == {"third", "third_longitude"}


@pytest.mark.parametrize(
    ("look", "name", "text", "value"), [(look, *case) for look, cases in TAKEN.items() for case in cases]
)
def test_what_has_only_one_meaning_is_taken(look: str, name: str, text: str, value: Any) -> None:  # Any: JSON
    assert read(look, name, text) == value


@pytest.mark.parametrize(
    ("look", "name", "text", "why"), [(look, *case) for look, cases in NOT_TAKEN.items() for case in cases]
)
def test_what_is_not_taken_is_said_at_its_field(look: str, name: str, text: str, why: str) -> None:
    with pytest.raises(BadFigure) as raised:
        read(look, name, text)
    assert raised.value.field == name and why in raised.value.why


@pytest.mark.parametrize(("look", "name"), [("money", "third"), ("position", "third_longitude")])
def test_a_figure_that_is_wanted_and_not_there_is_asked_for(look: str, name: str) -> None:
    with pytest.raises(BadForm):
        read(look, name, " ")


@pytest.mark.parametrize(("minute", "stands"), [("00", True), ("01", False)])
def test_a_window_typed_as_it_is_shown_is_the_one_that_stands(minute: str, stands: bool) -> None:
    reader = Reader("zh-CN", "system", ZoneInfo("Asia/Shanghai"), "CNY", datetime.now(UTC))
    kept = {"start": "2026-11-26T01:00:20Z", "end": "2026-11-26T03:00:00Z"}
    form = {"window_day": "2026-11-26", "window_start": f"09:{minute}", "window_end": "11:00"}
    assert (typed("window", Input("window", kept), MultiDict(form), reader) == kept) == stands


def test_a_figure_that_is_not_taken_stays_in_its_field_once_with_the_sentence_beside_it(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    desk = browser("zhangmin")
    settle(scene, desk, waiting.conflict, "quantity", choice="third", third="2.5.1")
    page = html.unescape(desk.get("/office/inbox").text)
    field = re.search(r'<input name="third" inputmode="decimal"[^>]*aria-invalid="true".*?</label>', page)
    assert field and 'value="2.5.1"' in field[0] and "小数点只能有一个，例如 2.5" in field[0]
    assert page.count("2.5.1") == 1 and page.count('<details class="why" open>') == 1
    assert "没有裁定：小数点只能有一个，例如 2.5。" in page
    assert "2.5.1" not in desk.get("/office/inbox").text
    assert (
        settle(scene, desk, waiting.conflict, "quantity", choice="third", third="２。５")["settled"]["value"] == "2.5"
    )


@pytest.mark.parametrize("text", ["<b>1</b>", '" onfocus="alert(1)', "9" * 3000])
def test_what_was_typed_comes_back_as_text_and_short(
    scene: Scene, waiting: Waiting, browser: Browser, text: str
) -> None:
    desk = browser("zhangmin")
    settle(scene, desk, waiting.conflict, "quantity", choice="third", third=text)
    page = desk.get("/office/inbox").text
    assert f'value="{html.escape(text[:64]).replace("&quot;", "&#34;")}"' in page and text[:65] not in page
