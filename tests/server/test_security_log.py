"""The security log: what is told of sign-ins, accounts and rights, in which words, and how much of it at most."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import requests
from apiflask import APIFlask
from flask.testing import FlaskClient

from server import security_log
from server.database import writing
from server.security_log import OF_OTHERS, OF_REFUSALS, SecurityLog, line
from server.services import services, utc_now
from server.settings import Settings
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.store.people import add_person
from server.web.own_account import set_password
from tests.conftest import PASSWORD, People, TestPerson
from tests.real_server import RealServer
from tests.reference_client import Client, Ledger, Refused, uuid7
from tests.server.api.conftest import open_order, sign_in, zhang  # noqa: F401  # fixtures

WRONG = "sesam-oeffne-dich-4711"
Told = Callable[[], list[dict[str, str]]]
SignIn = Callable[..., Client]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What was told since it was last asked for, each line as its names and values."""
    # What the log of earlier tests left out is told by a timer, whenever that is: not into this test.
    monkeypatch.setattr(security_log.OURS, "_begin_anew", list)
    monkeypatch.setattr(security_log, "OURS", SecurityLog(later=lambda _: None))
    caplog.set_level(logging.INFO, "server.security_log")

    def take() -> list[dict[str, str]]:
        lines = [record.getMessage() for record in caplog.records if record.name == "server.security_log"]
        caplog.clear()
        return [dict(part.split("=", 1) for part in one.split(" ")) for one in lines]

    return take


@pytest.fixture
def browser(app: APIFlask, people: People) -> Callable[[TestPerson, str], FlaskClient]:
    """A browser in which somebody tried to sign in to the office with a password."""

    def opened(person: TestPerson, password: str = PASSWORD) -> FlaskClient:
        client = app.test_client()
        client.post("/office/sign-in", data={"username": person.username, "password": password})
        return client

    return opened


def without_address(event: dict[str, str]) -> dict[str, str]:
    assert re.fullmatch("[0-9a-f]{16}", event["address"])
    return {name: value for name, value in event.items() if name != "address"}


def test_sign_ins_are_told_with_who_and_which_device(told: Told, people: People, sign_in: SignIn) -> None:  # noqa: F811
    phone = sign_in(people.zhang)
    event = {"event": "sign_in", "kind": "app", "person": people.zhang.id, "device": phone.ledger.device}
    assert [without_address(one) for one in told()] == [event]
    phone.call("DELETE", "/api/v1/session")
    assert told() == [{"event": "sign_out", "person": people.zhang.id, "device": phone.ledger.device}]


def test_sign_ins_to_the_office_are_told(told: Told, people: People, browser: Callable[..., FlaskClient]) -> None:
    office = browser(people.wang)
    (begun,) = told()
    assert (begun["event"], begun["kind"], begun["person"]) == ("sign_in", "office", people.wang.id)
    office.post("/office/sign-out")
    assert told() == [{"event": "sign_out", "person": people.wang.id, "device": begun["device"]}]


def test_refused_sign_ins_are_told_with_the_reason(
    told: Told, people: People, browser: Callable[..., FlaskClient]
) -> None:
    browser(people.wang, WRONG)
    browser(people.zhang)
    browser(TestPerson("", "nobody-has-this-name", "", ""), WRONG)
    assert [without_address(one) for one in told()] == [
        {"event": "sign_in_refused", "reason": "bad_credentials", "person": people.wang.id},
        {"event": "sign_in_refused", "reason": "no_entry", "person": people.zhang.id},
        {"event": "sign_in_refused", "reason": "bad_credentials"},
    ]


