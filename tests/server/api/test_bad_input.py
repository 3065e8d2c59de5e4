"""Whatever comes in: an error with a code, or a held line. Never a 500, never unpacked without end."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from server.web.bodies import MOST_MEMBERS
from tests.conftest import PASSWORD, People
from tests.reference_client import Ledger, uuid7


class Phone:
    """A signed-in device that sends whatever it is told to."""

    def __init__(self, client: FlaskClient, username: str) -> None:
        self.client = client
        self.ledger = Ledger()
        device = {"id": self.ledger.device, "name": "x", "public_key": self.ledger.public_key}
        body = {"username": username, "password": PASSWORD, "device": device}
        self.token = client.post("/api/v1/session", json=body).get_json()["token"]

    def body(self, **changed: object) -> dict[str, object]:
        return {
            "protocol": 1,
            "device": self.ledger.device,
            "epoch": None,
            "first": 1,
            "lines": [],
            "sent": self.ledger.clocks(),
            "cursors": {},
            "limit": 500,
        } | changed

    def send(self, raw: bytes, **headers: str) -> TestResponse:
        return self.client.post(
            "/api/v1/sync",
            data=raw,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )

    def sync(self, **changed: object) -> TestResponse:
        return self.send(json.dumps(self.body(**changed)).encode())

    def write(self, text: str) -> list[str]:
        self.ledger.write("note.add", uuid7(), {"note": uuid7(), "text": text})
        return self.ledger.lines


@pytest.fixture
def phone(client: FlaskClient, people: People) -> Phone:
    return Phone(client, "zhang")


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    told = answer.get_json()
    assert told["title"] and told["detail"] and told["status"] == answer.status_code
    return answer.status_code, told["code"]


NOT_JSON = {
    "nothing": b"",
    "text": b"hello",
    "half": b'{"protocol": 1',
    "not UTF-8": b'{"protocol": "\xff\xfe"}',
    "UTF-16": '{"protocol": 1}'.encode("utf-16"),
    "NaN": b'{"protocol": 1, "limit": NaN}',
    "too deep": b"[" * 100_000,
    "endless number": b'{"protocol": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_said_to_be_none(phone: Phone, raw: bytes) -> None:
    assert problem(phone.send(raw)) == (400, "not_json")


def test_ten_megabytes_of_json_are_too_large(phone: Phone) -> None:
    raw = json.dumps(phone.body(padding="x" * 10_000_000)).encode()
    assert problem(phone.send(raw)) == (413, "too_large")
    body = phone.client.post("/api/v1/session", data=raw, content_type="application/json")
    assert problem(body) == (413, "too_large")


def test_a_gzip_bomb_is_not_unpacked(phone: Phone) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        assert problem(phone.send(bomb, Content_Encoding="gzip")) == (413, "too_large")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000


def test_a_bomb_of_many_small_members_is_not_unpacked(phone: Phone) -> None:
    bomb = gzip.compress(b"\0" * 1_000_000) * 100
    assert problem(phone.send(bomb, Content_Encoding="gzip")) == (413, "too_large")


NOT_GZIP = {
    "nothing": b"",
    "text": b"not gzip",
    "cut off": gzip.compress(b"{}")[:-4],
    "more behind it": gzip.compress(b"{}") + b"x",
}


@pytest.mark.parametrize("raw", NOT_GZIP.values(), ids=NOT_GZIP.keys())
def test_what_is_not_whole_gzip_is_refused(phone: Phone, raw: bytes) -> None:
    assert problem(phone.send(raw, Content_Encoding="gzip"))[1] in ("bad_encoding", "not_json")


def test_another_encoding_is_refused(phone: Phone) -> None:
    assert problem(phone.send(b"{}", Content_Encoding="br")) == (400, "bad_encoding")


def test_gzip_is_taken(phone: Phone) -> None:
    raw = gzip.compress(json.dumps(phone.body()).encode())
    assert phone.send(raw, Content_Encoding="gzip").status_code == 200


@pytest.mark.parametrize(("members", "taken"), [(MOST_MEMBERS, True), (MOST_MEMBERS + 1, False), (100_000, False)])
def test_gzip_in_a_few_members_is_taken_and_in_very_many_refused(phone: Phone, members: int, taken: bool) -> None:
    raw = gzip.compress(json.dumps(phone.body()).encode()) + gzip.compress(b"") * (members - 1)
    answer = phone.send(raw, Content_Encoding="gzip")
    assert answer.status_code == 200 if taken else problem(answer) == (400, "bad_encoding")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "protocol as text": ({"protocol": "1"}, "protocol"),
    "protocol as true": ({"protocol": True}, "protocol"),
    "device as number": ({"device": 5}, "device"),
    "half a surrogate pair": ({"device": "\ud800"}, "device"),
    "NUL": ({"epoch": "a\0"}, "epoch"),
    "lines as object": ({"lines": {}}, "lines"),
    "lines as text": ({"lines": "abc"}, "lines"),
    "a line as object": ({"lines": ["{}", {"v": 1}]}, "lines.1"),
    "first below one": ({"first": 0}, "first"),
    "first beyond all": ({"first": 2**40}, "first"),
    "first as float": ({"first": 1.0}, "first"),
    "lines without first": ({"first": None, "lines": ["x"]}, "first"),
    "signature as list": ({"signature": []}, "signature"),
    "sent without a run": ({"sent": {"wall": "2026-11-24T09:00:00+08:00", "mono": 1}}, "sent.run"),
    "sent without an offset": ({"sent": {"wall": "2026-11-24T09:00:00", "mono": 1, "run": "r"}}, "sent"),
    "sent at no time": ({"sent": {"wall": "soon", "mono": 1, "run": "r"}}, "sent"),
    "sent as text": ({"sent": "now"}, "sent._schema"),
    "cursors as list": ({"cursors": []}, "cursors"),
    "a cursor as text": ({"cursors": {"company": "5"}}, "cursors.company.value"),
    "a cursor below zero": ({"cursors": {"company": -1}}, "cursors.company.value"),
    "a cursor beyond all": ({"cursors": {"company": 2**70}}, "cursors.company.value"),
    "no limit at all": ({"limit": 0}, "limit"),
}


@pytest.mark.parametrize(("changed", "field"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_type_is_named_by_its_path(phone: Phone, changed: dict[str, Any], field: str) -> None:
    answer = phone.sync(**changed)
    assert problem(answer) == (422, "invalid_request")
    assert [wrong["field"] for wrong in answer.get_json()["fields"]] == [field.removesuffix("._schema")]


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_a_body_that_is_no_object_is_invalid(phone: Phone, value: object) -> None:
    assert problem(phone.send(json.dumps(value).encode())) == (422, "invalid_request")


def test_another_version_of_the_protocol_is_told_which_is_spoken(phone: Phone) -> None:
    answer = phone.sync(protocol=2)
    assert problem(answer) == (400, "unsupported_protocol")
    assert answer.get_json()["supported"] == 1


def test_too_many_lines_are_refused(phone: Phone) -> None:
    assert problem(phone.sync(lines=["x"] * 501)) == (413, "batch_too_long")
    assert phone.sync(lines=["x"] * 500).status_code == 200


def test_more_than_two_mebibytes_of_lines_are_refused(phone: Phone) -> None:
    assert problem(phone.sync(lines=["水" * 20_000] * 40)) == (413, "too_large")


def held(answer: TestResponse) -> list[tuple[str, str]]:
    assert answer.status_code == 200
    return [(outcome["status"], outcome["reason"]) for outcome in answer.get_json()["outcomes"]]


def test_a_line_of_a_megabyte_is_held(phone: Phone) -> None:
    assert held(phone.sync(lines=["x" * 1_000_000])) == [("held", "unreadable")]
    assert phone.sync(first=2).get_json()["acknowledged"] == 1


STRANGE_LINES = {
    "half a surrogate pair": '{"v":1,"id":"\ud83d"}',
    "an escaped half": '{"v":1,"data":{"text":"\\ud83d"}}',
    "NUL": "\0",
    "empty": "",
    "a list": "[]",
    "another version": '{"v":99}',
    "deep": "[" * 60_000,
    "infinite": '{"v":1,"seq":1e999}',
}


@pytest.mark.parametrize("line", STRANGE_LINES.values(), ids=STRANGE_LINES.keys())
def test_a_line_that_cannot_be_read_is_held_and_listed(phone: Phone, people: People, line: str) -> None:
    assert held(phone.sync(lines=[line])) == [("held", "unreadable")]
    again = phone.sync(lines=[line]).get_json()["outcomes"]
    assert [outcome["repeated"] for outcome in again] == [True]
    listed = Phone(phone.client, "wang")
    answer = phone.client.get("/api/v1/held", headers={"Authorization": f"Bearer {listed.token}"})
    assert [item["reason"] for item in answer.get_json()["items"]] == ["unreadable"]


def test_a_signature_that_is_none_holds_the_lines(phone: Phone) -> None:
    for signature in (None, "", "x", "!" * 86, "A" * 86, "水" * 40):
        lines = phone.write("x")
        answer = phone.sync(first=len(lines), lines=lines[-1:], signature=signature)
        assert held(answer) == [("held", "bad_signature")]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["protocol", "device", "epoch", "first", "lines", "signature", "sent", "cursors", "limit"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3))
def test_no_field_whatever_breaks_an_exchange(phone: Phone, changed: dict[str, Any]) -> None:
    answer = phone.send(json.dumps(phone.body(**changed)).encode())
    assert answer.status_code < 500, answer.get_json()
    if answer.status_code != 200:
        problem(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.dictionaries(
        st.sampled_from(["v", "id", "device", "seq", "prev", "at", "kind", "target", "seen", "data"]),
        json_values,
        min_size=1,
        max_size=3,
    )
)
def test_no_field_whatever_breaks_a_line(phone: Phone, changed: dict[str, Any]) -> None:
    lines = phone.write("x")
    lines[-1] = json.dumps({**json.loads(lines[-1]), **changed}, separators=(",", ":"))
    signature = phone.ledger.sign(lines[-1])
    answer = phone.sync(first=len(lines), lines=lines[-1:], signature=signature)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["acknowledged"] == len(lines)
