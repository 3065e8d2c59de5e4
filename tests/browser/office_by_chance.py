"""The office while its technicians are out: it opens, plans, edits, reassigns, cancels and reviews, led by chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.reference_client import Client, Json, uuid7

COLLEAGUE = "chenjie"


class OfficeByChance:
    """A supervisor's program, straight on the server; `orders` are those of one technician."""

    def __init__(self, client: Client, chance: random.Random, technician: str) -> None:
        self.client = client
        self.chance = chance
        self.technician = technician
        people = client.call("GET", "/api/v1/people").json()["items"]
        self.colleague: str = next(each["id"] for each in people if each["username"] == COLLEAGUE)
        self.orders: list[str] = []

    def open_order(self) -> str:
        """A repair for the technician."""
        order = uuid7()
        fault = f"地下室水泵漏水 {self.chance.randrange(10**6)}"
        contact = {"name": "李刚", "phone": "13981346270"}
        self._write("order.open", order, {
            "kind": "repair", "fault": fault, "contact": contact, "assignees": [self.technician],
        })  # fmt: skip
        self.orders.append(order)
        return order

    def do_something(self) -> str:
        """One change to one order; its kind."""
        order = self.chance.choice(self.orders)
        document = self.document(order)
        does = self.chance.choice(
            [self.plan, self.plan, self.edit, self.edit, self.edit, self.note, self.use, self.reassign, self.cancel]
            + [self.review] * (document["body"]["stage"] in ("finished", "unable"))
        )
        does(order, document["body"], document["version"])
        return does.__name__

    def document(self, order: str) -> Json:
        """The server's document."""
        found: Json = self.client.call("GET", f"/api/v1/work-orders/{order}").json()
        return found

    def plan(self, order: str, body: Json, version: int) -> None:
        """Another window and another priority."""
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=self.chance.randint(-2, 40))
        window = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
        priority = self.chance.choice(["low", "normal", "high", "urgent"])
        changes = {
            "window": {"was": body["window"], "now": window},
            "priority": {"was": body["priority"], "now": priority},
        }
        self._write("order.plan", order, {"changes": changes}, version)

    def edit(self, order: str, body: Json, version: int) -> None:
        """A description that the technician may be typing too."""
        number = self.chance.randrange(10**6)
        field = self.chance.choice(["diagnosis", "work_done", "requests", "contact.phone"])
        was = body["contact"]["phone"] if field == "contact.phone" else body[field]
        now = f"1350{number:07}" if field == "contact.phone" else f"办公室补充 {number}"
        self._write("order.edit", order, {"changes": {field: {"was": was, "now": now}}}, version)

    def note(self, order: str, _body: Json, version: int) -> None:
        """A word for the technician."""
        self._write("note.add", order, {"note": uuid7(), "text": f"请注意 {self.chance.randrange(10**6)}"}, version)

    def use(self, order: str, body: Json, version: int) -> None:
        """Another quantity of what the technician used; else a part of the warehouse."""
        lines = [line for line in body["materials"] if not line["removed"]]
        if lines:
            line = self.chance.choice(lines)
            changes = {"quantity": {"was": line["quantity"], "now": str(self.chance.randint(1, 9))}}
            self._write("material.change", order, {"line": line["line"], "changes": changes}, version)
            return
        data = {"line": uuid7(), "part": None, "name": "密封圈", "unit": "个", "quantity": "1", "unit_price": 500}
        self._write("material.add", order, data | {"source": "warehouse"}, version)

    def reassign(self, order: str, body: Json, version: int) -> None:
        """Away from the technician, or back."""
        assignees = [self.colleague] if self.technician in body["assignees"] else [self.technician]
        changes = {"assignees": {"was": body["assignees"], "now": assignees}}
        self._write("order.plan", order, {"changes": changes}, version)

    def cancel(self, order: str, body: Json, version: int) -> None:
        """Not wanted any more, or wanted again."""
        disposition = "active" if body["disposition"] == "cancelled" else "cancelled"
        changes = {"disposition": {"was": body["disposition"], "now": disposition}}
        self._write("order.plan", order, {"changes": changes}, version)

    def review(self, order: str, _body: Json, version: int) -> None:
        """What was finished is approved, or sent back."""
        self._write("order.review", order, {"verdict": self.chance.choice(["approved", "returned"])}, version)

    def _write(self, kind: str, order: str, data: Json, seen: int | None = None) -> None:
        operation = self.client.write(kind, order, data, seen)
        self.client.sync()
        outcome = self.client.outcomes[operation]
        assert outcome["status"] != "held", (kind, outcome)
