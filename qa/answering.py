"""Search, rank, refuse or write, cite: how a question becomes an answer."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from time import perf_counter
from typing import Any

from qa.answers import (
    CATALOGUE,
    EXTRACTIVE,
    Answer,
    Citation,
    Evidence,
    Question,
    Searched,
    Sentence,
)
from qa.citing import also_in, cite, quotable
from qa.composing import SHOWN, ChatUnavailable, Composer, Declined
from qa.differing import differ, difference
from qa.followups import answered_before, in_context, parted, standalone
from qa.holdings import holdings, is_asked
from qa.ledger import Ledger, marked
from qa.ranking import REREAD, Ranker, fitness
from qa.reckoning import Order, Reckoned, order_of, reckon
from qa.refusing import instead, refusal, unmentioned, unpinned
from qa.timelines import dated, questions_of, timeline
from qa.understanding import Asked, Sort, plain, understand
from qa.variants import printed_otherwise
from qa.writing import choose, once, outermost
from vectorstore.articles import Article, Passage
from vectorstore.catalogue import Catalogue
from vectorstore.search import Hit, Searcher
from vectorstore.selection import Selection
from vectorstore.words import is_chinese, words

HITS = 12
"""Passages that are read for an answer."""
REPHRASED = 0.25
"""What another wording of a question counts in the search beside its first."""
LEANING, FOLLOWING = (1.0, 0.5), (0.5, 0.25)
"""What a follow-up counts in the search after the question before it, and after that one's answer.

