"""A query to hits: passages near in meaning or sharing words, in one order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.articles import Passage
from vectorstore.catalogue import Catalogue, Printed, printed_first
from vectorstore.fulltext import WordIndex
from vectorstore.reprints import repeats
from vectorstore.selection import Selection
from vectorstore.sentences import sentences

if TYPE_CHECKING:
    from vectorstore.store import PassageStore  # Chroma takes a second to import

_DEPTH = 100
"""Passages, at least, that each way of finding gives before they are fused."""
_WIDER = 4
"""Times as many that are asked for by meaning where a selection leaves some of them out."""

_MEANING, _WORDS, _BIGRAMS = 1.0, 0.5, 0.5
"""What each way of finding counts; chosen on DuReader-checklist and on articles of our own."""
_REPHRASED = 0.25
"""What every wording after the first counts beside it."""

Scored = Sequence[tuple[Printed, float]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, and what each way of finding gave it; None where it gave nothing."""

    passage: Passage
    score: float
    """Of the fused lists: it orders the hits of one search and says nothing beside another's."""
    similarity: float | None = None
    """Cosine between passage and query, the best of several; None before it is embedded."""
    words: float | None = None
    """BM25 over words, the best of several."""
    bigrams: float | None = None
    """BM25 over pairs of characters, the best of several."""
    places: tuple[Passage, ...] = ()
    """Where else in the selection it is printed, the first time first."""


@dataclass(slots=True)
class _Told:
    """A hit in the making."""

    vector_id: str
    """By which it was found."""
    places: list[Printed]
    said: list[str]


class Searcher:
    """Finds passages by meaning, by words and by pairs of characters, and fuses the three."""

    def __init__(self, store: "PassageStore", fulltext: WordIndex, catalogue: Catalogue) -> None:
        self._store, self._fulltext, self._catalogue = store, fulltext, catalogue

    def search(
        self,
        query: str | Sequence[str],
        *,
        selection: Selection = Selection(),
        limit: int = 20,
    ) -> list[Hit]:
        """The passages of the selection that fit best, each once, however many papers print it.

        Several wordings of one question are searched together, the first of them counting most.
        """
        wordings = dict.fromkeys([query] if isinstance(query, str) else query)
        by_meaning: list[Scored] = []
        by_words: list[Scored] = []
        by_bigrams: list[Scored] = []
        depth = max(_DEPTH, limit)
        for wording in filter(str.strip, wordings):
            by_meaning.append(self._near(wording, depth, limit, selection))
            ranked = self._fulltext.search(wording, depth, selection)
            by_words.append(self._with_entries(ranked.words, selection))
            by_bigrams.append(self._with_entries(ranked.bigrams, selection))

        ways = (_MEANING, by_meaning), (_WORDS, by_words), (_BIGRAMS, by_bigrams)
        scores = fuse(
            (weight * (_REPHRASED if at else 1), [(p.vector_id, score) for p, score in ranking])
            for weight, found in ways
            for at, ranking in enumerate(found)
        )
        places = self._places(p for _, found in ways for ranking in found for p, _ in ranking)
        best = sorted(scores, key=lambda vector: (-scores[vector], _place(places[vector][0])))
        similar, words, pairs = map(_best, (by_meaning, by_words, by_bigrams))
        return [
            Hit(
                each.places[0].passage,
                scores[each.vector_id],
                similar.get(each.vector_id),
                words.get(each.vector_id),
                pairs.get(each.vector_id),
                tuple(other.passage for other in each.places[1:]),
            )
            for each in self._once([places[vector] for vector in best], limit)
        ]

    def _places(self, found: Iterable[Printed]) -> dict[str, list[Printed]]:
        """Where the passages that read the same are printed, the first time first."""
        places: dict[str, dict[str, Printed]] = {}
        for each in found:
            places.setdefault(each.vector_id, {})[each.passage.id] = each
        return {
            vector: sorted(of_it.values(), key=lambda each: printed_first(each.place))
            for vector, of_it in places.items()
        }

    def _once(self, best: Sequence[list[Printed]], limit: int) -> "list[_Told]":
        """The best of these, with those of their reprints that say the same, or less, or more."""
        near = self._catalogue.near({each.text_id for places in best for each in places})
        kept: list[_Told] = []
        for places in best:
            said = _sentences(places[0].passage)
            before = [each for each in kept if _are_near(places[0], each.places[0], near)]
            if as_much := next((each for each in before if _repeats(said, each.said)), None):
                as_much.places += places
            elif less := next((each for each in before if _repeats(each.said, said)), None):
                less.places, less.said = [*places, *less.places], said
            elif not before or not _repeats(said, [one for each in before for one in each.said]):
                if len(kept) == limit:
                    break
                kept.append(_Told(places[0].vector_id, list(places), said))
        return kept

    def _near(self, query: str, depth: int, limit: int, selection: Selection) -> Scored:
        """The passages nearest in meaning, those of the selection alone.

        Chroma's filters cost more than the search. So more are asked for, and the catalogue says
        which of them belong; only where hardly any does, the few that do are compared one by one.
        """
        if not selection:
            return self._with_vectors(self._store.nearest(query, depth), selection)
        wide = self._store.nearest(query, depth * _WIDER)
        within = self._with_vectors(wide, selection)
        if len({each.vector_id for each, _ in within}) < limit and len(wide) == depth * _WIDER:
            among = self._catalogue.vectors_within(selection)
            within = self._with_vectors(self._store.nearest(query, depth, among), selection)
        nearest = set(list(dict.fromkeys(each.vector_id for each, _ in within))[:depth])
        return [(each, score) for each, score in within if each.vector_id in nearest]

    def _with_vectors(self, near: Sequence[tuple[str, float]], selection: Selection) -> Scored:
        scores = dict(near)
        found = self._catalogue.with_vectors(scores, selection)
        scored = ((each, scores[each.vector_id]) for each in found)
        return sorted(scored, key=lambda of: -of[1])

    def _with_entries(self, ranked: Sequence[tuple[str, float]], selection: Selection) -> Scored:
        scores = dict(ranked)
        found = self._catalogue.with_entries(scores, selection)
        return [(each, scores[each.entry_id]) for each in found]


