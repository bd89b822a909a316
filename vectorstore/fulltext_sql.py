"""Passages found by their words, in PostgreSQL: the full text of an archive that several machines reach.

It is asked and answers as tantivy's does, cuts texts alike and ranks by the same BM25. What is
asked of an entry is a term, and all terms stand in one table, told apart by their first letter:
words of the text, words of the heading, pairs of characters, the last characters of runs (which begin no
pair), publications and days. Neither texts nor the order of their words are kept.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    SmallInteger,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
)

from vectorstore.dialects import vacuum, writing
from vectorstore.fulltext import HEADING_WEIGHT, Entry, FullText, Ranked
from vectorstore.selection import YEAR_UNKNOWN, Selection
from vectorstore.words import bigrams, fold, is_chinese, runs, simplified, words

WORD, HEADING, PAIR, LAST, PUBLICATION, DAY, MONTH_DAY = "whplndm"
"""With which letter the terms of each kind begin."""

LONGEST = 250
"""Characters of a term that are kept: an index of PostgreSQL takes only so much."""
_K1, _B = 1.2, 0.75
"""BM25's constants, as tantivy has them."""
_BEHIND = "\U0010ffff"
"""Comes behind whatever else a term goes on with."""

metadata = MetaData()
entries = Table(
    "fulltext_entries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column(WORD, Integer, nullable=False),  # how many words its text has, then its heading, …
    Column(HEADING, Integer, nullable=False),
    Column(PAIR, Integer, nullable=False),
)
postings = Table(
    "fulltext_postings",
    metadata,
    Column("term", Text(collation="C"), nullable=False),
    Column("entry", Integer, nullable=False, index=True),
    Column("frequency", SmallInteger, nullable=False),
    Column("length", Integer, nullable=False),  # of the field, as BM25 counts it
    # All that ranking reads is in the index, so that no row is looked for.
    Index(
        "ix_fulltext_postings_term",
        "term",
        "entry",
        unique=True,
        postgresql_include=["frequency", "length"],
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that counts for what is asked in one place of a query, or any that begins so."""

    place: int
    term: str
    boost: float = 1.0
    begun: bool = False


class SharedFullText:
    """The words of all passages. What is of another version begins empty."""

    version: ClassVar[str] = f"1, {FullText.version}"
    """Changes when the same passages would be kept in another way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.connect() as connection:
            if _version(connection) == self.version:
                return
        with writing(engine) as connection:
            if _version(connection) != self.version:  # another process has been here meanwhile
                metadata.drop_all(connection)
                metadata.create_all(connection)
                connection.execute(text(f"COMMENT ON TABLE {postings} IS '{self.version}'"))

    def add(self, added: Iterable[Entry]) -> None:
        """Add these, found as soon as it returns; one that is there already is replaced."""
        given = {entry.id: entry for entry in added}
        if not given:
            return
        cut = {id_: _terms(entry) for id_, entry in given.items()}
        lengths = [{"id": id_} | _lengths(terms) for id_, terms in cut.items()]
        with writing(self._engine) as connection:
            _remove(connection, given)
            rows = connection.execute(insert(entries).returning(entries), lengths).all()
            told = [
                {"term": term, "entry": row.number, "frequency": frequency, "length": length}
                for row in rows
                for term, frequency, length in _counted(cut[row.id], row._mapping)
            ]
            connection.execute(_INSERT, {"added": json.dumps(told, ensure_ascii=False)})

    def remove(self, ids: Iterable[str]) -> None:
        """Take these out; an id that isn't there is no fault."""
        with writing(self._engine) as connection:
            gone = _remove(connection, ids)
        if gone:
            vacuum(self._engine, metadata.tables)

    def clear(self) -> None:
        """Forget everything."""
        with writing(self._engine) as connection:
            connection.execute(text(f"TRUNCATE {postings}, {entries}"))

    def search(self, query: str, limit: int, selection: Selection = Selection()) -> Ranked:
        """The entries of the selection that have most and rarest words of the query.

        Of one with several places, day and publication may be of two of them.

        The query is words and nothing else: no character in it has a meaning of its own.
        """
        cut, pairs = dict.fromkeys(words(query)), dict.fromkeys(bigrams(query))
        by_word = [Wanted(0, _spelt(WORD, word)) for word in cut] + [
            Wanted(0, _spelt(HEADING, word), HEADING_WEIGHT) for word in cut
        ]
        by_pair = [Wanted(0, _spelt(PAIR, pair)) for pair in pairs]
        with self._engine.connect() as connection:
            return Ranked(
                _best(connection, by_word, selection, limit),
                _best(connection, by_pair, selection, limit),
            )

    def holding(
        self, query: str, limit: int, selection: Selection = Selection()
    ) -> tuple[str, ...]:
        """Ids of the entries of the selection that have every word of the query, best first.

        Chinese characters are found in a row as they are typed, a single one anywhere; of a word in
        letters its beginning will do, so that it is found while it is being typed.
        """
        asked = [each for term in query.split() for each in _alternatives(term)]
        wanted = [
            Wanted(place, term, begun=begun)
            for place, either in enumerate(asked)
            for term, begun in either
        ]
        with self._engine.connect() as connection:
            ranked = _best(connection, wanted, selection, limit, every=True)
        return tuple(id_ for id_, _ in ranked)

    def ids(self) -> set[str]:
        """The ids of all passages that are there."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(entries.c.id)))

    def count(self) -> int:
        """How many passages there are."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(entries)) or 0


_COLUMNS = (
    Column("term", Text),
    Column("entry", Integer),
    Column("frequency", SmallInteger),
    Column("length", Integer),
)
_ADDED = (  # as JSON, for the driver takes ten times as long to write arrays of as much
    func.json_to_recordset(bindparam("added", type_=Text).cast(JSON))
    .table_valued(*_COLUMNS)
    .render_derived(name="added", with_types=True)
)
_INSERT = insert(postings).from_select([each.name for each in _COLUMNS], select(*_ADDED.c))


def _rows(name: str, **columns: Any) -> Any:  # noqa: ANN401 - types of columns, and a table
    """A table of these columns, each bound as an array."""
    arrays = [bindparam(f"{name}_{column}", type_=kind) for column, kind in columns.items()]
    told = (Column(column, kind.item_type) for column, kind in columns.items())
    return func.unnest(*arrays).table_valued(*told).render_derived(name=name)


def _version(connection: Connection) -> str | None:
    """Of the tables that are there."""
    return connection.scalar(select(func.obj_description(func.to_regclass(postings.name))))


def _terms(entry: Entry) -> Counter[str]:
    """What an entry can be found by, and how often it has it."""
    all_of_it = f"{entry.heading}\n{entry.text}"
    return Counter(
        [
            *(_spelt(WORD, word) for word in words(entry.text)),
            *(_spelt(HEADING, word) for word in words(entry.heading)),
            *(_spelt(PAIR, pair) for pair in bigrams(all_of_it)),
            *{_spelt(LAST, run[-1]) for run in runs(all_of_it)},
            *{_published(publication) for publication in entry.publications},
            *{_told(day) for day in entry.days},
        ]
    )


def _spelt(kind: str, word: str) -> str:
    return f"{kind}{word}".replace("\0", "")[:LONGEST]


def _published(publication: str) -> str:
    """A publication's term: its digest, for a name may be of any length and is only compared."""
    return PUBLICATION + hashlib.sha256(publication.encode()).hexdigest()


def _told(day: str) -> str:
    """The term of a day in EDTF; those of a span of days stand together in their order."""
    if day.startswith(YEAR_UNKNOWN):
        return MONTH_DAY + day[5:7] + day[8:10]
    return DAY + day.replace("-", "")


def _lengths(terms: Counter[str]) -> dict[str, int]:
    """How many terms there are of each kind that is ranked by."""
    lengths = dict.fromkeys((WORD, HEADING, PAIR), 0)
    for term, frequency in terms.items():
        if term[0] in lengths:
            lengths[term[0]] += frequency
    return lengths


def _counted(terms: Counter[str], lengths: Any) -> Iterator[tuple[str, int, int]]:  # noqa: ANN401
    """Each term with how often it stands in its field, and the length of that.

    ``lengths`` are by the letters of the kinds.
    """
    told = {kind: _rounded(lengths[kind]) for kind in (WORD, HEADING, PAIR)}
    for term, frequency in terms.items():
        yield term, min(frequency, 2**15 - 1), told.get(term[0], 0)


def _rounded(length: int) -> int:
    """The length of a field as tantivy keeps it, in four digits of its binary.

    Up to 40 it is exact (Lucene's SmallFloat).
    """
    more = max(length - 24, 0)
    lost = max(more.bit_length() - 4, 0)
    return length - more + (more >> lost << lost)


def _remove(connection: Connection, ids: Iterable[str]) -> int:
    """Take entries out within a transaction; tell how many there were."""
    every = bindparam("ids", list(ids), ARRAY(Text))
    gone = connection.scalars(
        delete(entries).where(entries.c.id == func.any(every)).returning(entries.c.number)
    ).all()
    numbers = bindparam("numbers", gone, ARRAY(Integer))
    connection.execute(delete(postings).where(postings.c.entry == func.any(numbers)))
    return len(gone)


def _alternatives(term: str) -> Iterator[list[tuple[str, bool]]]:
    """What an entry must have to hold a term without spaces: of each list one.

    With each term comes whether any that begins with it will do.
    """
    for pair in dict.fromkeys(bigrams(term)):
        yield [(_spelt(PAIR, pair), False)]
    for word in dict.fromkeys(words(term)):
        if not is_chinese(word):
            yield [(_spelt(kind, word), word.isalpha()) for kind in (WORD, HEADING)]
    if len(only := simplified(fold(term)).strip()) == 1 and is_chinese(only):
        yield [(_spelt(PAIR, only), True), (_spelt(LAST, only), False)]


_ASKED = _rows(
    "asked",
    place=ARRAY(Integer),
    term=ARRAY(Text),
    weight=ARRAY(Double),
    slope=ARRAY(Double),
)
_BEGUN = _rows("begun", place=ARRAY(Integer), first=ARRAY(Text), behind=ARRAY(Text))


def _best(
    connection: Connection,
    wanted: Sequence[Wanted],
    selection: Selection,
    limit: int,
    *,
    every: bool = False,
) -> tuple[tuple[str, float], ...]:
    """Ids and scores of the best, of those that have something wanted in one place, or in every."""
    if not wanted or limit < 1:
        return ()
    whole = [each for each in wanted if not each.begun]
    begun = [each for each in wanted if each.begun]
    found = _scored(bool(begun)).subquery("found")
    score = func.sum(found.c.score).label("score")
    best = (
        select(found.c.entry, score)
        .where(*_within(selection, found.c.entry))
        .group_by(found.c.entry)
        .order_by(score.desc(), found.c.entry)
        .limit(limit)
    )
    if every:
        best = best.having(func.count(found.c.place.distinct()) == wanted[-1].place + 1)
    ranked = best.subquery("best")
    query = (
        select(entries.c.id, ranked.c.score)
        .join(entries, entries.c.number == ranked.c.entry)
        .order_by(ranked.c.score.desc(), ranked.c.entry)
    )
    told = _weighed(connection, whole) | {
        "begun_place": [each.place for each in begun],
        "begun_first": [each.term for each in begun],
        "begun_behind": [each.term + _BEHIND for each in begun],
    }
    return tuple((id_, score) for id_, score in connection.execute(query, told))


def _scored(begun: bool) -> Any:  # noqa: ANN401 - a select, or a union of two
    """What each posting counts for its entry, in which place of the query.

    A term that only begins as it was asked counts one, whatever it is.
    """
    frequency = postings.c.frequency
    dampened = frequency + _K1 * (1 - _B) + _ASKED.c.slope * postings.c.length
    whole: Select[Any] = select(
        _ASKED.c.place,
        postings.c.entry,
        (_ASKED.c.weight * frequency / dampened).label("score"),
    ).join(postings, postings.c.term == _ASKED.c.term)
    if not begun:
        return whole
    spans = _between(_BEGUN.c.first, _BEGUN.c.behind)
    kind = func.substr(postings.c.term, 1, 1)
    some = (
        select(_BEGUN.c.place, postings.c.entry, literal(1.0, Double).label("score"), kind)
        .join(postings, spans)
        .distinct()
        .subquery("some")
    )
    return union_all(whole, select(some.c.place, some.c.entry, some.c.score))


def _weighed(connection: Connection, wanted: Sequence[Wanted]) -> dict[str, list[Any]]:
    """The terms with what BM25 makes of how many entries have them and how long these are."""
    every = connection.execute(
        select(
            func.count().label("held"),
            *(func.sum(entries.c[kind]).label(kind) for kind in (WORD, HEADING, PAIR)),
        )
    ).one()
    asked = bindparam("asked", [each.term for each in wanted], ARRAY(Text))
    counted = (
        select(postings.c.term, func.count())
        .where(postings.c.term == func.any(asked))
        .group_by(postings.c.term)
    )
    having = dict(map(tuple, connection.execute(counted)))
    known = [each for each in wanted if each.term in having]

    def weight(each: Wanted) -> float:
        rare = (every.held - having[each.term] + 0.5) / (having[each.term] + 0.5)
        return each.boost * math.log1p(rare) * (1 + _K1)

    def slope(each: Wanted) -> float:
        length = every._mapping.get(each.term[0]) or 1
        return _K1 * _B * float(every.held) / float(length)

    return {
        "asked_place": [each.place for each in known],
        "asked_term": [each.term for each in known],
        "asked_weight": [weight(each) for each in known],
        "asked_slope": [slope(each) for each in known],
    }


def _between(first: Any, last: Any) -> ColumnElement[bool]:  # noqa: ANN401 - terms, or columns
    return and_(postings.c.term >= first, postings.c.term <= last)


def _within(selection: Selection, entry: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Conditions that together say what ``Selection.covers`` says."""
    kept: list[ColumnElement[bool]] = []
    if selection.publication is not None:
        kept.append(postings.c.term == _published(selection.publication))
    if selection.since or selection.until:
        first, last = (
            (day or edge).isoformat()
            for day, edge in ((selection.since, date.min), (selection.until, date.max))
        )
        spans = [(_told(first), _told(last))]
        spans += [(f"{MONTH_DAY}{a:04d}", f"{MONTH_DAY}{b:04d}") for a, b in selection.month_days]
        kept.append(or_(*(_between(*span) for span in spans)))
    return [entry.in_(select(postings.c.entry).where(condition)) for condition in kept]
