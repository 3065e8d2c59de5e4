"""A new work order's body, and small helpers over bodies."""

from __future__ import annotations

from typing import Any

from server.documents.operation import Body, Operation


def new_body(op: Operation) -> Body:
    """The body of a work order that `op` (order.open) opens, before rules and plans."""
    data = op.data
    contact = data["contact"] or {}
    return {
        "number": op.inputs["number"],
        "kind": data["kind"],
        "opened": {"by": op.actor.id, "at": op.at, "channel": data["channel"]},
        "reported_at": data["reported_at"] or op.at,
        "disposition": "active",
        "assignees": [],
        "lead": None,
        "window": None,
        "priority": "normal",
        "deadlines": {"contact_by": None, "arrive_by": None, "repair_by": None},
        "instructions": "",
        "plans": [],
        "stage": "new",
        "stages": [],
        "arrivals": [],
        "departures": [],
        "photos": [],
        "materials": [],
        "labour": [],
        "signatures": [],
        "refusals": [],
        "rating": None,
        "notes": [],
        "fault": data["fault"],
        "requests": data["requests"] or "",
        "contact": {"name": contact.get("name") or "", "phone": contact.get("phone") or ""},
        "cause": "unknown",
        "diagnosis": "",
        "work_done": "",
        "checklist": {"lists": op.inputs.get("checklists", []), "answers": {}},
        "review": no_review(),
        "settled_charge": None,
        "customer": op.inputs.get("customer"),
        "site": op.inputs.get("site"),
        "asset": op.inputs.get("asset"),
        "terms": op.inputs.get("terms", {}),
        "wishes": None,
        "edits": {},
        "flags": [],
        "conflicts": [],
        "contains": [],
    }


def no_review() -> dict[str, Any]:  # Any: JSON
    """A review that nobody has been asked for."""
    return {"state": "none", "by": None, "at": None, "comment": None, "version": None}


def flag(body: Body, op: Operation, code: str, **figures: object) -> None:
    """Ask the office for a decision, once for each person, code and line until it is settled."""
    if not any(
        f["code"] == code and f["by"] == op.actor.id and f.get("line") == figures.get("line") and not f.get("settled")
        for f in body["flags"]
    ):
        body["flags"].append({"code": code, "at": op.at, "by": op.actor.id} | figures)
