"""A phone without a network: it writes lines into a real ledger and hands batches straight to the exchange."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from sqlalchemy import insert
from uuid_utils import uuid7

from server.database import reading, write, writing
from server.evidence.time_bounds import Reading
from server.models import Device
from server.services import services, utc_now
from server.sync.apply import Author
from server.sync.exchange.exchange import Request, exchange
from server.sync.ledgers.ledger import sign
from server.sync.ledgers.line import FIRST_PREV, hash_of
from server.sync.ledgers.office_keys import public_jwk


def new_id() -> str:
    """A fresh id."""
    return str(uuid7())


@dataclass
class Phone:
    """One device of one person; `lines` is its whole ledger, `sent_to` what the server acknowledged."""

    person_id: str
    role: str = "technician"
    id: str = field(default_factory=new_id)
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    lines: list[bytes] = field(default_factory=list)
    acknowledged: int = 0
    cursors: dict[str, int] = field(default_factory=dict)
    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    anchor: str | None = None
    now: datetime = field(default_factory=utc_now)
    run: str = field(default_factory=new_id)
    epoch: str | None = None

    def register(self) -> Phone:
        """Make the device known to the server."""
        with writing() as connection:
            connection.execute(
                insert(Device).values(
                    id=self.id,
                    person_id=self.person_id,
                    kind="phone",
                    name="phone",
                    public_key=public_jwk(self.key),
                    created_at=self.now,
                )
            )
        return self

    def at(self) -> dict[str, Any]:
        """A reading of its clocks."""
        return {
            "wall": self.now.isoformat(timespec="milliseconds"),
            "mono": self.now.timestamp() * 1000,
            "run": self.run,
        }

    def write(self, kind: str, target: str | None, data: dict[str, Any], seen: int | None = None, **other: Any) -> str:
        """Append an operation, after the newest anchor; returns its id. `other` replaces fields of the line."""
        if self.anchor is not None and kind != "anchor":
            token, self.anchor = self.anchor, None
            self.write("anchor", None, {"anchor": token})
        self.now += timedelta(seconds=1)
        line: dict[str, Any] = {
            "v": 1,
            "id": new_id(),
            "device": self.id,
            "seq": len(self.lines) + 1,
            "prev": hash_of(self.lines[-1]) if self.lines else FIRST_PREV,
            "at": self.at(),
            "kind": kind,
        }
        if target is not None:
            line["target"] = target
        if seen is not None:
            line["seen"] = seen
        line |= {"data": data} | other
        self.lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())
        return str(line["id"])

    def request(self, first: int | None = None, last: int | None = None) -> Request:
        """The lines from `first` (default: after the acknowledged ones) to `last`, signed."""
        first = self.acknowledged + 1 if first is None else first
        lines = self.lines[first - 1 : last]
        signature = sign(self.key, lines[-1]) if lines else None
        sent = Reading(self.now, self.now.timestamp() * 1000, self.run)
        return Request(self.id, self.epoch, first, lines, signature, sent, dict(self.cursors))

    def send(self, request: Request) -> dict[str, Any]:
        """Hand `request` to the exchange; the phone takes the answer in."""
        answer = self.hand_over(request)
        self.take(answer)
        return answer

    def hand_over(self, request: Request) -> dict[str, Any]:
        """The server's answer, which the phone never hears of."""
        here = services()
        author = Author(self.person_id, self.role, self.id)
        answer = exchange(write, reading, author, request, here.anchors, here.company, here.now)
        told = json.loads(answer.text)
        assert isinstance(told, dict)
        return told

    def take(self, answer: dict[str, Any]) -> None:
        """Take an answer in, as protocol.md says."""
        self.acknowledged, self.anchor = answer["acknowledged"], answer["anchor"]
        self.cursors |= answer["cursors"]
        self.epoch = answer["epoch"]
        for change in answer["changes"]:
            key = (change["type"], change["id"])
            if change.get("gone"):
                self.documents.pop(key, None)
                self.gone[change["id"]] = change["reason"]
            else:
                self.documents[key] = change

    def sync(self) -> list[dict[str, Any]]:
        """Exchange until nothing more comes; returns all outcomes."""
        self.now = max(self.now, utc_now())
        outcomes = []
        more = True
        while more:
            answer = self.send(self.request())
            outcomes += answer["outcomes"]
            more = answer["more"]
        return outcomes

    def order(self, identity: str) -> dict[str, Any]:
        """The body of a work order as this phone has it."""
        return dict(self.documents[("work_order", identity)]["body"])
