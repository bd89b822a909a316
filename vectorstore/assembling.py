"""Pieces to articles: join what columns tore, part what the page mixed.

A title belongs to the text below it. Whether it opens an article, heads a section of the one at
hand, or slipped into it from the headline is told by its neighbours: a lead or a byline below
opens an article; a sentence that is torn before the title and goes on after it encloses it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise, takewhile

import rjieba

from vectorstore import bylines
from vectorstore.articles import Article, BlockKind, Page, article_id, join
from vectorstore.bylines import Credits
from vectorstore.dates import first_sentence, told
from vectorstore.doubts import doubts
from vectorstore.headings import (
    COLUMN,
    ENGLISH_NAME,
    NOTICE,
    bare_names,
    headline_lines,
    is_capitals,
    is_collection,
    is_first_heading,
    is_like,
    is_lone_byline,
    is_place,
    kicker_of,
    kinship,
    label_of,
    pairs_of,
    squeezed,
    stands_alone,
)
from vectorstore.layout import (
    ends_itself,
    is_day,
    is_depiction,
    is_item,
    is_labelled,
    is_lead,
    is_row,
    is_table_row,
    is_title,
    is_work,
    layout,
    masthead,
    mend,
    short_cells,
    told_apart,
)
from vectorstore.lines import fold, is_closed, is_latin, is_salutation, width
from vectorstore.mending import (
    ADVERB,
    ENGLISH_OPEN,
    FRESH_START,
    SAYS,
    SENTENCE_COMMA,
    SPEAKER,
    closes_first,
    continues,
    is_fragment,
    is_parted,
    is_told,
    is_uneven,
    joins,
    unclosed,
)
from vectorstore.pieces import Piece, Role

_SURE_NOTICE = re.compile(r"(?:公告|通告|启事|声明|更正|讣告|讣闻|公示|致歉|招领|征婚|招租|鸣谢)$")
_NUMBERED = re.compile(r"[〔\[(]\d{4}[〕\])]\S{0,3}\d+号$")
_PHOTO_NEWS = re.compile(r"图片新闻|图片报道|图说|圖片新聞|(?i:in pictures|photo of the day)")
_AFTERWORD = re.compile(
    r"^(?:编后|編後|编后语|编后话|编者按|編者按|编者的话|编辑点评|编者)(?:[:：].*)?$"
)
_ORGANISATION = re.compile(
    r"(?:局|委|委员会|政府|公司|办公室|中心|指挥部|法院|检察院|学校|大学|学院|中学|小学"
    r"|幼儿园|支部|工会|(?<!去)处|大队|支队|编辑部|报社|日报社|协会|银行|医院|管理处|街道办"
    r"|厂|矿|集团|办事处|村委会|社区|物业|站|厅|部|署|会|组)$"
)
_POEMS = re.compile(r"[二两兩三四五六七八九十]首$|[(（]?(?:组诗|組詩|外[一1二2]首)[)）]?$")
_SPEAKS = re.compile(r"[一-鿿]{1,4}[:：]")
_HELD = re.compile(r"召[开開]|[举舉][行办辦]|[启啟][动動]")
_SIGNER = re.compile(
    r"^(?:[一-鿿]{2,8}[市县区镇乡村路街]\s|[一-鿿]{2,4}(?=市民|村民|居民|读者))?(?:读者|讀者|市民|网友|村民|居民|您的读者|(?:\S{2,6}[‧·])?一位.{1,10})"
    r"(?:[\s:]\s?\S{1,6}|\S{0,3}(?:先生|女士|大爷|大妈|阿姨|同学|师傅|老师|某|某某))?$"
    r"|^(?:此致|敬礼|敬禮)[!！]?$|^\S*[市县区镇路] \S{2,4}$"
    r"|^\S{2,14} (?:[一二三四五六七八九十百\d]+[户名位][一-鿿]{2,4}|[一-鿿]{2,4}等\S{1,4}人)$"
    r"|^不?孝[男女媳婿孙孫] .{2,12}$|^\S{2,14}[厂廠所局社店站校队隊](?: [一-鿿]{2,3}){1,4}$"
    r"|^.{0,24}(?:[谨敬拜同]启|\s[启上]|(?<!開)[啟啓]|敬上|[谨謹][上白訂]|[顿頓]首|叩[首谢謝]?|鞠躬|泣[谢謝叩告启]|稽[颡顙])$"
)
_READER = re.compile(r"^(?:读者|讀者|市民|村民|居民|网友|網友) [一-鿿]{2,4}$")
_WITHHELD = re.compile(
    r"^(?:[—–-]\s?[A-Z].{2,40}|(?i:name (?:and address )?(?:supplied|withheld).*)"
    r"|The [A-Z]\w+ (?i:family))$"
)
_INITIALS = re.compile(
    r"(?:\((?:Mrs|Miss|Ms|Mr|Dr)\.?\)\s)?(?:[A-Z]\.\s?)+[A-Z][A-Za-z’'-]+$|[\"“][A-Z][A-Z ,-]{2,24}[\"”]\.?$"
)
"""How letters are signed: (Mrs) E. V. GREEN, "DISGUSTED"."""
_GREETING = re.compile(r"^(?i:sirs?|madam|editor)\s?[—–:,-]")
_EDITORS_NOTE = re.compile(r"^\(?(?:(?i:editor['’]?s'? note)|编者|編者|编后|編後)")
_ASIDE = re.compile(r"提示|提醒|链接|貼士|贴士|说明|须知|解释|延伸|背景|名单|数据|问答|档案|指南")
_BULLETS = "●■▲△◆★☆※•·▼▽○◎▪◇□@▇█▌➤"
_OFFICIAL = re.compile(
    r"公告|通告|通知|启事|声明|特此|此致|编辑同志|編輯|讣[告闻]|鸣谢|致谢|公示|来信|来函|读者|更正|说明|预告|Notice|NOTICE"
)
_PRONOUN = re.compile(r"[他她它我你咱这那您]")
_HEADING, _PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH
_VERSE = 14
"""Characters of a line of verse, at most."""


@dataclass(slots=True)
class _Draft:
    """An article while it is being put together."""

    titles: list[str] = field(default_factory=list)
    parts: list[tuple[BlockKind, str]] = field(default_factory=list)
    is_collection: bool = False
    ended: bool = False
    """A closing line (整理, a jump) has come: what follows is another article."""
    sealed: bool = False
    """The last paragraph is whole though no full stop ends it: a signature, a list's line."""
    is_box: bool = False
    """It stands within another's torn sentence."""
    within: "_Draft | None" = None
    """Whose sentence was open where it began."""
    continued_from: str | None = None
    continued_to: str | None = None
    signed: bool = False
    """Whoever wrote it has signed below it: what follows is another article."""
    on_edge: bool = False
    """Signs for and against another article's beginning were nearly even here."""
    known: set[str] = field(default_factory=set)
    """The pairs of characters of its first ``counted`` paragraphs."""
    counted: int = 0

    def shares(self, pairs: set[str]) -> int:
        """How many of these pairs of characters its paragraphs have; the last one may still grow."""
        texts = self.paragraphs
        for text in texts[self.counted : -1]:
            self.known |= pairs_of(text)
        self.counted = max(len(texts) - 1, 0)
        growing = pairs_of(texts[-1]) if texts else set[str]()
        return len(pairs & self.known) + len((pairs - self.known) & growing)

    @property
    def paragraphs(self) -> list[str]:
        return [text for kind, text in self.parts if kind is _PARAGRAPH]

    @property
    def said(self) -> str:
        """What its titles and paragraphs say."""
        return "\n".join((*self.titles, *self.paragraphs))

    @property
    def headings(self) -> list[str]:
        return [text for kind, text in self.parts if kind is _HEADING]

    @property
    def longest_section(self) -> int:
        """How many paragraphs the longest of its headed sections has."""
        counts: list[int] = []
        for kind, _ in self.parts:
            if kind is _HEADING:
                counts.append(0)
            elif kind is _PARAGRAPH and counts:
                counts[-1] += 1
        return max(counts, default=0)

    @property
    def last(self) -> str:
        """The paragraph that may still go on; captions and credits don't end it."""
        for kind, text in reversed(self.parts):
            if kind is _PARAGRAPH:
                return text
            if kind is _HEADING:
                break
        return ""

    @property
    def is_open(self) -> bool:
        last = "" if self.continued_to else self.last
        if not last or self.sealed or is_closed(last) or ends_itself(last):
            return False
        listed = [text for kind, text in self.parts[-2:] if kind is _PARAGRAPH]
        return len(listed) < 2 or not is_labelled(*listed)

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.titles and not self.continued_from

    @property
    def waits_for_headline(self) -> bool:
        """Whether nothing but a byline has come yet: some papers print it above the headline."""
        return (
            not self.titles
            and bool(self.parts)
            and {k for k, _ in self.parts} == {BlockKind.BYLINE}
        )

    @property
    def is_feature(self) -> bool:
        """Whether its byline stands on a line of its own: such articles have subheads."""
        return any(kind is BlockKind.BYLINE for kind, _ in self.parts[:3])

    @property
    def is_signed(self) -> bool:
        """Whether its writers are named at its end, in brackets or on a line of their own."""
        if len(self.paragraphs) > 1 and self.parts[-1][0] is BlockKind.BYLINE:
            return True
        return bool(self.last) and bool(bylines.closing_credits(self.last))

    @property
    def lacks_caption(self) -> bool:
        """Whether somebody is named for his pictures, and no caption has told of one yet."""
        captions = [text for kind, text in self.parts if kind is BlockKind.CAPTION]
        if not self.paragraphs or any(
            not bylines.line_credits(fold(text)).photographers for text in captions
        ):
            return False
        return bool(captions) or bool(_people(self).photographers)

    @property
    def is_letter(self) -> bool:
        """Whether it greets whom it is written to."""
        opening = self.paragraphs[:2]
        return any(is_salutation(text) or _GREETING.match(text) for text in opening)

    def add(self, text: str, *, sealed: bool = False) -> None:
        """A paragraph of its own."""
        self.parts.append((_PARAGRAPH, text))
        self.sealed = sealed

    def go_on(self, text: str) -> None:
        """The rest of the last paragraph, behind whatever broke it."""
        for place in range(len(self.parts) - 1, -1, -1):
            if self.parts[place][0] is _PARAGRAPH:
                self.parts[place] = (_PARAGRAPH, mend(self.parts[place][1], text))
                return
        self.add(text)

    def head(self, text: str) -> None:
        self.parts.append((_HEADING, text))
        self.sealed = False


