"""Events of an order's story in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from server.language import has_text
from server.office.inbox.held_words import why
from server.office.orders.story import Event
from server.office.orders.telling_decisions import DECISIONS, after_all
from server.office.orders.told import Chip, Told
from server.office.queries.journal_queries import JournalEntry
from server.office.queries.queries import OrderRow
from server.office.shell.reader import Reader
from server.office.shell.reasons import rejection, sentences
from server.office.shell.wording import People, field_name, field_value, kind_name, name_of

Data = dict[str, Any]  # Any: an operation's data, JSON

VERDICT_SIGNS: Final = {
    "verified": ("proven", "check"),
    "unproven": ("claimed", "circle-dashed"),
    "contradicted": ("contradicted", "x"),
}


def tell(event: Event, order: OrderRow, people: People, reader: Reader) -> Told:
    """One event in words. What was held, or is of a kind that this version does not know, is told by its kind."""
    told = Told(reader.clock(event.at, order.body["reported_at"]), event.at.isoformat(), event.side, "")
    if reader.clock(event.until, event.at) != reader.clock(event.at, event.at):
        told.until, told.until_iso = reader.clock(event.until, event.at), event.until.isoformat()
    teller = _unknown if event.is_told_by_kind else _TELLERS.get(event.kind, _unknown)
    teller(told, event, order, people, reader)
    _outcomes(told, event, order, people, reader)
    _authorship(told, event, people, reader)
    return told


def _authorship(told: Told, event: Event, people: People, reader: Reader) -> None:
    """How it is known who wrote what came in a file."""
    if event.side == "sync" or not event.entries[0].handed_in:
        return
    first = event.entries[0]
    name = name_of(first.person_id, people, reader)
    told.lines.append(reader.say(f"office-story-author-{first.known_by}", name=name))
    if first.known_by == "file":
        told.chips.append(Chip("claimed", "circle-dashed", reader.say("office-story-says-to-be")))


def _data(entry: JournalEntry) -> Data:
    data = entry.line.get("data")
    return data if isinstance(data, dict) else {}


def _opened(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    channel = order.body["opened"].get("channel")
    told.title = reader.say("office-story-opened")
    told.rest = name_of(event.person_id, people, reader)
    if channel and has_text(f"channel-{channel}"):
        told.rest += reader.say("office-comma") + reader.say(f"channel-{channel}")
    due = order.body["deadlines"]
    told.lines.append(
        reader.say(
            "office-story-deadlines",
            **{
                name: reader.clock(due[name], order.body["reported_at"])
                for name in ("contact_by", "arrive_by", "repair_by")
            },
        )
    )
    data = _data(event.entries[0])
    if data.get("assignees"):
        told.lines.append(
            reader.say("office-story-assigned-to", names=field_value("assignees", data["assignees"], reader, people))
        )


def _planned(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    changes = _data(event.entries[0]).get("changes") or {}
    assignees = changes.get("assignees")
    if assignees and assignees.get("now"):
        told.title = reader.say(
            "office-story-assigned-to", names=field_value("assignees", assignees["now"], reader, people)
        )
        rest = [name for name in changes if name not in ("assignees", "lead")]
    else:
        told.title = reader.say("office-story-planned")
        rest = list(changes)
    told.rest = name_of(event.person_id, people, reader)
    told.lines.extend(_change(name, changes[name], reader, people) for name in rest)


def _edited(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = reader.say("office-story-edited")
    told.rest = name_of(event.person_id, people, reader)
    changes = _data(event.entries[0]).get("changes") or {}
    told.lines.extend(_change(name, change, reader, people) for name, change in changes.items())


def _change(name: str, change: Any, reader: Reader, people: People) -> str:  # Any: JSON
    now = change.get("now") if isinstance(change, dict) else None
    return reader.say(
        "office-story-change", field=field_name(name, reader), value=field_value(name, now, reader, people)
    )


def _stage(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = _data(event.entries[0])
    told.title = reader.say(f"stage-{data.get('to', 'new')}".replace("_", "-"))
    told.rest = name_of(event.person_id, people, reader)
    if data.get("reason"):
        chosen = f"stage-reason-{data['reason']}".replace("_", "-")
        told.lines.append(reader.say(chosen) if has_text(chosen) else str(data["reason"]))
    if event.entries[0].detail.get("resumed"):
        told.lines.append(reader.say("office-story-resumed"))
    if event.entries[0].detail.get("not_forward"):
        told.lines.append(reader.say("office-story-not-forward"))


def _arrived(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title, told.rest = reader.say("office-story-arrived"), name_of(event.person_id, people, reader)
    arrival = next((a for a in order.body["arrivals"] if a["id"] == _data(event.entries[0]).get("arrival")), None)
    if arrival is None:
        return
    tone, icon = VERDICT_SIGNS[arrival["verdict"]]
    told.chips.append(Chip(tone, icon, reader.say(f"verdict-{arrival['verdict']}")))
    told.lines.append(_where(arrival, reader))
    told.lines.extend(sentences(arrival.get("hints", []), reader))


def _departed(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title, told.rest = reader.say("office-story-departed"), name_of(event.person_id, people, reader)
    departure = next((d for d in order.body["departures"] if d["id"] == _data(event.entries[0]).get("departure")), None)
    if departure is not None:
        told.lines.append(_where(departure, reader))


def _where(presence: Data, reader: Reader) -> str:
    """Where somebody came or left, or why that is not known."""
    place = presence["place"]
    if place is None:
        why = presence["why_none"] or "unavailable"
        return reader.say("office-no-site-position" if presence["position"] else f"office-no-position-{why}")
    distance = reader.distance(place["distance_m"], place["accuracy_m"])
    return reader.say(f"place-{place['answer']}") + reader.say("office-clause-sign") + distance


def _photos(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = reader.say("office-story-photos", count=len(event.entries))
    purposes = dict.fromkeys(str(_data(entry).get("purpose")) for entry in event.entries)
    told.rest = reader.say("office-list-sign").join(
        reader.say(f"purpose-{purpose}") for purpose in purposes if has_text(f"purpose-{purpose}")
    )
    wanted = {_data(entry).get("photo") for entry in event.entries}
    mine = [photo for photo in order.body["photos"] if photo["id"] in wanted]
    stored = sum(1 for photo in mine if photo["state"] == "stored")
    told.lines.append(reader.say("office-story-photos-stored", stored=stored, count=len(event.entries)))
    told.lines.extend(dict.fromkeys(rejection(photo, reader) for photo in mine if photo["state"] == "rejected"))


def _photo_edited(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    """What was said of a photo, and what is said from then on."""
    told.title, told.rest = reader.say("office-story-photo-edited"), name_of(event.person_id, people, reader)
    for name, change in (_data(event.entries[0]).get("changes") or {}).items():
        was, now = (field_value(name, change.get(side), reader, people) for side in ("was", "now"))
        told.lines.append(reader.say("office-story-changed-from", field=field_name(name, reader), was=was, now=now))


def _lines_added(message: str) -> Callable[[Told, Event, OrderRow, People, Reader], None]:
    def teller(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
        told.title = reader.say(message)
        for entry in event.entries:
            data = _data(entry)
            told.lines.append(
                reader.say(
                    "office-line",
                    name=str(data.get("name", "")),
                    quantity=reader.quantity(str(data["quantity"])),
                    unit=str(data.get("unit", "")),
                )
                if data.get("quantity")
                else str(data.get("name", ""))
            )
        told.rest = name_of(event.person_id, people, reader)

    return teller


def _line_changed(where: str, message: str) -> Callable[[Told, Event, OrderRow, People, Reader], None]:
    def teller(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
        data = _data(event.entries[0])
        line: dict[str, Any] = next((one for one in order.body[where] if one["line"] == data.get("line")), {})
        told.title, told.rest = reader.say(message, name=line.get("name", "")), name_of(event.person_id, people, reader)
        told.lines.extend(_change(name, change, reader, people) for name, change in (data.get("changes") or {}).items())

    return teller


def _answered(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = reader.say("office-story-answers", count=len(event.entries))
    told.rest = name_of(event.person_id, people, reader)


def _signed(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = _data(event.entries[0])
    told.title = reader.say("office-story-signed", name=str((data.get("signer") or {}).get("name", "")))
    rating = data.get("rating") or {}
    if rating.get("score"):
        told.rest = reader.say("office-rating", score=int(rating["score"]))
    signature = next((s for s in order.body["signatures"] if s["id"] == data.get("signature")), None)
    if signature is None:
        return
    good = signature["state"] == "intact"
    told.chips.append(
        Chip(
            "proven" if good else "contradicted",
            "check" if good else "flag",
            reader.say(f"signature-{signature['state']}"),
        )
    )
    told.lines.append(reader.say("office-digest", digest=signature["sha256"][:16]))
    told.lines.extend(sentences(signature.get("hints", []), reader))


def _refused(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = _data(event.entries[0])
    told.title = reader.say(f"refusal-{data.get('reason', 'absent')}")
    told.rest = name_of(event.person_id, people, reader)
    if data.get("comment"):
        told.lines.append(str(data["comment"]))


def _note(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title, told.rest = reader.say("office-story-note"), name_of(event.person_id, people, reader)
    told.lines.append(str(_data(event.entries[0]).get("text", "")))


def _reviewed(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = _data(event.entries[0])
    told.title = reader.say(f"review-{data.get('verdict', 'pending')}")
    told.rest = name_of(event.person_id, people, reader)
    if data.get("comment"):
        told.lines.append(str(data["comment"]))


def _delivered(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = reader.say("office-story-delivered")
    waited = event.waited.total_seconds() if event.waited else 0
    told.rest = reader.say("office-story-waited", duration=reader.duration(waited), count=len(event.entries))


def _unknown(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = kind_name(event.kind, reader)
    told.rest = name_of(event.person_id, people, reader)


def _outcomes(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    """What the server made of the lines, where it is not simply that they were applied."""
    if event.side == "sync":
        return
    states = {entry.status for entry in event.entries}
    if "conflict" in states:
        told.chips.append(Chip("claimed", "flag", reader.say("office-outcome-conflict")))
    if "merged" in states:
        told.chips.append(Chip("corroborated", "check-check", reader.say("office-outcome-merged")))
    for entry in event.entries:
        if entry.held is None:
            continue
        if entry.held.waits:
            told.chips.append(Chip("contradicted", "hand", reader.say("office-outcome-held")))
            told.lines.append(why(entry.held, reader))
        else:
            tone, icon = ("soft", "check") if entry.held.state == "applied" else ("soft", "x")
            told.chips.append(Chip(tone, icon, reader.say(f"office-held-state-{entry.held.state}")))
            told.lines.append(after_all(entry.held, people, reader))


_TELLERS: Final[dict[str, Callable[[Told, Event, OrderRow, People, Reader], None]]] = {
    "order.open": _opened,
    "order.plan": _planned,
    "order.edit": _edited,
    "order.stage": _stage,
    "arrival.record": _arrived,
    "departure.record": _departed,
    "photo.add": _photos,
    "photo.edit": _photo_edited,
    "material.add": _lines_added("office-story-materials"),
    "labour.add": _lines_added("office-story-labour"),
    "material.change": _line_changed("materials", "office-story-material-changed"),
    "material.remove": _line_changed("materials", "office-story-material-removed"),
    "labour.change": _line_changed("labour", "office-story-labour-changed"),
    "labour.remove": _line_changed("labour", "office-story-labour-removed"),
    "checklist.answer": _answered,
    "signature.record": _signed,
    "signature.refuse": _refused,
    "note.add": _note,
    "order.review": _reviewed,
    **DECISIONS,
    "sync": _delivered,
}
