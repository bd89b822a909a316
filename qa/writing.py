"""Evidence to the sentences of an answer: verbatim, in reading order, as few as will do."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from qa.answers import Evidence
from qa.differing import day_of, differ, is_correction, newest_leads
from qa.ranking import tells
from qa.reckoning import Order
from qa.understanding import Asked, Kind, plain
from vectorstore.articles import Article
from vectorstore.reprints import repeats

SURE = 0.5
"""Nothing less likely than this is given as an answer."""
NEAR = 0.35
"""A second sentence is given when its odds are at least this share of the first one's."""
CONTRARY = 0.15
"""The same of a sentence of another article that says something else."""
CORRECTING = 0.2
"""From which probability on a correction is believed to be of what is asked."""
LONGEST = 225
"""Characters of an answer, its marks not counted."""
_HEADING = 24
"""Characters of a section's heading at most."""
_TOLD = frozenset((Kind.WHO, Kind.WHEN, Kind.WHERE, Kind.HOW_MANY))


def once(evidence: Iterable[Evidence], reprints: Collection[tuple[str, str]]) -> list[Evidence]:
    """Evidence, the likeliest first, without what a reprint said before in the same words.

    ``reprints`` are pairs of ids of articles, each pair both ways.
    """
    kept: list[Evidence] = []
    for each in evidence:
        if not any(
            (each.article_id, other.article_id) in reprints and repeats(each.text, other.text)
            for other in kept
        ):
            kept.append(each)
    return kept


def choose(
    asked: Asked, evidence: Sequence[Evidence], articles: Mapping[str, Article]
) -> list[Evidence]:
    """The sentences that answer, in reading order; none where the archive doesn't say.

    One, unless it leaves what is asked for to its section's heading or to the sentence beside it,
    another article says something else, or a second one is about as likely. Of two articles that
    differ the newest leads where the present is asked for or where it corrects the other.
    """
    best = max(evidence, key=lambda each: each.probability, default=None)
    if best is None or best.probability < SURE:
        return []
    others = sorted(
        (each for each in evidence if each.text not in best.text and _fits(best, each)),
        key=lambda each: -each.probability,
    )
    second = (
        _heading(asked, best, others)
        or _beside(asked, best, others)
        or _contrary(asked, best, others, articles)
        or _rival(best, others)
    )
    chosen = [best, second] if second else [best]
    if second and second.article_id != best.article_id and newest_leads(asked, chosen, articles):
        return sorted(
            chosen, key=lambda each: day_of(articles[each.article_id]) or "", reverse=True
        )
    return sorted(chosen, key=lambda each: (each.article_id != best.article_id, each.start))


def outermost(
    evidence: list[Evidence], articles: Mapping[str, Article], order: Order
) -> list[Evidence]:
    """What the newest or the oldest article says, of those that answer and whose day is known."""
    days = {
        each.article_id: day
        for each in evidence
        if each.probability >= SURE and (day := day_of(articles[each.article_id]))
    }
    if not days:
        return evidence
    end = max if order is Order.NEWEST else min
    chosen = end(days, key=lambda article_id: days[article_id])
    return [each for each in evidence if each.article_id == chosen]


def _fits(best: Evidence, other: Evidence) -> bool:
    return len(best.text) + len(other.text) <= LONGEST


def _heading(asked: Asked, best: Evidence, others: Iterable[Evidence]) -> Evidence | None:
    """The heading that the sentence stands under, if it is one of those asked for: 哪个镇."""
    if asked.kind not in (Kind.WHERE, Kind.WHICH) or not asked.unit:
        return None
    above = [each for each in others if each.article_id == best.article_id and _is_heading(each)]
    nearest = max(
        (each for each in above if each.end <= best.start), key=lambda each: each.end, default=None
    )
    if nearest is None or plain(nearest.text) in asked.plain:
        return None
    return nearest if plain(nearest.text).endswith(asked.unit) else None


def _is_heading(each: Evidence) -> bool:
    return len(each.text) <= _HEADING and each.text[-1] not in '。!?！？…;；:：”".,，'


def _beside(asked: Asked, best: Evidence, others: Iterable[Evidence]) -> Evidence | None:
    """The neighbour that tells what is asked for, where the best sentence doesn't."""
    if asked.kind not in _TOLD or tells(asked, best.text):
        return None
    near = (
        each
        for each in others
        if each.article_id == best.article_id
        and min(abs(each.start - best.end), abs(best.start - each.end)) <= 1
    )
    return next((each for each in near if tells(asked, each.text)), None)


def _contrary(
    asked: Asked, best: Evidence, others: Iterable[Evidence], articles: Mapping[str, Article]
) -> Evidence | None:
    """What another article says otherwise, if it is likely an answer, too, or a correction."""
    for each in others:
        if each.article_id != best.article_id and differ(asked, best.text, each.text):
            corrects = is_correction(articles[each.article_id])
            if each.probability >= (CORRECTING if corrects else SURE) and (
                corrects or _odds(each) >= CONTRARY * _odds(best)
            ):
                return each
    return None


def _rival(best: Evidence, others: Iterable[Evidence]) -> Evidence | None:
    """The runner-up, where it is about as likely."""
    second = next(iter(others), None)
    if second is None or second.probability < SURE:
        return None
    return second if _odds(second) >= NEAR * _odds(best) else None


def _odds(each: Evidence) -> float:
    return each.probability / max(1e-6, 1 - each.probability)