def articles(page: Page) -> tuple[Article, ...]:
    """The articles of a page in reading order, numbered from 1.

    What the page's furniture says of day, paper and page number counts where ``page`` doesn't.
    """
    return _assembled(page, single=False)


def whole(page: Page) -> tuple[Article, ...]:
    """The one article of a text, its torn sentences mended; its first lines are the headline."""
    return _assembled(page, single=True)


def record(
    page: Page,
    titles: Sequence[str],
    heads: Set[int] | None = None,
    captions: Set[int] = frozenset(),
    *,
    pieces: bool = False,
) -> Article:
    """An article whose text is given by itself: its lines stay as they are, each one block.

    ``heads`` tells which lines are subheads, counted from 0; their wording does where it is None.
    ``captions`` are lines too. Where lines are ``pieces`` that columns made, a paragraph that one
    of them tore is one again.
    """
    draft = _Draft(titles=list(titles))
    lines = list(enumerate(page.text.split("\n")))
    told = [(number, piece) for number, line in lines if (piece := told_apart(line))]
    for place, (number, piece) in enumerate(told):
        ahead = told[place + 1][1].role if place + 1 < len(told) else None
        is_title = piece.role is Role.TITLE and ahead in {Role.BODY, Role.LEAD}
        if number in heads if heads is not None else is_title and draft.parts:
            draft.head(piece.text)
        elif number in captions:
            draft.parts.append((BlockKind.CAPTION, piece.text))
        elif pieces and _is_rest(draft, piece):
            draft.go_on(piece.text)
        else:
            _place(draft, piece)
    return _article(draft, page, 1)


def _is_rest(draft: _Draft, piece: Piece) -> bool:
    """Whether a line goes on with the paragraph that the line before it broke off."""
    last = draft.last[-400:]  # a paragraph of many pieces would be looked through for each
    return (
        bool(last)
        and not is_closed(last)
        and not ends_itself(last)
        and piece.role in {Role.BODY, Role.TITLE}
        and continues(last, piece, indents=False)
        and (joins(last, piece.text) >= 2 or not is_title(last))
    )


def _assembled(page: Page, *, single: bool) -> tuple[Article, ...]:
    pieces = layout(page.text)
    said = masthead(pieces)
    page = Page(
        text=page.text,
        source=page.source,
        publication=page.publication or said.publication,
        issued=page.issued or said.issued,
        number=page.number or said.number,
    )
    printed = [piece for piece in pieces if piece.role is not Role.FURNITURE]
    drafts = _Assembler(printed, single=single).drafts()
    found = [_article(draft, page, place) for place, draft in enumerate(drafts, 1)]
    return tuple(
        replace(article, doubts=doubts(article, on_edge=draft.on_edge))
        for article, draft in zip(found, drafts, strict=True)
    )


def is_stacked(pieces: Sequence[Piece]) -> bool:
    """Whether articles without leads stand in a row, as in a bulletin of the day's news.

    Every paragraph is whole, and three in four long titles are headlines over text, five at least.
    """
    bodies = [piece.text for piece in pieces if piece.role in {Role.BODY, Role.LEAD}]
    whole = sum(is_closed(text) or text[-1] in ":：;；" for text in bodies)
    titles = headlines = 0
    for place, (piece, ahead) in enumerate(pairwise(pieces), 1):
        if piece.role is not Role.TITLE or ahead.role is Role.TITLE or width(piece.text) < 9:
            continue
        titles += 1
        below = takewhile(lambda other: other.role is not Role.TITLE, pieces[place:])
        told = "\n".join(other.text for other in below)
        headlines += ahead.role is Role.BODY and _is_headline(piece.text, told)
    return headlines >= 5 and headlines * 4 >= titles * 3 and whole * 20 >= len(bodies) * 19


def _is_headline(title: str, text: str) -> bool:
    """Whether a title is long enough for a sentence, and its text says it again.

    A subhead is short, or names what its section leaves unsaid. English ones can't be told so.
    """
    sentence = width(title) >= 9 and not is_item(title) and not is_latin(title)
    return sentence and kinship(title, text) >= 0.3


