"""What comes in the body of a request: JSON of a fair size, or an error that says so."""

from flask import Request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from web.api.problems import Refused
from web.api.schemas import FieldError

LONGEST_JSON = 1024 * 1024  # far more than is taken: a question that is too long is told so by name


def expect_json(longest: int | None = LONGEST_JSON) -> None:
    """Abort unless the body is JSON, of at most so many bytes."""
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, with `Content-Type: application/json`.")
    if longest is not None:
        request.max_content_length = longest
    read_json(request)


def expect_posted_json() -> None:
    """The same of what is posted, before the routes of a blueprint."""
    if request.method == "POST":
        expect_json()


def read_json(request: Request) -> object:
    """What the body says; nested too deeply counts as no JSON."""
    try:
        told = request.get_json()
    except (BadRequest, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest("The body is not JSON.") from error
    if not isinstance(told, dict):
        raise Refused(FieldError(field="body", detail="Send a JSON object, not a single value."))
    return told
