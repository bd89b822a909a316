"""Whether the process is up, and whether it can answer."""

from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from prometheus_client import CONTENT_TYPE_LATEST

from web import metrics
from web.api import schemas
from web.api.problems import problems
from web.api.readiness import expect_ready
from web.current import services

api = APIBlueprint("health", __name__, abp_tags=[Tag(name="Health")])


@api.get("/healthz", summary="Is it up?", responses={"200": schemas.State})
def is_up() -> dict[str, Any]:
    """It is, if it can say so."""
    return schemas.State(status="ok").plain()


@api.get(
    "/readyz",
    summary="Can it answer?",
    responses={
        "200": schemas.State,
        **problems(_503="It can't yet; `detail` says what is missing."),
    },
)
def is_ready() -> dict[str, Any]:
    """Loaded and open, or what is missing."""
    expect_ready()
    return schemas.State(status="ready").plain()


@api.get(
    "/metrics",
    summary="Figures for Prometheus",
    responses={
        "200": {
            "description": "Questions, refusals, times by stage, requests, holdings, uploads.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    },
)
def tell_metrics() -> Response:
    """Counted since the service started; no question and no address is among them."""
    return Response(metrics.current().written(), content_type=CONTENT_TYPE_LATEST)


@api.get(
    "/api/v1/status",
    summary="What does it hold?",
    responses={"200": schemas.Holdings, **problems(_503="The vector store can't be read yet.")},
)
def status() -> dict[str, Any]:
    """Counts, and whether vectors and full text agree with the catalogue."""
    expect_ready()
    return schemas.Holdings.model_validate(services.state()).plain()
