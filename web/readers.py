"""Readers: whose conversations are whose, where nobody has an account.

A browser that opens the reading room gets a cookie with 128 random bits. The server keeps with each
conversation the browser that began it; whoever shows the cookie gets the list, and alone may rename,
delete and go on with what is on it.
"""

import re
import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from qa.ledger import Conversation
from web.admission import admit_own_pages
from web.api import schemas
from web.api.problems import refuse
from web.current import services

readers = Blueprint("readers", __name__)

COOKIE = "baowen_reader"
OWN_ANSWERS = 5
"""Of those that cite an article, how many its page leads to."""
LISTED = 20
"""Conversations on a page of the list."""

_KEPT = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie for longer
_READER = re.compile(r"[0-9a-f]{32}")


class Looked(BaseModel):
    """What is looked for among one's conversations."""

    query: schemas.Name = None
    page: int = 1


class Named(BaseModel):
    """What a conversation is to be called."""

    name: schemas.Name = None


def reader() -> str | None:
    """The browser that asks; None for one that has no cookie of ours."""
    shown = request.cookies.get(COOKIE, "")
    return shown if _READER.fullmatch(shown) else None


def greeted(page: str) -> AnyResponse:
    """A page that has the browser show who it is when it asks; its scripts can't read it."""
    response = make_response(page)
    response.set_cookie(
        COOKIE,
        reader() or secrets.token_hex(16),
        max_age=_KEPT,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


def owned_by_another(conversation: Conversation) -> bool:
    """Whether it was begun in another browser than the one that asks."""
    return conversation.reader not in (None, reader())


def own_answers(article_id: str) -> list[tuple[str, str]]:
    """The answers citing an article that the browser was given, the last ones, with their questions."""
    who = reader()
    return services.ledger.asked_by(who, article_id, OWN_ANSWERS) if who else []


@readers.get("/conversations")
def listed() -> str:
    """The reader's conversations, the last asked first."""
    try:
        looked = Looked.model_validate(request.args.to_dict())
    except ValidationError as error:
        refuse(error)
    page = max(1, min(looked.page, 10_000))
    who = reader()
    found = (
        services.ledger.conversations_of(
            who, looked.query, limit=LISTED + 1, skip=(page - 1) * LISTED
        )
        if who
        else []
    )
    return render_template(
        "conversations.html",
        conversations=found[:LISTED],
        query=looked.query,
        page=page,
        more=len(found) > LISTED,
    )


@readers.get("/conversations/<id>")
def reopen(id: str) -> AnyResponse:  # noqa: A002
    """The conversation itself, where it goes on."""
    return redirect(url_for("pages.chat", conversation=id))


@readers.post("/conversations/<id>")
def rename(id: str) -> AnyResponse:  # noqa: A002
    """Call a conversation of one's own otherwise."""
    try:
        named = Named.model_validate(request.form.to_dict())
    except ValidationError as error:
        refuse(error)
    services.ledger.rename(_own(id).id, named.name)
    return redirect(url_for("readers.listed"), 303)


@readers.post("/conversations/<id>/delete")
def delete(id: str) -> AnyResponse:  # noqa: A002
    """Delete a conversation of one's own with its answers."""
    services.ledger.forget(_own(id).id)
    return redirect(url_for("readers.listed"), 303)


@readers.after_request
def _for_this_reader(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _own(conversation_id: str) -> Conversation:
    admit_own_pages()
    found = services.ledger.conversation(conversation_id)
    who = reader()
    if found is None or who is None or found.reader != who:
        raise NotFound
    return found
