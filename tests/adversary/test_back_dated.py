"""An arrival that claims to have been earlier than it was: it was at 10:40, and 9:30 was the deadline."""

from __future__ import annotations

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician, codes
from tests.adversary.results import result
from tests.server.office.scene import Scene


@pytest.fixture(autouse=True)
def late(scene: Scene, zhang: Technician) -> None:
    """It is 10:40; the phone has had no signal since 8:44."""
    scene.at("10:40")


@result("proven false")
def test_the_phones_clock_is_put_back_while_the_app_runs(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, zhang.fix())
    scene.at("10:50")
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert arrival["verdict"] == "contradicted"
    moved = next(reason for reason in arrival["reasons"] if reason["code"] == "clock_moved")
    assert moved == {"code": "clock_moved", "how": "elapsed", "direction": "back", "seconds": 86 * 60.0}
    supervisor.reads(order, "时钟被调回", "More time passed on the phone than its clock shows, by 5,160 seconds")


@result("proven false")
def test_it_claims_a_time_before_the_servers_own_time_mark(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("8:30")["wall"]):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert arrival["verdict"] == "contradicted"
    assert {"code": "claim_before_anchor", "seconds": 14 * 60.0, "bound": "2026-11-24T00:44:00.000Z"} in arrival[
        "reasons"
    ]
    supervisor.reads(order, "不可能成立", "claims a time 840 seconds before the server's own time mark")


@result("proven false")
def test_it_claims_a_time_before_the_entry_that_was_written_before_it(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    zhang.write("order.stage", order, {"to": "en_route"}, 1)
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, zhang.fix())
    zhang.ledger.restart()
    scene.at("10:50")
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert arrival["verdict"] == "contradicted"
    moved = next(reason for reason in arrival["reasons"] if reason["code"] == "clock_moved")
    assert (moved["how"], moved["seconds"]) == ("backwards", 86 * 60.0)


@result("proven false")
def test_the_clock_is_still_wrong_when_the_phone_reports(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, zhang.fix())
        zhang.sync()
    arrival = supervisor.arrival(order)
    assert arrival["verdict"] == "contradicted"
    moved = next(reason for reason in arrival["reasons"] if reason["code"] == "clock_moved")
    assert (moved["how"], moved["direction"]) == ("offset", "back")
    assert 86 * 60 - moved["seconds"] == pytest.approx(130), "less what the messages' travel explains"


@result("not detectable")
def test_the_clock_is_still_wrong_when_the_phone_reports_and_it_does_not_say_what_it_shows(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, zhang.fix())
        body = {name: value for name, value in zhang.batch().items() if name != "sent"}
    zhang.take(zhang.call("POST", "/api/v1/sync", **zhang.packed(body)).json())
    assert (supervisor.arrival(order)["verdict"], supervisor.arrival(order)["punctual"]) == ("verified", "on_time")
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "能证明的最宽范围 08:44:00–10:40:00", "proven at the widest: 08:44:00 to 10:40:00")


@result("proven false")
def test_it_claims_a_time_that_has_not_come_yet(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("12:00")["wall"]):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert arrival["verdict"] == "contradicted"
    assert "claim_after_receipt" in codes(arrival["reasons"])


@result("not detectable")
def test_the_clock_is_put_back_and_right_again_between_two_starts_of_the_app_without_a_position(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, None, why_none="unavailable")
    zhang.ledger.restart()
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"], arrival["time"]["grade"]) == ("unproven", "unproven", "claimed")
    assert codes(arrival["reasons"]) == ["time_unproven", "no_position"]
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "只有手机时钟说明时间", "Only the phone's clock vouches for the time")
    supervisor.reads(order, "能证明的最宽范围 08:44:00–10:40:00", "proven at the widest: 08:44:00 to 10:40:00")


