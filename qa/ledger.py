"""The ledger: answers, citations and conversations, kept as they were given."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from qa.answers import Answer, Citation, CitedArticle, Searched, Sentence, Status, Turn, Verdict
from qa.citing import also_in, cite, find_again
from vectorstore.articles import Article, Source
from vectorstore.catalogue import Catalogue, in_turn
from vectorstore.dialects import insert as insert_if_new
from vectorstore.dialects import listed
from vectorstore.tables import metadata
from vectorstore.words import is_chinese

GAP = {"zh": "〔这里引用的报道已撤下。〕", "en": "[The article quoted here was taken out.]"}

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("reader", String(32), index=True),  # the browser that it was begun in
    Column("name", Text),
)
answers = Table(
    "answers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # of the turn, from 1
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("notice", Text),
    Column("timings_ms", Text, nullable=False),
)
citations = Table(
    "citations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("article_id", String(32), nullable=False, index=True),  # may be gone by now
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
)
answer_citations = Table(
    "answer_citations",
    metadata,
    Column("answer_id", ForeignKey("answers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("citation_id", ForeignKey("citations.id"), nullable=False, index=True),
    Column("number", Integer),  # null for a passage that is only related
    Column("also", Text, nullable=False, server_default="[]"),  # ids of articles that held it too
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", ForeignKey("answers.id"), nullable=False, index=True),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("verdict", String(4), nullable=False),
    Column("comment", Text, nullable=False),
    Column("citation_id", String(32)),  # null where the whole answer is meant
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer, in the order in which it came."""

    answer_id: str
    given_at: datetime
    verdict: Verdict
    comment: str
    citation_id: str | None = None
    """The citation that is meant; None where the whole answer is."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reader said, and the answer that it was said of."""

    number: int
    """Grows from one feedback to the next."""
    feedback: Feedback
    answer: Answer

    @property
    def citation(self) -> Citation | None:
        """The citation that is meant; None where the whole answer is."""
        cited = (*self.answer.citations, *self.answer.related)
        return next((each for each in cited if each.id == self.feedback.citation_id), None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a reader's list shows it."""

    id: str
    name: str
    """The reader's own, or else the first question."""
    questions: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions asked one after another, and their answers."""

    id: str
    answers: tuple[Answer, ...]
    reader: str | None = None
    """The browser that it was begun in, if it was begun in one."""
    name: str | None = None
    """What that reader calls it."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a next question may refer to."""
        return tuple(
            Turn(each.standalone_question, each.text if each.answered else "")
            for each in self.answers
        )


class Ledger:
    """Keeps what was answered. Quotes are looked up in the catalogue each time they are shown."""

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self.engine = engine
        self.catalogue = catalogue

    def keep(self, answer: Answer) -> None:
        """Write an answer down with its citations, in one transaction.

        What was taken out while it was written is wiped from it at once.
        """
        cited = (*answer.citations, *answer.related)
        with self.catalogue.writing() as connection:
            self._keep_citations(connection, cited)
            connection.execute(
                insert_if_new(conversations)
                .values(id=answer.conversation, begun_at=datetime.now(UTC))
                .on_conflict_do_nothing()
            )
            turns = select(func.count()).where(answers.c.conversation_id == answer.conversation)
            connection.execute(
                insert(answers).values(
                    id=answer.id,
                    conversation_id=answer.conversation,
                    number=turns.scalar_subquery() + 1,
                    given_at=datetime.now(UTC),
                    question=answer.question,
                    standalone_question=answer.standalone_question,
                    answered=answer.answered,
                    text=answer.text,
                    sentences=_json(list(map(astuple, answer.sentences))),
                    searched=_json(asdict(answer.searched)),
                    writer=answer.writer,
                    notice=answer.notice,
                    timings_ms=_json(answer.timings_ms),
                )
            )
            if cited:
                connection.execute(
                    insert(answer_citations),
                    [
                        {
                            "answer_id": answer.id,
                            "position": position,
                            "citation_id": each.id,
                            "number": each.number,
                            "also": _json([other.id for other in each.also]),
                        }
                        for position, each in enumerate(cited)
                    ],
                )
            self._wipe_removed(connection, cited)

    def keep_citations(self, cited: Sequence[Citation]) -> None:
        """Write citations down so that their ids resolve for ever."""
        with self.catalogue.writing() as connection:
            self._keep_citations(connection, cited)
            self._wipe_removed(connection, cited)

    def answer(self, answer_id: str) -> Answer | None:
        """Find an answer as it was given; what became of its quotes is told as of now."""
        with self.engine.connect() as connection:
            row = (
                connection.execute(select(answers).where(answers.c.id == answer_id))
                .mappings()
                .first()
            )
        return self._answers([row])[0] if row else None

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Find a conversation with its answers, oldest first."""
        with self.engine.connect() as connection:
            kept = connection.execute(
                select(conversations).where(conversations.c.id == conversation_id)
            ).first()
            rows = (
                connection.execute(
                    select(answers)
                    .where(answers.c.conversation_id == conversation_id)
                    .order_by(answers.c.number)
                )
                .mappings()
                .all()
            )
        if kept is None:
            return None
        return Conversation(kept.id, tuple(self._answers(rows)), kept.reader, kept.name)

    def adopt(self, conversation_id: str, reader: str) -> None:
        """Put a conversation that nobody has on a reader's list."""
        with self.catalogue.writing() as connection:
            connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id, conversations.c.reader.is_(None))
                .values(reader=reader)
            )

    def rename(self, conversation_id: str, name: str | None) -> None:
        """Call a conversation so; None calls it by its first question again."""
        with self.catalogue.writing() as connection:
            connection.execute(
                update(conversations).where(conversations.c.id == conversation_id).values(name=name)
            )

    def conversations_of(
        self, reader: str, words: str | None = None, *, limit: int, skip: int = 0
    ) -> list[Listed]:
        """A reader's conversations, the last asked first; all words given are in each.

        They are looked for in its name, questions and answers.
        """
        of_it = answers.c.conversation_id == conversations.c.id
        turn = answers.alias()
        turns = select(turn.c.question).where(turn.c.conversation_id == conversations.c.id)
        first = turns.order_by(turn.c.number).limit(1)
        told = turns.with_only_columns(func.aggregate_strings(turn.c.question + turn.c.text, "\n"))
        last_at = func.max(answers.c.given_at).label("last_at")
        query = (
            select(
                conversations.c.id,
                func.coalesce(conversations.c.name, first.scalar_subquery()).label("name"),
                func.count().label("questions"),
                last_at,
            )
            .join(answers, of_it)
            .where(conversations.c.reader == reader)
            .group_by(conversations.c.id)
            .order_by(last_at.desc(), conversations.c.id)
            .limit(limit)
            .offset(skip)
        )
        for word in (words or "").split():
            everything = func.coalesce(conversations.c.name, "") + told.scalar_subquery()
            query = query.where(func.lower(everything).contains(word.lower(), autoescape=True))
        with self.engine.connect() as connection:
            return [Listed(**row) for row in connection.execute(query).mappings()]

    def forget(self, conversation_id: str) -> bool:
        """Delete a conversation and its answers; False where there is none. Citations stay."""
        with self.catalogue.writing() as connection:
            return bool(_forget(connection, [conversation_id]))

    def forget_before(self, moment: datetime) -> int:
        """Delete conversations in which nothing was asked since; tell how many. Citations stay."""
        old = (
            select(conversations.c.id)
            .outerjoin(answers, answers.c.conversation_id == conversations.c.id)
            .group_by(conversations.c.id)
            .having(func.coalesce(func.max(answers.c.given_at), conversations.c.begun_at) < moment)
        )
        with self.catalogue.writing() as connection:  # nothing is asked in them meanwhile
            ids = connection.scalars(old).all()
            return sum(_forget(connection, some) for some in in_turn(ids))

    def judge(
        self, answer_id: str, verdict: Verdict, comment: str, citation_id: str | None = None
    ) -> bool:
        """Keep what a reader says of an answer, or of one citation of it.

        False where there is no such answer, or it has no such citation.
        """
        known = select(answers.c.id).where(answers.c.id == answer_id)
        if citation_id:
            known = known.join(answer_citations).where(
                answer_citations.c.citation_id == citation_id
            )
        with self.catalogue.writing() as connection:
            if connection.scalar(known) is None:
                return False
            connection.execute(
                insert(feedback).values(
                    answer_id=answer_id,
                    given_at=datetime.now(UTC),
                    verdict=verdict,
                    comment=comment,
                    citation_id=citation_id,
                )
            )
        return True

    def feedback(self, answer_id: str) -> list[Feedback]:
        """What was said of an answer."""
        query = select(feedback).where(feedback.c.answer_id == answer_id).order_by(feedback.c.id)
        with self.engine.connect() as connection:
            return [_feedback(row) for row in connection.execute(query).mappings()]

    def judged(
        self, verdict: Verdict | None = None, *, before: int | None = None, limit: int
    ) -> list[Judged]:
        """What readers said, the newest first; of what was said before a number."""
        query = select(feedback).order_by(feedback.c.id.desc()).limit(limit)
        if verdict:
            query = query.where(feedback.c.verdict == verdict)
        if before is not None:
            query = query.where(feedback.c.id < before)
        with self.engine.connect() as connection:
            said = connection.execute(query).mappings().all()
            rows = connection.execute(
                select(answers).where(answers.c.id.in_([each["answer_id"] for each in said]))
            )
            of = {each.id: each for each in self._answers(rows.mappings().all())}
        return [Judged(each["id"], _feedback(each), of[each["answer_id"]]) for each in said]

    def citation(self, citation_id: str) -> Citation | None:
        """Find a citation by its id, what became of its quote, and where else it stands by now."""
        citation = self._citations([citation_id]).get(citation_id)
        if citation is None:
            return None
        reprints = self.catalogue.reprints_of([citation.article.id])
        return also_in(citation, reprints.get(citation.article.id, ()))

    def any_removed(self, citation_ids: Iterable[str]) -> bool:
        """Whether what one of these citations quoted was taken out for good."""
        gone = select(citations.c.id).where(
            citations.c.id.in_(listed(citation_ids)), citations.c.removed
        )
        with self.engine.connect() as connection:
            return connection.execute(gone.limit(1)).first() is not None

    def cited_by(self, article_id: str) -> int:
        """How many answers cite an article; which ones only those know who were given them."""
        query = self._citing(article_id).with_only_columns(func.count(answers.c.id.distinct()))
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def asked_by(self, reader: str, article_id: str, limit: int) -> list[tuple[str, str]]:
        """Ids and questions of a reader's own answers that cite an article, the last one first."""
        query = (
            self._citing(article_id)
            .join(conversations, conversations.c.id == answers.c.conversation_id)
            .where(conversations.c.reader == reader)
            .order_by(answers.c.given_at.desc(), answers.c.id)
            .limit(limit)
        )
        with self.engine.connect() as connection:
            return [(row.id, row.question) for row in connection.execute(query)]

    def _citing(self, article_id: str) -> Select[Any]:
        return (
            select(answers.c.id, answers.c.question, answers.c.given_at)
            .distinct()
            .join(answer_citations, answer_citations.c.answer_id == answers.c.id)
            .join(citations, citations.c.id == answer_citations.c.citation_id)
            .where(
                citations.c.article_id.in_(self.catalogue.parts([article_id])),
                answer_citations.c.number.is_not(None),
            )
        )

    def redact(self, connection: Connection, article_ids: Iterable[str]) -> None:
        """Wipe what was quoted of these articles, within the transaction that takes them out."""
        for some in in_turn(article_ids):
            self._redact(connection, citations.c.article_id.in_(some))

    def redact_lost(self, connection: Connection, article_ids: Sequence[str]) -> None:
        """Wipe what was quoted of words that these articles don't hold any more."""
        present = self.catalogue.articles_by_id(article_ids, connection)
        rows = connection.execute(
            select(citations.c.id, citations.c.article_id, citations.c.quote).where(
                citations.c.article_id.in_(article_ids)
            )
        )
        lost = [
            row.id
            for row in rows
            if row.article_id not in present or row.quote not in present[row.article_id].text
        ]
        for some in in_turn(lost):
            self._redact(connection, citations.c.id.in_(some))

    def _redact(self, connection: Connection, of_them: ColumnElement[bool]) -> None:
        ours = select(citations.c.id).where(of_them)
        hit = select(answer_citations.c.answer_id).where(
            answer_citations.c.citation_id.in_(ours), answer_citations.c.number.is_not(None)
        )
        for row in connection.execute(select(answers).where(answers.c.id.in_(hit))).mappings():
            gone = set(
                connection.scalars(
                    select(answer_citations.c.number).where(
                        answer_citations.c.answer_id == row["id"],
                        answer_citations.c.citation_id.in_(ours),
                    )
                )
            )
            gap = GAP["zh" if is_chinese(row["question"]) else "en"]
            told = [
                replace(each, text=gap) if gone.intersection(each.citations) else each
                for each in _sentences(row["sentences"])
            ]
            connection.execute(
                update(answers)
                .where(answers.c.id == row["id"])
                .values(
                    text=marked(told),
                    sentences=_json(list(map(astuple, told))),
                )
            )
        connection.execute(
            update(citations).where(of_them).values(quote="", prefix="", suffix="", removed=True)
        )

    def _keep_citations(self, connection: Connection, cited: Iterable[Citation]) -> None:
        new = {each.id: each for each in cited}
        rows = [
            {
                "id": each.id,
                "article_id": each.article.id,
                "start": each.start,
                "end": each.end,
                "quote": each.quote,
                "prefix": each.prefix,
                "suffix": each.suffix,
                "article": _json(asdict(each.article)),
                "removed": False,
            }
            for each in new.values()
        ]
        if not rows:
            return
        connection.execute(insert_if_new(citations).on_conflict_do_nothing(), rows)
        # The same files ingested again after a removal give the same citations: they are kept anew.
        gone = select(citations.c.id).where(citations.c.id.in_(new), citations.c.removed)
        for each in [new[id_] for id_ in connection.scalars(gone)]:
            connection.execute(
                update(citations)
                .where(citations.c.id == each.id)
                .values(quote=each.quote, prefix=each.prefix, suffix=each.suffix, removed=False)
            )

    def _wipe_removed(self, connection: Connection, cited: Iterable[Citation]) -> None:
        ids = {each.article.id for each in cited}
        if gone := ids - self.catalogue.known(ids, connection):
            self.redact(connection, gone)

    def _answers(self, rows: Sequence[RowMapping]) -> list[Answer]:
        with self.engine.connect() as connection:
            links = connection.execute(
                select(answer_citations)
                .where(answer_citations.c.answer_id.in_([row["id"] for row in rows]))
                .order_by(answer_citations.c.position)
            ).all()
        found = self._citations({link.citation_id for link in links})
        told = {link: json.loads(link.also) for link in links}
        printed = self.catalogue.articles_by_id({each for also in told.values() for each in also})
        return [
            _answer(
                row,
                [
                    replace(
                        also_in(
                            found[link.citation_id],
                            [printed[each] for each in told[link] if each in printed],
                        ),
                        number=link.number,
                    )
                    for link in links
                    if link.answer_id == row["id"]
                ],
            )
            for row in rows
        ]

    def _citations(self, ids: Iterable[str]) -> dict[str, Citation]:
        with self.engine.connect() as connection:
            rows = (
                connection.execute(select(citations).where(citations.c.id.in_(list(ids))))
                .mappings()
                .all()
            )
        present = self.catalogue.articles_by_id({row["article_id"] for row in rows})
        return {row["id"]: _citation(row, present) for row in rows}


