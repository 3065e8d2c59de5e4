"""What taking a file in needs, from the services of the current app."""

from __future__ import annotations

from server.database import reading, write
from server.export_files.taking import Server
from server.services import services


def this_server() -> Server:
    """The current app's; raises RuntimeError outside an app context."""
    here = services()
    here.times()  # so that a process that has just begun knows whether its clock is believed
    return Server(write, reading, here.anchors, here.company, here.photos, here.now, here.free_bytes)
