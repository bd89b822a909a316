"""The shapes of OpenAI's API, so that chat programs ask the archive as they ask a language model."""

import logging
import secrets
from collections.abc import Iterator
from time import time
from typing import Any

from flask import Response, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError
from werkzeug.exceptions import NotFound

from qa.answering import AnswerEvent, Delta
from qa.answers import Answer, Citation, Question, Turn
from web import asking
from web.api import schemas
from web.api.bodies import expect_posted_json
from web.api.problems import JSON_BODY, Refused, fault, problem, problems, refused
from web.api.readiness import expect_ready
from web.api.streaming import BEAT, EVENT_STREAM, HEARTBEAT, on_one_line, streamed, with_heartbeats

logger = logging.getLogger(__name__)

MODEL = "baowen"
_CREATED = int(time())
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
"""No language model's tokens are spent."""

api = APIBlueprint(
    "completions", __name__, url_prefix="/v1", abp_tags=[Tag(name="As OpenAI's API")]
)

_COMPLETED: dict[str, Any] = {
    "description": "A chat completion whose citations are `annotations` of the message, of type "
    "`url_citation`; with `stream`, chunks of it, the annotations in the last but one.",
    "content": {
        "application/json": {"schema": {"type": "object"}},
        EVENT_STREAM: {"schema": {"type": "string"}},
    },
}

api.before_request(expect_posted_json)


@api.get("/models", summary="List models", responses={"200": {"description": "The archive."}})
def list_models() -> dict[str, Any]:
    """There is one: the archive."""
    return {"object": "list", "data": [_model()]}


@api.get(
    "/models/<id>",
    summary="Get a model",
    responses={"200": {"description": "The archive."}, **problems(_404="No model has this id.")},
)
def get_model(path: schemas.Id) -> dict[str, Any]:
    """The archive, by its name `baowen`."""
    if path.id != MODEL:
        raise NotFound(f"There is one model, {MODEL}.")
    return _model()


@api.post(
    "/chat/completions",
    summary="Ask in a chat",
    responses={
        "200": _COMPLETED,
        **problems(**JSON_BODY, _503="The archive can't be asked yet."),
    },
)
def complete(body: schemas.ChatQuestion) -> Response | dict[str, Any]:
    """Answer the last message, which is the user's; those before it are what it may point back to.

    Instructions (`system`, `developer`) change nothing: an answer is the archive's own words.
    """
    question = _question(body)
    expect_ready()
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return streamed(_chunks(question, usage=usage))
    answer = asking.answer(question)
    return {
        **_envelope(answer.id, "chat.completion"),
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": answer.text,
                    "refusal": None,
                    "annotations": list(_annotations(answer)),
                },
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": _USAGE,
    }


def _question(body: schemas.ChatQuestion) -> Question:
    *before, last = body.messages
    if last.role != "user":
        detail = "The last message must be the user's: it is the question."
        raise Refused(schemas.FieldError(field="messages", detail=detail))
    filters = body.model_dump(include={"since", "until", "publication", "as_of"})
    try:
        asked = schemas.Question.model_validate({"question": last.text, **filters})
    except ValidationError as error:
        raise Refused(
            *(each.model_copy(update={"field": "messages"}) for each in refused(error).errors)
        ) from error
    return asked.after(tuple(_turns(before)))


def _turns(messages: list[schemas.ChatMessage]) -> Iterator[Turn]:
    """The user's earlier messages, each with what was answered."""
    asked: str | None = None
    for message in messages:
        if message.role == "user":
            if asked:
                yield Turn(asked)
            asked = message.text.strip()
        elif message.role == "assistant" and asked:
            yield Turn(asked, message.text)
            asked = None
    if asked:
        yield Turn(asked)


def _chunks(question: Question, *, usage: bool) -> Iterator[str]:
    """The completion piece by piece, as server-sent events without names."""
    envelope = _envelope(secrets.token_hex(16), "chat.completion.chunk")

    def chunk(delta: dict[str, Any], end: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        return _event({**envelope, "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    try:
        for event in with_heartbeats(asking.events(question), HEARTBEAT):
            match event:
                case None:
                    yield BEAT
                case Delta():
                    yield chunk({"content": event.text})
                case AnswerEvent():
                    yield chunk({"annotations": list(_annotations(event.answer))})
    except Exception as error:  # the headers are gone: the reader learns it from the stream
        logger.exception("an answer broke off")
        yield _event({"error": (problem(fault(error)).get_json() or {})["error"]})
        return
    yield chunk({}, end="stop")
    if usage:
        yield _event({**envelope, "choices": [], "usage": _USAGE})
    yield "data: [DONE]\n\n"


def _annotations(answer: Answer) -> Iterator[dict[str, Any]]:
    """Each citation, and the stretch of the answer, its marks included, that it supports."""
    cited = {each.number: each for each in answer.citations}
    at = 0
    for sentence in answer.sentences:
        start = answer.text.index(sentence.text, at)
        at = start + len(sentence.text) + sum(len(f"[{each}]") for each in sentence.citations)
        for number in sentence.citations:
            yield {
                "type": "url_citation",
                "url_citation": {
                    "start_index": start,
                    "end_index": at,
                    "title": _title(cited[number]),
                    "url": url_for("pages.citation", id=cited[number].id, _external=True),
                },
            }


def _title(citation: Citation) -> str:
    article = citation.article
    issued = article.issued.isoformat() if article.issued else None
    return " · ".join(filter(None, (article.headline, article.publication, issued)))


def _envelope(id_: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{id_}", "object": kind, "created": int(time()), "model": MODEL}


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": _CREATED, "owned_by": MODEL}


def _event(data: dict[str, Any]) -> str:
    return f"data: {on_one_line(data)}\n\n"
