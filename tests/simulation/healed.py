"""What must hold once a simulated history has healed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from server.database import reading
from server.documents.bodies import find, mark_of
from server.documents.work_order.fields import place_of
from server.keeping.check import check_all
from server.rules.values import same
from server.services import services, utc_now
from tests.simulation import judged
from tests.simulation.phone import Phone
from tests.simulation.world import Json, World

SETS: Final = {"notes": "id", "materials": "line", "arrivals": "id", "photos": "id", "refusals": "id"}
# A clock of the machine that runs this is read twice, by two programs.
A_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Fact:
    """Something that somebody recorded and that must be in exactly one document exactly once; `line` is the text of
    its ledger line, None for what the office wrote."""

    where: str
    identity: str
    order: str
    operation: str
    line: str | None


@dataclass(frozen=True)
class Decided:
    """A settled conflict as a copy has it that will be offered, or the server: what was chosen where, and which
    operations the copy knows."""

    field: str
    value: Any  # JSON
    knows: frozenset[str]


def decided_in(world: World, phones: Iterable[Phone]) -> dict[tuple[str, str], Decided]:
    """What was decided, by order and conflict, as far as a restore has left anybody who knows of it."""
    found: dict[tuple[str, str], Decided] = {}
    copies = [(order, document["body"]) for order, document in world.documents().items()]
    for phone in phones:
        if world.has_person(phone.person_id):
            copies += [(order, document["body"]) for order, document in phone.known_orders()]
    for order, body in copies:
        for conflict in body["conflicts"]:
            if conflict["settled"] is not None:
                known = Decided(conflict["field"], conflict["settled"]["value"], frozenset(body["contains"]))
                found[(order, conflict["id"])] = known
    return found


@dataclass(frozen=True)
class Held:
    """What several memories hold together: the ids of the operations in their ledgers, and their documents as text."""

    operations: frozenset[str]
    told: str

    @classmethod
    def of(cls, memories: Iterable[tuple[set[str], str]]) -> Held:
        """Of memories as `Phone.holds` gives them."""
        kept = list(memories)
        lines = set().union(*(lines for lines, _ in kept))
        return cls(frozenset(json.loads(line)["id"] for line in lines), "".join(text for _, text in kept))

    def has(self, operation: str) -> bool:
        """Whether an operation's line is held."""
        return operation in self.operations

    def tells(self, fact: Fact) -> bool:
        """Whether a fact's line is held, or a document that has it."""
        return fact.operation in self.operations or fact.identity in self.told


@dataclass(frozen=True)
class Waiting:
    """What waits on a phone in the store of an account that was lost, because its ledger branched off from what the
    server has: it is nowhere else, and the phone says so."""

    operations: frozenset[str]

    @classmethod
    def of(cls, phones: Iterable[Phone]) -> Waiting:
        """What their phones could not bring over."""
        return cls(Held.of(phone.waits() for phone in phones).operations)


