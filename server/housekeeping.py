"""What the server does by itself: every hour, once a day, whichever of its processes comes first, and what an earlier
version left undone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from server.steady_clock import LOOK_EVERY_S
from server.traces import trace

if TYPE_CHECKING:
    from apiflask import APIFlask

log = logging.getLogger(__name__)

DONE_ON: Final = "housekeeping_on"


def start(app: APIFlask) -> None:
    """Look now and every hour whether today's work is still to be done, in a thread that ends with the process."""
    threading.Thread(target=_keep_looking, args=(app, threading.Event().wait), daemon=True).start()


def _keep_looking(app: APIFlask, wait: Callable[[float], bool]) -> None:
    while True:
        try:
            with app.app_context():
                clear_away()
                look()
                catch_up()
        except Exception as error:
            # The edge of a thread: tomorrow, or the next process, tries again.
            log.error("what is to be done by and by could not be done\n%s", trace(error))
        wait(LOOK_EVERY_S)


def clear_away() -> int:
    """Remove export files that somebody brought and nobody took in, an hour after they came; returns how many. Each
    machine has its own. Needs an app context."""
    from server.export_files import parking
    from server.services import services

    here = services()
    return parking.clear_away(here.settings.data, here.times().steady)


def look() -> int:
    """Look at the clocks, keep what is known of the time, and do today's work while the clock is believed; returns how
    many documents were archived. Needs an app context."""
    from server.clock_witness import keep
    from server.database import write
    from server.services import services

    here = services()
    now = here.now()
    known = here.clock.advance(now)
    write(lambda connection: keep(connection, known))
    return 0 if known.in_doubt else keep_house(now)


def keep_house(now: datetime) -> int:
    """Do today's work unless it was done: drop what was refused long ago and sessions that expired long ago, archive;
    returns how many documents were archived. Needs an app context, and a time that is believed."""
    from server.database import write
    from server.photos.dropping import drop_refused
    from server.services import services
    from server.sync.store.archiving import archive, bring_to_now
    from server.web.security import drop_expired

    if not write(lambda connection: _is_todays_first(connection, now)):
        return 0
    drop_refused(services().photos, write, now)
    write(lambda connection: drop_expired(connection, now))
    write(lambda connection: bring_to_now(connection, now))
    done = 0
    while True:
        archived = write(lambda connection: archive(connection, now))
        done += archived
        if archived == 0:
            return done


def catch_up() -> int:
    """Note how photos look that came in before that was noted; returns of how many. Needs an app context."""
    from server.database import reading, write
    from server.photos.catching_up import note_missing_looks
    from server.services import services

    return note_missing_looks(services().photos, reading, write)


def _is_todays_first(connection: Connection, now: datetime) -> bool:
    from server.sync.store.facts_store import fact, remember

    today = now.date().isoformat()
    if fact(connection, DONE_ON) == today:
        return False
    remember(connection, DONE_ON, today)
    return True
