"""Whatever the description allows is answered as it says, and what it forbids is refused."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import databases
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from newsroom import NEWS, Desk
from pydantic import ValidationError
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection
from test_documents import OFFERED

from vectorstore.catalogue import connect
from vectorstore.reading import cleaned
from web.api.schemas import ChatMessage, Question
from web.app import create_app

KEY = "a key to fuzz with"


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The service with four articles, as its own description has it."""
    folder = tmp_path_factory.mktemp("fuzz")
    engine = connect(databases.url(folder / "catalogue.db"))
    desk = Desk(engine, key=KEY, images=folder / "images")
    for article in NEWS:
        desk.print(article)
    yield schemathesis.openapi.from_wsgi("/openapi.json", create_app(desk))  # type: ignore[arg-type]
    desk.close()


def examine(described: Any, method: str, path: str, mode: GenerationMode, examples: int) -> None:
    """Send requests with the operator's key; the checks that the description calls for must hold."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        if case.headers and case.headers.get("Idempotency-Key") and mode is GenerationMode.POSITIVE:
            case.headers["Idempotency-Key"] = uuid4().hex  # one key, one request
        if is_within_what_the_description_can_say(case):
            # On its way every field of a form is text, so that none has a wrong type.
            as_form = case.media_type == "multipart/form-data"
            case.call_and_validate(
                headers={"Authorization": f"Bearer {KEY}"},
                excluded_checks=[negative_data_rejection] if as_form else [],
            )

    send()


def is_within_what_the_description_can_say(case: Case) -> bool:
    """It can't say which cursors and conversations there are, nor how fields go together."""
    body = case.body if isinstance(case.body, dict) else {}
    told = {**(case.query or {}), **body}
    since, until, text, messages = map(told.get, ("since", "until", "text", "messages"))
    if isinstance(since, str) and isinstance(until, str) and since > until:
        return False
    if isinstance(text, str) and not cleaned(text).strip():
        return False
    if isinstance(messages, list) and not is_question(messages[-1:]):
        return False
    return not told.get("conversation") and not told.get("cursor")


def is_question(last: list[Any]) -> bool:
    try:
        message = ChatMessage.model_validate(last[0])
        Question.model_validate({"question": message.text})
    except (IndexError, ValidationError):
        return False
    return message.role == "user"


VIOLABLE = {
    ("post", "/api/v1/questions"),
    ("post", "/api/v1/answers/{id}/feedback"),
    ("post", "/v1/chat/completions"),
    ("post", "/api/v1/articles"),
    ("get", "/api/v1/articles"),
    ("get", "/api/v1/search"),
    ("get", "/api/v1/citations/{id}"),
}
"""Routes that take more than an id: any string is one."""
ROUTES = [
    pytest.param(method, path, mode, id=f"{mode.value} {method} {path}")
    for path, methods in OFFERED.items()
    for method in sorted(methods)
    for mode in GenerationMode
    if path != "/api/v1/status"  # counts with the real services alone
    and (mode is GenerationMode.POSITIVE or (method, path) in VIOLABLE)
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "mode"), ROUTES)
def test_the_service_does_what_its_description_says(
    described: Any, method: str, path: str, mode: GenerationMode
) -> None:
    examine(described, method, path, mode, 10)


@pytest.mark.fuzz
@pytest.mark.parametrize(("method", "path", "mode"), ROUTES)
def test_ten_thousand_requests_find_no_fault(
    described: Any, method: str, path: str, mode: GenerationMode
) -> None:
    examine(described, method, path, mode, 10_000 // len(ROUTES) + 1)
