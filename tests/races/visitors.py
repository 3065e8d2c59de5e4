"""Who comes to a server whose clock jumps: phones, desks in the office, and uploads, over HTTP."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, TestPerson
from tests.reference_client import TUS, Ledger, uuid7

HERE: Final = {"REMOTE_ADDR": "192.0.2.1"}


def phone_of(person: TestPerson, password: str = PASSWORD) -> dict[str, Any]:
    """What a phone that nobody knows yet sends to sign in."""
    ledger = Ledger(uuid7())
    device = {"id": ledger.device, "name": "phone", "public_key": ledger.public_key}
    return {"username": person.username, "password": password, "device": device}


def signed_in(client: FlaskClient, person: TestPerson) -> str:
    """A new session's token."""
    answer = client.post("/api/v1/session", json=phone_of(person), environ_overrides=HERE)
    assert answer.status_code == 200, answer.json
    return str(answer.json["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def lives(client: FlaskClient, token: str) -> bool:
    """Whether the app's session is one."""
    return client.get("/api/v1/session", headers=bearer(token)).status_code == 200


class Desk:
    """A browser in the office."""

    def __init__(self, app: APIFlask, person: TestPerson) -> None:
        self.browser = app.test_client()
        form = {"username": person.username, "password": PASSWORD}
        assert self.browser.post("/office/sign-in", data=form).status_code == 303

    def lives(self) -> bool:
        """Whether its session is one."""
        return self.browser.get("/office/people").status_code == 200

    def page(self) -> str:
        """The page of people and devices."""
        return self.browser.get("/office/people", headers={"Accept-Language": "en"}).text

    def believe(self) -> int:
        """Say that the clock is right; the answer's status."""
        return self.browser.post("/office/clock", data={"confirmed": "yes"}).status_code


def begin_upload(client: FlaskClient, token: str) -> str:
    """Where half of a photo is."""
    sha256 = uuid7().replace("-", "") * 2
    said = {"sha256": sha256, "media_type": "image/jpeg"}
    metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())
    headers = bearer(token) | TUS | {"Upload-Length": "8", "Upload-Metadata": metadata}
    begun = client.post("/api/v1/uploads", headers=headers)
    assert begun.status_code == 201, begun.text
    going_on = bearer(token) | TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert client.patch(begun.headers["Location"], headers=going_on, data=b"half").status_code == 204
    return begun.headers["Location"]


def offset(client: FlaskClient, token: str, place: str) -> tuple[int, str | None]:
    """How much is there, with the answer's status."""
    answer = client.head(place, headers=bearer(token) | TUS)
    return answer.status_code, answer.headers.get("Upload-Offset")