def test_a_sign_in_after_too_many_is_told_as_such(
    told: Told, people: People, browser: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.sign_in.TRIES_PER_USERNAME", 1)
    for _ in range(2):
        browser(people.wang, WRONG)
    refused = [one for one in told() if one["event"] == "sign_in_refused"]
    assert [one["reason"] for one in refused] == ["bad_credentials", "too_many_tries"]


def test_what_a_right_does_not_allow_is_told(
    told: Told, people: People, browser: Callable[..., FlaskClient], client: FlaskClient
) -> None:
    desk = browser(people.chen)
    told()
    desk.post(f"/office/devices/{uuid7()}/revocation")
    desk.get("/office/evidence")
    desk.post("/office/intake", headers={"Origin": "https://elsewhere.example"})
    client.get("/api/v1/work-orders", headers={"Authorization": "Bearer guessed"})
    events = [without_address(one) for one in told()]
    assert [(one["reason"], one["route"], one.get("person")) for one in events] == [
        ("not_permitted", "office.revoke_device", people.chen.id),
        ("not_found", "office.evidence", people.chen.id),
        ("cross_origin", "office.open_order", None),
        ("not_signed_in", "work_orders.list_work_orders", None),
    ]
    assert {one["event"] for one in events} == {"request_refused"}


def test_input_of_the_wrong_shape_is_told_without_it(told: Told, people: People, sign_in: SignIn) -> None:  # noqa: F811
    phone = sign_in(people.zhang)
    told()
    with pytest.raises(Refused):
        phone.call("POST", "/api/v1/sync", json={"protocol": 1, "device": WRONG, "lines": [WRONG], "cursors": WRONG})
    ((event),) = [without_address(one) for one in told()]
    who = {"person": people.zhang.id, "device": phone.ledger.device}
    assert event == {"event": "input_refused", "reason": "invalid_request", "route": "sync.exchange_lines"} | who


def test_what_a_ledger_may_not_write_is_told(told: Told, people: People, sign_in: SignIn) -> None:  # noqa: F811
    order = open_order(sign_in(people.wang), [people.li.id])
    phone = sign_in(people.zhang)
    told()
    phone.write("note.add", order, {"note": uuid7(), "text": WRONG})
    phone.sync()
    who = {"person": people.zhang.id, "device": phone.ledger.device}
    assert told() == [{"event": "line_held", "reason": "not_permitted"} | who]


def test_a_line_that_its_device_did_not_sign_is_told(told: Told, people: People, sign_in: SignIn) -> None:  # noqa: F811
    phone = sign_in(people.zhang)
    told()
    phone.write("note.add", uuid7(), {"note": uuid7(), "text": WRONG})
    phone.ledger.key = Ledger().key
    phone.sync()
    assert {(one["event"], one["reason"]) for one in told()} == {("line_held", "bad_signature")}


def test_what_is_done_to_accounts_and_devices_is_told_with_who_did_it(
    told: Told,
    app: APIFlask,
    people: People,
    sign_in: SignIn,  # noqa: F811
) -> None:
    device = sign_in(people.zhang).ledger.device
    told()
    with app.app_context():
        for kind in ("person.end_sessions", "person.close", "person.close", "person.open"):
            with writing() as connection:
                said = NewOperation(kind, people.zhang.id, {"reason": WRONG})
                office_ledger.write(connection, services().pen, people.admin.id, [said], utc_now())
        with writing() as connection:
            set_password(connection, people.admin.id, people.zhang.id, "no hash")
        with writing() as connection:
            said = NewOperation("device.revoke", device, {"reason": WRONG})
            office_ledger.write(connection, services().pen, people.wang.id, [said], utc_now())
        with writing() as connection:
            new = add_person(connection, "somebody", "李四", "technician", "no hash", utc_now())
    done = {"person": people.zhang.id, "by": people.admin.id}
    assert told() == [
        {"event": "sessions_ended"} | done,
        {"event": "account_closed"} | done,
        {"event": "account_opened"} | done,
        {"event": "password_set"} | done,
        {"event": "device_revoked", "device": device, "by": people.wang.id},
        {"event": "account_added", "person": new},
    ]


def test_somebody_who_changes_their_password_is_told(told: Told, people: People, sign_in: SignIn) -> None:  # noqa: F811
    phone = sign_in(people.zhang)
    told()
    with pytest.raises(Refused):
        phone.call("POST", "/api/v1/session/password", json={"old": WRONG, "new": WRONG + "x"})
    phone.call("POST", "/api/v1/session/password", json={"old": PASSWORD, "new": WRONG})
    assert [(one["event"], one["person"]) for one in told()] == [
        (event, people.zhang.id) for event in ("sign_in_refused", "password_changed", "sign_in")
    ]


def test_what_is_undone_is_not_told(told: Told, app: APIFlask) -> None:
    with app.app_context():
        with suppress(InterruptedError), writing() as connection:
            add_person(connection, "somebody", "李四", "technician", "no hash", utc_now())
            raise InterruptedError
        with writing() as connection:
            pass
    assert told() == []


def test_a_server_writes_events_to_its_standard_error_in_utc(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    with RealServer(settings) as server:
        sent = {"username": "wang", "password": WRONG}
        assert requests.post(f"{server.address}/office/sign-in", data=sent, timeout=30).status_code == 401
        written = (settings.data / "serve.log").read_text(encoding="utf-8")
    event = r"event=sign_in_refused reason=bad_credentials address=[0-9a-f]{16}"
    found = re.search(rf"^(\S+Z) INFO server\.security_log: {event}$", written, re.MULTILINE)
    assert found is not None, written
    assert abs(utc_now() - datetime.fromisoformat(found[1])) < timedelta(minutes=5)


@pytest.mark.parametrize("value", ["a b", "x\nevent=sign_in", "a\r", "", "=", "张", "x" * 65, "\x1b[2J", '"', "١"])
def test_what_is_no_id_and_no_code_is_not_written(value: str) -> None:
    assert line("sign_in", {"person": value}) == "event=sign_in person=?"


class Clock:
    """A clock that a test moves, and what is to be done when the minute is over."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.due: list[Callable[[], None]] = []

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    """At some moment."""
    return Clock()


def test_a_flood_of_refusals_is_some_lines_and_a_number(told: Told, clock: Clock) -> None:
    ours = SecurityLog(clock, clock.due.append)
    for number in range(10_000):
        ours.tell("sign_in_refused", address=f"{number:016x}")
    assert len(told()) == OF_REFUSALS.together
    assert len(clock.due) == 1
    clock.now += 60
    clock.due[0]()
    left_out = str(10_000 - OF_REFUSALS.together)
    assert told() == [{"event": "sign_in_refused", "left_out": left_out}]


def test_a_flood_without_end_has_one_minute_at_a_time(told: Told, clock: Clock) -> None:
    waiting: list[tuple[float, Callable[[], None]]] = []
    ours = SecurityLog(clock, lambda work: waiting.append((clock.now + 60, work)))
    minutes, of_each = 5, 40
    for second in range(60 * minutes):
        for number in range(of_each):
            ours.tell("sign_in_refused", address=f"{second}-{number}")
        due = [work for at, work in waiting if at <= clock.now]
        waiting = [one for one in waiting if one[0] > clock.now]
        for work in due:
            work()
        clock.now += 1
    for _, work in waiting:
        work()
    lines = told()
    left_out = [int(one["left_out"]) for one in lines if "left_out" in one]
    assert len(lines) - len(left_out) == OF_REFUSALS.together * minutes
    assert left_out == [60 * of_each - OF_REFUSALS.together] * minutes


def test_one_who_is_refused_again_and_again_takes_no_others_place(told: Told, clock: Clock) -> None:
    ours = SecurityLog(clock, clock.due.append)
    for _ in range(1_000):
        ours.tell("request_refused", person="one")
    ours.tell("request_refused", person="another")
    assert [one["person"] for one in told()] == ["one"] * OF_REFUSALS.of_one + ["another"]


def test_refusals_take_no_place_of_what_was_done(told: Told, clock: Clock) -> None:
    ours = SecurityLog(clock, clock.due.append)
    for number in range(1_000):
        ours.tell("sign_in_refused", address=str(number))
    told()
    for number in range(OF_OTHERS.together + 1):
        ours.tell("sign_in", person=str(number))
    assert len(told()) == OF_OTHERS.together


def test_the_next_minute_has_room_again_and_first_tells_what_was_left_out(told: Told, clock: Clock) -> None:
    ours = SecurityLog(clock, clock.due.append)
    for _ in range(OF_REFUSALS.of_one + 2):
        ours.tell("line_held", person="one")
    told()
    clock.now += 60
    ours.tell("line_held", person="one")
    assert told() == [{"event": "line_held", "left_out": "2"}, {"event": "line_held", "person": "one"}]
    assert len(clock.due) == 1
    clock.due[0]()
    assert told() == []


def test_who_ends_their_own_sessions_elsewhere_is_told(
    told: Told, app: APIFlask, live_server: str, people: People
) -> None:
    here, elsewhere = Client(live_server), Client(live_server)
    for one in (here, elsewhere):
        one.sign_in(people.zhang.username, PASSWORD)
    told()
    for _ in range(2):
        assert here.call("POST", "/api/v1/sessions/others/ending", json={"password": PASSWORD}).status_code == 204
    ended = {"event": "sessions_ended", "person": people.zhang.id, "by": people.zhang.id}
    assert [each for each in told() if each["event"] == "sessions_ended"] == [ended]