class _Assembler:
    """Walks a page's pieces once and keeps the article at hand."""

    def __init__(self, pieces: list[Piece], *, single: bool = False) -> None:
        self.pieces = pieces
        self.single = single
        self.done: list[_Draft] = []
        self.draft: _Draft | None = None
        self.fitting: dict[tuple[str, int], int] = {}
        """How surely pieces, by their places, go on with torn sentences."""
        bodies = [piece for piece in pieces if piece.role in {Role.BODY, Role.LEAD}]
        self.stacked = is_stacked(pieces)
        self.indents = sum(piece.indented for piece in bodies) * 2 > len(bodies)
        self.spaced = sum(piece.gap > 2 for piece in bodies) * 2 > len(bodies)
        titles = [piece for piece in pieces if piece.role is Role.TITLE]
        self.rhythms = Counter(_rhythm(piece.text) for piece in titles)
        self.verses = _verses(pieces)
        self.signed_below = self._is_signed_below()
        self.small = set(re.findall(r"(?<![\w’'])[a-z]{2,}", "\n".join(map(_text_of, pieces))))
        capitals = sum(is_capitals(piece.text) for piece in titles)
        self.capitals = capitals * 2 > len(titles)
        if self.indents and not all(piece.indented for piece in titles):
            self.pieces = [
                replace(piece, role=Role.BODY) if _starts_torn(piece, ahead) else piece
                for piece, ahead in pairwise([*pieces, Piece(Role.FURNITURE, "")])
            ]

    def _is_signed_below(self) -> bool:
        """Whether bylines stand at the end of articles here: under a whole paragraph, above a title."""
        given: list[Piece | None] = [*self.pieces, None]
        below = [
            _is_text(above)
            and is_closed(above.text)
            and (ahead is None or ahead.role is Role.TITLE)
            for above, (piece, ahead) in zip(self.pieces, pairwise(given[1:]), strict=False)
            if piece is not None and piece.role is Role.BYLINE
        ]
        return sum(below) * 2 > len(below)

    def _is_unsigned(self, draft: _Draft, end: int) -> bool:
        """Whether the byline that comes next is the first of the article at hand, which it ends."""
        if not self.signed_below or any(kind is BlockKind.BYLINE for kind, _ in draft.parts):
            return False
        return any(piece.role is Role.BYLINE for piece in self._until_title(end)) or bool(
            self._peers(end)
        )

    def _is_fragment(self, text: str, following: Piece) -> bool:
        """Whether a line begins a paragraph; no line of a rhythm that other titles have does.

        Nor does one above a paragraph that is set in, as all are here.
        """
        if self.indents and following.indented:  # that begins a paragraph itself
            return False
        rhythm = _rhythm(text)
        often = len(rhythm) > 1 and self.rhythms[rhythm] > 1
        headings = self.draft.headings if self.draft is not None else []
        if len(rhythm) == 1 and any(is_like(text, other) for other in headings):
            often = joins(text, following.text) < 4
        goes_on = re.match(r"[a-z,，、。；;：:)）」”]", following.text)
        return (not often or goes_on is not None) and is_fragment(text, following)

    def drafts(self) -> list[_Draft]:
        """All articles of the page."""
        place = 0
        while place < len(self.pieces):
            if self.pieces[place].role is Role.TITLE:
                place = self._titles(place)
                continue
            self._piece(place)
            place += 1
        for draft in self.done:
            _captioned(draft)
            _asked(draft)
        drafts = _pictures([draft for draft in self.done if draft.parts or draft.titles])
        _sort_captions(drafts)
        return drafts

    def _begin(self, titles: Sequence[str] = ()) -> _Draft:
        if self.single and self.draft is not None:
            for title in titles:
                self.draft.head(title)
            return self.draft
        torn = self.draft if self.draft is not None and self.draft.is_open else None
        self.draft = _Draft(titles=list(titles), within=torn)
        self.draft.is_collection = any(map(is_collection, titles))
        self.done.append(self.draft)
        return self.draft

    def _piece(self, place: int) -> None:
        draft, piece = self.draft, self.pieces[place]
        if draft is None:
            _place(self._begin(), piece)
        elif piece.role is Role.JUMP_FROM:
            fresh = bool(draft.titles) and not draft.paragraphs
            _place(draft if fresh else self._begin(), piece)
        elif piece.role is Role.LEAD:
            _place(self._begin() if self._stands_alone(draft) else draft, piece)
        elif piece.role is not Role.BODY:
            _place(draft, piece)
        elif self._is_caption(draft, place):
            _place(draft, replace(piece, role=Role.CAPTION))
        elif (
            not draft.ended
            and draft.is_open
            and self._goes_on(draft, piece)
            and not self._is_of_another(draft, place)
        ):
            draft.go_on(piece.text)
        elif draft.is_box and not draft.parts:
            _place(draft, piece)
        elif broken := self._broken(place):
            broken.go_on(piece.text)
            self.draft = broken
        elif not draft.ended and self._goes_on(draft, piece):
            draft.go_on(piece.text)
        else:
            _place(self._begin() if draft.ended else draft, piece)

    def _is_of_another(self, draft: _Draft, place: int) -> bool:
        """Whether a piece goes on with an earlier torn article, and another one with that at hand.

        Two articles may break off one after the other, and go on in the same order.
        """
        least = max(2, joins(draft.last, self.pieces[place].text) + 1)
        if not any(
            other is not draft and other.is_open and self._fits(other.last, place) >= least
            for other in self.done
        ):
            return False
        below = range(place + 1, place + len(self._until_title(place)))
        return any(self._fits(draft.last, at) >= least for at in below)

    def _stands_alone(self, draft: _Draft) -> bool:
        """Whether a lead without a title opens an article: not among briefs under one headline."""
        if not draft.parts or draft.is_collection:
            return draft.ended
        paragraphs = draft.paragraphs
        leads = sum(is_lead(text) for text in paragraphs)
        return draft.ended or (bool(paragraphs) and leads * 2 < len(paragraphs))

    def _broken(self, place: int) -> _Draft | None:
        """An earlier article that broke off in mid-sentence and surely goes on here.

        No later piece of the text at hand fits better, nor as well and is akin where this one isn't;
        where a comma is all that tells, this one is no more akin to the article at hand. Behind a
        jump it need not fit that surely: the article that jumped can't go on.
        """
        if self.draft is not None and self.draft.is_feature and not self.draft.paragraphs:
            return None  # below a writer's name his text begins
        ended = self.draft is not None and (self.draft.continued_to or self.draft.ended)
        loose = self.indents and not self.pieces[place].indented  # so it begins no paragraph
        least = 0 if ended or loose else 2
        whole = self.draft is not None and not self.draft.is_open
        if whole and re.match(r"[A-Z]", self.pieces[place].text):
            return None
        torn = self.draft.within if self.draft else None
        if torn is not None and torn.is_open:
            inset = self.draft is not None and self.draft.is_box and self._is_set_off(place)
            if inset or self._is_unlike(place) or self._is_behind_aside(torn, place):
                return torn
        for draft in reversed(self.done):
            if draft is self.draft or draft.continued_to or not draft.is_open:
                continue
            fits = self._fits(draft.last, place)
            if fits >= least and self._fits_best(draft, place):
                return draft
            if fits >= 0 and self._talks_on(draft, place):
                return draft
        return None

    def _talks_on(self, torn: _Draft, place: int) -> bool:
        """Whether somebody goes on to speak below a piece who speaks in the torn article, not in this one."""
        ahead = self.pieces[place + 1] if place + 1 < len(self.pieces) else None
        speaker = _SPEAKS.match(ahead.text) if ahead and ahead.role is Role.BODY else None
        here = self.draft.paragraphs if self.draft else []
        if speaker is None or any(map(_SPEAKS.match, here)):
            return False
        return sum(text.startswith(speaker[0]) for text in torn.paragraphs) > 1

    def _is_behind_aside(self, torn: _Draft, place: int) -> bool:
        """Whether a tip or a box of facts within a torn sentence has its text, and this goes on outside."""
        aside, text = self.draft, self.pieces[place].text
        if aside is None or not aside.is_box or not aside.paragraphs or aside.is_open:
            return False
        if bylines.closing_credits(fold(text)):
            return False
        pairs = pairs_of(text)
        akin = torn.shares(pairs) > aside.shares(pairs)
        return akin and bool(_ASIDE.search(aside.titles[0])) and joins(torn.last, text) >= 2

    def _is_set_off(self, place: int) -> bool:
        """Whether several blank lines stand above a piece, where one is the rule."""
        return not self.spaced and place < len(self.pieces) and self.pieces[place].gap > 2

    def _is_back_below(self, place: int) -> bool:
        """Whether a torn sentence goes on below the text from here on, which is set off from it."""
        if self.draft is None or not self.draft.is_open or place == len(self.pieces):
            return False
        if self.pieces[place].gap > 2:
            return False
        below = range(place + 1, place + len(self._until_title(place)))
        back = next((at for at in below if self._is_set_off(at)), None)
        if back is None or self.pieces[back].role is not Role.BODY:
            return False
        return all(map(_is_whole, self.pieces[place:back]))

    def _is_unlike(self, place: int) -> bool:
        """Whether the box at hand has nothing but rows or items, and this piece is neither."""

        def is_listed(text: str) -> bool:
            row = is_table_row(text) or is_row(text) or short_cells(text) > 0
            lost = text.rstrip("。").endswith(("作废", "作廢"))
            return row or lost or is_item(text) or bool(SPEAKER.match(text))

        texts = self.draft.paragraphs if self.draft else []
        listed = bool(texts) and all(map(is_listed, texts))
        return listed and not is_listed(self.pieces[place].text)

    def _fits_best(self, torn: _Draft, place: int) -> bool:
        """Whether of the text at hand it is this piece that goes on with a torn article."""
        left, fits = torn.last, self._fits(torn.last, place)

        def akin(at: int) -> int:
            pairs = pairs_of(self.pieces[at].text)
            return torn.shares(pairs) - (self.draft.shares(pairs) if self.draft else 0)

        if left[-1] in "，,、" and fits <= 2 and akin(place) < 0:
            return False
        below = range(place + 1, place + len(self._until_title(place)))
        if any(
            self._fits(left, at) > fits and self._fits(left, at) > self._fits_above(at)
            for at in below
        ):
            return False
        told = akin(place)  # of all that stands above the next one that fits as well
        for at in below:
            if self._fits(left, at) == fits and akin(at) > max(told, 0):
                return told > 0
            told += akin(at)
        return True

    def _fits_above(self, place: int) -> int:
        """How surely a piece goes on with the text right above it, where that breaks off."""
        above = self.pieces[place - 1]
        return -1 if _is_whole(above) else self._fits(above.text, place)

    def _fits(self, left: str, place: int) -> int:
        """How surely a body piece goes on with a sentence torn before the text at hand.

        What stands below a writer's closing name has no other home.
        """
        if (left, place) not in self.fitting:
            self.fitting[left, place] = self._fit(left, place)
        return self.fitting[left, place]

    def _fit(self, left: str, place: int) -> int:
        piece = self.pieces[place]
        if piece.role is not Role.BODY or short_cells(piece.text):
            return -1
        if self.indents and piece.indented:  # it begins a paragraph
            return -1
        before = self.pieces[place - 1].text if place else ""
        right = piece.text
        if SPEAKER.match(right):
            return -1
        begins = FRESH_START.match(right) or ADVERB.match(right) or SAYS.search(right[:12])
        fresh = left[-1] in "，,、" and (begins or is_told(right))
        signed = is_closed(before) and bool(bylines.closing_credits(fold(before)))
        return joins(left, piece.text) + 2 * signed - 2 * bool(fresh)

    def _is_caption(self, draft: _Draft, place: int) -> bool:
        """Whether a short whole sentence stands within a torn one, whose rest is the next piece.

        The next piece fits by far better, or isn't set in where paragraphs are.
        """
        piece, ahead = self.pieces[place], self.pieces[place + 1 : place + 2]
        rest = bool(ahead) and ahead[0].role is Role.BODY and not ahead[0].indented
        whole = width(piece.text) <= 40 and is_closed(piece.text) and not is_item(piece.text)
        listed = draft.last[-1:] in (":", "：", ";", "；")
        if listed or not (draft.is_open and rest and whole and not piece.indented):
            apart = not draft.is_open and self._is_set_apart(piece, ahead)
            return apart and draft.lacks_caption
        before, behind = joins(draft.last, piece.text), joins(draft.last, ahead[0].text)
        if any(
            other is not draft and other.is_open and joins(other.last, ahead[0].text) >= behind
            for other in self.done
        ):
            return False  # the next piece may be another's rest, and this one the rest here
        sure = self.indents or (is_depiction(piece.text) and draft.lacks_caption)
        fits = behind >= before if sure else behind >= before + 2
        return fits and (before < 3 or (sure and behind > before))

    def _is_set_apart(self, piece: Piece, ahead: list[Piece]) -> bool:
        """Whether a piece is as short as a caption and not set in, where paragraphs are."""
        begins = not ahead or ahead[0].indented or ahead[0].role is not Role.BODY
        return self.indents and not piece.indented and begins and is_depiction(piece.text)

    def _goes_on(self, draft: _Draft, piece: Piece) -> bool:
        left = draft.last
        if piece in self.verses and width(left) <= _VERSE:
            return False
        if not left or draft.continued_to or (draft.sealed and joins(left, piece.text) < 4):
            return False
        return continues(left, piece, indents=self.indents)

    def _titles(self, place: int) -> int:
        """Decide what a run of titles is; return the place behind it."""
        run: list[str] = []
        captions: list[Piece] = []
        photo_news = False
        end = place
        while end < len(self.pieces) and self.pieces[end].role in {
            Role.TITLE,
            Role.CAPTION,
            Role.PHOTOGRAPHER,
        }:
            piece = self.pieces[end]
            photo_news = bool(captions) and self._is_photo_news(run, captions, end)
            if piece.role is Role.TITLE and (photo_news or self._is_behind_verse(run, place, end)):
                break
            if piece.role is Role.TITLE:
                run.append(piece.text)
            else:
                captions.append(piece)
            end += 1
        following = self.pieces[end] if end < len(self.pieces) else None
        if following is not None and following.role is Role.TITLE:
            following = None
        torn = self.draft if self._is_pictures_own(run, captions, place, end) else None
        apart = self.pieces[place].apart
        draft = (
            self._titled(run, following, end, pictured=bool(captions), apart=apart)
            if torn is None
            else self._open(run, None, end)
        )
        for caption in captions:
            _place(draft, caption)
        draft.ended = draft.ended or photo_news
        self.draft = torn or self.draft  # whose sentence goes on below the picture
        return end

    def _is_behind_verse(self, run: list[str], start: int, at: int) -> bool:
        """Whether a blank line ends many short lines, on a page where blank lines part articles."""
        return len(run) > 4 and self.pieces[start].apart is not None and self.pieces[at].gap > 0

    def _is_pictures_own(self, run: list[str], captions: list[Piece], start: int, end: int) -> bool:
        """Whether a title within a torn sentence is the picture's below it, not the article's."""
        draft = self.draft
        following = self.pieces[end] if end < len(self.pieces) else None
        if draft is None or not draft.is_open or not run or not captions:
            return False
        back = self._is_set_off(end) or (following and joins(draft.last, following.text) >= 2)
        if self._is_set_off(start) and back and following is not None:
            return following.role is Role.BODY and "。" in captions[0].text
        title, caption = "\n".join(run), "\n".join(piece.text for piece in captions)
        told = kinship(title, draft.said)
        goes_on = following is not None and following.role is Role.BODY
        if goes_on and following is not None and is_latin(title) and is_latin(caption):
            return len(run) == 1 and joins(draft.last, following.text) >= 2
        return goes_on and "。" in caption and kinship(title, caption) > max(told, 0.3)

    def _titled(
        self,
        run: list[str],
        following: Piece | None,
        end: int,
        *,
        pictured: bool,
        apart: bool | None,
    ) -> _Draft:
        """Give a run of titles its place; return the article that it belongs to."""
        role = following.role if following else None
        if (
            (poet := _poet(run))
            and len(run) > poet + 3
            and sum(bool(SENTENCE_COMMA.search(line)) for line in run) * 3 <= len(run)
        ):
            self._open(run[: poet + 1], None, end)
            run = run[poet + 1 :]
        while self.draft is not None and run and _is_verse(self.draft, run):
            run = self._verse(self.draft, run, role)
        if not run and self.draft is not None:
            return self.draft
        inset = self._is_set_off(end - len(run)) and self._is_back_below(end)
        if following is not None and (inset or self._is_inserted(run, following, end)):
            box = self._open(run, following, end)
            box.is_box = True
            return box
        begun: str | None = None
        if run and self._asks_above(run, end):
            (self.draft or self._begin()).add(run.pop(0), sealed=True)
        if run and (torn := self._torn_above(run, end)):
            (self.draft or self._begin()).add(torn)
            run = run[1:]
        is_open = self.draft is not None and self.draft.is_open
        if role is Role.BODY and following is not None and (is_open or not self.stacked):
            first = run[:1] if apart and not is_open else []  # a line that stands apart is a title
            run, begun = self._flow(run[len(first) :], following)
            run = [*first, *run]
        draft = (
            self._headed(run, following, end, pictured=pictured, apart=apart) if run else self.draft
        )
        draft = draft or self._begin()
        if begun is not None:
            draft.add(begun)
        return draft

    def _asks_above(self, run: list[str], end: int) -> bool:
        """Whether the first of two lines is a question of the text, and the other a labelled subhead."""
        label = label_of(run[-1])
        labelled = label and any(len(label_of(peer)) == len(label) for peer in self._peers(end))
        asks = re.search(r"[,，].*[?？]$", run[0]) is not None
        return bool(self.draft and self.draft.paragraphs and len(run) == 2 and labelled and asks)

    def _torn_above(self, run: list[str], end: int) -> str | None:
        """The first line of a run that is a paragraph broken off: its rest stands further on."""
        draft, line = self.draft, run[0]
        if draft is None or draft.is_open or len(run) < 2:
            return None
        if is_latin(line):
            open_word = bool(ENGLISH_OPEN.search(line)) and line[-1] not in ",;"
            sentence = open_word or (", " in line and len(line.split()) > 7)
        else:
            says = is_told(line) or bool(SAYS.search(line))
            torn = is_uneven(line) and line[-1] in "了着过"  # its object stands elsewhere
            sentence = (says or torn) and bool(SENTENCE_COMMA.search(line))
        fits = sentence and any(joins(line, text) >= 2 for text in self._orphans(end))
        return line if fits else None

    def _orphans(self, start: int) -> list[str]:
        """Pieces from here on, a column's at most, that begin in mid-sentence below a whole one."""
        found: list[str] = []
        for above, piece in pairwise(self.pieces[start : start + 24]):
            begins = not is_latin(piece.text) or re.match(r"[a-z]", piece.text)
            if piece.role is Role.BODY and begins and _is_whole(above):
                found.append(piece.text)
        return found

    def _verse(self, poem: _Draft, run: list[str], role: Role | None) -> list[str]:
        """Give a poem its lines, up to the headline of the next; return the others.

        Of a poem and another one (外一首) the shortest line within is the other's name.
        """
        poet = _poet(run[2:])
        lines = len(run) - headline_lines(run, role)
        if poet:
            lines = poet + 1 - bool(COLUMN.match(squeezed(run[poet])))
        more = any(re.search(r"外[一1]首", title) for title in poem.titles)
        named = min(run[1 : lines - 1], key=width, default=None) if more else None
        for line in run[:lines]:
            if line == named:
                poem.head(line)
            else:
                poem.add(line, sealed=True)
        if poet and lines + 4 < len(run):
            self._open(run[lines : poet + 3], None, 0)
            return run[poet + 3 :]
        return run[lines:]

    def _is_inserted(self, run: list[str], following: Piece, end: int) -> bool:
        """Whether titles within a torn sentence open an article that stands within it, like a box.

        A table's rows below them don't go on with the sentence, and what stands below the box's
        last paragraph does, for all that can be told: that one is signed, or this not set in. In
        English a small letter tells: not the next piece has it, but one further on.
        """
        draft = self.draft
        if draft is None or not draft.is_open or not run or following.role is not Role.BODY:
            return False
        if short_cells(following.text):
            return True
        left = draft.last
        if is_latin(left):
            small = any(re.match(r"[a-z]", text) for text in (run[0], following.text))
            return not small and any(joins(left, text) >= 2 for text in self._orphans(end))
        if is_closed(run[0]) or joins(left, run[0]) > 2:
            return False
        first = joins(left, following.text)
        if _SURE_NOTICE.search(squeezed(run[-1])) and is_closed(following.text) and first < 2:
            return True
        below = range(end + 1, end + len(self._until_title(end)))
        if self.indents:
            loose = any(
                not self.pieces[at].indented and is_closed(self.pieces[at - 1].text) for at in below
            )
            return following.indented and loose
        comma = left[-1] in "，,、" and first == 2  # which tells nothing of what follows
        if len(run) > 1 and (comma or first < 2):
            told = draft.said
            own, others = kinship(run[-1], following.text), kinship(run[-1], told)
            column = COLUMN.match(squeezed(run[0])) or re.match(r"[【\[■●◆]", run[0])
            if column or own >= max(0.2, others):
                return True
        return any(self._fits(left, at) > max(first, 1) for at in below) and first < 4

    def _headed(
        self,
        run: list[str],
        following: Piece | None,
        end: int,
        *,
        pictured: bool,
        apart: bool | None,
    ) -> _Draft:
        draft = self.draft
        role = following.role if following else None
        if draft is None or draft.is_empty:
            return self._open(run, following, end)
        if draft.continued_from and not draft.titles and not draft.parts:
            if len(run) == 1 and role is Role.BODY and SENTENCE_COMMA.search(run[0]):
                draft.add(run[0])
            elif len(run) == 1 and role is Role.BODY:
                draft.head(run[0])
            else:
                draft.titles.extend(run)
            return draft
        if draft.waits_for_headline:
            draft.titles.extend(run)
            return draft
        opens = role in {Role.LEAD, Role.BYLINE, Role.JUMP_FROM}
        while draft.is_open and len(run) > opens and is_closed(run[0]) and role is not Role.BODY:
            draft.go_on(run.pop(0))  # the last line of a paragraph
        while run and self._signs_below(draft, run, following):
            draft.parts.append((BlockKind.BYLINE, run.pop(0)))
        if not run:
            return draft
        pictures_own = pictured and len(run) == 1 and role in {None, Role.TITLE}
        run = run if pictures_own else self._signatures(draft, run, following)
        if not run:
            return draft
        if role is Role.BODY and draft.last[-1:] in (":", "：") and self._is_listed(draft, run):
            for line in run:
                draft.add(line, sealed=True)
            return draft
        if self._is_item_of_two(draft, run, end):
            for line in run:
                draft.head(line)
            return draft
        if role in {Role.LEAD, Role.BYLINE, Role.JUMP_FROM}:
            if len(run) == 1 and role is Role.LEAD and self._is_item(draft, run[0], end):
                draft.head(run[0])
                return draft
            return self._open(run, following, end)
        bare = bool(draft.titles) and not draft.paragraphs and not draft.ended
        if role is Role.BODY and bare and len(run) == 1:
            if width(run[0]) <= 12:
                draft.head(run[0])
            else:
                draft.add(run[0])
            return draft
        if role is Role.BODY and self._is_other_half(draft, run, end):
            draft.titles.extend(run)
            return draft
        if role is Role.BODY:
            before = draft.on_edge
            if len(run) > 1 or self._is_new(draft, run[0], end, apart=apart):
                fresh = self._open(run, following, end)
                fresh.on_edge = draft.on_edge and not before
                return fresh
            of_notice = is_item(run[0]) and any(NOTICE.search(squeezed(t)) for t in draft.titles)
            if of_notice or _AFTERWORD.match(squeezed(run[0])):
                draft.add(run[0], sealed=True)
            else:
                draft.head(run[0])
            return draft
        if pictured and not draft.is_open:
            return self._open(run, following, end)
        if len(run) > 1 and stands_alone(run[0]) and not draft.is_open:  # a notice in short lines
            draft = self._open(run[:1], None, end)
            run = run[1:]
        for text in run:  # nothing follows: a signature, or the end of a torn paragraph
            if draft.is_open and joins(draft.last, text) >= 2:
                draft.go_on(text)
            else:
                draft.add(text, sealed=True)
        return draft

    def _open(self, run: list[str], following: Piece | None, end: int) -> _Draft:
        """Begin an article; the last line may be its byline or the heading of its first section."""
        role = following.role if following else None
        peers = [peer for peer in self._peers(end) if not stands_alone(peer)]
        heading: str | None = None
        byline: list[str] = []
        if role is Role.BODY and len(run) > 2 and _poet(run) == len(run) - 2:
            *run, heading = run  # below the writer's name
        elif role is Role.BODY and len(run) == 3 and _POEMS.search(run[0]) and width(run[1]) <= 4:
            run, byline, heading = run[:1], run[1:2], run[2]
        while (
            len(run) > 1
            and role is not Role.BYLINE
            and (is_lone_byline(run[-1], peers) or self._is_writer(run, following, peers))
        ):
            byline.insert(0, run[-1])
            run = run[:-1]
        if (
            not byline
            and len(run) > 1
            and role in {Role.BODY, Role.LEAD}
            and (
                (is_collection(run[-2]) and any(self._lone_titles(end)))
                or (role is Role.BODY and is_first_heading(run, peers))
                or self._heads_briefs(run, end)
            )
        ):
            *run, heading = run
        headings = [heading] if heading is not None else []
        if len(run) > 1 and headings == [] and is_collection(run[0]) and is_latin(run[0]):
            run, headings = run[:1], run[1:]
        draft = self._begin(run)
        for text in byline:
            draft.parts.append((BlockKind.BYLINE, text))
        for text in headings:
            draft.is_collection = True
            draft.head(text)
        return draft

    def _heads_briefs(self, run: list[str], end: int) -> bool:
        """Whether a short name stands over briefs: two more headings as short follow, a text each.

        One more is enough where a line on who compiled them ends them.
        """
        name, first = run[-2:]
        if len(run) > 3:
            return False
        sections = [(first, end), *self._lone_titles(end)]
        compiled = any(piece.role is Role.CREDIT for piece in self._until_title(sections[-1][1]))
        short = 5 if is_latin(first) else 16 if compiled else 8
        return (
            width(name) <= 8
            and len(sections) > 2 - compiled
            and all(
                (
                    width(title) <= (2 * short if is_latin(title) else short)
                    and is_like(title, first)
                )
                or (len(sections) > 2 and label_of(title) != "")
                for title, _ in sections[:3]
            )
            and all(self._bodies(at) in {1, 2} for _, at in sections[:3])
        )

    def _lone_titles(self, start: int) -> Iterator[tuple[str, int]]:
        """Titles with a text each, and where it begins, up to a headline of several lines."""
        for place in range(start, len(self.pieces) - 1):
            piece, ahead = self.pieces[place], self.pieces[place + 1]
            if piece.role is Role.CREDIT or (piece.role is ahead.role is Role.TITLE):
                return
            if piece.role is Role.TITLE and ahead.role in {Role.BODY, Role.LEAD}:
                yield piece.text, place + 1

    def _flow(self, run: list[str], following: Piece) -> tuple[list[str], str | None]:
        """Take out of a run what belongs to the text around it.

        Between two halves of a sentence stands the half of a headline that slipped there, or a
        short middle piece. Elsewhere a run may begin or end with the short first line of a
        paragraph that the column broke: the last line is given back as such.
        """
        draft = self.draft
        begun = self._begun(run, following) if draft is None or not draft.is_open else None
        if begun is not None:
            return run, begun
        if draft is not None and not draft.is_open and len(run) > 1 and draft.parts:
            first, last = joins(run[0], following.text), joins(run[-1], following.text)
            broken = bool(SENTENCE_COMMA.search(run[0])) > bool(SENTENCE_COMMA.search(run[-1]))
            told = draft.said
            slips = (  # half of the headline, below a line too long for a subhead
                width(run[0]) >= 14
                and not is_latin(run[0])
                and kinship(run[-1], told) > max(0.4, kinship(run[0], told))
            )
            wide = width(run[0]) >= 6 or bool(SENTENCE_COMMA.search(run[0]))
            if wide and self._is_fragment(run[0], following) and first + broken + slips > last:
                draft.add(run.pop(0))
        while run and draft is not None and draft.is_open:
            left, right = draft.last, run[1] if len(run) > 1 else following.text
            encloses = joins(left, following.text)
            before, behind = joins(left, run[0]), joins(run[0], right)
            if (
                max(before, behind) > max(encloses, 1)
                or (
                    min(before, behind) > 1
                    and encloses <= before + behind
                    and not is_parted(run[0])
                )
                or (SENTENCE_COMMA.search(run[0]) and max(before, behind) >= 2)
                or (encloses < 4 and not self._may_slip(draft, run[0], following, encloses))
            ):
                draft.go_on(run.pop(0))
            elif encloses >= 2 or continues(left, following, indents=self.indents):
                draft.titles.append(run.pop(0))
            else:
                break
        whole = draft is None or not draft.is_open
        if not whole or not run or not self._is_fragment(run[-1], following):
            return run, None
        if len(run) == 2 and (COLUMN.match(squeezed(run[0])) or is_collection(run[0])):
            return run, None  # a column's name has a headline below it
        if len(run) > 1 and is_lone_byline(run[-1], []):
            return run, None
        begun = run.pop()
        while run and joins(run[-1], begun) >= (4 if is_parted(run[-1]) else 2):
            begun = mend(run.pop(), begun)
        return run, begun

    def _begun(self, run: list[str], following: Piece) -> str | None:
        """Take the first pieces of a paragraph out of a run whose lines tear a sentence.

        A bracket that the next line closes, or a writer's bare name above, shows it.
        """
        for at in range(len(run) - 1):
            torn = unclosed(run[at]) and closes_first(run[at + 1])
            torn = torn or (
                bool(SENTENCE_COMMA.search(run[at])) and joins(run[at], run[at + 1]) >= 2
            )
            named = SENTENCE_COMMA.search(run[at + 1]) and is_lone_byline(run[at], run[at + 1 :])
            torn = torn or (is_told(run[at]) and not is_latin(run[at]))
            torn = torn or bool(  # the last line is text, and so is the clause above it
                at == len(run) - 2
                and self.draft
                and self.draft.paragraphs
                and is_uneven(run[at])
                and SENTENCE_COMMA.search(run[-1])
                and self._is_fragment(run[-1], following)
            )
            named = (at and named) or (
                _SURE_NOTICE.search(squeezed(run[at]))
                and width(run[at + 1]) >= 10
                and bool(re.search("[,，。]", run[at + 1]))
                and not _NUMBERED.search(fold(run[at + 1]))
                and not _SURE_NOTICE.search(squeezed(run[at + 1]))
            )
            if torn or named:
                first = at if torn else at + 1
                begun, rest = run[first], [*run[first + 1 :], following.text]
                del run[first:]
                for text, right in pairwise(rest):
                    slips = joins(begun, right) >= 2 > joins(begun, text)
                    if slips and self.draft and not SENTENCE_COMMA.search(text):
                        (self.draft.titles if self.draft.paragraphs else run).append(text)
                    else:
                        begun = mend(begun, text)
                return begun
        return None

    def _may_slip(self, draft: _Draft, text: str, following: Piece, encloses: int) -> bool:
        """Whether a line in mid-sentence may be a headline's: it says what the article says."""
        if SENTENCE_COMMA.search(text) or is_closed(text):
            return False
        if encloses >= 2:
            return True
        told = "\n".join((*draft.titles, *draft.paragraphs, following.text))
        return is_latin(text) or width(text) <= 18 or kinship(text, told) >= 0.2

    def _is_writer(self, run: list[str], following: Piece | None, peers: list[str]) -> bool:
        """Whether the last line below a headline is a writer's name, though no surname tells it.

        An article doesn't begin with its own writer's name; a dead man's notice does with his.
        """
        name = run[-1]
        if following is None or following.role is not Role.BODY or is_collection(run[-2]):
            return False
        if is_latin(name):
            above = not all(map(stands_alone, run[:-1])) and not stands_alone(name)
            return above and self._is_english_name(name) and name.split()[-1] not in following.text
        spaced = re.fullmatch(r"[一-鿿]\s[一-鿿]", fold(name))  # 评 言, as few words are
        if spaced:
            return not stands_alone(name)
        return (
            len(run) > 2
            and bool(re.fullmatch(r"[一-鿿]{2,4}", name))
            and width(run[-2]) >= width(name) + 2
            and name not in following.text
            and joins(run[-2], name) < 2
            and not is_salutation(following.text)
            and not any(width(peer) <= 4 for peer in peers)
            and not (stands_alone(name) or _ORGANISATION.search(name))
        )

    def _is_english_name(self, text: str) -> bool:
        """Whether a line is a name: capital words, none of which the page has in small letters."""
        words = re.findall(r"[a-z]{2,}", text.lower())
        return bool(ENGLISH_NAME.match(text)) and not self.small.intersection(words)

    def _signs_below(self, draft: _Draft, run: list[str], following: Piece | None) -> bool:
        """Whether the first of several titles is a writer's name below his article, which has none."""
        alone = following is None and len(run) == 1
        if not (alone or len(run) > 1) or draft.is_open or not draft.paragraphs or draft.is_letter:
            return False
        official = _OFFICIAL.search(" ".join(map(squeezed, (*draft.titles, draft.last))))
        reader = _READER.match(fold(run[0]))
        named = not reader and is_lone_byline(run[0], []) and _is_poet(run[0])
        return named and not official and not _people(draft)

    def _english_signature(self, draft: _Draft, run: list[str], following: Piece | None) -> int:
        """How many lines under an English letter or notice are its writer's name, and his place."""
        headed = following is not None and (
            following.role in {Role.BODY, Role.LEAD, Role.BYLINE}
            or (following.role is Role.JUMP_FROM and len(run) > 1)
        )
        note = following is not None and bool(_EDITORS_NOTE.match(following.text))
        most = len(run) - (headed and not note)
        name, _, post = run[0].rstrip(",").partition(", ")
        named = self._is_english_name(name) and len(post) <= 40
        signs = named and (draft.is_letter or bool(re.search("[A-Za-z]", post)))
        signs = signs and not is_capitals(run[0])
        signs = signs or bool(draft.is_letter and _INITIALS.match(run[0]))
        titled = re.match(r"(?i)\(?(?:mrs|mr|miss|ms|dr|rev)\b\.?\)?\s", run[0])
        signs = signs or bool(draft.is_letter and titled and _is_short(run[0]))
        if most < 1 or not (signs or _WITHHELD.match(run[0])):
            return 0
        lines = 1
        while signs and lines < most and is_place(run[lines]):
            lines += 1
        return lines

    def _signatures(self, draft: _Draft, run: list[str], following: Piece | None) -> list[str]:
        """Take the signature and day under a notice or a letter out of the titles that follow."""
        rest = list(run)
        role = following.role if following else None
        if rest and draft.paragraphs and not draft.is_open and is_latin(rest[0]):
            lines = self._english_signature(draft, rest, following)
            for _ in range(lines):
                draft.add(rest.pop(0), sealed=True)
            draft.signed = draft.signed or lines > 0
            return rest
        notice = any(_SURE_NOTICE.search(squeezed(title)) for title in draft.titles)
        official = (
            draft.is_letter
            or notice
            or any(NOTICE.search(squeezed(title)) for title in draft.titles)
            or bool(_OFFICIAL.search(" ".join(map(squeezed, (*draft.titles, draft.last)))))
        )
        keep = 1 if role in {Role.LEAD, Role.BYLINE} else 0
        dated = next((at for at, text in enumerate(rest[:3]) if is_day(text)), -1)
        noted = bool(_EDITORS_NOTE.match(draft.last))  # behind whoever signed
        while len(rest) > keep and draft.parts and not draft.is_open and not noted:
            text = fold(rest[0])
            if dated >= 0:  # whoever stands above the day has signed, and nobody below it
                for _ in range(dated + 1):
                    draft.add(rest.pop(0), sealed=True)
                break
            signs = bool(_READER.match(text)) or (
                official
                and not COLUMN.match(text)
                and not is_collection(text)
                and (
                    _SIGNER.match(text)
                    or _is_signer(text)
                    or (
                        _ORGANISATION.search(text)
                        and width(text) <= 22
                        and not NOTICE.search(text)
                        and not _HELD.search(text)
                        and not self._is_issuer(rest, draft, following)
                    )
                    or (bylines.is_name(text.replace(" ", "")) and role is not Role.BODY)
                    or (
                        not draft.signed
                        and draft.is_letter
                        and len(rest) == len(run) > 1
                        and width(text) <= 8
                    )
                    or (_ends_in_name(text) and (len(rest) > 1 or role is None))
                )
            )
            if not signs:
                break
            draft.add(rest.pop(0), sealed=True)
        draft.signed = draft.signed or len(rest) < len(run)
        return rest

    def _is_issuer(self, run: list[str], draft: _Draft, following: Piece | None) -> bool:
        """Whether an organ stands above its own notice, and didn't sign the one before."""
        if len(run) < 2 or following is None:
            return False
        told = "\n".join((*run[1:], following.text))
        sure = run[1].startswith(("关于", "關於"))
        notice = _SURE_NOTICE.search(squeezed(run[1])) and len(run) > 2
        return sure or bool(notice and kinship(run[0], told) > kinship(run[0], draft.said))

    def _is_item(self, draft: _Draft, title: str, end: int) -> bool:
        """Whether the text from here on is one more brief of a collection with headed briefs.

        In a row of articles a brief has no more paragraphs than the longest of those before it,
        and its heading is more than half as long.
        """
        headings = draft.headings
        if not draft.is_collection or draft.ended or (draft.paragraphs and not headings):
            return False
        most = 2
        if self.stacked and len(headings) > 1:
            most = min(most, draft.longest_section)
            if width(title) * 2 <= min(map(width, headings)):
                return False
        longest = max(map(width, headings), default=0)
        if len(headings) > 1 and not self.stacked and width(title) > 1.6 * longest:
            return False
        return self._bodies(end) <= most

    def _is_listed(self, draft: _Draft, run: list[str]) -> bool:
        """Whether lines below a notice's paragraph that ends in a colon are what it announces."""
        notice = any(NOTICE.search(squeezed(title)) for title in draft.titles)
        return notice and not any(map(stands_alone, run)) and not is_latin(run[0])

    def _is_item_of_two(self, draft: _Draft, run: list[str], end: int) -> bool:
        """Whether two lines head one more brief of a collection whose first one has two, place and title."""
        kinds = [kind for kind, _ in draft.parts[:3]]
        if len(run) != 2 or not draft.is_collection or draft.ended:
            return False
        first = draft.headings[:1]
        return (
            kinds == [_HEADING, _HEADING, _PARAGRAPH]
            and is_capitals(run[0]) == is_capitals(first[0])
            and is_like(run[0], first[0])
            and self._bodies(end) in {1, 2}
        )

    def _bodies(self, end: int) -> int:
        count, torn = 0, False
        for piece in self.pieces[end:]:
            if piece.role in {Role.JUMP_FROM, Role.CREDIT} or (
                piece.role is Role.TITLE and not torn
            ):
                break
            if piece.role in {Role.BODY, Role.LEAD}:
                count += not torn
                torn = not (is_closed(piece.text) or ends_itself(piece.text))
        return count

    def _peers(self, start: int) -> list[str]:
        """Lone titles with text below them, up to the next title that surely opens an article."""
        peers: list[str] = []
        before: Piece | None = None
        for place in range(start, len(self.pieces) - 1):
            piece, following = self.pieces[place], self.pieces[place + 1]
            if piece.role in {Role.JUMP_FROM, Role.CREDIT}:
                break
            if piece.role is not Role.TITLE:
                before = piece if piece.role in {Role.BODY, Role.LEAD} else before
                continue
            if before is not None and not is_closed(before.text):
                continue  # it slipped into a sentence
            torn = following.role is Role.TITLE and place + 2 < len(self.pieces)
            named = is_lone_byline(following.text, [])
            if torn and not named and self._is_fragment(following.text, self.pieces[place + 2]):
                peers.append(piece.text)
                continue
            if following.role is not Role.BODY:
                break
            if not self._is_fragment(piece.text, following):
                peers.append(piece.text)
        return peers

    def _is_other_half(self, draft: _Draft, run: list[str], end: int) -> bool:
        """Whether a line below a lead is the rest of its headline: it says what was said above.

        Of another article's headline the text below says all again. Behind more than the lead it must
        say more of what stands above than of what stands below.
        """
        title = run[-1]
        if len(run) > 1 or len(draft.titles) != 1 or draft.ended or width(title) < 9:
            return False
        if not (1 <= len(draft.paragraphs) <= 3 and is_lead(draft.paragraphs[0])):
            return False
        heads = [*draft.headings, *self._peers(end)]
        if stands_alone(title) or is_item(title) or any(is_like(title, head) for head in heads):
            return False
        above, below = kinship(title, draft.said), kinship(title, self._text(end))
        if len(draft.paragraphs) == 1:
            return above >= 0.1 and below <= 0.7
        return above >= 0.1 and above >= below and not heads

    def _is_new(self, draft: _Draft, title: str, end: int, *, apart: bool | None) -> bool:
        """Whether a lone title over text without a lead opens an article: signs are weighed."""
        folded = squeezed(title)
        odd = NOTICE.search(folded) and not any(map(NOTICE.search, draft.headings))
        odd = odd or is_collection(title)
        compiled = any(piece.role is Role.CREDIT for piece in self._until_title(end))
        odd = odd and not (draft.is_collection and draft.headings and compiled)
        if not odd and self._is_item(draft, title, end):
            return False
        if _AFTERWORD.match(folded):
            return False
        over = draft.ended or draft.continued_to
        if over or apart or NOTICE.search(folded) or is_collection(title):
            return True
        if is_item(title) or (label_of(title) and label_of(title) in map(label_of, draft.headings)):
            return False
        if draft.signed or is_salutation(self.pieces[end].text):
            return True
        if len(draft.paragraphs) > 3 and all(width(text) <= _VERSE for text in draft.paragraphs):
            return True
        if is_capitals(title) and not self.capitals and not any(map(is_capitals, draft.headings)):
            return True  # POLICE LOG, among headlines in small letters
        if self._bullets(end) > 1 and width(title) <= 10 and not _ASIDE.search(folded):
            return True
        if self._opens_in_capitals(draft, end):
            return True
        like = [*draft.headings, *(peer for peer in self._peers(end) if is_like(peer, title))]
        if not like and (COLUMN.match(folded) or (draft.continued_from and not draft.titles)):
            return True
        akin = kinship(title + "\n" + self._text(end), draft.said)
        wide = width(title)
        if not draft.is_feature and not any(map(is_lead, draft.paragraphs[:1])):
            # articles without leads stand in a row, and their headlines look like subheads
            if self.stacked and not self._is_one_of_subheads(draft, title, end):
                return True
            signs = (wide >= 9) + (wide >= 12) + (akin < 0.09) - (akin > 0.2)
            signs -= 3 * self._is_unsigned(draft, end)
            signs += self._asks(draft, end) + 2 * self._is_otherwise(draft, end)
            return self._weighed(draft, signs + 2 * draft.is_signed)
        signs = (
            2 * draft.is_signed
            + (wide > 14)
            + (wide > 9 and " " in folded and not is_latin(folded))
            + (akin < 0.04)
            - (akin > 0.12)
            + (-1 if like else 1 if draft.headings or draft.is_feature else 2)  # one alone is rare
            - bool(draft.headings)
            - (wide <= 8)
            - draft.is_feature
            + 2 * self._asks(draft, end)
            + 2 * self._is_otherwise(draft, end)
            + 3 * self._is_by_another(draft, end)
            + (is_latin(title) and wide > 14 and kinship(title, self._text(end)) >= 0.3)
            - 2 * (apart is False)
            - self._tells_of_the_same(draft, end)
        )
        return self._weighed(draft, signs)

    def _opens_in_capitals(self, draft: _Draft, end: int) -> bool:
        """Whether the text begins with a word in capitals, as the article at hand does and its sections don't."""
        capital = re.compile(r"(?:[A-Z]\s)?[A-Z]{3,}(?:\s[A-Z]{2,})*\s[a-z]")
        first = draft.paragraphs[:1]
        sections = [text for (kind, _), (_, text) in pairwise(draft.parts) if kind is _HEADING]
        opens = [bool(capital.match(text)) for text in (*first, self.pieces[end].text)]
        return len(opens) == 2 and all(opens) and not any(map(capital.match, sections))

    def _weighed(self, draft: _Draft, signs: int) -> bool:
        """Whether signs outweigh; the article at hand keeps in mind that they hardly did or didn't."""
        draft.on_edge = draft.on_edge or signs in {1, 2}
        return signs >= 2

    def _is_one_of_subheads(self, draft: _Draft, title: str, end: int) -> bool:
        """Whether a title in a row of articles is short, and the one before or behind it too."""
        beside = [*draft.headings[-1:], *self._peers(end)[:1]]
        return width(title) < 9 and any(width(other) < 9 for other in beside)

    def _asks(self, draft: _Draft, end: int) -> bool:
        """Whether questions and answers begin here, and the article at hand has none."""
        asked = re.compile(r"(?:问|問|Q)[:：.]")
        return bool(asked.match(self.pieces[end].text)) and not any(
            map(asked.match, draft.paragraphs)
        )

    def _is_otherwise(self, draft: _Draft, end: int) -> bool:
        """Whether the text is of another kind: no talk any more, signed items, a table."""
        texts = [piece.text for piece in self._until_title(end) if piece.role is Role.BODY]
        asked = [bool(re.match(r"[问問][:：]", text)) for text in draft.paragraphs]
        talks = sum(asked) > 1 and not any(re.match(r"[问問答][:：]", text) for text in texts)
        signed = [
            bool(re.search(r"[。！？!?…”][（(][^()（）]{2,16}[)）]$", text)) for text in texts
        ]
        listed = len(texts) > 2 and sum(map(is_item, texts)) + 1 >= len(texts)
        listed = listed and not any(map(is_item, draft.paragraphs))
        bulleted = [text[0] in _BULLETS for text in draft.paragraphs]
        listed = listed or bool(
            len(bulleted) > 1 and all(bulleted) and texts and texts[0][0] not in _BULLETS
        )
        tabled = sum(map(is_table_row, texts)) > 2 and not any(map(is_table_row, draft.paragraphs))
        labels = len(texts) > 2 and is_labelled(*texts) and not any(map(SPEAKER.match, texts))
        tabled = tabled or (labels and not any(map(is_labelled, draft.paragraphs)))
        return (
            talks or tabled or listed or (len(signed) > 1 and all(signed) and not draft.is_signed)
        )

    def _is_by_another(self, draft: _Draft, end: int) -> bool:
        """Whether the text from here on says who wrote or compiled it, and the one at hand named its own."""
        writers = _people(draft)
        pieces = self._until_title(end)
        if not pieces:
            return False
        if draft.is_feature and _READER.match(fold(self._title_at(end + len(pieces)))):
            return True
        last = pieces[-1]
        signed = last.role is Role.BYLINE and draft.is_feature
        if not (writers or signed):
            return False
        found = (bylines.line_credits if signed else bylines.closing_credits)(fold(last.text))
        return last.role is Role.CREDIT or not set(found.byline) <= set(writers.byline)

    def _tells_of_the_same(self, draft: _Draft, end: int) -> bool:
        """Whether somebody is named in the text from here on whom the one at hand tells of."""
        told = "\n".join(draft.paragraphs)
        tagged = rjieba.tag(self._text(end))
        return any(tag == "nr" and len(word) > 2 and word in told for word, tag in tagged)

    def _bullets(self, start: int) -> int:
        """How many pieces from here on begin with one sign, up to the next title."""
        texts = [
            piece.text for piece in self._until_title(start) if piece.role in {Role.BODY, Role.LEAD}
        ]
        return (
            sum(text[0] == texts[0][0] for text in texts)
            if texts and texts[0][0] in _BULLETS
            else 0
        )

    def _title_at(self, place: int) -> str:
        """The title there, if one is."""
        piece = self.pieces[place] if place < len(self.pieces) else None
        return piece.text if piece is not None and piece.role is Role.TITLE else ""

    def _until_title(self, start: int) -> list[Piece]:
        return list(takewhile(lambda piece: piece.role is not Role.TITLE, self.pieces[start:]))

    def _is_photo_news(self, run: list[str], captions: list[Piece], end: int) -> bool:
        """Whether a title and a caption are all of an article, though another title follows.

        A picture between the lines of a headline tells of what the text below tells of.
        """
        if not run:
            return False
        caption = "\n".join(re.sub(r"(?<=[。”])[^。]*$", "", piece.text) for piece in captions)
        named = _PHOTO_NEWS.search(squeezed(run[-1])) or is_work(run[-1])
        if named or width(captions[0].text) > 60:
            return True
        text = end
        while text < len(self.pieces) and self.pieces[text].role is Role.TITLE:
            text += 1
        below = [piece.text for piece in (*self.pieces[end:text], *self._until_title(text))]
        whole = re.search(r"。|[a-z][.!?](?:\s|$)", caption)
        if whole and kinship(run[-1], caption) > kinship(run[-1], "\n".join(below)) + 0.5:
            return True
        alike = 0.2 if is_latin(caption) else 0.12
        return bool(whole) and kinship(caption, "\n".join(below)) < alike

    def _text(self, start: int) -> str:
        texts: list[str] = []
        for piece in self.pieces[start:]:
            if piece.role is Role.TITLE:
                break
            texts.append(piece.text)
        return "\n".join(texts)


