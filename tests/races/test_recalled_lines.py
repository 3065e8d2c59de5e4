"""Every kind of operation that was lost in a restore: its author's phone and a colleague's copy of the order bring it
back, and what it did is there, or stands in a conflict or a question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from server.database import reading, writing
from server.models import JournalLine
from server.sync.exchange.replay import differing, replayed, stored
from tests.races.test_recalled import edit, lose, opened, order  # noqa: F401  # a fixture
from tests.races.test_two_writers import photo
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups
from tests.server.sync.phone import Phone
from tests.server.sync.test_facts import signed
from tests.server.sync.test_recall import backups, flags, heal, material  # noqa: F401  # a fixture

PHONES = tuple(f"1380000000{number}" for number in range(10))
BASE = "one\ntwo\nthree"


@dataclass
class Story:
    """An order that two technicians are on, and what they and the office do to it."""

    zhang: Phone
    li: Phone
    office: Office
    order: str
    backups: Backups

    def known(self) -> None:
        """Both phones know everything."""
        for phone in (self.zhang, self.li, self.zhang):
            phone.sync()

    def writes(self, phone: Phone, kind: str, data: dict[str, Any], seen: int | None = None) -> str:
        """One operation, delivered; what became of it."""
        phone.write(kind, self.order, data, seen)
        status = phone.sync()[-1]["status"]
        self.known()
        return str(status)

    def healed(self, after: dict[str, Any] | None = None) -> dict[str, Any]:
        """The server was put back to before and went on; Li's copy comes first, then Zhang's phone: the order."""
        lose(self.backups, self.backup, self.office, self.order)
        if after is not None:
            assert self.office.write("order.edit", self.order, after).status == "applied"
        heal(self.li, self.order)
        heal(self.zhang, self.order)
        self.known()
        return self.li.order(self.order)

    def backed_up(self) -> None:
        """From here on everything is lost."""
        self.known()
        self.backup = self.backups.take()

    def conflict(self) -> str:
        """Both write a telephone number at once: …1 stands, …2 beside it; the conflict's id."""
        self.writes(self.li, "order.edit", edit("contact.phone", "", PHONES[1]))
        self.writes(self.zhang, "order.edit", edit("contact.phone", "", PHONES[2]))
        (conflict,) = opened(self.li, self.order)
        return str(conflict["id"])

    def phones(self) -> str:
        """The telephone number that stands, and those beside it."""
        sides = [side for each in opened(self.li, self.order) for side in (each["kept"], each["other"])]
        return " ".join([self.li.order(self.order)["contact"]["phone"], *(side["value"] for side in sides)])


def set_inputs(connection: Connection, position: int, inputs: str) -> None:
    """What a line was applied with is another."""
    connection.execute(update(JournalLine).where(JournalLine.position == position).values(inputs=inputs))


def assert_replayed(order_id: str) -> None:
    """The journal says the same as the document."""
    with reading() as connection:
        assert differing(replayed(connection, order_id), stored(connection, order_id)) == []


@pytest.fixture
def story(zhang: Phone, li: Phone, office: Office, order: str, backups: Backups) -> Iterator[Story]:  # noqa: F811
    yield Story(zhang, li, office, order, backups)


def test_a_photo_that_was_taken_back_and_one_that_was_brought_back(story: Story) -> None:
    gone, back = photo(), photo()
    for data in (gone, back):
        story.writes(story.zhang, "photo.add", data)
    story.writes(story.zhang, "photo.remove", {"photo": back["photo"]})
    story.backed_up()
    story.writes(story.zhang, "photo.remove", {"photo": gone["photo"]})
    story.writes(story.zhang, "photo.add", back)
    photos = {each["id"]: bool(each["removed"]) for each in story.healed()["photos"]}
    assert photos == {gone["photo"]: True, back["photo"]: False}


def said_of(photo_id: str, was: str, now: str) -> dict[str, Any]:
    """The data of an edit of what a photo is said to show."""
    return {"photo": photo_id, "changes": {"caption": {"was": was, "now": now}}}


