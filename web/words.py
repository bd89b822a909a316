"""What the pages say, in the language of whoever reads them.

Every message has a name. ``web/translations`` holds a catalog of them for each language, in gettext's
form, which is read as it is written: there is nothing to compile.
"""

from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import get_locale

from vectorstore.words import is_chinese, simplified
from web.languages import LANGUAGES

CATALOGS = Path(__file__).with_name("translations")

_LEAP_YEAR = 2000


@cache
def catalog(locale: str) -> dict[str, str]:
    """The messages of a language by name, such as those of ``zh_Hant``."""
    with (CATALOGS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale) if each.id}


def say(name: str, **more: object) -> str:
    """Say it in the reader's language."""
    words = _catalog()[name]
    return words.format(**more) if more else words


def says(name: str) -> bool:
    """Whether there are words of this name."""
    return name in _catalog()


def day(told: date | str | None) -> str:
    """Write a day as a reader would; EDTF's ``XXXX`` is a year that isn't known."""
    if told is None:
        return say("undated")
    year, _, rest = str(told).partition("-")
    try:
        month, number = (int(part) for part in rest.split("-"))
        if year.isdigit():
            return format_date(date(int(year), month, number), "long", locale=_locale())
        any_year = date(_LEAP_YEAR, month, number)
    except ValueError:
        return str(told)
    return say("year_unknown", day=format_skeleton("MMMMd", any_year, locale=_locale()))


def month(first: date, *, alone: bool = False) -> str:
    """Write a month by its first day, with its year unless it stands ``alone``."""
    return format_skeleton("MMMM" if alone else "yMMMM", first, locale=_locale())


def span(since: date | None, until: date | None) -> str:
    """Write some days, ends included, of which either may be open."""
    if since and until:
        return (
            day(since) if since == until else say("day_to_day", since=day(since), until=day(until))
        )
    return say("from_day", day=day(since)) if since else say("to_day", day=day(until))


def tongue(text: str) -> str:
    """The language that a text is marked up as: any Chinese character makes it Chinese.

    Where one character in ten has a simplified form, it is traditional: fonts and voices differ.
    """
    if not is_chinese(text):
        return "en"
    traditional = sum(old != new for old, new in zip(text, simplified(text), strict=True))
    return "zh-Hant" if traditional * 10 > len(text) else "zh-Hans"


def init_app(app: Flask) -> None:
    """Let templates say things."""
    for locale in LANGUAGES.values():
        catalog(locale)
    app.jinja_env.globals |= {
        "say": say,
        "says": says,
        "day": day,
        "month": month,
        "span": span,
        "tongue": tongue,
    }


def _catalog() -> dict[str, str]:
    return catalog(str(_locale()))


def _locale() -> Locale:
    locale: Locale = get_locale()
    return locale
