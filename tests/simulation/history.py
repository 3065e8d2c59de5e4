"""A history: what a few people with phones and an office do while everything that can go wrong goes wrong.

The steps are drawn by Hypothesis. In the end the faults stop, everybody exchanges, and then all that was promised
must hold (healed.py).
"""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from server.rules.stages import STAGES
from tests.reference_client import uuid7
from tests.simulation.healed import Decided, Fact, Healed, Held, Waiting, at_name, decided_in
from tests.simulation.judged import journal
from tests.simulation.phone import FAULTS, Phone
from tests.simulation.world import Json, World

Then = list[tuple[str, int]] | None

small = st.integers(0, 11)
faults = st.lists(st.tuples(st.sampled_from(FAULTS), st.integers(0, 60)), max_size=4)
then = st.none() | st.just([]) | faults
OFFICE: Final = ("open", "note", "reassign", "cancel", "edit", "review", "settle", "settle", "decide", "add_person")
FIELD: Final = (
    "note", "material", "arrive", "photo", "refuse", "go_on", "edit", "edit", "answer", "change", "change", "remove",
    "settle", "open", "stray",
)  # fmt: skip
TROUBLE: Final = (
    "late", "clock", "copy", "phone_put_back", "back_up", "server_put_back", "server_put_back", "shut_out", "hand_in",
    "claim", "clash", "clash", "server_clock", "server_clock", "server_starts",
)  # fmt: skip
Step = tuple[Any, ...]  # Any: which side, what, and figures that choose
in_office = st.tuples(st.just("office"), st.sampled_from(OFFICE), small, small, small)
in_field = st.tuples(st.just("field"), st.sampled_from(FIELD), small, small, small, small, then)
in_trouble = st.tuples(st.just("trouble"), st.sampled_from(TROUBLE), small, small)
step = st.one_of(in_field, in_field, in_field, in_office, in_trouble)
MOST_ORDERS: Final = 4
MOST_BACKUPS: Final = 2
ADDED: Final = "zhao"
TEXT_FIELDS: Final = ("fault", "requests", "diagnosis", "work_done", "contact.phone", "contact.name")
WORDS: Final = ("worn", "leaks", "leaks\nat the joint", "", "13800000001", "dry\nbearing", "replaced")


