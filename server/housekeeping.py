"""What the server does by itself: every hour, once a day, whichever of its processes comes first, and what an earlier
version left undone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from server.traces import trace

if TYPE_CHECKING:
    from apiflask import APIFlask

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 3600.0
DONE_ON: Final = "housekeeping_on"


def start(app: APIFlask) -> None:
    """Look now and every hour whether today's work is still to be done, in a thread that ends with the process."""
    threading.Thread(target=_keep_looking, args=(app, threading.Event().wait), daemon=True).start()


def _keep_looking(app: APIFlask, wait: Callable[[float], bool]) -> None:
    from server.services import utc_now

    while True:
        try:
            with app.app_context():
                clear_away()
                keep_house(utc_now())
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

    return parking.clear_away(services().settings.data)


def keep_house(now: datetime) -> int:
    """Do today's work unless it was done: drop what was refused long ago, archive; returns how many documents were
    archived. Needs an app context."""
    from server.database import write
    from server.photos.dropping import drop_refused
    from server.services import services
    from server.sync.archiving import archive

    if not write(lambda connection: _is_todays_first(connection, now)):
        return 0
    drop_refused(services().photos, write, now)
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
    from server.sync.facts_store import fact, remember

    today = now.date().isoformat()
    if fact(connection, DONE_ON) == today:
        return False
    remember(connection, DONE_ON, today)
    return True
