"""Which language the pages speak: the one that was chosen, or the first that the browser asks for.

What was chosen is kept in a cookie. A page says to caches that it depends on both.
"""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g, redirect, request, url_for
from flask_babel import Babel
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from web.admission import admit_own_pages
from web.origins import own_path

languages = Blueprint("languages", __name__)

LANGUAGES = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "en": "en"}
"""The locale of each language that the pages speak, the first for whoever asks for none of them."""
NAMES = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
COOKIE = "baowen_language"

_KEPT = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie for longer
_TRADITIONAL = {"tw", "hk", "mo"}


def language() -> str:
    """The language of the page at hand, as HTML tells it."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    asked_for = (spoken(tag) for tag, weight in request.accept_languages if weight > 0)
    return next(filter(None, asked_for), next(iter(LANGUAGES)))


def spoken(tag: str) -> str | None:
    """The one of our languages that a browser means, or None: ``zh-HK`` is traditional Chinese."""
    first, *more = tag.lower().replace("_", "-").split("-")
    if first == "en":
        return "en"
    if first != "zh":
        return None
    traditional = "hant" in more or ("hans" not in more and _TRADITIONAL & set(more))
    return "zh-Hant" if traditional else "zh-Hans"


@languages.post("/language")
def choose() -> AnyResponse:
    """Keep a language for this browser, and go back to the page on which it was chosen."""
    admit_own_pages()
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadRequest("Choose one of the languages that the page offers.")
    response = redirect(_back() or url_for("pages.chat"), 303)
    response.set_cookie(
        COOKIE, chosen, max_age=_KEPT, httponly=True, secure=request.is_secure, samesite="Lax"
    )
    return response


def init_app(app: Flask) -> None:
    """Let pages be told in the reader's language."""
    Babel(app, configure_jinja=False, locale_selector=_locale)
    app.context_processor(lambda: {"language": language(), "languages": NAMES})
    app.after_request(_vary)
    app.register_blueprint(languages)


def _locale() -> str:
    g.told_in_a_language = True
    return LANGUAGES[language()]


def _vary(response: Response) -> Response:
    if "told_in_a_language" in g:
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def _back() -> str | None:
    """The path of the page that a form stood on: our own, whatever host it was reached by."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    return own_path(f"{page.path}?{page.query}" if page.query else page.path)
