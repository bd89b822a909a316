"""Who may do what over HTTP, and from which pages a form may come.

``ALLOWED`` is the whole of it: a route that it doesn't name is an operator's. Whoever shows a key
may what the key's role may. Without one, reading is open unless the settings say otherwise, and
as long as no key was ever made, a program or page on this very machine may everything: its
address is loopback, the request was not handed on by a proxy, it names the host as loopback (a
name that a stranger's server points at 127.0.0.1 does not), and comes from no other origin.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import cast

from flask import Request, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from web.current import rules, services
from web.register import Key, Role

ALLOWED: Mapping[Role, frozenset[str]] = {
    Role.STRANGER: frozenset(
        {
            "health.is_up",
            "health.is_ready",
            "openapi_document",
            "documents.read",
            "documents.static",
            "static",
            "languages.choose",
            # These see to it themselves that the operator alone goes on, who signs in with the key.
            "operator.home",
            "operator.sign_in",
            "operator.take_key",
            "operator.sign_out",
            "judgements.listed",
            "judgements.table",
            "judgements.records",
            "adding.form",
            "adding.add",
            "adding.job",
            "correcting.form",
            "correcting.correct",
            "correcting.withdraw",
            "correcting.listed",
            "correcting.settle",
        }
    ),
    Role.READER: frozenset(
        {
            "pages.chat",
            "pages.embedded",
            "pages.ask",
            "pages.answer",
            "pages.answer_text",
            "pages.check",
            "pages.checked",
            "readers.listed",
            "readers.reopen",
            "readers.rename",
            "readers.delete",
            "verdicts.judge",
            "checks.check",
            "pages.citation",
            "pages.article",
            "pages.report",
            "pages.browse",
            "pages.issue",
            "questions.ask",
            "questions.get_answer",
            "questions.judge",
            "completions.complete",
            "completions.list_models",
            "completions.get_model",
            "conversations.get_conversation",
            "conversations.forget_conversation",
            "citations.get_citation",
            "articles.list_articles",
            "articles.get_article",
            "articles.get_page_image",
            "search.find_passages",
            "suggestions.suggest",
            "jobs.get_job",
            "health.tell_metrics",
            "health.status",
        }
    ),
    Role.EDITOR: frozenset(
        {
            "articles.add_articles",
            "corrections.correct",
            "corrections.list_corrections",
            "corrections.withdraw",
        }
    ),
    Role.OPERATOR: frozenset({"articles.remove_article"}),
}
"""The routes of each role, beside those of the roles below it."""

_NEEDED = {route: role for role, routes in ALLOWED.items() for route in routes}
_PROBES = ("health.is_up", "health.is_ready")
"""Routes that answer all alike, though the keys be out of reach."""
_HANDED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_PORT = re.compile(r":[0-9]*$")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the key that was shown, if one was."""

    key: Key | None
    role: Role

    @property
    def name(self) -> str:
        """Whom the request is counted for."""
        return f"key {self.key.id}" if self.key else f"address {request.remote_addr or ''}"


def needed(route: str | None) -> Role:
    """The least role that may use a route; what is found nowhere is nobody's secret."""
    return _NEEDED.get(route, Role.OPERATOR) if route else Role.STRANGER


def caller() -> Caller:
    """Who sent the request at hand."""
    return cast("Caller", g.caller)


def is_at_home() -> bool:
    """Whether a program or page on this very machine sent the request at hand."""
    return _came_from_here(request) and _names_own_origin(request)


def admit_own_pages() -> None:
    """Let this request in unless a page of another site sent it that the settings don't name.

    Browsers tell in ``Sec-Fetch-Site``; old ones only in ``Origin``, which a proxy that changes
    ``Host`` makes look foreign.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    own = fetched_from in ("none", "same-origin") if fetched_from else _names_own_origin(request)
    if not own and request.headers.get("Origin") not in rules.origins:
        raise Forbidden("This came from a page of another site; open the service's own page.")


def identify() -> None:
    """Note who sent the request at hand."""
    g.caller = _caller()


def admit() -> None:
    """Let the request at hand in, or abort with what is missing."""
    _admit_as(needed(request.endpoint))


def admit_operator() -> None:
    """The same, whatever its route asks for: an operator must have sent it."""
    _admit_as(Role.OPERATOR)


def _admit_as(wanted: Role) -> None:
    if request.method == "OPTIONS" or caller().role >= wanted:
        return
    if caller().key or services.keys.any():
        raise _turned_away(wanted)
    if not is_at_home():
        raise Forbidden(
            "No key is set, so this is for programs on the service's own machine alone: "
            "make one with `baowen keys create` and send it as `Authorization: Bearer KEY`."
        )
    admit_own_pages()


def _caller() -> Caller:
    open_to = Role.STRANGER if rules.keyed else Role.READER
    told, at_most = _told(request)
    key = services.keys.shown(told) if told and request.endpoint not in _PROBES else None
    return Caller(key, max(open_to, min(key.role, at_most)) if key else open_to)


def _told(request: Request) -> tuple[str, Role]:
    """The key that a request shows, and what it may be good for.

    A browser sends a password again by itself, whichever page has it do so: that reads, no more.
    """
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return told.strip(), Role.OPERATOR
    if scheme.lower() == "basic":
        try:
            return b64decode(told, validate=True).decode().partition(":")[2], Role.READER
        except (binascii.Error, UnicodeDecodeError):
            pass
    return "", Role.STRANGER


def _turned_away(wanted: Role) -> Forbidden | Unauthorized:
    if caller().key:
        return Forbidden(
            f"This key may not do that: it takes one of the role {wanted.name.lower()}."
        )
    on_page = request.endpoint is not None and request.endpoint.startswith("pages.")
    return Unauthorized(
        "Send a key: `Authorization: Bearer KEY`.",
        www_authenticate=WWWAuthenticate("basic" if on_page else "bearer", {"realm": "baowen"}),
    )


def _names_own_origin(request: Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2].lower() == request.host.lower()


def _came_from_here(request: Request) -> bool:
    if any(header in request.headers for header in _HANDED_ON):
        return False
    return _is_loopback(request.remote_addr or "") and names_this_machine(request.host)


def names_this_machine(host: str) -> bool:
    """Whether a ``Host`` header names the machine that it is read on."""
    name = _PORT.sub("", host.lower()).strip("[]")
    return name == "localhost" or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_loopback