def _place(draft: _Draft, piece: Piece) -> None:
    """Put a piece that is no title where its role says."""
    match piece.role:
        case Role.JUMP_FROM:
            draft.continued_from = piece.page
        case Role.JUMP_TO:
            draft.continued_to = piece.page
        case Role.BYLINE:
            draft.parts.append((BlockKind.BYLINE, piece.text))
        case Role.CAPTION | Role.PHOTOGRAPHER:
            draft.parts.append((BlockKind.CAPTION, piece.text))
        case Role.CREDIT:
            draft.parts.append((BlockKind.CREDIT, piece.text))
            draft.ended = True
        case _:
            draft.add(piece.text)


def _pictures(drafts: list[_Draft]) -> list[_Draft]:
    """Give a caption that stands above a headline to the article that it tells of.

    It shares words with the article below and none to speak of with the one above.
    """
    for above, below in pairwise(drafts):
        while above.parts and above.parts[-1][0] is BlockKind.CAPTION:
            caption = above.parts[-1][1]
            if len(pairs_of(caption)) < 12:
                break
            here = above.said
            there = below.said
            loose = not above.titles and not above.paragraphs
            if kinship(caption, there) < 0.3 or (not loose and kinship(caption, here) > 0.1):
                break
            below.parts.insert(0, above.parts.pop())
    return [draft for draft in drafts if draft.parts or draft.titles]


