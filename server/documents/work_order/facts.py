"""Arrivals and departures: facts of the field, recorded whatever the plan says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.documents.bodies import find
from server.documents.operation import Body, Held, Operation, Result
from server.evidence.arrival import Sighting, fix_instant, hints, judge_arrival, site_corrected
from server.evidence.place import judge_place
from server.rules.values import same


def record_arrival(body: Body, op: Operation) -> Result:
    """arrival.record: judged against the deadline in the plan that the technician had seen."""
    if _is_known(find(body["arrivals"], "id", op.data["arrival"]), op, "arrival"):
        return Result(changed=False)
    told = _plan_told(body, op.seen)
    place = _place(body, op)
    arrive_by = told["arrive_by"] and datetime.fromisoformat(told["arrive_by"])
    verdict = judge_arrival(op.bounds, place, op.data["why_none"], arrive_by)
    body["arrivals"].append(
        _presence(op, op.data["arrival"], place)
        | {
            "arrive_by": told["arrive_by"],
            "punctual": verdict.punctual,
            "verdict": verdict.verdict,
            "reasons": [reason.as_json() for reason in verdict.reasons],
            "hints": _hints(op),
            "ruling": None,
        }
    )
    return Result(detail={"verdict": verdict.verdict})


def record_departure(body: Body, op: Operation) -> Result:
    """departure.record."""
    if _is_known(find(body["departures"], "id", op.data["departure"]), op, "departure"):
        return Result(changed=False)
    body["departures"].append(_presence(op, op.data["departure"], _place(body, op)))
    return Result()


def _is_known(known: dict[str, Any] | None, op: Operation, name: str) -> bool:  # Any: JSON
    """Whether the document holds it. Raises Held (presence_taken) where what it holds under this id is another."""
    if known is not None and any(not same(known[part], op.data[part]) for part in ("position", "why_none")):
        raise Held("invalid_data", field=name, problem="presence_taken")
    return known is not None


def _presence(op: Operation, identity: str, place: Any) -> dict[str, Any]:  # Any: Place or None; JSON
    return {
        "id": identity,
        "by": op.actor.id,
        "operation": op.id,
        "position": op.data["position"],
        "why_none": op.data["why_none"],
        "time": op.time,
        "place": None if place is None else place.as_json(),
    }


def _place(body: Body, op: Operation) -> Any:  # Any: Place or None of server.evidence.place
    site = body["site"] or {}
    return judge_place(op.data["position"], site.get("position"), site.get("radius_m"), op.wall, op.bounds.corrected)


def _hints(op: Operation) -> list[dict[str, Any]]:  # Any: JSON
    """What is odd beside the person's earlier positions, and that the site was corrected in the field, as far as that
    was looked up (`inputs["sightings"]`, `inputs["corrected"]`)."""
    position = op.data["position"]
    if position is None:
        return []
    corrected = op.inputs.get("corrected")
    earlier = [Sighting.from_json(each) for each in op.inputs.get("sightings", ())]
    found = hints(position, fix_instant(position, op.bounds, op.wall), earlier) if "sightings" in op.inputs else []
    if corrected:
        found += site_corrected(corrected["was"], corrected["now"], datetime.fromisoformat(corrected["at"]))
    return [hint.as_json() for hint in found]


def _plan_told(body: Body, seen: int | None) -> dict[str, Any]:  # Any: JSON
    """The newest plan that the document of version `seen` held; the first where none was seen."""
    known = [plan for plan in body["plans"] if seen is not None and plan["version"] <= seen]
    return known[-1] if known else body["plans"][0]  # type: ignore[no-any-return]  # JSON of our own making
