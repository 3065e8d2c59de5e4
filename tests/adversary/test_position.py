"""A position that the technician invented: they are at home."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician, codes, moment
from tests.adversary.results import result
from tests.reference_client import Json
from tests.server.office.scene import LATITUDE, LONGITUDE, Scene

KM_EAST = 10_000.0


@pytest.fixture(autouse=True)
def morning(scene: Scene, zhang: Technician) -> None:
    """A quarter past nine, a quarter of an hour before the deadline."""
    scene.at("9:15")


def arrives(technician: Technician, order: str, position: Json) -> None:
    """Recorded and sent at once."""
    technician.arrive(order, position)
    technician.sync()


@result("not detectable")
def test_a_plausible_position_is_made_up_in_contact_with_the_server(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    arrives(zhang, order, zhang.fix(east_m=23.7, north_m=-11.2, accuracy_m=13.4))
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"], arrival["place"]["answer"]) == ("verified", "on_time", "inside")
    assert codes(arrival["reasons"]) == ["on_time", "inside", "elapsed_agrees", "gps_agrees"]
    supervisor.sees_nothing_odd(order)


@result("hinted")
def test_the_position_of_an_earlier_visit_is_used_again(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    earlier = zhang.fix()
    arrives(zhang, order, earlier)
    scene.at("16:00")
    arrives(zhang, order, zhang.fix())
    assert supervisor.arrival(order)["hints"] == [{"code": "same_digits", "fixed_at": "2026-11-24T01:15:00.000Z"}]
    assert supervisor.arrival(order)["verdict"] == "verified", "a hint never changes the verdict"
    supervisor.reads(order, "每位数字都相同", "The position equals in every digit the one of")


@result("not detectable")
def test_the_position_of_an_earlier_visit_is_used_again_with_other_last_digits(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    earlier = zhang.fix()
    arrives(zhang, order, earlier)
    scene.at("16:00")
    again = {"latitude": earlier["latitude"] + 1e-6, "longitude": earlier["longitude"] - 2e-6, "accuracy_m": 9.0}
    arrives(zhang, order, zhang.fix(**again))
    assert supervisor.arrival(order)["verdict"] == "verified"
    supervisor.sees_nothing_odd(order)


@result("hinted")
def test_an_old_fix_is_used_again_with_the_time_stamp_that_it_had(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    old = zhang.fix()
    scene.at("9:25")
    arrives(zhang, order, old | {"age_s": 0.0})
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("unproven", "unclear")
    reason = next(reason for reason in arrival["reasons"] if reason["code"] == "old_fix")
    assert reason == {"code": "old_fix", "age_s": 600, "stated_m": 8.0, "accuracy_m": 908.0}
    supervisor.reads(order, "最后一次定位已过去 600 秒", "The last position was 600 seconds old")


@result("hinted")
def test_an_old_fix_is_used_again_on_a_phone_whose_clock_is_fast_by_as_much_as_it_is_old(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    fast = moment(scene, "12:15").isoformat(timespec="milliseconds")
    stamped_at_quarter_past_six = zhang.fix()
    with zhang.ledger.clocks_turned(wall=fast):
        zhang.sync()
        arrives(zhang, order, stamped_at_quarter_past_six)
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("verified", "inside")
    assert {"code": "phone_clock_off", "direction": "ahead", "seconds": 10_800.0} in arrival["reasons"]
    supervisor.reads(order, "手机时钟快 10,800 秒", "the phone's clock is 10,800 seconds fast")


@result("hinted")
def test_the_technician_is_at_two_far_places_within_minutes(
    zhang: Technician, supervisor: Supervisor, order: str, opens: Opens, scene: Scene
) -> None:
    other = opens()
    zhang.sync()
    arrives(zhang, other, zhang.fix(east_m=KM_EAST * 4, accuracy_m=10.0))
    scene.at("9:25")
    arrives(zhang, order, zhang.fix())
    assert supervisor.arrival(order)["hints"] == [{"code": "too_fast", "kmh": 240, "km": 39.9, "minutes": 10}]
    supervisor.reads(
        order, "任何车辆都达不到", "39.9 km from the position before in 10 minutes: faster than any vehicle."
    )


@result("hinted")
def test_a_program_invents_positions_of_one_accuracy_without_altitude(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    for metre in range(5):
        scene.now += timedelta(minutes=20)
        arrives(zhang, order, zhang.fix(east_m=metre, accuracy_m=10.0, altitude_m=None))
    assert supervisor.arrival(order)["hints"] == [
        {"code": "constant_accuracy", "accuracy_m": 10.0, "positions": 5},
        {"code": "never_altitude", "positions": 5},
    ]
    supervisor.reads(order, "精度都恰好是 10 米", "The accuracy was exactly 10 m in the last 5 positions.")


@result("hinted")
def test_the_position_is_refused_instead(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.arrive(order, None, why_none="denied")
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]) == ("unproven", None)
    assert {"code": "no_position", "why": "denied"} in arrival["reasons"]
    supervisor.reads(order, "手机未允许应用获取位置", "the phone does not allow the app to ask for it")


@result("proven false")
def test_the_real_position_is_sent_after_all(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    arrives(zhang, order, zhang.fix(east_m=KM_EAST))
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("contradicted", "outside")
    assert arrival["place"]["distance_m"] == pytest.approx(KM_EAST, rel=0.01)
    supervisor.reads(order, "不在现场", "Not at the site:")


@result("not detectable")
def test_the_accuracy_is_made_worse_until_nothing_can_be_decided(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    arrives(zhang, order, zhang.fix(east_m=KM_EAST, accuracy_m=12_000.0))
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("unproven", "unclear")
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "精度不足，无法判定", "Too inaccurate to decide")


@result("hinted")
def test_the_sites_coordinates_are_corrected_to_where_the_technician_is(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    was = {"latitude": LATITUDE, "longitude": LONGITUDE, "datum": "WGS-84"}
    here = zhang.fix(east_m=KM_EAST)
    now = {"latitude": here["latitude"], "longitude": here["longitude"], "datum": "WGS-84"}
    zhang.write("order.edit", order, {"changes": {"site.position": {"was": was, "now": now}}}, 1)
    arrives(zhang, order, here | {"latitude": here["latitude"] + 1e-5})
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("verified", "inside")
    (hint,) = arrival["hints"]
    assert hint["code"] == "site_corrected" and hint["distance_m"] == pytest.approx(KM_EAST, rel=0.01)
    supervisor.reads(
        order, "据以判定的地点坐标由现场人员移动了", "The site's position by which this is judged was moved by"
    )
    assert supervisor.history(order) == ["order.open", "order.edit", "arrival.record"]
