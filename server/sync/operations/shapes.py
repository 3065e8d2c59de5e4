"""The shapes of operations that are about no document: held lines, devices, ledgers, accounts."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from server.documents.shapes import Shape, identifier, one_of

HELD_DECISIONS: Final = ("apply", "dismiss")


class LineNamed(Shape):
    device = identifier()
    seq = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))


class HeldDecide(Shape):
    """`line` names a held line that has no readable operation id."""

    operation = identifier(required=False, allow_none=True, load_default=None)
    line = fields.Nested(LineNamed, allow_none=True, load_default=None)
    decision = one_of(HELD_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["operation"] is None) == (data["line"] is None):
            raise ValidationError("one_of_operation_and_line", "operation")


class DeviceRevoke(Shape):
    reason = fields.String(allow_none=True, load_default=None)


class LedgerClaim(Shape):
    head = fields.String(required=True, validate=validate.Regexp("[0-9a-f]{64}\\Z"))


class PersonAdopt(Shape):
    """`former`: the id that the person had before the server was restored."""

    former = identifier()
    reason = fields.String(allow_none=True, load_default=None)


class AccountChange(Shape):
    reason = fields.String(allow_none=True, load_default=None)
