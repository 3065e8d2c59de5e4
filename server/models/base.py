"""What all tables share: the declarative base, names of constraints, and the types of columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Id = String(36)
Sha256 = String(64)
# SQLite only hands out numbers by itself for INTEGER; elsewhere a ledger outgrows 32 bits.
Position = BigInteger().with_variant(Integer, "sqlite")


# A name, which is the same in every language.
PRODUCT: Final = "Undercroft"
# Who wrote what follows from something else, and from no person: the server itself.
SYSTEM: Final = "system"


def in_byte_order(length: int) -> String:
    """A text that lists are ordered by: by its bytes, as SQLite does it, whatever language PostgreSQL speaks."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AuthorId(TypeDecorator[str]):
    """A person's id; `SYSTEM`, which is no person, is kept as null."""

    impl = Id
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value == SYSTEM else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        return SYSTEM if value is None else value


class Base(DeclarativeBase):
    """All tables; constraints have names so that migrations can change them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
