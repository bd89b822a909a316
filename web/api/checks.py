"""Quotes that somebody else gives: whether the archive prints them, and what it prints instead."""

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from web.api import schemas
from web.api.bodies import expect_posted_json
from web.api.problems import JSON_BODY, Refused, problems
from web.api.readiness import expect_ready
from web.current import services

api = APIBlueprint("checks", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Citations")])
api.before_request(expect_posted_json)


@api.post(
    "/check",
    summary="Check a quote",
    responses={
        "200": schemas.Checked,
        **problems(**JSON_BODY, _503="The archive can't be asked yet."),
    },
)
def check(body: schemas.Quoted) -> dict[str, Any]:
    """Sentence by sentence: where it is printed, or what is printed nearest to it, differences marked.

    Nothing of the text is kept; what it is found to quote resolves as a citation.
    """
    expect_ready()
    try:
        return schemas.Checked.of(services.checker.check(body.text)).plain()
    except ValueError as error:
        raise Refused(schemas.FieldError(field="text", detail=str(error))) from error
