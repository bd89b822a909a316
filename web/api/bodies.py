"""What comes in the body of a request: JSON of a fair size, or an error that says so."""

from flask import Request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

LONGEST_JSON = 64 * 1024  # a question of 2,000 characters has 24,000 bytes when all are escaped


def expect_json(longest: int | None = LONGEST_JSON) -> None:
    """Abort unless the body is JSON, of at most so many bytes."""
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, with `Content-Type: application/json`.")
    if longest is not None:
        request.max_content_length = longest
    read_json(request)


def read_json(request: Request) -> object:
    """What the body says; nested too deeply counts as no JSON."""
    try:
        return request.get_json()
    except (BadRequest, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest("The body is not JSON.") from error
