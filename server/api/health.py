"""Whether the process is up, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.database import reading
from server.problems import Problem
from server.room import room_left
from server.services import services
from server.sync.store.facts_store import epoch

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def is_up() -> Response:
    """The process answers."""
    return jsonify(status="up")


@blueprint.get("/readyz")
def is_ready() -> Response:
    """The database has its schema, the photo store could take content and the disk has room for lines; else Problem
    `not_ready`. `disk` says what is left for photos: ok, low, photos_wait."""
    try:
        with reading() as connection:
            connection.execute(text("SELECT 1"))
            epoch(connection)
    except (SQLAlchemyError, LookupError) as error:
        raise Problem("not_ready", part="database") from error
    try:
        services().photos.check_ready()
    except OSError as error:
        raise Problem("not_ready", part="photos") from error
    left = room_left(services())
    if left.state == "full":
        raise Problem("not_ready", part="disk")
    return jsonify(status="ready", disk=left.state)
