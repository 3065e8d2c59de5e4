"""What a recalled copy says was decided: it stands where the question is still open here.

The office's own lines do not come again after a restore, and a phone's are in the copy already, so nobody would decide
it a second time.
"""

from __future__ import annotations

from typing import Any

from server.documents.bodies import find, mark_of
from server.documents.operation import Body
from server.documents.parts.edits import Place, comparable
from server.documents.work_order import fields
from server.documents.work_order.orders import convert_position
from server.rules.values import same


def bring_in(body: Body, recalled: Body, positions: bool = True) -> None:
    """Rulings on arrivals, photos said to be lost, settled flags and settled conflicts that only the copy has.

    `positions`: whether a site's position that was chosen is known again without what the server worked out from it.
    """
    for arrival in recalled["arrivals"]:
        here = find(body["arrivals"], "id", arrival["id"])
        if here is not None:
            here["ruling"] = here["ruling"] or arrival["ruling"]
    for photo in recalled["photos"]:
        here = find(body["photos"], "id", photo["id"])
        if here is not None and photo.get("lost") and not here.get("lost"):
            here["lost"] = photo["lost"]
    for flagged in recalled["flags"]:
        _settle_flag(body, flagged)
    for conflict in recalled["conflicts"]:
        here = find(body["conflicts"], "id", conflict["id"])
        if here is not None and here["settled"] is None and conflict["settled"] is not None:
            _settle_conflict(body, recalled, here, conflict["settled"], positions)


def _settle_flag(body: Body, there: dict[str, Any]) -> None:  # Any: JSON
    """The same flag, raised at the same moment, is one question."""
    if not there.get("settled"):
        return
    raised = {name: value for name, value in there.items() if name != "settled"}
    for here in body["flags"]:
        if here == raised:  # and not settled yet
            here["settled"] = there["settled"]


def _settle_conflict(
    body: Body,
    recalled: Body,
    here: dict[str, Any],
    settled: dict[str, Any],
    positions: bool,  # Any: JSON
) -> None:
    """What was chosen stands where the field is as it was then on both sides; what a plan's field brings with it cannot
    be made again, so there it is asked anew."""
    field = here["field"]
    place, chosen = fields.place_of(body, field), fields.place_of(recalled, field)
    if place is None or chosen is None:
        return
    current = comparable(field, place.value)
    value = comparable(field, settled["value"]) if positions else settled["value"]
    if same(current, value):
        here["settled"] = settled
    elif not place.of_plan and is_as_it_was(body, recalled, field) and same(comparable(field, chosen.value), value):
        _take(body, recalled, field, place, chosen)
        here["settled"] = settled


def is_as_it_was(body: Body, recalled: Body, field: str) -> bool:
    """Whether nobody has written into the field here that the copy does not know of."""
    author = body["edits"].get(field)
    return author is None or mark_of(author.get("operation", "")) in recalled["contains"]


def _take(body: Body, recalled: Body, field: str, place: Place, chosen: Place) -> None:
    """The value of the copy, with whoever had chosen it; what else is open about the field faces it."""
    author = body["edits"][field] = recalled["edits"][field]
    if field.startswith(f"{fields.CHECKLIST}."):
        body["checklist"]["answers"][place.name] = recalled["checklist"]["answers"][place.name]
    else:
        place.holder[place.name] = chosen.value
    if "touched" in chosen.holder:
        place.holder["touched"] = chosen.holder["touched"]
    if field == "site.position":
        convert_position(body)
    for conflict in body["conflicts"]:
        if conflict["field"] == field and conflict["settled"] is None:
            conflict["kept"] = {"value": comparable(field, chosen.value), "by": author["by"], "at": author["at"]}
