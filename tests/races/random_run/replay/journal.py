"""The journal's rows, read with plain SQL, and gone through line by line."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.races.random_run.replay.comparing import plain
from tests.races.random_run.replay.effects import EFFECTS, facts_meet_plans, may
from tests.races.random_run.replay.order import REVIEWERS, Effect, Operation, Order, Refused
from tests.races.random_run.replay.recall import brought_back, is_all_of, recalled_body, renumber

Json = Any  # Any: JSON
ROWS: Final = """
    SELECT j.position, j.device_id, j.seq, j.bytes, j.person_id, j.status, j.reason, j.repeated, j.detail,
           h.state, h.reason AS waits_for
    FROM journal_line j LEFT JOIN held_line h ON h.position = j.position
    ORDER BY j.position
"""
# Of these the server's word is taken: what is behind them is no part of the contract of documents.
BELIEVED: Final = ("unreadable", "bad_signature", "bad_anchor", "device_revoked", "unknown_device")
CAN_BE_LET_IN: Final = (
    "unknown_kind", "invalid_data", "unknown_target", "not_permitted", "broken_chain", "bad_signature",
    "device_revoked", "unknown_device",
)  # fmt: skip
FREES: Final = ("order.open", "order.recall", "order.plan", "conflict.settle")
NOTHING_BEFORE: Final = "0" * 64


@dataclass
class Waiting:
    """A held line, and what has become of it."""

    row: Json
    line: Json
    reason: str
    state: str = "waiting"


@dataclass
class Replay:
    """`roles`: by person. After `run`: the orders by id, and `found`: where a row says something else than must be."""

    roles: dict[str, str]
    orders: dict[str, Order] = field(default_factory=dict)
    held: dict[int, Waiting] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def run(self, rows: Iterable[Json]) -> Replay:
        """Go through all rows of ROWS."""
        for row in rows:
            self._row(row)
        for position, waiting in self.held.items():
            self._compare_held(position, waiting)
        return self

    # One row

    def _row(self, row: Json) -> None:
        line = _read(row.bytes)
        broken = not self._continues(row, line)
        if line is None or row.reason in BELIEVED:
            return self._keep(row, line, str(row.reason))
        if broken:
            self._expect(row, "held", "broken_chain")
            return self._keep(row, line, "broken_chain")
        if line["kind"] == "anchor":
            return
        if row.repeated:
            if line["id"] not in self.done:
                self._say(row, line, "is said to be repeated, and is the first")
            return
        if line["id"] in self.done:
            self._say(row, line, "took effect twice")
        self._judge(row, line)

    def _judge(self, row: Json, line: Json) -> None:
        if line["kind"] != "held.decide" and self._is_in_part(line):
            return self._adopt(row, line)
        try:
            if line["kind"] == "held.decide":
                effect = self._decide(row, line)
            else:
                effect = self._apply(row, line, admitted=False)
        except Refused as why:
            self._expect(row, "held", why.reason)
            return self._keep(row, line, why.reason)
        self._expect(row, effect.status, None)
        self.done.add(line["id"])
        if line["kind"] in FREES:
            self._free(line["target"])

    def _is_in_part(self, line: Json) -> bool:
        order = self.orders.get((line or {}).get("target") or "")
        return order is not None and order.in_part

    def _adopt(self, row: Json, line: Json) -> None:
        """Of an order that can be compared in part only the row says what came of the line."""
        self._keep(row, line, str(row.reason), row.state)
        if row.status != "held" or row.state == "applied":
            self.done.add(line["id"])

    def _continues(self, row: Json, line: Json) -> bool:
        """Whether a line is the next one of its ledger; the one after it is compared with it, whatever it is."""
        seq, head = self.heads.get(row.device_id, (0, NOTHING_BEFORE))
        if row.seq != seq + 1:
            self.found.append(f"{row.position}: line {row.seq} of ledger {row.device_id} comes after line {seq}")
        self.heads[row.device_id] = row.seq, hashlib.sha256(bytes(row.bytes)).hexdigest()
        return bool(line is None or (line["prev"], line["seq"], line["device"]) == (head, row.seq, row.device_id))

    # Applying

    def _apply(self, row: Json, line: Json, admitted: bool) -> Effect:
        """Bring a line into its order. Raises Refused."""
        kind, target = line["kind"], line.get("target")
        if kind == "order.recall":
            return self._recall(row, line)
        if kind not in EFFECTS:
            raise Refused("unknown_kind")
        order = self.orders.get(target)
        if order is None and kind != "order.open":
            raise Refused("unknown_target")
        if order is not None and line["id"][-12:] in order.body["contains"]:
            return Effect(changed=False)
        if order is not None and kind == "order.open":
            raise Refused("invalid_data")
        return self._run(row, line, order or Order(), admitted)

    def _run(self, row: Json, line: Json, order: Order, admitted: bool) -> Effect:
        who, handler = EFFECTS[line["kind"]]
        op = self._operation(row, line, order, admitted)
        if not admitted and not may(who, op):
            raise Refused("not_permitted")
        before = copy.deepcopy(order.body)
        effect = handler(order, op)
        if effect.changed:
            if before:
                facts_meet_plans(order, before, op)
            order.body["contains"].append(op.id[-12:])
            order.version = op.version
            order.share(self.roles)
            self.orders[op.target] = order
        return effect

    def _operation(self, row: Json, line: Json, order: Order, admitted: bool) -> Operation:
        role = self.roles[row.person_id]
        relation = order.relation(row.person_id, role)
        if admitted and relation == "none":
            relation = "admitted"
        number = json.loads(row.detail).get("number")
        return Operation(
            line["id"], line["kind"], line["target"], line["data"], line.get("seen"), row.person_id, role,
            row.device_id, relation, order.version + 1, number,
        )  # fmt: skip

    def _recall(self, row: Json, line: Json) -> Effect:
        """Whether the seal fits only the server knows: what it refused is refused here too."""
        if row.status == "held" and row.state != "applied":
            raise Refused(str(row.reason))
        order = self.orders.setdefault(line["target"], Order())
        copy_of_it = recalled_body(line["data"])
        op = self._operation(row, line, order, admitted=False)
        if order.body and is_all_of(order.body, copy_of_it):
            if op.number in (None, order.body["number"]):
                return Effect(changed=False)
            renumber(order, op)
        elif "brought" in copy_of_it or not is_all_of(copy_of_it, order.body):
            order.in_part = True
            return Effect()
        else:
            brought_back(order, plain(copy_of_it), op)
        order.version = max(order.version, line["data"]["version"]) + 1
        order.share(self.roles)
        return Effect()

    # What is held

    def _keep(self, row: Json, line: Json, reason: str, state: str = "waiting") -> None:
        if row.state is not None:
            self.held[row.position] = Waiting(row, line, reason, state)

    def _decide(self, row: Json, line: Json) -> Effect:
        """held.decide. Raises Refused."""
        if self.roles[row.person_id] not in REVIEWERS:
            raise Refused("not_permitted")
        operation, place = line["data"].get("operation"), line["data"].get("line") or {}
        named = [
            each
            for each in self.held.values()
            if (operation and each.line and each.line["id"] == operation)
            or (each.row.device_id, each.row.seq) == (place.get("device"), place.get("seq"))
        ]
        if not named:
            raise Refused("invalid_data")
        waiting = [each for each in named if each.state == "waiting"]
        if waiting and line["data"]["decision"] == "dismiss":
            waiting[0].state = "dismissed"
        elif waiting and self._try(waiting[0], admitted=True) and waiting[0].line["kind"] in FREES:
            self._free(waiting[0].line["target"])
        return Effect(changed=False)

    def _try(self, waiting: Waiting, admitted: bool) -> bool:
        """Let a line in, or say why it waits on; whether it came in."""
        if self._is_in_part(waiting.line):
            waiting.state = waiting.row.state
            return bool(waiting.state == "applied")
        if waiting.reason not in CAN_BE_LET_IN or waiting.line["kind"] in ("anchor", "held.decide"):
            return False
        try:
            self._apply(waiting.row, waiting.line, admitted)
        except Refused as why:
            waiting.reason = why.reason
            return False
        waiting.state = "applied"
        self.done.add(waiting.line["id"])
        return True

    def _free(self, target: str) -> None:
        """What waits for an order, or for its author to be on it, is tried in the order in which it came."""
        tried: set[tuple[int, bool]] = set()
        order = self.orders.get(target)
        while order is not None:
            fitting = [
                (position, each.row.person_id in order.people)
                for position, each in sorted(self.held.items())
                if each.state == "waiting" and each.line and each.line.get("target") == target
                and (each.reason == "unknown_target" or
                     (each.reason == "not_permitted" and each.row.person_id in order.people))
            ]  # fmt: skip
            fitting = [each for each in fitting if each not in tried]
            if not fitting:
                return
            tried.add(fitting[0])
            self._try(self.held[fitting[0][0]], admitted=False)

    # What the rows say

    def _compare_held(self, position: int, waiting: Waiting) -> None:
        if self._is_in_part(waiting.line):
            return
        said, must = (waiting.row.state, waiting.row.waits_for), (waiting.state, waiting.reason)
        if said[0] != must[0] or (must[0] == "waiting" and said != must):
            self._say(waiting.row, waiting.line, f"is {said} and must be {must}")

    def _expect(self, row: Json, status: str, reason: str | None) -> None:
        if (row.status, row.reason) != (status, reason):
            self._say(row, _read(row.bytes), f"is {row.status} {row.reason} and must be {status} {reason}")

    def _say(self, row: Json, line: Json, what: str) -> None:
        self.found.append(f"{row.position}: {line and line['kind']} {line and line['id']} {what}")


def _read(raw: bytes) -> Json:
    try:
        return json.loads(bytes(raw))
    except ValueError:
        return None
