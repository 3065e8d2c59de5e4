"""JSON over HTTP, a module a resource, and what belongs to every answer: errors, headers, figures."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider
from flask_compress import Compress


class PlainJson(DefaultJSONProvider):
    """JSON as the protocol has it: compact, as it was made, in UTF-8."""

    ensure_ascii = False
    sort_keys = False
    compact = True

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # Any: as upstream
        """Half a surrogate pair, which only a stranger's text can hold, is the one thing UTF-8 cannot."""
        text = super().dumps(obj, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError:
            return super().dumps(obj, **{**kwargs, "ensure_ascii": True})
        return text


def register(app: APIFlask) -> None:
    """Put the API into `app`, and the manners of all of it."""
    from server.api import (
        bundles,
        company,
        directory,
        health,
        held,
        ledgers,
        metrics,
        openapi,
        own_sessions,
        photos,
        reports,
        session,
        sync,
        uploads,
        work_orders,
    )
    from server.web import errors, headers

    app.json = PlainJson(app)
    app.config["COMPRESS_ALGORITHM"] = ["zstd", "br", "gzip"]
    app.config["COMPRESS_ALGORITHM_STREAMING"] = ["zstd", "br"]
    app.config["COMPRESS_BR_LEVEL"] = 4
    Compress(app)
    errors.install(app)
    headers.install(app)
    metrics.install(app)
    openapi.install(app)
    app.register_blueprint(health.blueprint)
    for resource in (
        session, own_sessions, sync, ledgers, uploads, work_orders, reports, bundles, photos, held, directory, company
    ):  # fmt: skip
        app.register_blueprint(resource.blueprint)
