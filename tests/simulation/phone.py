"""A simulated phone: the reference client's logic over a wire that may fail in any way, and a memory that may be put
back to what it was."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from server.services import utc_now
from tests.reference_client import BATCH_LINES, Client, Ledger, Refused
from tests.simulation.world import Answer, Json, Lost, NotKnown, ShutOut, World, moment

FAULTS: Final = ("lost_request", "lost_answer", "twice", "late", "killed")
DURABLE: Final = (
    "token", "person", "epoch", "acknowledged", "cursors", "documents", "gone", "outcomes", "stale", "recalls",
    "history_lost", "typed",
)  # fmt: skip


LEDGERS: Final = ("ledger", "former", "shut_out")
NO_COPIES: Final[Json] = {"documents": {}, "stale": {}, "recalls": {}}
# Why a ledger that was put back, and has other lines since, does not come in (pwa/static/app/sync/left_ledger.js).
BRANCHED_OFF: Final = frozenset({"ledger_fork", "export_fork", "export_other_device", "export_unsigned"})


class AnotherPerson(Exception):
    """The name is that of another account now: what was being sent was not theirs."""


class PhoneLedger(Ledger):
    """A ledger whose clock may be wrong; `written` says when each line was truly written that is not a
    copy of an earlier one."""

    shift_s: float = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[str, datetime] = {}

    def clocks(self) -> Json:
        """As the phone's clocks say."""
        return super().clocks() | {"wall": moment(self.shift_s).isoformat(timespec="milliseconds")}

    def _append(self, identity: str, kind: str, data: Json, rest: Json, at: Json | None = None) -> str:
        made = super()._append(identity, kind, data, rest, at)
        if at is None:
            self.written[self.lines[-1]] = utc_now()
        return made


