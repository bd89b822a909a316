"""What pages in Latin letters have of their own: drop caps, bylines without a mark, decks, insets.

English tells by capitals what Chinese tells by words: a small letter goes on with a sentence, a name
is capital words that the page has nowhere in small letters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from vectorstore.bylines import ENGLISH_MARK, ENGLISH_SEVERAL
from vectorstore.headings import stands_alone
from vectorstore.lines import fold, is_closed, is_latin
from vectorstore.pieces import Piece, Role

_NAME = (
    r"(?:(?:Dr|Mr|Mrs|Ms|Rev|Fr|Prof)\.?\s)?[A-Z][\w.’'-]*"
    r"(?:\s(?:[A-Z][\w.’'-]*|(?:de|van|von|la|da|al|bin|y)\b)){0,2}"
    r"\s(?:(?:Ma?c|O['’]|D['’])?[A-Z][\w’'-]+)(?:,? [JS]r\.)?"
)
_BARE_BYLINE = re.compile(
    rf"(?P<mark>{ENGLISH_MARK})?"
    rf"(?P<names>{_NAME}(?:(?:\s(?i:and|&)\s|,\s){_NAME}){{0,2}})"
    r"(?P<place>(?:,\s|\s(?:at|in)\s)[A-Z][\w’' .]{1,30})?"
)
_ALSO_BY = re.compile(rf"(?i:and|with)\s{_NAME}")
_DESK = re.compile(
    r"(?i:(?:[\w.’'-]+,?\s){0,3}(?:(?:staff|news|own|special|city|our) )?(?:reporters?|correspondents?"
    r"|writers?|critics?|columnists?|bureau|editors?|contributors?))|[A-Z]\w+ (?:Staff|STAFF|staff)"
)
"""What stands for a writer's name, or says what he is: Our Correspondent, Sentinel music critic."""
_PARTICLES = {"de", "van", "von", "la", "da", "al", "bin"}
_PLACE = re.compile(r"[A-Z]{4,}(?: [A-Z]{3,})?")
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_AD = re.compile(r"\d{3}[ -]?\d{4}|\d{5} ?\d{5,6}|\(\d{3,5}\) ?\d{5}|\S+@\S+\.\w|\bwww\.")
_LIST_OF_LINKS = re.compile(
    r"(?i:(?P<one>related (?:article|story|link)|read next)|related(?: (?:articles|stories|links|posts|coverage))?"
    r"|(?:most (?:viewed|read|popular|shared)|trending)(?: in \w+)?(?: now| today)?|recommended(?: for you)?)"
)
_FIGURE = re.compile(r"(?<![\w.])[-+]?[$£€]?\d[\d.,:/-]*(?![\w.])")
_TAGLINE = re.compile(
    r"[■●•*▪] ?(?:[A-Z][\w.’'-]* ){1,4}(?:is|are|was|lives|teaches|writes|works|can be)\b"
)
_TEXT = {Role.BODY, Role.LEAD}
_BETWEEN = 3
"""Pieces, at most, that stand within a torn sentence."""


