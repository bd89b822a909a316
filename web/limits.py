"""How often a client may come: counted by its key, or by its address where it shows none.

Windows are fixed, so that ``RateLimit-Reset`` is the second from which on there is room again.
"""

import logging
import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from time import time
from typing import cast

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from web.admission import caller, is_at_home, needed
from web.register import COMMANDS, Role
from web.rules import Rules

logger = logging.getLogger(__name__)

QUESTIONS = frozenset(
    {
        "questions.ask",
        "completions.complete",
        "pages.ask",
        "search.find_passages",
        "checks.check",
        "pages.checked",
    }
)
"""The routes that have the archive searched."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to a client of one limit."""

    limit: int
    remaining: int
    reset: int
    """In seconds."""


class Limits:
    """The limits of one application."""

    def __init__(self, rules: Rules) -> None:
        storage = storage_from_string(rules.counted_in, wrap_exceptions=True)
        self._counts = FixedWindowRateLimiter(storage)
        self._requests = parse(rules.requests) if rules.requests else None
        self._questions = parse(rules.questions) if rules.questions else None
        self._at_home = rules.limited_at_home

    def count(self) -> None:
        """Count the request at hand, or abort because there were too many before it.

        Health, static files and preflights don't count. Where the counts can't be reached,
        everybody is let in.
        """
        g.standing = None
        if not self._counts_for(request.endpoint):
            return
        try:
            for name, limit in (("questions", self._questions), ("requests", self._requests)):
                if limit and (name == "requests" or request.endpoint in QUESTIONS):
                    self._take(name, limit)
        except StorageError:
            logger.exception("requests can't be counted")

    def _counts_for(self, route: str | None) -> bool:
        if request.method == "OPTIONS" or (route and needed(route) is Role.STRANGER):
            return False
        at_home = caller().key is None and is_at_home() and not self._at_home
        return not at_home and caller().key is not COMMANDS

    def _take(self, name: str, limit: RateLimitItem) -> None:
        whose = (name, network(caller().name))
        fits = self._counts.hit(limit, *whose)
        window = self._counts.get_window_stats(limit, *whose)
        reset = max(1, math.ceil(window.reset_time - time()))
        standing = Standing(limit.amount, max(0, window.remaining), reset)
        if g.standing is None or standing.remaining < g.standing.remaining:
            g.standing = standing
        if not fits:
            raise TooManyRequests(
                f"There were more than {limit.amount} {name} in {_span(limit)}: "
                f"come again in {reset} seconds.",
                retry_after=reset,
            )


def told(response: Response) -> Response:
    """Tell a client what is left to it."""
    if standing := cast("Standing | None", g.get("standing")):
        response.headers["RateLimit-Limit"] = str(standing.limit)
        response.headers["RateLimit-Remaining"] = str(standing.remaining)
        response.headers["RateLimit-Reset"] = str(standing.reset)
    return response


def network(name: str) -> str:
    """Whom an address counts for: of IPv6 the network, since a client has all of its addresses.

    >>> network("address 2001:db8::7"), network("address 192.0.2.7"), network("key 1f")
    ('address 2001:db8::/64', 'address 192.0.2.7', 'key 1f')
    """
    kind, _, address = name.partition(" ")
    try:
        known = ip_address(address)
    except ValueError:
        return name
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return f"{kind} {IPv6Address(int(known) >> 64 << 64)}/64"
    return name


def _span(limit: RateLimitItem) -> str:
    return f"{limit.get_expiry()} seconds"


def init_app(app: Flask, rules: Rules) -> None:
    """Count every request once it is known who sent it."""
    app.before_request(Limits(rules).count)
    app.after_request(told)
