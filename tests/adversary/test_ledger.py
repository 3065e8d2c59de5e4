"""A line that is removed from the ledger, inserted into it, or written anew."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.adversary.day import Supervisor, Technician, packed
from tests.adversary.results import result
from tests.conftest import People
from tests.reference_client import Json, Refused, uuid7
from tests.server.office.scene import Scene

Send = Callable[[], Json]


@pytest.fixture
def notes(zhang: Technician, order: str, scene: Scene) -> list[str]:
    """Four notes in a ledger that nobody has seen yet: the second is what the technician regrets; their texts."""
    texts = ["到场", "弄坏了阀门", "换了密封", "试运行正常"]
    for minute, text in enumerate(texts):
        scene.at(f"9:1{minute}")
        zhang.write("note.add", order, {"note": uuid7(), "text": text})
    scene.at("9:40")
    return texts


@pytest.fixture
def unsent(zhang: Technician, notes: list[str]) -> list[Json]:
    """The lines that were not sent, read: a time mark of the server, and the notes."""
    lines = [json.loads(line) for line in zhang.ledger.lines[zhang.acknowledged :]]
    assert [line["kind"] for line in lines] == ["anchor"] + ["note.add"] * 4
    return lines


@pytest.fixture
def again(zhang: Technician) -> Send:
    """Sends the whole ledger as it is now, from its first line."""
    return lambda: zhang.call("POST", "/api/v1/sync", **zhang.packed(zhang.batch(first=1))).json()


def told(supervisor: Supervisor, order: str) -> list[str]:
    """The notes that stand on the order."""
    return [note["text"] for note in supervisor.order(order)["notes"]]


# Removed


@result("proven false")
def test_a_line_is_cut_out(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    del zhang.ledger.lines[2]
    zhang.sync()
    assert told(supervisor, order) == notes[:1]
    assert supervisor.held() == [("broken_chain", "not_its_place")] * 2, "with all that follow"
    supervisor.reads(order, "流水账被改动过，或缺了一段", "the ledger was changed, or a part of it is missing")


@result("proven false")
def test_a_line_is_cut_out_and_the_ones_after_it_get_new_numbers(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    del zhang.ledger.lines[2]
    for at, line in enumerate(unsent[3:], start=2):
        zhang.ledger.lines[at] = packed(line | {"seq": at + 1})
    zhang.sync()
    assert told(supervisor, order) == notes[:1]
    assert supervisor.held() == [("broken_chain", "prev")] * 2


@result("not detectable")
def test_a_line_is_cut_out_and_the_rest_chained_anew_before_anything_was_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    zhang.ledger.chain([unsent[0], unsent[1], *unsent[3:]])
    zhang.sync()
    assert told(supervisor, order) == [notes[0], *notes[2:]]
    supervisor.sees_nothing_odd(order)


@result("not detectable")
def test_the_last_lines_are_cut_off_before_they_were_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    del zhang.ledger.lines[2:]
    zhang.sync()
    zhang.write("note.add", order, {"note": uuid7(), "text": "继续"})
    zhang.sync()
    assert told(supervisor, order) == [notes[0], "继续"]
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_a_line_is_cut_out_after_it_was_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], again: Send
) -> None:
    zhang.sync()
    zhang.ledger.chain([unsent[0], unsent[1], *unsent[3:]])
    with pytest.raises(Refused) as refused:
        again()
    assert (refused.value.code, refused.value.problem["seq"]) == ("ledger_fork", 3)
    assert told(supervisor, order) == notes


@result("proven false")
def test_the_last_lines_are_cut_off_after_they_were_sent_and_others_written(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], again: Send
) -> None:
    zhang.sync()
    del zhang.ledger.lines[4:]
    zhang.write("note.add", order, {"note": uuid7(), "text": "别的"})
    with pytest.raises(Refused) as refused:
        again()
    assert refused.value.code == "ledger_fork"
    assert told(supervisor, order) == notes


# Inserted


def inserted(unsent: list[Json], scene: Scene) -> Json:
    """A note that was never written, dated between the others."""
    data = {"note": uuid7(), "text": "已当面告知客户"}
    return unsent[2] | {"id": uuid7(), "data": data}


@result("proven false")
def test_a_line_is_inserted_without_touching_the_others(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], scene: Scene
) -> None:
    zhang.ledger.lines.insert(3, packed(inserted(unsent, scene) | {"seq": 4, "prev": unsent[3]["prev"]}))
    zhang.sync()
    assert told(supervisor, order) == [*notes[:2], "已当面告知客户"], "the one that fits"
    assert supervisor.held() == [("broken_chain", "not_its_place")] * 2, "those that were there"
    supervisor.reads(order, "流水账被改动过，或缺了一段", "the ledger was changed, or a part of it is missing")


@result("proven false")
def test_a_line_is_inserted_with_a_wrong_hash_of_the_one_before(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], scene: Scene
) -> None:
    zhang.ledger.lines.append(packed(inserted(unsent, scene) | {"seq": 6, "prev": "0" * 64}))
    zhang.sync()
    assert told(supervisor, order) == notes
    assert supervisor.held() == [("broken_chain", "prev")]


@result("not detectable")
def test_a_line_is_inserted_and_the_rest_chained_anew_before_anything_was_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], scene: Scene
) -> None:
    zhang.ledger.chain([*unsent[:3], inserted(unsent, scene), *unsent[3:]])
    zhang.sync()
    assert told(supervisor, order) == [*notes[:2], "已当面告知客户", *notes[2:]]
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_a_line_is_inserted_among_those_that_were_sent(
    zhang: Technician,
    supervisor: Supervisor,
    order: str,
    notes: list[str],
    unsent: list[Json],
    scene: Scene,
    again: Send,
) -> None:
    zhang.sync()
    zhang.ledger.chain([*unsent[:3], inserted(unsent, scene), *unsent[3:]])
    with pytest.raises(Refused) as refused:
        again()
    assert (refused.value.code, refused.value.problem["seq"]) == ("ledger_fork", 4)
    assert told(supervisor, order) == notes


# Written anew


@result("not detectable")
def test_the_whole_ledger_is_written_anew_before_anything_was_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    other = [line | {"id": uuid7(), "data": {"note": uuid7(), "text": "一切正常"}} for line in unsent[1:]]
    zhang.ledger.chain([unsent[0], *other])
    zhang.sync()
    assert told(supervisor, order) == ["一切正常"] * 4
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_the_whole_ledger_is_written_anew_after_it_was_sent(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json], again: Send
) -> None:
    zhang.sync()
    zhang.ledger.chain([line | {"id": uuid7()} for line in unsent])
    with pytest.raises(Refused) as refused:
        again()
    assert (refused.value.code, refused.value.problem["seq"]) == ("ledger_fork", 1)
    assert told(supervisor, order) == notes


@result("proven false")
def test_what_was_sent_is_told_otherwise_from_a_new_device(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], unsent: list[Json]
) -> None:
    zhang.sync()
    zhang.move_to(zhang.new_ledger())
    for line in unsent[1:]:
        zhang.ledger.write("note.add", order, line["data"] | {"text": "一切正常"}, identity=line["id"])
    zhang.sync()
    assert {zhang.outcome(line["id"]) for line in unsent[1:]} == {("held", "invalid_data")}
    assert set(supervisor.held()) == {("invalid_data", "id_taken")}
    assert told(supervisor, order) == notes


@result("hinted")
def test_the_phone_is_thrown_away_with_what_it_holds_and_a_new_one_tells_another_story(
    zhang: Technician, supervisor: Supervisor, order: str, notes: list[str], people: People
) -> None:
    other = Technician(zhang.server, zhang.scene, people.zhang)
    other.write("note.add", order, {"note": uuid7(), "text": "一切正常"})
    other.sync()
    assert told(supervisor, order) == ["一切正常"]
    supervisor.sees_nothing_odd(order)
    for language in ("zh-CN", "en"):
        rows = supervisor.get("/office/people", language).split("<tr ")
        row = next(row for row in rows if f"<b>{people.zhang.name}</b>" in row)
        assert row.count('<div class="device">') == 2, "the people's page shows two phones"
