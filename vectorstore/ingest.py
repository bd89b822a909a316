"""Files into the catalogue, and from there into full text and vectors.

The steps may die between any two: the catalogue tells what the caches still lack, and whoever
starts next finishes it.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vectorstore.articles import Article, digest
from vectorstore.catalogue import Catalogue, KeptSource, Overtaken
from vectorstore.fulltext import Entry, FullText
from vectorstore.reading import Kind, Unreadable, read

if TYPE_CHECKING:
    from vectorstore.store import PassageStore  # Chroma takes a second to import

logger = logging.getLogger(__name__)

BATCH = 64
"""Passages that are embedded at a time: what a kill may cost."""

MANIFEST = "manifest.json"
_NAMED = re.compile(
    r"(?<![0-9A-Za-z])((?:18|19|20)\d\d)(?P<gap>[-_.]?)(\d\d)(?P=gap)(\d\d)"
    r"(?:[-_.]([A-Za-z]?\d{1,3}))?(?![0-9A-Za-z])"
)
_FOLDERS = re.compile(
    r"(?<![0-9A-Za-z])((?:18|19|20)\d\d)[-_./]?(0\d|1[0-2])[-_./]?([0-3]\d)(?![0-9A-Za-z])"
)
_PAGE_NAME = re.compile(r"(?:[Pp](?:age)?[-_ ]?)?([A-Za-z]?\d{1,3})")


class Status(StrEnum):
    """What became of a file."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a file from outside; None leaves it to the page itself."""

    publication: str | None = None
    issued: date | None = None
    page: str | None = None
    kind: Kind = Kind.AUTO

    def over(self, other: "Given") -> "Given":
        """Take what is not said here from there."""
        return Given(
            self.publication or other.publication,
            self.issued or other.issued,
            self.page or other.page,
            other.kind if self.kind is Kind.AUTO else self.kind,
        )

    def written(self) -> str:
        """As the catalogue keeps it."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @classmethod
    def kept(cls, text: str) -> "Given":
        """Read what the catalogue kept."""
        told = json.loads(text)
        issued = date.fromisoformat(told["issued"]) if told["issued"] else None
        return cls(told["publication"], issued, told["page"], Kind(told["kind"]))


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one input, and the ids of its articles."""

    source: str
    status: Status
    articles: tuple[str, ...] = ()
    reason: str | None = None
    """Why it was refused or left as it was, or which of its records were refused."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that is offered to the archive."""

    origin: str
    """Its place on this machine, which tells it from others of the same name."""
    file: str
    """Its name as shown: relative to what was given."""
    given: Given


class _Listed(BaseModel):
    """One file in a folder's manifest."""

    model_config = ConfigDict(extra="ignore")

    file: str
    publication: str | None = None
    issued: date | None = None
    page: str | None = Field(default=None, coerce_numbers_to_str=True)


def offered(
    path: Path, given: Given = Given(), refuse: Callable[["Report"], None] = lambda _: None
) -> Iterator[Offered]:
    """A file, or every file of a folder and the folders in it, by name; hidden ones are left.

    A folder's ``manifest.json`` and names like ``2022-07-15-02.txt`` or ``2022/07/15/02.txt`` say
    what is not given.
    ``refuse`` is told of a folder that can't be opened, and of a manifest that can't be read, whose
    files come without what it says.
    Raises ``Unreadable`` for a path that isn't there, or is neither a file nor a folder.
    """
    if not path.exists():
        raise Unreadable("there is no such file or folder")
    if path.is_file():
        yield Offered(str(path.resolve()), spelt(path.name), given.over(named(path.name)))
        return
    if not path.is_dir():
        raise Unreadable("it is neither a file nor a folder; save what it holds in a file first")
    listed: dict[Path, Given] = {}
    for manifest in sorted(path.rglob(MANIFEST)):
        try:
            for told in _manifest(manifest):
                hints = Given(told.publication, told.issued, told.page)
                listed[manifest.parent / told.file] = hints
        except Unreadable as error:
            name = spelt(manifest.relative_to(path).as_posix())
            refuse(Report(name, Status.REFUSED, reason=str(error)))
    for each in sorted(path.rglob("*")):
        inside = each.relative_to(path)
        if any(part.startswith(".") for part in inside.parts) or each.name == MANIFEST:
            continue
        if each.is_dir():
            try:
                os.scandir(each).close()
            except OSError as error:
                reason = f"the folder can't be opened: {error.strerror}"
                refuse(Report(spelt(inside.as_posix()), Status.REFUSED, reason=reason))
        elif each.is_file():
            hints = listed.get(each, Given()).over(named(f"{path.name}/{inside.as_posix()}"))
            yield Offered(str(each.resolve()), spelt(inside.as_posix()), given.over(hints))


