"""The reading room: questions from the page, answers as they come about, and what goes with them."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from flask import json, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from qa import references
from qa.answering import AnswerEvent, CitationEvent, Delta, Event, SearchEvent
from qa.answers import Answer, Citation, Question, Status
from qa.ledger import Conversation
from vectorstore.selection import Selection
from web import asking, readers
from web.api import schemas
from web.api.problems import Refused
from web.api.questions import question_of
from web.api.readiness import expect_ready
from web.api.streaming import (
    BEAT,
    EVENT_STREAM,
    HEARTBEAT,
    OPENED,
    event,
    streamed,
    with_heartbeats,
)
from web.api.suggestions import suggested
from web.current import services
from web.words import say, says

logger = logging.getLogger(__name__)

FIELDS = ("question", "conversation", "since", "until", "publication")
FURTHER = 3
"""Questions suggested beside an answer at most."""

_MARK = re.compile(r"\[([0-9]+)\]")
_DAYS = "days"
"""What is taken away of a question that is asked again: the filter by day."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer, and the citation that it is the mark of."""

    text: str
    citation: Citation | None = None


def begun() -> str:
    """The page to ask on: a conversation that is named, or a question to be asked otherwise."""
    if answer_id := request.args.get("edit"):
        return _edited(answer_id)
    conversation_id = request.args.get("conversation", "")
    conversation = services.ledger.conversation(conversation_id) if conversation_id else None
    if conversation_id and not (conversation and conversation.answers):
        raise NotFound
    return _page(conversation, {"conversation": conversation_id})


def answered(answer_id: str) -> str:
    """One answer by itself, and room to ask on."""
    found = services.ledger.answer(answer_id)
    if found is None:
        raise NotFound
    alone = Conversation(found.conversation, (found,))
    return _page(alone, {"conversation": found.conversation}, alone=True)


def plain(answer_id: str) -> str:
    """An answer as text to be put into a text of one's own, its references numbered below it."""
    found = services.ledger.answer(answer_id)
    if found is None:
        raise NotFound
    cited = [f"[{each.number}] {reference(each)}" for each in found.citations]
    address = url_for("pages.answer", id=found.id, _external=True)
    return "\n\n".join(filter(None, (found.text, "\n".join(cited), address))) + "\n"


def ask() -> AnyResponse | tuple[str, int]:
    """Answer as events where these are wanted, else on a page of its own; or say what is wrong."""
    asked = {name: request.form.get(name, "") for name in FIELDS}
    without = request.form.get("without")
    if without == _DAYS:
        asked |= {"since": "", "until": ""}
    elif without in asked:
        asked[without] = ""
    try:
        question = _question(asked)
        expect_ready()
    except Refused as error:
        fields = {each.field for each in error.errors}
        if "conversation" in fields:
            asked["conversation"] = ""
        return _refused(asked, fields)
    return _answered_to(replace(question, narrowing=without != _DAYS))


def _answered_to(question: Question) -> AnyResponse:
    reader = readers.reader()
    if _wants_events():
        return streamed(_told(question, reader))
    answer = asking.answer(question)
    _adopt(answer, reader)
    return redirect(url_for("pages.answer", id=answer.id), 303)


def _adopt(answer: Answer, reader: str | None) -> None:
    if reader:
        services.ledger.adopt(answer.conversation, reader)


def marked(answer: Answer) -> Iterator[Piece]:
    """Cut an answer's text at its marks."""
    cited = {each.number: each for each in answer.citations}
    done = 0
    for match in _MARK.finditer(answer.text):
        if found := cited.get(int(match.group(1))):
            yield Piece(answer.text[done : match.start()])
            yield Piece(match.group(), citation=found)
            done = match.end()
    yield Piece(answer.text[done:])


def reference(citation: Citation) -> str:
    """A citation as a list of references has it; what was taken out says so."""
    url = url_for("pages.citation", id=citation.id, _external=True)
    text = references.render(citation, "gbt7714", url=url).strip()
    return f"{text} ({say('removed')})" if citation.status is Status.REMOVED else text