def marked(sentences: Iterable[Sentence]) -> str:
    """Write sentences as one text, each followed by its marks, those of a timeline a line each.

    >>> marked([Sentence("今天有雨。", (1,)), Sentence("It rained.", (2, 3))])
    '今天有雨。[1] It rained.[2][3]'
    """
    text = ""
    for sentence in sentences:
        gap = "\n" if sentence.day else " " if sentence.text[:1].isascii() else ""
        text += (
            gap * bool(text)
            + sentence.text
            + "".join(f"[{number}]" for number in sentence.citations)
        )
    return text


def _forget(connection: Connection, conversation_ids: Sequence[str]) -> int:
    of_them = select(answers.c.id).where(answers.c.conversation_id.in_(conversation_ids))
    connection.execute(delete(answer_citations).where(answer_citations.c.answer_id.in_(of_them)))
    connection.execute(delete(feedback).where(feedback.c.answer_id.in_(of_them)))
    connection.execute(delete(answers).where(answers.c.conversation_id.in_(conversation_ids)))
    gone = delete(conversations).where(conversations.c.id.in_(conversation_ids))
    return connection.execute(gone).rowcount


def _citation(row: RowMapping, present: Mapping[str, Article]) -> Citation:
    kept = json.loads(row["article"])
    told = CitedArticle(
        **kept
        | {
            "issued": date.fromisoformat(kept["issued"]) if kept["issued"] else None,
            "source": Source(**kept["source"]),
            "byline": tuple(kept["byline"]),
        }
    )
    citation = Citation(
        id=row["id"],
        quote=row["quote"],
        prefix=row["prefix"],
        suffix=row["suffix"],
        start=row["start"],
        end=row["end"],
        article=told,
    )
    article = present.get(row["article_id"])
    if row["removed"] and article and (back := _back(citation, article)):
        return back
    if row["removed"] or article is None:
        return replace(citation, status=Status.REMOVED, quote="", prefix="", suffix="")
    return find_again(citation, article)