@result("not detectable")
def test_the_same_with_a_position_that_the_phone_stamps_with_its_own_clock(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.ledger.restart()
    with zhang.ledger.clocks_turned(wall=zhang.ledger.showing("9:14")["wall"]):
        zhang.arrive(order, zhang.fix())
    zhang.ledger.restart()
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"], arrival["time"]["grade"]) == (
        "verified",
        "on_time",
        "corroborated",
    )
    assert codes(arrival["reasons"]) == ["on_time", "inside", "gps_agrees"]
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "能证明的最宽范围 08:44:00–10:40:00", "proven at the widest: 08:44:00 to 10:40:00")


@result("not detectable")
def test_every_clock_is_forged_alike_after_a_morning_without_signal(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    with zhang.ledger.as_at("9:14"):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"], arrival["time"]["grade"]) == (
        "verified",
        "on_time",
        "corroborated",
    )
    assert codes(arrival["reasons"]) == ["on_time", "inside", "elapsed_agrees", "gps_agrees"]
    assert arrival["time"]["best"] == "2026-11-24T01:14:00.000Z"
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "能证明的最宽范围 08:44:00–10:40:00", "proven at the widest: 08:44:00 to 10:40:00")


@result("proven false")
def test_every_clock_is_forged_alike_but_the_phone_was_in_contact_in_between(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    scene.at("10:20")
    zhang.sync()
    scene.at("10:40")
    with zhang.ledger.as_at("9:14"):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"]) == ("contradicted", "late")
    assert "claim_before_anchor" in codes(arrival["reasons"])


@result("not detectable")
def test_an_old_time_mark_is_kept_and_the_newer_ones_are_thrown_away(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    kept = zhang.ledger.anchor
    scene.at("10:20")
    zhang.sync()
    scene.at("10:40")
    zhang.ledger.anchor = kept
    with zhang.ledger.as_at("9:14"):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"]) == ("verified", "on_time")
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "能证明的最宽范围 08:44:00–10:40:00", "proven at the widest: 08:44:00 to 10:40:00")


@result("hinted")
def test_no_time_mark_is_written_at_all(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.ledger.anchor = None
    with zhang.ledger.as_at("9:14"):
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["time"]["not_before"]) == ("verified", None)
    assert "no_anchor" in codes(arrival["reasons"])
    supervisor.reads(order, "只能证明不晚于 10:40:00", "provable: no later than 10:40:00")
    supervisor.reads(
        order,
        "手机的流水账里，这条记录之前没有服务器的时间锚",
        "No time mark of the server stands before this in the phone's ledger",
    )


@result("proven false")
def test_a_time_mark_is_made_up(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    with zhang.ledger.as_at("9:14"):
        zhang.ledger.anchor = ("gAAAAAB" + "x" * 90, zhang.ledger.clocks())
        zhang.arrive(order, zhang.fix())
    zhang.sync()
    assert supervisor.held() == [("bad_anchor", None)]
    assert supervisor.arrival(order)["time"]["not_before"] is None
    for language, words in (
        ("zh-CN", "时间锚不是本服务器发出的"),
        ("en", "The time mark was not made by this server."),
    ):
        assert words in supervisor.get("/office/inbox", language)


@result("not detectable")
def test_a_nearer_deadline_is_said_not_to_have_been_seen(
    zhang: Technician, supervisor: Supervisor, opens: Opens, scene: Scene
) -> None:
    order = opens(contract="home")  # reported at 10:40: 6 hours, and 4 where it is urgent
    scene.office("chen", "order.plan", order, {"changes": {"priority": {"was": "normal", "now": "urgent"}}})
    zhang.sync()
    assert zhang.order(order)["deadlines"]["arrive_by"] == "2026-11-24T14:40:00+08:00"
    scene.at("15:30")
    zhang.arrive(order, zhang.fix(), seen=1)
    zhang.sync()
    arrival = supervisor.arrival(order)
    assert (arrival["verdict"], arrival["punctual"]) == ("verified", "on_time")
    supervisor.sees_nothing_odd(order)
    supervisor.reads(order, "告知技师的期限 16:40", "deadline the technician was told: 16:40")
