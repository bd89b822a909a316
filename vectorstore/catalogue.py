"""The catalogue: what the archive holds. The truth; full text and vectors are its caches."""

import json
import logging
import re
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    RowMapping,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    extract,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.exc import DatabaseError, IntegrityError

from vectorstore.articles import (
    Article,
    Doubt,
    Leaf,
    Passage,
    PrintedDay,
    Region,
    Source,
)
from vectorstore.assembling import issued_on
from vectorstore.corrections import (
    Change,
    Correction,
    Field,
    Misfit,
    Told,
    Wrong,
    applied,
    following,
)
from vectorstore.dialects import (
    begin_alone,
    is_postgresql,
    listed,
    listing,
    opened,
    vacuum,
    writing,
)
from vectorstore.dialects import insert as insert_if_new
from vectorstore.jumps import chains, joined, named, plainly
from vectorstore.page_images import Arrived, PageImages
from vectorstore.placing import moved
from vectorstore.reprints import are_reprints, bands, entry_id, text_id
from vectorstore.selection import YEAR_UNKNOWN, Selection
from vectorstore.shelves import MOST_COUNTED, Count, Facets, Issue, PrintedPage, Shelf, by_line
from vectorstore.splitting import passages as cut
from vectorstore.tables import (
    articles,
    corrections,
    facts,
    halves,
    leaves,
    metadata,
    near_texts,
    originals,
    passages,
    readers_reports,
    regions,
    removals,
    sources,
    text_bands,
    texts,
    unread,
)

logger = logging.getLogger(__name__)

_PLACE = re.compile(r"[0-9]{7}/.*/[0-9]{6}/[^/]+", re.DOTALL)

MOST_REPORTS = 50
"""Reports of readers that are kept of one article."""


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A file that the archive has read."""

    id: int
    origin: str
    file: str
    sha256: str
    given: str
    whole: bool
    """Whether all of its articles are still there: none was taken out by itself."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A passage at one of the places that print it."""

    passage: Passage
    entry_id: str
    """The same at all its places."""
    vector_id: str
    """The same at all its places, and made of the heading that the first of them gave it."""
    text_id: str
    """Of its article's words."""
    day: str | None
    publication: str | None

    @property
    def is_carrier(self) -> bool:
        """Whether the vector is made of its own heading."""
        return self.passage.vector_id == self.vector_id


@dataclass(frozen=True, slots=True)
class Removal:
    """What the caches may hold too much."""

    id: int
    entry_id: str
    vector_id: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the archive holds. ``vectors`` are distinct texts: a reprint counts once."""

    pages: int
    articles: int
    reprints: int
    """Articles that others print too, word for word or nearly so."""
    passages: int
    vectors: int
    pending: int


def connect(url: str) -> Engine:
    """Open the database at this URL and bring its tables to the present shape.

    Raises ``NewerArchive``.
    """
    engine = opened(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


class NewerArchive(RuntimeError):
    """The tables were made by a later version than this one; the message says what to do."""


def migrate(engine: Engine) -> None:
    """Run the migrations that this database still lacks. Raises ``NewerArchive``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        shape = MigrationContext.configure(connection).get_current_revision()
        if shape and shape not in known:
            raise NewerArchive(
                f"the archive is of a later version of Baowen (tables {shape}, known up to "
                f"{max(known)}): use that version, or a backup from before"
            )
        if shape != max(known):
            begin_alone(connection)  # several may be started at once
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


class NoCatalogue(ValueError):
    """A file that is no catalogue, or is damaged."""


def bring_up(path: Path) -> None:
    """Bring a catalogue that nobody uses yet to the present shape.

    Raises ``NoCatalogue`` and ``NewerArchive``.
    """
    try:
        connect(f"sqlite:///{path}").dispose()
    except DatabaseError as error:
        raise NoCatalogue(path.name) from error


class KeptElsewhere(RuntimeError):
    """What can be done with a catalogue in a file alone; the message says what to do instead."""

    def __init__(self) -> None:
        super().__init__(
            "the catalogue is in PostgreSQL: back it up with pg_dump and bring it back with "
            "pg_restore, and copy the folder images in BAOWEN_HOME beside it"
        )


class Overtaken(RuntimeError):
    """Another process kept the same file in the meantime: look again at what is kept."""


