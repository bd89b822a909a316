"""Files into the catalogue, and from there into full text and vectors.

The steps may die between any two: the catalogue tells what the caches still lack, and whoever
starts next finishes it.
"""

import json
import logging
import os
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vectorstore.articles import Article, digest
from vectorstore.catalogue import Catalogue, KeptSource, Overtaken, Printed, Removal, in_turn
from vectorstore.forms import Unreadable, mets
from vectorstore.forms.packed import Archive, Member, is_document, is_zip
from vectorstore.forms.registry import Look
from vectorstore.fulltext import Entry, WordIndex
from vectorstore.page_images import Arrived
from vectorstore.reading import Kind, fingerprint, read

if TYPE_CHECKING:
    from vectorstore.store import PassageStore  # Chroma takes a second to import

logger = logging.getLogger(__name__)

BATCH = 128
"""Passages that are embedded at a time: what a kill may cost."""

LARGEST_FILE = 1 << 30
"""Bytes of a file that lies by itself; a zip file may be larger, since its members are read one by one."""

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
    REMOVED = "removed"
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
    """Its name as shown: relative to what was given, a zip file's members below its own."""
    given: Given
    unpack: Callable[[], bytes] | None = None
    """Gives its bytes, where it lies in a zip file; raises ``Unreadable``."""
    root: str = ""
    """The element that holds the rest, where it is XML that binds pages or is one: METS, ALTO."""
    beside: Mapping[str, "Offered"] = field(default_factory=dict)
    """The pages that it names and binds, by these names: they come in with it alone."""
    likely: date | None = None
    """The day of an issue, where it doesn't say it itself."""

    def read(self) -> bytes:
        """Its bytes. Raises OSError and Unreadable."""
        return self.unpack() if self.unpack else _bytes(Path(self.origin))


class _Listed(BaseModel):
    """One file in a folder's manifest."""

    model_config = ConfigDict(extra="ignore")

    file: str
    publication: str | None = None
    issued: date | None = None
    page: str | None = Field(default=None, coerce_numbers_to_str=True)


Refuse = Callable[[Report], None]


def offered(
    path: Path, given: Given = Given(), refuse: Refuse = lambda _: None
) -> Iterator[Offered]:
    """A file, or every file of a folder and the folders in it, by name; hidden ones are left.

    Of a zip file it offers the files within. A ``manifest.json`` in a folder or a zip file and
    names like ``2022-07-15-02.txt`` or ``2022/07/15/02.txt`` say what is not given.
    ``refuse`` is told of a folder or zip file that can't be opened, of a link that leads out of the
    folder, and of a manifest that can't be read, whose files come without what it says.
    Raises ``Unreadable`` for a path that isn't there, or is neither a file nor a folder.
    """
    if not path.exists():
        raise Unreadable("there is no such file or folder")
    if path.is_file():
        for offer in _unpacked(path, path.name, given, Given(), named(path.name), refuse):
            yield _with_neighbours(offer, path)
        return
    if not path.is_dir():
        raise Unreadable("it is neither a file nor a folder; save what it holds in a file first")
    top = path.resolve()
    listed: dict[Path, Given] = {}
    for manifest in sorted(path.rglob(MANIFEST)):
        inside = manifest.relative_to(path)
        if manifest.is_symlink() and _astray(manifest, top):  # told of below
            continue
        try:
            told = _manifest(_bytes(manifest))
            listed |= {manifest.parent / name: hints for name, hints in told.items()}
        except OSError as error:
            refuse(_refused(inside, f"it can't be read: {error.strerror}"))
        except Unreadable as error:
            refuse(_refused(inside, str(error)))
    yield from bound(_walked(path, top, listed, given, refuse))


def _walked(
    path: Path, top: Path, listed: Mapping[Path, Given], given: Given, refuse: Refuse
) -> Iterator[Offered]:
    """Every file of a folder by name; ``listed`` is what manifests say of them."""
    for each in sorted(path.rglob("*")):
        inside = each.relative_to(path)
        if any(part.startswith(".") for part in inside.parts):
            continue
        if each.is_symlink() and (reason := _astray(each, top)):
            refuse(_refused(inside, reason))
        elif each.name == MANIFEST:
            continue
        elif each.is_dir():
            try:
                os.scandir(each).close()
            except OSError as error:
                refuse(_refused(inside, f"the folder can't be opened: {error.strerror}"))
        elif each.is_file():
            told = listed.get(each, Given())
            hints = named(f"{path.name}/{inside.as_posix()}")
            yield from _unpacked(each, inside.as_posix(), given, told, hints, refuse)


