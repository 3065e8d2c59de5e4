"""Every operation by role and relation, every route by who asks: each cell of docs/rights.md tried over HTTP."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from server.application import create_app
from server.database import db, reading, writing
from server.documents.operation import Relation
from server.language import languages, text
from server.models import ROLES, HeldLine, JournalLine, SessionToken
from server.rights import ACTORS, ASKERS, KINDS, ROUTES, may_ask, may_write
from server.services import services, utc_now
from server.sync.exchange import office_ledger
from server.sync.store.people import add_person
from server.web.security import APP_COOKIE, OFFICE_COOKIE, start_session
from tests.conftest import PASSWORD
from tests.databases import Databases
from tests.quick import quick
from tests.reference_client import TUS, Client, uuid7
from tests.server.office.scene import PHOTOS
from tools.rights import PAGE, page, routes_of

SHA256 = "0" * 64
FROM_OUTSIDE = "203.0.113.9"
# How statements begin that change nothing.
READS = ("SELECT", "BEGIN", "WITH", "SET TRANSACTION", "PRAGMA")
PRESENCE = {"position": None, "why_none": "denied"}
CHANGES = {"changes": {"requests": {"was": None, "now": "轻一点"}}}
MATERIAL = {"name": "密封", "unit": "个", "quantity": "1", "unit_price": 100}
# Data of the right shape for every kind; what it names may be unknown, since rights are looked at first.
DATA: dict[str, dict[str, Any]] = {  # Any: JSON
    "order.open": {"kind": "repair", "fault": "水泵漏水"},
    "order.plan": CHANGES,
    "order.stage": {"to": "accepted"},
    "order.edit": CHANGES,
    "order.review": {"verdict": "returned"},
    "checklist.answer": {"item": "conduct-1", "now": "yes"},
    "arrival.record": {"arrival": uuid7(), **PRESENCE},
    "departure.record": {"departure": uuid7(), **PRESENCE},
    "material.add": {"line": uuid7(), "source": "van", **MATERIAL},
    "material.change": {"line": uuid7(), **CHANGES},
    "material.remove": {"line": uuid7()},
    "labour.add": {"line": uuid7(), **MATERIAL},
    "labour.change": {"line": uuid7(), **CHANGES},
    "labour.remove": {"line": uuid7()},
    "photo.add": {"photo": uuid7(), "sha256": SHA256, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
                  "taken_at": "2026-11-24T09:00:00+08:00"},
    "photo.edit": {"photo": uuid7(), "changes": {"caption": {"was": None, "now": "铭牌"}}},
    "photo.remove": {"photo": uuid7()},
    "signature.record": {"signature": uuid7(), "report": "{}", "sha256": SHA256, "consent": "yes",
                         "signer": {"name": "王", "role": "owner"}, "box": {"width": 9, "height": 9},
                         "strokes": [[[0, 0, 0]]]},
    "signature.refuse": {"reason": "absent"},
    "note.add": {"note": uuid7(), "text": "看过了"},
    "order.recall": {"version": 1, "seal": "none", "body": {}},
    "conflict.settle": {"conflict": uuid7(), "value": None},
    "flag.settle": {"code": "overlap", "by": uuid7(), "decision": "confirmed"},
    "arrival.rule": {"arrival": uuid7(), "decision": "accepted"},
    "photo.settle": {"photo": uuid7(), "decision": "lost"},
    "held.decide": {"operation": uuid7(), "decision": "dismiss"},
    "device.revoke": {},
    "ledger.claim": {"head": SHA256},
    "person.close": {},
    "person.open": {},
    "person.end_sessions": {},
    "person.password": {},
    "person.adopt": {"former": uuid7()},
}  # fmt: skip
ON_NO_ORDER = {"device.revoke", "ledger.claim", "person.close", "person.open", "person.end_sessions", "person.password",
               "person.adopt"}  # fmt: skip
# What ends sessions with which everything else is tried.
ENDS_SESSIONS = {"session.sign_out", "office.end_session", "own_sessions.end_others", "office.end_other_sessions"}
FRESH_TARGET = {"order.open"} | ON_NO_ORDER


@dataclass(frozen=True)
class Company:
    """A company on a server that listens: somebody of every role, and an order for each relation of a technician."""

    app: APIFlask
    address: str
    people: dict[str, str]
    clients: dict[str, Client]
    orders: dict[Relation, str]
    batch: int
    photo: str
    half: str


@pytest.fixture(scope="module")
def company(databases: Databases, tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[Company]:
    with databases.migrated(tmp_path_factory.mktemp("rights") / "data") as settings:
        app = create_app(settings)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            with quick(app), app.app_context():
                yield _made(app, f"http://127.0.0.1:{server.server_port}", password_hash)
                db.engine.dispose()
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _made(app: APIFlask, address: str, password_hash: str) -> Company:
    people: dict[str, str] = {}
    clients: dict[str, Client] = {}
    for name in (*ROLES, "other technician"):
        role = name.removeprefix("other ")
        with writing() as connection:
            people[name] = add_person(connection, name.replace(" ", "-"), name, role, password_hash, utc_now())
        clients[name] = Client(address)
        clients[name].sign_in(name.replace(" ", "-"), PASSWORD)
    orders: dict[Relation, str] = {"assignee": uuid7(), "former": uuid7(), "opener": uuid7(), "none": uuid7()}
    orders["office"] = orders["none"]
    desk, technician = clients["service_desk"], clients["technician"]
    for relation in ("assignee", "former", "none"):
        assignees = [] if relation == "none" else [people["technician"]]
        desk.write("order.open", orders[relation], DATA["order.open"] | {"assignees": assignees})
    plan = {"changes": {"assignees": {"was": [people["technician"]], "now": [people["other technician"]]}}}
    technician.write("order.open", orders["opener"], DATA["order.open"])
    desk.sync()
    technician.sync()
    desk.write("order.plan", orders["former"], plan)
    waiting = clients["inspector"].write("note.add", orders["none"], DATA["note.add"])
    desk.sync()
    clients["inspector"].sync()
    assert clients["inspector"].outcomes[waiting]["status"] == "held"
    content = next(path for path in sorted(PHOTOS.iterdir()) if path.suffix == ".jpg").read_bytes()
    photo = hashlib.sha256(content).hexdigest()
    technician.write("photo.add", orders["assignee"], DATA["photo.add"] | {"sha256": photo, "size": len(content)})
    technician.sync()
    technician.upload(content, "image/jpeg")
    with reading() as connection:
        batch = connection.execute(
            select(JournalLine.batch_id).join(HeldLine, HeldLine.position == JournalLine.position).limit(1)
        ).scalar_one()
    return Company(app, address, people, clients, orders, batch, photo, _half_an_upload(technician))


def test_every_kind_of_operation_has_data_to_try_it_with() -> None:
    assert set(DATA) == set(KINDS), "declare a new kind in server/rights.py or the registry, and give it data here"


def test_every_route_is_declared(company: Company) -> None:
    assert {rule.endpoint for _, rule in routes_of(company.app)} == set(ROUTES), "declare it in server/rights.py"


def test_the_page_is_what_the_code_gives(company: Company) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(company.app), "make rights"


@pytest.mark.parametrize(("role", "relation"), ACTORS)
def test_an_operation_is_held_for_who_may_not_write_it(company: Company, role: str, relation: Relation) -> None:
    client = company.clients[role]
    written = {
        kind: client.write(kind, uuid7() if kind in FRESH_TARGET else company.orders[relation], data)
        for kind, data in DATA.items()
    }
    client.sync()
    let_in = {kind: client.outcomes[operation]["reason"] != "not_permitted" for kind, operation in written.items()}
    assert not [kind for kind, operation in written.items() if "fields" in client.outcomes[operation]["detail"]]
    assert let_in == {kind: may_write(kind, role, relation) for kind in KINDS}


def _browser(company: Company, asker: str) -> FlaskClient:
    """Signed in to the app and, as far as the office lets them, with an office session too."""
    browser = company.app.test_client()
    browser.environ_base["REMOTE_ADDR"] = FROM_OUTSIDE
    if asker == "nobody":
        return browser
    person, now = company.people[asker], utc_now()
    with writing() as connection:
        phone = company.clients[asker].ledger.device
        desk = office_ledger.office_device(connection, services().pen, person, now)
        app_token = start_session(connection, person, phone, "app", now)
        office_token = start_session(connection, person, desk, "office", now)
    browser.set_cookie(APP_COOKIE, app_token, path="/api")
    browser.set_cookie(OFFICE_COOKIE, office_token, path="/office")
    return browser


def _address(company: Company, rule: Rule, asker: str) -> str:
    values = {
        "work_order_id": company.orders["assignee"], "order_id": company.orders["assignee"], "digest": SHA256,
        "person_id": company.people["technician"], "device_id": company.clients["technician"].ledger.device,
        "sha256": company.photo, "upload_id": _an_upload(company, rule, asker), "known_id": _a_browser(company, asker),
        "ledger_id": uuid7(), "former_id": uuid7(), "token": "x", "filename": "x", "file": "x", "screen": "x",
    }  # fmt: skip
    address = str(rule)
    for argument in rule.arguments:
        start, end = next(
            (at, address.index(">", at) + 1) for at in range(len(address))
            if address[at] == "<" and address[at + 1 : address.index(">", at)].split(":")[-1] == argument
        )  # fmt: skip
        address = address[:start] + values[argument] + address[end:]
    query = f"?batch={company.batch}&reason=not_permitted" if rule.endpoint == "office.held_group" else ""
    return address + query


def _a_browser(company: Company, asker: str) -> str:
    """The id of an office session of theirs, fresh because it may be ended."""
    if asker == "nobody":
        return uuid7()
    person, now = company.people[asker], utc_now()
    with writing() as connection:
        desk = office_ledger.office_device(connection, services().pen, person, now)
        token = start_session(connection, person, desk, "office", now)
        hashed = hashlib.sha256(token.encode()).hexdigest()
        return connection.execute(select(SessionToken.id).where(SessionToken.token_hash == hashed)).scalar_one()


def _half_an_upload(technician: Client) -> str:
    """One that the technician has begun."""
    begun = technician.upload(uuid7().encode(), "image/jpeg", chunk=8, stop_after=8)
    return begun.rsplit("/", 1)[-1]


def _an_upload(company: Company, rule: Rule, asker: str) -> str:
    """Half of the technician's: a fresh one for who may end it, the same for all who are refused."""
    if ROUTES[rule.endpoint] != "owner":
        return uuid7()
    return _half_an_upload(company.clients["technician"]) if may_ask(rule.endpoint, asker) else company.half


