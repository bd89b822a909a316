"""What an archive's files come as: one module a form, told apart by content.

Each module's ``parse(data, name)`` gives what the file holds as values: pages as text, whose
articles are found afterwards, or articles that the file gives one by one. What it can't read
of a file it gives as ``Refused``; it raises ``Unreadable`` where nothing is to be read at all.

Nothing here knows the rest of Baowen, so that a process that only parses starts fast.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date


class Unreadable(ValueError):
    """A file that gives no article; the message says why and what to do."""


Keep = Callable[[bytes], str]
"""Takes a page's image, in a form that browsers show, and gives the name that it has from now on."""


def image_name(image: bytes) -> str:
    """The name of a page's image, made of its bytes."""
    return hashlib.sha256(image).hexdigest()


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text where it stands, in shares of its page's width and height from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One newspaper page as text in reading order, blocks parted by blank lines."""

    text: str
    lines: tuple[Placed, ...] = ()
    """Its lines in the order of the text, as far as the file says where they stand."""
    width: int = 0
    """Of the page or its image, in any unit, as ``height`` is; 0 where no line stands anywhere."""
    height: int = 0
    image: str | None = None
    """The name under which its image was kept."""
    place: int = 0
    """Which page of its file it is, from 1; 0 for that which it is among the file's sheets."""
    number: str | None = None
    """As printed, or as the file counts it."""
    issued: date | None = None
    publication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article that its file gives by itself; each line of its text is a block."""

    text: str
    titles: tuple[str, ...] = ()
    labelled: bool = False
    """Whether its titles were given to it by whoever keeps it, and aren't printed on its page."""
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
    sheet: Sheet | None = None
    """Its page, with those of its lines alone; None where nothing says where they stand."""
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


def tried(place: str, make: Callable[[], Item]) -> Item | Refused:
    """The article that one part of a file makes, or why it makes none."""
    try:
        return make()
    except Unreadable as error:
        return Refused(f"{place}: {error}")


def some(parts: Iterable[Item | Refused], named: str, advice: str) -> Iterator[Item | Refused]:
    """The parts, named in the plural, as they come. Raises Unreadable where none is an article."""
    first: Refused | None = None
    any_item = False
    for part in parts:
        if isinstance(part, Item):
            any_item = True
        else:
            first = first or part
        yield part
    if not any_item:
        why = f" ({first.reason})" if first else ""
        raise Unreadable(f"none of its {named} is an article{why}; {advice}")


Part = Issue | Sheet | Item | Refused
"""What a file gives, one after another."""
