"""A client of Undercroft written from the protocol alone: nothing of the project is imported here.

It keeps a ledger, signs and sends it, applies what the feeds say, and uploads photos with tus. Programs of
others can start from it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

PROTOCOL = 1
NOTHING_BEFORE = "0" * 64
BATCH_LINES = 500
BATCH_BYTES = 2 * 1024 * 1024
TUS = {"Tus-Resumable": "1.0.0"}
PATIENCE_S = 30

Json = dict[str, Any]


class Refused(Exception):
    """The server answered with a problem."""

    def __init__(self, response: requests.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        try:
            self.problem: Json = response.json()
        except ValueError:
            self.problem = {}
        self.code = self.problem.get("code")
        super().__init__(f"{self.status} {self.code}: {self.problem.get('detail', response.text[:200])}")


def uuid7() -> str:
    """A version 7 UUID (RFC 9562): milliseconds, then random bits."""
    bits = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def base64url(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Ledger:
    """The append-only lines of one device, and the key that signs them."""

    device: str = field(default_factory=uuid7)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    lines: list[str] = field(default_factory=list)
    run: str = field(default_factory=uuid7)
    began: float = field(default_factory=time.monotonic)
    anchor: tuple[str, Json] | None = None

    @property
    def public_key(self) -> Json:
        """The public part as JWK."""
        numbers = self.key.public_key().public_numbers()
        x, y = (base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def clocks(self) -> Json:
        """What this machine's clocks say."""
        wall = datetime.now(UTC).astimezone().isoformat(timespec="milliseconds")
        return {"wall": wall, "mono": round((time.monotonic() - self.began) * 1000, 3), "run": self.run}

    def write(
        self,
        kind: str,
        target: str,
        data: Json,
        seen: int | None = None,
        identity: str | None = None,
        at: Json | None = None,
    ) -> str:
        """Append an operation, after the newest anchor if that is not in the ledger yet; returns its id. `at` is what
        the clocks said when it happened, where that is not now."""
        if self.anchor is not None:
            token, received = self.anchor
            self.anchor = None
            self._append(uuid7(), "anchor", {"anchor": token, "received": received}, {})
        rest: Json = {"target": target}
        if seen is not None:
            rest["seen"] = seen
        return self._append(identity or uuid7(), kind, data, rest, at)

    def _append(self, identity: str, kind: str, data: Json, rest: Json, at: Json | None = None) -> str:
        prev = hashlib.sha256(self.lines[-1].encode()).hexdigest() if self.lines else NOTHING_BEFORE
        line = {
            "v": 1,
            "id": identity,
            "device": self.device,
            "seq": len(self.lines) + 1,
            "prev": prev,
            "at": at or self.clocks(),
            "kind": kind,
            **rest,
            "data": data,
        }
        self.lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
        return identity

    def sign(self, line: str) -> str:
        """ES256 over a line's bytes, as raw r||s."""
        r, s = decode_dss_signature(self.key.sign(line.encode(), ec.ECDSA(SHA256())))
        return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


