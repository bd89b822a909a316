"""Search, rank, refuse or write, cite: how a question becomes an answer."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from qa.answers import CATALOGUE, Answer, Citation, Evidence, Question, Searched, Sentence
from qa.citing import cite, quotable
from qa.holdings import holdings, is_asked
from qa.ledger import Ledger, marked
from qa.ranking import Ranker
from qa.reckoning import Order, Reckoned, order_of, reckon
from qa.understanding import standalone, understand
from qa.writing import choose, outermost
from vectorstore.articles import Article, Passage
from vectorstore.catalogue import Catalogue
from vectorstore.search import Hit, Searcher
from vectorstore.selection import Selection
from vectorstore.words import words

HITS = 12
"""Passages that are read for an answer."""
EDGE = timedelta(60)
"""Days from the newest or oldest issue in which the newest or oldest of several is looked for."""
RELATED = 3
"""Near misses shown with a refusal."""


@dataclass(frozen=True, slots=True)
class SearchEvent:
    """What was searched, and the best of what was found."""

    searched: Searched
    standalone_question: str
    hits: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer's text; all pieces together are the text."""

    text: str


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """A citation that the text so far refers to."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """The whole answer, when it is kept in the ledger."""

    answer: Answer


Event = SearchEvent | Delta | CitationEvent | AnswerEvent


class Answerer:
    """Answers questions from one archive, and keeps each answer in the ledger."""

    def __init__(
        self, catalogue: Catalogue, searcher: Searcher, ranker: Ranker, ledger: Ledger
    ) -> None:
        self.catalogue = catalogue
        self.searcher = searcher
        self.ranker = ranker
        self.ledger = ledger

    def answer(self, question: Question) -> Answer:
        """Answer in one go."""
        *_, last = self.events(question)
        if not isinstance(last, AnswerEvent):
            raise TypeError("the last event is the answer")
        return last.answer

    def events(self, question: Question) -> Iterator[Event]:
        """Answer step by step, each told as it is done."""
        begun = perf_counter()
        reckoned = self._reckoned(question)
        alone, asked = reckoned.text, understand(reckoned.bare)
        since, until = question.since, question.until
        if reckoned.span and reckoned.narrows and not since and not until:
            since, until = reckoned.span
        selection = Selection(since=since, until=until, publication=question.publication)
        searched = Searched(
            passages=self.catalogue.passages_in(selection),
            since=since,
            until=until,
            publication=question.publication,
        )
        if is_asked(question.text, self.catalogue.publications()):
            yield from self._of_the_archive(question, selection, searched, begun)
            return
        queries = tuple(dict.fromkeys((reckoned.bare, question.text)))
        hits, articles = self._hits(queries, selection, HITS)
        if reckoned.order and not since and not until:
            hits, articles = self._hits_in_order(reckoned.order, queries, selection, hits, articles)
        yield SearchEvent(searched, alone, tuple(_found(alone, hits[:RELATED], articles)))
        found = perf_counter()
        evidence: Sequence[Evidence] = self.ranker.rank(asked, hits, articles)
        ranked = perf_counter()
        if reckoned.order:
            evidence = outermost(evidence, articles, reckoned.order)
        sentences, citations = _cited(choose(asked, evidence), articles)
        text = ""
        for at, citation in enumerate(citations, start=1):
            yield CitationEvent(citation)
            told, text = text, marked(sentences[:at])
            yield Delta(text[len(told) :])
        if not sentences:
            text = refusal(question.text, searched)
            yield Delta(text)
        written = perf_counter()
        answer = Answer(
            id=secrets.token_hex(16),
            conversation=question.conversation or secrets.token_hex(16),
            question=question.text,
            standalone_question=alone,
            answered=bool(sentences),
            text=text,
            sentences=sentences,
            citations=citations,
            searched=searched,
            related=() if sentences else tuple(_related(evidence, articles)),
            timings_ms={
                "search": round((found - begun) * 1000),
                "rank": round((ranked - found) * 1000),
                "write": round((written - ranked) * 1000),
                "total": round((written - begun) * 1000),
            },
        )
        self.ledger.keep(answer)
        yield AnswerEvent(answer)

    def _reckoned(self, question: Question) -> Reckoned:
        """The question by itself, its days counted from the day that it names.

        They are counted from today only if the archive has newspapers of the days that are meant:
        who asks an old archive for 去年 means what its articles call so.
        """
        alone = standalone(question.text, question.history)
        reckoned = reckon(alone, question.as_of or datetime.now().astimezone().date())
        if reckoned.span is None or question.as_of:
            return reckoned
        since, until = reckoned.span
        held = any(since <= day <= until for _, day, _ in self.catalogue.issues())
        return reckoned if held else order_of(alone)

    def _hits_in_order(
        self,
        order: Order,
        queries: Sequence[str],
        selection: Selection,
        hits: list[Hit],
        articles: dict[str, Article],
    ) -> tuple[list[Hit], dict[str, Article]]:
        """Put the best of the newest or oldest days before what was found in all of them."""
        days = [
            day
            for publication, day, _ in self.catalogue.issues()
            if selection.publication in (None, publication)
        ]
        if not days:
            return hits, articles
        newest = order is Order.NEWEST
        edge = Selection(
            since=max(days) - EDGE if newest else None,
            until=None if newest else min(days) + EDGE,
            publication=selection.publication,
        )
        first, more = self._hits(queries, edge, HITS // 3)
        seen = {hit.passage.id for hit in first}
        both = [*first, *(hit for hit in hits if hit.passage.id not in seen)]
        return both[:HITS], articles | more

    def _of_the_archive(
        self, question: Question, selection: Selection, searched: Searched, begun: float
    ) -> Iterator[Event]:
        """Answer from the catalogue what is asked about the archive itself."""
        yield SearchEvent(searched, question.text, ())
        told = holdings(question.text, selection, self.catalogue)
        answer = Answer(
            id=secrets.token_hex(16),
            conversation=question.conversation or secrets.token_hex(16),
            question=question.text,
            standalone_question=question.text,
            answered=True,
            text=marked(sentences := tuple(Sentence(each, ()) for each in told)),
            sentences=sentences,
            searched=searched,
            writer=CATALOGUE,
            timings_ms=dict.fromkeys(("search", "total"), round((perf_counter() - begun) * 1000)),
        )
        yield Delta(answer.text)
        self.ledger.keep(answer)
        yield AnswerEvent(answer)

    def search(self, query: str, selection: Selection, limit: int) -> list[tuple[float, Citation]]:
        """Find passages, best first, each with the sentence in it nearest to the query."""
        hits, articles = self._hits((query,), selection, limit)
        citations = _found(query, hits, articles)
        self.ledger.keep_citations(citations)
        return [(hit.score, each) for hit, each in zip(hits, citations, strict=True)]

    def finds(self, question: str, article_id: str, start: int, end: int) -> bool:
        """Whether the answer would quote this stretch of an article; nothing is kept."""
        asked = understand(question)
        hits, articles = self._hits((question,), Selection(), HITS)
        chosen = choose(asked, self.ranker.rank(asked, hits, articles))
        return any(
            each.article_id == article_id and start < each.end and each.start < end
            for each in chosen
        )

    def _hits(
        self, queries: Sequence[str], selection: Selection, limit: int
    ) -> tuple[list[Hit], dict[str, Article]]:
        """Passages and their articles; one that was taken out this moment is left out."""
        hits = self.searcher.search(queries, selection=selection, limit=limit)
        articles = self.catalogue.articles_by_id({hit.passage.article_id for hit in hits})
        return [hit for hit in hits if hit.passage.article_id in articles], articles


def refusal(question: str, searched: Searched) -> str:
    """Say that the archive doesn't say, and what was searched."""
    span = (searched.since, searched.until)
    if any("一" <= char <= "鿿" for char in question):
        days = "{}至{}的".format(*(day or "…" for day in span)) if any(span) else ""
        paper = f"《{searched.publication}》" if searched.publication else "报纸档案"
        return f"{days}{paper}里没有这个问题的答案。共检索了 {searched.passages} 个段落。"
    days = " from {} to {}".format(*(day or "…" for day in span)) if any(span) else ""
    paper = searched.publication or "the archive"
    return f"Nothing in {paper}{days} answers this. {searched.passages} passages were searched."


def _cited(
    chosen: Iterable[Evidence], articles: Mapping[str, Article]
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Turn evidence into sentences and their citations, numbered in the order they appear."""
    citations = tuple(
        cite(articles[each.article_id], each.start, each.end, number)
        for number, each in enumerate(chosen, start=1)
    )
    return tuple(Sentence(each.quote, (each.number or 0,)) for each in citations), citations


def _related(evidence: Iterable[Evidence], articles: Mapping[str, Article]) -> Iterator[Citation]:
    for each in list(evidence)[:RELATED]:
        yield cite(articles[each.article_id], each.start, each.end)


def _found(query: str, hits: Iterable[Hit], articles: Mapping[str, Article]) -> list[Citation]:
    """Cite of each passage the sentence that shares most words with the query."""
    asked = set(words(query))
    return [_nearest(asked, hit.passage, articles[hit.passage.article_id]) for hit in hits]


def _nearest(asked: set[str], passage: Passage, article: Article) -> Citation:
    spans = list(quotable(article, passage.start, passage.end))

    def shared(span: tuple[int, int]) -> tuple[int, int]:
        text = article.text[span[0] : span[1]]
        return len(asked.intersection(words(text))), -len(text)

    return cite(article, *max(spans, key=shared))