One that leans on them by its words counts more than another. Chosen on 312 follow-ups of our own
and 300 changes of subject.
"""
WIDER = 4
"""Times as many that are searched where several articles answer together."""
EDGE = timedelta(60)
"""Days from the newest or oldest issue in which the newest or oldest of several is looked for."""
UNANSWERED = (
    "大模型没有回答，下面是报纸的原文。",
    "The chat model did not answer; these are the newspaper's own words.",
)
BROKEN = (
    "大模型没有说完，有出处的话都在下面。",
    "The chat model broke off; what it said with proof is here.",
)
UNSUPPORTED = (
    "大模型的话在报上没有出处，下面是报纸的原文。",
    "The newspaper doesn't bear out what the chat model said; these are its own words.",
)
UNSAID = ("报纸档案里没有“{}”的答案。", "Nothing in the archive answers “{}”")
WIDENED = (
    "{}至{}的报纸里没有答案，下面是其他日子的报纸所说。",
    "Nothing from {} to {} answers this; newspapers of other days do.",
)
PRINTED = ("问的是“{}”，报纸上写作“{}”。", "Asked of {}; the newspaper prints {}.")
RELATED = 3
"""Near misses shown with a refusal."""


@dataclass(frozen=True, slots=True)
class SearchEvent:
    """What was searched, and the best of what was found; the last one counts."""

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
    """The whole answer, when it is kept in the ledger, and what it was drawn from."""

    answer: Answer
    hits: tuple[Hit, ...] = ()
    """The passages that were read for it, best first; of several questions in one, in turn."""
    evidence: tuple[Evidence, ...] = ()
    """Their sentences, the likeliest first, whether they were likely enough or not."""


Event = SearchEvent | Delta | CitationEvent | AnswerEvent


def conclusion(events: Iterable[Event]) -> Answer:
    """The answer that all these events lead to."""
    return end(events).answer


def end(events: Iterable[Event]) -> AnswerEvent:
    """The last of these events, which is the answer."""
    *_, last = events
    if not isinstance(last, AnswerEvent):
        raise TypeError("the last event is the answer")
    return last


class Answerer:
    """Answers questions from one archive, and keeps each answer in the ledger."""

    def __init__(
        self,
        catalogue: Catalogue,
        searcher: Searcher,
        ranker: Ranker,
        ledger: Ledger,
        composer: Composer | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.searcher = searcher
        self.ranker = ranker
        self.ledger = ledger
        self.composer = composer
        """The chat model that words the answers, if there is one."""

    def answer(self, question: Question) -> Answer:
        """Answer in one go."""
        return conclusion(self.events(question))

    def events(self, question: Question) -> Iterator[Event]:
        """Answer step by step, each told as it is done."""
        begun = perf_counter()
        whole = standalone(question.text, question.history)
        parts = [self._reckoned(part, question) for part in parted(whole)]
        alone = "".join(part.text for part in parts)
        since, until = question.since, question.until
        counted = None
        if question.narrowing and not since and not until:
            counted = next((each for each in parts if each.narrows), None)
        if counted and counted.span:
            since, until = counted.span
        selection = Selection(since=since, until=until, publication=question.publication)
        searched = self._searched(selection, counted=counted is not None)
        if is_asked(question.text, self.catalogue.publications):
            yield from self._of_the_archive(question, selection, searched, begun)
            return
        context = _in_context(question, leans=whole != question.text)
        found = [self._looked_up(part, question, selection, context) for part in parts]
        yield self._search_event(searched, alone, found[0])
        searching = perf_counter()
        told = answered_before(question)
        self._read(found, told)
        widened = bool(counted and counted.vague) and not any(
            choose(each.asked, each.evidence, each.articles) for each in found
        )
        if widened:
            selection = Selection(publication=question.publication)
            searched = self._searched(selection)
            found = [self._looked_up(part, question, selection, context) for part in parts]
            yield self._search_event(searched, alone, found[0])
            self._read(found, told)
        ranking = perf_counter()
        draft = Draft()
        for part, each in zip(parts, found, strict=True):
            if part.order:
                each.evidence = outermost(each.evidence, each.articles, part.order)
            before = draft.told
            yield from self._written(draft, each)
            if len(parts) > 1 and draft.told == before:
                draft.notice = notice(question.text, UNSAID).format(part.text)
        if widened and draft.notice is None:
            draft.notice = notice(question.text, WIDENED).format(since, until)
        names = [term.text for each in found for term in each.asked.of(Sort.NAME)]
        quoted = [plain(each.quote) for each in draft.citations]
        if draft.notice is None and (otherwise := printed_otherwise(names, quoted)):
            draft.notice = notice(question.text, PRINTED).format(*otherwise)
        sentences = tuple(draft.sentences)
        text = marked(sentences)
        if not sentences:
            text = self._refusal(question, searched, found)
            yield Delta(text)
        written = perf_counter()
        kept = self._kept(
            question,
            standalone_question=alone,
            answered=bool(sentences),
            text=text,
            sentences=sentences,
            citations=tuple(draft.citations),
            searched=searched,
            writer=draft.writer,
            notice=draft.notice if sentences else None,
            related=()
            if sentences
            else self._with_reprints(_cited(found[0].evidence[:RELATED], found[0].articles)),
            timings_ms={
                "search": round((searching - begun) * 1000),
                "rank": round((ranking - searching) * 1000),
                "write": round((written - ranking) * 1000),
                "total": round((written - begun) * 1000),
            },
        )
        yield replace(
            kept,
            hits=_in_turn([each.hits for each in found]),
            evidence=_likeliest_first(each.evidence for each in found),
        )

    def _searched(self, selection: Selection, *, counted: bool = False) -> Searched:
        return Searched(
            passages=self.catalogue.passages_in(selection),
            since=selection.since,
            until=selection.until,
            publication=selection.publication,
            counted=counted,
        )

    def _kept(self, question: Question, **told: Any) -> AnswerEvent:  # noqa: ANN401 - Answer's fields
        """The answer to a question, once the ledger has it."""
        answer = Answer(
            id=secrets.token_hex(16),
            conversation=question.conversation or secrets.token_hex(16),
            question=question.text,
            **told,
        )
        self.ledger.keep(answer)
        return AnswerEvent(answer)

    def _looked_up(
        self,
        part: Reckoned,
        question: Question,
        selection: Selection,
        context: dict[str, float],
    ) -> "LookedUp":
        """Search for one question, and for the newest or oldest by themselves where these are meant.

        ``context`` holds wordings of a follow-up in its conversation, and what each counts.
        """
        asked, said = understand(part.bare), (part.bare, question.text)
        if asked.over_several:
            parts = tuple(map(understand, questions_of(part.bare)))
            queries = _wordings(*(each.question for each in (*parts, asked)), *said) | context
            return LookedUp(asked, *self._of_each_article(queries, selection, asked), parts)
        queries = _wordings(asked.question, *said) | context
        hits, articles = self._hits(queries, selection, HITS, asked)
        if part.order and not selection.since and not selection.until:
            edge = self._edge(part.order, selection)
            first, more = self._hits(queries, edge, HITS // 3, asked)
            hits, articles = _merged(first, hits), articles | more
        return LookedUp(asked, hits, articles)

    def _of_each_article(
        self, queries: Mapping[str, float], selection: Selection, asked: Asked
    ) -> tuple[list[Hit], dict[str, Article]]:
        """The passage of each article that was found first, since many are to be told of."""
        hits, articles = self._hits(queries, selection, HITS * WIDER, asked)
        first = {hit.passage.article_id: hit for hit in reversed(hits)}
        return [hit for hit in hits if first[hit.passage.article_id] is hit][:HITS], articles

    def _search_event(self, searched: Searched, alone: str, found: "LookedUp") -> SearchEvent:
        nearest = _found(alone, found.hits[:RELATED], found.articles)
        return SearchEvent(searched, alone, self._with_reprints(nearest))

    def _read(self, found: Iterable["LookedUp"], told: str) -> None:
        """Find the sentences that may answer; of several questions those of each in turn.

        What was told before is left out.
        """
        for each in found:
            each.evidence = [
                one
                for asked in each.parts or (each.asked,)
                for one in self._evidence(asked, each.hits, each.articles, several=bool(each.parts))
                if plain(one.text) not in told
            ]

    def _written(self, draft: "Draft", found: "LookedUp") -> Iterator[Event]:
        """Write what answers, if the archive says it: in the chat model's words, else in its own."""
        asked, articles, told = found.asked, found.articles, draft.told
        if asked.over_several and len(events := timeline(found.evidence, articles)) > 1:
            for day, each in events:
                told_of = self._with_reprints(_cited([each], articles))
                yield from draft.say(dated(day, each.text), told_of, day)
            return
        chosen = choose(asked, found.evidence, articles)
        if chosen and self.composer:
            shown = found.evidence[:SHOWN]
            draft.writer, draft.notice = self.composer.name, notice(asked.question, UNSUPPORTED)
            try:
                for said in self.composer.compose(asked.question, shown, articles):
                    draft.notice = None
                    rests_on = [shown[at] for at in said.evidence]
                    yield from draft.say(said.text, self._with_reprints(_cited(rests_on, articles)))
            except Declined:
                draft.notice = None
                return
            except ChatUnavailable:
                draft.notice = notice(asked.question, BROKEN if draft.told > told else UNANSWERED)
            if draft.told > told:
                return
            draft.writer = EXTRACTIVE
        if len(chosen) > 1 and draft.notice is None:
            one, other = chosen
            if one.article_id != other.article_id and differ(asked, one.text, other.text):
                draft.notice = difference(asked, *(articles[each.article_id] for each in chosen))
        for citation in self._with_reprints(_cited(chosen, articles)):
            yield from draft.say(citation.quote, [citation])

    def _refusal(self, question: Question, searched: Searched, found: Sequence["LookedUp"]) -> str:
        """Say that the archive doesn't say, and what the nearest articles say instead."""
        told = [refusal(question.text, searched)]
        for each in found:
            near = None
            if without := unpinned(each.asked):
                evidence = self._evidence(without, each.hits, each.articles)
                near = instead(each.asked, evidence, each.articles)
            told += filter(None, [near or unmentioned(each.asked, each.articles.values())])
        return ("" if is_chinese(question.text) else " ").join(dict.fromkeys(told))

    def _reckoned(self, alone: str, question: Question) -> Reckoned:
        """A question that stands alone, its days counted from the day of asking.

        They are counted from today only if the archive has newspapers of the days that are meant:
        who asks an old archive for 去年 means what its articles call so. Of a stretch with a name
        (上世纪九十年代) it must have some in any case.
        """
        reckoned = reckon(alone, question.as_of or datetime.now().astimezone().date())
        if reckoned.span is None or (question.as_of and not reckoned.vague):
            return reckoned
        since, until = reckoned.span
        held = any(since <= day <= until for _, day, _ in self.catalogue.issues())
        return reckoned if held else order_of(reckoned.text if question.as_of else alone)

    def _edge(self, order: Order, selection: Selection) -> Selection:
        """The newest or the oldest days of what is searched."""
        days = [
            day
            for publication, day, _ in self.catalogue.issues()
            if selection.publication in (None, publication)
        ]
        if not days:
            return selection
        if order is Order.NEWEST:
            return replace(selection, since=max(days) - EDGE)
        return replace(selection, until=min(days) + EDGE)

    def _of_the_archive(
        self, question: Question, selection: Selection, searched: Searched, begun: float
    ) -> Iterator[Event]:
        """Answer from the catalogue what is asked about the archive itself."""
        yield SearchEvent(searched, question.text, ())
        told = holdings(question.text, selection, self.catalogue)
        sentences = tuple(Sentence(each, ()) for each in told)
        text = marked(sentences)
        yield Delta(text)
        yield self._kept(
            question,
            standalone_question=question.text,
            answered=True,
            text=text,
            sentences=sentences,
            searched=searched,
            writer=CATALOGUE,
            timings_ms=dict.fromkeys(("search", "total"), round((perf_counter() - begun) * 1000)),
        )

    def search(self, query: str, selection: Selection, limit: int) -> list[tuple[float, Citation]]:
        """Find passages, best first, each with the sentence in it nearest to the query."""
        found, articles = self._hits({query: 1.0}, selection, max(limit, REREAD))
        hits = self.ranker.reorder(query, found)[:limit]
        citations = self._with_reprints(_found(query, hits, articles))
        self.ledger.keep_citations(citations)
        return [(hit.score, each) for hit, each in zip(hits, citations, strict=True)]

    def finds(self, question: str, article_id: str, start: int, end: int) -> bool:
        """Whether the answer would quote this stretch of an article; nothing is kept."""
        asked = understand(question)
        hits, articles = self._hits({question: 1.0}, Selection(), HITS, asked)
        chosen = choose(asked, self._evidence(asked, hits, articles), articles)
        return any(
            each.article_id == article_id and start < each.end and each.start < end
            for each in chosen
        )

    def _hits(
        self,
        queries: Mapping[str, float],
        selection: Selection,
        limit: int,
        asked: Asked | None = None,
    ) -> tuple[list[Hit], dict[str, Article]]:
        """Passages and their articles; one that was taken out this moment is left out.

        Of what several papers print, the place is taken that fits the question best, and of places
        that fit alike the first.
        """
        preferred = _of_its_day(next(iter(queries)), selection)
        hits = self.searcher.search(queries, selection=selection, preferred=preferred, limit=limit)
        articles = self.catalogue.articles_by_id(
            {each.article_id for hit in hits for each in (hit.passage, *hit.places)}
        )
        there = [_at_best(hit, articles, asked) for hit in hits]
        return [hit for hit in there if hit.passage.article_id in articles], articles

    def _evidence(
        self,
        asked: Asked,
        hits: Sequence[Hit],
        articles: Mapping[str, Article],
        *,
        several: bool = False,
    ) -> list[Evidence]:
        """The sentences that may answer, the likeliest first, those of reprints once."""
        ranked = self.ranker.rank(asked, hits, articles, several=several)
        ids = {each.article_id for each in ranked}
        return once(ranked, self.catalogue.reprints_among(ids))

    def _with_reprints(self, citations: Iterable[Citation]) -> tuple[Citation, ...]:
        """Name with each citation the other places that print it."""
        found = tuple(citations)
        reprints = self.catalogue.reprints_of({each.article.id for each in found})
        return tuple(also_in(each, reprints.get(each.article.id, ())) for each in found)


