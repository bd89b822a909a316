"""Who may change the archive over HTTP, and from which pages a form may come.

With a key set, whoever shows it. With none, only a program or a page on this very machine: the
address is loopback, the request was not handed on by a proxy, it names the host as loopback (a
name that a stranger's server points at 127.0.0.1 does not), and comes from no other origin.
"""

import hmac
import re
from ipaddress import ip_address

from flask import Request, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from web.current import services

_HANDED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")

_PORT = re.compile(r":[0-9]*$")


def admit_writer() -> None:
    """Let this request change the archive, or abort with what is missing."""
    if services.key:
        if not _shows_key(request, services.key):
            raise Unauthorized(
                "Send the archive's key: `Authorization: Bearer KEY`.",
                www_authenticate=WWWAuthenticate("bearer", {"realm": "baowen"}),
            )
    elif not (_is_at_home(request) and _names_own_origin(request)):
        raise Forbidden(
            "No key is set, so the archive can be changed from this machine alone: "
            "set BAOWEN_KEY and send it as `Authorization: Bearer KEY`."
        )
    else:
        admit_own_pages()


def admit_own_pages() -> None:
    """Let this request in unless a page of another site sent it.

    Browsers tell in ``Sec-Fetch-Site``; old ones only in ``Origin``, which a proxy that changes
    ``Host`` makes look foreign.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    own = fetched_from in ("none", "same-origin") if fetched_from else _names_own_origin(request)
    if not own:
        raise Forbidden("This came from a page of another site; open the service's own page.")


def _shows_key(request: Request, key: str) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), key.encode())


def _names_own_origin(request: Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2].lower() == request.host.lower()


def _is_at_home(request: Request) -> bool:
    if any(header in request.headers for header in _HANDED_ON):
        return False
    host = _PORT.sub("", request.host.lower()).strip("[]")
    return _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_loopback