def _sentences(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in sentences(passage.text)]


def _repeats(said: Iterable[str], told: Collection[str]) -> bool:
    """Whether all that is said was told before."""
    return all(any(repeats(each, other) for other in told) for each in said)


def _are_near(one: Printed, other: Printed, near: Collection[tuple[str, str]]) -> bool:
    return one.text_id == other.text_id or (one.text_id, other.text_id) in near


def fuse(rankings: Iterable[tuple[float, Sequence[tuple[str, float]]]]) -> dict[str, float]:
    """Convex combination: each weighted list gives what it names its score, from 0 to 1.

    Scores are scaled by the best and the worst of their list. Bruch, Gai and Ingber, "An Analysis
    of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023, find it ahead of reciprocal ranks,
    which forget by how much the best is better. What a list names again counts once, the better.

    >>> fuse([(1, [("a", 9), ("b", 8), ("c", 5)]), (0.5, [("b", 3), ("c", 1)])])
    {'a': 1.0, 'b': 1.25, 'c': 0.0}
    """
    scores: dict[str, float] = defaultdict(float)
    for weight, ranking in rankings:
        best = _highest(ranking)
        low = min(best.values(), default=0.0)
        span = max(best.values(), default=0.0) - low
        for name, score in best.items():
            scores[name] += weight * ((score - low) / span if span else 1.0)
    return dict(scores)


def _highest(ranking: Iterable[tuple[str, float]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for name, score in ranking:
        best[name] = max(score, best.get(name, score))
    return best


def _best(rankings: Sequence[Scored]) -> dict[str, float]:
    return _highest((each.vector_id, score) for found in rankings for each, score in found)


def _place(printed: Printed) -> tuple[str, int]:
    return printed.passage.article_id, printed.passage.start