def marked(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with the roles that English pages give them; others stay as they are."""
    if not is_latin(" ".join(piece.text for piece in pieces)):
        return tuple(pieces)
    found = tuple(_drop_caps(pieces))
    small = set(re.findall(r"(?<![\w’'])[a-z]{2,}", "\n".join(piece.text for piece in found)))
    return _headed(tuple(_insets(tuple(_rows(_linked(found))))), small)


def _drop_caps(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Give a paragraph the large first letter that stands above it by itself."""
    letter = ""
    for place, piece in enumerate(pieces):
        ahead = pieces[place + 1] if place + 1 < len(pieces) else None
        begun = re.fullmatch(r"[“\"]?[A-Z]", piece.text)
        if begun and ahead and re.match(r"[a-z’']", ahead.text) and ahead.role in _TEXT:
            letter = piece.text
        elif letter:
            yield replace(piece, text=letter + piece.text)
            letter = ""
        else:
            yield piece


def _linked(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Take for furniture the headlines of other articles that a website names."""
    found = list(pieces)
    for place, piece in enumerate(found):
        lists = _LIST_OF_LINKS.fullmatch(piece.text)
        if not lists:
            continue
        found[place] = replace(piece, role=Role.FURNITURE)
        for at in range(place + 1, len(found)):
            numbered = re.match(r"\d{1,2}[.)]?\s", found[at].text)
            if found[at].role is not Role.TITLE or not (
                numbered or (lists["one"] and at == place + 1)
            ):
                break
            found[at] = replace(found[at], role=Role.FURNITURE)
    return tuple(found)


def _rows(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for rows of a table the lines with figures that stand beside each other."""
    rows = [
        piece.role in {Role.TITLE, Role.BODY}
        and len(_FIGURE.findall(piece.text)) > 1
        and len(piece.text.split()) <= 14
        and not is_closed(piece.text)
        for piece in pieces
    ]
    for place, piece in enumerate(pieces):
        beside = any(rows[max(place - 1, 0) : place]) or any(rows[place + 1 : place + 2])
        row = piece.role is Role.TITLE and rows[place] and beside
        yield replace(piece, role=Role.BODY) if row else piece


def _headed(pieces: tuple[Piece, ...], small: set[str]) -> tuple[Piece, ...]:
    """Tell who wrote, and what sums an article up, between its headline and its text."""
    found = list(pieces)
    for place, piece in enumerate(found):
        below_name = place and found[place - 1].role is Role.BYLINE and _is_below_name(piece)
        if piece.role is Role.TITLE and _TAGLINE.match(fold(piece.text)):
            found[place] = replace(piece, role=Role.BODY)
        elif below_name or _is_byline(found, place, small):
            found[place] = replace(piece, role=Role.BYLINE)
    for place, piece in enumerate(found):
        if piece.role is Role.BODY and _is_deck(found, place):
            found[place] = replace(piece, role=Role.TITLE)
    return tuple(found)


def _is_byline(pieces: Sequence[Piece], place: int, small: set[str]) -> bool:
    """Whether a line between a headline and its text says who wrote it."""
    piece = pieces[place]
    above, below = _printed(pieces, place, -1), _printed(pieces, place, 1)
    if above is None or below is None or below.role not in _TEXT:
        return False
    folded, ahead = fold(piece.text), pieces[place + 1].text
    marked = piece.role is Role.BODY and re.match(r"(?:with|from|le) [A-Z]", folded)
    if piece.role is not Role.TITLE and not marked:
        return False
    reached = _ADDRESS.fullmatch(ahead) or _DESK.fullmatch(fold(ahead)) or _PLACE.fullmatch(ahead)
    if not _is_titular(above) and not (reached and above.role is Role.BODY):
        return False
    run = list(takewhile(_is_titular, reversed(pieces[:place])))
    lines = " ".join(piece.text for piece in run)
    if _DESK.fullmatch(folded):
        return bool(run)
    headed = bool(reached) or (
        len(lines.split()) > 2 and not all(stands_alone(piece.text) for piece in run)
    )
    return headed and _names(piece.text, below, small)


def _is_titular(piece: Piece) -> bool:
    """Whether a piece is a title, or a headline's further line that begins small."""
    small = piece.role is Role.BODY and re.match(r"[a-z]", piece.text) is not None
    return piece.role is Role.TITLE or (
        small and len(piece.text.split()) <= 8 and not is_closed(piece.text)
    )


def _printed(pieces: Sequence[Piece], place: int, step: int) -> Piece | None:
    """The next piece on one side that is no furniture, picture or writer's line."""
    aside = {Role.FURNITURE, Role.CAPTION, Role.PHOTOGRAPHER}
    at = place + step
    while 0 <= at < len(pieces):
        folded = fold(pieces[at].text)
        desk = step > 0 and pieces[at].role is Role.TITLE
        desk = desk and bool(_DESK.fullmatch(folded) or _PLACE.fullmatch(folded))
        if pieces[at].role not in aside and not desk:
            return pieces[at]
        at += step
    return None


def _is_below_name(piece: Piece) -> bool:
    """Whether a line below a writer's name names another, or says what he is."""
    folded = fold(piece.text)
    also = _ALSO_BY.fullmatch(folded) or _DESK.fullmatch(folded) or _PLACE.fullmatch(folded)
    return bool(also) and piece.role not in {Role.CAPTION, Role.LEAD}


def _names(text: str, below: Piece, small: set[str]) -> bool:
    """Whether a line above a text is its writers' names, of whom the text doesn't begin to tell."""
    match = _BARE_BYLINE.fullmatch(fold(text))
    if match is None or stands_alone(text):
        return False
    names = ENGLISH_SEVERAL.split(match["names"])
    words = {word for name in names for word in re.findall(r"[a-z]{2,}", name.lower())} - _PARTICLES
    told = any(name.split()[-1].lower() in below.text.lower() for name in names)
    return bool(match["mark"]) or not (small & words or told)


def _is_deck(pieces: Sequence[Piece], place: int) -> bool:
    """Whether whole sentences stand between a headline and its writer, or a headline has two."""
    text = pieces[place].text
    above, below = _printed(pieces, place, -1), _printed(pieces, place, 1)
    if below is None or not is_latin(text) or not re.match(r"[A-Z‘“\"'\d]", text):
        return False
    titled = above is not None and above.role is Role.TITLE
    words = len(text.split())
    if titled and below.role is Role.BYLINE:
        return words <= 45
    starts = above is None or above.role is not Role.BODY or is_closed(above.text)
    unfinished = text.rstrip("”’\"'")[-1:] not in ".!?:;,-" and len(_FIGURE.findall(text)) < 2
    follows = below.role in {Role.TITLE, Role.LEAD} or (
        below.role is Role.BODY and re.match(r"[A-Z“\"‘]", below.text) is not None
    )
    sentences = len(re.findall(r"[a-z][.!?] [“\"A-Z]", text))
    short = words <= 12 if sentences else titled and words <= 35
    return starts and unfinished and follows and bool(short) and sentences < 2


def _insets(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for a caption or an advertisement what stands within a sentence that goes on below, small."""
    inside = dict[int, Role]()
    for place, piece in enumerate(pieces):
        if piece.role not in _TEXT or is_closed(piece.text) or not is_latin(piece.text):
            continue
        between: list[int] = []
        for at in range(place + 1, len(pieces)):
            other = pieces[at]
            if other.role is Role.BODY and re.match(r"[a-z]", other.text):
                inside.update({each: _inset(pieces[each]) for each in between})
                break
            if other.role in {Role.FURNITURE, Role.CAPTION, Role.PHOTOGRAPHER}:
                continue
            set_in = other.role in {Role.BODY, Role.TITLE} and _inset(other) is not other.role
            if not set_in or len(between) == _BETWEEN:
                break
            between.append(at)
    for place, piece in enumerate(pieces):
        yield replace(piece, role=inside[place]) if place in inside else piece


def _inset(piece: Piece) -> Role:
    """What a piece is that breaks a sentence: its own role where nothing tells."""
    if _AD.search(piece.text):
        return Role.FURNITURE
    if is_closed(piece.text) and len(piece.text) <= 240 and not re.match(r"[“\"]", piece.text):
        return Role.CAPTION
    return piece.role