def uploaded(
    data: bytes, origin: str, file: str, given: Given, refuse: Refuse = lambda _: None
) -> Iterator[Offered]:
    """A file whose bytes were sent, or the files of a zip file."""
    if is_zip(data):
        yield from _members(data, origin, file, given, named(file), refuse)
    else:
        yield Offered(origin, file, given.over(named(file)), partial(bytes, data))


def bound(offers: Iterable[Offered], *, packed: bool = False) -> list[Offered]:
    """Files as they come in: the pages that a METS file names come with it alone.

    They are looked up among what is offered, so that no name leads anywhere else: in one zip file
    if they are ``packed``, on the disk if not. Pages that two METS files name come with the first.
    """
    every = list(offers)
    pages = {
        offer.origin: offer
        for offer in every
        if offer.root == "alto" and (offer.unpack is not None) == packed
    }
    made: list[Offered] = []
    for offer in every:
        if offer.root == "mets" and not offer.beside and (offer.unpack is not None) == packed:
            folder = posixpath.dirname(offer.origin)
            beside = {
                name: page
                for name in _hrefs(offer)
                if (page := pages.pop(posixpath.normpath(posixpath.join(folder, name)), None))
            }
            offer = replace(offer, beside=beside)
        made.append(offer)
    taken = {page.origin for offer in made for page in offer.beside.values()}
    return [offer for offer in made if offer.origin not in taken]


def _with_neighbours(offer: Offered, path: Path) -> Offered:
    """A METS file that is given by itself comes with the pages that it names in its folder."""
    if offer.root != "mets":
        return offer
    top = path.resolve().parent
    beside: dict[str, Offered] = {}
    for name in _hrefs(offer):
        with suppress(OSError, RuntimeError):  # a name that is too long, a link in a circle
            page = (top / name).resolve()
            if page.is_relative_to(top) and page.is_file() and _root(_head(page), name) == "alto":
                beside[name] = Offered(str(page), spelt(name), Given(), root="alto")
    return replace(offer, beside=beside)


def _hrefs(offer: Offered) -> list[str]:
    try:
        return list(mets.hrefs(offer.read()))
    except (OSError, Unreadable):  # told when its turn has come
        return []


def _root(head: bytes, name: str) -> str:
    """METS or ALTO, where a file is either, by its first bytes."""
    root = Look(head, name).root.lower() if b"<" in head else ""
    return root if root in {"mets", "alto"} else ""


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(4096)
    except OSError:  # told when its turn has come
        return b""


def _offer(
    origin: str,
    file: str,
    given: Given,
    hints: Given,
    root: str = "",
    unpack: Callable[[], bytes] | None = None,
) -> Offered:
    """A file of which ``hints`` counts where it isn't given; of an issue, where it isn't in it."""
    if root != "mets":
        return Offered(origin, file, given.over(hints), unpack, root)
    known = replace(given, page=None, publication=given.publication or hints.publication)
    return Offered(origin, file, known, unpack, root, likely=hints.issued)


def _unpacked(
    path: Path, file: str, given: Given, told: Given, hints: Given, refuse: Refuse
) -> Iterator[Offered]:
    """A file, or those of a zip file: ``told`` is what a manifest says of it, ``hints`` its name."""
    origin, file, head = str(path.resolve()), spelt(file), _head(path)
    if is_zip(head):
        yield from _members(path, origin, file, given, told.over(hints), refuse)
    else:
        yield _offer(origin, file, given.over(told), hints, _root(head, path.name))


