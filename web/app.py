"""The web application, put together around what answers."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from flask import Response, request
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.middleware.proxy_fix import ProxyFix

from vectorstore.unavailable import Unavailable
from web import (
    adding,
    admission,
    api,
    correcting,
    languages,
    limits,
    logs,
    metrics,
    operator,
    origins,
    pages,
    readers,
    tracing,
    verdicts,
    words,
)
from web.api.problems import fault, problem, refuse
from web.api.streaming import Streams
from web.current import EXTENSION, RULES, STREAMS, rules
from web.rules import Rules

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from web.services import Services

LARGEST_UPLOAD = 64 * 1024 * 1024
"""Bytes of one request."""

_PROGRAMS = ("/api/", "/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
_DOCS_POLICY = f"{_POLICY}; img-src 'self' data:"


def create_app(
    services: "Services",
    *,
    rules: Rules = Rules(),
    largest_upload: int = LARGEST_UPLOAD,
    tracer: "TracerProvider | None" = None,
) -> OpenAPI:
    """Build the web application around services that are at hand."""
    app = OpenAPI(
        __name__,
        info=Info(
            title="Baowen",
            version=_version(),
            description="Ask a newspaper's archive, and get its own words back with the place "
            "they stand. Errors are `application/problem+json` (RFC 9457). Offsets count Unicode "
            "code points in an article's `text`, end exclusive.",
        ),
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        validation_error_callback=refuse,
        doc_ui=False,
    )
    app.config["MAX_CONTENT_LENGTH"] = largest_upload
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = services
    app.extensions[RULES] = rules
    app.extensions[STREAMS] = Streams()
    if rules.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, rules.proxies, rules.proxies)  # type: ignore[method-assign]
    logs.init_app(app)
    if tracer:
        tracing.init_app(app, tracer)
    metrics.init_app(app)
    origins.init_app(app)
    app.before_request(admission.identify)
    limits.init_app(app, rules)  # counts those too that are not let in: keys may not be tried out
    app.before_request(admission.admit)
    languages.init_app(app)
    words.init_app(app)
    api.init_app(app)
    for blueprint in (
        pages.pages,
        readers.readers,
        verdicts.verdicts,
        verdicts.judgements,
        operator.operator,
        adding.adding,
        correcting.correcting,
    ):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(Unavailable, lambda error: _explain(fault(error)))
    app.after_request(_guard)
    app.after_request(_hear_out)
    return app


def _explain(error: HTTPException) -> Response:
    """Tell programs in JSON and people on a page."""
    if isinstance(error, InternalServerError):
        error = fault(error.original_exception)
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    if request.path.startswith(_PROGRAMS) or wanted == "application/json":
        return problem(error)
    return pages.explain(error)


def _guard(response: Response) -> Response:
    """Nothing from other hosts, nothing inline, no framing, no guessing of types."""
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _policy() -> str:
    if request.path == "/docs":  # whose icons are written into its style sheet
        return _DOCS_POLICY
    if request.endpoint == "pages.embedded" and rules.origins:
        return _POLICY.replace(
            "frame-ancestors 'none'", f"frame-ancestors {' '.join(rules.origins)}"
        )
    return _POLICY


def _hear_out(response: Response) -> Response:
    """Read what is left of a body that was refused unread.

    Gunicorn would say that the connection stays open and then hang up on it.
    """
    if response.status_code >= 400 and request.environ.get("wsgi.input_terminated"):
        body, left = request.environ["wsgi.input"], LARGEST_UPLOAD
        while left > 0 and (read := len(body.read(64 * 1024))):
            left -= read
    return response


def _version() -> str:
    try:
        return version("baowen")
    except PackageNotFoundError:  # run from a folder that was not installed
        return "0"