def _back(citation: Citation, article: Article) -> Citation | None:
    """The citation as it was, if its article is in the archive again; its id tells its words."""
    try:
        again = cite(article, citation.start, citation.end)
    except ValueError:
        return None
    return replace(again, article=citation.article) if again.id == citation.id else None


def _answer(row: RowMapping, cited: Sequence[Citation]) -> Answer:
    searched = json.loads(row["searched"])
    for end in ("since", "until"):
        searched[end] = date.fromisoformat(searched[end]) if searched[end] else None
    return Answer(
        id=row["id"],
        conversation=row["conversation_id"],
        question=row["question"],
        standalone_question=row["standalone_question"],
        answered=row["answered"],
        text=row["text"],
        sentences=tuple(_sentences(row["sentences"])),
        citations=tuple(each for each in cited if each.number is not None),
        searched=Searched(**searched),
        related=tuple(each for each in cited if each.number is None),
        writer=row["writer"],
        notice=row["notice"],
        timings_ms=json.loads(row["timings_ms"]),
    )


def _feedback(row: RowMapping) -> Feedback:
    return Feedback(
        row["answer_id"],
        row["given_at"],
        Verdict(row["verdict"]),
        row["comment"],
        row["citation_id"],
    )


def _sentences(text: str) -> list[Sentence]:
    return [Sentence(words, tuple(numbers), *day) for words, numbers, *day in json.loads(text)]


def _json(value: Any) -> str:  # noqa: ANN401 - whatever a column keeps as JSON
    return json.dumps(value, ensure_ascii=False, default=str)
