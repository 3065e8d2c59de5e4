"""One work order: its whole story, and the evidence with its verdict."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from server.database import reading
from server.documents.parts.photos import PHOTO, PHOTOS
from server.documents.work_order.shapes import CAUSES, PRIORITIES
from server.evidence.datum import interpretations
from server.evidence.place import DEFAULT_RADIUS_M, distance_m
from server.office.inbox.cases import case_of
from server.office.inbox.held import decision_words
from server.office.orders import photo_reuse
from server.office.orders.arrival_times import ArrivalTimes, arrival_times
from server.office.orders.story import story
from server.office.orders.telling import tell
from server.office.queries import held_queries, journal_queries, people_queries, photo_queries, queries
from server.office.queries.journal_queries import JournalEntry
from server.office.shell.answers import answers_of, only_language
from server.office.shell.drawing import Ink, SiteDrawing, bearing_deg, ink, site_drawing
from server.office.shell.reader import Reader
from server.office.shell.reasons import rejection, sentence, sentences
from server.office.shell.wording import field_name
from server.paper import report_sheet
from server.paper.report_changes import Change, changes
from server.problems import Problem
from server.sync.operations.proof import line_of
from server.sync.store import evidence_store


@dataclass(frozen=True)
class ArrivalCard:
    """An arrival of the document, drawn to scale (`drawing` is None where place or site is not known), and why."""

    record: dict[str, Any]  # Any: JSON of the document
    drawing: SiteDrawing | None
    times: ArrivalTimes
    reasons: list[str]
    hints: list[str]


class Hint(NamedTuple):
    """A sentence, and the other order that it speaks of."""

    text: str
    order: str | None


@dataclass(frozen=True)
class SignatureCard:
    """A signature of the document with its strokes, the text that was read (None where the line is gone), and what
    the order says otherwise now."""

    record: dict[str, Any]  # Any: JSON of the document
    strokes: Ink | None
    report: dict[str, Any] | None  # Any: JSON that the customer read
    consent: str
    hints: list[Hint]
    changes: list[Change]


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/orders/<uuid:order_id>", endpoint="order")(order)


def order(order_id: object) -> ResponseReturnValue:
    """GET /office/orders/<id>"""
    reader: Reader = g.reader
    with reading() as connection:
        found = queries.order(connection, str(order_id))
        if found is None:
            raise Problem("not_found")
        entries = journal_queries.history(connection, found.id, g.caller.person_id, g.caller.role)
        people = people_queries.people(connection)
        waiting = journal_queries.waiting_on(
            connection, found.id, g.caller.person_id, g.caller.role, held_queries.LINES
        )
        items = queries.checklist_items(connection, found.body["checklist"]["lists"])
        lacking = photo_queries.overdue_photos(connection, [found], reader.now).get(found.id, [])
        elsewhere = photo_reuse.pairs(connection, found.id, found.body["photos"])
        signed = [line_of(connection, one["operation"], "signature.record") for one in found.body["signatures"]]
        drawn_before = [evidence_store.drawn_before(connection, one["operation"]) for one in found.body["signatures"]]
    body = found.body
    return render_template(
        "office/order.html",
        order=found,
        body=body,
        people=people,
        story=[tell(event, found, people, reader) for event in story(entries)],
        arrivals=[arrival_card(arrival, body, reader) for arrival in body["arrivals"]],
        signatures=[
            signature_card(*each, body, reader) for each in zip(body["signatures"], signed, drawn_before, strict=True)
        ],
        pairs=elsewhere[: photo_reuse.SHOWN],
        pairs_left=len(elsewhere[photo_reuse.SHOWN :]),
        technicians=[person for person in people.values() if person.role == "technician" and person.active],
        priorities=PRIORITIES,
        causes=CAUSES,
        title=title_of(body, reader),
        case=case_of(found, lacking, people, items, reader),
        held_groups=[
            list(alike) for _, alike in itertools.groupby(sorted(waiting, key=_batch_and_reason), _batch_and_reason)
        ],
        field_name=lambda name: field_name(name, reader),
        rejection=lambda photo: rejection(photo, reader),
        said_anew=lambda photo: _said_anew(body, photo),
        answers=answers_of(body, items, reader),
        answers_only=only_language(body, items, reader),
        amounts={line["line"]: line for line in body["charge"]["lines"]},
        **decision_words(people, reader),
    )


def _said_anew(body: dict[str, Any], photo: str) -> dict[str, Any] | None:  # Any: JSON of the document
    """Who last changed what a photo is said to show; None where it is as it was recorded."""
    edits = [body["edits"].get(f"{PHOTOS}.{photo}.{name}") for name in PHOTO]
    return max((edit for edit in edits if edit), key=lambda edit: int(edit["version"]), default=None)


def _batch_and_reason(entry: JournalEntry) -> tuple[int, str]:
    """What lines have in common that are decided on together."""
    return entry.batch_id, entry.held.reason if entry.held else ""


def title_of(body: dict[str, Any], reader: Reader) -> str:  # Any: JSON
    """The first line of the fault; the kind and number where none was written."""
    lines = [line for line in body["fault"].splitlines() if line.strip()]
    return lines[0].strip() if lines else f"{reader.say('kind-' + body['kind'].replace('_', '-'))} {body['number']}"


def arrival_card(arrival: dict[str, Any], body: dict[str, Any], reader: Reader) -> ArrivalCard:  # Any: JSON
    """The arrival with a drawing to scale: what was measured, nothing guessed."""
    site, place = body["site"] or {}, arrival["place"]
    centres, fixes = (
        interpretations(site.get("position")),
        interpretations({**(arrival["position"] or {}), "datum": "WGS-84"}),
    )
    drawing = None
    if place and centres and fixes and place["accuracy_m"] is not None:
        # A site whose datum nobody knows is drawn where it lies nearest, as its distance is given.
        centre = min(centres, key=lambda point: distance_m(fixes[0], point))
        drawing = site_drawing(
            site.get("radius_m") or DEFAULT_RADIUS_M,
            place["distance_m"],
            place["accuracy_m"],
            bearing_deg(centre["latitude"], centre["longitude"], fixes[0]["latitude"], fixes[0]["longitude"]),
        )
    times = arrival_times(arrival, body["window"], reader)
    hints = sentences(arrival.get("hints", []), reader)
    return ArrivalCard(arrival, drawing, times, sentences(arrival["reasons"], reader), hints)


def signature_card(
    signature: dict[str, Any],  # Any: JSON
    line: bytes | None,
    drawn_before: str | None,
    body: dict[str, Any],  # Any: JSON
    reader: Reader,
) -> SignatureCard:
    """The signature with its strokes from the very line that the phone wrote; `drawn_before` is the order on which the
    same strokes were signed first."""
    hints = [
        Hint(sentence(hint, reader), drawn_before if hint["code"] == "same_strokes" else None)
        for hint in signature.get("hints", [])
    ]
    if line is None:
        return SignatureCard(signature, None, None, "", hints, [Change(part, []) for part in signature["differs"]])
    data = json.loads(line)["data"]
    strokes = ink(data["strokes"], float(data["box"]["width"]), float(data["box"]["height"]))
    report = json.loads(data["report"])
    differing = changes(
        report, body, signature["differs"], report_sheet.Reader(reader.language, reader.zone.key), reader.currency
    )
    return SignatureCard(signature, strokes, report, data["consent"], hints, differing)
