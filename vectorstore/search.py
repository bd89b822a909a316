"""A query to hits: passages near in meaning or sharing words, in one order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from vectorstore.articles import Passage
from vectorstore.catalogue import Catalogue, Printed
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
_PREFERRED = 1.0
"""What is added to the scores, from 0 to 2, of what is preferred; chosen on dated items of a broadcaster."""

_FEW = 10_000
"""Passages of a selection that are compared one by one."""
_AHEAD = 10
"""Passages read beyond as many as are asked for, since some may be reprints."""

Ranking = Sequence[tuple[str, float]]
"""Names of vectors, or of entries of the full text, and their scores, best first."""


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
        query: str | Mapping[str, float],
        *,
        selection: Selection = Selection(),
        preferred: Selection | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """The passages of the selection that fit best, each once, however many papers print it.

        Several wordings of one question are searched together, each counting what it is given.
        What is ``preferred``, a part of the selection, is searched by itself too and counts more.
        Where passages are printed, and what they say, is read of the best alone.
        """
        wordings = {query: 1.0} if isinstance(query, str) else query
        asked = [wording for wording in wordings if wording.strip()]
        depth = max(_DEPTH, limit)
        near: list[list[tuple[str, float]]] = [[] for _ in asked]
        words: list[list[tuple[str, float]]] = [[] for _ in asked]
        bigrams: list[list[tuple[str, float]]] = [[] for _ in asked]
        for within in (selection, preferred) if preferred else (selection,):
            few = self._catalogue.vectors_within(within, _FEW + 1) if within and asked else []
            for at, wording in enumerate(asked):
                near[at] += self._near(wording, depth, limit, within, few)
                ranked = self._fulltext.search(wording, depth, within)
                words[at] += ranked.words
                bigrams[at] += ranked.bigrams
        entries = {entry for ranking in (*words, *bigrams) for entry, _ in ranking}
        vector_of = {vector: vector for ranking in near for vector, _ in ranking}
        vector_of |= self._catalogue.vectors_of(entries)
        ways = [
            (weight, [_named(ranking, vector_of) for ranking in rankings])
            for weight, rankings in (
                (_MEANING, near),
                (_WORDS, words),
                (_BIGRAMS, bigrams),
            )
        ]
        scores = fuse(
            (weight * wordings[wording], ranking)
            for weight, rankings in ways
            for wording, ranking in zip(asked, rankings, strict=True)
        )
        if preferred:
            for vector in self._catalogue.covered(scores, preferred):
                scores[vector] += _PREFERRED
        best = sorted(scores, key=lambda vector: (-scores[vector], vector))
        similar, by_words, by_pairs = (_highest(chain(*rankings)) for _, rankings in ways)
        return [
            Hit(
                each.places[0].passage,
                scores[each.vector_id],
                similar.get(each.vector_id),
                by_words.get(each.vector_id),
                by_pairs.get(each.vector_id),
                tuple(place.passage for place in each.places[1:]),
            )
            for each in self._once(best, limit, selection)
        ]

    def _near(
        self, query: str, depth: int, limit: int, selection: Selection, few: Collection[str]
    ) -> Ranking:
        """The vectors nearest in meaning, those of the selection alone.

        ``few`` are those of the selection, or more of them than are compared one by one. Of such a
        selection more are asked for, and the catalogue says which belong: Chroma's filters go
        through all there is. Where hardly any belongs, those that do are compared after all.
        """
        if not selection:
            return self._store.nearest(query, depth)
        if len(few) <= _FEW:
            return self._store.nearest(query, depth, few)
        wide = self._store.nearest(query, depth * _WIDER)
        covered = self._catalogue.covered(dict(wide), selection)
        within = [(vector, score) for vector, score in wide if vector in covered]
        if len(within) < limit and len(wide) == depth * _WIDER:
            every = self._catalogue.vectors_within(selection)
            return self._store.nearest(query, depth, every)
        return within[:depth]

    def _once(self, best: Sequence[str], limit: int, selection: Selection) -> list[_Told]:
        """The best of these vectors' passages, with those of their reprints that say the same, or less, or more."""
        kept: list[_Told] = []
        for at in range(0, len(best), limit + _AHEAD):
            printed: dict[str, list[Printed]] = {}
            for place in self._catalogue.with_vectors(best[at : at + limit + _AHEAD]):
                if selection.covers(place.day, place.publication):
                    printed.setdefault(place.vector_id, []).append(place)
            firsts = [
                *(places[0] for places in printed.values()),
                *(each.places[0] for each in kept),
            ]
            near = self._catalogue.near({each.text_id for each in firsts})
            for vector in best[at : at + limit + _AHEAD]:
                if vector not in printed:
                    continue  # it was taken out just now, or stands outside of the selection
                places = printed[vector]
                said = _sentences(places[0].passage)
                before = [each for each in kept if _are_near(places[0], each.places[0], near)]
                if as_much := next((each for each in before if _repeats(said, each.said)), None):
                    as_much.places += places
                elif less := next((each for each in before if _repeats(each.said, said)), None):
                    less.places, less.said = [*places, *less.places], said
                elif not before or not _repeats(
                    said, [one for each in before for one in each.said]
                ):
                    if len(kept) == limit:
                        return kept
                    kept.append(_Told(vector, places, said))
        return kept


def _named(ranking: Ranking, vector_of: Mapping[str, str]) -> Ranking:
    """A ranking of entries or vectors as one of vectors, without those that aren't told of."""
    return [(vector_of[name], score) for name, score in ranking if name in vector_of]


def _sentences(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in sentences(passage.text)]


def _repeats(said: Iterable[str], told: Collection[str]) -> bool:
    """Whether all that is said was told before."""
    return all(any(repeats(each, other) for other in told) for each in said)


def _are_near(one: Printed, other: Printed, near: Collection[tuple[str, str]]) -> bool:
    return one.text_id == other.text_id or (one.text_id, other.text_id) in near


def fuse(rankings: Iterable[tuple[float, Ranking]]) -> dict[str, float]:
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