def _wordings(first: str, *others: str) -> dict[str, float]:
    """Wordings of one question to search with, and what each counts: the first most."""
    return {**dict.fromkeys((first, *others), REPHRASED), first: 1.0}


def _in_context(question: Question, *, leans: bool) -> dict[str, float]:
    """A follow-up after the question before it and after that one's answer, and what each counts.

    These find what it is about where it couldn't be made to stand alone.
    """
    wordings = in_context(question.text, question.history)
    return dict(zip(wordings, LEANING if leans else FOLLOWING, strict=False))


def _in_turn(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The first of each list, then the second of each, every passage once."""
    placed: dict[str, Hit] = {}
    for hit in filter(None, chain.from_iterable(zip_longest(*lists))):
        placed.setdefault(hit.passage.id, hit)
    return tuple(placed.values())


def _likeliest_first(lists: Iterable[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    return tuple(sorted(chain.from_iterable(lists), key=lambda each: -each.probability))


def _of_its_day(question: str, selection: Selection) -> Selection | None:
    """What is dated on the day that a question names, or on the day before, which its paper tells of."""
    day = understand(question).day
    if day is None or selection.since or selection.until:
        return None
    return replace(selection, since=day - timedelta(1), until=day)


def _merged(first: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    seen = {hit.passage.id for hit in first}
    return [*first, *(hit for hit in hits if hit.passage.id not in seen)][:HITS]


def _at_best(hit: Hit, articles: Mapping[str, Article], asked: Asked | None) -> Hit:
    there = [each for each in (hit.passage, *hit.places) if each.article_id in articles]
    if asked is None or len(there) < 2:
        return replace(hit, passage=there[0]) if there else hit
    return replace(
        hit, passage=max(there, key=lambda each: fitness(asked, articles[each.article_id]))
    )


@dataclass(slots=True)
class LookedUp:
    """What was found for one question."""

    asked: Asked
    hits: list[Hit]
    articles: dict[str, Article]
    parts: tuple[Asked, ...] = ()
    """What is asked of each article, where several answer together."""
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """An answer while it is written."""

    told: int = 0
    """Statements so far, those that were made twice counted twice."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    writer: str = EXTRACTIVE
    notice: str | None = None

    def say(self, text: str, cited: Iterable[Citation], day: str | None = None) -> Iterator[Event]:
        """Add a sentence, once; what it cites is numbered in the order in which it is first cited."""
        self.told += 1
        if any(text == sentence.text for sentence in self.sentences):
            return
        numbers = []
        for each in cited:
            known = next((old for old in self.citations if old.id == each.id), None)
            if known is None:
                known = replace(each, number=len(self.citations) + 1)
                self.citations.append(known)
                yield CitationEvent(known)
            numbers.append(known.number or 0)
        told = marked(self.sentences)
        self.sentences.append(Sentence(text, tuple(numbers), day))
        yield Delta(marked(self.sentences)[len(told) :])


def notice(question: str, of: tuple[str, str]) -> str:
    """Say it in the question's language."""
    return of[0] if is_chinese(question) else of[1]


def _cited(chosen: Iterable[Evidence], articles: Mapping[str, Article]) -> Iterator[Citation]:
    """Turn evidence into citations without numbers."""
    for each in chosen:
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
