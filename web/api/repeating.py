"""Requests that are sent twice with one ``Idempotency-Key`` are answered once.

What is kept is the id of what the first of them led to, never its text: what was taken out of the
archive in between is not told again.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import Response, after_this_request, request
from werkzeug.exceptions import Conflict

from web.admission import caller
from web.api.problems import Refused
from web.api.schemas import FieldError
from web.current import services
from web.register import Repeat, digest_of

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}")


class TryAgain(Conflict):
    """The same request is under way."""

    description = "The same request is still being answered: send it again in a second."
    retry_after = 1

    def get_headers(self, *args: Any, **more: Any) -> list[tuple[str, str]]:  # noqa: ANN401
        """Tell when to come again, as well."""
        return [*super().get_headers(*args, **more), ("Retry-After", str(self.retry_after))]


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that says of itself which it is; without a key it is like no other."""

    request: str | None = None
    body: str = ""
    outcome: str | None = None
    """What it led to when it was sent before, an id."""

    def led_to(self, outcome: str) -> None:
        """Note what it led to."""
        if self.request:
            services.repeats.keep(self.request, Repeat(self.body, outcome))

    def end(self) -> None:
        """Note that it is under way no more, whatever it led to."""
        if self.request:
            services.repeats.end(self.request)


def sending(*said: str | bytes) -> Sending:
    """The request at hand, which says this. Until it is answered, the same one is turned away."""
    told = request.headers.get(HEADER)
    if told is None:
        return Sending()
    if not _KEY.fullmatch(told):
        detail = "Send 1 to 255 characters of ASCII that can be printed, without blanks."
        raise Refused(FieldError(field=HEADER, detail=detail))
    name = digest_of(caller().name, request.endpoint or "", told)
    if not services.repeats.begin(name):
        raise TryAgain
    body, before = digest_of(*said), services.repeats.of(name)
    if before is None:
        begun = Sending(name, body)
        _end_with_response(begun)
        return begun
    if before.body != body:
        detail = "Another body was sent with this key: make a new key for a new request."
        raise Refused(FieldError(field=HEADER, detail=detail))
    return Sending(name, body, before.outcome)


def _end_with_response(begun: Sending) -> None:
    @after_this_request
    def _end(response: Response) -> Response:
        if not response.is_streamed:  # what is streamed goes on, and ends by itself
            begun.end()
        return response
