"""Nothing that somebody typed is in a log: a walk through a day, and what goes wrong in it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from apiflask import APIFlask
from flask import request
from sqlalchemy import insert

from server.database import writing
from server.models import Person
from server.services import utc_now
from server.sync.exchange import taking
from tests.conftest import PASSWORD, People
from tests.reference_client import TUS, Client, Refused, uuid7
from tests.server.api.conftest import open_order, sign_in, zhang  # noqa: F401  # fixtures

WRONG_PASSWORD = "sesam-oeffne-dich-4711"
NAME, PHONE, ADDRESS = "欧阳娜娜", "13877776666", "七星路88号3栋"
NOTE, FAULT, WORDS, FILE = "狗会咬人请先打电话", "主卧漏水很严重", "诸葛亮的订单", "我家的厨房.jpg"
LATITUDE, LONGITUDE = 25.273566, 110.290195


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What every logger writes, errors whole as logging itself writes them; of ours, from DEBUG on."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    root, ours = logging.getLogger(), logging.getLogger("server")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    ours.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


def taken_name(name: str) -> None:
    """What the database says of a username that is taken, and of a name that was to be written with it."""
    with writing() as connection:
        row = {"id": uuid7(), "username": "zhang", "name": name, "role": "technician", "password_hash": PASSWORD}
        row |= {"active": True, "created_at": utc_now()}
        connection.execute(insert(Person).values(**row))


def break_routes(app: APIFlask) -> None:
    """Two routes that fail over what is typed."""

    def database() -> str:
        taken_name(request.args["words"])
        return ""

    def key() -> str:
        return {}[request.args["words"]]

    app.add_url_rule("/broken/database", "broken_database", database)
    app.add_url_rule("/broken/key", "broken_key", key)


def broken_apply(apply: Callable[..., Any]) -> Callable[..., Any]:
    """As `apply`, but a note breaks over its own text, and an edit over a database that has its name already."""

    def applied(connection: Any, line: Any, *rest: Any) -> Any:
        if line.kind == "note.add":
            raise KeyError(line.data["text"])
        if line.kind == "order.edit":
            connection.execute(
                insert(Person).values(
                    id=uuid7(), username="zhang", name=NAME, role="technician", password_hash=PHONE, active=True,
                    created_at=utc_now(),
                )
            )  # fmt: skip
        return apply(connection, line, *rest)

    return applied


def test_nothing_that_was_typed_is_in_a_log_of_a_day_that_goes_wrong(
    app: APIFlask,
    people: People,
    sign_in: Callable[..., Client],  # noqa: F811
    log: StringIO,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_routes(app)
    office, phone = sign_in(people.wang), sign_in(people.zhang)
    browser = app.test_client()
    for password in (WRONG_PASSWORD, PASSWORD):
        browser.post("/office/sign-in", data={"username": "wang", "password": password})
    cookie = browser.get_cookie("undercroft_office", path="/office")
    assert cookie is not None
    opened = {"fault": FAULT, "contact.name": NAME, "contact.phone": PHONE, "requests": ADDRESS}
    assert browser.post("/office/intake", data=opened).status_code == 303
    browser.get("/office/orders", query_string={"words": WORDS})
    order = open_order(office, [people.zhang.id], contact={"name": NAME, "phone": PHONE})
    phone.sync()
    monkeypatch.setattr(taking, "apply_operation", broken_apply(taking.apply_operation))
    fix = {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 9.0, "datum": "WGS-84"}
    phone.write("arrival.record", order, {"arrival": uuid7(), "position": fix})
    phone.write("note.add", order, {"note": uuid7(), "text": NOTE})
    phone.write("order.edit", order, {"contact.name": {"was": NAME, "now": ADDRESS}})
    phone.sync()
    with pytest.raises(Refused):
        phone.call("POST", "/api/v1/uploads", headers={**TUS, "Upload-Length": "9", "Upload-Metadata": FILE.encode()})
    for path in ("/broken/database", "/broken/key"):
        assert browser.get(path, query_string={"words": WORDS}).status_code == 500
    told = log.getvalue() + "".join(capfd.readouterr())
    assert told.count("incident") == 2
    assert told.count("could not apply operation") == 2
    typed = [
        PASSWORD,
        WRONG_PASSWORD,
        office.token,
        phone.token,
        cookie.value,
        NAME,
        PHONE,
        ADDRESS,
        NOTE,
        FAULT,
        WORDS,
    ]
    typed += [FILE, str(LATITUDE), str(LONGITUDE), "(zhang)", "=zhang"]
    assert [value for value in typed if value in told or ascii(value)[1:-1] in told] == []


def test_an_error_in_a_log_says_where_and_of_what_kind_but_no_values() -> None:
    from server.traces import trace

    try:
        try:
            int(PHONE + "x")
        except ValueError as error:
            raise KeyError(NAME) from error
    except KeyError as error:
        told = trace(error)
    assert "builtins.ValueError" in told
    assert told.endswith("builtins.KeyError")
    assert "test_logs.py" in told
    assert PHONE not in told and NAME not in told


def test_what_gunicorn_could_not_read_is_not_in_its_log(capfd: pytest.CaptureFixture[str]) -> None:
    from gunicorn.config import Config

    from server.serving import DiscreetLogger

    made = DiscreetLogger(Config())
    made.warning(f"Invalid request from ip=::1: Invalid HTTP Header: 'Authorization {PASSWORD}'")
    try:
        raise KeyError(NAME)
    except KeyError:
        made.exception("Error handling request %s %s", "GET", f"/office/orders?words={PHONE}")
    told = capfd.readouterr().err
    assert "ip=::1" in told and "/office/orders" in told and "builtins.KeyError" in told
    assert PASSWORD not in told and NAME not in told and PHONE not in told
