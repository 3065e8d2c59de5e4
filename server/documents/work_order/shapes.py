"""The shapes of operations on a work order (work-orders.md, "Shapes")."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from marshmallow import ValidationError, fields, validate, validates_schema

from server.documents.shapes import Changes, Shape, a_quantity, amount, identifier, instant, one_of
from server.rules.stages import STAGES

KINDS: Final = ("repair", "installation", "acceptance", "maintenance", "inspection", "survey", "return_visit")


PRIORITIES: Final = ("low", "normal", "high", "urgent")


DISPOSITIONS: Final = ("active", "on_hold", "cancelled")


CAUSES: Final = ("supplier", "workmanship", "customer", "wear", "unknown")


SOURCES: Final = ("van", "warehouse", "bought", "customer")


class Contact(Shape):
    name = fields.String(allow_none=True, load_default=None)
    phone = fields.String(allow_none=True, load_default=None)


class Window(Shape):
    start = instant(required=True)
    end = instant(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, str], **_: object) -> None:
        if datetime.fromisoformat(data["start"]) > datetime.fromisoformat(data["end"]):
            raise ValidationError("ends_before_it_starts", "end")


class OrderOpen(Shape):
    kind = one_of(KINDS, required=True)
    fault = fields.String(required=True)
    requests = fields.String(allow_none=True, load_default=None)
    contact = fields.Nested(Contact, allow_none=True, load_default=None)
    customer = identifier(required=False, allow_none=True, load_default=None)
    site = identifier(required=False, allow_none=True, load_default=None)
    asset = identifier(required=False, allow_none=True, load_default=None)
    reported_at = instant(allow_none=True, load_default=None)
    channel = fields.String(allow_none=True, load_default=None)
    number = fields.String(allow_none=True, load_default=None, validate=validate.Length(1, 32))
    assignees = fields.List(identifier(), allow_none=True, load_default=None)
    lead = identifier(required=False, allow_none=True, load_default=None)
    window = fields.Nested(Window, allow_none=True, load_default=None)
    priority = one_of(PRIORITIES, allow_none=True, load_default=None)
    instructions = fields.String(allow_none=True, load_default=None)


class OrderStage(Shape):
    to = one_of(STAGES, required=True)
    reason = fields.String(allow_none=True, load_default=None)


class ChecklistAnswer(Shape):
    item = fields.String(required=True, validate=validate.Length(1, 64))
    was = fields.Raw(allow_none=True, load_default=None)
    now = fields.Raw(allow_none=True, load_default=None)


class MaterialAdd(Shape):
    line = identifier()
    part = fields.String(allow_none=True, load_default=None)
    name = fields.String(required=True, validate=validate.Length(1))
    unit = fields.String(required=True)
    quantity = fields.String(required=True, validate=a_quantity)
    unit_price = amount()
    source = one_of(SOURCES, required=True)
    serial = fields.String(allow_none=True, load_default=None)


class LabourAdd(Shape):
    line = identifier()
    name = fields.String(required=True, validate=validate.Length(1))
    method = fields.String(allow_none=True, load_default=None)
    unit = fields.String(required=True)
    quantity = fields.String(required=True, validate=a_quantity)
    unit_price = amount()


class LineChange(Changes):
    line = identifier()


class LineRemove(Shape):
    line = identifier()


class OrderReview(Shape):
    verdict = one_of(("approved", "returned"), required=True)
    comment = fields.String(allow_none=True, load_default=None)


FLAG_DECISIONS: Final = ("confirmed", "charge", "waive")


class FlagSettle(Shape):
    """`code`, `by` and `line` as in the document's flag."""

    code = fields.String(required=True, validate=validate.Length(1, 64))
    by = identifier()
    line = identifier(required=False, allow_none=True, load_default=None)
    decision = one_of(FLAG_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)