def test_what_was_said_anew_of_a_photo_that_comes_back_is_known_as_that(story: Story) -> None:
    data = photo()
    story.backed_up()
    story.writes(story.zhang, "photo.add", data)
    story.writes(story.zhang, "photo.edit", said_of(data["photo"], "", "泵的铭牌"))
    story.writes(story.zhang, "checklist.answer", {"item": "a", "was": None, "now": True})
    before = story.li.order(story.order)["edits"]
    body = story.healed()
    assert (body["photos"][0]["caption"], body["conflicts"]) == ("泵的铭牌", [])
    assert {name: body["edits"].get(name) for name in before} == before
    assert f"photos.{data['photo']}.caption" in before
    assert_replayed(story.order)
    # Who has not seen what it was changed to meets it, as before the restore.
    story.li.write("photo.edit", story.order, said_of(data["photo"], "泵", "阀门"))
    assert story.li.sync()[-1]["status"] == "conflict"
    (conflict,) = opened(story.li, story.order)
    assert conflict["kept"]["by"] == story.zhang.person_id


@pytest.mark.parametrize("again", [True, False])
def test_what_was_said_anew_of_a_photo_that_was_not_lost_is_there_once(story: Story, again: bool) -> None:
    data = photo() | {"caption": ""}
    story.writes(story.zhang, "photo.add", data)
    story.backed_up()
    story.writes(story.zhang, "photo.edit", said_of(data["photo"], "", "泵的铭牌"))
    if again:
        story.writes(story.zhang, "photo.edit", said_of(data["photo"], "泵的铭牌", ""))
    before = story.li.order(story.order)["edits"]
    body = story.healed()
    sides = [side for each in opened(story.li, story.order) for side in (each["kept"]["value"], each["other"]["value"])]
    assert ([body["photos"][0]["caption"]], sides) == (([""], []) if again else ([""], ["", "泵的铭牌"]))
    assert body["edits"] == (before if again else {})
    assert_replayed(story.order)


def test_what_was_written_after_the_restore_keeps_its_author(story: Story) -> None:
    story.backed_up()
    story.writes(story.zhang, "order.edit", edit("diagnosis", "", "worn"))
    body = story.healed(after=edit("diagnosis", "", "worn"))
    assert (body["diagnosis"], body["conflicts"]) == ("worn", [])
    assert body["edits"]["diagnosis"]["by"] == story.office.person_id


def test_a_recall_of_before_is_made_again_as_it_was(story: Story) -> None:
    story.backed_up()
    story.writes(story.zhang, "checklist.answer", {"item": "a", "was": None, "now": True})
    assert "checklist.a" in story.healed()["edits"]
    with writing() as connection:
        recalls = select(JournalLine.position, JournalLine.inputs).where(JournalLine.kind == "order.recall")
        written = connection.execute(recalls).all()
        for position, inputs in written:
            recall = {name: value for name, value in json.loads(inputs)["recall"].items() if name != "authors"}
            set_inputs(connection, position, json.dumps(json.loads(inputs) | {"recall": recall}))
        assert replayed(connection, story.order)["edits"] == {}
        for position, inputs in written:
            set_inputs(connection, position, inputs)


@pytest.mark.parametrize("how", ["added", "changed"])
def test_a_material_that_was_brought_back_is_on_the_bill(story: Story, how: str) -> None:
    data = material()
    story.writes(story.zhang, "material.add", data)
    story.writes(story.zhang, "material.remove", {"line": data["line"]})
    story.backed_up()
    if how == "added":
        story.writes(story.zhang, "material.add", data)
    else:
        changes = {"quantity": {"was": "2", "now": "3"}}
        story.writes(story.zhang, "material.change", {"line": data["line"], "changes": changes})
    body = story.healed()
    assert not body["materials"][0]["removed"] or "removed_and_changed" in flags(body)


