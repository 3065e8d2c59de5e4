"""Signing in: real passwords, one answer for all who may not, and no help for other sites or guessers."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from server import password_hashes
from server.database import reading, writing
from server.models import Device, Person, SessionToken
from server.services import utc_now
from server.web.security import APP_COOKIE
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S
from tests.reference_client import Ledger

FIELDS = {"token", "person", "device", "epoch", "feeds", "anchor", "server_time"}


def body_for(username: str, password: str = PASSWORD, ledger: Ledger | None = None) -> dict[str, Any]:
    ledger = ledger or Ledger()
    device = {"id": ledger.device, "name": "Zhang's phone", "public_key": ledger.public_key}
    return {"username": username, "password": password, "device": device}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_signing_in_answers_as_the_protocol_says(client: FlaskClient, people: People) -> None:
    ledger = Ledger()
    answer = client.post("/api/v1/session", json=body_for("zhang", ledger=ledger))
    assert answer.status_code == 200
    told = answer.get_json()
    assert set(told) == FIELDS | {"wrong_passwords"}
    assert told["person"] == {
        "id": people.zhang.id,
        "username": "zhang",
        "name": "张师傅",
        "role": "technician",
    }
    assert told["device"]["id"] == ledger.device
    assert told["feeds"] == [f"person:{people.zhang.id}", "company"]
    assert datetime.fromisoformat(told["server_time"]).tzinfo is not None


def test_a_browser_gets_the_token_where_scripts_cannot_read_it(client: FlaskClient, people: People) -> None:
    answer = client.post("/api/v1/session", json=body_for("zhang"))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/api" in cookie
    assert "Secure" not in cookie
    assert client.get("/api/v1/session").get_json()["person"]["id"] == people.zhang.id
    secure = client.post("/api/v1/session", json=body_for("zhang"), base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]


def test_only_the_hash_of_a_token_is_stored(app: APIFlask, client: FlaskClient, people: People) -> None:
    token = client.post("/api/v1/session", json=body_for("zhang")).get_json()["token"]
    with app.app_context(), reading() as connection:
        stored = connection.execute(select(SessionToken.token_hash)).scalar_one()
    assert token != stored and len(stored) == 64


def test_a_username_is_known_in_any_case(client: FlaskClient, people: People) -> None:
    assert client.post("/api/v1/session", json=body_for(" ZHANG ")).status_code == 200


def test_nobody_learns_whether_a_username_exists(client: FlaskClient, people: People, app: APIFlask) -> None:
    with app.app_context(), writing() as connection:
        connection.execute(update(Person).where(Person.username == "li").values(active=False))
    wrong = client.post("/api/v1/session", json=body_for("zhang", "not this one"))
    unknown = client.post("/api/v1/session", json=body_for("nobody", "not this one"))
    left = client.post("/api/v1/session", json=body_for("li"))
    assert wrong.status_code == unknown.status_code == left.status_code == 401
    assert wrong.data == unknown.data == left.data
    assert dict(wrong.headers) == dict(unknown.headers) == dict(left.headers)
    assert wrong.get_json()["code"] == "bad_credentials"


def test_an_unknown_username_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return True

    monkeypatch.setattr(password_hashes, "HASHER", Counting())
    assert password_hashes.matches(None, "anything") is False
    assert len(verified) == 1 and verified[0].startswith("$argon2id$")


@pytest.mark.usefixtures("hashing_as_on_a_server")
def test_a_hash_of_older_parameters_is_renewed_at_sign_in(app: APIFlask, client: FlaskClient, people: People) -> None:
    weak = password_hashes.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    zhang = Person.username == "zhang"
    with app.app_context(), writing() as connection:
        connection.execute(update(Person).where(zhang).values(password_hash=weak))
    assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 200
    with app.app_context(), reading() as connection:
        renewed = connection.execute(select(Person.password_hash).where(zhang)).scalar_one()
    assert renewed != weak and "m=19456,t=2,p=1" in renewed
    assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 200


def test_whoever_guesses_at_one_name_has_to_wait(client: FlaskClient, people: People) -> None:
    guesses = [client.post("/api/v1/session", json=body_for("zhang", f"guess {n}")) for n in range(10)]
    assert {guess.status_code for guess in guesses} == {401}
    refused = client.post("/api/v1/session", json=body_for("zhang"))
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too_many_tries"
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60 + 1
    assert client.post("/api/v1/session", json=body_for("li")).status_code == 200
    for _ in range(10):
        client.post("/api/v1/session", json=body_for("nobody", "x"))
    assert client.post("/api/v1/session", json=body_for("nobody", "x")).status_code == 429


def test_whoever_guesses_at_many_names_has_to_wait(
    client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashes, "matches", lambda password_hash, password: password == PASSWORD)
    for n in range(60):
        client.post("/api/v1/session", json=body_for(f"name {n}", "x"))
    assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    other = client.post("/api/v1/session", json=body_for("zhang"), environ_base=elsewhere)
    assert other.status_code == 200


def test_a_proxy_on_this_machine_does_not_make_all_one_address(
    client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashes, "matches", lambda password_hash, password: password == PASSWORD)
    for n in range(60):
        body = body_for(f"name {n}", "x")
        client.post("/api/v1/session", json=body, headers={"X-Forwarded-For": f"198.51.100.1, 192.0.2.{n}"})
    assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 200
    for n in range(60):
        body = body_for(f"more {n}", "x")
        client.post("/api/v1/session", json=body, headers={"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.9"})
    forwarded = {"X-Forwarded-For": "203.0.113.5, 192.0.2.9"}
    assert client.post("/api/v1/session", json=body_for("zhang"), headers=forwarded).status_code == 429


def test_the_right_password_forgets_the_wrong_ones(client: FlaskClient, people: People) -> None:
    for _ in range(3):
        for _ in range(9):
            client.post("/api/v1/session", json=body_for("zhang", "x"))
        assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 200


def test_a_device_of_another_person_is_taken(client: FlaskClient, people: People) -> None:
    ledger = Ledger()
    assert client.post("/api/v1/session", json=body_for("zhang", ledger=ledger)).status_code == 200
    assert client.post("/api/v1/session", json=body_for("zhang", ledger=ledger)).status_code == 200
    taken = client.post("/api/v1/session", json=body_for("li", ledger=ledger))
    assert (taken.status_code, taken.get_json()["code"]) == (409, "device_taken")


def test_a_device_does_not_change_its_key(client: FlaskClient, people: People) -> None:
    ledger = Ledger()
    client.post("/api/v1/session", json=body_for("zhang", ledger=ledger))
    other_key = Ledger(device=ledger.device)
    taken = client.post("/api/v1/session", json=body_for("zhang", ledger=other_key))
    assert (taken.status_code, taken.get_json()["code"]) == (409, "device_taken")


def test_a_revoked_device_is_shut_out(client: FlaskClient, people: People, app: APIFlask) -> None:
    ledger = Ledger()
    token = client.post("/api/v1/session", json=body_for("zhang", ledger=ledger)).get_json()["token"]
    with app.app_context(), writing() as connection:
        connection.execute(update(Device).values(revoked_at=utc_now()))
    again = client.post("/api/v1/session", json=body_for("zhang", ledger=ledger))
    assert (again.status_code, again.get_json()["code"]) == (403, "device_revoked")
    asked = client.get("/api/v1/session", headers=bearer(token))
    assert (asked.status_code, asked.get_json()["code"]) == (403, "device_revoked")


def test_the_next_device_of_a_person_learns_how_far_a_revoked_one_is_in(
    client: FlaskClient, people: People, app: APIFlask
) -> None:
    shut_out, of_li = Ledger(), Ledger()
    client.post("/api/v1/session", json=body_for("zhang", ledger=shut_out))
    client.post("/api/v1/session", json=body_for("li", ledger=of_li))
    with app.app_context(), writing() as connection:
        connection.execute(update(Device).values(acknowledged=41, head_hash="a" * 64, revoked_at=utc_now()))
    token = client.post("/api/v1/session", json=body_for("zhang", ledger=Ledger())).get_json()["token"]

    def asked(device: str) -> object:
        return client.get(f"/api/v1/session?device={device}", headers=bearer(token)).get_json()["ledger"]

    far = {"acknowledged": 41, "head": "a" * 64, "is_revoked": True}
    assert asked(shut_out.device) == {"device": shut_out.device, **far}
    nothing = {"acknowledged": 0, "head": "0" * 64, "is_revoked": False}
    assert asked(of_li.device) == {"device": of_li.device, **nothing}, "another person's device is told nothing of"
    assert asked("nonsense") == {"device": "nonsense", **nothing}
    assert "ledger" not in client.get("/api/v1/session", headers=bearer(token)).get_json()
    too_long = client.get(f"/api/v1/session?device={'x' * 65}", headers=bearer(token))
    assert (too_long.status_code, too_long.get_json()["code"]) == (422, "invalid_request")


GOOD = Ledger().public_key
BAD_KEYS = {
    "empty": {},
    "another curve": {**GOOD, "crv": "P-384"},
    "another kind": {**GOOD, "kty": "RSA"},
    "a private key": {**GOOD, "d": GOOD["x"]},
    "not on the curve": {**GOOD, "x": GOOD["y"], "y": GOOD["x"]},
    "too short": {**GOOD, "x": GOOD["x"][:-4]},
    "not base64": {**GOOD, "x": "?" * 43},
    "not ASCII": {**GOOD, "x": "水" * 43},
    "a number": {**GOOD, "x": 7},
    "nothing": {**GOOD, "y": None},
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_a_key_that_is_none_is_refused(client: FlaskClient, people: People, key: dict[str, object]) -> None:
    body = body_for("zhang")
    body["device"]["public_key"] = key
    answer = client.post("/api/v1/session", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_key")


def test_a_wrong_field_is_named_by_its_path(client: FlaskClient, people: People) -> None:
    body = body_for("zhang")
    body["device"]["id"] = "Not-A-UUID"
    answer = client.post("/api/v1/session", json=body).get_json()
    assert [field["field"] for field in answer["fields"]] == ["device.id"]
    del body["device"]["name"], body["password"]
    answer = client.post("/api/v1/session", json=body).get_json()
    assert {field["field"] for field in answer["fields"]} == {"device.name", "password"}


def test_a_phone_of_before_gets_in_and_its_name_has_nothing_unseen_in_it(client: FlaskClient, people: People) -> None:
    body = body_for(people.zhang.username, PASSWORD)
    body["device"]["name"] = " Zhang\u202e\nphone\u200f "
    answer = client.post("/api/v1/session", json=body).get_json()
    assert answer["device"]["name"] == "Zhang phone"


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "x" * 300, "", 5, None, [], {}])
def test_a_strange_username_never_breaks_the_server(client: FlaskClient, people: People, value: object) -> None:
    body = {**body_for("zhang"), "username": value}
    answer = client.post("/api/v1/session", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (401, 422)
    body = {**body_for("zhang"), "password": value}
    answer = client.post("/api/v1/session", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (401, 422)


def test_signing_out_ends_the_session_for_good(client: FlaskClient, people: People) -> None:
    token = client.post("/api/v1/session", json=body_for("zhang")).get_json()["token"]
    out = client.delete("/api/v1/session")
    assert out.status_code == 204 and f"{APP_COOKIE}=;" in out.headers["Set-Cookie"]
    assert client.get("/api/v1/session", headers=bearer(token)).status_code == 401
    assert client.get("/api/v1/session").status_code == 401


def test_a_session_ends_when_it_was_not_used_for_long(app: APIFlask, client: FlaskClient, people: People) -> None:
    client.post("/api/v1/session", json=body_for("zhang"))
    with app.app_context(), writing() as connection:
        connection.execute(update(SessionToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    answer = client.get("/api/v1/session")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")


def test_use_prolongs_a_session(app: APIFlask, client: FlaskClient, people: People) -> None:
    client.post("/api/v1/session", json=body_for("zhang"))
    soon = utc_now() + timedelta(days=1)
    with app.app_context(), writing() as connection:
        long_ago = utc_now() - timedelta(days=80)
        connection.execute(update(SessionToken).values(expires_at=soon, last_used_at=long_ago))
    assert client.get("/api/v1/session").status_code == 200
    with app.app_context(), reading() as connection:
        assert connection.execute(select(SessionToken.expires_at)).scalar_one() > soon + timedelta(days=80)


CHANGES = (
    ("POST", "/api/v1/sync"), ("DELETE", "/api/v1/session"), ("POST", "/api/v1/session/device"),
    ("POST", "/api/v1/session/password"), ("POST", "/api/v1/sessions/others/ending"),
    ("POST", "/api/v1/sessions/x/ending"),
)  # fmt: skip
ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_another_site_cannot_use_the_cookie(
    client: FlaskClient, people: People, method: str, path: str, headers: dict[str, str]
) -> None:
    token = client.post("/api/v1/session", json=body_for("zhang")).get_json()["token"]
    refused = client.open(path, method=method, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "cross_origin")
    assert client.get("/api/v1/session", headers=headers).status_code == 200
    by_token = client.open(path, method=method, headers={**headers, **bearer(token)})
    assert by_token.status_code != 403


def test_another_site_cannot_sign_a_browser_in(client: FlaskClient, people: People) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/v1/session", json=body_for("zhang"), headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}], ids=str)
def test_our_own_pages_can(client: FlaskClient, people: People, headers: dict[str, str]) -> None:
    client.post("/api/v1/session", json=body_for("zhang"), headers=headers)
    assert client.delete("/api/v1/session", headers=headers).status_code == 204


def test_a_session_moves_to_a_new_device(client: FlaskClient, people: People) -> None:
    first, second = Ledger(), Ledger()
    signed_in = client.post("/api/v1/session", json=body_for("zhang", ledger=first)).get_json()
    device = body_for("zhang", ledger=second)["device"]
    moved = client.post("/api/v1/session/device", json={"device": device}, headers=bearer(signed_in["token"]))
    assert moved.status_code == 200
    told = moved.get_json()
    assert set(told) == FIELDS and told["device"]["id"] == second.device
    me = client.get("/api/v1/session", headers=bearer(told["token"])).get_json()
    assert me["device"]["id"] == second.device


def test_a_session_does_not_move_to_somebody_elses_device(client: FlaskClient, people: People) -> None:
    theirs = Ledger()
    client.post("/api/v1/session", json=body_for("li", ledger=theirs))
    token = client.post("/api/v1/session", json=body_for("zhang")).get_json()["token"]
    device = body_for("zhang", ledger=theirs)["device"]
    moved = client.post("/api/v1/session/device", json={"device": device}, headers=bearer(token))
    assert (moved.status_code, moved.get_json()["code"]) == (409, "device_taken")


def test_wrong_passwords_are_told_by_the_sign_in_that_begins_a_session(client: FlaskClient, people: People) -> None:
    theirs = Ledger()
    client.post("/api/v1/session", json=body_for("li", ledger=theirs))
    client.post("/api/v1/session", json=body_for("zhang", "guess"))
    refused = client.post("/api/v1/session", json=body_for("zhang", ledger=theirs))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "device_taken")
    no_entry = client.post("/office/sign-in", data={"username": "zhang", "password": PASSWORD})
    assert no_entry.status_code == 403
    told = [client.post("/api/v1/session", json=body_for("zhang")).get_json()["wrong_passwords"] for _ in range(2)]
    assert told == [1, 0]


def test_of_two_sign_ins_at_once_one_tells_of_the_wrong_passwords(app: APIFlask, people: People) -> None:
    for _ in range(3):
        app.test_client().post("/api/v1/session", json=body_for("zhang", "guess"))
    start = threading.Barrier(2)

    def sign_in(_: int) -> int:
        start.wait(PATIENCE_S)
        told: int = app.test_client().post("/api/v1/session", json=body_for("zhang")).get_json()["wrong_passwords"]
        return told

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(sign_in, range(2))) == [0, 3]


def test_wrong_passwords_are_still_told_after_a_sign_in_that_did_not_commit(
    client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/api/v1/session", json=body_for("zhang", "guess"))
    with monkeypatch.context() as broken:
        broken.setattr("server.api.session._shown", lambda *_: 1 / 0)
        assert client.post("/api/v1/session", json=body_for("zhang")).status_code == 500
    assert client.post("/api/v1/session", json=body_for("zhang")).get_json()["wrong_passwords"] == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_a_token_of_nobody_is_not_signed_in(client: FlaskClient, people: People, token: str) -> None:
    client.post("/api/v1/session", json=body_for("zhang"))
    answer = client.get("/api/v1/session", headers=bearer(token))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
