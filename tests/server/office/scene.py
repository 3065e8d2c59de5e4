"""A morning at a small company, made of real operations: what the office's pages are looked at with."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIFlask
from sqlalchemy import insert

from server.clock_witness import load
from server.database import reading, writing
from server.evidence.report import digest, report_of
from server.models import Asset, Customer, Site
from server.office.queries import queries
from server.photos.arrival import hash_of, keep, record_content
from server.rules.search import findable
from server.services import services
from server.steady_clock import SteadyClock
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.ledgers.outcome import Outcome
from server.sync.store.people import add_person
from tests.server.sync.phone import Phone, new_id

ZONE = ZoneInfo("Asia/Shanghai")
PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
LATITUDE, LONGITUDE = 25.2800, 110.2900
STROKES = [
    [[40 + 6 * step, 90 + 30 * ((step % 5) - 2), step * 40, 0.5] for step in range(30)],
    [[240 + 4 * step, 60 + 2 * step, 1400 + step * 30, 0.6] for step in range(24)],
]


@dataclass
class Scene:
    """A company on its database, with a clock that the story moves."""

    app: APIFlask
    password_hash: str
    day: datetime = field(default_factory=lambda: datetime(2026, 11, 24, tzinfo=ZONE))
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 7, 30, tzinfo=ZONE))
    ids: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)  # Any: a reading of a phone's clocks

    def __post_init__(self) -> None:
        known = self.app.extensions["undercroft"]
        # Time passes as the story says: the machine runs, and nobody sets its clock.
        clock = SteadyClock(load, lambda: (self.now - self.day).total_seconds(), "the story")
        self.app.extensions["undercroft"] = dataclasses.replace(known, now=lambda: self.now, clock=clock)

    def at(self, clock: str) -> Scene:
        """Move the server's clock to "HH:MM" of the day."""
        hours, minutes = clock.split(":")
        self.now = self.day + timedelta(hours=int(hours), minutes=int(minutes))
        return self

    def person(self, username: str, name: str, role: str) -> str:
        """Somebody who can sign in; technicians get a phone that has been in contact now."""
        with writing() as connection:
            self.ids[username] = add_person(connection, username, name, role, self.password_hash, self.now)
        if role == "technician":
            phone = Phone(self.ids[username], now=self.now).register()
            self.phones[username] = phone
            self.contact(username)
        return self.ids[username]

    def site(
        self,
        number: str,
        customer: str,
        name: str,
        contract: str | None = "equipment",
        phone: str = "13900001111",
        placed: bool = True,
    ) -> tuple[str, str, str]:
        """A customer with one site (WGS-84, 80 m) and one asset there; their ids."""
        customer_id, site_id, asset_id = new_id(), new_id(), new_id()
        with writing() as connection:
            connection.execute(
                insert(Customer).values(
                    words=findable([f"KH{number}", customer, phone]),
                    id=customer_id,
                    number=f"KH{number}",
                    name=customer,
                    contact_name=customer,
                    phone=phone,
                    contract=contract,
                )
            )
            connection.execute(
                insert(Site).values(
                    words=findable([f"DD{number}", name, f"{name} 1号"]),
                    id=site_id,
                    number=f"DD{number}",
                    customer_id=customer_id,
                    name=name,
                    address=f"{name} 1号",
                    latitude=LATITUDE if placed else None,
                    longitude=LONGITUDE if placed else None,
                    datum="WGS-84" if placed else None,
                    radius_m=80.0,
                    access="B2",
                )
            )
            connection.execute(
                insert(Asset).values(
                    words=findable([f"SB{number}", "生活水泵", "格兰富", "CR32-4", f"G{number}"]),
                    id=asset_id,
                    number=f"SB{number}",
                    site_id=site_id,
                    name="生活水泵",
                    brand="格兰富",
                    model="CR32-4",
                    serial=f"G{number}",
                    warranty_category="供应设备",
                    accepted_on=self.day.date() - timedelta(days=700),
                )
            )
        return customer_id, site_id, asset_id

    def office(
        self, username: str, kind: str, target: str, data: dict[str, Any], seen: int | None = None
    ) -> Outcome:  # Any: JSON
        """Somebody in the office writes one operation."""
        with writing() as connection:
            operation = NewOperation(kind, target, data, seen)
            return write(connection, services().pen, self.ids[username], [operation], self.now)[0]

    def open(
        self,
        by: str,
        fault: str,
        place: tuple[str, str, str] | None,
        technician: str | None,
        window: tuple[str, str] | None,
        **more: Any,
    ) -> str:  # Any: JSON
        """A work order reported now; its id."""
        order_id = new_id()
        data: dict[str, Any] = {
            "kind": "repair",
            "fault": fault,
            "channel": "phone",
            "contact": {"name": "王先生", "phone": "13811110000"},
        }
        if place:
            data |= {"customer": place[0], "site": place[1], "asset": place[2]}
        if technician:
            data["assignees"] = [self.ids[technician]]
        if window:
            start, end = (self.day + timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in window)
            data["window"] = {"start": start.isoformat(), "end": end.isoformat()}
        outcome = self.office(by, "order.open", order_id, data | more)
        assert outcome.status == "applied", outcome
        return order_id

    def contact(self, username: str) -> list[dict[str, Any]]:  # Any: JSON
        """The phone exchanges with the server now; outcomes."""
        phone = self.phones[username]
        phone.now = max(phone.now, self.now)
        outcomes: list[dict[str, Any]] = []
        more = True
        while more:
            answer = phone.send(phone.request())
            self.heard[username] = phone.at()
            outcomes += answer["outcomes"]
            more = answer["more"]
        return outcomes

    def note(
        self, username: str, clock: str, kind: str, target: str, data: dict[str, Any], seen: int | None = None
    ) -> str:  # Any: JSON
        """The phone writes one line at "HH:MM" by its own clock, connected or not."""
        hours, minutes = clock.split(":")
        phone = self.phones[username]
        phone.now = self.day + timedelta(hours=int(hours), minutes=int(minutes))
        if phone.anchor is not None:
            token, phone.anchor = phone.anchor, None
            phone.write("anchor", None, {"anchor": token, "received": self.heard[username]})
        phone.now = self.day + timedelta(hours=int(hours), minutes=int(minutes))
        return phone.write(kind, target, data, seen)

    def fix(
        self, clock: str, east_m: float, north_m: float, accuracy_m: float = 8.0, age_s: float = 12.0
    ) -> dict[str, Any]:  # Any: JSON
        """A position east and north of every site's centre, fixed `age_s` before "HH:MM"."""
        hours, minutes = clock.split(":")
        at = self.day + timedelta(hours=int(hours), minutes=int(minutes)) - timedelta(seconds=age_s)
        return {
            "latitude": LATITUDE + north_m / 110_800,
            "longitude": LONGITUDE + east_m / 100_800,
            "accuracy_m": accuracy_m,
            "altitude_m": 150.0,
            "fixed_at": at.isoformat(),
            "age_s": age_s,
        }

    def deliver_photo(self, username: str, name: str) -> None:
        """The original's bytes come in now."""
        file = PHOTOS / name
        kept = keep(services().photos, file, hash_of(file), "image/jpeg")
        with writing() as connection:
            record_content(connection, kept, self.ids[username], self.now, services().company)

    def body(self, order_id: str) -> dict[str, Any]:  # Any: JSON
        """The document as it stands."""
        with reading() as connection:
            found = queries.order(connection, order_id)
        assert found is not None
        return found.body

    def version(self, order_id: str) -> int:
        """The document's version."""
        with reading() as connection:
            found = queries.order(connection, order_id)
        assert found is not None
        return found.version

    def sign(self, username: str, clock: str, order_id: str, **more: Any) -> None:  # Any: JSON
        """The customer signs what the phone shows; `more` replaces members of the data."""
        phone = self.phones[username]
        names = {identity: name for name, identity in self.ids.items()}
        report = json.dumps(report_of(phone.order(order_id), "zh-CN", names, "CNY"), ensure_ascii=False)
        self.note(
            username,
            clock,
            "signature.record",
            order_id,
            {
                "signature": new_id(),
                "report": report,
                "sha256": digest(report),
                "signer": {"name": "王先生", "role": "owner"},
                "box": {"width": 480, "height": 180},
                "strokes": STROKES,
                "rating": {"score": 5, "comment": "很快"},
                "consent": "我已阅读并同意以上内容。",
                **more,
            },
        )