@dataclass(frozen=True)
class Healed:
    """The end of a history, and what is known of it."""

    world: World
    phones: Sequence[Phone]
    facts: dict[str, Fact]
    written: dict[str, str]
    decided: dict[tuple[str, str], Decided]
    waits: Waiting

    def must_hold(self) -> None:
        """Raises AssertionError for whatever was promised and is not so."""
        self.nothing_is_missing()
        self.all_show_the_same()
        self.both_sides_of_a_conflict_are_there()
        self.no_edit_disappears_unseen()
        self.what_was_decided_stays_so()
        self.nothing_stands_twice()
        self.no_clock_has_proven_what_is_not_so()
        assert judged.archived() == []
        assert judged.wrongly_waiting({phone.ledger.device for phone in self.phones}) == []
        assert judged.counted_though_revoked(self.world.revoked) == []
        with reading() as connection:
            assert [(f.code, f.figures) for f in check_all(connection, services().photos)] == []

    def nothing_is_missing(self) -> None:
        lines, became = judged.journal()
        for phone in self.phones:
            missing = [text for text in phone.ledger.lines if text.encode() not in lines]
            assert missing == [], "acknowledged lines are not in the journal, byte for byte"
        nowhere = [name for name in self.written if name not in became and name not in self.waits.operations]
        assert nowhere == [], "operations are not in the journal"
        documents = self.world.documents()
        for fact in self.facts.values():
            places = [
                order
                for order, document in documents.items()
                for each in document["body"][fact.where]
                if each[SETS[fact.where]] == fact.identity
            ]
            if places != [fact.order]:
                waits = (
                    became.get(fact.operation) in ("waiting", "dismissed") or fact.operation in self.waits.operations
                )
                assert places == [] and waits, (fact, places)
            elif became.get(fact.operation) == "dismissed":
                assert was_brought(documents[fact.order]["body"]), ("it was dismissed and counts", fact)

    def all_show_the_same(self) -> None:
        documents = self.world.documents()
        by_person: dict[str, list[dict[str, Json]]] = {}
        for phone in self.phones:
            shown = phone.held_documents("work_order")
            for order, document in shown.items():
                assert (document["version"], document["body"]) == (
                    documents[order]["version"], documents[order]["body"],
                )  # fmt: skip
            by_person.setdefault(phone.person_id, []).append(shown)
        sees = judged.sees()
        for person, phones in by_person.items():
            for shown in phones:
                assert shown.keys() == sees.get(person, set()), "a phone shows other orders than its person sees"

    def both_sides_of_a_conflict_are_there(self) -> None:
        for document in self.world.documents().values():
            body = document["body"]
            for conflict in body["conflicts"]:
                assert {"value", "by", "at"} <= conflict["kept"].keys() & conflict["other"].keys()
                place = place_of(body, conflict["field"])
                assert place is not None
                if conflict["settled"] is None:
                    assert place.value == conflict["kept"]["value"] or not (place.value or conflict["kept"]["value"])

    def no_edit_disappears_unseen(self) -> None:
        """What somebody typed stands, or stands in a conflict, or somebody saw it before they changed it."""
        documents = self.world.documents()
        edits = judged.edits()
        for place, edit in enumerate(edits):
            if edit["kind"] != "order.edit" or edit["status"] == "merged" or edit["target"] not in documents:
                continue
            body = documents[edit["target"]]["body"]
            later = [each for each in edits[place + 1 :] if each["target"] == edit["target"]]
            for name, change in edit["data"]["changes"].items():
                if not same(change["was"], change["now"]):
                    told = (edit, body["conflicts"], at_name(body, name))
                    assert _is_accounted_for(body, name, change["now"], edit, later), told

    def what_was_decided_stays_so(self) -> None:
        """A settled conflict that somebody still knew of after a restore is settled: it is asked again only where
        somebody has written into its field whom that copy did not know of, or where a plan's field was decided."""
        documents = self.world.documents()
        for (order, identity), known in self.decided.items():
            body = documents[order]["body"]
            conflict, place = find(body["conflicts"], "id", identity), place_of(body, known.field)
            assert place is not None
            operation = body["edits"].get(known.field, {}).get("operation", "")
            if place.of_plan or (operation and mark_of(operation) not in known.knows):
                continue
            assert conflict is not None and conflict["settled"] is not None, (order, identity, known)

    def nothing_stands_twice(self) -> None:
        """No conflict, and no value of one operation in one field, is asked about twice."""
        for order, document in self.world.documents().items():
            conflicts = document["body"]["conflicts"]
            for key in (_identity, _question):
                asked = [key(each) for each in conflicts]
                assert len(asked) == len(set(asked)), (order, conflicts)

    def no_clock_has_proven_what_is_not_so(self) -> None:
        """Whatever the clocks of the servers said meanwhile: what came in while one was right was written between
        the bounds that are proven, and nobody is accused of a clock that was never set."""
        true = {text.encode(): moment for phone in self.phones for text, moment in phone.written().items()}
        honest = {ledger.device for phone in self.phones if not phone.clock_was_set for ledger in phone.ledgers()}
        for raw, device, received_at, bounds in judged.times_of_lines():
            if raw in true and self.world.began <= received_at <= utc_now():
                told = (raw, received_at, true[raw], bounds)
                assert _is_between(bounds.not_before, true[raw], bounds.not_after), told
                if device in honest:
                    assert bounds.grade != "contradicted" and not bounds.clock_moved, told
                    assert _is_between(bounds.earliest, true[raw], bounds.latest), told
                    assert not any(each.code.startswith("clock_moved") for each in bounds.reasons), told


def _is_between(first: datetime | None, true: datetime, last: datetime) -> bool:
    return (first is None or first <= true + A_MOMENT) and true <= last + A_MOMENT


def _identity(conflict: Json) -> str:
    return str(conflict["id"])


def _question(conflict: Json) -> str:
    other = conflict["other"]
    return json.dumps([conflict["field"], other["operation"], other["value"]])


def was_brought(body: Json) -> bool:
    """Whether a copy from a phone has changed this document."""
    return any(flag["code"] == "recalled_from_phone" for flag in body["flags"])


def _is_accounted_for(body: Json, name: str, value: Any, edit: Json, later: list[Json]) -> bool:  # Any: JSON
    sides = [each[side]["value"] for each in body["conflicts"] if each["field"] == name for side in ("kept", "other")]
    bases = [each["base"] for each in body["conflicts"] if each["field"] == name]
    seen = [each["data"]["changes"][name]["was"] for each in later if name in each["data"].get("changes", {})]
    stands = at_name(body, name)
    lines = set((value or "").split("\n"))
    settled = any(each["kind"] in ("conflict.settle", "order.recall") for each in later)
    own = any(each["device"] == edit["device"] and name in each["data"].get("changes", {}) for each in later)
    merged = isinstance(stands, str) and lines <= set(stands.split("\n"))
    return settled or own or merged or any(same(value, each) for each in (stands, *sides, *bases, *seen))


def at_name(body: Json, name: str) -> Any:  # Any: JSON
    """The value of a shared description."""
    place = place_of(body, name)
    return None if place is None else place.value