def _sort_captions(drafts: list[_Draft]) -> None:
    """Give a caption to the article that it tells of, where the one it stands in says none of it."""
    told = [pairs_of(draft.said) for draft in drafts]
    for at, draft in enumerate(drafts):
        for part in [part for part in draft.parts if part[0] is BlockKind.CAPTION]:
            pairs = pairs_of(part[1])
            if len(pairs) < 8 or not draft.paragraphs:
                continue
            akin = [len(pairs & each) / len(pairs) for each in told]
            best = max(range(len(drafts)), key=lambda other: akin[other])
            if akin[at] <= 0.1 and akin[best] >= 0.3:
                draft.parts.remove(part)
                drafts[best].parts.append(part)


def _captioned(draft: _Draft) -> None:
    """Take for a caption the one paragraph as short as one, where a picture is told of by none."""
    if not draft.lacks_caption:
        return
    first = next(at for at, (kind, _) in enumerate(draft.parts) if kind is _PARAGRAPH)
    short = [
        at
        for at, (kind, text) in enumerate(draft.parts)
        if at > first and kind is _PARAGRAPH and is_depiction(text) and not _PRONOUN.match(text)
    ]
    if len(short) == 1:
        draft.parts[short[0]] = (BlockKind.CAPTION, draft.parts[short[0]][1])


