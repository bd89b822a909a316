"""Citations: a quote, its place and what became of it, in the formats that libraries read."""

from typing import Any

from flask import Response, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import NotFound

from qa import references
from qa.answers import Citation, Status
from vectorstore.articles import Article, Region
from web.api import schemas
from web.api.problems import CitationRemoved, problems
from web.api.references import asked_for, sent, told_in_every_form
from web.api.revalidating import revalidated
from web.current import services

api = APIBlueprint("citations", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Citations")])
api.after_request(revalidated)


@api.get(
    "/citations/<id>",
    summary="Get a citation",
    responses={
        "200": told_in_every_form(
            "The citation, in the format that `format` or `Accept` asks for.",
            schemas.PlacedCitation,
        ),
        **problems(
            _404="No citation has this id.",
            _410="Its article was removed; headline, place and date are left.",
            _422="There is no such format.",
        ),
    },
)
def get_citation(path: schemas.Id, query: schemas.FormatQuery) -> Response | dict[str, Any]:
    """The quote, its place, and the words that it stands among."""
    citation = find_citation(path.id)
    form = asked_for(query.format)
    if form == "json":
        return _placed(citation)
    url = url_for("pages.citation", id=citation.id, _external=True)
    return sent(references.render(citation, form, url=url), form, citation.id)


@api.after_request
def _told_in_many_formats(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def find_citation(citation_id: str) -> Citation:
    """Find a citation that can still be shown, or abort."""
    citation = services.ledger.citation(citation_id)
    if citation is None:
        raise NotFound("No citation has this id.")
    if citation.status is Status.REMOVED:
        raise CitationRemoved(citation)
    return citation


def _placed(citation: Citation) -> dict[str, Any]:
    article = services.catalogue.article(citation.article.id)
    surroundings = article and schemas.Surroundings.around(citation, article)
    quoted = quoted_lines(citation, article) if article and surroundings else []
    regions = [schemas.Region.of_article(citation.article.id, each) for each in quoted]
    return schemas.PlacedCitation.of(citation, surroundings=surroundings, regions=regions).plain()


def quoted_lines(citation: Citation, article: Article) -> list[Region]:
    """The lines that a quote stands in, page by page."""
    held = (
        region.between(citation.start, citation.end)
        for region in services.catalogue.regions(article)
    )
    return [region for region in held if region.boxes]
