"""What the command `evidence` does and says."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, select

from server.at_work import at_work
from server.bundle.writing import Making, write_bundle
from server.commands.run_load import FAILED, chosen
from server.database import reading, without_bounds
from server.language import text
from server.models import Document, WorkOrder
from server.services import services


def run_evidence(number: str, file: Path, whole_chain: bool, wanted: str | None) -> int:
    """Write the bundle and say so; the exit code."""
    with at_work() as settings:
        language = chosen(wanted, settings.language)
        here = services()
        making = Making(
            here.photos, here.anchors, settings.timezone, settings.language, settings.public_url, whole_chain
        )
        with reading() as connection:
            without_bounds(connection)
            row = _order(connection, number)
            if row is None:
                click.echo(text(language, "evidence-no-order", number=number), err=True)
                return FAILED
            try:
                _write(connection, row, file, making)
            except FileExistsError:
                click.echo(text(language, "evidence-exists", file=str(file)), err=True)
                return FAILED
            except OSError as error:
                click.echo(text(language, "evidence-failed", why=error.strerror or str(error)), err=True)
                return FAILED
    click.echo(text(language, "evidence-done", number=number, file=str(file)))
    return 0


def _order(connection: Connection, number: str) -> Any:  # Any: a row with id and body, or None
    return connection.execute(
        select(WorkOrder.id, Document.body)
        .join(Document, (Document.type == "work_order") & (Document.id == WorkOrder.id))
        .where(WorkOrder.number == number)
    ).first()


def _write(connection: Connection, row: Any, file: Path, making: Making) -> None:  # Any: a row of `_order`
    """The file has its name only once it is whole and on the disk. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as out:
            write_bundle(connection, row.id, json.loads(row.body), out, making)
            out.flush()
            os.fsync(out.fileno())
        os.link(name, file)
    finally:
        Path(name).unlink(missing_ok=True)