class Client:
    """One person with one device."""

    def __init__(self, server: str, ledger: Ledger | None = None) -> None:
        self.server = server
        self.ledger = ledger or Ledger()
        self.http = requests.Session()
        self.token = ""
        self.person: Json = {}
        self.epoch: str | None = None
        self.acknowledged = 0
        self.cursors: dict[str, int] = {}
        self.documents: dict[tuple[str, str, str], Json] = {}
        self.gone: dict[str, str] = {}
        self.outcomes: dict[str, Json] = {}
        self.stale: dict[tuple[str, str, str], Json] = {}
        self.recalls: dict[str, Json] = {}
        self.former: list[Ledger] = []
        self.history_lost = False
        self.delivered: dict[str, tuple[bytes, str]] = {}
        self.wanted: set[str] = set()
        self.wanted_from = 0

    # Session

    def sign_in(self, username: str, password: str) -> Json:
        """Begin a session with this ledger's device."""
        device = {"id": self.ledger.device, "name": "reference client", "public_key": self.ledger.public_key}
        body = {"username": username, "password": password, "device": device}
        return self._signed_in(self.call("POST", "/api/v1/session", json=body).json())

    def move_to(self, ledger: Ledger) -> Json:
        """Go on with a new ledger, as after a fork; operations not acknowledged keep their ids."""
        answer = self.announce(ledger)
        self._carry_over(self.ledger.lines[self.acknowledged :], ledger)
        self.former.append(self.ledger)
        self.ledger, self.acknowledged = ledger, 0
        return self._signed_in(answer)

    def announce(self, ledger: Ledger) -> Json:
        """Move the session to the device of a ledger."""
        device = {"id": ledger.device, "name": "reference client", "public_key": ledger.public_key}
        answer: Json = self.call("POST", "/api/v1/session/device", json={"device": device}).json()
        return answer

    @staticmethod
    def _carry_over(lines: list[str], ledger: Ledger) -> None:
        """Write operations once more, under their ids and with the clocks of the moment in which they happened."""
        for text in lines:
            line = json.loads(text)
            if line["kind"] != "anchor":
                ledger.write(line["kind"], line["target"], line["data"], line.get("seen"), line["id"], line["at"])

    def _signed_in(self, answer: Json) -> Json:
        self.token = answer["token"]
        self.person = answer["person"]
        self.epoch = self.epoch or answer["epoch"]  # that it is another one is for `take` to see: what was lost then
        self.ledger.anchor = (answer["anchor"], self.ledger.clocks())
        return answer

    def sign_out(self) -> None:
        """End the session."""
        self.call("DELETE", "/api/v1/session")

    # Exchange

    def write(self, kind: str, target: str, data: Json, seen: int | None = None) -> str:
        """Record an operation; it is sent with the next `sync`."""
        return self.ledger.write(kind, target, data, seen)

    def sync(self) -> None:
        """Send what was not acknowledged and take what changed, until both sides have everything."""
        while True:
            try:
                answer = self.exchange()
            except Refused as refused:
                if refused.code == "ledger_gap":
                    self.acknowledged = refused.problem["acknowledged"]
                elif refused.code == "ledger_fork":
                    self.move_to(self.new_ledger())
                elif refused.code == "wrong_device":
                    self.announce(self.ledger)  # an earlier move that nobody heard the answer of
                else:
                    raise
                continue
            if answer["acknowledged"] > len(self.ledger.lines):
                self.move_to(self.new_ledger())  # the server has more of this ledger: it was put back, or copied
            elif answer["more"] or self.acknowledged < len(self.ledger.lines):
                continue
            elif not self.give_back() and not self.send_wanted():
                return

    def new_ledger(self) -> Ledger:
        """The ledger of a new device."""
        return Ledger()

    def give_back(self) -> bool:
        """After a restore write down once more what former devices had delivered, and a recall for every order that
        the server has lost; whether there was anything."""
        given = bool(self.recalls)
        if self.history_lost:
            for ledger in self.former:
                self._carry_over(ledger.lines, self.ledger)
            given = given or bool(self.former)
            self.history_lost = False
        for order, data in self.recalls.items():
            self.ledger.write("order.recall", order, data)
        self.recalls = {}
        return given

    def send_wanted(self) -> bool:
        """Send photos again that the server had and now asks for; whether there were any."""
        again, self.wanted = self.wanted & self.delivered.keys(), set()
        for digest in sorted(again):
            self.upload(*self.delivered[digest])
        return bool(again)

    def exchange(self) -> Json:
        """One round trip; returns the answer, already applied."""
        answer: Json = self.call("POST", "/api/v1/sync", **self.packed(self.batch())).json()
        self.take(answer)
        return answer

    def batch(self, first: int | None = None) -> Json:
        """The body of the next exchange; `first` sends again from there."""
        first = self.acknowledged + 1 if first is None else first
        lines: list[str] = []
        size = 0
        for line in self.ledger.lines[first - 1 :][:BATCH_LINES]:
            size += len(line.encode())
            if size > BATCH_BYTES:
                break
            lines.append(line)
        body: Json = {
            "protocol": PROTOCOL,
            "device": self.ledger.device,
            "epoch": self.epoch,
            "first": first,
            "lines": lines,
            "sent": self.ledger.clocks(),
            "cursors": self.cursors,
            "limit": 500,
            "wanted_from": self.wanted_from,
        }
        if lines:
            body["signature"] = self.ledger.sign(lines[-1])
        return body

    @staticmethod
    def packed(body: Json) -> Json:
        """A JSON body, gzip'd, as arguments of `call`."""
        raw = gzip.compress(json.dumps(body, ensure_ascii=False).encode())
        return {"data": raw, "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"}}

    def take(self, answer: Json) -> None:
        """Apply an answer to what this client holds."""
        restored = self.epoch not in (None, answer["epoch"])
        self.history_lost = self.history_lost or restored
        self.epoch = answer["epoch"]
        self.acknowledged = min(answer["acknowledged"], len(self.ledger.lines))
        self.ledger.anchor = (answer["anchor"], self.ledger.clocks())
        for outcome in answer["outcomes"]:
            self.outcomes[outcome["id"]] = outcome
        for feed in answer.get("reset", []):
            left = {key: held for key, held in self.documents.items() if key[0] == feed}
            self.documents = {key: held for key, held in self.documents.items() if key[0] != feed}
            if restored:
                self.stale |= left
        for change in answer["changes"]:
            self._take_change(change)
        self.cursors = answer["cursors"]
        self.wanted |= set(answer.get("wanted", []))
        self.wanted_from = answer.get("wanted_next", 0)
        if not answer["more"]:
            for (_, kind, identity), held in self.stale.items():
                self._remember(kind, identity, held)
            self.stale = {}

    def _take_change(self, change: Json) -> None:
        key = (change["feed"], change["type"], change["id"])
        before = self.stale.pop(key, None)
        if change.get("gone"):
            self.documents.pop(key, None)
            self.gone[change["id"]] = change["reason"]
            if before is not None:  # what the server holds of it now is not shown here: it may lack something
                self._remember(change["type"], change["id"], before)
            return
        self.documents[key] = {name: change[name] for name in ("version", "seal", "body") if name in change}
        if before is not None and before.get("seal") != change.get("seal"):
            self._remember(change["type"], change["id"], before)

    def _remember(self, kind: str, identity: str, held: Json) -> None:
        """Keep what a restored server has lost, to give it back."""
        if kind == "work_order" and "seal" in held:
            self.recalls[identity] = held

    def held_documents(self, kind: str) -> dict[str, Json]:
        """The documents of a type that this client holds, by id."""
        return {key[2]: document for key, document in self.documents.items() if key[1] == kind}

    # Photos

    def upload(self, content: bytes, media_type: str, chunk: int = 1024 * 1024, stop_after: int | None = None) -> str:
        """Send a photo's content in chunks (tus 1.0.0) and return the upload's address.

        `stop_after` breaks off after so many bytes; `resume` goes on from there.
        """
        digest = hashlib.sha256(content).hexdigest()
        pairs = {"sha256": digest, "media_type": media_type}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())
        headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        created = self.call("POST", "/api/v1/uploads", headers=headers)
        address = created.headers["Location"]
        if int(created.headers.get("Upload-Offset", "0")) < len(content):
            self.resume(address, content, chunk, stop_after)
        if stop_after is None:
            self.delivered[digest] = content, media_type
        return address

    def resume(self, address: str, content: bytes, chunk: int = 1024 * 1024, stop_after: int | None = None) -> None:
        """Ask how far an upload has come, and send the rest."""
        offset = int(self.call("HEAD", address, headers=TUS).headers["Upload-Offset"])
        end = len(content) if stop_after is None else min(stop_after, len(content))
        while offset < end:
            piece = content[offset : min(offset + chunk, end)]
            checksum = base64.b64encode(hashlib.sha1(piece).digest()).decode()
            headers = {
                **TUS,
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha1 {checksum}",
                "Content-Type": "application/offset+octet-stream",
            }
            offset = int(self.call("PATCH", address, data=piece, headers=headers).headers["Upload-Offset"])

    # HTTP

    def call(self, method: str, path: str, **rest: Any) -> requests.Response:
        """One request with the token; raises Refused for a problem."""
        headers = {**rest.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        address = path if path.startswith("http") else self.server + path
        response = self.http.request(method, address, headers=headers, timeout=PATIENCE_S, **rest)
        if response.status_code >= 400:
            raise Refused(response)
        return response