def _manifest(path: Path) -> list[_Listed]:
    try:
        return TypeAdapter(list[_Listed]).validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise Unreadable(
            "it is no list of pages, and its folder is read without it; write it as "
            '[{"file": "01.txt", "publication": "…", "issued": "2022-07-15", "page": "01"}]'
        ) from error


def spelt(name: str) -> str:
    r"""A file's name, with bytes that are no UTF-8 written out as ``\xff``."""
    return os.fsencode(name).decode(errors="backslashreplace")


def named(path: str) -> Given:
    """What a file's name says of its page, or else the names of the folders that it lies in.

    >>> named("2022-07-15-02.txt").page
    '02'
    >>> named("daily/2022/07/15/A3.txt").issued
    datetime.date(2022, 7, 15)
    """
    folders, _, name = path.rpartition("/")
    if match := _NAMED.search(name):
        year, _, month, day, page = match.groups()
        return _told(year, month, day, page)
    if match := next(reversed([*_FOLDERS.finditer(folders)]), None):
        year, month, day = match.groups()
        of_page = _PAGE_NAME.fullmatch(name.partition(".")[0])
        return _told(year, month, day, of_page[1] if of_page else None)
    return Given()


def _told(year: str, month: str, day: str, page: str | None) -> Given:
    try:
        return Given(issued=date(int(year), int(month), int(day)), page=page)
    except ValueError:
        return Given()


def ingest(catalogue: Catalogue, offer: Offered, data: bytes | None = None) -> Report:
    """Take one file into the catalogue, in one transaction. ``data`` is its bytes, if at hand.

    The same bytes again change nothing, wherever they lie, but bring back what was taken out of
    them; a changed file's articles take the place of those it gave before and keep their ids by
    headline or record.
    """
    try:
        data = Path(offer.origin).read_bytes() if data is None else data
    except OSError as error:
        return Report(offer.file, Status.REFUSED, reason=f"it can't be read: {error.strerror}")
    offer = replace(offer, origin=spelt(offer.origin))
    try:
        return _ingest(catalogue, offer, data)
    except Overtaken:  # another process took the same file in at the same moment
        return _ingest(catalogue, offer, data)