def _verses(pieces: Sequence[Piece]) -> frozenset[Piece]:
    """Lines of verse with punctuation: four short ones and more, below a headline or a writer's name."""
    found: list[Piece] = []
    run: list[Piece] = []
    below: Role | None = None
    for piece in (*pieces, Piece(Role.FURNITURE, "")):
        short = piece.role is Role.BODY and width(piece.text) <= _VERSE and not is_item(piece.text)
        if short and not (
            is_table_row(piece.text) or is_row(piece.text) or short_cells(piece.text)
        ):
            run.append(piece)
            continue
        open_ = sum(not is_closed(line.text) for line in run)
        if len(run) > 3 and open_ * 3 > len(run) and below in {Role.TITLE, Role.BYLINE}:
            found.extend(run)
        run, below = [], piece.role
    return frozenset(found)


def _asked(draft: _Draft) -> None:
    """Take for paragraphs the questions of an English interview, which ask for what somebody thinks."""
    asked = [text for text in draft.headings if text.endswith("?") and is_latin(text)]
    if len(asked) > 1 and sum(bool(re.search(r"(?i)\byou", text)) for text in asked) * 2 >= len(
        asked
    ):
        draft.parts = [(_PARAGRAPH if text in asked else kind, text) for kind, text in draft.parts]


