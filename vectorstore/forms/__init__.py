"""What an archive's files come as: one module a form, told apart by content.

Each module's ``parse(data, name)`` gives what the file holds as values: pages as text, whose
articles are found afterwards, or articles that the file gives one by one. What it can't read
of a file it gives as ``Refused``; it raises ``Unreadable`` where nothing is to be read at all.

Nothing here knows the rest of Baowen, so that a process that only parses starts fast.
"""

from dataclasses import dataclass
from datetime import date


class Unreadable(ValueError):
    """A file that gives no article; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One newspaper page as text in reading order, blocks parted by blank lines."""

    text: str
    number: str | None = None
    """As printed, or as the file counts it."""
    issued: date | None = None
    publication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article that its file gives by itself; each line of its text is a block."""

    text: str
    titles: tuple[str, ...] = ()
    id: str | None = None
    """Its own name within the file, kept as ``source.record``."""
    issued: date | None = None
    publication: str | None = None
    number: str | None = None
    byline: tuple[str, ...] = ()
    heads: frozenset[int] | None = None
    """Which lines of its text are subheads, from 0; None where no markup says so."""
    place: str = ""
    """Where in its file it stands: ``line 3``."""
    captions: frozenset[int] = frozenset()
    """Which lines of its text are captions, from 0."""
    pieces: bool = False
    """Whether its lines are what columns made of paragraphs, so that torn ones are mended."""
    rest: tuple["Item", ...] = ()
    """What other pages print of it, a page each, in order; their titles go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a file says of the paper's issue that all of its pages and articles are from."""

    publication: str | None = None
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was left out of a file, in one sentence that begins with its place: ``line 3: …``."""

    reason: str


Part = Issue | Sheet | Item | Refused
"""What a file gives, one after another."""
