"""Which refused requests are told to the security log, and what of them: the code, the route, and who asked."""

from __future__ import annotations

from typing import Final

from flask import g, request

from server.problems import CATALOGUE, Problem
from server.security_log import Event, tell
from server.web import addresses

# Told where a password is looked at, which knows for whose account it was.
OF_SIGN_INS: Final = frozenset({"bad_credentials", "too_many_tries"})
# Beside what 401 and 403 say. What somebody may not see is not there for them.
OF_RIGHTS: Final = frozenset(
    {"device_taken", "too_many_devices", "too_many_new_devices", "too_many_uploads", "ledger_fork", "export_fork"}
)
OF_INPUT: Final = frozenset({400, 412, 413, 415, 422, 460})


def tell_refusal(problem: Problem) -> None:
    """Tell of this request what `problem` refused, where that is of interest."""
    event = _event(problem)
    if event is not None:
        caller = g.get("caller")
        who = {"person": caller and caller.person_id, "device": caller and caller.device_id}
        tell(event, reason=problem.code, route=request.endpoint, **who, address=addresses.as_told())


def _event(problem: Problem) -> Event | None:
    if problem.code in OF_SIGN_INS:
        return None
    status = CATALOGUE[problem.code]
    unseen = problem.code == "not_found" and g.get("caller") is not None
    if status in (401, 403) or problem.code in OF_RIGHTS or unseen:
        return "request_refused"
    return "input_refused" if status in OF_INPUT else None
