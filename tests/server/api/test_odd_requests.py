"""Odd but legal requests: other calendars' edges, numbers that people write, ids that were used before."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.conftest import People
from tests.reference_client import Client, Refused, uuid7
from tests.server.api.conftest import open_order

MEMBERS = (
    "number", "language", "customer", "site", "fault", "diagnosis", "work_done", "materials", "labour", "charge",
    "arrived_at", "technician",
)  # fmt: skip


def signature() -> dict[str, object]:
    text = json.dumps(dict.fromkeys(MEMBERS) | {"language": "zh-CN", "materials": [], "labour": []})
    return {
        "signature": uuid7(), "report": text, "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "signer": {"name": "王先生", "role": "owner"}, "box": {"width": 600, "height": 270},
        "strokes": [[[10, 10, 0, 0.5], [50, 40, 120, 0.7]]], "rating": None, "consent": "本人已阅读",
    }  # fmt: skip


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"])
def test_a_day_that_no_calendar_has_is_refused(wang: Client, moment: str) -> None:
    with pytest.raises(Refused) as refused:
        wang.call("GET", "/api/v1/work-orders", params={"changed_after": moment})
    assert refused.value.code == "invalid_request"


@pytest.mark.parametrize("number", ["工单-001", 'a"b', "x;y=z"])
def test_a_number_that_people_write_names_the_paper(wang: Client, zhang: Client, people: People, number: str) -> None:
    order = open_order(wang, [people.zhang.id], number=number)
    zhang.sync()
    zhang.write("signature.record", order, signature())
    zhang.sync()
    paper = wang.call("GET", f"/api/v1/work-orders/{order}/report.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["Content-Disposition"].startswith("inline; filename")


def test_somebody_who_repeats_the_id_of_a_signature_keeps_nobody_from_the_paper(
    wang: Client, zhang: Client, li: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id, people.li.id])
    zhang.sync()
    operation = zhang.write("signature.record", order, signature())
    zhang.sync()
    li.sync()
    li.ledger.write("note.add", order, {"note": uuid7(), "text": "x"}, None, operation)
    li.sync()
    assert wang.call("GET", f"/api/v1/work-orders/{order}/report.pdf").content.startswith(b"%PDF")
