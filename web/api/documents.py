"""The OpenAPI document, made from the code, and a page to read and try it."""

import re
from importlib.resources import files
from typing import Any

import flask_openapi3_swagger  # type: ignore[import-untyped]
from flask import Blueprint, render_template
from flask_openapi3.models import OPENAPI3_REF_TEMPLATE
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from web.admission import needed
from web.api import schemas
from web.api.problems import problems
from web.api.streaming import LAST
from web.register import Role

REPEATED = frozenset({"questions.ask", "articles.add_articles"})
"""The routes that take an ``Idempotency-Key``."""
REVALIDATED = frozenset(
    {
        "articles.list_articles",
        "articles.get_article",
        "articles.get_page_image",
        "citations.get_citation",
        "questions.get_answer",
        "suggestions.suggest",
    }
)
"""The routes whose responses have an ``ETag``."""

_BLANK = {"type": "string", "pattern": f"^[{schemas.BLANK}]*$"}
_KEY = {"minLength": 1, "maxLength": 255, "pattern": "^[!-~]*$"}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

SWAGGER = files(flask_openapi3_swagger) / "templates" / "swagger"

documents = Blueprint("documents", __name__, url_prefix="/docs", static_folder=str(SWAGGER))

_SPOKEN_OF: tuple[type[BaseModel], ...] = (
    schemas.Answer,
    schemas.PlacedCitation,
    schemas.Problem,
    schemas.Record,
    schemas.Refusal,
    schemas.Removed,
    schemas.Upload,
)


@documents.get("")
def read() -> str:
    """Swagger UI, from the installed package."""
    return render_template("docs.html")


def init_app(app: OpenAPI) -> None:
    """Serve the document at ``/openapi.json`` and its page at ``/docs``."""
    for shape in _SPOKEN_OF:
        described = shape.model_json_schema(
            ref_template=OPENAPI3_REF_TEMPLATE,
            mode="serialization" if issubclass(shape, schemas.Shape) else "validation",
        )
        app.components_schemas |= {described["title"]: described, **described.pop("$defs", {})}
    app.register_blueprint(documents)
    document = _described(app)
    app.add_url_rule("/openapi.json", "openapi_document", lambda: document)


def _described(app: OpenAPI) -> dict[str, Any]:
    """The document, with what holds for many routes: who may, how often, what is fetched again."""
    document: dict[str, Any] = app.api_doc
    routes = {
        (_PARAMETER.sub(r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    form = document["components"]["schemas"]["Upload"]["properties"]
    form |= {name: _as_sent(schema) for name, schema in form.items()}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(operation, routes[path, method])
    return document


def _describe(operation: dict[str, Any], route: str) -> None:
    responses, parameters = operation["responses"], operation.setdefault("parameters", [])
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]  # claimed of every route, also of those that refuse no field
    for parameter in parameters:
        parameter["schema"] = _as_sent(parameter["schema"])
    role = needed(route)
    more = {"_400": "The service doesn't go by the name that it was called by."}
    if role > Role.STRANGER:
        operation["security"] = [{"key": []}, *([{}] if role is Role.READER else [])]
        more |= {
            "_401": "The key is missing or wrong.",
            "_403": "The key's role may not do this, there is no key and the request comes from "
            "elsewhere, or another site's page sent it.",
            "_429": "There were too many requests; `Retry-After` tells when to come again.",
        }
    if route in REVALIDATED:
        parameters.append(_header("If-None-Match", "An `ETag` that was told before.", {}))
        responses["304"] = {"description": "It is what it was."}
    if route == "questions.ask":
        told = "Of the last event that came before the connection broke off: what follows is sent."
        parameters.append(_header(LAST, told, {}))
    if route in REPEATED:
        parameters.append(
            _header("Idempotency-Key", "Makes the request one with those of before.", _KEY)
        )
        more["_409"] = "The same request is still being answered."
    more["_500"] = "The service failed at this."
    for status, described in problems(**more).items():
        responses.setdefault(status, described)


def _header(name: str, description: str, bounds: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string"} | bounds,
    }


def _as_sent(schema: dict[str, Any]) -> dict[str, Any]:
    """A field of a query or form is absent or blank rather than null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    left = {name: told for name, told in schema.items() if name not in ("anyOf", "default")}
    (kind,) = kinds
    return left | ({"anyOf": [kind, _BLANK]} if "format" in kind else kind)
