"""Photos, for whoever may see a work order that they belong to."""

from __future__ import annotations

from apiflask import APIBlueprint, Schema
from apiflask.fields import String
from flask import Response
from marshmallow.validate import OneOf

from server.web.photo_files import photo_response
from server.web.security import require_person

blueprint = APIBlueprint("photos", __name__, url_prefix="/api/v1/photos", tag="Photos")


class PhotoQuery(Schema):
    """How large a photo is wanted."""

    size = String(load_default="", validate=OneOf(["", "thumb", "screen"]))


@blueprint.get("/<sha256>")
@blueprint.input(PhotoQuery, location="query")
@blueprint.doc(
    responses={200: "The bytes as they came, or a smaller JPEG copy", 304: "", 401: "", 404: "", 422: "", 503: ""}
)
def photo(sha256: str, query_data: dict[str, str]) -> Response:
    """A photo

    With `size`, a copy of at most 320 (thumb) or 1280 (screen) pixels. Where only a preview is in so far, it
    is answered with the header `Undercroft-Preview: 1`, whatever the size.
    """
    caller = require_person()
    return photo_response(sha256, query_data["size"], caller.person_id, caller.role)
