"""Check a quote: where the archive prints it, or what it prints instead.

A pasted text is taken sentence by sentence. Each is looked up by words and by meaning, and laid beside what
was found; what it says of the speaker or the paper is held against the article.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from qa.answers import Citation, CitedArticle
from qa.attributing import (
    Attribution,
    Role,
    is_named,
    is_same_paper,
    is_same_person,
    papers,
    speaker,
    speakers,
    unframed,
)
from qa.citing import also_in, cite, cited
from qa.comparing import (
    Match,
    Run,
    Token,
    align,
    numbers_differ,
    runs,
    says_the_same,
    spans,
    tokens,
)
from qa.ledger import Ledger
from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue
from vectorstore.search import Searcher
from vectorstore.sentences import QUOTE_LIMIT, sentences
from vectorstore.sentences import quotable as quotable_in

LONGEST = 4_000
"""Characters of a text that is checked."""
MOST = 60
"""Sentences of it."""
FOUND = 0.6
"""Share of a sentence's words from which what is printed counts as the same sentence, altered."""
_WHOLE = 0.9
"""From which it isn't looked for in pieces."""
_SEARCHES = 40
"""Searches for one text at most; what is left then is compared with what was found before."""
_HITS = 6
"""Passages that a sentence is compared with."""
_LEAST = 6
"""Tokens of a clause or of words in quotation marks that are looked for by themselves."""
_CLAUSES = 8
"""Clauses of a sentence that are looked for by themselves at most."""
_FRAME = 30
"""Tokens around words in quotation marks at most, that only say whose they are."""
_QUOTATION = re.compile(r"[“「『\"]([^“”「」『』\"]+)[”」』\"]")
_CLAUSE = re.compile(r"[^,，;；、]+[,，;；、]*")


class Finding(StrEnum):
    """How a pasted text stands to what is printed, from the best to the worst."""

    EXACT = "exact"
    TYPOGRAPHY = "typography"
    """But for punctuation, blanks, width, capitals, or how a number is written."""
    STITCHED = "stitched"
    """All of it is printed, but not in one piece."""
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"
    NUMBERS = "numbers"
    NOT_FOUND = "not_found"

    @property
    def gravity(self) -> int:
        """The more, the worse."""
        return list(Finding).index(self)


_VERBATIM = (Finding.EXACT, Finding.TYPOGRAPHY)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the pasted text, and what the archive prints of it or nearest to it."""

    start: int
    """In the pasted text."""
    end: int
    finding: Finding
    citation: Citation | None = None
    """Of what is printed; None for a headline, which has no offsets, and where nothing is near."""
    article: CitedArticle | None = None
    runs: tuple[Run, ...] = ()
    """Both wordings in one; empty where they are the same."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A pasted text and what was found of it."""

    text: str
    finding: Finding
    """The worst of its parts; where these are all printed, how they go together and whose they are."""
    parts: tuple[Part, ...]
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Words of an article that a stretch of the pasted text is laid beside."""

    article: Article
    start: int
    end: int
    share: float
    finding: Finding
    headline: str | None = None
    """Its wording, where it is the headline that is meant."""

    @property
    def printed(self) -> str:
        return self.headline or self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the pasted text and its place; None where nothing is near."""

    start: int
    end: int
    place: _Place | None

    @property
    def finding(self) -> Finding:
        return self.place.finding if self.place else Finding.NOT_FOUND

    @property
    def share(self) -> float:
        return self.place.share if self.place else 0.0


@dataclass(slots=True)
class _Search:
    """What was found so far for one text, and how often it may still be searched."""

    text: str
    left: int = _SEARCHES
    stretches: dict[tuple[str, int, int], Article] = field(default_factory=dict)
    """Articles by where in them to look: an id, the first and the last character."""
    last: _Place | None = None