class History(RuleBasedStateMachine):
    """The steps. `world` is set by whoever runs the histories."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.phones: list[Phone] = []
        self.orders: list[str] = []
        self.facts: dict[str, Fact] = {}
        self.written: dict[str, str] = {}
        self.decided: dict[tuple[str, str], Decided] = {}

    @initialize(
        devices=st.lists(st.integers(0, 1), min_size=2, max_size=6),
        assignees=st.integers(1, 3),
        backed_up=st.booleans(),
    )
    def begin(self, devices: list[int], assignees: int, backed_up: bool) -> None:
        """A company with some phones and one order, which they have seen."""
        people = (self.world.people.zhang, self.world.people.li)
        self.phones = [Phone(self.world, people[each].username) for each in devices]
        self.office_open("", assignees, 0)
        for phone in self.phones:
            phone.try_to_sync()
            phone.copy_memory()
        if backed_up:
            self.world.back_up()

    @rule(step=step, way=st.integers(0, 2))
    def next(self, step: Step, way: int = 0) -> None:
        """One step. A single rule, so that histories are as long as they are meant to be and mix everything. `way` says
        which of the two servers it reaches (Pair)."""
        self.world.pair.way = way
        match step:
            case ("office", str(what), int(which), int(figure), int(word)):
                getattr(self, f"office_{what}")(self._order(which), figure, word)
            case ("field", str(what), int(device), int(which), int(figure), int(word), then):
                self._somebody(what, self._phone(device), which, figure, word)
                if then is not None:
                    self._phone(device).try_to_sync(then)
            case ("trouble", str(what), int(device), int(figure)):
                getattr(self, f"trouble_{what}")(self._phone(device), figure)

    def _somebody(self, what: str, phone: Phone, which: int, figure: int, word: int) -> None:
        shown = sorted(phone.orders().items())
        if shown:
            order, document = shown[which % len(shown)]
            getattr(self, f"field_{what}")(phone, order, document, figure, word)

    # The office

    def office_open(self, _: str, figure: int, word: int) -> None:
        if len(self.orders) < MOST_ORDERS:
            target = uuid7()
            data = {"kind": "repair", "fault": WORDS[word % 7], "assignees": self._chosen(figure)}
            self.world.office("order.open", target, data)
            self.orders.append(target)

    def _chosen(self, figure: int) -> list[str]:
        people = (self.world.people.zhang.id, self.world.people.li.id)
        chosen = [person for bit, person in enumerate(people) if (figure % 4 or 3) >> bit & 1]
        if figure >= 4 and self.world.knows(ADDED):
            chosen.append(self.world.person_named(ADDED))
        return chosen

    def office_add_person(self, order: str, figure: int, word: int) -> None:
        """A third technician, who gets an order and a phone; once more where a restore has lost them."""
        if self.world.knows(ADDED):
            return
        self.world.add_person(ADDED)
        self._plan(order, "assignees", self._chosen(4 + figure))
        if all(phone.username != ADDED for phone in self.phones):
            self.phones.append(Phone(self.world, ADDED))
        self.phones[-1].try_to_sync()

    def office_note(self, order: str, figure: int, word: int) -> None:
        note = uuid7()
        outcome = self.world.office("note.add", order, {"note": note, "text": WORDS[word % 7] or "x"})
        if outcome.status == "applied":
            self.facts[note] = Fact("notes", note, order, str(outcome.id), None)

    def office_reassign(self, order: str, figure: int, word: int) -> None:
        self._plan(order, "assignees", self._chosen(figure))

    def office_cancel(self, order: str, figure: int, word: int) -> None:
        self._plan(order, "disposition", ("cancelled", "active", "on_hold")[figure % 3])

    def _plan(self, order: str, name: str, now: Any) -> None:  # Any: JSON
        document = self.world.documents().get(order)
        if document is not None:
            changes = {name: {"was": document["body"][name], "now": now}}
            self.world.office("order.plan", order, {"changes": changes}, document["version"])

    def office_edit(self, order: str, figure: int, word: int) -> None:
        document = self.world.documents().get(order)
        if document is not None:
            name = TEXT_FIELDS[figure % len(TEXT_FIELDS)]
            changes = {name: {"was": at_name(document["body"], name), "now": WORDS[word % 7]}}
            self.world.office("order.edit", order, {"changes": changes}, document["version"])

    def office_review(self, order: str, figure: int, word: int) -> None:
        document = self.world.documents().get(order)
        if document is not None and document["body"]["stage"] in ("finished", "unable"):
            verdict = ("approved", "returned")[figure % 2]
            self.world.office("order.review", order, {"verdict": verdict}, document["version"])

    def office_settle(self, _: str, figure: int, word: int) -> None:
        for order, document in self.world.documents().items():
            open_ones = [each for each in document["body"]["conflicts"] if each["settled"] is None]
            if open_ones:
                conflict = open_ones[figure % len(open_ones)]
                data = {"conflict": conflict["id"], "value": conflict[("kept", "other")[word % 2]]["value"]}
                self.world.office("conflict.settle", order, data, document["version"])
                return

    def office_decide(self, order: str, figure: int, word: int) -> None:
        waiting = [operation for operation, _ in self.world.waiting() if operation]
        if waiting:
            data = {"operation": waiting[figure % len(waiting)], "decision": ("apply", "dismiss")[word % 2]}
            self.world.office("held.decide", order, data)

    # The field

    def field_note(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        note = uuid7()
        self._fact(phone, order, document, "note.add", {"note": note, "text": WORDS[word % 7] or "x"}, "notes", note)

    def field_material(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        line = uuid7()
        data = {"line": line, "part": None, "name": "seal", "unit": "set", "quantity": str(figure + 1),
                "unit_price": 1250, "source": "van"}  # fmt: skip
        self._fact(phone, order, document, "material.add", data, "materials", line)

    def field_arrive(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        arrival = uuid7()
        data = {"arrival": arrival, "position": None, "why_none": "unavailable"}
        self._fact(phone, order, document, "arrival.record", data, "arrivals", arrival)

    def field_photo(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        photo = uuid7()
        data = {"photo": photo, "sha256": photo.replace("-", "") * 2, "size": 10, "media_type": "image/jpeg",
                "purpose": "after", "taken_at": "2026-11-24T09:00:00+08:00"}  # fmt: skip
        self._fact(phone, order, document, "photo.add", data, "photos", photo)

    def field_refuse(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        data = {"reason": ("absent", "refused")[figure % 2]}
        line = self._write(phone, "signature.refuse", order, data, document["version"])
        operation = json.loads(line)["id"]
        self.facts[operation] = Fact("refusals", operation, order, operation, line)

    def field_go_on(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        self._write(phone, "order.stage", order, {"to": STAGES[figure % len(STAGES)]}, document["version"])

    def field_edit(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        name, now = TEXT_FIELDS[figure % len(TEXT_FIELDS)], WORDS[word % 7]
        was = phone.typed.get((order, name), at_name(document["body"], name))
        self._write(phone, "order.edit", order, {"changes": {name: {"was": was, "now": now}}}, document["version"])
        phone.typed[(order, name)] = now

    def field_answer(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        item, now = ("a", "b.1")[figure % 2], (True, False, "3", None)[word % 4]
        given = document["body"]["checklist"]["answers"].get(item)
        was = phone.typed.get((order, f"checklist.{item}"), given and given["value"])
        self._write(phone, "checklist.answer", order, {"item": item, "was": was, "now": now}, document["version"])
        phone.typed[(order, f"checklist.{item}")] = now

    def field_change(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        for line in document["body"]["materials"][:1]:
            key = (order, f"materials.{line['line']}.quantity")
            changes = {"quantity": {"was": phone.typed.get(key, line["quantity"]), "now": str(figure + 1)}}
            data = {"line": line["line"], "changes": changes}
            self._write(phone, "material.change", order, data, document["version"])
            phone.typed[key] = str(figure + 1)

    def field_remove(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        for line in document["body"]["materials"][:1]:
            self._write(phone, "material.remove", order, {"line": line["line"]}, document["version"])

    def field_settle(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        open_ones = [each for each in document["body"]["conflicts"] if each["settled"] is None]
        if open_ones:
            conflict = open_ones[figure % len(open_ones)]
            data = {"conflict": conflict["id"], "value": conflict[("kept", "other")[word % 2]]["value"]}
            self._write(phone, "conflict.settle", order, data, document["version"])

    def field_open(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        if len(self.orders) < MOST_ORDERS:
            self.orders.append(uuid7())
            data = {"kind": "repair", "fault": "found on the spot"}
            self._write(phone, "order.open", self.orders[-1], data, None)
            note = uuid7()
            self._fact(
                phone, self.orders[-1], {"version": None}, "note.add", {"note": note, "text": "x"}, "notes", note
            )

    def field_stray(self, phone: Phone, order: str, document: Json, figure: int, word: int) -> None:
        """A note on an order that may be nobody's, or somebody else's."""
        note = uuid7()
        target = self.orders[figure % len(self.orders)]
        self._fact(phone, target, {"version": None}, "note.add", {"note": note, "text": "x"}, "notes", note)

    # What goes wrong

    def trouble_late(self, phone: Phone, figure: int) -> None:
        self.world.deliver_late(figure)

    def trouble_clock(self, phone: Phone, figure: int) -> None:
        phone.jump((-48, -1, 0, 1, 24)[figure % 5] * 3600.0)

    def trouble_copy(self, phone: Phone, figure: int) -> None:
        phone.copy_memory()

    def trouble_phone_put_back(self, phone: Phone, figure: int) -> None:
        if phone.put_back():
            self._forget_what_is_gone_for_good()

    def trouble_back_up(self, phone: Phone, figure: int) -> None:
        if len(self.world.backups) < MOST_BACKUPS:
            self.world.back_up()

    def trouble_server_put_back(self, phone: Phone, figure: int) -> None:
        if self.world.restore(figure):
            self._forget_what_is_gone_for_good()
            self.decided = decided_in(self.world, self.phones)

    def trouble_shut_out(self, phone: Phone, figure: int) -> None:
        self.world.office("device.revoke", phone.ledger.device, {"reason": "lost"})

    def trouble_clash(self, phone: Phone, figure: int) -> None:
        """A phone and the office write into one field, and neither has seen the other."""
        shown = sorted(phone.orders().items())
        if shown:
            order, document = shown[figure % len(shown)]
            self.field_edit(phone, order, document, figure, figure)
            self.office_edit(order, figure, figure + 4)
            phone.try_to_sync()

    def trouble_server_clock(self, phone: Phone, figure: int) -> None:
        """The clock of one server jumps, or is put right."""
        self.world.pair.next().set_clock(figure)

    def trouble_server_starts(self, phone: Phone, figure: int) -> None:
        """One server's process ends and starts, with its machine or without."""
        server = self.world.pair.next()
        server.boot += "'" * (figure % 2)
        server.start()
        server.look()

    def trouble_hand_in(self, phone: Phone, figure: int) -> None:
        phone.hand_in()

    def trouble_claim(self, phone: Phone, figure: int) -> None:
        phone.claim()

    # Helpers

    def _phone(self, device: int) -> Phone:
        return self.phones[device % len(self.phones)]

    def _order(self, which: int) -> str:
        return self.orders[which % len(self.orders)]

    def _fact(self, phone: Phone, order: str, document: Json, kind: str, data: Json, where: str, identity: str) -> None:
        line = self._write(phone, kind, order, data, document["version"])
        self.facts[identity] = Fact(where, identity, order, json.loads(line)["id"], line)

    def _write(self, phone: Phone, kind: str, target: str, data: Json, seen: int | None) -> str:
        operation = phone.write(kind, target, data, seen)
        line = phone.ledger.lines[-1]
        self.written[operation] = line
        return line

    def _forget_what_is_gone_for_good(self) -> None:
        """What stood only in a memory that was put back, or only on a server that was, nobody can bring back. What
        stands only in the store of an account that the server does not know waits there."""
        _, became = journal()
        lost = [phone for phone in self.phones if not self.world.has_person(phone.person_id)]
        held = [phone.holds() for phone in self.phones if phone not in lost]
        waiting = [phone.waits() for phone in self.phones] + [phone.holds() for phone in lost]
        active, kept = Held.of(held), Held.of(waiting)
        self.written = {
            name: line for name, line in self.written.items() if name in became or active.has(name) or kept.has(name)
        }
        self.facts = {
            name: fact
            for name, fact in self.facts.items()
            if fact.operation in became or active.tells(fact) or kept.tells(fact)
        }

    # The end

    def teardown(self) -> None:
        """The faults stop, everybody exchanges, and what was promised must hold."""
        if not self.phones:
            return
        self._faults_stop()
        for turn in range(4):
            for phone in self.phones:
                assert phone.try_to_sync()
                if turn == 0:
                    phone.hand_in()
                elif turn == 1:
                    phone.claim()
                    phone.take_over()
        waits = Waiting.of(self.phones)
        healed = Healed(self.world, self.phones, self.facts, self.written, self.decided, waits)
        healed.must_hold()

    def _faults_stop(self) -> None:
        """What was given up arrives, every clock is right, and whoever a restore has lost is added again."""
        for server in self.world.pair.servers:
            server.set_clock(0)
        while self.world.late:
            self.world.deliver_late(0)
        for phone in self.phones:
            if not self.world.knows(phone.username):
                self.world.add_person(phone.username)
