"""Which forms there are, and how a file's bytes tell its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from vectorstore.forms import Unreadable
from vectorstore.forms.labelled import is_labelled
from vectorstore.forms.packed import is_zip, names
from vectorstore.forms.tables import is_table
from vectorstore.forms.text import decoded


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the parser of one file may take before it is stopped."""

    seconds: int = 60
    """By the clock, and of a processor's time."""
    memory: int = 2 << 30
    """Bytes of address space, its libraries included."""
    size: int = 256 << 20
    """Bytes of the file."""


class Look:
    """A file's beginning, as forms tell themselves by it."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name.lower()

    def begins(self, *marks: bytes) -> bool:
        """Whether the first bytes are one of these."""
        return self.data.startswith(marks)

    def named(self, *ends: str) -> bool:
        """Whether the name ends so: a hint where the bytes can't tell."""
        return self.name.endswith(ends)

    @cached_property
    def head(self) -> str:
        """The first characters; of a text in no known coding its ASCII, of a binary file nothing."""
        first = self.data[:4096]
        for size in range(len(first), max(len(first) - 4, 0), -1):  # a character may be cut in two
            try:
                return decoded(first[:size]).lstrip()
            except Unreadable:
                continue
        return "" if b"\x00" in first else first.decode("ascii", errors="ignore").lstrip()

    @cached_property
    def root(self) -> str:
        """The local name of the XML or HTML element that holds the rest; empty if none does."""
        found = _ROOT.match(self.head)
        return found[1] if found else ""

    @cached_property
    def members(self) -> frozenset[str]:
        """The names in a zip file; none where it isn't one or is broken."""
        return names(self.data) if is_zip(self.data[:4]) else frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """One form of file."""

    module: str
    """In this folder, with its ``parse(data, name)``."""
    holds: Callable[[Look], bool]
    """Whether a file has this form."""
    bounds: Bounds | None = Bounds()
    """None: it is parsed in this process, since nothing but this project's code reads it."""
    has_images: bool = False
    """Whether its pages can be shown as they look: its ``parse`` takes ``keep`` then."""


_ROOT = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?>\[.*?\]\s*)?>)*+"
    r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_HTML = frozenset({"html", "head", "body"})
_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",  # JPEG 2000
    b"II*\x00",  # TIFF
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_RECORDS = (".jsonl", ".ndjson")


def _is_record(look: Look) -> bool:
    first = _first(look.head)
    return bool(re.match(r'\{\s*"\w+"\s*:', first) and re.search(r'"text"\s*:', first))


PAGES = Bounds(seconds=3600, memory=6 << 30)
"""For pages as pictures: recognizing one takes up to half a minute and 2 GiB."""

ISSUES = Bounds(seconds=600, memory=4 << 30, size=512 << 20)
"""For all pages of an issue at once: a hundred with a few MiB each."""

FORMS = (
    Form("pdf", lambda look: b"%PDF-" in look.data[:1024], PAGES, has_images=True),
    Form(
        "scans",
        lambda look: look.begins(*_PICTURES) or look.data[8:12] == b"WEBP",
        PAGES,
        has_images=True,
    ),
    Form("mets", lambda look: look.root.lower() == "mets", ISSUES),
    Form("alto", lambda look: look.root.lower() == "alto"),
    Form("pagexml", lambda look: look.root.lower() == "pcgts"),
    Form("docx", lambda look: "word/document.xml" in look.members),
    Form("feeds", lambda look: look.root.lower() in {"rss", "feed", "rdf"}),
    Form("webpages", lambda look: look.root.lower() in _HTML or _is_fragment(look)),
    Form("records", lambda look: look.named(*_RECORDS) or _is_record(look), bounds=None),
    Form("tables", lambda look: look.named(".csv", ".tsv") or is_table(_first(look.head))),
    Form("markdown", lambda look: look.named(".md", ".markdown")),
    Form("labelled", lambda look: is_labelled(look.head), bounds=None),
    Form("text", lambda look: True, bounds=None),
)
"""In the order in which they are asked: what bytes tell for sure comes first."""


def _is_fragment(look: Look) -> bool:
    return look.named(".html", ".htm", ".xhtml") and "<" in look.head


def _first(head: str) -> str:
    return head.partition("\n")[0]


def form_of(data: bytes, name: str) -> Form:
    """The form of a file."""
    look = Look(data, name)
    return next(form for form in FORMS if form.holds(look))