class Checker:
    """Checks quotes against one archive; what it finds is cited, and kept as citations are."""

    def __init__(self, catalogue: Catalogue, searcher: Searcher, ledger: Ledger) -> None:
        self.catalogue, self.searcher, self.ledger = catalogue, searcher, ledger

    def check(self, text: str) -> Checked:
        """Check a text of at most ``LONGEST`` characters and ``MOST`` sentences.

        Raises ``ValueError`` for a longer one, with a sentence that tells what to do.
        """
        if len(text) > LONGEST or sum(1 for _ in sentences(text)) > MOST:
            raise ValueError(
                f"Check at most {LONGEST:,} characters and {MOST} sentences at once; send it in parts."
            )
        search = _Search(text)
        pieces, attributions = list[_Piece](), list[Attribution]()
        for start, end in units(text):
            found, frame = self._unit(search, start, end)
            pieces += found
            attributions += self._attributed(frame, found)
        parts = tuple(self._part(text, piece) for piece in pieces)
        self.ledger.keep_citations([part.citation for part in parts if part.citation])
        finding = max((part.finding for part in parts), default=Finding.NOT_FOUND, key=_gravity)
        if finding in _VERBATIM and not _is_one_piece(pieces):
            finding = Finding.STITCHED
        if finding.gravity < Finding.MISATTRIBUTED.gravity and not all(
            each.agrees for each in attributions
        ):
            finding = Finding.MISATTRIBUTED
        return Checked(text, finding, parts, tuple(dict.fromkeys(attributions)))

    def _unit(self, search: _Search, start: int, end: int) -> tuple[list[_Piece], str]:
        """The pieces of a sentence, and the words of it that only say whose they are."""
        whole = [self._piece(search, *span) for span in _quotable(search.text, start, end)]
        if all(piece.finding is Finding.EXACT for piece in whole):
            return whole, ""
        inner, frame = _said(search.text, start, end)
        said = [
            self._piece(search, *piece) for span in inner for piece in _quotable(search.text, *span)
        ]
        if said and all(piece.finding is Finding.EXACT for piece in said):
            return said, frame
        if all(piece.finding in _VERBATIM for piece in whole):
            return whole, ""
        if said and _share(said) >= min(FOUND, _share(whole)):
            return self._in_clauses(search, said), frame
        return self._in_clauses(search, whole), search.text[start:end]

    def _in_clauses(self, search: _Search, pieces: Sequence[_Piece]) -> list[_Piece]:
        """The same, but those in clauses of which each is printed somewhere and the whole isn't."""
        found = list[_Piece]()
        for piece in pieces:
            clauses = _clauses(search.text, piece.start, piece.end)
            if piece.share < _WHOLE and 1 < len(clauses) <= _CLAUSES:
                parts = [self._piece(search, *span) for span in clauses]
                if all(part.finding in _VERBATIM for part in parts):
                    found += parts
                    continue
            found.append(piece)
        return found

    def _piece(self, search: _Search, start: int, end: int) -> _Piece:
        """The place that fits best; of several as good, the one that goes on from the last."""
        quoted = search.text[start:end]
        words = tokens(quoted)
        self._look(search, quoted)
        places = sorted(
            _places(quoted, words, search.stretches),
            key=lambda place: (
                -place.share,
                place.finding.gravity,
                not (search.last and _goes_on(search.last, place)),
                not (search.last and search.last.article.id == place.article.id),
            ),
        )
        if not places:
            return _Piece(start, end, None)
        search.last = places[0]
        return _Piece(start, end, places[0])

    def _look(self, search: _Search, quoted: str) -> None:
        """Add to what was found so far the surroundings of the passages nearest to some words."""
        if not search.left:
            return
        search.left -= 1
        hits = self.searcher.search(quoted, limit=_HITS)
        passages = [passage for hit in hits for passage in (hit.passage, *hit.places[:2])]
        articles = self.catalogue.articles_by_id({each.article_id for each in passages})
        for each in passages:
            if article := articles.get(each.article_id):
                start = max(0, each.start - QUOTE_LIMIT)
                end = min(len(article.text), each.end + QUOTE_LIMIT)
                search.stretches.setdefault((article.id, start, end), article)

    def _attributed(self, frame: str, pieces: Sequence[_Piece]) -> Iterator[Attribution]:
        """What is said of whose words they are, beside what the articles say."""
        places = [each.place for each in pieces if each.place and each.share >= FOUND]
        if not frame or not places:
            return
        printed = " ".join(place.printed for place in places)
        if who := speaker(frame):
            yield next(
                (each for place in places if not (each := _spoken(who, place)).agrees),
                _spoken(who, places[0]),
            )
        for paper in papers(frame, self.catalogue.publications()):
            if paper not in printed:
                yield from self._published(paper, places[0].article)

    def _published(self, claimed: str, article: Article) -> Iterator[Attribution]:
        if article.publication is None:
            return
        reprints = self.catalogue.reprints_of([article.id]).get(article.id, ())
        names = [article.publication, *(each.publication or "" for each in reprints)]
        agrees = any(name and is_same_paper(claimed, name) for name in names)
        yield Attribution(Role.PAPER, claimed, article.publication, agrees)

    def _part(self, text: str, piece: _Piece) -> Part:
        place = piece.place
        if place is None:
            return Part(piece.start, piece.end, Finding.NOT_FOUND)
        compared = (
            ()
            if place.finding is Finding.EXACT
            else runs(text[piece.start : piece.end], place.printed)
        )
        citation = None if place.headline else self._cited(place)
        return Part(piece.start, piece.end, place.finding, citation, cited(place.article), compared)

    def _cited(self, place: _Place) -> Citation:
        """Its words in one block, as many as a citation may have."""
        block = max(
            place.article.blocks,
            key=lambda each: min(each.end, place.end) - max(each.start, place.start),
        )
        start = max(block.start, place.start)
        end = min(block.end, place.end, start + QUOTE_LIMIT)
        reprints = self.catalogue.reprints_of([place.article.id])
        return also_in(cite(place.article, start, end), reprints.get(place.article.id, ()))