def _rhythm(text: str) -> tuple[float, ...]:
    """How long the clauses of a title are."""
    return tuple(width(clause) for clause in SENTENCE_COMMA.split(text))


def _is_short(text: str) -> bool:
    return len(text.split()) <= 5


def _is_text(piece: Piece) -> bool:
    return piece.role in {Role.BODY, Role.LEAD}


def _text_of(piece: Piece) -> str:
    return piece.text


def _is_whole(piece: Piece) -> bool:
    """Whether no sentence is open behind a piece: it is closed, or no text."""
    return piece.role not in {Role.BODY, Role.LEAD} or is_closed(piece.text)


def _ends_in_name(text: str) -> bool:
    """Whether a line is what somebody is and his name: 白石小学教师 何平."""
    match = re.fullmatch(r"([一-鿿]{2,16}) ([一-鿿]{2,4})", text)
    return match is not None and bylines.is_name(match[2]) and not bylines.is_name(match[1])


def _starts_torn(piece: Piece, ahead: Piece) -> bool:
    """Whether a short line is set in like a paragraph, and what follows goes on with it."""
    follows = ahead.role is Role.BODY and not ahead.indented
    return piece.role is Role.TITLE and piece.indented and follows


def _is_signer(text: str) -> bool:
    """Whether a line is a letter writer's name beside who he is: 城南居民 王一鸣."""
    folded = fold(text)
    if behind := re.fullmatch(r"(\S{2,4})\s?[(]([^()]{2,16})[)]", folded):  # 王一鸣(城南居民)
        return bylines.is_name(behind[1]) and not bylines.is_name(behind[2])
    who, _, name = folded.rpartition(" ")
    return 2 <= width(who) <= 16 and not re.search(r"[\s,:]", who) and bylines.is_name(name)


