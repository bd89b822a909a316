"""Adding: files that the operator drops, what became of them, and what to look at after."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from vectorstore.articles import Article
from vectorstore.doubts import least_sure
from vectorstore.ingest import Report, Status
from web.api.articles import files_sent
from web.api.problems import refuse
from web.current import services
from web.operator import expect_operator, is_signed_in, keep_private
from web.register import Job, Progress
from web.words import say

adding = Blueprint("adding", __name__, url_prefix="/add")

adding.before_request(expect_operator)
adding.after_request(keep_private)

DOUBTFUL_SHOWN = 20
"""Doubtful articles on a page of their list."""
REPORTS_SHOWN = 200
"""Files whose outcome a page tells, the refused ones first; all are counted."""
ARTICLES_SHOWN = 12
"""Articles that are named of one file."""


class DoubtfulQuery(BaseModel):
    """Where in the list of doubtful articles to begin."""

    after: int = Field(0, ge=0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, and the first of the articles that it gave."""

    report: Report
    articles: tuple[Article, ...]

    @property
    def unnamed(self) -> int:
        """How many articles it gave beside those."""
        return len(self.report.articles) - len(self.articles)


@adding.get("")
def form() -> str:
    """Files to give, and the articles that a person should look at."""
    return _form()


@adding.post("")
def add() -> tuple[str, int] | AnyResponse:
    """Have files read, and go where their progress is told; or say what is wrong with the form."""
    try:
        uploads = files_sent([file for file in request.files.getlist("files") if file.filename])
    except ValidationError as error:
        fields = {str(each["loc"][0]) for each in error.errors()}
        refusal = say("refused_files") if "files" in fields else _refusal(fields)
        return _form(refusal), 422
    return redirect(url_for("adding.job", id=services.jobs.submit(uploads).id), 303)


@adding.get("/<id>")
def job(id: str) -> str:  # noqa: A002
    """How far an upload is, and what became of each file so far."""
    found = services.jobs.job(id)
    if found is None:
        raise NotFound
    return render_template(
        "added.html",
        job=found,
        ended=found.status in (Progress.DONE, Progress.FAILED),
        counts=Counter(each.status for each in found.reports),
        outcomes=_outcomes(found),
        unshown=max(0, len(found.reports) - REPORTS_SHOWN),
        signed_in=is_signed_in(),
    )


def _form(refusal: str | None = None) -> str:
    try:
        after = DoubtfulQuery.model_validate(request.args.to_dict()).after
    except ValidationError as error:
        refuse(error)
    unsure = least_sure(services.catalogue.doubts())
    shown = unsure[after : after + DOUBTFUL_SHOWN]
    found = services.catalogue.articles_by_id(article_id for _, article_id in shown)
    following = after + DOUBTFUL_SHOWN
    return render_template(
        "add.html",
        refusal=refusal,
        given=request.form,
        largest=current_app.config["MAX_CONTENT_LENGTH"],
        publications=services.catalogue.publications(),
        doubtful=list(found.values()),
        doubtful_count=len(unsure),
        following=following if following < len(unsure) else None,
        signed_in=is_signed_in(),
    )


def _refusal(fields: set[str]) -> str:
    if "issued" in fields:
        return say("refused_dates")
    return say("refused", field=", ".join(sorted(fields)))


def _outcomes(job: Job) -> list[Outcome]:
    """What became of files, those that were refused first, with the articles of each."""
    in_turn = sorted(job.reports, key=lambda each: each.status is not Status.REFUSED)
    shown = in_turn[:REPORTS_SHOWN]
    wanted = [tuple(islice(each.articles, ARTICLES_SHOWN)) for each in shown]
    found = services.catalogue.articles_by_id(each for ids in wanted for each in ids)
    return [
        Outcome(report, tuple(found[each] for each in ids if each in found))
        for report, ids in zip(shown, wanted, strict=True)
    ]