def units(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a pasted text stand, those between one pair of quotation marks together."""
    begun: int | None = None
    end = 0
    for start, end in sentences(text):
        begun = start if begun is None else begun
        held = text[begun:end]
        if held.count("“") <= held.count("”") and held.count('"') % 2 == 0:
            yield begun, end
            begun = None
    if begun is not None:
        yield begun, end


def nearest(quote: str, article: Article) -> tuple[int, int] | None:
    """The words of an article that a quote is nearest to; None where none is near."""
    words = tokens(quote)
    place = words and _place(quote, words, article, 0, len(article.text))
    return (place.start, place.end) if place and place.share >= FOUND else None


def _places(
    quoted: str, words: Sequence[Token], stretches: dict[tuple[str, int, int], Article]
) -> Iterator[_Place]:
    for (_, start, end), article in stretches.items():
        if place := _place(quoted, words, article, start, end):
            yield place
    for article in {each.id: each for each in stretches.values()}.values():
        for lines in (article.headline, article.kicker, (*article.kicker, *article.headline)):
            for headline in {" ".join(lines), *lines} - {""}:
                if says_the_same(quoted, headline):
                    finding = Finding.EXACT if quoted == headline else Finding.TYPOGRAPHY
                    yield _Place(article, 0, 0, 1.0, finding, headline)


def _place(
    quoted: str, words: Sequence[Token], article: Article, start: int, end: int
) -> _Place | None:
    """Where a stretch of an article prints these words, or the words nearest to them."""
    if (at := article.text.find(quoted, start, end)) >= 0:
        return _Place(article, at, at + len(quoted), 1.0, Finding.EXACT)
    printed = tokens(article.text[start:end], start)
    if just := next(spans(printed, words), None):
        return _Place(article, *_with_marks(quoted, article, *just), 1.0, Finding.TYPOGRAPHY)
    shared = Counter(each.text for each in words) & Counter(each.text for each in printed)
    if shared.total() < len(words) / 4:
        return None
    found = [align(words, printed), *_in_sentences(words, article, start, end)]
    match = max((each for each in found if each), key=lambda each: each.share, default=None)
    if match is None:
        return None
    first, last = _with_marks(quoted, article, *_within_block(article, match.start, match.end))
    wording = article.text[first:last]
    if says_the_same(quoted, wording):
        return _Place(article, first, last, 1.0, Finding.TYPOGRAPHY)
    if match.share < FOUND:
        finding = Finding.NOT_FOUND
    else:
        altered = numbers_differ(runs(quoted, wording))
        finding = Finding.NUMBERS if altered else Finding.ALTERED
    return _Place(article, first, last, match.share, finding)


def _in_sentences(
    words: Sequence[Token], article: Article, start: int, end: int
) -> Iterator[Match | None]:
    """The words in each sentence by itself: in a longer text, names that come up again lead astray."""
    counted = Counter(each.text for each in words)
    for block in article.blocks:
        if block.end <= start or end <= block.start:
            continue
        for first, last in sentences(article.text[block.start : block.end], block.start):
            printed = tokens(article.text[first:last], first)
            if (counted & Counter(each.text for each in printed)).total() >= len(words) / 2:
                yield align(words, printed)


def _within_block(article: Article, start: int, end: int) -> tuple[int, int]:
    """The part of it in the block that holds most of it."""
    block = max(article.blocks, key=lambda each: min(each.end, end) - max(each.start, start))
    return max(block.start, start), min(block.end, end)


def _with_marks(quoted: str, article: Article, start: int, end: int) -> tuple[int, int]:
    """With the marks that end the sentence, where the quoted words have some there."""
    if not quoted[-1].isalnum():
        while end < len(article.text) and re.match(r"[^\w\s]", article.text[end]):
            end += 1
    return start, end


def _quotable(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Its stretches that a citation may quote; what has no word is no stretch."""
    for span in quotable_in(text[start:end], start):
        if tokens(text[slice(*span)]):
            yield span


def _said(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], str]:
    """The words of a sentence that are said, and the rest, which tells whose they are."""
    unit = text[start:end]
    inner = [match.span(1) for match in _QUOTATION.finditer(unit) if _counts(match[1]) >= _LEAST]
    if not inner:
        inner = [unframed(unit)]
    rest = list(unit)
    for first, last in inner:
        rest[first:last] = "\n" * (last - first)
    frame = "".join(rest)
    if _counts(frame) > _FRAME:
        return [], ""
    return [(start + first, start + last) for first, last in inner], re.sub(r"\n+", "", frame)


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where its clauses stand; a short one goes with the one after it, or before."""
    found = list[tuple[int, int]]()
    begun: int | None = None
    for match in _CLAUSE.finditer(text, start, end):
        begun = match.start() if begun is None else begun
        if _counts(text[begun : match.end()]) >= _LEAST:
            found.append((begun, match.end()))
            begun = None
    if begun is not None and found:
        found[-1] = (found[-1][0], end)
    return found


def _counts(text: str) -> int:
    return len(tokens(text))


def _share(pieces: Sequence[_Piece]) -> float:
    """Of all their characters those that are printed."""
    whole = sum(each.end - each.start for each in pieces)
    return sum(each.share * (each.end - each.start) for each in pieces) / max(1, whole)


def _gravity(finding: Finding) -> int:
    return finding.gravity


def _is_one_piece(pieces: Sequence[_Piece]) -> bool:
    """Whether the pieces follow one another in print as they do in the pasted text."""
    return all(
        one.place and other.place and _goes_on(one.place, other.place)
        for one, other in pairwise(pieces)
    )


def _goes_on(one: _Place, other: _Place) -> bool:
    """Whether no word stands in print between two places."""
    if one.article.id != other.article.id:
        return False
    if one.headline or other.headline:
        return bool(one.headline) and (
            bool(other.headline) or not _counts(one.article.text[: other.start])
        )
    between = one.article.text[one.end : other.start]
    return one.start <= other.start and one.end <= other.start + 1 and not tokens(between)


def _spoken(who: str, place: _Place) -> Attribution:
    """Who says it in print: named in its sentence, or where the quotation that it stands in begins.

    Behind 他 or ``he`` stands whoever spoke last in the paragraph, if the one claimed isn't in it. Where
    nobody is said to say it, the one claimed must at least be named somewhere in the article.
    """
    article = place.article
    block = next(
        (each for each in article.blocks if each.start <= place.start < each.end), article.blocks[0]
    )
    text = article.text[block.start : block.end]
    first, last = next(
        (span for span in units(text) if span[0] <= place.start - block.start < span[1]),
        (0, len(text)),
    )
    said = text[first:last]
    printed = speaker(said)
    if printed is None and speakers(said) and not is_named(who, text[:last]):
        printed = speaker(text[:first])
    if printed:
        return Attribution(Role.SPEAKER, who, printed, is_same_person(who, printed))
    told = "\n".join((*article.kicker, *article.headline, article.text))
    return Attribution(Role.SPEAKER, who, None, is_named(who, told))
