"""Corrections of articles: made, listed and taken back."""

from dataclasses import asdict
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import NotFound

from vectorstore.articles import Article
from vectorstore.corrections import Change, Correction, Field, Misfit, replacing, setting
from web.admission import caller
from web.api import schemas
from web.api.problems import JSON_BODY, Refused, problems
from web.current import services

api = APIBlueprint("corrections", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Articles")])

_NO_ARTICLE = "No article has this id."


@api.post(
    "/articles/<id>/corrections",
    summary="Correct an article",
    responses={"201": schemas.Correction, **problems(**JSON_BODY, _404=_NO_ARTICLE)},
)
def correct(path: schemas.Id, body: schemas.NewCorrection) -> tuple[dict[str, Any], int]:
    """Puts one field right, or a stretch of the text, and keeps who did so and why.

    The article keeps its id, and the correction is applied again whenever its file is read again.
    """
    article = _article(path.id)
    try:
        change = _change(article, body)
        if change:
            services.catalogue.correct(article.id, [change], _who(), body.why or "")
    except Misfit as error:
        raise Refused(schemas.FieldError(field="becomes", detail=_sentence(error))) from error
    except KeyError as error:  # taken out meanwhile
        raise NotFound(_NO_ARTICLE) from error
    if change is None:
        raise Refused(schemas.FieldError(field="becomes", detail="It stands there already."))
    return _shown(services.catalogue.corrections([article.id])[-1]).plain(), 201


@api.get(
    "/articles/<id>/corrections",
    summary="List an article's corrections",
    responses={"200": schemas.Corrections, **problems(_404=_NO_ARTICLE)},
)
def list_corrections(path: schemas.Id) -> dict[str, Any]:
    """In the order in which they were made, those too that don't fit what was read since."""
    found = services.catalogue.corrections([_article(path.id).id])
    return schemas.Corrections(corrections=list(map(_shown, found))).plain()


@api.delete(
    "/articles/<id>/corrections/<number>",
    summary="Take a correction back",
    responses={
        "204": None,
        **problems(_404="The article has no such correction.", _422="The number is none."),
    },
)
def withdraw(path: schemas.CorrectionNumber) -> tuple[str, int]:
    """The article is shown without it from now on, and the correction is forgotten."""
    if not services.catalogue.withdraw(path.id, path.number):
        raise NotFound("The article has no such correction.")
    return "", 204


def _article(article_id: str) -> Article:
    article = services.catalogue.article(article_id)
    if article is None:
        raise NotFound(_NO_ARTICLE)
    return article


def _change(article: Article, body: schemas.NewCorrection) -> Change | None:
    if body.field is Field.TEXT:
        return replacing(article, body.was or "", body.becomes, body.start)
    change = setting(article, body.field, body.becomes)
    if change and body.was is not None and body.was != change.was:
        raise Misfit(f"other words stand there: {change.was!r}")
    return change


def _shown(correction: Correction) -> schemas.Correction:
    return schemas.Correction.of(correction, **asdict(correction.change))


def _who() -> str:
    key = caller().key
    return key.name if key else "operator"


def _sentence(error: Misfit) -> str:
    told = str(error)
    return f"{told[:1].upper()}{told[1:]}."
