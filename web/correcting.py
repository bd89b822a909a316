"""Correcting: the operator's form on an article, and the list of what readers report and what fits no more."""

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from vectorstore import corrections
from vectorstore.articles import Article, digest
from vectorstore.corrections import LISTED, LONGEST, Change, Misfit, rewriting, setting, value
from web.api.problems import refuse
from web.current import services
from web.operator import expect_operator, is_signed_in, keep_private
from web.words import say

correcting = Blueprint("correcting", __name__)

correcting.before_request(expect_operator)
correcting.after_request(keep_private)

SHOWN = 50
"""Reports on a page of their list."""
WHO = "operator"


class ReportsQuery(BaseModel):
    """Where in the list of reports to go on."""

    before: int | None = Field(None, ge=0, le=2**31)


@correcting.get("/articles/<id>/correct")
def form(id: str) -> str:  # noqa: A002
    """An article as it can be changed, and what was changed."""
    return _form(_article(id))


@correcting.post("/articles/<id>/correct")
def correct(id: str) -> tuple[str, int] | AnyResponse:  # noqa: A002
    """Keep all that the form changes, and go back to the article; or say what is wrong with it."""
    article, why = _article(id), request.form.get("why", "").strip()
    if request.form.get("version") != _version(article):
        return _form(article, say("changed_meanwhile")), 409
    if len(why) > LONGEST:
        return _form(article, say("refused", field="why")), 422
    try:
        services.catalogue.correct(article.id, _changes(article), WHO, why)
    except Misfit as error:
        return _form(article, say("refused_correction"), str(error)), 422
    except KeyError as error:  # taken out meanwhile
        raise NotFound from error
    return redirect(url_for("pages.article", id=article.id), 303)


@correcting.post("/articles/<id>/corrections/<int:number>/withdraw")
def withdraw(id: str, number: int) -> AnyResponse:  # noqa: A002
    """Take a correction back, and go to where one was."""
    if not services.catalogue.withdraw(id, number):
        raise NotFound
    if services.catalogue.article(id) is None:
        return redirect(url_for("correcting.listed"), 303)
    return redirect(url_for("correcting.form", id=id), 303)


@correcting.get("/operator/corrections")
def listed() -> str:
    """Corrections that fit no more, and what readers report, the newest first."""
    try:
        before = ReportsQuery.model_validate(request.args.to_dict()).before
    except ValidationError as error:
        refuse(error)
    misfits = services.catalogue.misfits()
    reports = services.catalogue.reports(before=before, limit=SHOWN + 1)
    found = services.catalogue.articles_by_id(
        {each.article_id for each in misfits} | {each.article_id for each in reports[:SHOWN]}
    )
    return render_template(
        "corrections.html",
        misfits=misfits,
        reports=reports[:SHOWN],
        older=reports[SHOWN - 1].number if len(reports) > SHOWN else None,
        articles=found,
        signed_in=is_signed_in(),
    )


@correcting.post("/operator/reports/<int:number>/settle")
def settle(number: int) -> AnyResponse:
    """Forget a report that was seen to."""
    if not services.catalogue.settle_report(number):
        raise NotFound
    return redirect(url_for("correcting.listed"), 303)


def _article(article_id: str) -> Article:
    article = services.catalogue.article(article_id)
    if article is None:
        raise NotFound
    return article


def _form(article: Article, refusal: str | None = None, detail: str | None = None) -> str:
    fields = [each for each in corrections.Field if each is not corrections.Field.TEXT]
    kept = request.form if refusal else {}
    return render_template(
        "correct.html",
        article=article,
        fields=[(each, kept.get(each, value(article, each)), each in LISTED) for each in fields],
        text=kept.get("text", article.text),
        why=kept.get("why", ""),
        version=_version(article),
        refusal=refusal,
        detail=detail,
        corrections=services.catalogue.corrections([article.id]),
        reports=services.catalogue.reports(article.id),
        signed_in=is_signed_in(),
    )


def _changes(article: Article) -> list[Change]:
    """What the form changes; a field that it lacks stays. Raises ``Misfit``."""
    told = {
        field: request.form[field].replace("\r\n", "\n")
        for field in corrections.Field
        if field in request.form
    }
    text = told.pop(corrections.Field.TEXT, article.text)
    set_anew = (setting(article, field, words) for field, words in told.items())
    return [*filter(None, set_anew), *rewriting(article, text.strip("\n"))]


def _version(article: Article) -> str:
    """A name for all that the form shows of an article, so that nobody's correction is lost."""
    return digest(*(value(article, field) for field in corrections.Field))