def _is_verse(draft: _Draft, run: list[str]) -> bool:
    """Whether many short lines under a headline and its writer are a poem's."""
    return (
        len(run) > 3
        and draft.is_feature
        and not draft.paragraphs
        and all(width(line) <= 18 for line in run[:3])
    )


def _poet(run: list[str]) -> int:
    """Where in a run of titles a writer's bare name stands below another line; 0 where none does."""
    return next((at for at in range(1, len(run)) if _is_poet(run[at])), 0)


def _is_poet(text: str) -> bool:
    """Whether a line is a name and no word of the dictionary, as a short line of verse may be."""
    words = rjieba.tag(text)
    word = len(words) == 1 and not words[0][1].startswith("nr")
    return is_lone_byline(text, []) and not word


def _article(draft: _Draft, page: Page, position: int) -> Article:
    kicker, headline = kicker_of(draft.titles)
    people = _people(draft)
    text, blocks = join(draft.parts)
    return Article(
        id=article_id(page.source, position),
        kicker=kicker,
        headline=headline,
        byline=people.byline,
        correspondents=people.correspondents,
        photographers=people.photographers,
        publication=page.publication,
        issued=page.issued,
        date=_told(draft, page.issued),
        page=page.number,
        position=position,
        continued_from=draft.continued_from,
        continued_to=draft.continued_to,
        text=text,
        blocks=blocks,
        source=page.source,
    )


def issued_on(article: Article, issued: date | None) -> Article:
    """The article with the day of its paper, and the day that it tells of counted from there."""
    draft = _Draft(parts=article.parts, continued_from=article.continued_from)
    return replace(article, issued=issued, date=_told(draft, issued))


def _told(draft: _Draft, issued: date | None) -> str | None:
    lead = _lead(draft)
    day = told(first_sentence(lead), issued) if lead else None
    return day or (issued.isoformat() if issued else None)


def _people(draft: _Draft) -> Credits:
    """Who is named in byline lines, leads, closing brackets, captions and credits."""
    found = Credits()
    paragraphs = draft.paragraphs
    above = ""
    for kind, text in draft.parts:
        folded = fold(text)
        match kind:
            case BlockKind.BYLINE:
                post = re.match(r"(?i:by) ", above) and not re.match(r"(?i:and|with) ", folded)
                found += bylines.line_credits(folded) or (Credits() if post else bare_names(text))
            case BlockKind.CREDIT:
                found += bylines.line_credits(folded)
            case BlockKind.CAPTION:
                found += Credits(photographers=bylines.caption_photographers(folded))
            case BlockKind.PARAGRAPH:
                if is_lead(text):
                    found += bylines.lead_credits(folded)
                if draft.is_collection or text == paragraphs[-1] or text[0] in _BULLETS:
                    found += bylines.closing_credits(folded)
            case BlockKind.HEADING:
                pass
        above = folded
    return found


def _is_legend(text: str) -> bool:
    """Whether a line says what a table's figures are: 单位:元 采价时间:12月20日."""
    labels = re.findall(r"(?:^|\s)[^\s,。:]{2,8}:\S", fold(text))
    return len(labels) > 1 and not is_closed(text)


def _lead(draft: _Draft) -> str | None:
    """The paragraph that opens the article; a roundup and the rest of a jump have none."""
    if draft.continued_from:
        return None
    opening: list[str] = []
    for kind, text in draft.parts:
        if kind is _HEADING:
            break
        if kind is _PARAGRAPH:
            opening.append(text)
    if not draft.paragraphs:  # photo news
        opening = [text for kind, text in draft.parts if kind is BlockKind.CAPTION]
    long = [
        text
        for text in opening
        if (width(text) > 10 or is_closed(text))
        and (is_row(text) or not short_cells(text))
        and not _is_legend(text)
    ]
    return next((text for text in long[:3] if is_lead(text)), long[0] if long else None)
