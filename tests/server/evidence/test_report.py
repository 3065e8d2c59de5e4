"""The report that a customer reads and signs, and what differs from it later."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import pytest

from server.evidence.report import REQUIRED, check_signature, differences, report_of
from tests.vector_cases import FOLDER, cases

FIRST = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))["cases"][0]["input"]


@pytest.fixture
def body() -> dict[str, Any]:
    return copy.deepcopy(FIRST["body"])


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """The report as it comes back from the signed text."""
    report = report_of(body, FIRST["language"], FIRST["names"], FIRST["currency"])
    return json.loads(json.dumps(report))


@pytest.mark.parametrize(("given_", "expected"), cases("report"))
def test_the_report_of_a_document(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    report = report_of(given_["body"], given_["language"], given_["names"], given_["currency"])
    assert report == expected
    assert list(report) == list(expected), "in the order in which it is read"


def test_nothing_changed_nothing_differs(body: dict[str, Any]) -> None:
    assert differences(signed(body), body) == []


def _set(name: str, value: object) -> Any:
    return lambda body: body.__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (_set("diagnosis", "轴承磨损"), ["diagnosis"]),
        (_set("work_done", None), ["work_done"]),
        (_set("fault", "电机异响"), ["fault"]),
        (lambda body: body["materials"][0].update(quantity="3"), ["materials"]),
        (lambda body: body["materials"][0].update(unit_price=18000), ["materials"]),
        (lambda body: body["materials"][0].update(removed=True), ["materials"]),
        (lambda body: body["materials"][1].update(removed=False), ["materials"]),
        (lambda body: body["labour"].append({**body["labour"][0], "line": "w2"}), ["labour"]),
        (lambda body: body["charge"].update(total=0, covered=True), ["charge"]),
        (lambda body: body["customer"].update(name="别人"), ["customer"]),
        (lambda body: body["site"].update(name="别处"), ["site"]),
        (lambda body: (body.update(fault="x"), body["labour"].clear()), ["fault", "labour"]),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, list) else "",
)
def test_what_changed_afterwards_is_named(body: dict[str, Any], change: Any, names: list[str]) -> None:
    before = signed(body)
    change(body)
    assert differences(before, body) == names


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["materials"][0].update(quantity="2.0"),
        lambda body: body["arrivals"][1]["time"].update(best="2026-11-24T01:21:30.000Z"),
        lambda body: body["departures"].append({"by": "p2", "time": {"best": "2026-11-24T04:00:00.000Z"}}),
        lambda body: body["materials"].reverse(),
        lambda body: body.update(work_done="更换机械密封\r\n试运行正常"),
        lambda body: body["assignees"].clear(),
        lambda body: body.update(stage="finished"),
    ],
    ids=["2 and 2.0", "the server knows the time better", "left after signing", "another order", "line ends",
         "planned for others", "finished after signing"],
)  # fmt: skip
def test_what_is_no_change_of_content_differs_in_nothing(body: dict[str, Any], change: Any) -> None:
    before = signed(body)
    change(body)
    assert differences(before, body) == []


def test_a_report_of_another_program_is_compared_by_what_it_says(body: dict[str, Any]) -> None:
    other = {
        "number": None, "language": "zh-CN", "customer": "叠彩苑物业服务中心", "site": "叠彩苑25栋 二楼",
        "fault": "水泵漏水",
        "diagnosis": "机械密封磨损", "work_done": "更换机械密封\n试运行正常",
        "materials": [{"name": "机械密封 CR32", "quantity": "2.00", "unit_price": 18500}],
        "labour": [{"name": "更换机械密封", "quantity": "1.5"}], "charge": {"total": 49000},
        "arrived_at": "2026-11-24T09:20:00+08:00", "technician": "李伟",
    }  # fmt: skip
    assert differences(other, body) == []
    other["materials"] = []
    assert differences(other, body) == ["materials"]


@pytest.mark.parametrize(("given_", "expected"), cases("differences"))
def test_what_differs_is_the_same_on_the_phone(given_: dict[str, Any], expected: list[str]) -> None:
    assert differences(given_["signed"], given_["body"]) == expected


def data(text: str, sha256: str | None = None) -> dict[str, Any]:
    return {"report": text, "sha256": sha256 or hashlib.sha256(text.encode()).hexdigest()}


def test_a_true_signature_has_no_problems(body: dict[str, Any]) -> None:
    assert check_signature(data(json.dumps(signed(body), ensure_ascii=False))) == []


@pytest.mark.parametrize(
    ("given_", "problems"),
    [
        ({"report": None, "sha256": ""}, ["not_text"]),
        ({"report": {"number": 1}, "sha256": ""}, ["not_text"]),
        (data("{", None), ["not_json"]),
        (data("[]", None), ["not_an_object"]),
        (data("{}", None), ["missing_keys"]),
        (data("{}", "0" * 64), ["digest_differs", "missing_keys"]),
        (data("[" * 60_000, None), ["not_json"]),
        ({"report": "\ud800", "sha256": "0" * 64}, ["digest_differs", "not_json"]),
    ],
)
def test_what_is_wrong_with_a_signature_is_named(given_: dict[str, Any], problems: list[str]) -> None:
    assert check_signature(given_) == problems


@pytest.mark.parametrize(
    ("total", "problems"),
    [
        ("NaN", ["not_json"]),
        ("-Infinity", ["not_json"]),
        ("1e999", ["bad_number"]),
        ("-1e999", ["bad_number"]),
        ("1" + "0" * 40, ["bad_number"]),
        ("9" * 5000, ["not_json"]),
        (str(10**15 + 1), ["bad_number"]),
        (str(10**15), []),
        ('"a\\u0000b"', ["not_json"]),
        ('"\\ud800"', ["not_json"]),
        ("[" * 30 + "]" * 30, []),
        ("[" * 31 + "]" * 31, ["not_json"]),
        ("[" * 900 + "]" * 900, ["not_json"]),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_report_that_cannot_be_kept_or_shown_is_refused(
    body: dict[str, Any], total: str, problems: list[str]
) -> None:
    text = json.dumps({**signed(body), "charge": {"total": "here"}}).replace('"here"', total)
    assert check_signature(data(text)) == problems


def test_one_changed_character_is_noticed(body: dict[str, Any]) -> None:
    text = json.dumps(signed(body), ensure_ascii=False)
    sealed = data(text)
    assert check_signature({**sealed, "report": text.replace("18500", "18501")}) == ["digest_differs"]


@pytest.mark.parametrize("name", REQUIRED)
def test_every_part_of_the_report_is_needed(body: dict[str, Any], name: str) -> None:
    report = signed(body)
    del report[name]
    assert check_signature(data(json.dumps(report))) == ["missing_keys"]
