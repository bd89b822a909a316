"""What each piece of a page is by its looks: furniture, jump mark, byline, caption, title, body.

A piece is a line or a run of wrapped lines between blank ones. Its role comes from its shape and
wording alone; what a title is (kicker, headline, subhead, half of a headline that slipped into
the text) depends on its neighbours and is decided when articles are put together.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise, takewhile

import rjieba

from vectorstore import bylines, english
from vectorstore.articles import PrintedDay
from vectorstore.dates import days, weekday
from vectorstore.furniture import MASTHEAD, REACHED, is_furniture, is_head, is_imprint, is_staff_box
from vectorstore.lines import fold, is_closed, is_latin, is_salutation, unspaced, width
from vectorstore.pieces import Piece, Role
from vectorstore.words import simplified


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a page's furniture says of it."""

    publication: str | None = None
    issued: date | None = None
    number: str | None = None
    day: PrintedDay | None = None
    """Where the year isn't printed."""


_PAGE_NUMBER = r"(?:[A-Za-z]{1,2}[-–]?\d{1,3}|\d{1,3}|[一二三四五六七八九十]{1,3})"
_JUMP_FROM = re.compile(
    rf"[(（【\[〔<《→▲▶►◀◄\s]*(?:紧接|緊接|上接|文接|接|续|承接)\s*(?:(?:本报|今日"
    rf"|昨日)?\s*第?\s*(?P<page>{_PAGE_NUMBER})\s*[版面頁页]|(?P<page2>[A-Z]\d{{1,2}}))"
    r"[^()（）】\]]{0,40}?[)）】\]〕>》]|^[▲▶►◀◄→\s]*(?:紧接|緊接|上接)\s*第?\s*(?P<page3>"
    + _PAGE_NUMBER
    + r")\s*[版面頁页]?\s*"
)
_JUMP_TO = re.compile(
    r"[(（【\[〔<《→▲▶►◀◄▼\s]*(?:[下请請]?[转轉接]|下转|[余餘]?文[转轉])\s*(?:至|到)?\s*(?:本报|今日)?\s*第?\s*"
    rf"(?:(?P<page>{_PAGE_NUMBER})\s*[版面頁页]|(?P<page2>[A-Z]\d{{1,2}}))"
    r"[^()（）】\]]{0,30}?(?:[)）】\]〕>》]|$)\s*$"
)
_ENGLISH_PAGE = (
    r"(?P<page>[A-Za-z]?-?\d{1,3}(?:[A-Za-z]\b)?"
    r"|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
)
_ENGLISH_PAGE_AT = (
    r"(?:(?:[Pp]age|PAGE|[Pp]g\.?|[Pp]\.)\s*|(?=(?:[A-Z]-?\d{1,3}|\d{1,3}[A-Z])[)\].]*\s*$))"
    rf"{_ENGLISH_PAGE}"
)
"""Page 4; a letter and a number that end the line need not be called a page: BANK, from 1A."""
_EN_JUMP_FROM = re.compile(
    r"^[(\[]?\s*(?:[A-Z][\w’' -]{0,30}[,:]\s*)?(?:[Cc]ontinued|CONTINUED|[Cc]ont(?:\.|’d"
    r"|'d)?)?\s*(?:[Ff]rom|FROM)\s+"
    rf"(?:the\s+)?{_ENGLISH_PAGE_AT}\s*[)\]]?"
)
_EN_JUMP_TO = re.compile(
    r"[(\[]?\s*(?:(?:[Pp]lease\s+)?(?:[Ss]ee|SEE|[Tt]urn\s+[Tt]o"
    r"|TURN TO)\s+(?:[A-Z][\w’' -]{0,30}[,:]?\s*)?(?:on\s+)?|"
    r"(?:[A-Z][A-Z’' -]{2,30},?\s*)?(?:[Cc]ontinued|CONTINUED|[Cc]ont(?:\.|’d"
    r"|'d)?)\s+(?:[Oo]n|ON|to)\s+|[●■▶►•]\s?(?i:to)\s+)"
    rf"{_ENGLISH_PAGE_AT}"
    r"(?:,?\s*(?i:col(?:umn|\.)?)\s*\w+)?\s*[)\]]?\.?\s*$"
)

_PAPER = (
    r"(?:本报|本報|本刊|本台|本网|本網|明報|[一-鿿]{0,4}"
    r"(?:日报|晚报|晨报|早报|时报|商报|都市报|快报|周报|日報|晚報|時報|文匯報|大公報)|[一-鿿]{1,2}报(?=讯\s?[(（]))"
)
_AGENCY = (
    r"(?:新华社|新華社|新华网|中新社|中新网|中新網|中国新闻网|中央社|央视新?闻?|央視|央广网?|人民网|光明网"
    r"|法新社|路透社|美联社)"
)
_AFTER_MARK = r"(?=$|[〕】\])）\s(（〔【:：])"
_LEAD = re.compile(
    rf"""^[〔【(（\[]?\s*(?:
        (?:据|據)?{_PAPER}\s*(?:[一-鿿]{{0,6}}\s*(?:\d{{1,2}}月)?\d{{1,2}}日|[一-鿿]{{0,4}}?)\s*
            (?:(?:专讯|專訊|讯(?!员)|訊(?!員)|(?<=日)[电電])(?={_AFTER_MARK}|[一-鿿\d“「])
              |(?:综合消息|综合报道|消息){_AFTER_MARK})
      | (?:据|據)?\s*{_AGENCY}[^,，。;；]{{0,24}}?
            (?:日\s*(?:[电電讯訊]|消息)|(?:[电電讯訊]|消息){_AFTER_MARK})
      | (?:据|據)?[一-鿿]{{2,6}}[社网台][^,，。;；]{{0,12}}?\d日(?:[电電讯訊]|消息)
      | [一-鿿]{{2,6}}讯\s?[(（][^()（）,，]{{0,6}}(?:记者|通讯员)
      | 综合(?:新华社|消息|报道|外电)[^,，。;；]{{0,10}}?{_AFTER_MARK}
      | (?:本报|本報|[一-鿿]{{2,6}}社)?(?:记者|記者)[^,，。]{{2,26}}?
            (?:报道|報道|報導|電|电|讯|訊)\s*[〕】)）\]]
      | (?:本报|本報|新华社)?(?:记者|記者|通讯员)\s*[^\s,，。]{{2,4}}(?:[\s、][^\s,，。]{{2,4}}){{0,3}}
            \s*(?:综合)?(?:报道|報道)(?=[:：\s,，])
    )""",
    re.VERBOSE,
)
_BRACKET_LEAD = re.compile(
    r"^[〔【(\[]\s*(?:[一-鿿]{2,8}日[讯訊电電][〕】)\]]|(?:本[报報刊台]|(?:特派|特约|特約|驻\S{1,4}?|駐\S{1,4}?)?(?:记者|記者)(?!手记|观察|点评|调查|感言|评论|提醒|链接|体验|日记))"
    r"[^()〔〕【】\[\],。摄攝辑輯]{1,24}[〕】)\]])\s*[^\s)]"
)
"""A bracket with the newsroom or its reporter before the text: (本報專訪), （記者丁克）."""
_NOT_LEAD = re.compile(
    r"^[^(（]{0,10}(?:通讯(?!员)|短讯|资讯|停电|用电|供电|发电|家电|来电|充电|核电|水电|邮电|机电)"
)
_EN_LEAD = re.compile(
    r"^(?:[A-Z][A-Z.’'-]+(?:\s[A-Z][A-Z.’'-]+){0,3})(?:,\s(?:[A-Z][\w.]+\s?){1,3})?(?:,\s"
    r"[A-Z][a-z]+\.?\s\d{1,2})?\s*(?:\([A-Za-z ./]+\)\s*)?[—–-]{1,2}\s*\S"
)