def test_a_material_that_was_taken_away_is_off_the_bill_or_a_question(story: Story) -> None:
    data = material()
    story.writes(story.zhang, "material.add", data)
    story.backed_up()
    story.writes(story.zhang, "material.remove", {"line": data["line"]})
    body = story.healed()
    assert body["materials"][0]["removed"] or "removed_and_changed" in flags(body)


def test_both_halves_of_a_merged_text_are_there(story: Story) -> None:
    story.writes(story.zhang, "order.edit", edit("diagnosis", "", BASE))
    story.backed_up()
    story.zhang.write("order.edit", story.order, edit("diagnosis", BASE, "ONE\ntwo\nthree"))
    story.zhang.sync()
    assert story.writes(story.li, "order.edit", edit("diagnosis", BASE, "one\ntwo\nTHREE")) == "merged"
    body = story.healed()
    whole = body["diagnosis"] + str(opened(story.li, story.order))
    assert "ONE" in whole and "THREE" in whole


def test_both_halves_of_a_merged_answer_are_there(story: Story) -> None:
    def answer(was: str | None, now: str) -> dict[str, Any]:
        return {"item": "a", "was": was, "now": now}

    story.writes(story.zhang, "checklist.answer", answer(None, BASE))
    story.backed_up()
    story.zhang.write("checklist.answer", story.order, answer(BASE, "ONE\ntwo\nthree"))
    story.zhang.sync()
    story.writes(story.li, "checklist.answer", answer(BASE, "one\ntwo\nTHREE"))
    body = story.healed()
    whole = body["checklist"]["answers"]["a"]["value"] + str(opened(story.li, story.order))
    assert "ONE" in whole and "THREE" in whole


def test_what_somebody_wrote_into_their_own_open_conflict_is_there(story: Story) -> None:
    story.conflict()
    story.backed_up()
    story.writes(story.zhang, "order.edit", edit("contact.phone", PHONES[2], PHONES[3]))
    story.healed()
    assert PHONES[3] in story.phones()


def test_a_choice_that_met_a_value_it_had_not_seen_is_there(story: Story) -> None:
    conflict = story.conflict()
    seen = story.zhang.documents[("work_order", story.order)]["version"]
    story.li.write("order.edit", story.order, edit("contact.phone", PHONES[1], PHONES[5]))
    story.li.sync()
    story.backup = story.backups.take()
    assert story.writes(story.zhang, "conflict.settle", {"conflict": conflict, "value": PHONES[9]}, seen) == "conflict"
    story.healed()
    assert PHONES[9] in story.phones()


def test_a_value_that_was_rejected_once_and_is_written_again_is_there(story: Story) -> None:
    settled = {"conflict": story.conflict(), "value": PHONES[1]}
    assert story.office.write("conflict.settle", story.order, settled).status == "applied"
    story.backed_up()
    story.writes(story.zhang, "order.edit", edit("contact.phone", PHONES[1], PHONES[2]))
    story.healed()
    assert PHONES[2] in story.phones()


@pytest.mark.parametrize("by", ["office", "field"])
def test_what_the_office_wrote_after_the_restore_is_not_overwritten_by_an_old_decision(story: Story, by: str) -> None:
    conflict = story.conflict()
    story.backed_up()
    if by == "office":
        chosen = PHONES[2]
        story.office.write("conflict.settle", story.order, {"conflict": conflict, "value": chosen})
        story.known()
    else:
        chosen = PHONES[9]
        seen = story.zhang.documents[("work_order", story.order)]["version"]
        story.writes(story.zhang, "conflict.settle", {"conflict": conflict, "value": chosen}, seen)
    story.healed(after=edit("contact.phone", PHONES[1], PHONES[4]))
    assert PHONES[4] in story.phones() and chosen in story.phones()


def test_the_later_rating_stands(story: Story) -> None:
    def rated(score: int) -> dict[str, Any]:
        return signed(story.zhang.order(story.order)) | {"rating": {"score": score, "comment": None}}

    story.writes(story.zhang, "signature.record", rated(3))
    story.backed_up()
    story.writes(story.zhang, "signature.record", rated(5))
    assert story.healed()["rating"]["score"] == 5
