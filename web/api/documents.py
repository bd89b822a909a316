"""The OpenAPI document, made from the code, and a page to read and try it."""

from importlib.resources import files
from typing import Any

import flask_openapi3_swagger  # type: ignore[import-untyped]
from flask import Blueprint, render_template
from flask_openapi3.models import OPENAPI3_REF_TEMPLATE
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from web.api import schemas

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
    """The document, without the errors that it would claim for routes that refuse no field."""
    document: dict[str, Any] = app.api_doc
    for methods in document["paths"].values():
        for operation in methods.values():
            refusal = operation["responses"].get("422", {})
            if "application/json" in refusal.get("content", {}):
                del operation["responses"]["422"]
    return document
