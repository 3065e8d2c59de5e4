"""Photo content on its way in: tus 1.0.0 (https://tus.io/protocols/resumable-upload) with the extensions
creation, creation-with-upload, checksum, expiration and termination."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from apiflask import APIBlueprint
from flask import Response, request, url_for
from uuid_utils import uuid7
from werkzeug.http import http_date

from server.api.upload_headers import (
    ALGORITHMS,
    MAX_PREVIEW_BYTES,
    read_checksum,
    read_length,
    read_metadata,
    read_offset,
)
from server.api.upload_intake import (
    KEPT_FOR,
    alone,
    begin,
    find,
    forget,
    forget_expired,
    one_of_some,
    take_as_here,
    take_in,
)
from server.models import Upload
from server.photos.images import MAX_BYTES
from server.problems import Problem
from server.services import services
from server.web.security import require_person

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination"
CONTENT: Final = "application/offset+octet-stream"

blueprint = APIBlueprint("uploads", __name__, url_prefix="/api/v1/uploads", tag="Photos")


@blueprint.after_request
def _speak_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    return response


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/<upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.doc(hide=True)
def tell_what_is_possible(upload_id: str = "") -> Response:
    """What this server can do, as tus asks it."""
    return Response(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Max-Size": str(MAX_BYTES),
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@blueprint.post("")
@blueprint.doc(
    responses={
        201: "Made; Location names the upload",
        400: "",
        401: "",
        412: "",
        413: "",
        415: "",
        429: "",
        460: "",
        503: "",
        507: "",
    }
)
def create() -> Response:
    """Begin an upload

    `Upload-Length`, and `Upload-Metadata` with `sha256`, `media_type` and for a preview `preview_of`. Where
    `Upload-Offset` in the answer equals the length, the content is here already and nothing need be sent.
    """
    caller = require_person()
    _check_version()
    metadata = read_metadata()
    length = read_length(MAX_PREVIEW_BYTES if metadata.preview_of else MAX_BYTES)
    with_content = request.mimetype == CONTENT
    checksum = read_checksum() if with_content else None
    times = services().times()
    forget_expired(times.ended_by)
    row = {
        "id": str(uuid7()),
        "person_id": caller.person_id,
        "device_id": caller.device_id,
        "length": length,
        "offset": 0,
        "sha256": metadata.sha256,
        "media_type": metadata.media_type,
        "preview_of": metadata.preview_of,
        "created_at": times.steady,
        "expires_at": times.steady + KEPT_FOR,
        "completed_at": None,
    }
    if take_as_here(row, caller, times.wall):
        return _answer(201, str(row["id"]), length, times.steady + KEPT_FOR)
    upload = begin(row)
    if not with_content and length:
        return _answer(201, upload.id, 0, upload.expires_at)
    try:
        with one_of_some(), alone(upload.id, caller) as (upload, file):
            offset = take_in(upload, file, checksum)
    except (Problem, OSError):
        forget(upload.id)
        raise
    return _answer(201, upload.id, offset, times.steady + KEPT_FOR)


@blueprint.route("/<upload_id>", methods=["HEAD"])
@blueprint.doc(responses={200: "Upload-Offset says how much is here", 401: "", 404: "", 410: "", 412: ""})
def tell_offset(upload_id: str) -> Response:
    """How much of an upload is here"""
    caller = require_person()
    _check_version()
    upload = find(upload_id, caller)
    response = _answer(200, upload.id, upload.offset, upload.expires_at)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.patch("/<upload_id>")
@blueprint.doc(
    responses={
        204: "Upload-Offset says how much is here, durably",
        400: "", 401: "", 404: "", 409: "", 410: "", 412: "", 413: "", 415: "", 423: "", 460: "", 503: "", 507: "",
    }
)  # fmt: skip
def send_on(upload_id: str) -> Response:
    """Send the next bytes of an upload"""
    caller = require_person()
    _check_version()
    if request.mimetype != CONTENT:
        raise Problem("unsupported_media_type")
    claimed, checksum = read_offset(), read_checksum()
    upload = find(upload_id, caller)
    if upload.completed_at:
        _check_place(upload, claimed)
        return _answer(204, upload_id, upload.length, upload.expires_at)
    with one_of_some(), alone(upload_id, caller) as (upload, file):
        _check_place(upload, claimed)
        offset = upload.length if upload.completed_at else take_in(upload, file, checksum)
    return _answer(204, upload_id, offset, services().times().steady + KEPT_FOR)


def _check_place(upload: Upload, claimed: int) -> None:
    if claimed != upload.offset:
        raise Problem("upload_offset", offset=upload.offset, length=upload.length)
    if (request.content_length or 0) > upload.length - upload.offset:
        raise Problem("upload_too_long", length=upload.length)


@blueprint.delete("/<upload_id>")
@blueprint.doc(responses={204: "Gone", 401: "", 404: "", 410: "", 412: "", 423: ""})
def terminate(upload_id: str) -> Response:
    """Give an upload up

    What was taken in whole stays.
    """
    caller = require_person()
    _check_version()
    upload = find(upload_id, caller)
    if upload.completed_at:
        forget(upload_id)
    else:
        with alone(upload_id, caller):
            forget(upload_id)
    return Response(status=204)


@blueprint.post("/<upload_id>")
@blueprint.doc(hide=True)
def override(upload_id: str) -> Response:
    """PATCH and DELETE for a client behind something that knows only GET and POST."""
    view = {"PATCH": send_on, "DELETE": terminate}.get(request.headers.get("X-HTTP-Method-Override", ""))
    if view is None:
        raise Problem("method_not_allowed")
    return view(upload_id)


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Problem("tus_version", supported=VERSION)


def _answer(status: int, upload_id: str, offset: int, expires_at: datetime) -> Response:
    response = Response(status=status)
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Upload-Expires"] = http_date(expires_at)
    if status == 201:
        response.headers["Location"] = url_for("uploads.tell_offset", upload_id=upload_id)
    return response
