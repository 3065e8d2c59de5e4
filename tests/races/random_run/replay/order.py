"""One work order as the replay has it: its document, who is on it, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from tests.races.random_run.replay.merging import alike, met

Json = Any  # Any: JSON
Body = dict[str, Any]

OFFICE: Final = ("supervisor", "service_desk", "manager", "admin")
REVIEWERS: Final = ("supervisor", "manager", "admin")
CLOSED: Final = ("finished", "unable")
PLAN: Final = ("assignees", "lead", "window", "priority", "disposition", "instructions")
SHARED: Final = ("fault", "requests", "contact.name", "contact.phone", "cause", "diagnosis", "work_done")
ROOMS: Final = ("materials", "labour")
OF_A_PHOTO: Final = ("caption", "purpose")
# Lists whose entries have fields that are edited, and by what an entry is known.
KEYS: Final = {"materials": "line", "labour": "line", "photos": "id"}
WORSE: Final = ("applied", "merged", "conflict")


class Refused(Exception):
    """The line cannot be applied: `reason` as the protocol names it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Operation:
    """A line with what its author was to the order: assignee, former, opener, admitted, office or none."""

    id: str
    kind: str
    target: str
    data: Body
    seen: int | None
    person: str
    role: str
    device: str
    relation: str
    version: int
    number: str | None

    @property
    def in_field(self) -> bool:
        return self.relation in ("assignee", "former", "opener", "admitted")

    @property
    def of_office(self) -> bool:
        return self.relation == "office"


@dataclass
class Effect:
    """What came of an operation."""

    status: str = "applied"
    changed: bool = True

    def with_(self, status: str | None) -> Effect:
        """This, and one field more; None where it stayed as it was."""
        if status is None:
            return self
        return Effect(max(self.status, status, key=WORSE.index), True)


UNCHANGED: Final = Effect(changed=False)


@dataclass
class Order:
    """`people`: whoever was ever on it, with whether they see it and whether it is planned for them. `in_part`: a copy
    was brought in that had gone on elsewhere, which the contract does not describe: only its facts are compared."""

    body: Body = field(default_factory=dict)
    version: int = 0
    people: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    in_part: bool = False

    # Values

    def value(self, name: str) -> Json:
        """What stands in a field, by its full name. Raises Refused where there is no such field."""
        holder, last = self._place(name)
        if name.startswith("checklist."):
            return (holder.get(last) or {}).get("value")
        return holder.get(last)

    def _place(self, name: str) -> tuple[Body, str]:
        room, _, rest = name.partition(".")
        if name in PLAN or name in SHARED and not rest:
            return self.body, name
        if name in SHARED:
            return self.body[room], rest
        if room == "checklist":
            return self.body["checklist"]["answers"], rest
        line, _, last = rest.partition(".")
        return self.line(room, line), last

    def line(self, room: str, identity: str) -> Body:
        """A line of materials or labour, or a photo. Raises Refused."""
        found = known(self.body[room], KEYS[room], identity) if room in KEYS else None
        if found is None:
            raise Refused("invalid_data")
        return found

    def put(self, name: str, value: Json, op: Operation) -> None:
        """Let a value stand, and face the open conflicts of its field with it."""
        holder, last = self._place(name)
        answer = {"value": value, "by": op.person}
        holder[last] = answer if name.startswith("checklist.") else value
        self.body["edits"][name] = {
            "by": op.person, "version": op.version, "device": op.device, "operation": op.id,
        }  # fmt: skip
        for conflict in self.open_conflicts(name):
            conflict["kept"] = {"value": value, "by": op.person}
            if alike(conflict["other"]["value"], value):
                conflict["settled"] = settled(value, op)

    # Conflicts

    def open_conflicts(self, name: str) -> list[Body]:
        return [each for each in self.body["conflicts"] if each["field"] == name and each["settled"] is None]

    def edit(self, name: str, was: Json, now: Json, op: Operation) -> str | None:
        """Bring one change in; what came of it, None where nothing did."""
        for conflict in self.open_conflicts(name):
            if conflict["other"]["device"] == op.device and alike(conflict["other"]["value"], was):
                return _said_again(conflict, now, op)
        current = self.value(name)
        status, value = met(was, now, current)
        if status == "conflict":
            self.open_conflict(name, was, now, op)
        elif alike(value, current):
            return None
        else:
            self.put(name, value, op)
        return status

    def open_conflict(self, name: str, base: Json, other: Json, op: Operation) -> None:
        """Keep a value beside the one that stands."""
        author = self.body["edits"].get(name) or self.body["opened"]
        self.body["conflicts"].append(
            {
                "id": str(uuid5(UUID(op.id), name)),
                "field": name,
                "base": base,
                "kept": {"value": self.value(name), "by": author["by"]},
                "other": {"value": other, "by": op.person, "operation": op.id, "device": op.device},
                "settled": None,
            }
        )

    # Questions and people

    def flag(self, op: Operation, code: str, line: str | None = None) -> None:
        """Ask once, until it is settled."""
        for each in self.body["flags"]:
            if (each["code"], each["by"], each.get("line")) == (code, op.person, line) and not each.get("settled"):
                return
        self.body["flags"].append({"code": code, "by": op.person, "line": line, "settled": None})

    def relation(self, person: str, role: str) -> str:
        """What somebody is to this order."""
        sees, planned = self.people.get(person, (False, False))
        if planned:
            return "assignee"
        if role in OFFICE:
            return "office"
        if person not in self.people:
            return "none"
        return "opener" if sees else "former"

    def share(self, roles: dict[str, str]) -> None:
        """Whoever is on it from now on; nobody is forgotten. `roles` by person."""
        seeing = {each for each in self._seeing(roles) if each in roles}
        for person in seeing | self.people.keys():
            self.people[person] = person in seeing, person in self.body["assignees"]

    def _seeing(self, roles: dict[str, str]) -> set[str]:
        body = self.body
        if body["disposition"] == "cancelled" and body["stage"] in ("new", "accepted"):
            return set()
        if body["assignees"]:
            return set(body["assignees"])
        was_planned = len(body["plans"]) > 1 and any(plan["assignees"] for plan in body["plans"])
        opener = body["opened"]["by"]
        return {opener} if roles.get(opener) == "technician" and not was_planned else set()


def _said_again(conflict: Body, now: Json, op: Operation) -> str:
    """A device goes on from its own value that stands aside."""
    conflict["other"] |= {"value": now, "operation": op.id}
    if alike(now, conflict["kept"]["value"]):
        conflict["settled"] = settled(conflict["kept"]["value"], op)
        return "applied"
    return "conflict"


def settled(value: Json, op: Operation) -> Body:
    """How a question was answered."""
    return {"value": value, "by": op.person, "operation": op.id}


def known(items: list[Body], key: str, identity: str) -> Body | None:
    """The record with this id."""
    return next((each for each in items if each[key] == identity), None)
