"""A day on which a technician with developer tools cheats, and what the supervisor sees of it.

The server is the real one, behind real HTTP; only its clock is moved by the story. The technician uses the reference
client: they hold their own key, and may write any line with any clock, place and bytes. What the server has received
and keys of other devices are out of their reach.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask.testing import FlaskClient

from server.evidence.report import digest, report_of
from tests.conftest import TestPerson
from tests.reference_client import Client, Json, Ledger, uuid7
from tests.server.office.scene import STROKES, Scene

LANGUAGES: Final = ("zh-CN", "en")


def moment(scene: Scene, clock: str) -> datetime:
    """ "HH:MM" or "HH:MM:SS" of the day."""
    return datetime.fromisoformat(f"{scene.day.date()}T{clock.zfill(5)}").replace(tzinfo=scene.day.tzinfo)


@dataclass
class Phone(Ledger):
    """The ledger of a phone whose clocks go right, as long as nobody turns them."""

    scene: Scene | None = None
    booted: datetime | None = None
    turned: Json | None = None

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The app starts anew: another run, whose running time begins now."""
        assert self.scene is not None
        self.run, self.booted = uuid7(), self.scene.now

    def showing(self, clock: str) -> Json:
        """What the phone's clocks would show, or would have shown, at "HH:MM"."""
        assert self.scene is not None
        return self._reading(moment(self.scene, clock))

    def clocks(self) -> Json:
        """What the clocks show, or what they were turned to."""
        assert self.scene is not None
        return self.turned or self._reading(self.scene.now)

    def _reading(self, at: datetime) -> Json:
        assert self.booted is not None
        mono = (at - self.booted).total_seconds() * 1000
        return {"wall": at.isoformat(timespec="milliseconds"), "mono": mono, "run": self.run}

    @contextmanager
    def clocks_turned(self, **to: Any) -> Iterator[None]:
        """For a while the clocks show something else: `wall`, `mono`, `run` in place of what they show now."""
        self.turned = self.clocks() | to
        yield
        self.turned = None

    @contextmanager
    def as_at(self, clock: str) -> Iterator[None]:
        """Developer tools: for a while all clocks show what they would have shown at "HH:MM"."""
        with self.clocks_turned(**self.showing(clock)):
            yield

    def chain(self, lines: list[Json]) -> None:
        """Developer tools: these are the ledger's lines, numbered and chained anew."""
        self.lines = []
        for line in lines:
            prev = hashlib.sha256(self.lines[-1].encode()).hexdigest() if self.lines else "0" * 64
            anew = line | {"device": self.device, "seq": len(self.lines) + 1, "prev": prev}
            self.lines.append(packed(anew))


def packed(line: Json) -> str:
    """A line's text."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


class Technician(Client):
    """Somebody with developer tools; records nothing but what they choose."""

    ledger: Phone

    def __init__(self, server: str, scene: Scene, person: TestPerson) -> None:
        super().__init__(server, Phone(scene=scene))
        self.scene, self.me = scene, person
        self.sign_in(person.username, person.password)
        self.sync()

    def new_ledger(self) -> Phone:
        """A fresh device."""
        return Phone(scene=self.scene)

    def outcome(self, operation: str) -> tuple[str, str | None]:
        """What the server answered: status and reason."""
        told = self.outcomes[operation]
        return told["status"], told["reason"]

    def order(self, order: str) -> Json:
        """The order as this phone has it."""
        body: Json = self.held_documents("work_order")[order]["body"]
        return body

    def arrive(self, order: str, position: Json | None, seen: int | None = 1, **more: Any) -> str:
        """An arrival; not sent yet."""
        return self.write("arrival.record", order, {"arrival": uuid7(), "position": position, **more}, seen)

    def add_material(self, order: str, price: int = 18500) -> str:
        """A part that was used; the line's id."""
        line = uuid7()
        data = {"line": line, "part": None, "name": "机械密封", "unit": "套", "quantity": "1", "source": "van"}
        self.write("material.add", order, data | {"unit_price": price})
        return line

    def report(self, order: str) -> Json:
        """The report as the app would show it now."""
        return report_of(self.order(order), "zh-CN", {self.me.id: self.me.name}, "CNY")

    def signature(self, report: Json, **more: Any) -> Json:
        """The data of a signature under a report; `more` replaces members."""
        text = json.dumps(report, ensure_ascii=False)
        return {
            "signature": uuid7(), "report": text, "sha256": digest(text),
            "signer": {"name": "王先生", "role": "owner"}, "box": {"width": 480, "height": 180}, "strokes": STROKES,
            "rating": None, "consent": "我已阅读并同意以上内容。", "position": self.fix(),
        } | more  # fmt: skip

    def sign(self, order: str, **more: Any) -> str:
        """The customer signs what the app shows; not sent yet."""
        return self.write("signature.record", order, self.signature(self.report(order), **more))

    def fix(self, east_m: float = 8.0, north_m: float = 7.5, **more: Any) -> Json:
        """A position of this moment by this phone's clock, `age_s` 0 and inside the site's circle of 80 m."""
        place = self.scene.fix("0:00", east_m, north_m, age_s=0.0)
        return place | {"fixed_at": self.ledger.clocks()["wall"]} | more

    def take_photo(self, order: str, content: bytes, deliver: bool = True, **more: Any) -> str:
        """Record a photo and send it, with its content unless that is kept back; the record's id."""
        photo = uuid7()
        data = {
            "photo": photo, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
            "media_type": "image/jpeg", "purpose": "after", "taken_at": self.ledger.clocks()["wall"],
        }  # fmt: skip
        self.write("photo.add", order, data | more)
        self.sync()
        if deliver:
            self.upload(content, "image/jpeg")
        return photo


