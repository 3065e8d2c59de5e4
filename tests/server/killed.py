"""Who talks to a server while it is killed, beside those who write lines: somebody who sends photos, and somebody who
changes the password again and again."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from server.database import reading
from server.keeping.check import check_photos
from server.models import Person, PhotoContent, PhotoDelivery, SessionToken
from server.password_hashes import matches
from server.photos import Room
from server.services import services
from tests.conftest import TestPerson
from tests.reference_client import TUS, Client, Refused, uuid7

PIECE = 4_000


def a_photo(rng: random.Random) -> bytes:
    """A JPEG that no other is like."""
    out = io.BytesIO()
    Image.frombytes("RGB", (72, 64), rng.randbytes(72 * 64 * 3)).save(out, "JPEG", quality=95)
    return out.getvalue()


@dataclass
class Sender:
    """Somebody whose phone sends one photo after the other, and may forget each once the server says that it is
    whole."""

    client: Client
    rng: random.Random
    content: bytes = b""
    place: str = ""
    forgotten: set[str] = field(default_factory=set)

    def talk(self, answered: threading.Event) -> None:
        """Send until the server is gone; after a start go on with what was under way."""
        while True:
            try:
                self.send_one()
            except requests.RequestException:
                return
            answered.set()

    def send_one(self) -> None:
        """The photo under way, or a new one, to its end; raises RequestException where the server is gone."""
        self.content = self.content or a_photo(self.rng)
        if not self.place or not self._goes_on():
            self.place = self.client.upload(self.content, "image/jpeg", stop_after=0).removeprefix(self.client.server)
        self.client.resume(self.place, self.content, PIECE)
        self.forgotten.add(hashlib.sha256(self.content).hexdigest())
        self.content, self.place = b"", ""

    def _goes_on(self) -> bool:
        try:
            self.client.call("HEAD", self.place, headers=TUS)
        except Refused as refused:
            assert refused.status == 404
            return False
        return True

    def assert_kept(self, when: str) -> None:
        """What the phone has forgotten is in the store, byte for byte, and written down as delivered."""
        delivered = select(PhotoContent.sha256).join(PhotoDelivery, PhotoDelivery.sha256 == PhotoContent.sha256)
        with reading() as connection:
            known = connection.execute(delivered.where(PhotoContent.state == "stored")).scalars().all()
            assert list(check_photos(connection, services().photos)) == [], when
        assert self.forgotten <= set(known), when
        for sha256 in known:
            with services().photos.open(Room.ORIGINAL, sha256) as content:
                assert hashlib.file_digest(content, "sha256").hexdigest() == sha256, when


@dataclass
class Changer:
    """Somebody who changes their password without end; of the last change they may not have heard the answer."""

    client: Client
    person: TestPerson
    password: str
    wanted: str = ""
    ended: list[str] = field(default_factory=list)

    def talk(self, answered: threading.Event) -> None:
        """Change it until the server is gone."""
        while True:
            try:
                self.come_back()
                self.change()
            except requests.RequestException:
                return
            answered.set()

    def change(self) -> None:
        """Change it once; all sessions but the one in the answer are over then."""
        self.wanted = uuid7()
        sent = {"old": self.password, "new": self.wanted}
        answer = self.client.call("POST", "/api/v1/session/password", json=sent).json()
        self.ended.append(self.client.token)
        self.password, self.wanted, self.client.token = self.wanted, "", answer["token"]

    def assert_whole(self, asked: Callable[[], FlaskClient], when: str) -> None:
        """The password is the old one and its session goes on, or it is the new one and no earlier session does."""
        with reading() as connection:
            kept = connection.execute(select(Person.password_hash).where(Person.id == self.person.id)).scalar_one()
            of_them = (SessionToken.person_id == self.person.id) & SessionToken.ended.is_(None)
            living = connection.execute(select(func.count()).select_from(SessionToken).where(of_them)).scalar_one()
        is_new = matches(kept, self.wanted)
        assert is_new or matches(kept, self.password), when
        # Beside it there may be that of a sign-in whose answer was not heard.
        assert living == 1 or (living > 1 and not is_new), when
        answers = [self._status(asked(), token) for token in self.ended[-3:]]
        assert answers == [401] * len(answers), when
        if self.client.token:
            assert self._status(asked(), self.client.token) == (401 if is_new else 200), when
        if is_new:
            self.ended.append(self.client.token)
            self.password, self.wanted, self.client.token = self.wanted, "", ""

    def come_back(self) -> None:
        """After a start: sign in where the answer with the new session was not heard."""
        if not self.client.token:
            self.client.sign_in(self.person.username, self.password)

    @staticmethod
    def _status(browser: FlaskClient, token: str) -> int:
        return browser.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code
