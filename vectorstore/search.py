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

Scored = Sequence[tuple[Passage, float]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, and what each way of finding gave it; None where it gave nothing."""

    passage: Passage
    score: float
    """Of the fused ranks: it orders the hits of one search and says nothing beside another's."""
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

        Several wordings of one question are searched together; what fits more of them is better.
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

        rankings = [*by_meaning, *by_words, *by_bigrams]
        scores = fuse([passage.vector_id for passage, _ in ranking] for ranking in rankings)
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


def fuse(rankings: Iterable[Iterable[str]], k: int = 60) -> dict[str, float]:
    """Reciprocal rank fusion: each ranking gives what it names 1 / (k + rank).

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
    rank learning methods", SIGIR 2009, whose k is 60. What a ranking names again counts once.

    >>> fuse([["a", "b"], ["b", "b", "c"]], k=1) == {"a": 1 / 2, "b": 1 / 3 + 1 / 2, "c": 1 / 3}
    True
    """
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, name in enumerate(dict.fromkeys(ranking), start=1):
            scores[name] += 1 / (k + rank)
    return dict(scores)


def _best(rankings: Sequence[Scored]) -> dict[str, float]:
    best: dict[str, float] = {}
    for ranking in rankings:
        for passage, score in ranking:
            best[passage.vector_id] = max(score, best.get(passage.vector_id, score))
    return best


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article_id, passage.start
