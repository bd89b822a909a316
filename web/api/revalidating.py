"""What was fetched before is sent again only if it changed: ETags, and ``If-None-Match``."""

from flask import Response, request

_REVALIDATED = "private, no-cache"


def revalidated(response: Response) -> Response:
    """Name what a reader may keep by its bytes, and answer 304 where the reader has these."""
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        if not response.cache_control:
            response.headers["Cache-Control"] = _REVALIDATED
        response.add_etag()
        response.make_conditional(request)
    return response
