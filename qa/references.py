"""Citations as others want them: GB/T 7714, CSL-JSON, BibTeX, RIS, W3C Web Annotation.

GB/T 7714 is written here: the package that has it as a style for CSL processors weighs 90 MB, and the
style says nothing of an unknown day and puts 等 behind English names. Tests compare the two.

A reference tells when the paper came out (``issued``) and on which page, never the day of the news.
Where nothing says when it came out, the reference says that the date is unknown.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

from qa.answers import Answer, Citation, Status
from vectorstore.words import simplified

FORMS: Mapping[str, str] = {
    "gbt7714": "text/plain",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "jsonld": "application/ld+json",
}
"""The forms there are, and the media type of each."""

UNDATED = {
    "zh-CN": "出版日期不详",
    "zh-Hant": "出版日期不詳",
    "en": "date of publication unknown",
}
_UNNAMED = {"zh-CN": "报纸名不详", "zh-Hant": "報紙名不詳", "en": "newspaper unknown"}
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_TRADITIONAL = 0.2
"""Share of characters with a simplified form, of which a text in simplified ones has a few: 乾隆."""
_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
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
    day = seen or date.today()
    match form:
        case "gbt7714":
            return f"{_gbt7714(citation, url, day)}\n"
        case "csl-json":
            return _json([_csl_item(citation, url, day)])
        case "bibtex":
            return _bibtex(citation, url, day)
        case "ris":
            return _ris(citation, url, day)
        case "jsonld":
            return _json({"@context": _CONTEXT} | _annotation(citation, url))
        case _:
            raise _no_form(form)


def render_answer(answer: Answer, form: str, *, url: str, seen: date | None = None) -> str:
    """Write what an answer cites in one of ``FORMS``, in the order of its marks.

    A citation whose article was taken out is left out. ``url`` is the answer's page, absolute;
    ``seen`` the day of looking it up, today unless given. Raises ``ValueError`` for another form.
    """
    day, site = seen or date.today(), url.removesuffix(f"/answers/{answer.id}")
    cited = [
        (each, f"{site}/citations/{each.id}")
        for each in answer.citations
        if each.status is not Status.REMOVED
    ]
    match form:
        case "gbt7714":
            return "".join(f"[{each.number}] {_gbt7714(each, at, day)}\n" for each, at in cited)
        case "csl-json":
            return _json([_csl_item(each, at, day) for each, at in cited])
        case "bibtex":
            return "\n".join(_bibtex(each, at, day) for each, at in cited)
        case "ris":
            return "".join(_ris(each, at, day) for each, at in cited)
        case "jsonld":
            return _json(_collection(answer, url, [_annotation(*each) for each in cited]))
        case _:
            raise _no_form(form)


def _no_form(form: str) -> ValueError:
    return ValueError(f"there is no form {form!r}; ask for one of {', '.join(FORMS)}")


def _gbt7714(citation: Citation, url: str, seen: date) -> str:
    """GB/T 7714-2015, 4.4: an article in a newspaper, read online ([N/OL]).

    Without an author the reference begins with its title, as 8.1.3 lets numbered lists do;
    of more than three authors three are named. The page stands as printed.
    """
    article, language = citation.article, _language(citation)
    authors = [_line(name) for name in article.byline]
    if len(authors) > 3:
        authors = [*authors[:3], "et al" if language == "en" else "等"]
    paper = _line(article.publication or f"[{_UNNAMED[language]}]")
    issued = article.issued.isoformat() if article.issued else f"[{UNDATED[language]}]"
    page = f"({_line(article.page)})" if article.page else ""
    parts = [", ".join(authors)] if authors else []
    parts += [f"{_title(citation)}[N/OL]", f"{paper}, {issued}{page}[{seen.isoformat()}]", url]
    return ". ".join(parts) + "."


def _csl_item(citation: Citation, url: str, seen: date) -> dict[str, object]:
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
    return {key: value for key, value in item.items() if value}


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
        "langid": "english" if language == "en" else "chinese",
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


def _annotation(citation: Citation, url: str) -> dict[str, object]:
    """W3C Web Annotation Data Model, 4.2.4 and 4.2.5; offsets count in the article's ``text``."""
    site = url.removesuffix(f"/citations/{citation.id}")
    return {
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


def _collection(answer: Answer, url: str, items: Sequence[object]) -> dict[str, object]:
    """W3C Web Annotation Data Model, 5: a collection, its one page with all annotations in it."""
    return {
        "@context": _CONTEXT,
        "id": url,
        "type": "AnnotationCollection",
        "label": answer.question,
        "total": len(items),
        "first": {
            "id": f"{url}#citations",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def _language(citation: Citation) -> str:
    """A language tag, BCP 47."""
    text = citation.article.headline + citation.quote
    found = _HAN.findall(text)
    if not found:
        return "en"
    changed = sum(one != two for one, two in zip(text, simplified(text), strict=True))
    return "zh-Hant" if changed > _TRADITIONAL * len(found) else "zh-CN"


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