def _members(
    place: Path | bytes, origin: str, file: str, given: Given, hints: Given, refuse: Refuse
) -> Iterator[Offered]:
    """The files of a zip file; the file itself if it is a document that is packed so."""
    archive = Archive(place)
    try:
        members = archive.members()
        if is_document(member.name for member in members):
            whole = partial(bytes, place) if isinstance(place, bytes) else None
            yield Offered(origin, file, given.over(hints), whole)
            return
        if not members:
            raise Unreadable("it is a zip file with no files in it")
    except Unreadable as error:
        refuse(Report(file, Status.REFUSED, reason=str(error)))
        return
    listed: dict[str, Given] = {}
    for member in members:
        folder, _, name = member.name.rpartition("/")
        if name == MANIFEST:
            try:
                told = _manifest(archive.read(member))
                listed |= {posixpath.join(folder, name): said for name, said in told.items()}
            except Unreadable as error:
                refuse(Report(f"{file}/{spelt(member.name)}", Status.REFUSED, reason=str(error)))
    yield from bound(
        _offers(archive, members, origin, file, given, listed, hints, refuse), packed=True
    )


def _offers(
    archive: Archive,
    members: Sequence[Member],
    origin: str,
    file: str,
    given: Given,
    listed: Mapping[str, Given],
    hints: Given,
    refuse: Refuse,
) -> Iterator[Offered]:
    """The members of a zip file; ``listed`` is what manifests in it say of them."""
    seen: set[str] = set()
    for member in members:
        shown = f"{file}/{spelt(member.name)}"
        if member.is_hidden or posixpath.basename(member.name) == MANIFEST:
            continue
        if member.name in seen:
            reason = "its zip file holds another file of this name; give each its own"
            refuse(Report(shown, Status.REFUSED, reason=reason))
            continue
        seen.add(member.name)
        is_xml = member.name.lower().endswith(".xml")
        yield _offer(
            f"{origin}/{member.name}",
            shown,
            given.over(listed.get(member.name, Given())),
            named(f"{file}/{member.name}").over(hints),
            _root(archive.peek(member), member.name) if is_xml else "",
            partial(archive.read, member),
        )


def _astray(link: Path, top: Path) -> str | None:
    """Why a link in a folder isn't followed; None where it leads to a file of the folder."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or in a circle
        return "it is a link that leads nowhere; take it out, or put a file in its place"
    if not target.is_relative_to(top):
        return "it is a link that leads out of the folder; give what it leads to by itself"
    return None


def _refused(inside: Path, reason: str) -> Report:
    return Report(spelt(inside.as_posix()), Status.REFUSED, reason=reason)


def _manifest(data: bytes) -> dict[str, Given]:
    """What a manifest says of each file that it names."""
    try:
        told = TypeAdapter(list[_Listed]).validate_json(data)
    except ValidationError as error:
        raise Unreadable(
            "it is no list of pages, and its folder is read without it; write it as "
            '[{"file": "01.txt", "publication": "…", "issued": "2022-07-15", "page": "01"}]'
        ) from error
    return {each.file: Given(each.publication, each.issued, each.page) for each in told}


def spelt(name: str) -> str:
    r"""A file's name, with bytes that are no UTF-8 written out as ``\xff``, and so control signs.

    A terminal or a log must not take a name for a command, nor a reader one name for another.
    """
    told = os.fsencode(name).decode(errors="backslashreplace")
    return "".join(
        character
        if character.isprintable() or unicodedata.category(character) == "Zs"
        else character.encode("unicode_escape").decode()
        for character in told
    )


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
    headline or record. Pages that came by themselves before go once their issue has them.
    """
    shown = replace(offer, origin=spelt(offer.origin))
    try:
        if data is None:
            data = offer.read()
        beside, missing = _beside(offer)
        with _room(catalogue) as arrived:
            try:
                report = _ingest(catalogue, shown, data, beside, arrived)
            except Overtaken:  # another process took the same file in at the same moment
                report = _ingest(catalogue, shown, data, beside, arrived)
        report = replace(report, reason="; ".join(filter(None, [report.reason, *missing])) or None)
    except OSError as error:
        report = Report(offer.file, Status.REFUSED, reason=f"it can't be read: {error.strerror}")
    except Unreadable as error:
        report = Report(offer.file, Status.REFUSED, reason=str(error))
    refused = report.status is Status.REFUSED
    catalogue.note_unread(shown.origin, offer.file, report.reason if refused else None)
    if not refused:
        for page in offer.beside.values():
            _give_way(catalogue, page)
    return report


