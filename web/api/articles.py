"""Articles: listed, read, added and taken out."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from qa.citing import cited
from vectorstore.articles import Article
from vectorstore.ingest import Given
from vectorstore.page_images import MEDIA_TYPE
from vectorstore.selection import Selection
from web.api import schemas
from web.api.bodies import read_json
from web.api.problems import Refused, problems, refuse, schema
from web.api.repeating import sending
from web.api.revalidating import revalidated
from web.current import services
from web.register import Upload

api = APIBlueprint("articles", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Articles")])

api.after_request(revalidated)

A_YEAR = 365 * 24 * 60 * 60

_ADDED_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": schema(schemas.Upload)},
        "application/json": {"schema": schema(schemas.Record)},
    },
}


@api.get(
    "/articles",
    summary="List articles",
    responses={"200": schemas.Articles, **problems(_422="A filter, cursor or limit was refused.")},
)
def list_articles(query: schemas.ArticlesQuery) -> dict[str, Any]:
    """Newest first, then by page and position."""
    articles, following = found_articles(query)
    return schemas.Articles(articles=_with_reprints(articles), next=following).plain()


@api.get(
    "/articles/<id>",
    summary="Get an article",
    responses={"200": schemas.PrintedArticle, **problems(_404="No article has this id.")},
)
def get_article(path: schemas.Id) -> dict[str, Any]:
    """Its text, what each block of it is, who else printed it, and where its lines stand."""
    article = services.catalogue.article(path.id)
    if article is None:
        raise NotFound("No article has this id.")
    regions = [
        schemas.Region.of_article(article.id, each) for each in services.catalogue.regions(article)
    ]
    (told,) = _with_reprints([article])
    return schemas.PrintedArticle.of(told, regions=regions).plain()


@api.get(
    "/articles/<id>/pages/<image>",
    summary="Get the image of a page",
    responses={
        "200": {"description": "The image.", "content": {MEDIA_TYPE: {}}},
        **problems(_404="The article stands on no page with this image."),
    },
)
def get_page_image(path: schemas.PageImage) -> Response:
    """As `regions` of an article name it. What is found here never changes."""
    article = services.catalogue.article(path.id)
    image = services.catalogue.image(article, path.image) if article else None
    if image is None:
        raise NotFound("The article stands on no page with this image.")
    response = current_app.response_class(image, content_type=MEDIA_TYPE)
    response.cache_control.private = True
    response.cache_control.max_age = A_YEAR
    response.cache_control.immutable = True
    response.set_etag(path.image)
    response.make_conditional(request)
    return response


@api.post(
    "/articles",
    summary="Add articles",
    openapi_extensions={"requestBody": _ADDED_BODY},
    responses={
        "202": schemas.Job,
        **problems(
            _400="The body is not JSON.",
            _413="The upload is too long.",
            _415="The body is neither files nor a record.",
            _422="A field was refused.",
        ),
    },
)
def add_articles() -> tuple[dict[str, Any], int, dict[str, str]]:
    """Reads uploaded files of pages, or one article as JSON, in the order in which they come."""
    uploads = _uploads()
    sent = sending(*(part for each in uploads for part in (each.name, repr(each.given), each.data)))
    taken = sent.outcome and services.jobs.job(sent.outcome)
    if not taken:
        taken = services.jobs.submit(uploads)
        sent.led_to(taken.id)
    job = schemas.Job.of(taken)
    return job.plain(), 202, {"Location": job.url}


@api.delete(
    "/articles/<id>",
    summary="Take an article out",
    responses={
        "204": None,
        **problems(
            _404="No article has this id.",
        ),
    },
)
def remove_article(path: schemas.Id) -> tuple[str, int]:
    """Text and vectors, for good. What was cited of it answers 410 from now on."""
    if not services.remove([path.id]):
        raise NotFound("No article has this id.")
    return "", 204


def found_articles(
    query: schemas.ArticlesQuery, section: str | None = None
) -> tuple[Sequence[Article], str | None]:
    """A stretch of the list, and the cursor of the next."""
    try:
        return services.catalogue.articles(
            selection=Selection(
                since=query.since, until=query.until, publication=query.publication
            ),
            query=query.query,
            page=query.page,
            section=section,
            byline=query.byline,
            cursor=query.cursor,
            limit=query.limit,
        )
    except ValueError as error:
        raise Refused(schemas.FieldError(field="cursor", detail=str(error))) from error


def _with_reprints(articles: Sequence[Article]) -> list[schemas.Article]:
    reprints = services.catalogue.reprints_of(each.id for each in articles)
    return [
        schemas.Article.of(each, reprints=[cited(other) for other in reprints.get(each.id, ())])
        for each in articles
    ]


def _uploads() -> list[Upload]:
    try:
        if request.is_json:
            return [_record(schemas.Record.model_validate(read_json(request)))]
        if request.mimetype == "multipart/form-data":
            return files_sent(request.files.getlist("files"))
    except ValidationError as error:
        refuse(error)
    raise UnsupportedMediaType("Send files as multipart/form-data `files`, or a record as JSON.")


def _record(body: schemas.Record) -> Upload:
    """One line of the records that files may hold."""
    record = {
        "id": body.id,
        "title": body.headline,
        "text": body.text,
        "date": body.date and body.date.isoformat(),
        "publication": body.publication,
        "page": body.page,
    }
    line = json.dumps({name: value for name, value in record.items() if value}, ensure_ascii=False)
    return Upload("record.jsonl", f"{line}\n".encode())


def files_sent(files: Sequence[FileStorage]) -> list[Upload]:
    """Files of the form at hand, with what it says of them. Raises ``ValidationError``."""
    form = schemas.Upload.model_validate({**request.form.to_dict(), "files": list(files)})
    given = Given(form.publication, form.issued, form.page, form.kind)
    return [Upload(file.filename or "upload.txt", file.read(), given) for file in form.files]
