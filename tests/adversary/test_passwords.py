"""Somebody without a password: guessing, keeping the owner out, and making the server work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from apiflask import APIFlask
from argon2.exceptions import VerificationError
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from server import password_hashes
from server.database import db, reading, writing
from server.models import Device, SignInAttempt, WrongPassword
from server.passwords import LONGEST
from tests.adversary.results import result
from tests.conftest import PASSWORD, People
from tests.reference_client import Ledger, uuid7

HERE, ELSEWHERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.2"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged here is who may try, not how a password is hashed."""
    monkeypatch.setattr(password_hashes, "HASHER", Plain())


class Plain:
    """Stands for argon2: the password is right or it is not."""

    def verify(self, password_hash: str, password: str) -> bool:
        if password != PASSWORD:
            raise VerificationError
        return True

    def check_needs_rehash(self, password_hash: str) -> bool:
        return False


def device() -> dict[str, Any]:
    """A phone that nobody knows yet."""
    ledger = Ledger(uuid7())
    return {"id": ledger.device, "name": "phone", "public_key": ledger.public_key}


STRANGE = device()


def on_phone(
    client: FlaskClient, password: str, where: dict[str, str], phone: dict[str, Any] = STRANGE, name: str = "zhang"
) -> Any:
    """A sign-in of the app."""
    sent = {"username": name, "password": password, "device": phone}
    return client.post("/api/v1/session", json=sent, environ_overrides=where)


def in_office(client: FlaskClient, password: str, where: dict[str, str]) -> Any:
    """A sign-in at the office's page, as the supervisor."""
    return client.post("/office/sign-in", data={"username": "wang", "password": password}, environ_overrides=where)


def counted() -> int:
    """All tries that count against anybody now."""
    with reading() as connection:
        return int(connection.scalar(select(func.sum(SignInAttempt.failures))) or 0)


@result("proven false")
def test_an_address_that_is_refused_keeps_the_account_from_nobody_else(
    client: FlaskClient, people: People, app: APIFlask
) -> None:
    for n in range(60):
        on_phone(client, "guess", HERE, name=f"name {n}")
    with app.app_context():
        before = counted()
        written: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: written.append(told[2]))
    assert {on_phone(client, "guess", HERE).status_code for _ in range(12)} == {429}
    assert [one for one in written if not one.startswith(("SELECT", "BEGIN"))] == [], "it costs a read"
    with app.app_context():
        assert counted() == before
    assert on_phone(client, PASSWORD, ELSEWHERE).status_code == 200


@result("proven false")
def test_many_at_once_get_no_try_more_than_is_allowed(client: FlaskClient, people: People, app: APIFlask) -> None:
    def guess(n: int) -> int:
        status: int = on_phone(app.test_client(), f"guess {n}", {"REMOTE_ADDR": f"192.0.2.{n}"}).status_code
        return status

    for n in range(8):
        guess(n)
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(guess, range(10, 18)))
    assert sorted(statuses) == [401, 401, *[429] * 6]


@result("proven false")
def test_strangers_who_hammer_an_account_keep_its_phone_out(client: FlaskClient, people: People) -> None:
    own = device()
    assert on_phone(client, PASSWORD, ELSEWHERE, own).status_code == 200
    for _ in range(10):
        on_phone(client, "guess", HERE)
    assert on_phone(client, PASSWORD, ELSEWHERE).status_code == 429
    told = on_phone(client, PASSWORD, ELSEWHERE, own)
    assert told.status_code == 200 and told.get_json()["wrong_passwords"] == 10
    assert on_phone(client, PASSWORD, ELSEWHERE, own).get_json()["wrong_passwords"] == 0


@result("proven false")
def test_somebody_elses_phone_or_its_id_alone_gives_more_tries(client: FlaskClient, people: People) -> None:
    own, others = device(), device()
    assert on_phone(client, PASSWORD, ELSEWHERE, own).status_code == 200
    assert on_phone(client, PASSWORD, ELSEWHERE, others, "li").status_code == 200
    for _ in range(10):
        on_phone(client, "guess", HERE)
    assert on_phone(client, "guess", HERE, others).status_code == 429
    assert on_phone(client, "guess", HERE, {**own, "public_key": others["public_key"]}).status_code == 429


@result("proven false")
def test_ids_and_keys_of_an_accounts_phones_give_tries_without_end(client: FlaskClient, people: People) -> None:
    phones = [device() for _ in range(4)]
    for phone in phones:
        assert on_phone(client, PASSWORD, ELSEWHERE, phone).status_code == 200
    statuses = [on_phone(client, "guess", HERE, phone).status_code for phone in phones for _ in range(11)]
    assert statuses == [*[*[401] * 10, 429] * 3, *[429] * 11]


