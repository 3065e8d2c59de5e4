"""People, their devices and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import AuthorId, Base, Id, Sha256, UtcTime, in_byte_order

ROLES: Final = ("technician", "supervisor", "service_desk", "inspector", "manager", "admin")
OFFICE_ROLES: Final = frozenset({"supervisor", "service_desk", "manager", "admin"})
REVIEWER_ROLES: Final = frozenset({"supervisor", "manager", "admin"})


class Person(Base):
    """A user. `username` is compared in lower case, as it is stored.

    `sign_in_version` counts what ended their sessions: a sign-in that looked at the password before begins none after.
    """

    __tablename__ = "person"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    username: Mapped[str] = mapped_column(in_byte_order(64), unique=True)
    name: Mapped[str] = mapped_column(in_byte_order(128))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    sign_in_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcTime)


# The own ledger into which the server writes; one that a backup brought back is followed by another.
_WRITES: Final = "kind = 'system' AND revoked_at IS NULL"
# Ledgers that people or the server write here, and no phone.
WRITTEN_HERE: Final = frozenset({"office", "system"})
KNOWN_BY: Final = ("session", "file", "claim")


class Device(Base):
    """One installation of the app by one person, a person's office ledger (kind `office`), or the server's own ledger
    (kind `system`), which is nobody's; it has one at most into which it writes.

    `acknowledged` is the highest seq taken in; `head_hash` the SHA-256 of that line (64 zeros before the
    first). `readings` is JSON: what judging the times of the next line needs of the ledger so far.
    `sealed_key` is the private key of a ledger that is no phone's, sealed with the server's secret. `known_by` says
    how it is known whose it is: `session` (it signed in with the person's password, or is kept here), `file` (an
    export file says so, and nobody else), `claim` (a file said so, and the person did too).
    """

    __tablename__ = "device"
    __table_args__ = (
        Index(
            "ix_device_system",
            "kind",
            unique=True,
            sqlite_where=text(_WRITES),
            postgresql_where=text(_WRITES),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(AuthorId, ForeignKey("person.id"), nullable=True, index=True)
    kind: Mapped[str] = mapped_column(String(8), default="phone")
    name: Mapped[str] = mapped_column(String(128))
    public_key: Mapped[str] = mapped_column(Text)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    known_by: Mapped[str] = mapped_column(String(8), default="session", server_default="session")
    acknowledged: Mapped[int] = mapped_column(Integer, default=0)
    head_hash: Mapped[str] = mapped_column(Sha256, default="0" * 64)
    readings: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SessionToken(Base):
    """A signed-in session; only the SHA-256 of its token is kept. kind: `app` or `office`.

    `id` names it to its own person, `browser` is what a browser of the office said of itself. `ended`: why it ended
    before its time (`password_changed`, `account_closed`, `ended`, `ended_by_self`), None while it lives.
    """

    __tablename__ = "session_token"

    token_hash: Mapped[str] = mapped_column(Sha256, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True, index=True)
    browser: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    kind: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    ended: Mapped[str | None] = mapped_column(String(24))


class SignInAttempt(Base):
    """Failed sign-ins counted per key (a username or an address) since `window_start`."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcTime)
    failures: Mapped[int] = mapped_column(Integer)


class WrongPassword(Base):
    """Wrong passwords that were tried for a person's account from one address, of which an HMAC is kept.

    `tries` since `first_at`; `untold` of them the person was not told of yet.
    """

    __tablename__ = "wrong_password"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(Sha256, primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    untold: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(UtcTime)
    last_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
