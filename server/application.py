"""The application. `create_app` is the only place where the parts are put together."""

from __future__ import annotations

from apiflask import APIFlask
from flask import redirect

import pwa
from server import VERSION, api, customer
from server.database import db, engine_options, migrate, prepare_engine
from server.office import pages
from server.photos import open_photo_store
from server.services import Services
from server.settings import Settings
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.office_keys import KeyVault
from server.sync.ledgers.seal import Sealer
from server.sync.ledgers.secrets import check_value


def create_app(settings: Settings | None = None, restoring: bool = False) -> APIFlask:
    """A WSGI application for `settings` (default: from the environment). `restoring`: for whoever works alone.

    The database is not migrated here: `undercroft serve` and `server.database.migrate_to_newest` do that.
    """
    settings = settings or Settings.read()
    app = APIFlask("server", title="Undercroft", version=VERSION, docs_path=None, spec_path=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/models/migrations", render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine, None if restoring else check_value(settings.secret_key))
    app.extensions["undercroft"] = Services(
        settings=settings,
        photos=open_photo_store(settings.photos_url),
        anchors=AnchorMint(settings.secret_key, *settings.former_keys),
        vault=KeyVault(settings.secret_key, *settings.former_keys),
        sealer=Sealer.of(settings.secret_key, *settings.former_keys),
    )
    api.register(app)
    app.register_blueprint(customer.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(pwa.blueprint)
    app.add_url_rule("/", "home", app.doc(hide=True)(lambda: redirect("/office/")))
    return app
