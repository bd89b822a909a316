"""Where the search put what answers: the passages that an answer is drawn from against the gold.

Where gold names records, articles are ranked, each at the place of its first passage; otherwise the
passages, and right is one that holds half of the gold quote.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from qa.evaluation.estimates import Estimate, mean, share
from qa.evaluation.likeness import shares_half
from qa.evaluation.questions import Gold
from vectorstore.articles import Article
from vectorstore.search import Hit

DEPTH = 10
"""Places that reciprocal rank and gain look at."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One question's ranking."""

    right: tuple[bool, ...]
    """Of each place, from the first on, whether what stands there answers."""
    enough: int | None
    """The place, from 1, by which all that is needed was found; None where it wasn't."""
    wanted: int
    """How many places can be right."""

    @property
    def reciprocal(self) -> float:
        """One over the first right place, 0 where none is."""
        places = (at for at, right in enumerate(self.right[:DEPTH], start=1) if right)
        return 1 / next(places, float("inf"))

    @property
    def gain(self) -> float:
        """Discounted gain against the best there can be (nDCG), gains being one.

        Järvelin and Kekäläinen, ACM TOIS 20 (2002).
        """
        best = sum(1 / log2(at + 2) for at in range(min(self.wanted, DEPTH)))
        got = sum(1 / log2(at + 2) for at, right in enumerate(self.right[:DEPTH]) if right)
        return got / best if best else 0.0

    def within(self, places: int) -> bool:
        """Whether all that is needed stands in the first places."""
        return self.enough is not None and self.enough <= places


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a set's rankings show."""

    hit_1: Estimate
    """Of the questions whose gold is known, those for which the first place is enough."""
    hit_5: Estimate
    hit_8: Estimate
    mrr_10: Estimate
    ndcg_10: Estimate


def ranking(each: Gold, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Ranking | None:
    """One question's ranking; None where gold doesn't say what is to be found.

    ``articles`` are those of all places of the hits.
    """
    if not each.answerable:
        return None
    if each.records:
        return of_records(each, _records(hits, articles))
    if each.quote:
        right = [shares_half(hit.passage.text, each.quote) for hit in hits]
        first = right.index(True) if True in right else None
        only = tuple(at == first for at in range(len(right)))
        return Ranking(only, None if first is None else first + 1, 1)
    return None


def _records(hits: Sequence[Hit], articles: Mapping[str, Article]) -> Iterator[set[str]]:
    """The records of each article found; of one printed in several places, of all of them."""
    seen: set[str] = set()
    for hit in hits:
        if hit.passage.article_id in seen:
            continue
        places = {place.article_id for place in (hit.passage, *hit.places)}
        seen |= places
        records = {articles[each].source.record for each in places if each in articles}
        yield {record for record in records if record}


def of_records(each: Gold, found: Iterable[Collection[str]]) -> Ranking:
    """Rank places, each with the ids of the records that stand there."""
    gold, possible = set(each.records), set(each.possible)
    lacking = [set(group) for group in each.groups] or [gold]
    right: list[bool] = []
    enough, hidden = None, 0
    for records in found:
        here = gold.intersection(records)
        if not here and possible.intersection(records):
            continue
        right.append(bool(here))
        hidden += max(0, len(here) - 1)
        lacking = [group for group in lacking if not group & here]
        if not lacking and enough is None:
            enough = len(right)
    return Ranking(tuple(right), enough, len(gold) - hidden)


def retrieval(rankings: Sequence[Ranking]) -> Retrieval | None:
    """Sum up; None of no ranking."""
    hit_1, hit_5, hit_8 = (share(each.within(k) for each in rankings) for k in (1, 5, 8))
    mrr, ndcg = mean(each.reciprocal for each in rankings), mean(each.gain for each in rankings)
    if hit_1 and hit_5 and hit_8 and mrr and ndcg:
        return Retrieval(hit_1, hit_5, hit_8, mrr, ndcg)
    return None
