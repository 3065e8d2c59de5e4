"""The API's description: OpenAPI as JSON, and as a page that needs nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from apiflask import APIFlask
from flask import Blueprint, Response, current_app, jsonify, render_template

from server.language import text
from server.problems import CATALOGUE
from server.web.errors import reader_language

blueprint = Blueprint(
    "openapi_pages",
    __name__,
    url_prefix="/api",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@blueprint.get("/openapi.json")
def show_openapi() -> Response:
    """The OpenAPI text."""
    return jsonify(_spec())


@blueprint.get("/docs")
def show_docs() -> str:
    """The same, to be read."""
    spec = _spec()
    groups: dict[str, list[dict[str, Any]]] = {}  # Any: OpenAPI
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                operation = {**item[method], "path": path, "method": method.upper()}
                groups.setdefault((operation.get("tags") or ["Other"])[0], []).append(operation)
    return render_template(
        "api_docs.html",
        spec=spec,
        groups=groups,
        schemas=spec.get("components", {}).get("schemas", {}),
        problems=CATALOGUE,
        titles=_titles(reader_language()),
        kind_of=kind_of,
    )


@cache
def _titles(language: str) -> dict[str, str]:
    """What each problem is called in a language."""
    return {code: text(language, f"problem-{code.replace('_', '-')}") for code in CATALOGUE}


def kind_of(schema: dict[str, Any]) -> str:  # Any: OpenAPI
    """A schema in a few words: "string", "Person[]", "integer or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if isinstance(any_of := schema.get("anyOf") or schema.get("allOf"), list):
        return " or ".join(kind_of(part) for part in any_of)
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(str(part) for part in kind)
    if kind == "array":
        return f"{kind_of(schema.get('items', {}))}[]"
    return str(schema.get("format") or kind)


def _spec() -> dict[str, Any]:  # Any: OpenAPI
    app = current_app
    assert isinstance(app, APIFlask)
    for other in app.blueprints.values():
        if not hasattr(other, "enable_openapi"):
            # APIFlask reads it of every blueprint, though only its own kind has it.
            setattr(other, "enable_openapi", False)  # noqa: B010  # an attribute that Blueprint does not declare
    # Made once a process; the address of the server is left to whoever asks, who knows it.
    spec = app._get_spec("json")
    assert isinstance(spec, dict)
    return spec


def install(app: APIFlask) -> None:
    """Describe the API as a whole, and serve the description."""
    app.config.update(
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        VALIDATION_ERROR_SCHEMA=_problem_schema(),
        HTTP_ERROR_SCHEMA=_problem_schema(),
        VALIDATION_ERROR_DESCRIPTION="`invalid_request`, with `fields`",
        SECURITY_SCHEMES={
            "bearer": {"type": "http", "scheme": "bearer"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "undercroft_app"},
        },
    )
    app.description = "Undercroft: field service for places without signal. Errors are application/problem+json."
    app.spec_processor(_finish)
    app.register_blueprint(blueprint)


def _finish(spec: dict[str, Any] | str) -> dict[str, Any] | str:  # Any: OpenAPI
    """What APIFlask does not say by itself: the two ways to be signed in, and errors' media type."""
    assert isinstance(spec, dict)
    spec["security"] = [{"bearer": []}, {"cookie": []}]
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if path == "/api/v1/session" and method == "post":
                operation["security"] = []
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if status.startswith(("4", "5")) and "application/json" in content:
                    del content["application/json"]
                    content["application/problem+json"] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    schemas = spec["components"]["schemas"]
    for made_by_apiflask in ("ValidationError", "HTTPError"):
        schemas.pop(made_by_apiflask, None)
    schemas["Problem"] = _problem_schema()
    return spec


def _problem_schema() -> dict[str, Any]:  # Any: OpenAPI
    words, number = {"type": "string"}, {"type": "integer"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": words,
            "title": words,
            "status": number,
            "detail": words,
            "code": {"type": "string", "enum": sorted(CATALOGUE)},
        },
    }