_CAPTION_HEAD = re.compile(
    r"^(?:(?:漫画|插图|插画|题图|配图|图表|制图|资料图)\s*[:：/]|[▲△▼▽◀▶←→↑↓①-⑨]\s*|图[①-⑨\d]?\s*[:：]|图片说明|圖說|图说(?![一-鿿]{2,4}$)[:：]?|图(?:片)?[为為]"
    r"|圖(?:片)?[为為]|上图|下图|左图|右图|[上下左右]圖|以上图|本组图|图[①-⑨一二三四]|"
    r"(?:Pictured|Above|Below|At left|At right|Left|Right|Top|ABOVE|BELOW|LEFT"
    r"|RIGHT)\b(?=[:,—]|\s(?:is|are)\b))"
)
_CREDIT = re.compile(
    r"^[(（【\[]?(?:[—–-]\s?)?\s*(?:(?:以上|本组|本文|上述|本版)?(?:稿件|消息|内容|報道|报道|信息"
    r"|文字)?(?:均?由|均为|系)?.{0,30}(?:整理|编译|編譯|汇编|辑录|综合整理|供稿|采写)"
    r"|(?:综合|据|據).{2,40}(?:报道|報道|消息|整理)|整理\s*[:：/]?.{2,20}|(?i:compiled"
    r"|reported|with reporting|additional reporting)\s+by\s.{3,80}"
    r"|From (?:staff|wire|news) (?:and \w+ )?(?:reports|services)\b.{0,60})[.。]?\s*[)）】\]]?$"
    r"|^[(【\[][^()。]{2,20}[輯辑][)】\]]$"
)
_JOB_LINE = re.compile(
    r"^(?:(?:[A-Z][\w.'’-]+\s){1,3}[A-Z][\w'’-]+\s*[|•,/–—-]\s*)?(?:Senior |Chief |Special )?"
    r"(?:Staff|Herald|News|Times|City|Sports|Political|Business|Courier|Post"
    r"|STAFF)\s(?:Writer|Reporter|Correspondent|Editor|WRITER|REPORTER)s?$"
    r"|^(?:The )?[A-Z]\w+(?: [A-Z]\w+)? Staff$"
)
_TITLE_OF = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Rev|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Prof)\. ")
_JOB_BELOW = re.compile(
    r"^(?:[\w.’'&-]+\s){0,4}(?i:staff|writers?|reporters?|correspondents?|editors?|columnists?"
    r"|contributors?|photographers?|press)$|^(?i:special to|for) the (?:[A-Z]\w+\s?){1,4}$"
)
"""What a writer is, in a line below his name."""
_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|\d{4}年(?:\d{1,2}月)?[:：]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[.、．)](?!\d)|第[一二三四五六七八九十\d]{1,3}[条條项項章、,，:：]"
    r"|[●■▲◆★☆※•·△▼▽○◎▪◇□@▇█▌➤]|——|[问答問][:：]|【[问答問]】|[QA][:.]\s|[*-]\s)"
)
_NAMED_ITEM = re.compile(r"^【[^【】]{2,12}】\s?[^【\s]{4}")
"""【市一中】校史馆开馆: one of several briefs."""
_CONTACT = re.compile(
    r"^(?!本|来|[晚日晨商时早]报|(?:要闻|体育|文化|教育|财经|社会|民生|都市|副刊|娱乐|体彩|福彩)(?:热线|开奖|新闻)|新闻|报料|爆料|投稿|广告|订报|订阅|发行|服务|热线|读者|编辑|总编)[一-鿿]{2,4}"
    r"(?:(?<=咨询|联系|报名|举报|监督|服务|预约|投诉|求助)(?:电话|邮箱)$|(?:电话|電話|热线|熱線|邮箱)\s?[:\d(][^,。]{0,40}$|(?:人|方式|地址|地点|时间|日期|对象|费用):)"
)
_ENTRY = re.compile(r"^[一-鿿]{2,10}:[^,。]*\d[^,。]*$")
_FIGURE = re.compile(
    r"\d|[〇一二三四五六七八九十百][時时點点]|[〇一二三四五六七八九十百](?:公[尺斤里]|[元角度分])"
)
_LABELLED = re.compile(r"[^,。:“]{2,10}:\S[^。]*$")
_SPOKEN = re.compile(r"^([一-鿿]{2,4}):\S")
_SPEAKER = re.compile(r"^(?:问|答|問|记者|記者|主持人):\S")
_ENCLOSED = re.compile(r"^[(][^()]*(?:[(][^()]*[)][^()]*)*[)]$")
_LIST_INTRO = re.compile(
    r"(?:如下|公示|公布|通报|名单|以下|下列|有关事项|方面|包括|安排|为|有|点|条)\S{0,6}[:：]$"
    r"|(?i:\b(?:following|follows|these|below)\b[^.:]*:$)"
)
_ENGLISH_SIGNED = re.compile(r"[.?!][\"”]?\s[—–]\s?[A-Z][^.,;?!]{2,40}$")
"""A reader's question with who asks: Is she right? — Lumpy on Liberty Avenue."""
_GIVEN_BY = re.compile(
    r"^(?:数据|資料|资料|信息)?(?:来源|來源)\s?:|^.{2,24}\d[日时时點点]\d{0,2}分?发布$"
)
"""Whom a table or a forecast comes from, in a line below."""
_GAVE_PICTURE = re.compile(r"[^\s。,:]{2,24}供[图圖]")
_ENGLISH_PICTURE = re.compile(
    r"(?:[—–-]\s?)?(?:[A-Z][\w.’'&]*\s){0,2}(?:[Pp]hotos?|PHOTOS?|[Pp]ictures?)(?:graphs?)?"
    r"(?: (?:by|BY|courtesy of) |:\s?)(?:[A-Z][\w.’'-]*\s?){1,5}"
)
"""— Herald Photo by Jane Doe."""
_SOURCE = re.compile(r"作者|单位|供稿|提供|摘自|来源|原载|转载|整理|综合|編譯|编译")
_SIGNED = re.compile(r"[!?][”’]?\s?[(][^()]{2,16}[)]$")
_WORK = re.compile(r"[(](?:摄影|国画|油画|版画|水彩|书法|篆刻|剪纸|漫画|雕塑)[)]$")
_COMMENTATOR = re.compile(r"^[(（]?\s*[□■◎●▲]?\s*本报(?:特约|首席)?评论员[)）]?$")
_SIGNED_BEHIND = re.compile(r"[。！？!?”](?:　|\s\s)\s*[一-鿿]{2,6}(?:\s[一-鿿]{2,4})?(?<![摄攝])$")
"""A letter's last line with who wrote it: ……一条缝。　　读者 张三."""
_MEASURE = re.compile(
    r"[个名人件条项家户天年月日时点次位张座所处批套辆台部本份种类级层里公米斤吨亩元万亿千百十季只枚艘棵头间幢栋册场趟笔双块]"
)
_LISTED = re.compile(r"[·•●■▪-]\s?\S")
_NUMBER = re.compile(r"(\d{1,2})[.．、]\s?(?=\D)")
_ROW = re.compile(
    r"^(?:(?:\d{1,2}月)?\d{1,2}日(?:夜间|白天|[(][^()]{1,4}[)](?:[上下]午|晚上)?)?|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?)\s+\S"
)


@lru_cache(maxsize=1)  # whoever reads a page asks for it several times in a row
def layout(text: str) -> tuple[Piece, ...]:
    """Part a page's text into pieces and say what each looks like."""
    pieces = _once_headed(tuple(_repeated(tuple(_roles(_blocks(text))))))
    pieces = english.marked(_numbered(tuple(_bulleted(_framed(pieces)))))
    pieces = tuple(_spoken(tuple(_second_lines(pieces))))
    return tuple(_parted(tuple(_joined_captions(_set_off(_rows(pieces))))))