def _ingest(catalogue: Catalogue, offer: Offered, data: bytes) -> Report:
    sha256 = hashlib.sha256(data).hexdigest()
    here, twin = catalogue.source_at(offer.origin), catalogue.source_of(sha256)
    before = here or twin
    given = offer.given.over(Given.kept(before.given)) if before else offer.given
    known = twin is not None and twin.whole and twin.given == given.written()
    if twin and known and (here is None or here.id == twin.id):
        return Report(offer.file, Status.UNCHANGED, tuple(catalogue.articles_of(twin.id)))
    try:
        reading = read(
            data,
            offer.file,
            kind=given.kind,
            publication=given.publication,
            issued=given.issued,
            number=given.page,
        )
    except Unreadable as error:
        return Report(offer.file, Status.REFUSED, reason=str(error))
    except Exception:  # one page's riddle must not keep the other pages out
        logger.exception("%s can't be read", offer.file)
        reason = "reading it failed in a way that nobody foresaw; the log says how"
        return Report(offer.file, Status.REFUSED, reason=reason)
    found = _known_again(catalogue, before, reading.articles)
    if here and twin and here.id != twin.id:
        with catalogue.writing() as connection:  # its words now stand in the archive twice
            catalogue.drop_source(connection, here.id)
        return Report(offer.file, Status.UPDATED, tuple(catalogue.articles_of(twin.id)))
    catalogue.put(
        before.origin if before else offer.origin,
        given.written(),
        found,
        replaces=before,
        printed=reading.printed,
    )
    logger.info("%s gave %d articles", offer.file, len(found))
    kept = catalogue.articles_by_id(article.id for article in found)
    return Report(
        offer.file,
        Status.UPDATED if before else Status.ADDED,
        tuple(dict.fromkeys(kept[article.id].id for article in found if article.id in kept)),
        "; ".join(reading.refused) or None,
    )


def _known_again(
    catalogue: Catalogue, before: KeptSource | None, found: tuple[Article, ...]
) -> list[Article]:
    """Give articles that were in the archive before the ids that they had.

    The id of another one's words may be taken: by an article that has other words by now.
    """
    old = {each.id: each for each in catalogue.printed_by(before.id)} if before else {}
    ids = {_mark(article): article.id for article in old.values()}
    known = [replace(article, id=ids.pop(_mark(article), article.id)) for article in found]
    taken = catalogue.known(article.id for article in known) - old.keys()
    own: list[Article] = []
    for article in known:
        while article.id in taken:
            article = replace(article, id=digest(article.id, "again"))
            taken |= catalogue.known([article.id]) - old.keys()
        taken.add(article.id)
        own.append(article)
    return own


def _mark(article: Article) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    return article.source.record, article.kicker, article.headline


class Indexer:
    """Brings full text and vectors up to the catalogue. One process alone may run it."""

    def __init__(self, catalogue: Catalogue, store: "PassageStore", fulltext: FullText) -> None:
        self.catalogue = catalogue
        self.store = store
        self.fulltext = fulltext

    def step(self, batch: int = BATCH) -> int:
        """Do one batch of what is to be done; tell how many passages it indexed or forgot."""
        if self.catalogue.rebuild_asked():
            self.store.clear()
            self.fulltext.clear()
            self.catalogue.rebuild_begun()
        if removed := self.catalogue.removed(500):
            gone = [passage_id for passage_id, _ in removed]
            vectors = {vector_id for _, vector_id in removed}
            self.fulltext.remove(gone)
            self.store.remove(vectors - self.catalogue.used(vectors))
            self.catalogue.forget_removed(gone)
            return len(removed)
        pending = self.catalogue.pending(batch)
        if not pending:
            return 0
        self.store.add({each.passage.vector_id: each.passage.embedded for each in pending})
        self.fulltext.add(
            Entry(
                each.passage.id,
                each.passage.text,
                each.passage.heading,
                each.day,
                each.publication,
            )
            for each in pending
        )
        self.catalogue.mark_indexed([each.passage.id for each in pending])
        return len(pending)

    def reconcile(self) -> int:
        """Find what the caches lost, or hold too much, and have it mended; tell how much.

        Compares ids alone; raises nothing for caches that are empty or were deleted.
        """
        passage_ids, vector_ids = self.catalogue.all_ids()
        in_text, in_store = self.fulltext.ids(), self.store.ids()
        self.fulltext.remove(in_text - passage_ids)
        self.store.remove(in_store - vector_ids)
        return self.catalogue.mark_lost(in_text, in_store)

    def agree(self) -> bool:
        """Whether full text and vectors hold just what the catalogue lists."""
        return self.catalogue.all_ids() == (self.fulltext.ids(), self.store.ids())