def _headers(rule: Rule) -> dict[str, str]:
    if ROUTES[rule.endpoint] != "owner":
        return {}
    goes_on = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "8"}
    return {**TUS, **goes_on, "X-HTTP-Method-Override": "DELETE"}


def _is_refused(answer: TestResponse, public: bool) -> bool:
    """Whether it says who somebody is not; an address that names nothing is one that they do not see."""
    if answer.status_code in (302, 303):
        return "/office/sign-in?back=" in answer.location
    if public:
        return answer.status_code == 405 or (answer.status_code == 403 and "no_entry" in answer.text)
    if answer.status_code != 404:
        return answer.status_code in (401, 403)
    return not any(text(language, "problem-not-signed") in answer.text for language in languages())


@pytest.mark.parametrize("asker", ASKERS)
def test_a_route_lets_in_whom_it_should(company: Company, asker: str) -> None:
    wrong = []
    browser = _browser(company, asker)
    for method, rule in routes_of(company.app):
        view = rule.endpoint
        if view in ENDS_SESSIONS:
            continue
        answer = browser.open(_address(company, rule, asker), method=method, headers=_headers(rule))
        if _is_refused(answer, ROUTES[view] == "everybody") == may_ask(view, asker):
            wrong.append((method, str(rule), answer.status_code))
    assert wrong == []


