"""Who may see which photo content. Knowing a hash gives nobody a photo: a record of an order opens a content
only where the person who recorded it has delivered the content themselves."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from server.models import OFFICE_ROLES, DocumentPerson, PhotoContent, PhotoDelivery, PhotoLink, PhotoPreview


def may_see(connection: Connection, sha256: str, person_id: str, role: str) -> bool:
    """Whether the content is stored and belongs to a work order that this person sees."""
    delivered = exists().where(PhotoDelivery.sha256 == PhotoLink.sha256, PhotoDelivery.person_id == PhotoLink.person_id)
    link = exists().where(PhotoLink.sha256 == sha256, delivered, _sees_order(person_id, role))
    stored = exists().where(PhotoContent.sha256 == sha256, PhotoContent.state == "stored")
    return bool(connection.execute(select(and_(link, stored))).scalar_one())


def preview_of(connection: Connection, sha256: str, person_id: str, role: str) -> str | None:
    """The hash of the preview to show this person while the original is missing; None if there is none."""
    previews = (
        select(PhotoPreview.preview_sha256)
        .join(
            PhotoLink,
            and_(PhotoLink.sha256 == PhotoPreview.sha256, PhotoLink.person_id == PhotoPreview.person_id),
        )
        .where(PhotoPreview.sha256 == sha256, _sees_order(person_id, role))
        .order_by(PhotoPreview.stored_at)
    )
    return connection.execute(previews.limit(1)).scalar_one_or_none()


def is_at_hand(connection: Connection, sha256: str, person_id: str, role: str) -> bool:
    """Whether this person need not send the content: they have delivered it before, or may see it."""
    before = exists().where(PhotoDelivery.sha256 == sha256, PhotoDelivery.person_id == person_id)
    return bool(connection.execute(select(before)).scalar_one()) or may_see(connection, sha256, person_id, role)


def _sees_order(person_id: str, role: str) -> ColumnElement[bool]:
    if role in OFFICE_ROLES:
        return PhotoLink.document_id.is_not(None)
    return exists().where(
        DocumentPerson.document_id == PhotoLink.document_id,
        DocumentPerson.person_id == person_id,
        DocumentPerson.sees,
    )
