"""What somebody else left on this phone: their ledger, brought in by the session of whoever is signed in now."""

from __future__ import annotations

from typing import Any, Final

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from marshmallow.validate import Length, OneOf, Range, Regexp
from sqlalchemy import Connection

from server.api.schemas import Lenient, PublicKey, Text, Whole
from server.api.sync import MAX_BODY_BYTES, MAX_LINES, MAX_LINES_BYTES
from server.database import reading, write
from server.models import WHY_STRANDED
from server.photos.arrival import record_delivery
from server.problems import Problem
from server.rules.ids import is_id
from server.services import services
from server.sync.apply import Author
from server.sync.exchange.handing_in import deliverable, hand_in, lacking
from server.sync.exchange.import_ledger import HandedIn
from server.sync.ledgers.ledger import kept_key
from server.sync.store import stranded
from server.sync.store.facts_store import epoch
from server.web import security
from server.web.bodies import describes_body, load, read_body, read_json

blueprint = APIBlueprint("ledgers", __name__, url_prefix="/api/v1", tag="Exchange")

MOST_CONTENT: Final = 100
MOST_ORDERS: Final = 200
LARGEST: Final = 2**31 - 1


class DeviceNamed(Lenient):
    """The device whose ledger it is."""

    id = Text(required=True, validate=Length(max=64))
    name = Text(required=True, validate=Length(max=128))
    public_key = Nested(PublicKey, required=True)


class PersonNamed(Lenient):
    """Whose the phone says that the ledger is."""

    id = Text(required=True, validate=Length(max=64))
    username = Text(required=True, validate=Length(min=1, max=64))


class LedgerSent(Lenient):
    """Lines of a ledger that is not the session's own, as an exchange would hold them; none to ask how far it is here.

    `content` are photos that the phone has of it, by their SHA-256, `orders` the work orders.
    """

    device = Nested(DeviceNamed, required=True)
    person = Nested(PersonNamed, required=True)
    first = Whole(required=True, validate=Range(min=1, max=LARGEST))
    lines = List(String(), load_default=list, validate=Length(max=MAX_LINES))
    signature = Text(load_default=None, allow_none=True, validate=Length(max=256))
    content = List(Text(validate=Regexp("[0-9a-f]{64}\\Z")), load_default=list, validate=Length(max=MOST_CONTENT))
    orders = List(Text(validate=Length(max=64)), load_default=list, validate=Length(max=MOST_ORDERS))


class LedgerStands(Schema):
    """How far the ledger is here, durably. `stored` and `lacking` are of the content that was named, as far as it is
    recorded here; `unknown_orders` of the orders. `is_held`: what comes of it waits for a person;
    `is_yours`: its person is whose session asks, maybe under an id of before."""

    epoch = String()
    server_time = String()
    acknowledged = Integer()
    head = String()
    is_held = Boolean()
    is_yours = Boolean()
    stored = List(String())
    lacking = List(String())
    unknown_orders = List(String())


class WaitingSent(Lenient):
    """What stays of a ledger on the phone that tells it, and why; zeros where nothing does."""

    device = Nested(DeviceNamed, required=True)
    person = Nested(PersonNamed, required=True)
    why = Text(required=True, validate=OneOf(WHY_STRANDED))
    lines = Whole(required=True, validate=Range(max=LARGEST))
    photos = Whole(required=True, validate=Range(max=LARGEST))
    orders = Whole(required=True, validate=Range(max=LARGEST))
    is_mine = Boolean(load_default=False)


class WaitingKnown(Schema):
    """What has come of it: `nothing` waits any more, it is `told` in the office, an administrator is `asked` whether it
    was this person's, or has `refused` that."""

    state = String(metadata={"enum": ["nothing", "told", "asked", "refused"]})


@blueprint.post("/ledgers")
@describes_body(LedgerSent)
@blueprint.output(LedgerStands)
@blueprint.doc(responses=[400, 401, 403, 409, 413, 422, 429])
def hand_in_ledger() -> dict[str, Any]:  # Any: JSON of LedgerStands
    """Hand in somebody else's ledger

    Lines that another person left on this phone, signed with their device's key. They count as those of an export file.
    """
    caller = security.require_person()
    sent = load(LedgerSent(), read_json(MAX_BODY_BYTES))
    ledger = _ledger(sent["device"], sent["person"], sent)
    here = services()
    author = Author(caller.person_id, caller.role, caller.device_id)
    stands = hand_in(write, reading, author, ledger, here.anchors, here.company, here.now)
    if sent["content"]:
        write(lambda connection: _hand_on(connection, ledger, caller.person_id, sent["content"]))
    with reading() as connection:
        lacks = lacking(connection, ledger, sent["content"], sent["orders"])
        known: dict[str, Any] = {"epoch": epoch(connection), "server_time": here.now().isoformat()}
    is_held = stands.is_revoked or stands.known_by in ("file", "claim")
    known |= {"acknowledged": stands.acknowledged, "head": stands.head}
    return known | {"is_held": is_held, "is_yours": stands.is_callers} | vars(lacks)


@blueprint.post("/ledgers/waiting")
@describes_body(WaitingSent)
@blueprint.output(WaitingKnown)
@blueprint.doc(responses=[400, 401, 403, 413, 422])
def tell_what_waits() -> dict[str, Any]:  # Any: JSON of WaitingKnown
    """Tell what stays on this phone of somebody else's ledger

    With `is_mine`, that it is one's own, from before the server was restored: an administrator is asked.
    """
    caller = security.require_person()
    sent = read_body(WaitingSent())
    ledger = _ledger(sent["device"], sent["person"], {"first": 1, "lines": [], "signature": None})
    told = stranded.Stranded(
        ledger.device_id, ledger.device_name, ledger.person_id, ledger.username,
        sent["why"], sent["lines"], sent["photos"], sent["orders"], sent["is_mine"],
    )  # fmt: skip
    state = write(lambda connection: stranded.tell(connection, told, caller.person_id, services().now()))
    return {"state": state}


def _ledger(device: dict[str, Any], person: dict[str, Any], sent: dict[str, Any]) -> HandedIn:  # Any: loaded schemas
    """Raises Problem `invalid_request`, `invalid_key` or `too_large`."""
    for field, identity in (("device.id", device["id"]), ("person.id", person["id"])):
        if not is_id(identity):
            raise Problem("invalid_request", fields=[{"field": field, "message": "Not a UUID in lower case."}])
    lines = [text.encode("utf-8", "surrogatepass") for text in sent["lines"]]
    if sum(map(len, lines)) > MAX_LINES_BYTES:
        raise Problem("too_large", limit=MAX_LINES_BYTES)
    try:
        key = kept_key(device["public_key"])
    except ValueError as error:
        raise Problem("invalid_key") from error
    return HandedIn(
        device["id"], device["name"], key, person["id"], person["username"], sent["first"], lines, sent["signature"]
    )


def _hand_on(connection: Connection, ledger: HandedIn, bringer: str, content: list[str]) -> None:
    """What whoever brings the ledger has delivered of its photos counts as delivered by whose it is."""
    here = services()
    for sha256, person_id in deliverable(connection, ledger, bringer, content):
        record_delivery(connection, sha256, person_id, here.now(), here.company)