def told_apart(line: str) -> Piece | None:
    """What a line by itself looks like, nothing taken out of it; None where it is blank."""
    text = line.strip()
    if not text:
        return None
    jump = _JUMP_FROM.fullmatch(text) or _EN_JUMP_FROM.fullmatch(text)
    if jump:
        page = next(value for value in jump.groupdict().values() if value)
        return Piece(Role.JUMP_FROM, text, page=page)
    if to := _JUMP_TO.fullmatch(text) or _EN_JUMP_TO.fullmatch(text):
        page = next(value for value in to.groupdict().values() if value)
        return Piece(Role.JUMP_TO, text, page=page)
    return Piece(_role(text), text)


def masthead(pieces: tuple[Piece, ...]) -> Masthead:
    """What the page's furniture says of paper, day and page."""
    publication, issued, number, day = None, None, None, None
    cells: list[str] = []
    for piece in pieces:
        if piece.role is not Role.FURNITURE:
            continue
        folded = fold(piece.text)
        for part in re.split(r"\s{2,}|　+|\|", piece.text):
            cells.append(part.strip())
            if publication is None and MASTHEAD.match(named := unspaced(part)):
                publication = named
        if publication is None and re.search(r"[一-鿿]", folded):  # 云川日报 2012年7月31日 第三版
            publication = next(filter(MASTHEAD.match, folded.split(" ")), None)
        found = days(folded)
        if issued is None and (full := [each for each in found if each.year]):
            issued = date(full[0].year or 1, full[0].month, full[0].day)
        if day is None and found:
            day = PrintedDay(f"{found[0].month:02}-{found[0].day:02}", weekday(folded))
        if (
            number is None
            and (
                match := re.search(
                    r"(?:第\s*)?(?<![\d今])([A-Za-z]?\d{1,3}"
                    r"|[一二三四五六七八九十]{1,3})\s*[版頁页](?!式|面)|(?:^"
                    r"|\s)(?i:page)\s+([A-Za-z]?\d{1,3}[A-Za-z]?)\b|^([A-Z]\d{1,2})\b"
                    r"|^(\d{2})\s|\s(\d{2}|[A-Z]\d{1,2})$",
                    folded,
                )
            )
            and not re.search(r"今[日天]\S{0,3}版", folded)
        ):
            number = next(group for group in match.groups() if group)
    if number is None:
        number = next((cell for cell in cells if re.fullmatch(r"[A-Z]?\d{2}", cell)), None)
    return Masthead(publication, issued, number, None if issued else day)


def is_labelled(*lines: str) -> bool:
    """Whether lines are entries of a list with a label each: 冠军:教育队."""
    return all(_LABELLED.match(fold(line)) and not is_closed(line) for line in lines)


def is_item(text: str) -> bool:
    """Whether a text begins like an item of a list: 一、 (二) 3. ● 问:"""
    return bool(_ITEM.match(text))


def greets(text: str) -> bool:
    """Whether a text begins as a letter does, the greeting on a line of its own or not."""
    if re.match(r"(?i:sirs?|madam),?\s?[—–-]", text):
        return True
    opening = re.match(r"[^:!。]{2,24}[:!]", fold(text))
    return opening is not None and is_salutation(opening[0])


def is_depiction(text: str) -> bool:
    """Whether a text is as short as what stands below a picture: one whole sentence, nobody's words."""
    said = re.search(
        r"[“「『\"?!？！:：;；]|[说說道称稱示绍紹][,，]|。.",
        re.sub(r"“[^“”，。！？]{1,8}”", "", text),
    )
    clauses = re.split("[,，]", text)
    goes_on = len(clauses) > 2 or re.match(r"[\d.]+(?:[条个万亿%％元人名家项次年]|多)", text)
    whole = 5 <= width(text) <= 40 and text[-1] == "。"
    return whole and not said and not goes_on and not is_item(text)


def is_enclosed(text: str) -> bool:
    """Whether a bracket holds all of a line: （第七号）."""
    return bool(_ENCLOSED.match(fold(text)))


def is_work(text: str) -> bool:
    """Whether a title is the name of a work that the page shows: 晨曲(摄影)."""
    return bool(_WORK.search(fold(text)))


def is_table_row(text: str) -> bool:
    """Whether a line has the cells of a table, half of them with a figure: 2 码头队 8胜1平 25分.

    An entry with its figure (森林覆盖率:33.2%) is a row too.
    """
    folded = fold(text)
    if _ENTRY.match(folded) and width(folded) <= 32:
        return True
    cells = folded.split(" ")
    figures = sum(bool(_FIGURE.search(cell)) for cell in cells)
    return (
        1 < len(cells) <= 12
        and figures * 2 >= len(cells)
        and all(width(cell) <= 16 and "。" not in cell for cell in cells)
        and not (is_closed(text) or _LEAD.match(folded) or (is_latin(folded) and figures < 3))
    )


def short_cells(text: str) -> int:
    """How many short cells a line is parted into by blanks; 0 where it has no three."""
    cells = fold(text).split(" ")
    short = all(width(cell) <= 8 and not re.search("[,。!?“”]", cell) for cell in cells)
    lead = _LEAD.match(fold(text)) is not None
    return len(cells) if len(cells) > 2 and short and not lead and not is_latin(text) else 0


def is_row(text: str) -> bool:
    """Whether a line is a row of a list of days, as forecasts have them: 5月10日 晴 22℃."""
    folded = fold(text)
    return bool(_ROW.match(folded)) and width(folded) <= 44 and not is_closed(text)


@lru_cache(maxsize=256)
def ends_itself(left: str) -> bool:
    """Whether a paragraph ends without a full stop: a salutation, a list's first line or item."""
    row = is_row(left) and left[-1] not in ",，、"
    if row or is_table_row(left) or is_enclosed(left) or is_salutation(left):
        return True
    if _GIVEN_BY.match(fold(left)) or _SIGNED_BEHIND.search(left):
        return True
    if _CONTACT.match(fold(left)) or short_cells(left) or _is_short_row(left):
        return True
    if re.fullmatch(r"[一-鿿]{2,4}[(][^()。]{2,20}[)]", fold(left)):  # 许百川(东屿乡亲,现居本岛)
        return True
    if _ENGLISH_SIGNED.search(left) or (re.match(r"[■●•▪] ?[A-Z]", left) and is_latin(left)):
        return True
    last = left.rstrip()[-1:]
    if last in (":", "："):
        return width(left) <= 14 or bool(_LIST_INTRO.search(left))
    if last in (";", "；"):
        return is_item(left)
    return False


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    gap: int
    indented: bool


