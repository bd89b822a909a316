"""Passages found by their words, in tantivy: a cache of the catalogue that can be made afresh.

What several articles print is one entry, with the days and publications of them all.
Texts are cut into words and bigrams before tantivy sees them, and it keeps neither the texts
nor the order of their words. Any process may search; one at a time may write.
"""

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import ClassVar, Protocol

from filelock import FileLock
from tantivy import (
    Document,
    FieldType,
    Index,
    IndexWriter,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from vectorstore.selection import YEAR_UNKNOWN, Selection, month_day
from vectorstore.words import bigrams, fold, is_chinese, simplified, words

logger = logging.getLogger(__name__)

HEADING_WEIGHT = 0.5
"""What a word of the headline counts beside one of the text, which is shorter by much."""
_MEMORY = 64_000_000
_VERSION_FILE = "version"


class DamagedIndex(RuntimeError):
    """A full text that can't be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as it is to be found."""

    id: str
    text: str
    heading: str = ""
    days: tuple[str, ...] = ()
    """The days told of, in EDTF: ``2022-07-14``, or ``XXXX-07-14`` without a year."""
    publications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ids of entries and their BM25 scores, best first, by each way of cutting a text."""

    words: tuple[tuple[str, float], ...] = ()
    bigrams: tuple[tuple[str, float], ...] = ()


class WordIndex(Protocol):
    """What finds passages by their words: tantivy on one machine, PostgreSQL for several."""

    def add(self, entries: Iterable[Entry], /) -> None:
        """Add these, found as soon as it returns; one that is there already is replaced."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take these out; an id that isn't there is no fault."""

    def clear(self) -> None:
        """Forget everything."""

    def search(self, query: str, limit: int, selection: Selection = ...) -> Ranked:
        """The entries of the selection that have most and rarest words of the query."""

    def holding(self, query: str, limit: int, selection: Selection = ...) -> tuple[str, ...]:
        """Ids of the entries of the selection that have every word of the query, best first."""

    def ids(self) -> set[str]:
        """The ids of all passages that are there."""

    def count(self) -> int:
        """How many passages there are."""


class FullText:
    """The words of all passages. What can't be read, or is of another version, begins empty."""

    version: ClassVar[str] = f"3, cut by rjieba {version('rjieba')}"
    """Changes when the same passages would be kept in another way."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writing = Lock()
        self._schema = _schema()
        directory.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(directory.with_name(f".{directory.name}.lock")):  # one makes it afresh
            self._index = self._open()

    def add(self, entries: Iterable[Entry]) -> None:
        """Add these, found as soon as it returns; one that is there already is replaced."""
        with self._changing() as writer:
            for entry in entries:
                writer.delete_documents_by_term("id", entry.id)
                writer.add_document(_document(entry))

    def remove(self, ids: Iterable[str]) -> None:
        """Take these out; an id that isn't there is no fault."""
        with self._changing() as writer:
            for each in ids:
                writer.delete_documents_by_term("id", each)

    def clear(self) -> None:
        """Forget everything."""
        with self._changing() as writer:
            writer.delete_all_documents()

    def search(
        self,
        query: str,
        limit: int,
        selection: Selection = Selection(),
    ) -> Ranked:
        """The entries of the selection that have most and rarest words of the query.

        Of one with several places, day and publication may be of two of them.

        The query is words and nothing else: no character in it has a meaning of its own.
        """
        cut, pairs = dict.fromkeys(words(query)), dict.fromkeys(bigrams(query))
        by_word = [self._term("words", word) for word in cut] + [
            Query.boost_query(self._term("heading", word), HEADING_WEIGHT) for word in cut
        ]
        by_pair = [self._term("bigrams", pair) for pair in pairs]
        within = self._within(selection)
        with self._reading() as searcher:
            return Ranked(
                _best(searcher, by_word, within, limit), _best(searcher, by_pair, within, limit)
            )

    def holding(
        self, query: str, limit: int, selection: Selection = Selection()
    ) -> tuple[str, ...]:
        """Ids of the entries of the selection that have every word of the query, best first.

        Chinese characters are found in a row as they are typed, a single one anywhere; of a word in
        letters its beginning will do, so that it is found while it is being typed.
        """
        wanted = [each for term in query.split() for each in self._holding(term)]
        with self._reading() as searcher:
            ranked = _best(searcher, wanted, self._within(selection), limit, Occur.Must)
        return tuple(id_ for id_, _ in ranked)

    def _holding(self, term: str) -> Iterator[Query]:
        """What an entry must have to hold a term that has no space in it."""
        yield from (self._term("bigrams", pair) for pair in dict.fromkeys(bigrams(term)))
        for word in dict.fromkeys(words(term)):
            if not is_chinese(word):
                yield self._either(*(self._begun(field, word) for field in ("words", "heading")))
        if len(only := simplified(fold(term)).strip()) == 1 and is_chinese(only):
            pairs = f"({only}.|.{only})"
            yield self._either(
                Query.regex_query(self._schema, "bigrams", pairs),
                *(self._term(field, only) for field in ("words", "heading")),
            )

    def _begun(self, field: str, word: str) -> Query:
        """A word, or what begins with it where it is made of letters: of numbers all must be there."""
        if word.isalpha():
            return Query.regex_query(self._schema, field, f"{word}.*")
        return self._term(field, word)

    def _either(self, *queries: Query) -> Query:
        return Query.boolean_query([(Occur.Should, each) for each in queries])

    def ids(self) -> set[str]:
        """The ids of all passages that are there."""
        with self._reading() as searcher:
            alive = Query.all_query()  # terms outlive what was removed
            return {term for term, _ in searcher.terms_with_prefix("id", "", alive)}

    def count(self) -> int:
        """How many passages there are."""
        with self._reading() as searcher:
            return int(searcher.num_docs)

    @contextmanager
    def _changing(self) -> Iterator[IndexWriter]:
        with self._writing:
            writer = self._index.writer(_MEMORY, num_threads=1)
            writer.garbage_collect_files()  # a commit that was killed left names it needs again
            yield writer
            writer.commit()
            writer.wait_merging_threads()

    @contextmanager
    def _reading(self) -> Iterator[Searcher]:
        try:
            self._index.reload()  # cheap, and shows what another process has added
            yield self._index.searcher()
        except ValueError as error:
            raise DamagedIndex(
                f"the full text in {self._directory} can't be read ({error}): run `baowen rebuild`"
            ) from error

    def _within(self, selection: Selection) -> list[Query]:
        """Conditions that together say what ``Selection.covers`` says."""
        kept = []
        if selection.publication is not None:
            kept.append(self._term("publication", selection.publication, "basic"))
        if selection.since or selection.until:
            spans = [self._span("day", _number(selection.since), _number(selection.until))]
            spans += [self._span("month_day", *span) for span in selection.month_days]
            kept.append(Query.boolean_query([(Occur.Should, span) for span in spans]))
        return kept

    def _span(self, field: str, first: int | None, last: int | None) -> Query:
        return Query.range_query(self._schema, field, FieldType.Integer, first, last)

    def _term(self, field: str, value: str, index_option: str = "freq") -> Query:
        return Query.term_query(self._schema, field, value, index_option)

    def _open(self) -> Index:
        mark = self._directory / _VERSION_FILE
        try:
            if mark.read_text(encoding="utf-8") == self.version:
                index = _cut_at_spaces(Index.open(str(self._directory)))
                index.searcher().search(Query.all_query(), 1)
                return index
            logger.info("%s is of another version and is made afresh", self._directory)
        except FileNotFoundError:
            pass  # the first time
        except (ValueError, OSError) as error:
            logger.warning("%s can't be read (%s) and is made afresh", self._directory, error)
        if self._directory.exists():
            shutil.rmtree(self._directory)
        self._directory.mkdir()
        index = _cut_at_spaces(Index(self._schema, str(self._directory)))
        mark.write_text(self.version, encoding="utf-8")
        return index


def _best(
    searcher: Searcher,
    terms: Sequence[Query],
    within: Sequence[Query],
    limit: int,
    occur: Occur = Occur.Should,
) -> tuple[tuple[str, float], ...]:
    if not terms or limit < 1:
        return ()
    query = Query.boolean_query([(occur, term) for term in terms])
    if within:
        query = Query.boolean_query(
            [(Occur.Must, query)]
            + [(Occur.Must, Query.const_score_query(kept, 0.0)) for kept in within]
        )
    hits = searcher.search(query, limit, count=False).hits
    return tuple((str(searcher.doc(place).get_first("id")), score) for score, place in hits)


def _schema() -> Schema:
    schema = SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("words", "heading", "bigrams"):
        schema.add_text_field(field, tokenizer_name="spaces", index_option="freq")
    for field in ("day", "month_day"):
        schema.add_integer_field(field, indexed=True, fast=True)
    schema.add_text_field("publication", tokenizer_name="raw", index_option="basic")
    return schema.build()


def _cut_at_spaces(index: Index) -> Index:
    index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def _number(day: date | None) -> int | None:
    """A day as one number that sorts: 20220714."""
    return None if day is None else day.year * 10_000 + month_day(day)


def _document(entry: Entry) -> Document:
    document = Document()
    document.add_text("id", entry.id)
    document.add_text("words", " ".join(words(entry.text)))
    document.add_text("heading", " ".join(words(entry.heading)))
    document.add_text("bigrams", " ".join(bigrams(f"{entry.heading}\n{entry.text}")))
    for publication in entry.publications:
        document.add_text("publication", publication)
    for day in entry.days:
        if day.startswith(YEAR_UNKNOWN):
            document.add_integer("month_day", int(day[5:7]) * 100 + int(day[8:10]))
        else:
            document.add_integer("day", int(day.replace("-", "")))
    return document