class Catalogue:
    """Pages, articles and passages, and which of them full text and vectors still lack.

    ``images`` is where those of pages lie; without it none are kept.
    """

    def __init__(self, engine: Engine, images: PageImages | None = None) -> None:
        self.engine = engine
        self.images = images

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing. No other begins until it ends."""
        with writing(self.engine) as connection:
            yield connection

    def _seeing(self, connection: Connection | None) -> AbstractContextManager[Connection]:
        """What a transaction sees, if one is given; else what all see."""
        return nullcontext(connection) if connection else self.engine.connect()

    # What goes in and out

    def source_at(self, origin: str) -> KeptSource | None:
        """Tell what was read from this place before."""
        return self._source(sources.c.origin == origin)

    def source_of(self, sha256: str) -> KeptSource | None:
        """Tell where these very bytes were read from before."""
        return self._source(sources.c.sha256 == sha256)

    def _source(self, condition: ColumnElement[bool]) -> KeptSource | None:
        return next(iter(self._sources(condition)), None)

    def _sources(self, condition: ColumnElement[bool]) -> list[KeptSource]:
        columns = [sources.c[field.name] for field in fields(KeptSource)]
        query = select(*columns).where(condition).order_by(sources.c.origin)
        with self.engine.connect() as connection:
            return [KeptSource(*row) for row in connection.execute(query)]

    def move_source(self, source_id: int, origin: str, file: str) -> None:
        """Note that a file lies elsewhere now."""
        with self.writing() as connection:
            before = select(sources.c.origin).where(sources.c.id == source_id)
            connection.execute(
                update(corrections)
                .where(corrections.c.origin == before.scalar_subquery())
                .values(origin=origin)
            )
            connection.execute(
                update(sources).where(sources.c.id == source_id).values(origin=origin, file=file)
            )

    def articles_of(self, source_id: int) -> list[str]:
        """Ids of the articles that a file gave, by page and place; a half counts as its whole."""
        with self.engine.connect() as connection:
            told = [
                (_counted(row.page), row.position, row.id)
                for table, name in ((articles, articles.c.id), (halves, halves.c.part_of))
                for row in connection.execute(
                    select(table.c.page, table.c.position, name.label("id")).where(
                        table.c.source_id == source_id
                    )
                )
            ]
        return list(dict.fromkeys(article_id for *_, article_id in sorted(told)))

    def printed_by(self, source_id: int, connection: Connection | None = None) -> list[Article]:
        """The articles of a file as it gave them, those that jump without their other half.

        No correction is in them.
        """
        with self._seeing(connection) as seen:
            found = {
                row["id"]: _article(row)
                for table in (articles, originals, halves)
                for row in seen.execute(
                    _with_file(table).where(table.c.source_id == source_id)
                ).mappings()
            }
        return sorted(found.values(), key=lambda each: (_counted(each.page), each.position))

    def sources_from(self, origin: str) -> list[KeptSource]:
        """The file of this place or name, or all files under a folder, in order of place."""
        under = origin.rstrip("/") + "/"
        return self._sources(
            or_(
                sources.c.origin == origin,
                sources.c.file == origin,
                sources.c.origin.startswith(under, autoescape=True),
            )
        )

    def put(
        self,
        origin: str,
        given: str,
        found: Sequence[Article],
        replaces: KeptSource | None = None,
        printed: PrintedDay | None = None,
        arrived: Arrived | None = None,
    ) -> None:
        """Keep what a file gave, in one transaction, in place of what it gave before.

        What its issue's other pages tell counts at once, both ways: halves of a jump become one
        article, and a page that says the year gives it to those that don't. ``arrived`` holds the
        images of its pages.

        Raises ``Overtaken``.
        """
        try:
            with self.writing() as connection:
                before = self._images_of(connection, replaces.id) if replaces else set()
                source_id = self._put(connection, origin, given, found, replaces, printed)
                self._place(connection, source_id, found, arrived)
        except IntegrityError as error:
            raise Overtaken(origin) from error
        if before:
            with self.writing() as connection:
                self._let_go(connection, before)

    def _put(
        self,
        connection: Connection,
        origin: str,
        given: str,
        found: Sequence[Article],
        replaces: KeptSource | None,
        printed: PrintedDay | None,
    ) -> int:
        first = found[0]
        issued = first.issued if len({each.issued for each in found}) == 1 else None
        gone, left = self._take_back(connection, replaces.id) if replaces else ([], [])
        if replaces:
            _lift(connection, leaves.c.source_id == replaces.id)
            connection.execute(delete(sources).where(sources.c.id == replaces.id))
        source_id: int = connection.execute(
            insert(sources)
            .values(
                origin=origin,
                file=first.source.file,
                sha256=first.source.sha256,
                given=given,
                read_at=datetime.now(UTC),
                publication=first.publication,
                issued=issued,
                month_day=issued.isoformat()[5:] if issued else printed and printed.month_day,
                weekday=printed.weekday if printed else None,
            )
            .returning(sources.c.id)
        ).scalar_one()
        self._lay_in(connection, source_id, found)
        self._tell_the_year(connection, source_id)
        self._bring_together(connection, [*gone, *left, *found], origin)
        return source_id

    def _place(
        self,
        connection: Connection,
        source_id: int,
        found: Sequence[Article],
        arrived: Arrived | None,
    ) -> None:
        """Note where articles stand on their file's pages, and lay the images of these down.

        That is done while no other transaction is under way, so that nobody takes them for unused.
        """
        pages = {region.leaf.place: region.leaf for each in found for region in each.regions}
        if not pages:
            return
        images = dict[int, str | None]()
        for leaf in pages.values():
            image = arrived.image(leaf.image) if arrived and leaf.image else None
            images[leaf.place] = leaf.image if image and self.images else None
            if self.images and leaf.image and image:
                self.images.put(leaf.image, image)
        rows = [
            {
                "source_id": source_id,
                "place": leaf.place,
                "width": leaf.width,
                "height": leaf.height,
                "image": images[leaf.place],
            }
            for leaf in pages.values()
        ]
        connection.execute(insert(leaves), rows)
        of_file = select(leaves.c.place, leaves.c.id).where(leaves.c.source_id == source_id)
        ids = {row.place: row.id for row in connection.execute(of_file)}
        connection.execute(
            insert(regions),
            [
                {
                    "article_id": article.id,
                    "leaf_id": ids[region.leaf.place],
                    "boxes": region.boxes,
                }
                for article in found
                for region in article.regions
            ],
        )

    def _images_of(self, connection: Connection, source_id: int) -> set[str]:
        query = select(leaves.c.image).where(leaves.c.source_id == source_id)
        return set(connection.scalars(query.where(leaves.c.image.is_not(None))))

    def _let_go(self, connection: Connection, names: Iterable[str]) -> None:
        """Take those of these images away to which no page refers."""
        if self.images:
            for some in in_turn(names):
                used = set(
                    connection.scalars(select(leaves.c.image).where(leaves.c.image.in_(some)))
                )
                self.images.remove(set(some) - used)

    def sweep(self) -> None:
        """Take away images to which no page refers: their process was killed, or their page removed.

        A page whose image is lost has none from then on; its file gives it again when it is read.
        """
        if self.images is None:
            return
        with self.writing() as connection:
            there = self.images.names()
            used = set(
                connection.scalars(select(leaves.c.image).where(leaves.c.image.is_not(None)))
            )
            self.images.remove(there - used)
            self.images.remove_torn()
            for some in in_turn(used - there):
                lost = leaves.c.image.in_(some)
                of_files = select(leaves.c.source_id).where(lost)
                connection.execute(
                    update(sources).where(sources.c.id.in_(of_files)).values(whole=False)
                )
                connection.execute(update(leaves).where(lost).values(image=None))

    def _lay_in(self, connection: Connection, source_id: int, found: Iterable[Article]) -> None:
        """Put articles in as their page prints them."""
        given = [(source_id, article) for article in found]
        self._show(connection, given)
        if torn := [
            _row(article, source_id) | {"part_of": article.id}
            for _, article in given
            if _is_marked(article)
        ]:
            connection.execute(insert(halves), torn)

    def _show(
        self,
        connection: Connection,
        read: Sequence[tuple[int, Article]],
        wholes: Mapping[str, str] = {},
    ) -> None:
        """Put articles, as they were read, where they are found, with what was put right in them.

        Each comes with the source that it is shown as from; ``wholes`` tells of halves by their ids
        which of the articles they are in.
        """
        if not read:
            return
        given = self._correct(connection, read, wholes)
        told = {article.id: text_id(article) for _, article in given}
        connection.execute(
            insert(articles),
            [
                _row(article, source_id) | {"place": _place(article), "text_id": told[article.id]}
                for source_id, article in given
            ],
        )
        connection.execute(
            insert_if_new(texts).on_conflict_do_nothing(),
            [{"id": each, "compared": False} for each in dict.fromkeys(told.values())],
        )
        rows = [
            {
                "id": passage.id,
                "article_id": passage.article_id,
                "start": passage.start,
                "end": passage.end,
                "heading": passage.heading,
                "entry_id": entry_id(told[article.id], passage.text),
                "own_vector_id": passage.vector_id,
                "vector_id": passage.vector_id,
                "indexed": False,
            }
            for _, article in given
            for passage in cut(article)
        ]
        if rows:
            connection.execute(insert(passages), rows)
        self._share(
            connection,
            {str(row["entry_id"]) for row in rows},
            fresh={str(row["id"]) for row in rows},
        )

    def _share(
        self, connection: Connection, entry_ids: Iterable[str], fresh: Collection[str] = ()
    ) -> None:
        """Give passages that read the same one vector: that of the first that printed them.

        Which that is depends on what the archive holds and not on what came first. The caches are
        told to forget the vector that it takes the place of; ``fresh`` passages have none there.
        """
        first = func.first_value(passages.c.own_vector_id).over(
            partition_by=passages.c.entry_id,
            order_by=(*_printed_first(), passages.c.start),
        )
        of_passage = passages.c.id, passages.c.entry_id, passages.c.vector_id
        for some in in_turn(sorted(entry_ids)):
            carried = (
                select(*of_passage, first.label("first"))
                .join(articles)
                .where(passages.c.entry_id.in_(some))
                .subquery()
            )
            changed = connection.execute(
                select(carried).where(carried.c.vector_id != carried.c.first)
            ).all()
            _note_removals(
                connection,
                [(row.entry_id, row.vector_id) for row in changed if row.id not in fresh],
            )
            if changed:
                connection.execute(
                    update(passages)
                    .where(passages.c.id == bindparam("passage"))
                    .values(vector_id=bindparam("first"), indexed=False),
                    [{"passage": row.id, "first": row.first} for row in changed],
                )

    def _take_back(
        self, connection: Connection, source_id: int
    ) -> tuple[list[Article], list[Article]]:
        """Take out what a file gave; halves from elsewhere stand alone again and are told too."""
        printed = self.printed_by(source_id, connection)
        of_whole = select(halves.c.part_of).where(halves.c.source_id == source_id)
        others = list(
            connection.execute(
                _with_file(halves).where(
                    halves.c.part_of.in_(of_whole), halves.c.source_id != source_id
                )
            ).mappings()
        )
        shown = {each.id for each in printed} | {row["part_of"] for row in others}
        shown |= set(connection.scalars(of_whole))
        self._hide(connection, list(shown))
        connection.execute(delete(halves).where(halves.c.source_id == source_id))
        alone = [(row["source_id"], _article(row)) for row in others]
        self._show(connection, alone)
        for some in in_turn(article.id for _, article in alone):
            connection.execute(
                update(halves).where(halves.c.id.in_(some)).values(part_of=halves.c.id)
            )
        return printed, [article for _, article in alone]

    def _tell_the_year(self, connection: Connection, source_id: int) -> None:
        """Give the year to pages that print their day without it, from a page of the same issue.

        It is of the same paper and day, and in the same folder unless the day of the week tells.
        Where pages of several years could be meant, none is told.
        """
        here = connection.execute(select(sources).where(sources.c.id == source_id)).one()
        if here.month_day is None:
            return
        pages = connection.execute(
            select(sources).where(
                sources.c.month_day == here.month_day,
                sources.c.publication.is_not_distinct_from(here.publication),
            )
        ).all()
        for page in pages:
            if page.issued is not None or (here.issued is None and page.id != source_id):
                continue
            printed = PrintedDay(page.month_day, page.weekday)
            told = {
                other.issued
                for other in pages
                if other.issued is not None
                and printed.fits(other.issued)
                and (page.weekday is not None or _folder(page.origin) == _folder(other.origin))
            }
            if len(told) == 1:
                (issued,) = told
                found, left = self._take_back(connection, page.id)
                connection.execute(
                    update(sources).where(sources.c.id == page.id).values(issued=issued)
                )
                dated = [issued_on(each, issued) for each in found]
                self._lay_in(connection, page.id, dated)
                self._bring_together(connection, [*left, *dated], page.origin)

    def _bring_together(
        self, connection: Connection, touched: Sequence[Article], origin: str
    ) -> None:
        """Make one article of the halves of a jump in the issues of these articles.

        Undated pages are of one issue where they lie in one folder: that of ``origin``. An article
        without a mark is kept as a half while it is joined to one.
        """
        folder = _folder(origin)
        issues = {
            (each.publication, each.issued)
            for each in touched
            if _is_marked(each) or (each.issued is not None and each.page is not None)
        }
        for publication, issued in issues:
            query = (
                _with_file(halves)
                .add_columns(sources.c.origin)
                .where(
                    halves.c.publication.is_not_distinct_from(publication),
                    halves.c.issued.is_not_distinct_from(issued),
                )
            )
            if issued is None and folder:
                query = query.where(sources.c.origin.startswith(f"{folder}/", autoescape=True))
            rows = {
                row["id"]: row
                for row in connection.execute(query).mappings()
                if issued is not None or _folder(row["origin"]) == folder
            }
            if rows:
                self._chain_up(connection, rows, publication, issued)

    def _chain_up(
        self,
        connection: Connection,
        rows: Mapping[str, RowMapping],
        publication: str | None,
        issued: date | None,
    ) -> None:
        """Show the articles that the halves of an issue make, as far as they changed.

        ``rows`` are the halves as they are kept, by their ids.
        """
        printed = [_article(row) for row in rows.values()]
        marked = [each for each in printed if _is_marked(each)]
        loose = [each for each in printed if not _is_marked(each)]
        others = self._on_pages(connection, publication, issued, named(marked), rows)
        plain = {each: _article(row) for each, row in others.items()}
        made = chains(marked, [*loose, *plain.values()])
        joint = {half.id for chain in made for half in chain}
        apart = [each for each in loose if each.id not in joint]
        kept: dict[str, set[str]] = {}
        for row in rows.values():
            kept.setdefault(row["part_of"], set()).add(row["id"])
        fresh = [
            chain
            for chain in (*made, *((each,) for each in apart))
            if kept.get(chain[0].id) != {half.id for half in chain}
        ]
        ids = [half.id for chain in fresh for half in chain]
        self._hide(
            connection, list({*ids, *(rows[each]["part_of"] for each in ids if each in rows)})
        )
        source_ids = {each: row["source_id"] for each, row in (*rows.items(), *others.items())}
        self._show(
            connection,
            [(source_ids[chain[0].id], joined(chain)) for chain in fresh],
            {half.id: chain[0].id for chain in fresh for half in chain[1:]},
        )
        if joining := [each for each in ids if each in plain]:
            connection.execute(
                insert(halves),
                [_row(plain[each], source_ids[each]) | {"part_of": each} for each in joining],
            )
        for chain in fresh:
            connection.execute(
                update(halves)
                .where(halves.c.id.in_([half.id for half in chain]))
                .values(part_of=chain[0].id)
            )
        for some in in_turn(each.id for each in apart):
            connection.execute(delete(halves).where(halves.c.id.in_(some)))

    def _on_pages(
        self,
        connection: Connection,
        publication: str | None,
        issued: date | None,
        pages: Set[str],
        halves_too: Container[str],
    ) -> dict[str, RowMapping]:
        """The articles on these pages of an issue that are no halves, as read, by their ids.

        Found by the day that their place begins with; of an undated issue there are none.
        """
        if issued is None or not pages:
            return {}
        day = _age(issued)
        of_day = {
            articles: and_(
                articles.c.place.between(f"{day}/", f"{day}0"),  # 0 comes behind /
                articles.c.id.not_in(select(originals.c.id)),
            ),
            originals: originals.c.issued == issued,
        }
        found: dict[str, RowMapping] = {}
        for table, condition in of_day.items():
            told = select(table.c.id, table.c.publication, table.c.issued, table.c.page)
            wanted = [
                row.id
                for row in connection.execute(told.where(condition))
                if (row.publication, row.issued) == (publication, issued)
                and row.id not in halves_too
                and row.page is not None
                and plainly(row.page) in pages
            ]
            for some in in_turn(wanted):
                rows = connection.execute(_with_file(table).where(table.c.id.in_(some))).mappings()
                found |= {row["id"]: row for row in rows}
        return found

    def _hide(self, connection: Connection, article_ids: Sequence[str]) -> int:
        """Take articles out of what is shown; the caches are told what to forget."""
        gone = 0
        for some in in_turn(article_ids):
            of_them = articles.c.id.in_(some)
            printed = set(connection.scalars(select(articles.c.text_id).where(of_them)))
            held = select(passages.c.entry_id, passages.c.vector_id)
            rows = [
                (row.entry_id, row.vector_id)
                for row in connection.execute(held.where(passages.c.article_id.in_(some)))
            ]
            _note_removals(connection, rows)
            connection.execute(delete(passages).where(passages.c.article_id.in_(some)))
            connection.execute(delete(originals).where(originals.c.id.in_(some)))
            connection.execute(
                update(corrections)
                .where(corrections.c.article_id.in_(some), corrections.c.applied)
                .values(applied=False)
            )
            gone += connection.execute(delete(articles).where(of_them)).rowcount
            self._share(connection, {each for each, _ in rows})
            self._forget_texts(connection, printed)
        return gone

    def _forget_texts(self, connection: Connection, text_ids: Collection[str]) -> None:
        """Forget those of these texts that no article prints any more."""
        lost = select(texts.c.number).where(
            texts.c.id.in_(text_ids), ~exists().where(articles.c.text_id == texts.c.id)
        )
        numbers = list(connection.scalars(lost))
        for column in (text_bands.c.text, near_texts.c.one, near_texts.c.other, texts.c.number):
            connection.execute(delete(column.table).where(column.in_(numbers)))

    def drop(self, connection: Connection, article_ids: Iterable[str]) -> int:
        """Take articles out within a transaction, with all their halves; tell how many.

        The images of the pages that they stand on go too; those pages' other articles stay without.
        """
        ids = self.parts(article_ids, connection)
        for some in in_turn(ids):
            for table in (articles, halves):
                given_by = select(table.c.source_id).where(table.c.id.in_(some))
                connection.execute(
                    update(sources).where(sources.c.id.in_(given_by)).values(whole=False)
                )
            connection.execute(delete(halves).where(halves.c.id.in_(some)))
            shown = leaves.c.id.in_(select(regions.c.leaf_id).where(regions.c.article_id.in_(some)))
            connection.execute(update(leaves).where(shown).values(image=None))
            connection.execute(delete(regions).where(regions.c.article_id.in_(some)))
        gone = self._hide(connection, list(ids))
        _lift(connection, leaves.c.id.not_in(select(regions.c.leaf_id)))
        connection.execute(
            delete(sources).where(
                sources.c.id.not_in(select(articles.c.source_id)),
                sources.c.id.not_in(select(halves.c.source_id)),
            )
        )
        self._forget_corrections(connection, ids)
        return gone

    def drop_source(self, connection: Connection, source_id: int) -> int:
        """Take a file out with what it gave; halves from other pages stay, by themselves.

        Tells how many articles and halves it had given.
        """
        gone, left = self._take_back(connection, source_id)
        _lift(connection, leaves.c.source_id == source_id)
        file = connection.execute(
            delete(sources).where(sources.c.id == source_id).returning(sources.c.origin)
        ).one()
        self._forget_corrections(connection, [each.id for each in gone])
        self._bring_together(connection, [*gone, *left], file.origin)
        return len(gone)

    def parts(self, article_ids: Iterable[str], connection: Connection | None = None) -> set[str]:
        """These ids, with those of the articles that they are halves of and of all their halves."""
        found: set[str] = set()
        with self._seeing(connection) as seen:
            for some in in_turn(article_ids):
                wholes = {*some, *_wholes(seen, some).values()}
                found |= wholes
                found |= set(seen.scalars(select(halves.c.id).where(halves.c.part_of.in_(wholes))))
        return found

    def wholes(self, article_ids: Iterable[str]) -> list[str]:
        """The articles that these are, or are halves of, by their ids, each once."""
        with self.engine.connect() as seen:
            return list(
                dict.fromkeys(
                    whole
                    for some in in_turn(article_ids)
                    for whole in ({each: each for each in some} | _wholes(seen, some)).values()
                )
            )

    def wipe(self) -> None:
        """Leave nothing of what was taken out: no image, and no word that the database still keeps."""
        self.sweep()
        vacuum(self.engine, metadata.tables)

    # What editors put right

    def correct(self, article_id: str, changes: Sequence[Change], who: str, why: str) -> Article:
        """Put something right in an article, in one transaction, and keep who did so and why.

        The changes count on one another, in this order. Its passages alone are indexed anew.

        Raises ``KeyError`` for an article that isn't there, and ``Misfit``.
        """
        with self.writing() as connection:
            whole = _wholes(connection, [article_id]).get(article_id, article_id)
            query = _with_file(articles).add_columns(sources.c.origin)
            row = connection.execute(query.where(articles.c.id == whole)).mappings().one_or_none()
            if row is None:
                raise KeyError(article_id)
            article = _article(row)
            for change in changes:
                article = applied(article, change)
            if changes:
                connection.execute(
                    insert(corrections),
                    [
                        {name: getattr(change, name) for name in _CHANGE}
                        | {
                            "article_id": whole,
                            "origin": row["origin"],
                            "who": who,
                            "why": why,
                            "made_at": datetime.now(UTC),
                            "applied": False,
                        }
                        for change in changes
                    ],
                )
            self._show_again(connection, whole)
        return self.articles_by_id([whole])[whole]

    def withdraw(self, article_id: str, number: int) -> bool:
        """Take a correction back, and show the article without it; False where there is none."""
        with self.writing() as connection:
            whole = _wholes(connection, [article_id]).get(article_id, article_id)
            found = connection.execute(
                delete(corrections).where(
                    corrections.c.number == number,
                    corrections.c.article_id.in_(self.parts([whole], connection)),
                )
            )
            self._show_again(connection, whole)
        return bool(found.rowcount)

    def corrections(self, article_ids: Iterable[str]) -> list[Correction]:
        """What was put right in these articles and their halves, in the order in which it was."""
        with self.engine.connect() as connection:
            return _corrections(connection, self.parts(article_ids, connection))

    def misfits(self, article_ids: Collection[str] | None = None) -> list[Correction]:
        """Corrections that their articles don't have, since other words were read by now.

        Of these articles, or of all.
        """
        query = select(corrections).where(~corrections.c.applied).order_by(corrections.c.number)
        with self.engine.connect() as connection:
            found = [_correction(row) for row in connection.execute(query)]
        wanted = None if article_ids is None else self.parts(article_ids)
        return [each for each in found if wanted is None or each.article_id in wanted]

    def report(self, article_id: str, wrong: Wrong, comment: str) -> None:
        """Keep what a reader says is wrong with an article. Raises ``KeyError``.

        Of the reports on one article the last ones alone are kept.
        """
        with self.writing() as connection:
            whole = _wholes(connection, [article_id]).get(article_id, article_id)
            if not self.known([whole], connection):
                raise KeyError(article_id)
            connection.execute(
                insert(readers_reports).values(
                    article_id=whole, wrong=wrong, comment=comment, told_at=datetime.now(UTC)
                )
            )
            of_it = readers_reports.c.article_id == whole
            last = (
                select(readers_reports.c.number)
                .where(of_it)
                .order_by(readers_reports.c.number.desc())
                .limit(MOST_REPORTS)
            )
            connection.execute(
                delete(readers_reports).where(of_it, readers_reports.c.number.not_in(last))
            )

    def reports(
        self, article_id: str | None = None, before: int | None = None, limit: int = MOST_REPORTS
    ) -> list[Told]:
        """What readers say is wrong with an article, or with any, the newest first."""
        query = select(readers_reports).order_by(readers_reports.c.number.desc()).limit(limit)
        if article_id is not None:
            query = query.where(readers_reports.c.article_id == article_id)
        if before is not None:
            query = query.where(readers_reports.c.number < before)
        with self.engine.connect() as connection:
            return [
                Told(row.number, row.article_id, Wrong(row.wrong), row.comment, row.told_at)
                for row in connection.execute(query)
            ]

    def settle_report(self, number: int) -> bool:
        """Forget a report that somebody has seen to; False where there is none."""
        with self.writing() as connection:
            found = connection.execute(
                delete(readers_reports).where(readers_reports.c.number == number)
            )
        return bool(found.rowcount)

    def _show_again(self, connection: Connection, article_id: str) -> None:
        """Show an article with the corrections that there are of it by now."""
        for table in (originals, articles):
            query = _with_file(table).where(table.c.id == article_id)
            if row := connection.execute(query).mappings().one_or_none():
                parts = self.parts([article_id], connection)
                self._hide(connection, list(parts))
                wholes = dict.fromkeys(parts, article_id)
                self._show(connection, [(row["source_id"], _article(row))], wholes)
                return

    def _correct(
        self,
        connection: Connection,
        read: Sequence[tuple[int, Article]],
        wholes: Mapping[str, str],
    ) -> list[tuple[int, Article]]:
        """Put right again, in what was read, all that fits; what was read is kept beside it.

        Of halves only what was put right in their text is, in the article that they are in.
        """
        shown = {article.id: article for _, article in read}
        done: list[int] = []
        for each in _corrections(connection, shown.keys() | wholes.keys()):
            whole = wholes.get(each.article_id, each.article_id)
            if whole != each.article_id and each.change.field is not Field.TEXT:
                continue
            try:
                shown[whole] = applied(shown[whole], each.change)
            except Misfit:
                logger.warning("correction %d of article %s fits no more", each.number, whole)
            else:
                done.append(each.number)
        changed = [
            _row(article, source_id) for source_id, article in read if shown[article.id] != article
        ]
        if changed:
            connection.execute(insert(originals), changed)
        for some in in_turn(done):
            connection.execute(
                update(corrections).where(corrections.c.number.in_(some)).values(applied=True)
            )
        return [(source_id, shown[article.id]) for source_id, article in read]

    def _forget_corrections(self, connection: Connection, article_ids: Iterable[str]) -> None:
        """Forget what was put right in articles that are taken out, and what was reported of them.

        Also what was put right in articles of files that are gone, and reports on what is no more.
        """
        for some in in_turn(article_ids):
            connection.execute(delete(corrections).where(corrections.c.article_id.in_(some)))
        connection.execute(
            delete(corrections).where(corrections.c.origin.not_in(select(sources.c.origin)))
        )
        connection.execute(
            delete(readers_reports).where(
                readers_reports.c.article_id.not_in(select(articles.c.id)),
                readers_reports.c.article_id.not_in(select(halves.c.id)),
            )
        )

    def copy_to(self, path: Path) -> set[str]:
        """Write the database into a new file as it is at this moment, whoever changes it meanwhile.

        Tells the names of the images to which the copy refers. Raises ``KeptElsewhere``.
        """
        if is_postgresql(self.engine):
            raise KeptElsewhere
        with self.engine.connect() as connection, closing(sqlite3.connect(path)) as copy:
            cast("sqlite3.Connection", connection.connection.driver_connection).backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            named = copy.execute("SELECT DISTINCT image FROM leaves WHERE image IS NOT NULL")
            return {name for (name,) in named}

    # What is asked of it

    def article(self, article_id: str) -> Article | None:
        """Find one article."""
        return self.articles_by_id([article_id]).get(article_id)

    def articles_by_id(
        self, ids: Iterable[str], connection: Connection | None = None
    ) -> dict[str, Article]:
        """Find articles; an id that the archive doesn't hold is left out.

        The id of a half finds the article that it is part of. Within a transaction, if one is
        given.
        """
        query = _with_file(articles)
        found: dict[str, Article] = {}
        with self._seeing(connection) as seen:
            for some in in_turn(ids):
                wholes = _wholes(seen, some)
                wanted = {*some, *wholes.values()}
                rows = seen.execute(query.where(articles.c.id.in_(wanted))).mappings()
                here = {row["id"]: _article(row) for row in rows}
                for each in some:
                    if article := here.get(wholes.get(each, each)):
                        found[each] = article
        return found

    def regions(self, article: Article) -> list[Region]:
        """Where an article was printed, page by page; none where its file doesn't say.

        Of one that jumps the pages of all halves, boxes counted in its whole text.
        """
        of_half = select(halves.c.id).where(halves.c.part_of == article.id)
        with self.engine.connect() as connection:
            rows = list(
                connection.execute(
                    select(regions.c.article_id, regions.c.boxes, leaves)
                    .join(leaves)
                    .where(
                        or_(regions.c.article_id == article.id, regions.c.article_id.in_(of_half))
                    )
                    .order_by(leaves.c.place)
                )
            )
            torn = connection.execute(
                _with_file(halves).where(halves.c.part_of == article.id)
            ).mappings()
            printed = [_article(row) for row in torn] or [article]
            corrected = connection.execute(
                _with_file(originals).where(originals.c.id == article.id)
            ).mappings()
            as_read = next(map(_article, corrected), article)
        found = [
            replace(
                each,
                regions=tuple(_region(row, each) for row in rows if row.article_id == each.id),
            )
            for each in printed
        ]
        whole = found[0].regions
        if len(found) > 1:
            whole = tuple(region for of_one in moved(as_read, found) for region in of_one)
        return sorted(following(whole, as_read.text, article.text), key=_begins)

    def image(self, article: Article, name: str) -> bytes | None:
        """The image of this name of a page that an article stands on; None where there is none."""
        shown = {region.leaf.image for region in self.regions(article)}
        return self.images.read(name) if self.images and name in shown else None

    def known(self, ids: Iterable[str], connection: Connection | None = None) -> set[str]:
        """Which of these ids an article or half of one has, within a transaction if one is given."""
        with self._seeing(connection) as seen:
            return {
                each
                for some in in_turn(ids)
                for table in (articles, halves)
                for each in seen.scalars(select(table.c.id).where(table.c.id.in_(some)))
            }

    def articles(
        self,
        *,
        selection: Selection = Selection(),
        query: str | None = None,
        page: str | None = None,
        section: str | None = None,
        byline: str | None = None,
        cursor: str | None = None,
        limit: int = 20,
    ) -> tuple[list[Article], str | None]:
        """List articles, newest first, then by page and position, and where the next ones begin.

        ``page`` is any that an article is printed on, ``section`` a line of its kicker.

        Raises ``ValueError`` for a cursor that no list has given.
        """
        conditions = _on(Shelf(selection=selection, page=page, section=section, byline=byline))
        if query:
            conditions += [
                or_(
                    *(
                        func.lower(column.cast(Text)).contains(word.lower(), autoescape=True)
                        for column in (articles.c.kicker, articles.c.headline, articles.c.text)
                    )
                )
                for word in query.split()
            ]
        if cursor is not None:
            conditions.append(articles.c.place > _place_of(cursor))
        statement = (
            _with_file(articles).where(*conditions).order_by(articles.c.place).limit(limit + 1)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        found = [_article(row) for row in rows[:limit]]
        return found, _cursor(rows[limit - 1]["place"]) if len(rows) > limit else None

    def same_page(self, article: Article, limit: int = 100) -> list[Article]:
        """The articles that the article's page prints, in reading order, itself among them.

        Only the first ``limit``; of a page of which paper or day isn't known, those of its file. None
        where the page isn't known.
        """
        if article.page is None:
            return []
        known = article.issued is not None and article.publication is not None
        if known:
            age = _age(article.issued)
            conditions = [
                articles.c.place.between(f"{age}/", f"{age}0"),  # for its index
                articles.c.publication == article.publication,
                articles.c.issued == article.issued,
            ]
        else:
            conditions = [sources.c.sha256 == article.source.sha256]
        query = _with_file(articles).where(_printed_on(article.page), *conditions)
        with self.engine.connect() as connection:
            found = connection.execute(query.order_by(articles.c.place).limit(limit)).mappings()
            return [_article(row) for row in found]

    def facets(self, shelf: Shelf, among: Collection[str] | None = None) -> Facets:
        """Count what stands on a shelf, or what of these articles does.

        Of more than ``MOST_COUNTED`` those that tell of the latest days.
        """
        counted = (
            articles.c.publication,
            articles.c.page,
            articles.c.kicker,
            articles.c.byline,
            articles.c.date,
        )
        conditions = _on(shelf)
        if among is not None:
            conditions.append(articles.c.id.in_(listed(among)))
        latest = select(*counted).where(*conditions).order_by(articles.c.date.desc().nulls_last())
        every = latest.limit(MOST_COUNTED + 1).cte("every")
        query = union_all(
            *(
                select(
                    literal(column.name).label("facet"),
                    every.c[column.name].cast(Text).label("value"),
                    func.count().label("articles"),
                ).group_by(every.c[column.name])
                for column in counted
            )
        )
        told: dict[str, list[tuple[str | None, int]]] = {each.name: [] for each in counted}
        with self.engine.connect() as connection:
            for facet, value, number in connection.execute(query):
                told[facet].append((value, number))
        total = sum(number for _, number in told["date"])
        lines = {name: [(_lines(value), number) for value, number in told[name]] for name in told}
        return Facets(
            articles=min(total, MOST_COUNTED),
            whole=total <= MOST_COUNTED,
            publications=by_line(lines["publication"]),
            pages=tuple(sorted(by_line(lines["page"]), key=lambda each: _counted(each.value))),
            sections=by_line(lines["kicker"]),
            bylines=by_line(lines["byline"]),
            days=tuple(Count(value or "", number) for value, number in told["date"]),
        )

    def printing(self, entry_ids: Sequence[str], shelf: Shelf) -> dict[str, tuple[int, int]]:
        """The articles of a shelf that print these entries, in the order in which these are given.

        Each with where the first of them stands in its text.
        """
        rank = {each: at for at, each in enumerate(entry_ids)}
        query = (
            select(passages.c.article_id, passages.c.entry_id, passages.c.start, passages.c.end)
            .join(articles)
            .where(passages.c.entry_id.in_(listed(entry_ids)), *_on(shelf))
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        found: dict[str, tuple[int, int]] = {}
        for row in sorted(rows, key=lambda row: (rank[row.entry_id], row.article_id, row.start)):
            found.setdefault(row.article_id, (row.start, row.end))
        return found

    def calendar(self, since: date, until: date, publication: str | None = None) -> list[Issue]:
        """The days of these, ends included, of which there are issues, with what is in them."""
        query = (
            select(
                articles.c.issued,
                func.count().label("articles"),
                # A page is one of its paper: several papers may come out on a day.
                func.count(
                    (func.coalesce(articles.c.publication, "") + "\n" + articles.c.page).distinct()
                ).label("pages"),
            )
            .where(articles.c.issued.between(since, until), *_of_paper(publication))
            .group_by(articles.c.issued)
        )
        with self.engine.connect() as connection:
            return [Issue(*row) for row in connection.execute(query)]

    def days_of_issue(self, publication: str | None = None) -> tuple[date, date] | None:
        """The first and the last day of which there is an issue; None where no day is known."""
        days = articles.c.issued
        known = select(days).where(days.is_not(None), *_of_paper(publication)).limit(1)
        with self.engine.connect() as connection:
            first, last = (
                connection.scalar(known.order_by(order)) for order in (days.asc(), days.desc())
            )
        return (first, last) if first and last else None

    def without_day(self, publication: str | None = None) -> int:
        """How many articles there are whose day of issue isn't known."""
        query = select(func.count()).where(articles.c.issued.is_(None), *_of_paper(publication))
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def years(self, publication: str | None = None) -> list[tuple[int, int]]:
        """Each year of which there are issues, and how many articles these have."""
        issues = (  # there are far fewer of them than articles
            select(articles.c.issued, func.count().label("articles"))
            .where(articles.c.issued.is_not(None), *_of_paper(publication))
            .group_by(articles.c.issued)
            .subquery()
        )
        year = extract("year", issues.c.issued)
        query = select(year, func.sum(issues.c.articles)).group_by(year)
        with self.engine.connect() as connection:
            return [(int(each), number) for each, number in connection.execute(query)]

    def issue(
        self, day: date, publication: str | None = None, limit: int = 1000
    ) -> list[PrintedPage]:
        """The pages of an issue, or of all issues of a day, paper by paper in their order.

        Only the first ``limit`` articles.
        """
        age = _age(day)
        query = (
            _with_file(articles)
            .where(
                articles.c.place.between(f"{age}/", f"{age}0"),  # for its index
                articles.c.issued == day,
                *_of_paper(publication),
            )
            .order_by(articles.c.place)
            .limit(limit)
        )
        pages: dict[tuple[str | None, str | None], dict[str, Article]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(query).mappings():
                article = _article(row)
                for page in (article.page, *(jump.page for jump in article.jumps)):
                    pages.setdefault((article.publication, page), {})[article.id] = article
        return [
            PrintedPage(*of, tuple(found.values()))
            for of, found in sorted(
                pages.items(),
                key=lambda each: (each[0][0] is None, each[0][0] or "", _counted(each[0][1])),
            )
        ]

    def issues_beside(
        self, day: date, publication: str | None = None
    ) -> tuple[date | None, date | None]:
        """The days of the issue before and of the issue after a day."""
        days = articles.c.issued
        of_paper = select(days).where(*_of_paper(publication)).limit(1)
        with self.engine.connect() as connection:
            return (
                connection.scalar(of_paper.where(days < day).order_by(days.desc())),
                connection.scalar(of_paper.where(days > day).order_by(days)),
            )

    def doubts(self) -> dict[str, tuple[Doubt, ...]]:
        """What is doubtful about articles, by their ids; those without doubts are left out."""
        query = select(articles.c.id, articles.c.doubts).where(articles.c.doubts != ())
        with self.engine.connect() as connection:
            return {row.id: tuple(map(Doubt, row.doubts)) for row in connection.execute(query)}

    def issues(self) -> set[tuple[str | None, date, str | None]]:
        """Paper, day and number of each page that the archive holds, as far as its day is known."""
        with self.engine.connect() as connection:
            return {
                (row.publication, row.issued, row.page)
                for table in (articles, halves)
                for row in connection.execute(
                    select(table.c.publication, table.c.issued, table.c.page)
                    .where(table.c.issued.is_not(None))
                    .distinct()
                )
            }

    def undated(self) -> list[tuple[str | None, str | None, int]]:
        """Paper, day told of, and number of the articles whose day of issue nothing says."""
        groups = articles.c.publication, articles.c.date
        query = select(*groups, func.count()).where(articles.c.issued.is_(None)).group_by(*groups)
        with self.engine.connect() as connection:
            return [
                (publication, day, count) for publication, day, count in connection.execute(query)
            ]

    def note_unread(self, origin: str, file: str, reason: str | None) -> None:
        """Keep in mind why a file gave no article; with no reason, that it is read by now."""
        with self.engine.connect() as connection:
            known = connection.scalar(select(unread.c.reason).where(unread.c.origin == origin))
        if known == reason:
            return
        with self.writing() as connection:
            connection.execute(delete(unread).where(unread.c.origin == origin))
            if reason is not None:
                connection.execute(
                    insert(unread).values(
                        origin=origin, file=file, reason=reason, tried_at=datetime.now(UTC)
                    )
                )

    def unread_files(self) -> list[tuple[str, str]]:
        """Files that gave no article, each with the reason, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(unread.c.file, unread.c.reason).order_by(unread.c.file)
            )
            return [(row.file, row.reason) for row in rows]

    def publications(self) -> list[str]:
        """Names of the newspapers that the archive holds."""
        query = select(articles.c.publication).where(articles.c.publication.is_not(None))
        with self.engine.connect() as connection:
            return sorted(connection.scalars(query.distinct()))

    def with_entries(self, entry_ids: Iterable[str]) -> list[Printed]:
        """The places of the passages that these entries stand for."""
        return self._printed(_WITH_ENTRIES, entry_ids)

    def with_vectors(self, vector_ids: Iterable[str]) -> list[Printed]:
        """The places of the passages that these vectors stand for, the first time first."""
        return self._printed(_WITH_VECTORS, vector_ids)

    def vectors_of(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """The vector of the passages that each of these entries stands for, of those there are."""
        with self.engine.connect() as connection:
            rows = connection.execute(_VECTORS_OF, listing(entry_ids)).all()
        return {row[0]: row[1] for row in rows}

    def covered(self, vector_ids: Iterable[str], selection: Selection) -> set[str]:
        """Those of the vectors of which the selection covers a place.

        Asked of the database which it covers, it may go through all articles of a paper for it.
        """
        placed = select(passages.c.vector_id, articles.c.date, articles.c.publication)
        query = placed.join(articles).where(passages.c.vector_id.in_(listed(vector_ids)))
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return {vector for vector, day, paper in rows if selection.covers(day, paper)}

    def vectors_within(self, selection: Selection, limit: int | None = None) -> list[str]:
        """Ids of the vectors of the passages that belong to the selection, or of so many of them.

        One comes as often as it is printed: to have each once, SQLite goes through all there are.
        """
        query = select(passages.c.vector_id).join(articles).where(_within(selection)).limit(limit)
        with self.engine.connect() as connection:
            return list(connection.scalars(query).all())

    def passages_in(self, selection: Selection) -> int:
        """How many passages a search of the selection searches."""
        query = select(func.count()).select_from(passages)
        if selection:
            query = query.join(articles).where(_within(selection))
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def _printed(self, statement: Select[Any], ids: Iterable[str]) -> list[Printed]:
        with self.engine.connect() as connection:
            return [
                Printed(
                    _passage(row),
                    row["entry_id"],
                    row["vector_id"],
                    row["text_id"],
                    row["date"],
                    row["publication"],
                )
                for row in connection.execute(statement, listing(ids)).mappings()
            ]

    # Reprints

    def compare(self, limit: int) -> int:
        """Find what so many new texts are reprints of; tell how many were compared."""
        waiting = select(texts.c.number).where(~texts.c.compared).order_by(texts.c.number)
        with self.engine.connect() as connection:
            if connection.scalar(waiting.limit(1)) is None:
                return 0
        with self.writing() as connection:
            new = list(connection.scalars(waiting.limit(limit)))
            printed = _words_of(connection, new)
            rows = [
                {"value": value, "text": number}
                for number in new
                for value in dict.fromkeys(bands(printed[number]))
            ]
            if rows:
                connection.execute(insert(text_bands), rows)
            pairs = _alike(connection, new)
            printed |= _words_of(connection, {each for pair in pairs for each in pair} - set(new))
            near = [
                {"one": first, "other": second}
                for one, other in pairs  # by the older one, whose words are kept at hand meanwhile
                if are_reprints(printed[one], printed[other])
                for first, second in ((one, other), (other, one))
            ]
            if near:
                connection.execute(insert(near_texts), near)
            connection.execute(update(texts).where(texts.c.number.in_(new)).values(compared=True))
        return len(new)

    def reprints_of(self, article_ids: Iterable[str]) -> dict[str, tuple[Article, ...]]:
        """The other articles that print what each of these does, those first that came first."""
        mine, same, near, others = (
            table.alias(name)
            for table, name in (
                (texts, "mine"),
                (texts, "same"),
                (near_texts, "near"),
                (articles, "others"),
            )
        )
        of_text = (
            select(articles.c.id.label("of"), others.c.id, others.c.place)
            .join(others, others.c.text_id == articles.c.text_id)
            .where(others.c.id != articles.c.id)
        )
        of_near = (
            select(articles.c.id.label("of"), others.c.id, others.c.place)
            .join(mine, mine.c.id == articles.c.text_id)
            .join(near, near.c.one == mine.c.number)
            .join(same, same.c.number == near.c.other)
            .join(others, others.c.text_id == same.c.id)
        )
        found: list[tuple[str, str, str]] = []
        with self.engine.connect() as connection:
            for some in in_turn(article_ids):
                both = (each.where(articles.c.id.in_(some)) for each in (of_text, of_near))
                found += map(tuple, connection.execute(union(*both)))
        here = self.articles_by_id({other for _, other, _ in found})
        of_each: dict[str, list[Article]] = {}
        for one, other, _ in sorted(found, key=lambda row: printed_first(row[2])):
            if other in here:
                of_each.setdefault(one, []).append(here[other])
        return {one: tuple(printed) for one, printed in of_each.items()}

    def reprints_among(self, article_ids: Collection[str]) -> set[tuple[str, str]]:
        """Which of these articles print the same, each pair both ways."""
        query = select(articles.c.id, articles.c.text_id)
        with self.engine.connect() as connection:
            of_text = {
                row.id: row.text_id
                for some in in_turn(article_ids)
                for row in connection.execute(query.where(articles.c.id.in_(some)))
            }
        near = self.near(set(of_text.values()))
        return {
            (one, other)
            for one, first in of_text.items()
            for other, second in of_text.items()
            if one != other and (first == second or (first, second) in near)
        }

    def near(self, text_ids: Collection[str]) -> set[tuple[str, str]]:
        """Which of these texts are reprints of one another, each pair both ways."""
        with self.engine.connect() as connection:
            found = connection.execute(_NEAR, listing(text_ids)).all()
            return {(row[0], row[1]) for row in found if row[1] in text_ids}

    def counts(self) -> Counts:
        """Count what the archive holds."""
        printed = union(  # a record is an article without its page, unless it tells that
            *(
                select(table.c.source_id, table.c.issued, table.c.page).where(
                    or_(table.c.record.is_(None), table.c.page.is_not(None))
                )
                for table in (articles, halves)
            )
        )
        pages = select(func.count()).select_from(printed.subquery())
        several = select(articles.c.text_id).group_by(articles.c.text_id).having(func.count() > 1)
        near = select(texts.c.id).where(texts.c.number.in_(select(near_texts.c.one)))
        reprinted = select(func.count()).where(
            or_(articles.c.text_id.in_(several), articles.c.text_id.in_(near))
        )
        with self.engine.connect() as connection:
            return Counts(
                pages=connection.scalar(pages) or 0,
                articles=connection.scalar(select(func.count()).select_from(articles)) or 0,
                reprints=connection.scalar(reprinted) or 0,
                passages=connection.scalar(select(func.count()).select_from(passages)) or 0,
                vectors=connection.scalar(select(func.count(passages.c.vector_id.distinct()))) or 0,
                pending=connection.scalar(
                    select(func.count()).select_from(passages).where(~passages.c.indexed)
                )
                or 0,
            )

    # What the caches still lack

    def pending(self, limit: int, after: int = 0) -> list[Printed]:
        """Passages that full text and vectors still lack, with all places that print them.

        Those of one article come together; ``limit`` counts what is lacking, behind the first so many.
        """
        query = (
            select(passages.c.entry_id)
            .where(~passages.c.indexed)
            .order_by(passages.c.article_id, passages.c.start)
            .limit(limit)
            .offset(after)
        )
        with self.engine.connect() as connection:
            lacking = list(connection.scalars(query))
        return self.with_entries(lacking)

    def lacks(self, article_ids: Iterable[str]) -> bool:
        """Whether any of these articles can't be found yet."""
        wanted = set(article_ids)
        query = select(passages.c.article_id).where(~passages.c.indexed).distinct()
        with self.engine.connect() as connection:
            return any(found in wanted for found in connection.scalars(query))

    def expect(self) -> None:
        """See that it can be asked. Raises ``Unreachable``."""
        with self.engine.connect() as connection:
            connection.execute(select(1))

    def is_indexed(self) -> bool:
        """Whether the caches lack nothing and hold nothing too much."""
        with self.engine.connect() as connection:
            lacking = connection.execute(select(passages.c.id).where(~passages.c.indexed).limit(1))
            waiting = connection.execute(select(texts.c.id).where(~texts.c.compared).limit(1))
            behind = lacking.first() or waiting.first()
        return not behind and not self.rebuild_asked() and not self.removed(1)

    def mark_indexed(self, passage_ids: Sequence[str]) -> None:
        """Note that full text and vectors hold these passages now."""
        with self.writing() as connection:
            connection.execute(
                update(passages).where(passages.c.id.in_(passage_ids)).values(indexed=True)
            )

    def mark_lost(self, entry_ids: Iterable[str], vector_ids: Iterable[str]) -> int:
        """Note that the caches don't hold these any more; tell how many passages are pending again."""
        lost = 0
        with self.writing() as connection:
            for column, ids in (
                (passages.c.entry_id, entry_ids),
                (passages.c.vector_id, vector_ids),
            ):
                for some in in_turn(ids):
                    of_them = column.in_(some), passages.c.indexed
                    again = update(passages).where(*of_them).values(indexed=False)
                    lost += connection.execute(again).rowcount
        return lost

    def removed(self, limit: int) -> list[Removal]:
        """What the caches must forget, unless other passages have it still."""
        query = select(removals).order_by(removals.c.id).limit(limit)
        with self.engine.connect() as connection:
            return [Removal(*row) for row in connection.execute(query)]

    def forget_removed(self, done: Iterable[Removal]) -> None:
        """Note that the caches have forgotten these."""
        with self.writing() as connection:
            for some in in_turn(each.id for each in done):
                connection.execute(delete(removals).where(removals.c.id.in_(some)))

    def used(self, vector_ids: Iterable[str]) -> set[str]:
        """Which of these vectors some passage still has."""
        query = select(passages.c.vector_id).where(passages.c.vector_id.in_(list(vector_ids)))
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def entry_ids(self) -> set[str]:
        """Ids of all entries: what the full text ought to hold."""
        with self.engine.connect() as connection:
            return set(connection.scalars(select(passages.c.entry_id)))

    def vector_ids(self) -> set[str]:
        """Ids of all vectors: what the vector store ought to hold."""
        with self.engine.connect() as connection:
            return set(connection.scalars(select(passages.c.vector_id)))

    def ask_rebuild(self) -> None:
        """Have the owner of the caches make them afresh."""
        with self.writing() as connection:
            connection.execute(update(passages).values(indexed=False))
            connection.execute(delete(removals))
            _set(connection, "rebuild", "asked")

    def rebuild_asked(self) -> bool:
        """Whether the caches are to be made afresh."""
        with self.engine.connect() as connection:
            value = connection.scalar(select(facts.c.value).where(facts.c.name == "rebuild"))
        return value == "asked"

    def rebuild_begun(self) -> None:
        """Note that the caches are empty and wait to be filled."""
        with self.writing() as connection:
            _set(connection, "rebuild", "begun")


T = TypeVar("T")


def in_turn(ids: Iterable[T]) -> Iterator[list[T]]:
    """A few hundred at a time: SQLite takes only so many in one statement."""
    every = list(ids)
    for at in range(0, len(every), 500):
        yield every[at : at + 500]


def _words_of(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """What texts say, in the wording of one of the articles that print each."""
    first = select(func.min(articles.c.id)).where(articles.c.text_id == texts.c.id)
    query = select(texts.c.number, articles.c.text).join(
        articles, articles.c.id == first.correlate(texts).scalar_subquery()
    )
    return {
        row.number: row.text
        for some in in_turn(sorted(numbers))
        for row in connection.execute(query.where(texts.c.number.in_(some)))
    }


def _alike(connection: Connection, numbers: Collection[int]) -> list[tuple[int, int]]:
    """These texts with those compared before, or now, that share a band with them, each once."""
    one, other = text_bands.alias("one_band"), text_bands.alias("other_band")
    query = (
        select(one.c.text, other.c.text)
        .join(other, other.c.value == one.c.value)
        .where(one.c.text != other.c.text)
        .distinct()
    )
    return sorted(
        {
            (min(row), max(row))
            for some in in_turn(numbers)
            for row in connection.execute(query.where(one.c.text.in_(some)))
        }
    )


_CHANGE = ("field", "was", "becomes", "start", "prefix", "suffix")


def _corrections(connection: Connection, article_ids: Iterable[str]) -> list[Correction]:
    """What was put right in these articles, in the order in which it was."""
    query = select(corrections)
    found = [
        _correction(row)
        for some in in_turn(article_ids)
        for row in connection.execute(query.where(corrections.c.article_id.in_(some)))
    ]
    return sorted(found, key=lambda each: each.number)


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        row.number,
        row.article_id,
        Change(Field(row.field), row.was, row.becomes, row.start, row.prefix, row.suffix),
        row.who,
        row.why,
        row.made_at,
        row.applied,
    )


def _note_removals(connection: Connection, held: Sequence[tuple[str, str]]) -> None:
    """Note entries, each with its vector, that the caches may have to forget."""
    if held:
        connection.execute(
            insert(removals),
            [{"entry_id": entry, "vector_id": vector} for entry, vector in held],
        )


def _set(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(facts).where(facts.c.name == name))
    connection.execute(insert(facts).values(name=name, value=value))


def _within(selection: Selection) -> ColumnElement[bool]:
    """Say of an article what ``Selection.covers`` says, in SQL."""
    day = articles.c.date
    conditions: list[ColumnElement[bool]] = []
    if selection.publication is not None:
        conditions.append(articles.c.publication == selection.publication)
    if selection.since or selection.until:
        unknown = day >= YEAR_UNKNOWN  # behind every year; ranges, for their index
        known = day.between(
            (selection.since or date.min).isoformat(), (selection.until or date.max).isoformat()
        )
        month_day = func.substr(day, 6)
        some_year = or_(
            *(
                month_day.between(_month_day(first), _month_day(last))
                for first, last in selection.month_days
            )
        )
        conditions.append(or_(known, and_(unknown, some_year)))
    return and_(True, *conditions)


def _on(shelf: Shelf) -> list[ColumnElement[bool]]:
    """Whether an article stands on a shelf."""
    conditions = [_within(shelf.selection)]
    if shelf.page is not None:
        conditions.append(_printed_on(shelf.page))
    for column, line in ((articles.c.kicker, shelf.section), (articles.c.byline, shelf.byline)):
        if line is not None:
            conditions.append(column.cast(Text).contains(f"\n{line}\n", autoescape=True))
    return conditions


def _of_paper(publication: str | None) -> list[ColumnElement[bool]]:
    return [] if publication is None else [articles.c.publication == publication]


def _lines(value: str | None) -> list[str]:
    return [line for line in (value or "").split("\n") if line]


def _printed_on(page: str) -> ColumnElement[bool]:
    """Whether an article stands on a page, also with what it goes on with there."""
    goes_on = json.dumps(page, ensure_ascii=False)
    return or_(
        articles.c.page == page,
        articles.c.jumps.cast(Text).contains(f", {goes_on}]", autoescape=True),
    )


def _month_day(number: int) -> str:
    return f"{number // 100:02d}-{number % 100:02d}"


def _row(article: Article, source_id: int) -> dict[str, Any]:
    """Lay an article out as a row of its table."""
    names = (
        "id kicker headline byline correspondents photographers publication issued date page "
        "position continued_from continued_to jumps doubts text blocks"
    )
    row = {name: getattr(article, name) for name in names.split()}
    return row | {"source_id": source_id, "record": article.source.record}


def _wholes(seen: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of those of these ids that are halves', the article that each is part of."""
    of_halves = select(halves.c.id, halves.c.part_of).where(halves.c.id.in_(ids))
    return {row.id: row.part_of for row in seen.execute(of_halves)}


def _with_file(table: Table) -> Select[Any]:
    """Articles, or halves of them, with the file that each was read from."""
    return select(table, sources.c.file, sources.c.sha256).join(sources)


def _lift(connection: Connection, which: ColumnElement[bool]) -> None:
    """Forget some pages, with what stands where on them."""
    of_these = regions.c.leaf_id.in_(select(leaves.c.id).where(which))
    connection.execute(delete(regions).where(of_these))
    connection.execute(delete(leaves).where(which))


def _region(row: Row[Any], article: Article) -> Region:
    """Where an article or half of one stands on a page, and which page of the paper that is."""
    region = Region(Leaf(row.place, row.width, row.height, row.image), row.boxes)
    begun = [jump.page for jump in article.jumps if jump.start <= _begins(region)]
    return replace(region, page=[article.page, *begun][-1])


def _begins(region: Region) -> int:
    """With which character of its article's text a region begins."""
    return min((box.start for box in region.boxes if box.start is not None), default=0)


def _folder(origin: str) -> str:
    return origin.rpartition("/")[0]


_UNDATED = f"{date.max.toordinal():07d}"


def printed_first(place: str) -> tuple[bool, int, str]:
    """A key that sorts places as they were printed: by day, then by page; undated ones last."""
    age = place[:7]
    return age == _UNDATED, -int(age), place


def _printed_first() -> tuple[ColumnElement[Any], ...]:
    """The same in SQL."""
    age = func.substr(articles.c.place, 1, 7)
    return age == _UNDATED, age.desc(), articles.c.place


_PRINTED = (
    select(
        *(passages, articles.c.text, articles.c.text_id),
        *(articles.c.date, articles.c.publication),
    )
    .join(articles)
    .order_by(*_printed_first(), passages.c.start)
)
# What each search asks is put together once; that takes longer than many an answer to it.
_WITH_ENTRIES = _PRINTED.where(passages.c.entry_id.in_(listed()))
_WITH_VECTORS = _PRINTED.where(passages.c.vector_id.in_(listed()))
_VECTORS_OF = select(passages.c.entry_id, passages.c.vector_id).where(
    passages.c.entry_id.in_(listed())
)
_one, _other = texts.alias("one_text"), texts.alias("other_text")
_NEAR = (
    select(_one.c.id, _other.c.id)
    .join(near_texts, near_texts.c.one == _one.c.number)
    .join(_other, _other.c.number == near_texts.c.other)
    .where(_one.c.id.in_(listed()))
)


def _place(article: Article) -> str:
    """Spell where an article belongs in a list, newest first, so that places sort as text."""
    told = article.issued or _day(article.date)
    return f"{_age(told)}/{_counted(article.page)}/{article.position:06d}/{article.id}"


def _cursor(place: str) -> str:
    """Wrap up a place; what follows it is found again though its article be gone."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place_of(cursor: str) -> str:
    """Unwrap it. Raises ``ValueError`` for a cursor that no list has given."""
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        place = ""
    if not _PLACE.fullmatch(place) or _cursor(place) != cursor:
        raise ValueError("the cursor is of no list here: start again without it")
    return place


def _age(day: date | None) -> str:
    """Spell a day so that later ones come first, and none last."""
    return f"{date.max.toordinal() - (day.toordinal() if day else 0):07d}"


def _is_marked(article: Article) -> bool:
    """Whether a page says of an article that it jumps."""
    return bool(article.continued_from or article.continued_to)


def _counted(page: str | None) -> str:
    """Spell a page so that A2 comes before A10, A10 before B1, and no page last."""
    if page is None:
        return "\uffff"
    section = re.sub(r"[0-9]{1,6}$", "", page)
    return f"{section.strip().upper()}{page[len(section) :].rjust(6, '0')}"


def _day(edtf: str | None) -> date | None:
    return None if edtf is None or edtf.startswith(YEAR_UNKNOWN) else date.fromisoformat(edtf)


def _article(row: RowMapping) -> Article:
    return Article(
        id=row["id"],
        kicker=row["kicker"],
        headline=row["headline"],
        byline=row["byline"],
        correspondents=row["correspondents"],
        photographers=row["photographers"],
        publication=row["publication"],
        issued=row["issued"],
        date=row["date"],
        page=row["page"],
        position=row["position"],
        continued_from=row["continued_from"],
        continued_to=row["continued_to"],
        jumps=row["jumps"],
        doubts=tuple(map(Doubt, row["doubts"])),
        text=row["text"],
        blocks=row["blocks"],
        source=Source(row["file"], row["sha256"], row["record"]),
    )


def _passage(row: RowMapping) -> Passage:
    return Passage(
        row["id"],
        row["article_id"],
        row["start"],
        row["end"],
        row["heading"],
        row["text"][row["start"] : row["end"]],
    )
