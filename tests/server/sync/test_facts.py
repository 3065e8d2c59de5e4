"""Arrivals are judged, photos know their content, signatures are bound to their text: end to end."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from server.database import writing
from server.models import Customer, PhotoContent, PhotoDelivery, Site
from server.services import services, utc_now
from server.sync.operations.photo_state import content_arrived, content_rejected, preview_arrived
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

LATITUDE, LONGITUDE = 25.2736, 110.2900


def site(contract: str | None = None) -> dict[str, str]:
    """A customer's site in Guilin with WGS-84 coordinates; the ids for order.open."""
    customer, place = new_id(), new_id()
    with writing() as connection:
        connection.execute(
            insert(Customer).values(id=customer, number=customer[-12:], name="漓江花园", contract=contract)
        )
        connection.execute(
            insert(Site).values(
                id=place,
                number=place[-12:],
                customer_id=customer,
                name="3栋 B2 泵房",
                latitude=LATITUDE,
                longitude=LONGITUDE,
                datum="WGS-84",
                radius_m=80,
            )  # fmt: skip
        )
    return {"customer": customer, "site": place}


def position(phone: Phone, north_m: float = 11, accuracy_m: float = 12) -> dict[str, Any]:
    fixed_at = phone.now + timedelta(seconds=1)
    return {
        "latitude": LATITUDE + north_m / 111_320,
        "longitude": LONGITUDE,
        "accuracy_m": accuracy_m,
        "fixed_at": fixed_at.isoformat(),
        "age_s": 0,
    }


def arrive(phone: Phone, order: str, **data: Any) -> dict[str, Any]:
    phone.write("order.stage", order, {"to": "en_route"})
    seen = phone.documents[("work_order", order)]["version"]
    phone.write("arrival.record", order, {"arrival": new_id()} | data, seen)
    assert [o["status"] for o in phone.sync()] == ["applied", "applied"]
    return dict(phone.order(order)["arrivals"][0])