def photo(name: str, purpose: str, taken_at: str) -> dict[str, Any]:  # Any: JSON
    """The data of photo.add for one of the sample photos."""
    file = PHOTOS / name
    return {
        "photo": new_id(),
        "sha256": hash_of(file),
        "size": file.stat().st_size,
        "media_type": "image/jpeg",
        "purpose": purpose,
        "taken_at": taken_at,
    }


def whole_job(scene: Scene, order_id: str, username: str = "liwei", photos: bool = False) -> None:
    """A technician takes the order at 8:44, does the job in a basement and comes up at 10:42.

    With `photos`, the originals of two of the three photos come in as well.
    """
    scene.at("8:44").contact(username)
    seen = scene.phones[username].documents[("work_order", order_id)]["version"]
    stamp = scene.day + timedelta(hours=9, minutes=40)
    note = scene.note
    note(username, "8:46", "order.stage", order_id, {"to": "accepted"}, seen)
    note(username, "8:50", "order.stage", order_id, {"to": "en_route"}, seen)
    note(
        username, "9:14", "arrival.record", order_id, {"arrival": new_id(), "position": scene.fix("9:14", 8, 7.5)}, seen
    )
    note(username, "9:15", "order.stage", order_id, {"to": "on_site"}, seen)
    note(username, "9:16", "order.stage", order_id, {"to": "working"}, seen)
    note(
        username,
        "9:31",
        "order.edit",
        order_id,
        {
            "changes": {
                "contact.phone": {"was": "13811110000", "now": "13911111111"},
                "diagnosis": {"was": "", "now": "机械密封磨损"},
                "cause": {"was": "unknown", "now": "wear"},
            }
        },
        seen,
    )
    for minute, (name, purpose) in enumerate(
        (("DSCN0010.jpg", "fault"), ("image00971.jpg", "nameplate"), ("portrait_6.jpg", "after"))
    ):
        note(username, f"9:{40 + minute}", "photo.add", order_id, photo(name, purpose, stamp.isoformat()), seen)
    note(
        username,
        "9:52",
        "material.add",
        order_id,
        {
            "line": new_id(),
            "part": "PJ0001",
            "name": "机械密封 CR32",
            "unit": "套",
            "quantity": "1",
            "unit_price": 18500,
            "source": "van",
        },
        seen,
    )
    note(
        username,
        "10:05",
        "labour.add",
        order_id,
        {"line": new_id(), "name": "水泵检修", "unit": "次", "quantity": "1", "unit_price": 12000},
        seen,
    )
    note(
        username,
        "10:10",
        "order.edit",
        order_id,
        {"changes": {"work_done": {"was": "", "now": "更换机械密封，试运行正常"}}},
        seen,
    )
    # The report that is signed is what the phone shows: it needs the phone's own view of the order.
    scene.at("10:12").contact(username)
    scene.sign(username, "10:18", order_id)
    note(
        username,
        "10:20",
        "departure.record",
        order_id,
        {"departure": new_id(), "position": scene.fix("10:20", 12, 2)},
        seen,
    )
    note(username, "10:21", "order.stage", order_id, {"to": "finished"}, seen)
    scene.at("10:42").contact(username)
    if photos:
        scene.deliver_photo(username, "DSCN0010.jpg")
        scene.deliver_photo(username, "image00971.jpg")
