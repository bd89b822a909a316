"""What readers say of answers and citations: the forms, and the operator's list of them."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Literal

from flask import (
    Blueprint,
    Response,
    current_app,
    json,
    redirect,
    render_template,
    request,
    url_for,
)
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from qa.answers import Verdict
from qa.ledger import Judged
from web.admission import admit_own_pages
from web.api import schemas
from web.api.problems import refuse
from web.current import services
from web.operator import expect_operator, is_signed_in, keep_private

verdicts = Blueprint("verdicts", __name__)
judgements = Blueprint("judgements", __name__, url_prefix="/operator/feedback")

judgements.before_request(expect_operator)
judgements.after_request(keep_private)

SHOWN = 20
"""Verdicts on a page of the list."""
READ = 200
"""Verdicts read at a time for an export."""

_COLUMNS = (
    *("given_at", "verdict", "comment", "question", "standalone_question", "answered", "text"),
    *("passages", "since", "until", "publication", "quote", "headline", "url"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class JudgedQuery(BaseModel):
    """Which verdicts to show."""

    verdict: Literal["up", "down", ""] = ""
    before: int | None = None


@verdicts.post("/answers/<id>/feedback")
def judge(id: str) -> AnyResponse:  # noqa: A002
    """Keep what a reader says, and go back to the answer."""
    admit_own_pages()
    try:
        said = schemas.Feedback.model_validate(request.form.to_dict())
    except ValidationError as error:
        refuse(error)
    verdict, comment = Verdict(said.verdict), said.comment or ""
    if not services.ledger.judge(id, verdict, comment, said.citation):
        raise NotFound
    return redirect(url_for("pages.answer", id=id, noted=1), 303)


@judgements.get("")
def listed() -> str:
    """What was said, the newest first, with what was searched for the answer."""
    query = _query()
    found = services.ledger.judged(_wanted(query), before=query.before, limit=SHOWN + 1)
    return render_template(
        "judged.html",
        judged=found[:SHOWN],
        verdict=query.verdict,
        older=found[SHOWN - 1].number if len(found) > SHOWN else None,
        signed_in=is_signed_in(),
    )


@judgements.get("/csv")
def table() -> Response:
    """All of it as a table that spreadsheets open: UTF-8 with its mark, no cell a formula."""

    def lines() -> Iterator[str]:
        yield "\ufeff"
        rows = (_row(each) for each in _all())
        for cells in (dict(zip(_COLUMNS, _COLUMNS, strict=True)), *rows):
            line = io.StringIO()
            csv.writer(line).writerow(_cell(cells[name]) for name in _COLUMNS)
            yield line.getvalue()

    return _file("".join(lines()), "text/csv", "csv")


@judgements.get("/jsonl")
def records() -> Response:
    """All of it, one JSON object a line, each with the whole answer."""
    return _file(
        "".join(json.dumps(_record(each)) + "\n" for each in _all()), "application/jsonl", "jsonl"
    )


def _query() -> JudgedQuery:
    try:
        return JudgedQuery.model_validate(request.args.to_dict())
    except ValidationError as error:
        refuse(error)


def _wanted(query: JudgedQuery) -> Verdict | None:
    return Verdict(query.verdict) if query.verdict else None


def _all() -> Iterator[Judged]:
    wanted, before = _wanted(_query()), None
    while some := services.ledger.judged(wanted, before=before, limit=READ):
        yield from some
        before = some[-1].number


def _row(judged: Judged) -> dict[str, Any]:
    answer, citation = judged.answer, judged.citation
    return {
        "given_at": judged.feedback.given_at.isoformat(timespec="seconds"),
        "verdict": judged.feedback.verdict,
        "comment": judged.feedback.comment,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answered": answer.answered,
        "text": answer.text,
        "passages": answer.searched.passages,
        "since": answer.searched.since,
        "until": answer.searched.until,
        "publication": answer.searched.publication,
        "quote": citation and citation.quote,
        "headline": citation and citation.article.headline,
        "url": url_for("pages.answer", id=answer.id, _external=True),
    }


def _record(judged: Judged) -> dict[str, Any]:
    return {
        "given_at": judged.feedback.given_at.isoformat(timespec="seconds"),
        "verdict": judged.feedback.verdict,
        "comment": judged.feedback.comment,
        "citation": judged.feedback.citation_id,
        "answer": schemas.Answer.of(judged.answer).plain(),
    }


def _cell(value: object) -> str:
    """What a cell says; a spreadsheet is kept from reading a stranger's words as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _file(body: str, media_type: str, ending: str) -> Response:
    response = current_app.response_class(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="feedback.{ending}"'
    return response
