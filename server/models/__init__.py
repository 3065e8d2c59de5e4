"""The tables, a module an aggregate. Nothing here knows of Flask."""

from server.models.base import PRODUCT, SYSTEM, Base, UtcTime
from server.models.customer import Asset, Customer, Site
from server.models.document import NO_TARGETS, Document, DocumentPerson, Feed, FeedEntry
from server.models.evidence import EvidenceRow, Sighting, SignatureStrokes
from server.models.former import WHY_STRANDED, FormerPerson, StrandedLedger
from server.models.journal import Batch, HeldLine, JournalLine
from server.models.part import Part
from server.models.person import (
    OFFICE_ROLES,
    REVIEWER_ROLES,
    ROLES,
    WRITTEN_HERE,
    Device,
    Person,
    SessionToken,
    SignInAttempt,
    WrongPassword,
)
from server.models.photo import (
    PhotoAlike,
    PhotoBand,
    PhotoContent,
    PhotoDelivery,
    PhotoLink,
    PhotoLook,
    PhotoPreview,
    Upload,
)
from server.models.server_fact import Counter, ServerFact
from server.models.work_order import WorkOrder

__all__ = [
    "NO_TARGETS",
    "OFFICE_ROLES",
    "PRODUCT",
    "REVIEWER_ROLES",
    "ROLES",
    "SYSTEM",
    "WHY_STRANDED",
    "WRITTEN_HERE",
    "Asset",
    "Base",
    "Batch",
    "Counter",
    "Customer",
    "Device",
    "Document",
    "DocumentPerson",
    "EvidenceRow",
    "Feed",
    "FeedEntry",
    "FormerPerson",
    "HeldLine",
    "JournalLine",
    "Part",
    "Person",
    "PhotoAlike",
    "PhotoBand",
    "PhotoContent",
    "PhotoDelivery",
    "PhotoLink",
    "PhotoLook",
    "PhotoPreview",
    "ServerFact",
    "SessionToken",
    "Sighting",
    "SignInAttempt",
    "StrandedLedger",
    "SignatureStrokes",
    "Site",
    "Upload",
    "UtcTime",
    "WorkOrder",
    "WrongPassword",
]