@result("proven false")
def test_a_phone_that_only_a_file_knows_gives_more_tries(client: FlaskClient, people: People, app: APIFlask) -> None:
    phones = {known_by: device() for known_by in ("session", "file", "claim")}
    for known_by, phone in phones.items():
        assert on_phone(client, PASSWORD, ELSEWHERE, phone).status_code == 200
        with app.app_context(), writing() as connection:
            connection.execute(update(Device).where(Device.id == phone["id"]).values(known_by=known_by))
    for _ in range(10):
        on_phone(client, "guess", HERE)
    statuses = {known_by: on_phone(client, "guess", HERE, phone).status_code for known_by, phone in phones.items()}
    assert statuses == {"session": 401, "file": 429, "claim": 429}


@result("proven false")
def test_cookies_of_an_accounts_browsers_give_tries_without_end(people: People, app: APIFlask) -> None:
    browsers = [app.test_client() for _ in range(4)]
    for browser in browsers:
        assert in_office(browser, PASSWORD, ELSEWHERE).status_code == 303
    statuses = [in_office(browser, "guess", HERE).status_code for browser in browsers for _ in range(11)]
    assert statuses == [*[*[401] * 10, 429] * 3, *[429] * 11]


@result("proven false")
def test_strangers_who_hammer_an_account_keep_its_browser_out(
    client: FlaskClient, people: People, app: APIFlask
) -> None:
    assert in_office(client, PASSWORD, ELSEWHERE).status_code == 303
    stranger = app.test_client()
    for _ in range(10):
        in_office(stranger, "guess", HERE)
    refused = in_office(stranger, PASSWORD, HERE)
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 901
    stranger.set_cookie("undercroft_office_known", "WyJ4IiwieSJd.forged", path="/office/sign-in")
    assert in_office(stranger, PASSWORD, HERE).status_code == 429
    assert in_office(client, PASSWORD, ELSEWHERE).status_code == 303
    assert "10 次" in client.get("/office/").text


@result("proven false")
def test_an_account_is_hammered_and_the_office_does_not_see_it(client: FlaskClient, people: People) -> None:
    for n in range(4):
        on_phone(client, "guess", HERE if n else ELSEWHERE)
    in_office(client, PASSWORD, HERE)
    page = client.get("/office/people", headers={"Accept-Language": "zh-CN"}).text
    assert f"{people.zhang.name}：" in page and "共 4 次，来自 2 个地址" in page
    assert HERE["REMOTE_ADDR"] not in page


@pytest.fixture
def all_are_hashing() -> Iterator[None]:
    """Every place of this process where a password is hashed is taken."""
    go, begun = threading.Event(), threading.Barrier(password_hashes.AT_ONCE + 1)

    def hold() -> None:
        begun.wait(10)
        go.wait(10)

    held = [password_hashes.HASHING.submit(hold) for _ in range(password_hashes.AT_ONCE)]
    begun.wait(10)
    yield
    go.set()
    for one in held:
        one.result()


@pytest.mark.usefixtures("all_are_hashing")
@result("proven false")
def test_the_turn_of_a_password_does_not_come_and_the_try_counts(
    client: FlaskClient, people: People, app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashes, "PATIENCE_S", 0.01)
    for answer in (on_phone(client, "guess", HERE), in_office(client, "guess", HERE)):
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    with app.app_context():
        assert counted() == 0


@result("proven false")
def test_waiting_sign_ins_take_every_thread_from_the_phones(people: People, app: APIFlask) -> None:
    go, lock, inside = threading.Event(), threading.Lock(), []

    class Slow(Plain):
        def verify(self, password_hash: str, password: str) -> bool:
            with lock:
                inside.append(password)
            go.wait(10)
            return super().verify(password_hash, password)

    password_hashes.HASHER = Slow()  # type: ignore[misc, assignment]  # the fixture puts it back

    def guess(n: int) -> int:
        status: int = on_phone(
            app.test_client(), "guess", {"REMOTE_ADDR": f"192.0.2.{n}"}, name=f"name {n}"
        ).status_code
        if status == 503:
            refused.release()
        return status

    refused = threading.Semaphore(0)
    with ThreadPoolExecutor(20) as threads:
        answers = threads.map(guess, range(20))
        for _ in range(4):
            assert refused.acquire(timeout=10)
        assert len(inside) <= password_hashes.AT_ONCE
        go.set()
        assert sorted(answers) == [*[401] * 16, *[503] * 4]


@result("proven false")
def test_a_password_of_megabytes_is_hashed(
    client: FlaskClient, people: People, app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_hashes, "HASHER", None)
    assert in_office(client, "x" * (LONGEST + 1), HERE).status_code == 401
    assert on_phone(client, "x" * (LONGEST + 1), HERE).status_code == 422
    with pytest.raises(ValueError, match="1024"):
        password_hashes.hash_password("x" * (LONGEST + 1))
    with app.app_context(), reading() as connection:
        assert connection.scalar(select(func.count()).select_from(WrongPassword)) == 0