def test_what_is_only_asked_for_writes_nothing(company: Company) -> None:
    browser, written = _browser(company, "manager"), []
    addresses = [_address(company, rule, "manager") for method, rule in routes_of(company.app) if method == "GET"]
    listener = lambda *told: written.append(told[2]) if not told[2].startswith(READS) else None  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        answers = [browser.get(address).status_code for address in addresses]
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    assert answers.count(200) > 20
    assert written == []


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(
    ("view", "address"), [("session.sign_out", "/api/v1/session"), ("office.end_session", "/office/sign-out")]
)
def test_who_is_signed_in_signs_out(company: Company, asker: str, view: str, address: str) -> None:
    method = "DELETE" if view == "session.sign_out" else "POST"
    answer = _browser(company, asker).open(address, method=method)
    assert _is_refused(answer, public=False) != may_ask(view, asker)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(
    ("view", "address", "sends"),
    [
        ("own_sessions.end_others", "/api/v1/sessions/others/ending", "json"),
        ("office.end_other_sessions", "/office/account/sessions/others/ending", "data"),
    ],
)
def test_who_is_signed_in_ends_the_others(company: Company, asker: str, view: str, address: str, sends: str) -> None:
    answer = _browser(company, asker).post(address, **{sends: {"password": PASSWORD}})
    assert _is_refused(answer, public=False) != may_ask(view, asker)
    if asker != "nobody":
        company.clients[asker].sign_in(asker.replace(" ", "-"), PASSWORD)


def test_what_ends_sessions_is_tried_apart() -> None:
    assert set(ROUTES) >= ENDS_SESSIONS
