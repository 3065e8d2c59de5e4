"""How the stage of a work order moves: forward only, with four ways back (work-orders.md)."""

from __future__ import annotations

from typing import Final, Literal

Stage = Literal["new", "accepted", "en_route", "on_site", "working", "paused", "finished", "unable"]
NotForward = Literal["not_forward"]

NOT_FORWARD: Final[NotForward] = "not_forward"
RANKS: Final[dict[Stage, int]] = {
    "new": 0,
    "accepted": 1,
    "en_route": 2,
    "on_site": 3,
    "working": 4,
    "paused": 4,
    "finished": 5,
    "unable": 5,
}
STAGES: Final[tuple[Stage, ...]] = tuple(RANKS)
ENDS: Final[frozenset[Stage]] = frozenset({"finished", "unable"})


def advance(
    current: Stage, to: Stage, review_returned: bool, own_unable: bool = False, before: Stage | None = None
) -> Stage | NotForward:
    """The stage after someone says `to`, or `not_forward` where that changes nothing.

    Steps may be skipped; `paused` and `working` follow each other in both ways; an order that has ended
    (`finished` or `unable`) goes back to `working` after a review that returned it; and `unable` goes back there, or
    to where the order stood `before` it, where whoever said it takes it back before a review (`own_unable`). Raises
    KeyError for a word that is no stage.
    """
    was, now = RANKS[current], RANKS[to]
    if now > was:
        return to
    if {current, to} == {"working", "paused"}:
        return to
    if current in ENDS and to == "working" and review_returned:
        return to
    if current == "unable" and own_unable and to not in ENDS and to in ("working", before):
        return to
    return NOT_FORWARD
