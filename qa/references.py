"""A citation as others want it: GB/T 7714, CSL-JSON, BibTeX, RIS, W3C Web Annotation.

A reference tells when the paper came out (``issued``) and on which page, never the day of the news.
Where nothing says when it came out, the reference says that the date is unknown.
"""

import json
import re
from collections.abc import Mapping
from datetime import date

from qa.answers import Citation

FORMS: Mapping[str, str] = {
    "gbt7714": "text/plain",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "jsonld": "application/ld+json",
}
"""The forms there are, and the media type of each."""

UNDATED = {"zh-CN": "出版日期不详", "en": "date of publication unknown"}
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
"""As BibTeX defines them: a style writes them in its own language."""
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped or not: \{ would never be closed
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


def render(citation: Citation, form: str, *, url: str, seen: date | None = None) -> str:
    """Write the citation in one of ``FORMS``.

    ``url`` is the citation's page, absolute; ``seen`` the day of looking it up, today unless given.
    Raises ``ValueError`` for another form.
    """
    match form:
        case "gbt7714":
            return _gbt7714(citation, url, seen or date.today())
        case "csl-json":
            return _csl_json(citation, url, seen or date.today())
        case "bibtex":
            return _bibtex(citation, url, seen or date.today())
        case "ris":
            return _ris(citation, url, seen or date.today())
        case "jsonld":
            return _jsonld(citation, url)
        case _:
            raise ValueError(f"there is no form {form!r}; ask for one of {', '.join(FORMS)}")


def _gbt7714(citation: Citation, url: str, seen: date) -> str:
    """GB/T 7714-2015, 4.4: an article in a newspaper, read online ([N/OL]).

    Without an author the reference begins with its title, as 8.1.3 lets numbered lists do;
    of more than three authors three are named. The page stands as printed.
    """
    article, language = citation.article, _language(citation)
    chinese = language == "zh-CN"
    authors = [_line(name) for name in article.byline]
    if len(authors) > 3:
        authors = [*authors[:3], "等" if chinese else "et al"]
    paper = _line(article.publication or ("[报纸名不详]" if chinese else "[newspaper unknown]"))
    issued = article.issued.isoformat() if article.issued else f"[{UNDATED[language]}]"
    page = f"({_line(article.page)})" if article.page else ""
    parts = [", ".join(authors)] if authors else []
    parts += [f"{_title(citation)}[N/OL]", f"{paper}, {issued}{page}[{seen.isoformat()}]", url]
    return ". ".join(parts) + ".\n"


def _csl_json(citation: Citation, url: str, seen: date) -> str:
    article, language = citation.article, _language(citation)
    item = {
        "id": citation.id,
        "type": "article-newspaper",
        "title": _title(citation),
        "author": [{"literal": _line(name)} for name in article.byline],
        "container-title": article.publication,
        "issued": article.issued and {"date-parts": [_parts(article.issued)]},
        "page": article.page,
        "language": language,
        "URL": url,
        "accessed": {"date-parts": [_parts(seen)]},
        "note": None if article.issued else UNDATED[language],
    }
    return _json([{key: value for key, value in item.items() if value}])


def _bibtex(citation: Citation, url: str, seen: date) -> str:
    article, language = citation.article, _language(citation)
    fields = {
        "author": " and ".join(_tex_name(name) for name in article.byline),
        "title": "{" + _tex(_title(citation)) + "}",  # a style must not lower its capitals
        "journal": _tex(article.publication or ""),
        "year": str(article.issued.year) if article.issued else "",
        "month": _MONTHS[article.issued.month - 1] if article.issued else "",
        "day": str(article.issued.day) if article.issued else "",
        "pages": _tex(article.page or ""),
        "url": re.sub(r"[{}\\\s]", lambda found: f"%{ord(found.group()):02X}", url),
        "urldate": seen.isoformat(),
        "langid": "chinese" if language == "zh-CN" else "english",
        "note": "" if article.issued else UNDATED[language],
    }
    kind = "article" if article.publication else "misc"
    lines = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
        if value
    ]
    key = re.sub(r"[^A-Za-z0-9-]", "-", citation.id)
    return "\n".join([f"@{kind}{{baowen-{key},", *lines, "}", ""])


def _ris(citation: Citation, url: str, seen: date) -> str:
    article, language = citation.article, _language(citation)
    issued = article.issued
    fields = [
        ("TY", "NEWS"),
        ("ID", citation.id),
        *(("AU", name) for name in article.byline),
        ("TI", _title(citation)),
        ("T2", article.publication),
        ("PY", issued and str(issued.year)),
        ("DA", issued and _slashed(issued)),
        ("SP", article.page),
        ("LA", language),
        ("UR", url),
        ("Y2", _slashed(seen)),
        ("N1", None if issued else UNDATED[language]),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _jsonld(citation: Citation, url: str) -> str:
    """W3C Web Annotation Data Model, 4.2.4 and 4.2.5; offsets count in the article's ``text``."""
    site = url.removesuffix(f"/citations/{citation.id}")
    return _json(
        {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": url,
            "type": "Annotation",
            "motivation": "highlighting",
            "target": {
                "type": "SpecificResource",
                "source": f"{site}/articles/{citation.article.id}",
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": citation.quote,
                        "prefix": citation.prefix,
                        "suffix": citation.suffix,
                    },
                    {
                        "type": "TextPositionSelector",
                        "start": citation.start,
                        "end": citation.end,
                    },
                ],
            },
        }
    )


def _language(citation: Citation) -> str:
    return "zh-CN" if _HAN.search(citation.article.headline + citation.quote) else "en"


def _title(citation: Citation) -> str:
    """The headline; the quote's first words in brackets where the paper printed none."""
    return _line(citation.article.headline) or f"[{_line(citation.quote[:24])}…]"


def _line(text: str) -> str:
    """One line of it, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _slashed(day: date) -> str:
    """As RIS writes a day: year, month, day, and an empty field for what else is known."""
    return day.isoformat().replace("-", "/") + "/"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _line(text))


def _tex_name(name: str) -> str:
    """Braces keep a name whole where BibTeX would part it at a comma or at ``and``."""
    return f"{{{_tex(name)}}}" if re.search(r",|\band\b", name, re.IGNORECASE) else _tex(name)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
