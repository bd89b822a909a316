"""A query to hits: passages near in meaning or sharing words, in one order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.articles import Passage
from vectorstore.catalogue import Catalogue
from vectorstore.fulltext import FullText
from vectorstore.selection import Selection

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

Scored = Sequence[tuple[Passage, float]]


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


class Searcher:
    """Finds passages by meaning, by words and by pairs of characters, and fuses the three."""

    def __init__(self, store: "PassageStore", fulltext: FullText, catalogue: Catalogue) -> None:
        self._store, self._fulltext, self._catalogue = store, fulltext, catalogue

    def search(
        self,
        query: str | Sequence[str],
        *,
        selection: Selection = Selection(),
        limit: int = 20,
    ) -> list[Hit]:
        """The passages of the selection that fit best, each distinct text once.

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
            by_words.append(self._passages(ranked.words))
            by_bigrams.append(self._passages(ranked.bigrams))

        ways = (_MEANING, by_meaning), (_WORDS, by_words), (_BIGRAMS, by_bigrams)
        rankings = [ranking for _, found in ways for ranking in found]
        scores = fuse(
            (weight * (_REPHRASED if at else 1), [(p.vector_id, score) for p, score in ranking])
            for weight, found in ways
            for at, ranking in enumerate(found)
        )
        passages: dict[str, Passage] = {}
        for passage in sorted((p for r in rankings for p, _ in r), key=_place):
            passages.setdefault(passage.vector_id, passage)  # of reprints, always the same one
        best = sorted(scores, key=lambda vector: (-scores[vector], _place(passages[vector])))
        similar, words, pairs = map(_best, (by_meaning, by_words, by_bigrams))
        return [
            Hit(
                passages[vector],
                scores[vector],
                similar.get(vector),
                words.get(vector),
                pairs.get(vector),
            )
            for vector in best[:limit]
        ]

    def _near(self, query: str, depth: int, limit: int, selection: Selection) -> Scored:
        """The passages nearest in meaning, those of the selection alone.

        Chroma's filters cost more than the search. So more are asked for, and the catalogue says
        which of them belong; only where hardly any does, the few that do are compared one by one.
        """
        if not selection:
            return self._with_vectors(self._store.nearest(query, depth), selection)
        wide = self._store.nearest(query, depth * _WIDER)
        within = self._with_vectors(wide, selection)
        if len(within) >= limit or len(wide) < depth * _WIDER:
            return within[:depth]
        among = self._catalogue.vectors_within(selection)
        return self._with_vectors(self._store.nearest(query, depth, among), selection)

    def _with_vectors(self, near: Sequence[tuple[str, float]], selection: Selection) -> Scored:
        passages: dict[str, Passage] = {}
        found = self._catalogue.passages_with([vector for vector, _ in near], selection)
        for passage in sorted(found, key=_place):
            passages.setdefault(passage.vector_id, passage)
        return [(passages[vector], score) for vector, score in near if vector in passages]

    def _passages(self, ranked: Sequence[tuple[str, float]]) -> Scored:
        found = self._catalogue.passages(id_ for id_, _ in ranked)
        passages = {passage.id: passage for passage in found}
        return [(passages[id_], score) for id_, score in ranked if id_ in passages]


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
    return _highest((passage.vector_id, score) for found in rankings for passage, score in found)


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article_id, passage.start
