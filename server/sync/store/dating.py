"""Dates that only a wrong clock can have written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from server.models import Person
from server.steady_clock import ALLOWED


def impossible(
    connection: Connection,
    dated: Any,  # Any: a column of times, of whatever table
    now: datetime,
) -> ColumnElement[bool]:
    """Whether `dated` lies later than `now`, which is a time that is believed, or before the company had anybody."""
    began = connection.scalar(select(func.min(Person.created_at)).where(Person.created_at <= now)) or now
    return or_(dated > now + ALLOWED, dated < began)
