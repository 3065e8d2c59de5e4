"""A lamp: it is switched, named, photographed, and seen by one person. CONTRIBUTING tells how a type is made by it."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from server.documents.document_type import REASSIGNED, Audience, DocumentType, Kind
from server.documents.former import as_now
from server.documents.needs import Asked, Content, Found, Need
from server.documents.operation import FIELD_RELATIONS, Actor, Body, Held, Operation, Result
from server.documents.parts import needs, photos
from server.documents.parts import shapes as parts
from server.documents.parts.conflicts import settle
from server.documents.parts.edits import Place, a_text, merge_changes, stand
from server.documents.parts.evidence_items import evidence_items
from server.documents.recalled import recalled_body
from server.documents.shapes import Changes, Shape, identifier

NAMED: Final = {"name": a_text}


class LampOpen(Shape):
    name = fields.String(required=True)
    keeper = identifier()


class LampSwitch(Shape):
    on = fields.Boolean(required=True)


def open_lamp(body: Body, op: Operation) -> Result:
    """lamp.open."""
    opened = {"by": op.actor.id, "at": op.at}
    body |= {"opened": opened, "name": op.data["name"], "keeper": op.data["keeper"], "on": False, "switched": []}
    body |= {"photos": [], "edits": {}, "conflicts": [], "contains": []}
    return Result()


def switch(body: Body, op: Operation) -> Result:
    """lamp.switch: a fact, kept whatever the lamp is."""
    body["on"] = op.data["on"]
    body["switched"].append({"on": op.data["on"], "by": op.actor.id, "operation": op.id, "time": op.time})
    return Result()


def name(body: Body, op: Operation) -> Result:
    """lamp.edit."""
    return merge_changes(body, body, "", NAMED, op)


def recall(body: Body, op: Operation) -> Result:
    """lamp.recall: what the server has lost comes back; of one that goes on here, what was recorded."""
    offered = recalled_body(op.data)
    if offered is None or not op.inputs["recall"]["sealed"]:
        raise Held("invalid_data", field="seal", problem="seal_differs")
    recalled = as_now(offered, op.inputs.get("former_people", {}))
    for photo in recalled["photos"]:
        photo |= op.inputs["recall"]["photos"].get(photo["id"]) or {"state": "missing"}
    if set(recalled["contains"]) <= set(body.get("contains", ())):
        return Result(changed=False)
    if body:
        known = {each["operation"] for each in body["switched"]}
        body["switched"] += [each for each in recalled["switched"] if each["operation"] not in known]
        body["contains"] += [each for each in recalled["contains"] if each not in body["contains"]]
        return Result()
    body |= recalled
    return Result()


def place_of(body: Body, full_name: str) -> Place | None:
    """Where a field is."""
    return Place(body, full_name, NAMED[full_name]) if full_name in NAMED else None


def take(body: Body, place: Place, field: str, value: Any, op: Operation) -> None:  # Any: JSON
    """Let a value stand."""
    stand(body, place.holder, place.name, field, value, op)


def may(actor: Actor, kind: Kind) -> bool:
    """Whoever keeps it, and the office; only the office opens."""
    return actor.of_office or (actor.relation in FIELD_RELATIONS and kind.who != "opener") or kind.who == "holder"


def apply(kind: Kind, body: Body, op: Operation) -> Result:
    """Nothing else follows."""
    return kind.handler(body, op)


def asks(asked: Asked) -> list[Need]:
    """What must be known beside the lamp."""
    if asked.kind == "photo.add":
        return list(needs.of_photo(asked))
    return [Content(photo["sha256"], photo["by"]) for photo in _offered(asked)]


def inputs(asked: Asked, found: Found) -> dict[str, Any]:  # Any: JSON
    """What stands in the journal."""
    if asked.kind == "photo.add":
        return needs.photo_inputs(asked, found)
    if asked.kind != "lamp.recall":
        return {}
    here = {photo["id"]: found[Content(photo["sha256"], photo["by"])][0] for photo in _offered(asked)}
    return {"recall": {"sealed": asked.sealed is not None, "photos": here}}


def _offered(asked: Asked) -> list[Any]:  # Any: JSON
    return list(asked.sealed["photos"]) if asked.kind == "lamp.recall" and asked.sealed is not None else []


LAMP: Final = DocumentType(
    name="lamp",
    kinds={
        "lamp.open": Kind(LampOpen(), open_lamp, "opener"),
        "lamp.switch": Kind(LampSwitch(), switch, "field"),
        "lamp.edit": Kind(Changes(), name, "field_or_office"),
        "lamp.recall": Kind(parts.Recall(), recall, "holder"),
        "photo.add": Kind(parts.PhotoAdd(), photos.add_photo, "field"),
        "photo.remove": Kind(parts.PhotoRemove(), photos.remove_photo, "field"),
        "conflict.settle": Kind(parts.ConflictSettle(), lambda body, op: settle(body, op, place_of, take), "field"),
    },
    opening=frozenset({"lamp.open", "lamp.recall"}),
    recalls="lamp.recall",
    names_people=frozenset({"lamp.open", "lamp.recall"}),
    may=may,
    apply=apply,
    audience=lambda body: Audience(frozenset({body["keeper"]}), None, (body["keeper"],), REASSIGNED),
    needs=asks,
    inputs=inputs,
    evidence=evidence_items,
)
