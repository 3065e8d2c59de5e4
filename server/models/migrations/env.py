"""Runs the migrations on the app's own engine, inside the write transaction that SQLite needs."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import MetaData

from server.database import without_bounds


def _metadata() -> MetaData:
    metadata = current_app.extensions["migrate"].db.metadatas[None]
    assert isinstance(metadata, MetaData)
    return metadata


def run() -> None:
    """Bring the schema to where alembic was asked to bring it."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(undercroft_writes=True) as connection:
        context.configure(connection=connection, target_metadata=_metadata(), render_as_batch=True)
        with context.begin_transaction():
            without_bounds(connection)
            context.run_migrations()


run()