def further(answers: Sequence[Answer]) -> list[str]:
    """Questions that the articles near the last of some answers answer, none of what these told."""
    if not answers or services.ready():
        return []
    last = answers[-1]
    asked = {words for each in answers for words in (each.question, each.standalone_question)}
    quoted = [cited for each in answers for cited in each.citations]
    near = (each for each in (*last.citations, *last.related) if each.status is not Status.REMOVED)
    fresh = (
        each.question
        for each in services.questions_on(dict.fromkeys(each.article.id for each in near))
        if each.question not in asked
        and not any(each.overlaps(old.article.id, old.start, old.end) for old in quoted)
    )
    return list(islice(dict.fromkeys(fresh), FURTHER))


def _told(question: Question, reader: str | None) -> Iterator[str]:
    """The answer as events whose data are parts of the page, in the reader's language."""
    yield OPENED
    try:
        for step in with_heartbeats(asking.events(question), HEARTBEAT):
            yield from _written(step, question, reader) if step else (BEAT,)
    except Exception:  # the headers are gone: the reader learns it from the stream
        logger.exception("an answer broke off")
        yield event("error", {"detail": say("broken")})


def _written(step: Event, question: Question, reader: str | None) -> Iterator[str]:
    match step:
        case SearchEvent():
            html = render_template("found.html", found=step, asked=question)
            yield event("search", {"html": html})
        case Delta():
            yield event("delta", {"text": step.text})
        case CitationEvent():
            pass  # it comes with the answer, as the page shows it
        case AnswerEvent(answer):
            _adopt(answer, reader)
            url = url_for("pages.chat", conversation=answer.conversation)
            card = render_template("card.html", answer=answer, **_TOOLS)
            told = {"html": card, "conversation": answer.conversation, "url": url}
            yield event("answer", told)
            conversation = services.ledger.conversation(answer.conversation)
            if conversation and (more := further(conversation.answers)):
                html = render_template("further.html", questions=more, answer=answer)
                yield event("further", {"html": html})


def _wants_events() -> bool:
    return EVENT_STREAM in request.accept_mimetypes.values()


def _question(asked: dict[str, str]) -> Question:
    """What is asked; of another reader's conversation, in one of its own that goes on from there.

    Raises ``Refused``.
    """
    try:
        told = {name: value for name, value in asked.items() if value}
        question = question_of(schemas.Question.model_validate(told))
    except ValidationError as error:
        fields = {str(each["loc"][0]) if each["loc"] else "since" for each in error.errors()}
        raise Refused(*(schemas.FieldError(field=each, detail="") for each in fields)) from error
    kept = question.conversation and services.ledger.conversation(question.conversation)
    shared = kept and readers.owned_by_another(kept)
    return replace(question, conversation=None) if shared else question


def _refused(asked: dict[str, str], fields: set[str]) -> AnyResponse | tuple[str, int]:
    refusal = _refusal(fields)
    if _wants_events():
        return AnyResponse(json.dumps({"detail": refusal}), 422, mimetype="application/json")
    found = asked["conversation"] and services.ledger.conversation(asked["conversation"])
    return _page(found or None, asked, refusal=refusal), 422


def _refusal(fields: set[str]) -> str:
    if fields & {"since", "until", "as_of"}:
        return say("refused_dates")
    field = min(fields)
    return say(f"refused_{field}") if says(f"refused_{field}") else say("refused", field=field)


def _edited(answer_id: str) -> str:
    """The conversation of an answer, its question and filters in the form again."""
    answer = services.ledger.answer(answer_id)
    if answer is None:
        raise NotFound
    conversation = services.ledger.conversation(answer.conversation)
    searched = answer.searched
    days = (None, None) if searched.counted else (searched.since, searched.until)
    since, until = (day.isoformat() if day else "" for day in days)
    asked = {
        "question": answer.question,
        "conversation": answer.conversation,
        "since": since,
        "until": until,
        "publication": searched.publication or "",
    }
    return _page(conversation, asked)


def _page(
    conversation: Conversation | None,
    asked: dict[str, str],
    refusal: str | None = None,
    alone: bool = False,
) -> str:
    answers: Sequence[Answer] = conversation.answers if conversation else ()
    if not answers and not services.catalogue.passages_in(Selection()):
        return render_template("empty.html")
    return render_template(
        "chat.html",
        answers=answers,
        name=conversation.name if conversation else None,
        asked=asked,
        refusal=refusal,
        alone=alone,
        further=further(answers),
        suggestions=() if answers or refusal else suggested(),
        publications=services.catalogue.publications(),
        **_TOOLS,
    )


_TOOLS: dict[str, Any] = {"marked": marked, "reference": reference}
