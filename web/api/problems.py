"""What went wrong, as RFC 9457 has it: one shape for every error that a program sees."""

import re
from collections.abc import Iterable, Mapping
from errno import ENOSPC
from typing import Any, NoReturn

from flask import Response, current_app, json, request
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import (
    Gone,
    HTTPException,
    InternalServerError,
    ServiceUnavailable,
    UnprocessableEntity,
)

from qa.answers import Citation
from vectorstore.unavailable import Unavailable
from web.api.schemas import FieldError, Problem, Refusal, Removed
from web.logs import request_id

PROBLEM = "application/problem+json"

SOON = 5
"""Seconds after which a server that didn't answer is worth another try."""

_FULL = re.compile(r"disk is full|No space left on device")
"""How SQLite and PostgreSQL say so."""

_KEPT_HEADERS = ("Allow", "WWW-Authenticate", "Retry-After")


class Refused(UnprocessableEntity):
    """Fields that can't be taken as they are; each error says what to do."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(f"{error.field}: {error.detail}" for error in errors))
        self.errors = errors


class CitationRemoved(Gone):
    """The citation's article was taken out of the archive; its place is still known."""

    def __init__(self, citation: Citation) -> None:
        super().__init__("The article was removed from the archive, and its text with it.")
        self.citation = citation


class DiskFull(HTTPException):
    """Nothing more can be kept."""

    code = 507
    name = "Insufficient Storage"
    description = "The disk is full: make room and try again. What was kept before is not lost."


def fault(error: BaseException | None) -> HTTPException:
    """What a reader is told of an error that nobody expected; its words stay in the log."""
    while error is not None:
        if isinstance(error, Unavailable):
            return ServiceUnavailable(error.told, retry_after=SOON)
        if getattr(error, "errno", None) == ENOSPC or _FULL.search(str(error)):
            return DiskFull()
        error = error.__cause__ or error.__context__
    return InternalServerError(
        "The service failed at this, and its log says how. Try again; if it fails again, "
        "tell whoever runs it."
    )


def refuse(error: ValidationError) -> NoReturn:
    """Say which fields pydantic didn't take."""
    raise refused(error) from error


def refused(error: ValidationError) -> Refused:
    """Which fields pydantic didn't take."""
    return Refused(*_field_errors(error))


def problem(error: HTTPException) -> Response:
    """Write an error for a program to read."""
    code = error.code or 500
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.name,
        "status": code,
        "detail": error.description or error.name,
        "request_id": request_id.get(),
    }
    if isinstance(error, Refused):
        body["errors"] = [each.model_dump() for each in error.errors]
    if request.path.startswith("/v1/"):  # where programs written for OpenAI's API look for it
        body["error"] = {
            "message": body["detail"],
            "type": "invalid_request_error" if code < 500 else "server_error",
            "param": error.errors[0].field if isinstance(error, Refused) else None,
            "code": None,
        }
    if isinstance(error, CitationRemoved):
        article = error.citation.article
        body |= {
            "headline": article.headline,
            "publication": article.publication,
            "issued": article.issued and article.issued.isoformat(),
            "date": article.date,
            "page": article.page,
        }
    response = current_app.response_class(json.dumps(body), code, mimetype=PROBLEM)
    response.headers.extend([pair for pair in error.get_headers() if pair[0] in _KEPT_HEADERS])
    return response


JSON_BODY = {
    "_400": "The body is not JSON.",
    "_413": "The body is too long.",
    "_415": "The body is not declared as JSON.",
    "_422": "A field was refused.",
}
"""What may be wrong with a body of JSON, for ``problems``."""


def problems(**descriptions: str) -> ResponseDict:
    """Document the errors of a route: ``problems(_404="No such article.")``."""
    shapes: dict[str, type[BaseModel]] = {"_422": Refusal, "_410": Removed}
    return {
        name.removeprefix("_"): {
            "description": text,
            "content": {PROBLEM: {"schema": schema(shapes.get(name, Problem))}},
        }
        for name, text in descriptions.items()
    }


def schema(shape: type[BaseModel]) -> Mapping[str, Any]:
    """A reference to a shape among the document's components."""
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _field_errors(error: ValidationError) -> Iterable[FieldError]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        detail = each["msg"].removeprefix("Value error, ")
        field = ".".join(str(part) for part in each["loc"])
        if not field and each["type"] == "value_error":  # on two fields at once, it names one
            field, detail = detail.split(": ", 1)
        yield FieldError(field=field or "body", detail=detail)