def _beside(offer: Offered) -> tuple[dict[str, bytes], list[str]]:
    """The pages that an issue names, and a sentence on each that can't be had.

    Raises Unreadable where they are too large together.
    """
    found: dict[str, bytes] = {}
    missing: list[str] = []
    size = 0
    for name, page in offer.beside.items():
        try:
            found[name] = page.read()
        except OSError as error:
            missing.append(f"{spelt(name)}: it can't be read: {error.strerror}")
        except Unreadable as error:
            missing.append(f"{spelt(name)}: {error}")
        else:
            size += len(found[name])
        if size > LARGEST_FILE:
            raise Unreadable(f"its pages are larger than {LARGEST_FILE >> 30} GiB together")
    return found, missing


def _give_way(catalogue: Catalogue, page: Offered) -> None:
    """Take out what a page gave by itself, since its issue gives it now."""
    origin = spelt(page.origin)
    catalogue.note_unread(origin, page.file, None)
    if alone := catalogue.source_at(origin):
        with catalogue.writing() as connection:
            catalogue.drop_source(connection, alone.id)


def _bytes(path: Path) -> bytes:
    """A file's bytes. Raises Unreadable for one that is too large, or changes meanwhile."""
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        if before.st_size > LARGEST_FILE:
            raise Unreadable(
                f"it is larger than {LARGEST_FILE >> 30} GiB; part it into smaller files"
            )
        data = file.read(before.st_size + 1)
        after = os.fstat(file.fileno())
    if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise Unreadable("it changed while it was read; take it in again when it is complete")
    return data


def _room(catalogue: Catalogue) -> AbstractContextManager[Arrived | None]:
    """Where the images of a file's pages lie while it is read, if any are kept."""
    images = catalogue.images
    return Arrived(images.folder) if images and images.drawn else nullcontext()


def _ingest(
    catalogue: Catalogue,
    offer: Offered,
    data: bytes,
    beside: Mapping[str, bytes],
    arrived: Arrived | None,
) -> Report:
    sha256 = fingerprint(data, beside)
    here, twin = catalogue.source_at(offer.origin), catalogue.source_of(sha256)
    if twin and here is None and _is_gone(twin.origin):
        catalogue.move_source(twin.id, offer.origin, offer.file)
        here = twin = catalogue.source_of(sha256)
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
            likely=offer.likely,
            beside=beside,
            keep=arrived.keep if arrived else None,
        )
    except Unreadable:
        raise
    except Exception:  # one page's riddle must not keep the other pages out
        logger.exception("%s can't be read", offer.file)
        reason = "reading it failed in a way that nobody foresaw; the log says how"
        return Report(offer.file, Status.REFUSED, reason=reason)
    found = _known_again(catalogue, before, reading.articles)
    if here and twin and here.id != twin.id:
        with catalogue.writing() as connection:  # its words now stand in the archive twice
            catalogue.drop_source(connection, here.id)
        catalogue.sweep()
        return Report(offer.file, Status.UPDATED, tuple(catalogue.articles_of(twin.id)))
    catalogue.put(
        before.origin if before else offer.origin,
        given.written(),
        found,
        replaces=before,
        printed=reading.printed,
        arrived=arrived,
    )
    logger.info("%s gave %d articles", offer.file, len(found))
    unfit = _unfit(catalogue, before, found)
    return Report(
        offer.file,
        Status.UPDATED if before else Status.ADDED,
        tuple(catalogue.wholes(article.id for article in found)),
        "; ".join((*reading.refused, *unfit)) or None,
    )


def _unfit(
    catalogue: Catalogue, before: KeptSource | None, found: Sequence[Article]
) -> Iterator[str]:
    """A sentence on each article that what was put right in it doesn't fit any more."""
    if before is None:
        return
    titles = {article.id: article.title for article in found}
    fields: dict[str, list[str]] = {}
    for each in catalogue.misfits(titles):
        fields.setdefault(each.article_id, []).append(each.change.field)
    for article_id, names in fields.items():
        told = spelt(titles.get(article_id, article_id))
        yield f"{told}: what was corrected ({', '.join(names)}) doesn't fit what is read now"