def test_an_arrival_inside_and_in_time_is_verified(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    arrival = arrive(zhang, order, position=position(zhang))
    assert (arrival["verdict"], arrival["punctual"]) == ("verified", "on_time")
    assert arrival["place"]["answer"] == "inside"
    assert 10 < arrival["place"]["distance_m"] < 12
    assert arrival["time"]["grade"] == "corroborated"
    earliest, latest = (datetime.fromisoformat(arrival["time"][name]) for name in ("earliest", "latest"))
    assert earliest <= datetime.fromisoformat(arrival["time"]["best"]) <= latest


def test_an_arrival_a_kilometre_away_is_contradicted_with_the_distance(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    arrival = arrive(zhang, order, position=position(zhang, north_m=1000))
    assert arrival["verdict"] == "contradicted"
    assert any("distance_m" in reason for reason in arrival["reasons"])


def test_an_arrival_without_position_is_unproven_and_says_why(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    arrival = arrive(zhang, order, position=None, why_none="denied")
    assert (arrival["verdict"], arrival["place"]) == ("unproven", None)
    assert any("denied" in json.dumps(reason) for reason in arrival["reasons"])


def test_a_fix_of_an_hour_ago_sent_as_fresh_is_no_proof(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    old = position(zhang) | {"fixed_at": (zhang.now - timedelta(hours=1)).isoformat()}
    arrival = arrive(zhang, order, position=old)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("unproven", "unclear")


def test_a_corrected_site_is_what_the_next_arrival_is_judged_by(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    was = zhang.order(order)["site"]["position"]
    corrected = {"latitude": LATITUDE + 1000 / 111_320, "longitude": LONGITUDE, "datum": "WGS-84"}
    zhang.write("order.edit", order, {"changes": {"site.position": {"was": was, "now": corrected}}})
    assert [o["status"] for o in zhang.sync()] == ["applied"]
    assert abs(zhang.order(order)["site"]["position"]["wgs84"][0]["latitude"] - corrected["latitude"]) < 1e-6
    assert arrive(zhang, order, position=position(zhang, north_m=1000))["place"]["answer"] == "inside"


def test_lateness_is_judged_against_the_deadline_that_was_told(zhang: Phone, office: Office) -> None:
    reported = (utc_now() - timedelta(hours=1)).isoformat()
    order = office.open(zhang.person_id, **site("home"), reported_at=reported)
    zhang.sync()
    told = zhang.order(order)["deadlines"]["arrive_by"]
    office.write("order.plan", order, {"changes": {"priority": {"was": "normal", "now": "urgent"}}})
    arrival = arrive(zhang, order, position=position(zhang))
    assert zhang.order(order)["deadlines"]["arrive_by"] < told
    assert arrival["arrive_by"] == told


def test_a_photo_record_follows_its_content(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    shas = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3)]
    for sha256 in shas:
        zhang.write("photo.add", order, photo(sha256))
    zhang.sync()
    assert states(zhang, order) == ["missing"] * 3
    with writing() as connection:
        content_arrived(connection, shas[0], zhang.person_id, utc_now(), services().company)
        content_rejected(connection, shas[1], zhang.person_id, "not_an_image", utc_now(), services().company)
        preview_arrived(connection, shas[2], zhang.person_id, utc_now(), services().company)
        preview_arrived(connection, shas[0], zhang.person_id, utc_now(), services().company)
    zhang.sync()
    assert states(zhang, order) == ["stored", "rejected", "preview"]
    assert zhang.order(order)["photos"][1]["rejected_because"] == "not_an_image"


def photo(sha256: str) -> dict[str, Any]:
    return {
        "photo": new_id(), "sha256": sha256, "size": 9, "media_type": "image/jpeg", "purpose": "fault",
        "taken_at": utc_now().isoformat(),
    }  # fmt: skip


def states(phone: Phone, order: str) -> list[str]:
    return [entry["state"] for entry in phone.order(order)["photos"]]


def test_knowing_a_hash_gives_nobody_a_photo(zhang: Phone, li: Phone, office: Office) -> None:
    sha256 = "c0" * 32
    with writing() as connection:
        connection.execute(
            insert(PhotoContent).values(
                sha256=sha256, size=9, media_type="image/jpeg", state="stored", stored_at=utc_now()
            )
        )
        connection.execute(
            insert(PhotoDelivery).values(sha256=sha256, person_id=zhang.person_id, delivered_at=utc_now())
        )
    for phone, state in ((zhang, "stored"), (li, "missing")):
        order = office.open(phone.person_id)
        phone.write("photo.add", order, photo(sha256))
        phone.sync()
        assert states(phone, order) == [state]
    with writing() as connection:
        content_arrived(connection, sha256, zhang.person_id, utc_now(), services().company)
    li.sync()
    assert states(li, order) == ["missing"]


def test_on_a_shared_order_only_the_deliverers_record_is_stored(zhang: Phone, li: Phone, office: Office) -> None:
    order, sha256 = office.open(zhang.person_id, li.person_id), "d1" * 32
    for phone in (zhang, li):
        phone.write("photo.add", order, photo(sha256))
        phone.sync()
    with writing() as connection:
        content_arrived(connection, sha256, li.person_id, utc_now(), services().company)
    zhang.sync()
    assert states(zhang, order) == ["missing", "stored"]


def signed(body: dict[str, Any]) -> dict[str, Any]:
    report = {
        "number": body["number"], "language": "zh-CN", "customer": None, "site": None, "fault": body["fault"],
        "diagnosis": body["diagnosis"], "work_done": body["work_done"], "materials": [], "labour": [],
        "charge": {k: body["charge"][k] for k in ("covered", "why", "materials", "labour", "total", "currency")},
        "arrived_at": None, "technician": "张师傅",
    }  # fmt: skip
    text = json.dumps(report, ensure_ascii=False)
    return {
        "signature": new_id(), "report": text, "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "signer": {"name": "王先生", "role": "owner"}, "box": {"width": 600, "height": 270},
        "strokes": [[[10, 10, 0, 0.5], [50, 40, 120, 0.7]]], "rating": {"score": 5},
        "consent": "本人已阅读并确认维修服务单的内容",
    }  # fmt: skip


def test_a_signature_is_intact_until_the_order_says_something_else(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    zhang.write("signature.record", order, signed(zhang.order(order)))
    assert [o["status"] for o in zhang.sync()] == ["applied"]
    body = zhang.order(order)
    assert (body["signatures"][0]["state"], body["rating"]["score"]) == ("intact", 5)
    zhang.write("labour.add", order, {
        "line": new_id(), "name": "水泵检修", "unit": "次", "quantity": "1", "unit_price": 1,
    })  # fmt: skip
    zhang.sync()
    signature = zhang.order(order)["signatures"][0]
    assert signature["state"] == "superseded"
    assert "labour" in signature["differs"]
    assert "charge" in signature["differs"]


def test_a_signature_over_another_text_is_held(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    zhang.write("signature.record", order, signed(zhang.order(order)) | {"sha256": "0" * 64})
    (outcome,) = zhang.sync()
    assert (outcome["status"], outcome["reason"]) == ("held", "invalid_data")


def test_a_second_record_of_a_hash_gives_nobody_a_photo_either(zhang: Phone, li: Phone, office: Office) -> None:
    sha256 = "e2" * 32
    with writing() as connection:
        connection.execute(
            insert(PhotoContent).values(
                sha256=sha256, size=9, media_type="image/jpeg", state="stored", stored_at=utc_now()
            )
        )
        connection.execute(
            insert(PhotoDelivery).values(sha256=sha256, person_id=zhang.person_id, delivered_at=utc_now())
        )
    order = office.open(li.person_id)
    for _ in range(2):
        li.write("photo.add", order, photo(sha256))
    li.sync()
    assert states(li, order) == ["missing", "missing"]


def test_a_site_can_be_corrected_twice_from_one_phone(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    first, second = ({"latitude": LATITUDE + n, "longitude": LONGITUDE, "datum": "WGS-84"} for n in (0.1, 0.2))
    was = zhang.order(order)["site"]["position"]
    zhang.write("order.edit", order, {"changes": {"site.position": {"was": was, "now": first}}})
    zhang.write("order.edit", order, {"changes": {"site.position": {"was": first, "now": second}}})
    assert [o["status"] for o in zhang.sync()] == ["applied", "applied"]
    assert zhang.order(order)["site"]["position"]["latitude"] == second["latitude"]


def test_a_position_of_no_site_is_held(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    now = {"latitude": LATITUDE, "longitude": LONGITUDE, "datum": "WGS-84"}
    zhang.write("order.edit", order, {"changes": {"site.position": {"was": None, "now": now}}})
    (outcome,) = zhang.sync()
    assert (outcome["status"], outcome["detail"]["problem"]) == ("held", "no_site")
    assert zhang.order(order)["site"] is None


def test_an_id_alone_opens_nobodys_file(zhang: Phone, office: Office) -> None:
    strange, own = site(), site()
    office.open(zhang.person_id, **own)
    zhang.sync()
    for named, known in ((strange, False), (own, True)):
        order = new_id()
        zhang.write("order.open", order, {"kind": "repair", "fault": "漏水"} | named)
        assert [o["status"] for o in zhang.sync()] == ["applied"]
        body = zhang.order(order)
        assert (body["customer"] is not None, body["site"] is not None) == (known, known)
        assert body["wishes"] == (None if known else named)


def test_a_report_that_is_no_number_cannot_spoil_the_feed(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, li.person_id)
    zhang.sync()
    data = signed(zhang.order(order))
    text = data["report"].replace('"total": 0', '"total": 1e999')
    assert text != data["report"]
    spoilt = {"report": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    zhang.write("signature.record", order, data | spoilt)
    assert [o["status"] for o in zhang.sync()] == ["held"]
    li.sync()
    assert li.order(order)["signatures"] == []