def _blocks(text: str) -> Iterator[_Line]:
    """Paragraphs and lines of a page, wrapped lines made one."""
    blocks: list[tuple[list[str], int]] = [([], 0)]
    gap = 0
    for line in text.split("\n"):
        if not line.strip():
            gap += 1
            blocks.append(([], gap))
        else:
            blocks[-1][0].append(line)
            gap = 0
    blocks = [(lines, gap) for lines, gap in blocks if lines]
    columns = [wide for lines, _ in blocks if len(lines) > 5 and (wide := _set_width(lines))]
    widths = sorted(width(line) for lines, _ in blocks for line in lines)
    if not columns and len(widths) > 8:
        columns = [widths[len(widths) * 3 // 4]]
    for lines, gap in blocks:
        yield from _unwrapped(lines, gap, columns)


def _unwrapped(lines: list[str], gap: int, columns: list[float]) -> Iterator[_Line]:
    """Join the lines of a block that were wrapped at one width; others stay lines.

    A few lines are wrapped as wide as the page's ``columns``: as wide as its longer blocks,
    or as most of its lines.
    """
    stripped = [line.strip() for line in lines]
    indents = [bool(re.match(r"　|\s{2,}|\t", line)) for line in lines]
    widths = [width(line.rstrip()) for line in lines]  # an indent fills its line too
    full = _set_width(lines)
    counts = [float(len(line.rstrip())) for line in lines]
    if full and _sets_figures_wide(lines, counts, widths):
        widths, full = counts, _usual(counts)
    room = 8.0 if is_latin(stripped[0]) else 2.5
    if columns and len(lines) < 6 and not any(abs(full - column) <= room for column in columns):
        full = 0
    heads = _titles_above(stripped, indents)
    current, indented, first_gap = stripped[0], indents[0], gap
    for place in range(1, len(lines)):
        before, after = stripped[place - 1], stripped[place]
        room = 8.0 if is_latin(before) else 2.5
        filled = full > 0 and full - room <= widths[place - 1] <= full and widths[place] <= full
        wrapped = filled and not indents[place] and not is_row(after) and place >= heads
        short = widths[place] < full - room
        ahead = tuple(
            zip(stripped[place + 1 : place + 2], indents[place + 1 : place + 2], strict=True)
        )
        bare = not any(indents) and not is_latin(after)
        if bare and filled and is_closed(before) and full - widths[place - 1] >= 2:
            wrapped = False  # a line of a paragraph is as wide, but for a sign that begins no line
        if wrapped and not _stands_by_itself(
            after, current, ahead, short=short, indented=indented, bare=bare
        ):
            current = mend(current, after)
            continue
        yield _Line(current, first_gap, indented)
        current, indented, first_gap = after, indents[place], 0
    yield _Line(current, first_gap, indented)


def _sets_figures_wide(lines: list[str], counts: list[float], widths: list[float]) -> bool:
    """Whether figures are as wide as characters here: so lines that have some are as long as others."""
    figured = [
        at
        for at, (line, ahead) in enumerate(pairwise(lines))
        if counts[at] != widths[at] and not is_closed(line) and not re.match(r"\s", ahead)
    ]
    full, narrow = _usual(counts), _usual(widths)
    figured = [at for at in figured if counts[at] >= 0.7 * full]
    if len(figured) < 4 or is_latin(" ".join(lines)):
        return False
    even = sum(full - 1.5 <= counts[at] <= full for at in figured)
    return even * 7 >= len(figured) * 6 and even > sum(
        narrow - 1.5 <= widths[at] <= narrow for at in figured
    )


def _usual(widths: list[float]) -> float:
    """The width that most lines have, or a sign more where some have that."""
    most = Counter(widths).most_common(1)[0][0]
    return most + (most + 1 in widths)


def _titles_above(lines: list[str], indents: list[bool]) -> int:
    """How many lines stand above a block's first paragraph, which is set in, and end no sentence."""
    first = next((at for at, indented in enumerate(indents) if indented), 0)
    return first if first and not is_closed(lines[first - 1]) else 0


def _stands_by_itself(
    line: str,
    before: str,
    ahead: tuple[tuple[str, bool], ...],
    *,
    short: bool,
    indented: bool,
    bare: bool,
) -> bool:
    """Whether a line among wrapped ones is none of them: a row, a box's title, a name, a caption.

    ``before`` is what it would go on with, ``indented`` or not; ``ahead`` the next line and its indent;
    ``bare`` says that no paragraph is set in. The last line of a paragraph ends its sentence, so a
    short one that ends none, behind one that did, is no part of it.
    """
    role = _role(line)
    if role is Role.BYLINE and re.match(r"[□■◎○▲◆]", line):
        return True
    if is_closed(before):
        if is_item(line) or is_table_row(line) or short_cells(line):
            return True
        if role is Role.BYLINE and is_enclosed(line) and not bare:
            return False  # (张三) behind a last sentence that fills its line
        if role in {Role.CREDIT, Role.BYLINE, Role.LEAD, Role.PHOTOGRAPHER}:
            return True
    if role is Role.CAPTION and (indented or _CAPTION_HEAD.match(fold(line))):
        return True
    if not short or not ahead:
        return False
    if is_closed(before) and is_title(line) and not (is_closed(line) or re.search("[,，]", line)):
        return True
    begins = re.match(r"[\w“《「■●◆▲【]", line) and line.count("）") <= line.count("（")
    titled = (ahead[0][1] or bare) and bool(begins) and is_title(line)
    titled = titled and not (is_table_row(line) or spans(before, line))
    return titled or (is_depiction(line) and _role(ahead[0][0]) is Role.PHOTOGRAPHER)


_WIDEST = 80
"""Characters of the widest column; wider lines are all alike, however many they are."""


def _set_width(lines: list[str]) -> float:
    """The width that a block's lines were wrapped at; 0 where each line stands for itself.

    Wrapped lines fill the column and break sentences; lines without any punctuation are titles. A
    headline or a caption may be wider than the column, which most lines fill then.
    """
    widths = [width(line.rstrip()) for line in lines]
    text = " ".join(line.strip() for line in lines)
    if len(lines) < 2 or not re.search(r"[,，。.、;；]", text):
        return 0
    latin = is_latin(text)
    least, room = (15, 8.0) if latin else (8, 2.5)
    # a few paragraphs, a line each, may be as long as each other by chance
    share = 0.2 if any(map(is_closed, lines)) else 0.5  # verse has no full stops
    if max(widths) > 45:  # no column is as wide, or hardly any
        share = 0.5
    torn = 1  # of its lines at least so many break a sentence
    for most in sorted({min(each, _WIDEST + 1.0) for each in widths}, reverse=True):
        filled = [place for place, w in enumerate(widths) if most - room <= w <= most]
        breaks = sum(not is_closed(lines[place]) for place in filled if place < len(lines) - 1)
        often = len(filled) >= 2 and len(filled) >= share * len(lines)
        if least <= most <= _WIDEST and breaks >= torn and (often or len(lines) == 2):
            return most
        share, torn = 0.5, max(len(lines) // 4, 2)
        if len(lines) < 6 or sum(w >= most for w in widths) * 5 > len(lines):
            break
    return 0


def spans(left: str, right: str) -> bool:
    """Whether a word lies across the gap: the likeliest way to read both sides has it so."""
    left, right = simplified(left[-8:]), simplified(right[:8])
    if re.search(r"[0-9０-９.]$", left) and re.match(r"[0-9０-９.%％一-鿿]", right):
        return True
    if re.search(r"(?<![第之唯万统])[一二三四五六七八九十两几]$", left) and _MEASURE.match(right):
        return True
    before, after = re.search(r"[一-鿿]{1,6}$", left), re.match(r"[一-鿿]{1,6}", right)
    if not before or not after:
        return False
    place = 0
    for word in rjieba.cut(before[0] + after[0], False):
        if place < len(before[0]) < place + len(word):
            return True
        place += len(word)
    return False


def mend(left: str, right: str) -> str:
    """Join two pieces of one sentence: nothing between Chinese, a blank between Latin words.

    A hyphen at a line's end goes where small letters stand on both its sides.
    """
    left, right = left.rstrip(), right.lstrip()
    if re.search(r"[a-zà-ÿ][-‐\u00ad]$", left) and re.match(r"[a-zà-ÿ]", right):
        return left[:-1] + right
    latin = re.search(r"[A-Za-zÀ-ɏ0-9,.;:!?%’'\"”)]$", left) and re.match(
        r"[A-Za-zÀ-ɏ0-9$“\"'‘(]", right
    )
    if re.match(r"[—–] ", right):
        return f"{left} {right}"
    if latin and (is_latin(left[-40:]) or is_latin(right[:40])):
        return f"{left} {right}"
    return left + right


def _roles(lines: Iterator[_Line]) -> Iterator[Piece]:
    text, last = None, None
    for line in lines:
        framed = line.gap == 0 and last is not None and last.role is Role.FURNITURE
        for piece in _of(line, text, framed=framed):
            text = piece if piece.role in {Role.LEAD, Role.BODY} else text
            last = piece
            yield piece


def _of(line: _Line, before: Piece | None, *, framed: bool) -> Iterator[Piece]:
    """The pieces of one line: a jump mark at either end is parted from it.

    ``before`` is the last text above it. Whom to call is a notice's behind a whole paragraph, and
    furniture where it breaks a sentence or stands right below furniture (``framed``).
    """
    text, begun = line.text, before is not None
    jumps = (
        _JUMP_FROM.match(text)
        or _EN_JUMP_FROM.match(text)
        or _JUMP_TO.search(text)
        or _EN_JUMP_TO.search(text)
    )
    contact = _CONTACT.match(fold(text)) is not None
    papers = re.search("投稿|来稿|爆料|报料|浏览|点击", text) is not None
    contact = contact and not (papers or is_imprint(fold(text)) or is_staff_box(fold(text)))
    asked = (
        contact
        and not framed
        and before is not None
        and (is_closed(before.text) or ends_itself(before.text))
    )
    if (not jumps and not asked and is_furniture(text)) or (not begun and is_head(text)):
        yield Piece(Role.FURNITURE, text, line.gap, line.indented)
        return
    if contact and not jumps and is_title(text):
        role = Role.BODY if asked else Role.FURNITURE if begun and REACHED.search(text) else None
        yield Piece(role or _role(text), text, line.gap, line.indented)
        return
    gap = line.gap
    if match := _JUMP_FROM.match(text) or _EN_JUMP_FROM.match(text):
        page = next(value for value in match.groupdict().values() if value)
        yield Piece(Role.JUMP_FROM, match[0].strip(), gap, page=page)
        text, gap = text[match.end() :].strip(), 0
    to = _JUMP_TO.search(text) or _EN_JUMP_TO.search(text)
    if to and to.start() > 0 and not re.search(r"[(（【\[〔→▶►▼]", to[0]) and not is_latin(to[0]):
        to = None  # "…电话转3": only a mark of its own, or in brackets, is a jump
    if to:
        text = text[: to.start()].rstrip()
    if text:
        yield Piece(_role(text), text, gap, line.indented)
    if to:
        page = next(value for value in to.groupdict().values() if value)
        yield Piece(Role.JUMP_TO, to[0].strip(), 0 if text else gap, page=page)


def _role(text: str) -> Role:
    folded = fold(text)
    if len(folded) <= 60 and bylines.has_photo_credit(folded):
        found = bylines.line_credits(folded)
        names = sum(map(len, found.photographers))
        if (
            found.photographers
            and not found.byline
            and names + 22 >= len(folded)
            and not re.search(r"[。!?]", folded)
        ):
            return Role.PHOTOGRAPHER
    if _GAVE_PICTURE.fullmatch(folded) or _ENGLISH_PICTURE.fullmatch(folded):
        return Role.PHOTOGRAPHER
    if len(folded) <= 60 and _CREDIT.match(folded) and not is_closed(folded.rstrip(")]】")):
        return Role.CREDIT
    if len(folded) <= 40 and is_byline(folded) and bylines.line_credits(folded).photographers:
        return Role.BYLINE  # 本報記者 王芳 報道 李靜 攝影
    mark = re.sub(r"\s?[(][^()]*[)]$", "", folded)
    if is_lead(text) or (re.search("[讯訊电電]$", mark) and _LEAD.fullmatch(mark)):
        return Role.LEAD
    if _CAPTION_HEAD.match(folded) and len(folded) <= 240 and folded[-1] != "?":
        return Role.CAPTION
    if (
        len(folded) <= 300
        and bylines.has_photo_credit(folded)
        and not bylines.line_credits(folded).byline
    ):
        return Role.CAPTION
    given = _GIVEN_BY.match(folded[1:]) or re.match("单位:", folded[1:])
    if len(folded) <= 60 and _ENCLOSED.match(folded) and _SOURCE.search(folded) and not given:
        return Role.CREDIT
    if is_byline(folded) or _JOB_LINE.match(folded):
        return Role.BYLINE
    return Role.TITLE if is_title(text) else Role.BODY


def is_lead(text: str) -> bool:
    """Whether a paragraph opens as a news report does: 本报讯, 新华社…电, RIVERTON, July 14 —"""
    folded = fold(text)
    if _EN_LEAD.match(folded) and len(folded) > 40 and is_latin(folded):
        return True
    match = _LEAD.match(folded)
    if _BRACKET_LEAD.match(folded) and len(folded) > 30:
        return True
    if re.match(r"^[〔【]?本[报報]讯[〕】]?\s*[(（]|^[〔【]?本[报報]訊[〕】]?\s*[(（]", folded):
        return True
    if match is None or _NOT_LEAD.match(match[0]):
        return False
    bracketed = folded[0] in "〔【([" and match[0][-1] in "〕】)]"
    return len(folded) > match.end() + (0 if bracketed else 4)


def is_byline(folded: str) -> bool:
    """Whether a line holds nothing but who wrote the article."""
    if (
        len(folded) > 70
        or folded[-1:] in tuple("。!?;,")
        or re.search(r"[。!?;]|评论员文章", folded)
        or (folded[:1] in "〔【(" and not re.search("[〕】)]", folded))
    ):
        return False
    if re.match(r"^(?:(?:Story\s+)?[Bb][Yy]|BY):?\s+[A-Z]", folded):
        return True
    if _COMMENTATOR.match(folded) or bylines.REPORTS.fullmatch(folded):
        return True
    inside = re.sub(r"^(\s*[一-鿿])\s([一-鿿]\s*)$", r"\1\2", folded[1:-1])  # (甘 棠)
    if _ENCLOSED.match(folded) and all(
        re.fullmatch(r"[一-鿿]{2,4}", name) and bylines.is_name(name)
        for name in re.split(r"[\s、]+", inside.strip())
    ):
        return True
    square = re.match(r"^[□■◎●○◇◆▪]\s*([^()]{2,30}?)(?:\s?[(][^()]{2,16}[)])?$", folded)
    if square and bylines.is_signature(square[1]):
        return True
    found = bylines.line_credits(folded)
    names = [*found.byline, *found.correspondents, *found.photographers]
    if not (found.byline or found.correspondents) or not names:
        return False
    newsroom = re.match(
        r"[□■◎●▲(\s]*(?:本报|本報|新华社|\S{0,8}(?:记者|通讯员|記者|通訊員)\s)", folded
    )
    role = re.search("记者|記者|通讯员|通訊員|评论员", folded)
    if newsroom is not None:
        return role is not None or any(map(bylines.is_name, names))
    sure = any if role and not re.search("[,:]", folded) else all
    return sure(map(bylines.is_name, names))


def is_title(text: str) -> bool:
    """Whether a line is short and unfinished enough for a headline, kicker or subhead."""
    folded = fold(text)
    if is_latin(folded):
        words = len(folded.split())
        if (
            words > 15
            or re.match(r"[QA][:.] ", folded)
            or folded[-1] in ".,;:"
            or folded.endswith((".”", '."'))
            or (folded[-1] == "?" and words > 11)
            or re.search(
                r"[a-z)\"”][.!?][\"”]? [\"“A-Z]|^[\"“].*[.!?][\"”]$", _TITLE_OF.sub("", folded)
            )
        ):
            return False
        return not re.match(r"[a-z]", folded)
    if folded[-1] in "。;,、" or "。" in folded[:-1] or _SIGNED.search(folded):
        return False
    if len(folded) == 1:  # a stray character of recognition
        return False
    if width(folded) > 46 and not _is_banner(folded):
        return False
    if folded.count(",") > (width(folded) <= 34):
        return False
    if folded[-1] == ":" and not re.search(r"(?:强调|強調|指出|要求|表示|提出|呼吁):$", folded):
        return False
    own = _SPEAKER.match(folded) or _ENCLOSED.match(folded) or _GIVEN_BY.match(folded)
    own = own or re.match(r"[一-鿿]{2,6}[问問]:\S|[单單]位:", folded)
    return not (own or is_row(text))


def _is_banner(folded: str) -> bool:
    """Whether a long line is a headline's: blanks and dashes part its clauses, and no comma does."""
    clauses = [clause for clause in re.split(r"\s|——", folded) if clause]
    return (
        1 < len(clauses) <= 6
        and width(folded) <= 120
        and max(map(width, clauses)) <= 46
        and not re.search(r"[,;!?…]", folded)
    )


def _repeated(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for furniture what stands between the articles again and again: a head, a database's line.

    It has a figure or a sign that subheads, which may come again too, don't have. A day signs what
    stands above it, but not where text follows, as it does now and then at least.
    """
    texts = {Role.BODY, Role.LEAD, Role.BYLINE, Role.CAPTION}
    lines = {Role.TITLE, Role.FURNITURE}  # the first may stand in the page's head
    times = Counter(piece.text for piece in pieces if piece.role in lines)
    heads = Counter(piece.text for piece, ahead in pairwise(pieces) if ahead.role in texts)
    furniture = [piece.text.casefold() for piece in pieces if piece.role is Role.FURNITURE]
    paper = {
        piece.text
        for piece in pieces
        if MASTHEAD.match(piece.text)
        and any(text.startswith(piece.text.casefold()) for text in furniture)
    }
    for piece in pieces:
        signs = re.search(r"[\d|/>《_@]", fold(piece.text)) is not None
        signs = signs and (not is_day(piece.text) or heads[piece.text] * 3 >= times[piece.text])
        again = (times[piece.text] > 2 and signs) or piece.text in paper
        yield replace(piece, role=Role.FURNITURE) if again else piece


def _framed(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Take for furniture the lines amid a page's head or foot: a supplement's name, a slogan.

    Those of the head stand above its last furniture and above other titles; those of the foot
    below its first furniture, and none of them is a day, which signs a notice.
    """
    texts = [at for at, piece in enumerate(pieces) if piece.role not in _FRAME]
    first, last = (texts[0], texts[-1]) if texts else (len(pieces), len(pieces))
    head, foot = range(first), range(last + 1, len(pieces))
    last_title = max((at for at in head if pieces[at].role is Role.TITLE), default=0)
    furniture = [at for at in head if pieces[at].role is Role.FURNITURE]
    above = max((at for at in furniture if at < last_title), default=max(furniture, default=0))
    below = min((at for at in foot if pieces[at].role is Role.FURNITURE), default=len(pieces))
    while below - 1 in foot and MASTHEAD.match(unspaced(pieces[below - 1].text)):
        below -= 1
    framed = set[int]()
    if any(pieces[at].role is Role.TITLE for at in head[above:]):
        framed.update(range(above))
    lines = [at for at in foot if at > below and pieces[at].role is Role.TITLE]
    if not any(days(fold(pieces[at].text)) for at in lines):
        framed.update(range(below, len(pieces)))
    return tuple(
        replace(piece, role=Role.FURNITURE) if at in framed else piece
        for at, piece in enumerate(pieces)
    )


def _numbered(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Take the numbers from the headlines of a list of articles: 1. 2. 3. and on, each over its text.

    Where a headline without a number stands above them they are an article's subheads.
    """
    heads = {
        at: match
        for at, piece in enumerate(pieces)
        if piece.role is Role.TITLE
        and width(piece.text) > 4
        and (match := _NUMBER.match(piece.text))
    }
    first = next((at for at, piece in enumerate(pieces) if piece.role is Role.TITLE), None)
    texts = sum(piece.role in {Role.BODY, Role.LEAD} for piece in pieces)
    counted = [int(match[1]) for match in heads.values()] == list(range(1, len(heads) + 1))
    if len(heads) < 3 or first not in heads or not counted or texts < 2 * len(heads):
        return pieces
    return tuple(
        replace(piece, text=piece.text[heads[at].end() :]) if at in heads else piece
        for at, piece in enumerate(pieces)
    )


def _once_headed(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Take for furniture the titles above a page's first text that stand there twice, the first time.

    A list of the page's titles behind signs, some of which come again below, is furniture too.
    """
    first = next((at for at, piece in enumerate(pieces) if piece.role not in _FRAME), len(pieces))
    titles = [at for at in range(first) if pieces[at].role is Role.TITLE]
    begins = next(
        (at for at, piece in enumerate(pieces[: first + 1]) if _LISTED.match(piece.text)), 0
    )
    listed = [
        at
        for at, _ in takewhile(
            lambda each: _LISTED.match(each[1].text), enumerate(pieces[begins:], begins)
        )
    ]
    later = {piece.text for at, piece in enumerate(pieces) if at not in listed}
    again = sum(pieces[at].text[1:].strip() in later for at in listed)
    dropped = set(listed) if again * 3 >= len(listed) > 1 else set[int]()
    rest = [at for at in titles if at not in dropped]
    for size in range(min(4, len(rest) // 2), 0, -1):
        once, twice = rest[:size], rest[size : 2 * size]
        if [pieces[at].text for at in once] == [pieces[at].text for at in twice]:
            dropped.update(once)
            break
    return tuple(
        replace(piece, role=Role.FURNITURE) if at in dropped else piece
        for at, piece in enumerate(pieces)
    )


def _bulleted(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for briefs of a list what begins with a sign as captions or titles do.

    Its neighbours begin with the same.
    """
    for place, piece in enumerate(pieces):
        beside = pieces[max(place - 3, 0) : place + 4]
        alike = sum(other.text[:1] == piece.text[:1] for other in beside) > 1
        if (
            piece.role is Role.CAPTION
            and alike
            and piece.text[:1] in "▲△▼▽◀▶"
            and not bylines.has_photo_credit(fold(piece.text))
        ):
            yield replace(piece, role=Role.BODY)
        elif (
            piece.role is Role.TITLE
            and is_item(piece.text)
            and any(
                other.role is Role.BODY and is_item(other.text) and other.text[0] == piece.text[0]
                for other in beside
            )
        ):
            yield replace(piece, role=Role.BODY)  # an item that a column broke
        elif (
            piece.role is Role.TITLE
            and _NAMED_ITEM.match(piece.text)
            and any(other.role is Role.BODY and _NAMED_ITEM.match(other.text) for other in beside)
        ):
            yield replace(piece, role=Role.BODY)
        else:
            yield piece


def _second_lines(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Tell what a line is that goes on with the one above it.

    A small-lettered one below a headline is a title, what a writer is below his name a byline.
    """
    small = [_is_small_line(piece) for piece in pieces]
    headed = _above_heads(pieces, small)
    above: Role | None = None
    for place, piece in enumerate(pieces):
        goes_on = above is Role.TITLE and small[place] and headed[place]
        goes_on = goes_on or (headed[place] and _breaks_off(pieces, place))
        above = Role.TITLE if goes_on else piece.role
        if goes_on or any(
            form(pieces, place) for form in (_hands_over, _names_genre, _is_long_deck)
        ):
            yield replace(piece, role=Role.TITLE)
        elif (
            piece.role is Role.TITLE
            and place
            and pieces[place - 1].role is Role.BYLINE
            and (_JOB_BELOW.match(fold(piece.text)) or _is_post_below(pieces, place))
        ) or _is_above_job(pieces, place):
            yield replace(piece, role=Role.BYLINE)
        elif piece.role is Role.TITLE and is_latin(piece.text) and _is_jumping(pieces, place):
            yield replace(piece, role=Role.BODY)
        elif piece.role is Role.TITLE and _is_torn_lead(pieces, place):
            yield replace(piece, role=Role.LEAD)
        else:
            yield piece


def _above_heads(pieces: tuple[Piece, ...], small: list[bool]) -> list[bool]:
    """Of each piece, whether a title, a lead or a byline comes next, lines in small letters aside."""
    heads = {Role.BYLINE, Role.LEAD, Role.TITLE}
    ahead, headed = False, [False] * len(pieces)
    for place in range(len(pieces) - 1, -1, -1):
        headed[place] = ahead
        if not small[place]:
            ahead = pieces[place].role in heads
    return headed


def _is_small_line(piece: Piece) -> bool:
    """Whether a line begins with a small letter and would be a title if it didn't."""
    small = piece.role is Role.BODY and re.match(r"[a-z]", piece.text)
    return bool(small) and is_title(piece.text[:1].upper() + piece.text[1:])


def _breaks_off(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a line is the first of an English headline that breaks off: Rink's ice plant dies;"""
    text = pieces[place].text
    above = pieces[place - 1] if place else None
    return (
        pieces[place].role is Role.BODY
        and is_latin(text)
        and text.rstrip()[-1:] in (",", ";")
        and len(text.split()) < 10
        and is_title(text.rstrip()[:-1])
        and not is_salutation(text)
        and pieces[place + 1].text[:1].isalnum()
        and (above is None or above.role not in {Role.BODY, Role.LEAD} or is_closed(above.text))
    )


def _is_post_below(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a few capital words stand between an English writer's line and the text."""
    text = fold(pieces[place].text)
    ahead = [piece.role for piece in pieces[place + 1 : place + 2]]
    small = re.fullmatch(
        r"(?:[A-Z][\w.’'&-]*|of|for|the|and)(?: (?:[A-Z][\w.’'&-]*|of|for|the|and)){0,4}", text
    )
    below = re.match(r"(?:[Bb][Yy]|BY) ", fold(pieces[place - 1].text))
    return bool(small and below) and not text.isupper() and ahead in ([Role.BODY], [Role.LEAD])


def _is_above_job(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether an English name and, below it, what that person is stand above text, or this is the latter."""
    for first in (place, place - 1):
        name, job, text = ((*pieces[max(first, 0) : first + 3],) + (None,) * 3)[:3]
        if first < 1 or not name or not job or not text or text.role not in {Role.BODY, Role.LEAD}:
            continue
        titles = pieces[first - 1].role is name.role is job.role is Role.TITLE
        sure = re.search(r"(?i)\b(?:writer|reporter|correspondent|editor|columnist)s?$", job.text)
        named = re.fullmatch(r"(?:[A-Z][\w.’'-]*\s){1,2}[A-Z][\w’'-]+", fold(name.text))
        if titles and sure and named and _JOB_BELOW.match(fold(job.text)):
            return True
    return False


def _is_jumping(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a jump mark stands right below a line: what breaks off there is text."""
    return any(ahead.role is Role.JUMP_TO for ahead in pieces[place + 1 : place + 2])


def _names_genre(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether 本报评论员 stands above the headline, as a column's name does."""
    above, below = pieces[place - 1 : place], pieces[place + 1 : place + 2]
    return (
        pieces[place].role is Role.BYLINE
        and _COMMENTATOR.match(fold(pieces[place].text)) is not None
        and [piece.role for piece in below] == [Role.TITLE]
        and [piece.role for piece in above] != [Role.TITLE]
    )


def _is_long_deck(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a line of several clauses that ends no sentence stands between a headline and its lead."""
    text = pieces[place].text
    beside = [piece.role for piece in (*pieces[place - 1 : place], *pieces[place + 1 : place + 2])]
    return (
        pieces[place].role is Role.BODY
        and beside in ([Role.TITLE, Role.LEAD], [Role.TITLE, Role.BYLINE])
        and not (is_closed(text) or is_latin(text) or is_item(text) or text[-1] in ":：;；,，、")
        and width(text) <= 46
    )


def _is_torn_lead(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a short line is the beginning of a lead: 据新华社电 记者, 综合新华社、央."""
    folded = fold(pieces[place].text)
    opens = _LEAD.match(folded) or re.match(r"综合(?:新华社|央视)|(?:据|據)新[华華]社", folded)
    ahead = pieces[place + 1 : place + 2]
    return (
        opens is not None
        and not _NOT_LEAD.match(opens[0])
        and bool(ahead)
        and ahead[0].role is Role.BODY
    )


def _hands_over(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a line with a colon is the first of a headline: behind a full stop, above a title."""
    text = fold(pieces[place].text)
    if pieces[place].role is not Role.BODY or text[-1] != ":" or text == ":" or is_latin(text):
        return False
    if not is_title(text[:-1]) or is_salutation(text):
        return False
    before = pieces[place - 1] if place else None
    ahead = [piece.role for piece in pieces[place + 1 : place + 4]]
    opens = ahead[:1] == [Role.TITLE] and bool({Role.LEAD, Role.BYLINE} & set(ahead[1:]))
    ends = {Role.FURNITURE, Role.CREDIT, Role.JUMP_TO}
    return opens and (before is None or before.role in ends or is_closed(before.text))


def _spoken(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for text a line that begins with a speaker of the page's talk: 何平:老房子要."""
    named = {
        match[1]
        for piece in pieces
        if piece.role is not Role.TITLE and (match := _SPOKEN.match(fold(piece.text)))
    }
    for piece in pieces:
        match = _SPOKEN.match(fold(piece.text))
        if piece.role is Role.TITLE and match and match[1] in named:
            yield replace(piece, role=Role.BODY)
        else:
            yield piece


def _rows(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Take for a table's rows what looks like titles full of figures and stands in a row."""
    before: Piece | None = None
    for place, piece in enumerate(pieces):
        beside = [
            other
            for other in (*pieces[max(place - 1, 0) : place], *pieces[place + 1 : place + 2])
            if other.role is not Role.FURNITURE
        ]
        alone = not any(is_table_row(other.text) or is_row(other.text) for other in beside)
        row = is_table_row(piece.text) and (not alone or fold(piece.text).count(" ") > 6)
        row = row or (_is_short_row(piece.text) and any(map(_is_row_of_table, beside)))
        row = row or bool(
            short_cells(piece.text) > 3
            and before
            and (is_row(before.text) or short_cells(before.text))
        )
        listed = before is not None and _goes_on_list(before, piece, pieces[place + 1 : place + 2])
        if piece.role is Role.TITLE and (row or listed or _is_in_table(pieces, place)):
            before = replace(piece, role=Role.BODY)
        else:
            before = piece
        yield before


def _is_short_row(text: str) -> bool:
    """Whether a line beside a table's rows is one without a figure: 轮空 供销社."""
    cells = fold(text).split(" ")
    short = len(cells) == 2 and width(cells[0]) <= 3 and width(cells[1]) <= 8
    return short and not is_closed(text) and not is_latin(text)


def _is_row_of_table(piece: Piece) -> bool:
    row = is_table_row(piece.text) or short_cells(piece.text) > 0
    return piece.role in {Role.BODY, Role.TITLE} and row


def _goes_on_list(before: Piece, piece: Piece, ahead: tuple[Piece, ...]) -> bool:
    """Whether a line has a label as the text above it has (冠军:教育队), or begins with a day as it does."""
    opens = any(other.role in {Role.LEAD, Role.BYLINE} for other in ahead)
    listed = is_labelled(before.text, piece.text) or all(
        re.match(r"(?:\d{1,2}月)?\d{1,2}日[(（]\S", other.text) for other in (before, piece)
    )
    return before.role is Role.BODY and not opens and listed


def _is_in_table(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether a line has as many cells, three at least, as two more lines or rows beside it.

    Or a label, as two more lines beside it have.
    """
    cells = short_cells(pieces[place].text)
    near = pieces[max(place - 2, 0) : place + 3]
    rows = [
        bool(cells)
        and (is_table_row(other.text) or other.role is Role.TITLE)
        and short_cells(other.text) == cells
        for other in near
    ]
    labels = [is_labelled(other.text) for other in near]
    at = min(place, 2)
    return any(
        len(beside[first : first + 3]) == 3 and all(beside[first : first + 3])
        for beside in (rows, labels)
        for first in range(at + 1)
    )


_FRAME = {Role.TITLE, Role.FURNITURE}
_GO_ON = {Role.BODY, Role.CAPTION, Role.PHOTOGRAPHER, Role.FURNITURE, Role.BYLINE}


def _set_off(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Take for a caption what several blank lines set off where it breaks a sentence.

    Behind a whole paragraph it must be a sentence by itself; a line there may be a headline.
    """
    before: Piece | None = None
    torn: Piece | None = None
    given: list[Piece | None] = [*pieces, None]
    whole = tuple(piece for piece in given if piece)
    heads = [whole[at].gap for at in range(1, len(whole)) if _is_first_title(whole, at)]
    wide = sum(gap > 2 for gap in heads)
    if wide > 2 and wide * 2 > len(heads):  # so all articles are set off here
        yield from whole
        return
    for place, piece in enumerate(given):
        if piece is None:
            break
        short = piece.role in {Role.TITLE, Role.BODY} and width(piece.text) <= 80
        ahead = given[place + 1]
        if torn is not None and piece.gap >= 3 and piece.role is Role.BODY:
            before, torn = piece, None  # it goes on below what broke it
            yield piece
            continue
        if short and piece.gap >= 3 and place and ahead and is_closed(piece.text):
            above = given[place - 1]
            rest = ahead.role is Role.BODY and re.match(r"[一-鿿]{0,3}[,，。、]", ahead.text)
            if rest and above is not None and not is_closed(above.text):
                yield replace(piece, role=Role.CAPTION)
                continue
        if before is not None and not is_closed(before.text) and _is_inset(whole, place):
            torn = before
        if short and piece.gap >= 3 and before is not None and torn is None:
            breaks = not is_closed(before.text) and is_closed(piece.text) | (
                piece.role is Role.TITLE
            )
            breaks = breaks and ahead is not None and ahead.role in _GO_ON
            if breaks or (piece.role is Role.BODY and is_closed(before.text)):
                yield replace(piece, role=Role.CAPTION)
                continue
        if piece.role in {Role.BODY, Role.LEAD}:
            before = piece
        elif piece.role is Role.TITLE:  # the short first line of a paragraph
            before = piece if re.search(r"[,，]", piece.text) else None
        elif piece.role not in {Role.CAPTION, Role.FURNITURE, Role.PHOTOGRAPHER}:
            before = None
        yield piece


def _is_inset(pieces: tuple[Piece, ...], place: int) -> bool:
    """Whether several blank lines set a title with its text or picture off from what it breaks."""
    first, ahead = pieces[place], pieces[place + 1 : place + 8]
    size = next((at for at, piece in enumerate(ahead) if piece.gap >= 3), 0)
    pictured = size == 0 and len(ahead) > 1 and ahead[0].role is Role.CAPTION
    size = size or pictured
    return (
        first.role is Role.TITLE
        and first.gap >= 3
        and size > 0
        and ahead[size].role is Role.BODY
        and all(_is_whole_text(piece) for piece in ahead[:size])
        and not (ahead[0].role is Role.CAPTION and spans(first.text, ahead[0].text))
    )


def _is_whole_text(piece: Piece) -> bool:
    """Whether a piece is a whole paragraph or a caption of whole sentences."""
    if piece.role is Role.CAPTION:
        return "。" in piece.text
    return piece.role in {Role.BODY, Role.LEAD} and is_closed(piece.text)


def _joined_captions(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """One caption of a caption and its photographer's line, whichever comes first.

    What stands before a photographer's line is a caption where it is set off from the text, has
    no full stop, or breaks a sentence.
    """
    done: list[Piece] = []
    given: list[Piece | None] = [*pieces, None]
    for piece, ahead in pairwise(given):
        if piece is None:
            continue
        last = done[-1] if done else None
        if last and (
            (piece.role is Role.PHOTOGRAPHER and _is_captioned(done, ahead))
            or (last.role is Role.PHOTOGRAPHER and _is_under_name(piece))
        ):
            done[-1] = replace(last, role=Role.CAPTION, text=f"{last.text} {piece.text}")
        elif last and piece.role is Role.CAPTION and _is_torn_caption(last, piece):
            done[-1] = replace(last, role=Role.CAPTION, text=mend(last.text, piece.text))
        else:
            done.append(piece)
    yield from done


def _is_torn_caption(last: Piece, piece: Piece) -> bool:
    """Whether a caption goes on in the next piece, which bears its photographer's name.

    A first line that looks like a title is the longer one, and a word lies across the gap.
    """
    if last.role is Role.TITLE and not _CAPTION_HEAD.match(fold(piece.text)):
        sentence, stop, _ = piece.text.partition("。")
        short = bool(stop) and width(sentence) < width(last.text)
        return short and not is_closed(last.text) and spans(last.text, piece.text)
    return (
        last.role is Role.CAPTION
        and not is_closed(last.text)
        and not bylines.has_photo_credit(fold(last.text))
        and not _CAPTION_HEAD.match(fold(piece.text))
    )


def _is_under_name(piece: Piece) -> bool:
    """Whether a piece is the caption right below its photographer's line."""
    texts = {Role.TITLE, Role.BODY, Role.CAPTION}
    return piece.gap == 0 and piece.role in texts and width(piece.text) <= 80


def _is_captioned(done: list[Piece], ahead: Piece | None) -> bool:
    """Whether the last piece is the caption that a photographer's line belongs to."""
    last = done[-1]
    if last.role is Role.CAPTION:
        return not bylines.caption_photographers(last.text)
    if last.role is Role.TITLE:
        return not is_work(last.text)
    alone = len(done) > 1 and done[-2].role is Role.TITLE
    if alone and last.role is Role.BODY and (ahead is None or ahead.role is not Role.BODY):
        return True  # a picture with a title and nothing else: photo news
    if last.role is not Role.BODY or width(last.text) > 80:
        return False
    before = next(
        (piece for piece in reversed(done[:-1]) if piece.role in {Role.BODY, Role.LEAD}), None
    )
    if before is None or last.gap >= 2:
        return last.gap >= 2
    return is_depiction(last.text) or (not is_closed(before.text) and is_closed(last.text))


def is_day(text: str) -> bool:
    """Whether a line is a day and nothing else."""
    folded = re.sub(r"^(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day),? ", "", fold(text))
    found = days(folded.title() if folded.isupper() else folded)
    return bool(found) and found[0].start == 0 and found[0].end == len(folded)


def _parted(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Tell of titles whether they stand apart, on pages that part articles by a blank line or a head.

    More blank lines than between paragraphs part them, where no headline above a lead or a byline
    does without. So does a line of furniture that comes three times and more.
    """
    times = Counter(_model(piece) for piece in pieces if piece.role is Role.FURNITURE)
    texts = [piece.gap for piece in pieces if piece.role in {Role.BODY, Role.LEAD}]
    usual = Counter(texts).most_common(1)[0][0] if texts else 0
    first = {at for at in range(len(pieces)) if _is_first_title(pieces, at)}
    headlines = [at for at in sorted(first) if _is_headline_above(pieces, at)][1:]
    wide = [at for at in first if pieces[at].gap > usual]
    closely = texts.count(usual) * 10 >= len(texts) * 7
    blanks = closely and len(wide) > 2 and all(pieces[at].gap > usual for at in headlines)
    for at, piece in enumerate(pieces):
        above = pieces[at - 1] if at else None
        headed = above is not None and above.role is Role.FURNITURE and times[_model(above)] > 2
        if at in first and (blanks or headed):
            yield replace(piece, apart=headed or piece.gap > usual)
        else:
            yield piece


def _model(piece: Piece) -> str:
    """A line of furniture without its figures."""
    return re.sub(r"\d+", "0", fold(piece.text))


def _is_first_title(pieces: tuple[Piece, ...], at: int) -> bool:
    return pieces[at].role is Role.TITLE and (not at or pieces[at - 1].role is not Role.TITLE)


def _is_headline_above(pieces: tuple[Piece, ...], at: int) -> bool:
    """Whether a line is the first of the titles above a lead or a byline."""
    below = next((piece.role for piece in pieces[at:] if piece.role is not Role.TITLE), None)
    return _is_first_title(pieces, at) and below in {Role.LEAD, Role.BYLINE}