def _is_gone(origin: str) -> bool:
    """Whether a file lies no more where it was read, nor in the zip file there."""
    path = Path(origin)
    return path.is_absolute() and not any(each.is_file() for each in (path, *path.parents))


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

    def __init__(self, catalogue: Catalogue, store: "PassageStore", fulltext: WordIndex) -> None:
        self.catalogue = catalogue
        self.store = store
        self.fulltext = fulltext

    def step(self, batch: int = BATCH) -> int:
        """Do one batch of what is to be done; tell how many passages it indexed or forgot.

        Where nothing else is to be done, it counts the texts compared with one another.
        """
        if self.catalogue.rebuild_asked():
            self.store.clear()
            self.fulltext.clear()
            self.catalogue.rebuild_begun()
        compared = self.catalogue.compare(batch)
        if removed := self.catalogue.removed(500):
            self._forget(removed)
            return len(removed)
        pending = self.catalogue.pending(batch)
        if pending:
            self._index(pending, self.catalogue.pending(batch, after=batch))
        return len(pending) or compared

    def _index(self, printed: Sequence[Printed], soon: Sequence[Printed] = ()) -> None:
        """Add passages, each with all the places that print it; ``soon`` come in the next step."""
        if not printed:
            return
        places: dict[str, list[Printed]] = {}
        for each in printed:
            places.setdefault(each.entry_id, []).append(each)
        self.store.add(_to_embed(printed), _to_embed(soon))
        self.fulltext.add(entry_of(entry_id, found) for entry_id, found in places.items())
        self.catalogue.mark_indexed([each.passage.id for each in printed])

    def _forget(self, removed: Sequence[Removal]) -> None:
        """Take out what no passage has any more, once what it was shared with is found without."""
        entries = {each.entry_id for each in removed}
        vectors = {each.vector_id for each in removed}
        for some in in_turn(sorted(entries)):
            left = self.catalogue.with_entries(some)
            self._index(left)
            self.fulltext.remove(set(some) - {each.entry_id for each in left})
        self.store.remove(vectors - self.catalogue.used(vectors))
        self.catalogue.forget_removed(removed)

    def reconcile(self) -> int:
        """Find what the caches lost, or hold too much, and have it mended; tell how much.

        Takes away images of pages that are gone, too. Compares ids alone; raises nothing for caches
        that are empty or were deleted.
        """
        self.catalogue.sweep()
        lacking, surplus = _amiss(self.catalogue.entry_ids(), self.fulltext.ids())
        self.fulltext.remove(surplus)
        lost, surplus = _amiss(self.catalogue.vector_ids(), self.store.ids())
        self.store.remove(surplus)
        return self.catalogue.mark_lost(lacking, lost)

    def agree(self) -> bool:
        """Whether full text and vectors hold just what the catalogue lists."""
        return (
            self.catalogue.entry_ids() == self.fulltext.ids()
            and self.catalogue.vector_ids() == self.store.ids()
        )


def _to_embed(printed: Sequence[Printed]) -> dict[str, str]:
    """What is embedded of passages, by the vectors' names."""
    return {each.vector_id: each.passage.embedded for each in printed if each.is_carrier}


def _amiss(wanted: set[str], held: set[str]) -> tuple[set[str], set[str]]:
    """What a cache lacks, and what it holds too much; of the rest, which may be millions, nothing is kept."""
    return wanted - held, held - wanted


def entry_of(entry_id: str, places: Sequence[Printed]) -> Entry:
    """One passage as it is to be found, by whatever each of its places says of it.

    A word that a later headline or day repeats counts once.
    """
    first, *others = [each.passage.heading for each in places]
    known = set(first.split())
    more = dict.fromkeys(
        word for heading in others for word in heading.split() if word not in known
    )
    heading = " ".join(filter(None, (first, *more)))
    return Entry(
        entry_id,
        places[0].passage.text,
        heading,
        tuple(dict.fromkeys(each.day for each in places if each.day)),
        tuple(dict.fromkeys(each.publication for each in places if each.publication)),
    )
