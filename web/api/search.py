"""Search: the passages nearest to a query, without an answer made of them."""

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from vectorstore.selection import Selection
from web.api import schemas
from web.api.problems import problems
from web.api.readiness import expect_ready
from web.current import services

api = APIBlueprint("search", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Search")])


@api.get(
    "/search",
    summary="Search passages",
    responses={
        "200": schemas.Hits,
        **problems(
            _422="The query or a filter was refused.", _503="The archive can't be searched yet."
        ),
    },
)
def find_passages(query: schemas.SearchQuery) -> dict[str, Any]:
    """Best first, at most one hit per passage; each resolves as a citation."""
    expect_ready()
    selection = Selection(since=query.since, until=query.until, publication=query.publication)
    hits = services.answerer.search(query.q, selection, query.limit)
    return schemas.Hits(hits=[schemas.Hit.of(hit, score=score) for score, hit in hits]).plain()
