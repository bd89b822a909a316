"""References over HTTP: which form is asked for, and how it is sent."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request
from pydantic import BaseModel
from werkzeug.datastructures import MIMEAccept

from qa.references import FORMS
from web.api.problems import schema

MEDIA_TYPES: Mapping[str, str] = {"json": "application/json", **FORMS}

_SUFFIXES = {
    "gbt7714": "txt",
    "csl-json": "json",
    "bibtex": "bib",
    "ris": "ris",
    "jsonld": "jsonld",
}


def asked_for(format: str | None) -> str:  # noqa: A002 - as the query has it
    """The form that a query names, or that ``Accept`` wants most.

    A media type may have parameters: W3C's comes with a ``profile``, which Werkzeug would take for
    another type.
    """
    if format:
        return format
    wanted = MIMEAccept(
        (media_type.partition(";")[0].strip(), quality)
        for media_type, quality in request.accept_mimetypes
    )
    best = wanted.best_match(MEDIA_TYPES.values(), "application/json")
    return next(name for name, media_type in MEDIA_TYPES.items() if media_type == best)


def sent(text: str, form: str, name: str) -> Response:
    """A reference in its form; who saves it gets a file of this name."""
    response = current_app.response_class(text, content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")
    file = f"baowen-{name}.{_SUFFIXES[form]}"
    response.headers.set("Content-Disposition", "inline", filename=file)
    return response


def told_in_every_form(description: str, shape: type[BaseModel]) -> dict[str, Any]:
    """Document a resource that comes as JSON of this shape, and as references."""
    return {
        "description": description,
        "content": {
            media_type: {"schema": schema(shape) if name == "json" else {"type": "string"}}
            for name, media_type in MEDIA_TYPES.items()
        },
    }
