"""The operator: whoever has the archive's key, signed in on pages by a cookie.

The cookie says until when it holds, signed with the key itself: another key, and nobody is signed in
any more. It is never sent along from another site's page. Where no key is set, the operator is
whoever uses the service from its own machine.
"""

import hmac

from flask import Blueprint, Response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as AnyResponse

from web.admission import admit_operator, admit_own_pages, is_at_home
from web.current import services
from web.origins import own_path

operator = Blueprint("operator", __name__, url_prefix="/operator")

COOKIE = "baowen_operator"
SIGNED_IN = 12 * 60 * 60
"""Seconds that a sign-in holds."""

_OPERATOR = "operator"


def expect_operator() -> AnyResponse | None:
    """Let the operator in; lead others to where the key is asked for, or abort.

    For ``before_request`` of a blueprint whose pages are the operator's.
    """
    if not services.key or "Authorization" in request.headers:
        admit_operator()
        return None
    if not is_signed_in():
        back = request.full_path if request.method == "GET" else None
        return redirect(url_for("operator.sign_in", next=back))
    if request.method not in ("GET", "HEAD"):
        admit_own_pages()
    return None


def is_signed_in() -> bool:
    """Whether the browser shows a sign-in that still holds."""
    signer = _signer()
    try:
        return bool(signer and signer.unsign(request.cookies.get(COOKIE, ""), max_age=SIGNED_IN))
    except BadSignature:
        return False


def is_operator() -> bool:
    """Whether a page may show the operator's tools: they ask by themselves who uses them."""
    return is_signed_in() if services.key else is_at_home() and not services.keys.any()


@operator.get("/")
def home() -> AnyResponse:
    """What an operator looks at first."""
    return redirect(url_for("judgements.listed"))


@operator.get("/sign-in")
def sign_in() -> str:
    """Where the key is asked for."""
    return _form(wrong=False)


@operator.post("/sign-in")
def take_key() -> tuple[str, int] | AnyResponse:
    """Sign in with the key, and go where one wanted to go."""
    admit_own_pages()
    shown, signer = request.form.get("key", ""), _signer()
    if signer is None or not hmac.compare_digest(shown.encode(), (services.key or "").encode()):
        return _form(wrong=True), 403
    response = redirect(_back() or url_for("operator.home"), 303)
    response.set_cookie(
        COOKIE,
        signer.sign(_OPERATOR).decode(),
        max_age=SIGNED_IN,
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return response


@operator.post("/sign-out")
def sign_out() -> AnyResponse:
    """Forget the sign-in of this browser."""
    admit_own_pages()
    response = redirect(url_for("operator.sign_in"), 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
    return response


@operator.after_request
def keep_private(response: Response) -> Response:
    """Nothing of the operator's is kept by proxies, or by the browser."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _signer() -> TimestampSigner | None:
    return TimestampSigner(services.key, salt=COOKIE) if services.key else None


def _form(*, wrong: bool) -> str:
    return render_template("sign_in.html", wrong=wrong, back=_back())


def _back() -> str | None:
    """Where to go after signing in."""
    return own_path(request.values.get("next", ""))