@dataclass
class Supervisor:
    """What a supervisor sees: documents as the office reads them, and the office's pages in both languages."""

    client: Client
    browser: Callable[[], FlaskClient]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def order(self, order: str) -> Json:
        """The document."""
        body: Json = self.client.call("GET", f"/api/v1/work-orders/{order}").json()["body"]
        return body

    def arrival(self, order: str) -> Json:
        """The last arrival that came in."""
        found: Json = self.order(order)["arrivals"][-1]
        return found

    def photo(self, order: str, photo: str) -> Json:
        """A photo's record."""
        found: Json = next(each for each in self.order(order)["photos"] if each["id"] == photo)
        return found

    def signature(self, order: str) -> Json:
        """The last signature that came in."""
        found: Json = self.order(order)["signatures"][-1]
        return found

    def held(self) -> list[tuple[str, str | None]]:
        """What waits in the inbox: for which reason, and which problem the detail names."""
        items = self.client.call("GET", "/api/v1/held").json()["items"]
        return [(item["reason"], item["detail"].get("problem")) for item in items]

    def history(self, order: str) -> list[str]:
        """The kinds of all operations that came in on the order."""
        items = self.client.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
        return [item["kind"] for item in items]

    def page(self, order: str, language: str = "en") -> str:
        """The order's page."""
        return self.get(f"/office/orders/{order}", language)

    def get(self, path: str, language: str = "en") -> str:
        """Any page of the office."""
        if language not in self.browsers:
            self.browsers[language] = self.browser()
            self.browsers[language].set_cookie("undercroft_office_language", language, path="/office")
        answer = self.browsers[language].get(path)
        assert answer.status_code == 200
        return answer.text

    def remarks(self, order: str, language: str = "en") -> list[str]:
        """Every remark on the order's page that something is odd or differs, in its order."""
        return remarks_on(self.page(order, language))

    def reads(self, order: str, chinese: str, english: str) -> None:
        """Fails unless the order's page says both, each in its language."""
        for language, words in zip(LANGUAGES, (chinese, english), strict=True):
            text = read(self.page(order, language))
            assert words in text, f"{words!r} is not on the page"

    def sees_nothing_odd(self, order: str) -> None:
        """Fails where the page or the inbox makes anything of the order: no remark, nothing to decide, nothing held,
        and no hint, flag or conflict in the document."""
        body = self.order(order)
        records = [*body["arrivals"], *body["photos"], *body["signatures"]]
        assert [hint for record in records for hint in record["hints"]] == []
        assert (body["flags"], body["conflicts"], self.held()) == ([], [], [])
        page = self.page(order)
        assert (remarks_on(page), 'id="attention"' in page) == ([], False)


def remarks_on(page: str) -> list[str]:
    """The remarks on a page of the office."""
    found = re.findall(r'<(p|div) class="claimed">(.*?)</\1>', page, re.DOTALL)
    return [read(text) for _, text in found]


def read(page: str) -> str:
    """What stands on a page for somebody who reads it: without tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def codes(reasons: list[Json]) -> list[str]:
    """Their codes."""
    return [reason["code"] for reason in reasons]
