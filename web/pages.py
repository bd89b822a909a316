"""The pages: chat, answer, citation, article, browse, issue and check. They work without JavaScript."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from qa import references
from qa.checking import LONGEST, nearest
from qa.citing import AROUND, cited
from qa.comparing import runs
from vectorstore.articles import Article, BlockKind
from vectorstore.corrections import LONGEST as LONGEST_REPORT
from vectorstore.corrections import Wrong
from vectorstore.doubts import DOUBTFUL, confidence
from web import browsing, readers, room
from web.admission import admit_own_pages
from web.api import schemas
from web.api.citations import find_citation
from web.api.problems import CitationRemoved, refuse
from web.api.readiness import expect_ready
from web.current import services
from web.leaves import leaves
from web.operator import is_operator
from web.words import say, says

pages = Blueprint("pages", __name__)

_DETAILED = (400, 403, 422)
"""Errors of the request, of which the service's own English sentence tells more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article's text, and whether it is quoted."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """A block of an article as it is shown."""

    kind: BlockKind
    pieces: tuple[Piece, ...]
    jump: str | None = None
    """The page on which the article goes on here."""
    torn: bool = False
    """Whether it does so within the block, not before it."""


@pages.get("/")
def chat() -> AnyResponse:
    """The conversation so far, and a question to ask."""
    return readers.greeted(room.begun())


@pages.get("/embed")
def embedded() -> str:
    """The same without its frame, to stand in a page of a site that the settings name."""
    return room.begun()


@pages.post("/")
def ask() -> tuple[str, int] | AnyResponse:
    """Answer on a page of its own or as events, or say what is wrong with the question."""
    admit_own_pages()
    return room.ask()


@pages.get("/answers/<id>")
def answer(id: str) -> AnyResponse:  # noqa: A002
    """One answer as it was given, and room to ask on."""
    return readers.greeted(room.answered(id))


@pages.get("/answers/<id>/text")
def answer_text(id: str) -> Response:  # noqa: A002
    """An answer and its references as plain text, to be copied."""
    return make_response(room.plain(id), {"Content-Type": "text/plain; charset=utf-8"})


@pages.get("/citations/<id>")
def citation(id: str) -> str:  # noqa: A002
    """The article that a quote stands in, the quote marked."""
    found = find_citation(id)
    article = services.catalogue.article(found.article.id)
    if article is None:
        raise CitationRemoved(found)
    stands = article.text[found.start : found.end] == found.quote
    now = (found.start, found.end) if stands else nearest(found.quote, article) or (0, 0)
    url = url_for("pages.citation", id=found.id, _external=True)
    return _printed(
        article,
        *now,
        also=found.also,
        citation=found,
        stands=stands,
        change=() if stands or now == (0, 0) else runs(found.quote, article.text[slice(*now)]),
        beside=(article.text[max(0, now[0] - AROUND) : now[0]], article.text[now[1] :][:AROUND]),
        reference=references.render(found, "gbt7714", url=url),
    )


@pages.get("/articles/<id>")
def article(id: str) -> str:  # noqa: A002
    """One article as the paper printed it."""
    found = services.catalogue.article(id)
    if found is None:
        raise NotFound
    reprints = services.catalogue.reprints_of([found.id]).get(found.id, ())
    return _printed(found, also=[cited(each) for each in reprints], citation=None)


@pages.post("/articles/<id>/report")
def report(id: str) -> AnyResponse:  # noqa: A002
    """Keep what a reader says is wrong with an article, and go back to it."""
    admit_own_pages()
    try:
        said = schemas.Wrong.model_validate(request.form.to_dict())
        services.catalogue.report(id, said.wrong, said.comment or "")
    except ValidationError as error:
        refuse(error)
    except KeyError as error:
        raise NotFound from error
    return redirect(url_for("pages.article", id=id, reported=1), 303)


def _printed(article: Article, start: int = 0, end: int = 0, **more: object) -> str:
    """The article's page; what stands from ``start`` to ``end`` is quoted."""
    page = services.catalogue.same_page(article)
    at = next((at for at, each in enumerate(page) if each.id == article.id), 0)
    return render_template(
        "article.html",
        article=article,
        blocks=laid_out(article, start, end),
        leaves=leaves(services.catalogue.regions(article), start, end),
        doubtful=confidence(article.doubts) < DOUBTFUL,
        page=page,
        before=page[at - 1] if at else None,
        after=page[at + 1] if at + 1 < len(page) else None,
        answers=services.ledger.cited_by(article.id),
        own_answers=readers.own_answers(article.id),
        corrections=services.catalogue.corrections([article.id]),
        editing=is_operator(),
        reported="reported" in request.args,
        wrongs=list(Wrong),
        longest_report=LONGEST_REPORT,
        **more,
    )


@pages.get("/browse")
def browse() -> str:
    """The archive's calendar and its articles, newest first, or those that hold some words."""
    return browsing.page()


@pages.get("/issues/<day>")
def issue(day: str) -> str:
    """What was printed on a day."""
    return browsing.issue(day)


@pages.get("/check")
def check() -> str:
    """A form for words that somebody quotes."""
    return render_template("check.html", longest=LONGEST)


@pages.post("/check")
def checked() -> str | tuple[str, int]:
    """The same form, and whether the archive prints them."""
    admit_own_pages()
    text = request.form.get("text", "")
    expect_ready()
    try:
        found = services.checker.check(schemas.Quoted(text=text).text)
    except ValueError:  # also pydantic's
        refusal = say("refused_text")
        return render_template("check.html", longest=LONGEST, text=text, refusal=refusal), 422
    return render_template("check.html", longest=LONGEST, text=text, checked=found)


def explain(error: HTTPException) -> Response:
    """Say on a page what went wrong, and never how."""
    code = error.code or 500
    told = f"error_{code}" if says(f"error_{code}") else "error"
    page = render_template(
        "error.html",
        code=code,
        title=say(told),
        what=say(f"{told}_what"),
        detail=error.description if code in _DETAILED else None,
        removed=error.citation.article if isinstance(error, CitationRemoved) else None,
    )
    response = make_response(page, code)
    for name, told in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = told
    return response


def laid_out(article: Article, start: int = 0, end: int = 0) -> list[Laid]:
    """The blocks of an article; what stands from ``start`` to ``end`` is quoted."""
    laid = []
    for block in article.blocks:
        first, last = max(start, block.start), min(end, block.end)
        if first >= last:
            first = last = block.end
        pieces = (
            Piece(article.text[block.start : first]),
            Piece(article.text[first:last], quoted=True),
            Piece(article.text[last : block.end]),
        )
        shown = tuple(piece for piece in pieces if piece.text)
        jump = next((j for j in article.jumps if block.start <= j.start < block.end), None)
        torn = jump is not None and jump.start > block.start
        laid.append(Laid(block.kind, shown, jump.page if jump else None, torn))
    return laid
