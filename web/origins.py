"""By which names the service may be called, and which other sites' pages may ask it (CORS).

Pages of sites that the settings name may use ``/api`` and ``/v1``. They never send cookies or
passwords that a browser keeps; a key goes into ``Authorization`` by their own doing.
"""

import re

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.utils import host_is_trusted

from web.admission import names_this_machine
from web.current import rules

_SHARED = ("/api/", "/v1/")
_ASKED = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID"
_TOLD = "ETag, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID"
A_DAY = 24 * 60 * 60
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")


def own_path(told: str) -> str | None:
    """What a client wants to be led to, if it is a path of our own and never another site's."""
    return told if _OWN_PATH.fullmatch(told) else None


def init_app(app: Flask) -> None:
    """Refuse names that aren't the service's, before all else; let named sites read responses."""
    app.before_request(_know_name)
    app.after_request(_share)


def _know_name() -> None:
    if not rules.hosts or names_this_machine(request.host):
        return
    if not host_is_trusted(request.host.lower(), [each.lower() for each in rules.hosts]):
        raise BadRequest(
            "The service doesn't go by this name: whoever runs it may add it to BAOWEN_HOSTS."
        )


def _share(response: Response) -> Response:
    if not rules.origins or not request.path.startswith(_SHARED):
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in rules.origins:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _TOLD
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        response.headers["Access-Control-Allow-Headers"] = _ASKED
        response.headers["Access-Control-Max-Age"] = str(A_DAY)
    return response
