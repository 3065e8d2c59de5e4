"""What a shape lets in, the rules and the pages behind it can work with."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from server.documents.parts.shapes import PhotoAdd, SignatureRecord
from server.documents.shapes import a_quantity
from server.rules.charges import quantity_of

SIGNED = {
    "signature": "0190b000-0000-7000-8000-000000000001",
    "report": "{}",
    "sha256": "0" * 64,
    "signer": {"name": "王先生", "role": "owner"},
    "box": {"width": 300, "height": 100},
    "consent": "I have read it.",
}


@pytest.mark.parametrize("point", [[0, 0, 0], [1.5, -2, 1e9, 0.5]])
def test_a_point_of_a_stroke_has_place_time_and_perhaps_pressure(point: list[Any]) -> None:
    assert SignatureRecord().load(SIGNED | {"strokes": [[point]]})


@pytest.mark.parametrize(
    "point",
    [[10**4000, 0, 0], [0, -(10**400), 0], [0, 0, 1e10], [float("nan"), 0, 0], [0, float("inf"), 0], [True, 0, 0],
     ["1", 2, 3], [1, 2], [1, 2, 3, 4, 5], {"x": 1}, 7],
    ids=lambda point: str(point)[:24],
)  # fmt: skip
def test_what_cannot_be_drawn_is_no_point(point: Any) -> None:
    with pytest.raises(ValidationError):
        SignatureRecord().load(SIGNED | {"strokes": [[point]]})


@pytest.mark.parametrize("quantity", ["２", "1.٥", "1e3", "0", "-1", "", " 1", "1\n"])
def test_a_quantity_is_written_in_plain_digits(quantity: str) -> None:
    with pytest.raises(ValidationError):
        a_quantity(quantity)


@pytest.mark.parametrize("quantity", ["1", "2.5", "0.000001", "999999999999"])
def test_what_is_a_quantity_can_be_charged(quantity: str) -> None:
    a_quantity(quantity)
    assert quantity_of(quantity) > 0


def test_a_time_that_not_every_zone_has_is_none() -> None:
    photo = {
        "photo": SIGNED["signature"],
        "sha256": "0" * 64,
        "size": 1,
        "media_type": "image/jpeg",
        "purpose": "fault",
    }
    assert PhotoAdd().load(photo | {"taken_at": "1980-01-06T00:00:00Z"})
    with pytest.raises(ValidationError):
        PhotoAdd().load(photo | {"taken_at": "0001-01-01T00:00:00+14:00"})
