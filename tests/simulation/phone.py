"""A simulated phone: the reference client's logic over a wire that may fail in any way, and a memory that may be put
back to what it was."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any, Final

from tests.reference_client import Client, Ledger, Refused
from tests.simulation.world import Answer, Json, Lost, ShutOut, World, moment, register

FAULTS: Final = ("lost_request", "lost_answer", "twice", "late", "killed")
DURABLE: Final = (
    "token", "person", "epoch", "acknowledged", "cursors", "documents", "gone", "outcomes", "stale", "recalls",
    "history_lost", "typed",
)  # fmt: skip


class PhoneLedger(Ledger):
    """A ledger whose clock may be wrong."""

    shift_s: float = 0.0

    def clocks(self) -> Json:
        """As the phone's clocks say."""
        return super().clocks() | {"wall": moment(self.shift_s).isoformat(timespec="milliseconds")}


class Phone(Client):
    """One device of one person; `typed` remembers what was typed into a field and is not in the document yet."""

    def __init__(self, world: World, person_id: str) -> None:
        super().__init__("", PhoneLedger())
        self.http.close()
        self.world = world
        self.person_id = person_id
        self.typed: dict[tuple[str, str], Any] = {}
        self.faults: list[tuple[str, int]] = []
        self.copy: Json | None = None
        self.shut_out: list[PhoneLedger] = []
        self.sign_in_again()

    def sign_in_again(self) -> None:
        """Begin a session; the password is not what is tried here. Who was shut out goes on as a new device, and what
        it had not sent can only be handed in."""
        device = {"id": self.ledger.device, "public_key": self.ledger.public_key}
        try:
            self.token = register(device, self.person_id)
        except ShutOut:
            assert isinstance(self.ledger, PhoneLedger)
            self.shut_out.append(self.ledger)
            self.ledger, self.acknowledged = self.new_ledger(), 0
            self.sign_in_again()

    def hand_in(self) -> None:
        """Give everything of the devices that were shut out to the office, as files; what has forked besides is carried
        over, as after any fork."""
        for ledger in list(self.shut_out):
            if not self.world.hand_in(ledger, self.person_id):
                self._carry_over(ledger.lines, self.ledger)
                self.shut_out.remove(ledger)
                self.former.append(ledger)

    def claim(self) -> None:
        """Say "these are mine" of every ledger that the server knows only from a file in this person's name."""
        held = [document["body"] for document in self.held_documents("held").values()]
        unknown = [each for each in held if each["state"] == "waiting" and each["reason"] == "unknown_device"]
        for device in sorted({each["device"] for each in unknown}):
            ledger = self.call("GET", f"/api/v1/session?device={device}").json()["ledger"]
            self.write("ledger.claim", device, {"head": ledger["head"]}, None)

    def new_ledger(self) -> Ledger:
        """The ledger of a new device, on the same clock."""
        made = PhoneLedger()
        made.shift_s = self.shift_s
        return made

    @property
    def shift_s(self) -> float:
        """How far the phone's clock is ahead, in seconds."""
        return self.ledger.shift_s if isinstance(self.ledger, PhoneLedger) else 0.0

    def jump(self, shift_s: float) -> None:
        """Somebody, or something, sets the clock."""
        assert isinstance(self.ledger, PhoneLedger)
        self.ledger.shift_s = shift_s

    # The wire

    def call(self, method: str, path: str, **rest: Any) -> Any:
        """One request over a wire on which the next fault waits; raises Lost where no answer comes, and Refused."""
        headers = {"Authorization": f"Bearer {self.token}", **rest.get("headers", {})}
        data = rest.get("data", b"")
        if "json" in rest:
            data, headers = json.dumps(rest["json"]).encode(), headers | {"Content-Type": "application/json"}
        answer = self._over_the_wire(method, path, data, headers)
        if answer.status_code == 401:
            self.sign_in_again()
            return self.call(method, path, **rest)
        if answer.status_code >= 400:
            raise Refused(answer)  # type: ignore[arg-type]  # what a Response gives, Answer gives too
        return answer

    def _over_the_wire(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        fault, figure = self.faults.pop(0) if self.faults else ("none", 0)
        match fault:
            case "lost_request":
                raise Lost
            case "late":
                self.world.late.append((method, path, data, headers))
                raise Lost
            case "killed":
                last_words = self.world.request_and_die(method, path, data, headers, figure)
                if last_words is None:
                    raise Lost
                return last_words
        answer = self.world.request(method, path, data, headers)
        if fault == "twice":
            answer = self.world.request(method, path, data, headers)
        if fault == "lost_answer":
            raise Lost
        return answer

    def sync(self) -> None:
        """As any client; where the device turns out to be revoked, the person signs in again and goes on."""
        while True:
            try:
                return super().sync()
            except Refused as refused:
                if refused.code != "device_revoked":
                    raise
                self.sign_in_again()

    def try_to_sync(self, faults: Iterable[tuple[str, int]] = ()) -> bool:
        """Exchange while the faults last; False where it broke off."""
        self.faults = list(faults)
        try:
            self.sync()
        except Lost:
            return False
        finally:
            self.faults = []
        return True

    def take(self, answer: Json) -> None:
        """What has come from the server is what the person sees from then on, and what it acknowledged is durable."""
        super().take(answer)
        assert self.world.taken_in(self.ledger.device) >= self.acknowledged, "acknowledged before the commit"
        if self.acknowledged >= len(self.ledger.lines):
            self.typed = {}

    # Memory

    def copy_memory(self) -> None:
        """What a backup of the phone keeps."""
        self.copy = {name: copy.deepcopy(getattr(self, name)) for name in DURABLE}
        self.copy |= {"ledger": self._copied_ledger(), "former": list(self.former), "shut_out": list(self.shut_out)}

    def put_back(self) -> bool:
        """The phone is put back to its copy; False where there is none."""
        if self.copy is None:
            return False
        shift_s = self.shift_s
        for name in DURABLE:
            setattr(self, name, copy.deepcopy(self.copy[name]))
        self.ledger, self.former = self.copy["ledger"], list(self.copy["former"])
        self.shut_out = list(self.copy["shut_out"])
        self.copy["ledger"] = self._copied_ledger()
        self.jump(shift_s)
        return True

    def _copied_ledger(self) -> PhoneLedger:
        made = copy.copy(self.ledger)
        assert isinstance(made, PhoneLedger)
        made.lines = list(self.ledger.lines)
        return made

    def holds(self) -> tuple[set[str], str]:
        """Every line in its ledgers, and everything that stands in the documents it could give back, as one text."""
        lines = set(self.ledger.lines).union(*(ledger.lines for ledger in [*self.former, *self.shut_out]))
        known = [*self.documents.items(), *self.stale.items()]
        orders = [document for (_, kind, _), document in known if kind == "work_order"]
        return lines, json.dumps([orders, list(self.recalls.values())], ensure_ascii=False)

    # What the person sees

    def orders(self) -> dict[str, Json]:
        """The work orders on this phone, what is being given back included."""
        return self.recalls | self.held_documents("work_order")
