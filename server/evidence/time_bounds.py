"""When a line was written, as far as it can be known: proven bounds and corroborated claims (evidence.md).

An anchor before the line proves that the line is not older; the receipt of its batch proves that it is
not younger. In between, the device's monotonic clock, its offset to the server's clock on both sides
and the position fix corroborate or contradict what the wall clock claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from server.evidence.clocks import Anchor, Reading, Receipt, Reference, Tolerances, signs_of_a_moved_clock
from server.evidence.reasons import Reason, utc_text
from server.evidence.stamps import counted_on
from server.rules.instants import shifted

__all__ = ["Anchor", "Reading", "Receipt", "TimeBounds", "Tolerances", "on_time", "proven", "received_in_doubt",
           "time_bounds"]  # fmt: skip

# Ten thousand years: whatever a clock says, no calendar has more.
LONGEST_MS: Final = 10_000 * 365.25 * 24 * 3600 * 1000

Grade = Literal["corroborated", "claimed", "contradicted"]
OnTime = Literal["on_time", "late", "unproven", "no_deadline"]


@dataclass(frozen=True)
class TimeBounds:
    """When it was: between `earliest` (None: not known) and `latest`, most likely at `best`.

    `not_before` and `not_after` are proven. `claimed` is what the wall clock says, corrected by the
    server's; `elapsed` what the monotonic clock says; `gps` the fix's own time. `moved_s` is how many
    seconds the clock was found to be moved, back or forward; 0 where nothing was found. `by_wall_alone`:
    its fix was compared with the phone's clock alone.
    """

    best: datetime
    earliest: datetime | None
    latest: datetime
    grade: Grade
    not_before: datetime | None
    not_after: datetime
    claimed: datetime
    elapsed: datetime | None
    gps: datetime | None
    moved_s: float
    reasons: tuple[Reason, ...]
    by_wall_alone: bool = False

    @property
    def corrected(self) -> datetime | None:
        """The moment by the server's clock that fixes are compared with; None where they are not."""
        return None if self.by_wall_alone else self.best

    @property
    def clock_moved(self) -> bool:
        """Whether the clock was moved in a way that touches this line."""
        return self.moved_s != 0

    def as_json(self) -> dict[str, object]:
        """The bounds as documents hold them; times in RFC 3339, UTC, milliseconds."""
        return {
            "best": utc_text(self.best),
            "earliest": utc_text(self.earliest) if self.earliest else None,
            "latest": utc_text(self.latest),
            "grade": self.grade,
            "not_before": utc_text(self.not_before) if self.not_before else None,
            "not_after": utc_text(self.not_after),
            "claimed": utc_text(self.claimed),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def time_bounds(
    at: Reading,
    before: Anchor | None,
    after: Sequence[Anchor | Receipt] | None,
    not_after: datetime,
    fix_at: datetime | None = None,
    chain_previous: Reading | None = None,
    fix_age_s: float | None = 0.0,
    tolerances: Tolerances | None = None,
) -> TimeBounds:
    """The bounds on the time of the line that was written at `at`.

    `before` is the last anchor before it in its chain; `after`, in order, what is known later: the next
    anchor in the chain, and the receipt of the exchange that brought it. `not_after` is the server's
    clock when the batch had arrived, `fix_at` the time stamp of the position that the line carries,
    `fix_age_s` how old the phone says that is (None: it is compared with the phone's clock alone, as
    lines were judged before), `chain_previous` the reading of the line before it. All datetimes are aware.

    A claim outside the proven bounds, or a moved clock, is `contradicted`. It is `corroborated` within
    tolerance of the monotonic clock (same run of the app) or of the position fix. Otherwise `claimed`.
    """
    allow = tolerances or Tolerances()
    first = Reference.of(before) if before else None
    later = [Reference.of(known) for known in after or ()]
    references = ([first] if first else []) + later
    not_before = before.server_time if before else None
    claimed = shifted(references[0].server_time, at.wall - references[0].reading.wall) if references else at.wall
    elapsed = _elapsed(at, references)
    outside = _outside(claimed, not_before, not_after, allow)
    moved = signs_of_a_moved_clock(at, first, later, chain_previous, allow)
    agreed = _by_the_monotonic_clock(at, references, claimed, allow)
    fix = _by_the_fix(fix_at, claimed, allow) if fix_age_s is None else _by_both(fix_at, fix_age_s, at, claimed, allow)
    within = agreed.within_s or fix.within_s
    moved_s = _largest(moved)
    grade: Grade = "corroborated" if within else "claimed"
    if outside or moved_s:
        grade = "contradicted"
    best = _clamped((elapsed or claimed) if grade == "contradicted" else claimed, not_before, not_after)
    earliest, latest = not_before, not_after
    if grade == "corroborated" and within:
        earliest = _clamped(best - timedelta(seconds=within[0]), not_before, not_after)
        latest = _clamped(best + timedelta(seconds=within[1]), not_before, not_after)
    unanchored = () if before else (Reason("no_anchor"),)
    return TimeBounds(
        best=best,
        earliest=earliest,
        latest=latest,
        grade=grade,
        not_before=not_before,
        not_after=not_after,
        claimed=claimed,
        elapsed=elapsed,
        gps=fix_at,
        moved_s=moved_s,
        reasons=(*unanchored, *outside, *moved, *agreed.reasons, *fix.reasons),
        by_wall_alone=fix_at is not None and fix_age_s is None,
    )


def received_in_doubt(bounds: TimeBounds) -> TimeBounds:
    """The same bounds, with the reason that nothing was compared with the server's clock as the line came in."""
    return replace(bounds, reasons=(*bounds.reasons, Reason("server_clock_in_doubt")))


def proven(time: Mapping[str, object]) -> tuple[str | None, str | None]:
    """Between which moments (RFC 3339) something was written for certain, by the `time` that documents hold of it: not
    before the first, None where nothing proves that, nor after the last. What only agrees with the phone's own clocks
    narrows `earliest` and `latest`, and proves nothing."""
    first, last = ("not_before", "not_after") if time.get("not_after") else ("earliest", "latest")
    begins, ends = time.get(first), time.get(last)
    return begins if isinstance(begins, str) else None, ends if isinstance(ends, str) else None


def on_time(bounds: TimeBounds, arrive_by: datetime | None) -> OnTime:
    """Whether it was in time: only what the bounds decide is `on_time` or `late`."""
    if arrive_by is None:
        return "no_deadline"
    if bounds.latest <= arrive_by:
        return "on_time"
    if bounds.earliest is not None and bounds.earliest > arrive_by:
        return "late"
    return "unproven"


@dataclass(frozen=True)
class _Agreement:
    """What agrees with the claim: `within_s` = (seconds earlier, seconds later) that it can be off."""

    within_s: tuple[float, float] | None
    reasons: tuple[Reason, ...]


def _elapsed(at: Reading, references: list[Reference]) -> datetime | None:
    """What the monotonic clock says, from the first reference of the same run of the app."""
    for known in references:
        if known.reading.run == at.run:
            elapsed_ms = max(-LONGEST_MS, min(at.mono_ms - known.reading.mono_ms, LONGEST_MS))
            return shifted(known.server_time, timedelta(milliseconds=elapsed_ms))
    return None


def _outside(
    claimed: datetime, not_before: datetime | None, not_after: datetime, allow: Tolerances
) -> tuple[Reason, ...]:
    """Whether the claim lies outside the proven bounds by more than drift since the anchor explains."""
    interval = (not_after - not_before).total_seconds() if not_before else 0.0
    slack = allow.allowed_s(interval)
    if not_before is not None and (too_early := (not_before - claimed).total_seconds()) > slack:
        return (_claim("claim_before_anchor", too_early, not_before),)
    if (too_late := (claimed - not_after).total_seconds()) > slack:
        return (_claim("claim_after_receipt", too_late, not_after),)
    return ()


def _claim(code: str, seconds: float, bound: datetime) -> Reason:
    return Reason(code, {"seconds": round(seconds, 1), "bound": utc_text(bound)})


def _by_the_monotonic_clock(
    at: Reading, references: list[Reference], claimed: datetime, allow: Tolerances
) -> _Agreement:
    """The first reference of the same run whose elapsed time agrees with the claim, or why none does.

    Time elapsed before the line that is shorter than claimed is weak evidence: the phone may have slept.
    """
    weak: list[Reason] = []
    for known in references:
        if known.reading.run != at.run:
            continue
        by_mono = (at.mono_ms - known.reading.mono_ms) / 1000
        difference = (claimed - known.server_time).total_seconds() - by_mono
        # The claim is counted from the first reference: it has drifted since then, and from another
        # reference both messages' travel differs.
        origin = references[0]
        since_origin = (claimed - origin.server_time).total_seconds()
        slack = allow.allowed_s(max(abs(by_mono), abs(since_origin)))
        early, late = origin.early_s, origin.late_s
        if known is not origin:
            early, late = early + known.late_s, late + known.early_s
        travel_low, travel_high = (0.0, 0.0) if known is origin else (late, early)
        if -slack - travel_low <= difference <= slack + travel_high:
            agrees = Reason("elapsed_agrees", {"seconds": round(difference, 1)})
            return _Agreement((slack + early, slack + late), (agrees,))
        if difference * by_mono > 0:
            weak.append(Reason("elapsed_shorter", {"seconds": round(abs(difference), 1)}))
    return _Agreement(None, tuple(weak[:1]))


def _by_the_fix(fix_at: datetime | None, claimed: datetime, allow: Tolerances) -> _Agreement:
    """Whether the position fix's own time agrees with the claim; an old fix says nothing about it."""
    if fix_at is None:
        return _Agreement(None, ())
    older = (claimed - fix_at).total_seconds()
    seconds = round(abs(older), 1)
    if abs(older) <= allow.gps_s:
        return _Agreement((allow.gps_s, allow.gps_s), (Reason("gps_agrees", {"seconds": seconds}),))
    return _Agreement(None, (Reason("gps_older" if older > 0 else "gps_later", {"seconds": seconds}),))


def _by_both(fix_at: datetime | None, age_s: float, at: Reading, claimed: datetime, allow: Tolerances) -> _Agreement:
    """The same for a stamp of satellite time or of the phone's clock, and how far that is from satellite time."""
    if fix_at is None:
        return _Agreement(None, ())
    stamp, weeks = counted_on(fix_at, claimed)
    lost = (Reason("gps_rolled_over", {"weeks": weeks}),) if weeks else ()
    by_wall = abs((at.wall - stamp).total_seconds() - age_s) <= allow.gps_s
    by_satellite = abs((claimed - stamp).total_seconds() - age_s) <= allow.gps_s
    if by_wall and not by_satellite:
        return _Agreement(None, (*lost, _off("gps_by_phone_clock", at.wall - claimed)))
    agreed = _by_the_fix(stamp, claimed, allow)
    # Where both explain the stamp the phone's clock is right, and the two are one.
    differs = (_off("phone_clock_off", at.wall - stamp - timedelta(seconds=age_s)),) if not by_wall else ()
    return replace(agreed, reasons=(*lost, *agreed.reasons, *(differs if by_satellite else ())))


def _off(code: str, by: timedelta) -> Reason:
    direction = "ahead" if by > timedelta(0) else "behind"
    return Reason(code, {"direction": direction, "seconds": round(abs(by.total_seconds()), 1)})


def _largest(moved: list[Reason]) -> float:
    """The largest move in seconds that touches the line; 0.0 without one."""
    seconds = (each.figures["seconds"] for each in moved if each.code == "clock_moved")
    return max((each for each in seconds if isinstance(each, float)), default=0.0)


def _clamped(moment: datetime, not_before: datetime | None, not_after: datetime) -> datetime:
    lower = moment if not_before is None else max(moment, not_before)
    return min(lower, not_after)
