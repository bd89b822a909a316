"""Questions and their answers, in one piece or as they come about."""

import logging
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from flask import Response, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import NotFound

from qa import references
from qa.answering import AnswerEvent, CitationEvent, Delta, Event, SearchEvent
from qa.answers import Answer, Question, Verdict
from vectorstore.unavailable import Unavailable
from web import asking
from web.admission import admit_own_pages
from web.api import schemas, streaming
from web.api.bodies import expect_posted_json
from web.api.problems import JSON_BODY, Refused, fault, problem, problems, schema
from web.api.readiness import expect_ready
from web.api.references import asked_for, sent, told_in_every_form
from web.api.repeating import Sending, sending
from web.api.revalidating import revalidated
from web.api.streaming import EVENT_STREAM, LAST, OPENED, Stream, Told, streamed
from web.current import services, streams

logger = logging.getLogger(__name__)

api = APIBlueprint(
    "questions", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Questions and answers")]
)

_ANSWERED: dict[str, Any] = {
    "description": "The answer; or, with `Accept: text/event-stream`, the same answer as events "
    "`search`, `delta`, `citation`, `answer` and `error`, each with JSON as its data.",
    "content": {
        "application/json": {"schema": schema(schemas.Answer)},
        EVENT_STREAM: {"schema": {"type": "string"}},
    },
}

api.before_request(expect_posted_json)
api.after_request(revalidated)


@api.after_request
def _told_in_many_formats(response: Response) -> Response:
    response.vary.add("Accept")
    return response


@api.post(
    "/questions",
    summary="Ask a question",
    responses={
        "200": _ANSWERED,
        **problems(**JSON_BODY, _503="The archive can't be asked yet."),
    },
)
def ask(body: schemas.Question) -> Response | dict[str, Any]:
    """Answer from the archive's own words, or say that it doesn't say.

    A conversation that is not known, or was deleted, is refused as a field.
    """
    as_events = (
        request.accept_mimetypes.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM
    )
    begun = streams.found(request.headers.get(LAST)) if as_events else None
    if begun and _may_be_told_again(begun[0]):
        stream, number = begun
        return streamed(stream.after(number))
    request_sent = sending(body.model_dump_json())
    if before := request_sent.outcome and services.ledger.answer(request_sent.outcome):
        return streamed(_retold(before)) if as_events else schemas.Answer.of(before).plain()
    question = question_of(body)
    expect_ready()
    if as_events:
        stream = streams.begin(_told(question, request_sent))
        return streamed(chain([OPENED], stream.after(0)))
    answer = asking.answer(question)
    request_sent.led_to(answer.id)
    return schemas.Answer.of(answer).plain()


@api.get(
    "/answers/<id>",
    summary="Get an answer",
    responses={
        "200": told_in_every_form(
            "The answer; or references to what it cites, where `format` or `Accept` asks for them.",
            schemas.Answer,
        ),
        **problems(_404="No answer has this id.", _422="There is no such format."),
    },
)
def get_answer(path: schemas.Id, query: schemas.FormatQuery) -> Response | dict[str, Any]:
    """The answer as it was given; what became of its quotes is told as of now."""
    answer = services.ledger.answer(path.id)
    if answer is None:
        raise NotFound("No answer has this id.")
    form = asked_for(query.format)
    if form == "json":
        return schemas.Answer.of(answer).plain()
    url = url_for("pages.answer", id=answer.id, _external=True)
    return sent(references.render_answer(answer, form, url=url), form, answer.id)


@api.post(
    "/answers/<id>/feedback",
    summary="Say what you think of an answer",
    responses={
        "204": None,
        **problems(
            **JSON_BODY,
            _403="Sent by another site's page.",
            _404="No answer has this id, or it has no such citation.",
        ),
    },
)
def judge(path: schemas.Id, body: schemas.Feedback) -> tuple[str, int]:
    """Kept with the answer until its conversation is deleted; said twice, both are kept."""
    admit_own_pages()
    verdict, comment = Verdict(body.verdict), body.comment or ""
    if not services.ledger.judge(path.id, verdict, comment, body.citation):
        raise NotFound("No answer has this id, or it has no such citation.")
    return "", 204


def question_of(body: schemas.Question) -> Question:
    """What is asked, with what was said before in its conversation."""
    if body.conversation is None:
        return body.after(())
    conversation = services.ledger.conversation(body.conversation)
    if conversation is None:
        detail = "There is no such conversation; leave it out to begin a new one."
        raise Refused(schemas.FieldError(field="conversation", detail=detail))
    return body.after(conversation.turns)


def _told(question: Question, sent: Sending) -> Generator[Told]:
    try:
        for event in asking.events(question):
            if isinstance(event, AnswerEvent):
                sent.led_to(event.answer.id)
            yield _written(event)
    except Exception as error:  # the headers are gone: the reader learns it from the stream
        logger.exception("an answer broke off")
        yield "error", problem(fault(error)).get_json()
    finally:
        with suppress(Unavailable):  # then it is forgotten by itself
            sent.end()


def _may_be_told_again(stream: Stream) -> bool:
    """Whether all that a stream quotes is in the archive still, and its answer is kept."""
    quoted: set[str] = set()
    for name, data in stream.told:
        match name:
            case "search":
                quoted |= {each["id"] for each in data["hits"]}
            case "citation":
                quoted.add(data["id"])
            case "answer":
                if services.ledger.answer(data["id"]) is None:
                    return False
                quoted |= {each["id"] for each in (*data["citations"], *data["related"])}
    return not services.ledger.any_removed(quoted)


def _retold(answer: Answer) -> Iterator[str]:
    """An answer that was given before; what was found for it is known of a refusal alone."""
    yield streaming.event(
        *_written(SearchEvent(answer.searched, answer.standalone_question, answer.related))
    )
    for citation in answer.citations:
        yield streaming.event(*_written(CitationEvent(citation)))
    yield streaming.event(*_written(Delta(answer.text)))
    yield streaming.event(*_written(AnswerEvent(answer)))


def _written(event: Event) -> tuple[str, Any]:
    match event:
        case SearchEvent():
            services.ledger.keep_citations(event.hits)  # whoever reads them may look them up
            return "search", schemas.Found.of(event).plain()
        case Delta():
            return "delta", {"text": event.text}
        case CitationEvent():
            return "citation", schemas.NumberedCitation.of(event.citation).plain()
        case AnswerEvent():
            return "answer", schemas.Answer.of(event.answer).plain()