class Phone(Client):
    """One device of one person, who is known by a name; `typed` remembers what was typed into a field and is not in the
    document yet. `others`: what the phone keeps for accounts that had this name before, and for nobody else; `brought`
    are their ledgers that it has handed in."""

    def __init__(self, world: World, username: str) -> None:
        super().__init__("", PhoneLedger())
        self.http.close()
        self.world = world
        self.username = username
        self.person_id = world.person_named(username)
        self.typed: dict[tuple[str, str], Any] = {}
        self.faults: list[tuple[str, int]] = []
        self.copy: Json | None = None
        self.shut_out: list[PhoneLedger] = []
        self.others: dict[str, Json] = {}
        self.brought: list[Ledger] = []
        self.clock_was_set = False
        self.sign_in_again()

    def sign_in_again(self) -> None:
        """Begin a session; the password is not what is tried here. Who was shut out goes on as a new device, and what
        it had not sent can only be handed in. Raises NotKnown, and AnotherPerson once the phone is theirs."""
        person_id = self.world.person_named(self.username)
        is_another = person_id != self.person_id
        if is_another:
            self._turn_to(person_id)
        device = {"id": self.ledger.device, "public_key": self.ledger.public_key}
        try:
            self.token = self.world.register(device, self.person_id)
        except ShutOut:
            assert isinstance(self.ledger, PhoneLedger)
            self.shut_out.append(self.ledger)
            self.ledger, self.acknowledged = self.new_ledger(), 0
            self.sign_in_again()
        if is_another:
            raise AnotherPerson

    def _turn_to(self, person_id: str) -> None:
        """Show another account's store, as a phone does that somebody else signs in to. What the account before had
        waits, whole, until an administrator says that both are one (`take_over`)."""
        self.others[self.person_id] = self._memory()
        self.person_id = person_id
        kept = self.others.pop(person_id, None)
        if kept is not None:
            self._remember_all(kept)
            return
        empty = Client("", self.new_ledger())
        empty.http.close()
        self._remember_all({name: getattr(empty, name) for name in (*DURABLE, *LEDGERS) if hasattr(empty, name)})

    def hand_in(self) -> None:
        """Give everything of the devices that were shut out to the office, as files; what has forked besides is carried
        over, as after any fork."""
        for ledger in list(self.shut_out):
            if not self.world.hand_in(ledger, self.person_id):
                self._carry_over(ledger.lines, self.ledger)
                self.shut_out.remove(ledger)
                self.former.append(ledger)

    def take_over(self) -> None:
        """Once an administrator has said whose the accounts before were: hand their ledgers in as they are, and offer
        their copies as one's own. A ledger that does not come in whole waits on, and so do those without a key."""
        for former, kept in list(self.others.items()):
            self.world.adopt(former, self.person_id)
            came = [each for each in (kept["ledger"], *kept["shut_out"]) if self._brings(each, former)]
            self.brought += came
            self.recalls = dict(orders_with_seal(kept)) | self.recalls
            left = [each for each in ledgers_in(kept) if each not in came and not self._is_here(each)]
            del self.others[former]
            if left:
                self.others[former] = {"ledger": left[0], "former": left[1:], "shut_out": []} | NO_COPIES

    def _brings(self, ledger: Ledger, former: str) -> bool:
        """Hand in a ledger of `former`; whether the server has all of it then."""
        told: Json = {"acknowledged": 0}
        device = {"id": ledger.device, "name": "simulated", "public_key": ledger.public_key}
        whose = {"device": device, "person": {"id": former, "username": self.username}}
        for start in range(0, len(ledger.lines), BATCH_LINES):
            lines = ledger.lines[start : start + BATCH_LINES]
            sent = whose | {"first": start + 1, "lines": lines, "signature": ledger.sign(lines[-1])}
            try:
                told = self.call("POST", "/api/v1/ledgers", json=sent).json()
            except Refused as refused:
                if refused.code not in BRANCHED_OFF:
                    raise
                return False
        return bool(told["acknowledged"] == len(ledger.lines))

    def _is_here(self, ledger: Ledger) -> bool:
        return self.world.has_lines(ledger.lines)

    def claim(self) -> None:
        """Say "these are mine" of every ledger that the server knows only from a file in this person's name."""
        held = [document["body"] for document in self.held_documents("held").values()]
        unknown = [each for each in held if each["state"] == "waiting" and each["reason"] == "unknown_device"]
        for device in sorted({each["device"] for each in unknown}):
            ledger = self.call("GET", f"/api/v1/session?device={device}").json()["ledger"]
            self.write("ledger.claim", device, {"head": ledger["head"]}, None)

    def announce(self, ledger: Ledger) -> Json:
        """Move the session to the device of a ledger."""
        self.world.may_have_moved(self.token, ledger.device)
        return super().announce(ledger)

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
        self.clock_was_set = self.clock_was_set or shift_s != 0

    # The wire

    def call(self, method: str, path: str, **rest: Any) -> Any:
        """One request over a wire on which the next fault waits; raises Lost where no answer comes, and Refused."""
        headers = {"Authorization": f"Bearer {self.token}", **rest.get("headers", {})}
        data = rest.get("data", b"")
        if "json" in rest:
            data, headers = json.dumps(rest["json"]).encode(), headers | {"Content-Type": "application/json"}
        answer = self._over_the_wire(method, path, data, headers)
        if answer.status_code == 401:
            assert not self.world.must_live(self.token), "a session ended that nobody ended"
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
            except AnotherPerson:
                continue
            except Refused as refused:
                if refused.code != "device_revoked":
                    raise
                self.sign_in_again()

    def try_to_sync(self, faults: Iterable[tuple[str, int]] = ()) -> bool:
        """Exchange while the faults last; False where it broke off."""
        self.faults = list(faults)
        try:
            self.sync()
        except (Lost, NotKnown):
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

    def _memory(self) -> Json:
        memory = {name: copy.deepcopy(getattr(self, name)) for name in DURABLE}
        return memory | {
            "ledger": self._copied(self.ledger),
            "former": list(self.former),
            "shut_out": list(self.shut_out),
        }

    def _remember_all(self, memory: Json) -> None:
        shift_s = self.shift_s
        for name in DURABLE:
            setattr(self, name, copy.deepcopy(memory.get(name, {})))
        self.ledger, self.former = self._copied(memory["ledger"]), list(memory["former"])
        self.shut_out = list(memory.get("shut_out", ()))
        assert isinstance(self.ledger, PhoneLedger)
        self.ledger.shift_s = shift_s

    def copy_memory(self) -> None:
        """What a backup of the phone keeps."""
        self.copy = self._memory() | {"person_id": self.person_id, "others": dict(self.others)}

    def put_back(self) -> bool:
        """The phone is put back to its copy; False where there is none."""
        if self.copy is None:
            return False
        self._remember_all(self.copy)
        self.person_id, self.others = self.copy["person_id"], dict(self.copy["others"])
        return True

    def _copied(self, ledger: Ledger) -> PhoneLedger:
        made = copy.copy(ledger)
        assert isinstance(made, PhoneLedger)
        made.lines = list(ledger.lines)
        return made

    def holds(self) -> tuple[set[str], str]:
        """Every line in its ledgers, and everything that stands in the documents it could give back, as one text: of
        the account that it shows."""
        return held_in(self._memory())

    def waits(self) -> tuple[set[str], str]:
        """The same of the accounts that had its name before."""
        kept = [held_in(memory) for memory in self.others.values()]
        return set().union(*(lines for lines, _ in kept)), "".join(text for _, text in kept)

    def known_orders(self) -> list[tuple[str, Json]]:
        """Every work order of which this account has a copy, also what is about to be given back."""
        known = [*self.documents.items(), *self.stale.items()]
        return [(order, held) for (_, kind, order), held in known if kind == "work_order"] + list(self.recalls.items())

    def ledgers(self) -> list[Ledger]:
        """Those of this account, also from before."""
        return [self.ledger, *self.former, *self.shut_out, *self.brought]

    def written(self) -> dict[str, datetime]:
        """When each line was truly written."""
        ledgers = [ledger for ledger in self.ledgers() if isinstance(ledger, PhoneLedger)]
        return {text: moment for ledger in ledgers for text, moment in ledger.written.items()}

    # What the person sees

    def orders(self) -> dict[str, Json]:
        """The work orders on this phone, what is being given back included."""
        return self.recalls | self.held_documents("work_order")


def held_in(memory: Json) -> tuple[set[str], str]:
    """The lines of an account's store, and its work orders as one text."""
    told = json.dumps([document for _, document in orders_in(memory)], ensure_ascii=False)
    return set().union(*(ledger.lines for ledger in ledgers_in(memory))), told


def ledgers_in(memory: Json) -> list[Ledger]:
    """All ledgers of an account's store."""
    return [memory["ledger"], *memory["former"], *memory["shut_out"]]


def orders_in(memory: Json) -> list[tuple[str, Json]]:
    """Every copy of a work order in an account's store, by its id."""
    known = [*memory["documents"].items(), *memory["stale"].items()]
    orders = [(order, document) for (_, kind, order), document in known if kind == "work_order"]
    return orders + list(memory["recalls"].items())


def orders_with_seal(memory: Json) -> list[tuple[str, Json]]:
    """Those that can be offered to a server which has lost them."""
    return [(order, document) for order, document in orders_in(memory) if "seal" in document]
