"""The customer's signature, bound to the text that was read; or why there is none."""

from __future__ import annotations

import json

from server.documents.bodies import find
from server.documents.operation import Body, Held, Operation, Result
from server.evidence.place import Place, judge_place
from server.evidence.reasons import Figure
from server.evidence.report import check_signature
from server.evidence.signing import signature_hints


def record_signature(body: Body, op: Operation) -> Result:
    """signature.record: held where the digest is not that of the text, the text is no report, or the id is that of
    another signature (signature_taken)."""
    known = find(body["signatures"], "id", op.data["signature"])
    if known is not None:
        if (known["sha256"], known["signer"]) != (op.data["sha256"], op.data["signer"]):
            raise Held("invalid_data", field="signature", problem="signature_taken")
        return Result(changed=False)
    problems = check_signature(op.data)
    if problems:
        raise Held("invalid_data", field="report", problem=problems)
    site = body["site"] or {}
    place = judge_place(op.data["position"], site.get("position"), site.get("radius_m"), op.wall, op.bounds.corrected)
    body["signatures"].append(
        {
            "id": op.data["signature"],
            "by": op.actor.id,
            "operation": op.id,
            "signer": op.data["signer"],
            "sha256": op.data["sha256"],
            "report": json.loads(op.data["report"]),
            "state": "intact",
            "differs": [],
            "time": op.time,
            "place": None if place is None else place.as_json(),
            "hints": _hints(op, place),
        }
    )
    if op.data["rating"] is not None:
        body["rating"] = op.data["rating"]
    return Result()


def _hints(op: Operation, place: Place | None) -> list[dict[str, Figure]]:
    """What is odd about it, where earlier signatures were looked up (`inputs["signature"]`)."""
    looked_up = op.inputs.get("signature")
    if looked_up is None:
        return []
    box = op.data["box"]["width"], op.data["box"]["height"]
    found = signature_hints(op.data["strokes"], box, place, looked_up["drawn_before"])
    return [hint.as_json() for hint in found]


def refuse_signature(body: Body, op: Operation) -> Result:
    """signature.refuse: absent or refused; nobody signs for somebody else."""
    if find(body["refusals"], "id", op.id):
        return Result(changed=False)
    body["refusals"].append(
        {
            "id": op.id,
            "reason": op.data["reason"],
            "comment": op.data["comment"],
            "by": op.actor.id,
            "at": op.at,
            "time": op.time,
        }
    )
    return Result()
