"""What stands over a text: headlines and their kickers, names of columns and of collections."""

import re

from vectorstore import bylines
from vectorstore.bylines import Credits
from vectorstore.lines import fold, is_latin, width
from vectorstore.pieces import Role

_COLLECTION = re.compile(
    r"(?:简讯|簡訊|简报|简明新闻|短讯|短訊|快讯|快訊|速览|速覽|速递|集锦|集錦|微新闻|一线快报|快读|[电水]信息"
    r"|一句话新闻|新闻早班车|新闻快餐|一周要闻|要闻回顾|区县动态|基层动态|各地动态|动态"
    r"|公告栏|便民信息|便民服务|便民服务台|信息台|警讯|播报|微播|速读|点击|短波|[二两三四五]则"
    r"|[热熱][线線]快[报報]|有问必答|有問必答|点滴|花絮|看板|要览|要情|回眸|扫描|集萃|荟萃|快递|早知道)$"
    r"|(?i:\b(?:briefs?|briefly|in brief|round-?up|digest|notices|at a glance|notes|short takes|calendar|scoreboard"
    r"|tv (?:tonight|picks)|what['’]s on|on deck|results|(?:police|crime|sheriff['’]?s?) (?:log|blotter))$)"
)
COLUMN = re.compile(
    r"^[【〔\[「|■●◆★▲\s]*(?:读者来信|[长中]篇(?:小说)?(?:连载|选载)|讀者來信|读者来论|来信|来论|民生访谈|访谈|今日关注"
    r"|关注|聚焦|热点|焦点|特写|特寫|评论|評論|社论|社論|时评|时评|短评|快评"
    r"|本报评论员文章|评论员文章|本报(?:特约|首席)?评论员|新华时评|"
    r"人民论坛|一线见闻|新春走基层|走基层|记者观察|记者调查|调查|深度|视点|民生|百姓故事"
    r"|人物|人物志|身边好人|凡人善举|专访|對話|对话|观察|追踪|回音|反馈|回音壁|图片新闻"
    r"|图片报道|便民|便民提示|三言两语|今日天气|天气|服务|提醒|更正|讣告|通讯|综述|述评|来信照登|读者论坛|"
    r"读者投书|投书|民生热线|问政|曝光台|小言论|随笔|杂谈|编读往来|[一-鿿]{2,6}(?:札记|漫笔|絮语|闲话|茶座|拾零|随笔|笔记|心语|播报|提醒|在线|直通车|窗口|传真|访谈|来信|专栏|关注"
    r"|聚焦|评论|时评|观察|热线|视点|纪事|见闻|走笔|故事|论坛|周刊|人物|调查|追踪"
    r"|帮办|帮忙|会客厅|讲堂|课堂|门诊|坐堂|面对面|茶馆|话题)|"
    r"(?i:(?:your )?letters?(?: to the editor)?|(?:my|your|guest) (?:view|column|turn)|viewpoint|sports?|opinion"
    r"|editorial|commentary|analysis|feature"
    r"|interview|profile|obituar(?:y|ies)|weather|corrections?|photo(?: news)?|column"
    r"|q\s?&\s?a|exclusive|community voices|readers write))[】〕\]」|\s]*$"
)
_KICKER_END = re.compile(
    r"(?:强调|強調|指出|要求|时说|時說|表示|提出|时强调|调研时|时|時|认为|:|：|——|…|呼吁|呼籲)$"
)
_EVENT_END = re.compile(
    r"(?:会议|會議|大会|大會|座谈会|座談會|专题会|调度会|推进会|动员会|发布会|论坛|仪式"
    r"|儀式|活动|全会|工作会|现场会|常务会|例会|会见|调研|检查|慰问|考察)$"
)
NOTICE = re.compile(
    r"^关于.{2,40}的?(?:公告|通告|通知|公示|启事|说明|声明)$|^關於.{2,40}的?(?:公告|通告"
    r"|通知)$|(?:公告|通告|启事|啟事|声明|聲明|公示|预告|通知|(?<!录取)通知书|讣告|訃告|讣闻|更正|致歉"
    r"|更正与说明|招标公告|天气预报|今日天气|气象信息|"
    r"限行通知|停水通知|停电通知|遗失声明|拍卖公告|天气|天气趋势|积分榜|奖牌榜|排行榜"
    r"|赛程表?|鸣谢|谢启|成绩榜|潮汐|菜价|粮价|行情|(?:批发|零售|平均|收购|市场)价格?(?:表|一览)?|赛果|比分牌?|战报|影讯|排片表?|值班表|一览表?|空气质量)$"
    r"|^(?:今[日天明晚]|明[日天]|昨[日天]|本周|一周|(?:廿四|二十四|24)小时)[一-鿿]{2,4}$"
    r"|^\S{0,4}(?:招领|征婚|招租|寻人|寻物|遗失)$|(?i:^(?:public |legal )?notice\b"
    r"|^obituar|^correction|^for the record$|^weather\b|^clarification|^(?:police|crime) (?:log|blotter|report)s?$"
    r"|^(?:births|deaths|marriages|engagements|in memoriam|lost and found|(?:\w+ )?calendar)$)"
)
ENGLISH_NAME = re.compile(
    r"^(?:[A-Z][\w.’'-]*\s){1,3}(?:(?:de|van|von|la)\s)?[A-Z][\w’'-]+(?:,? [JS]r\.)?$"
)
_DATED = re.compile(r"\d{4}年(?:\d{1,2}月)?:")
_PLACE_LINE = re.compile(r"^(?:[A-Z\d][\w.’'-]*,?\s?|of\s){1,4}$")
_SIMPLIFIED = str.maketrans(
    "讀來論談訪關熱點評調觀視圖報導編後輯聞訊簡鐘書問對話鏡頭週氣預發佈啟聲訃習時專題欄區縣鄉鎮聯絡務資項備彙誌記錄參會實況討陳織語筆隨雜動態鳴謝點領徵尋遺",
    "读来论谈访关热点评调观视图报导编后辑闻讯简钟书问对话镜头周气预发布启声讣习时专题栏区县乡镇联络务资项备汇志记录参会实况讨陈织语笔随杂动态鸣谢点领征寻遗",
)


def is_capitals(text: str) -> bool:
    """Whether a line is set in Latin capitals."""
    return text.isupper() and is_latin(text)


def stands_alone(title: str) -> bool:
    """Whether a title is a notice's, a column's or a collection's, and heads no section."""
    folded = squeezed(title)
    return bool(NOTICE.search(folded) or COLUMN.match(folded)) or is_collection(title)


def is_place(text: str) -> bool:
    """Whether a line below a letter writer's name may say where he lives or what he is."""
    heads = stands_alone(text) or is_capitals(text)
    return bool(_PLACE_LINE.match(text)) and not heads


def is_like(one: str, other: str) -> bool:
    """Whether two titles may be headings of one rank, by their length."""
    a, b = width(one), width(other)
    return abs(a - b) <= max(4, 0.35 * max(a, b))


def is_first_heading(run: list[str], peers: list[str]) -> bool:
    """Whether the last of several titles heads a section as the lone titles after it do."""
    last, before = run[-1], run[:-1]
    if label_of(last) and label_of(last) in map(label_of, peers):
        return True
    if _DATED.match(fold(last)) and any(_DATED.match(fold(peer)) for peer in peers):
        return True
    like = [peer for peer in peers if is_like(peer, last)]
    longest = max(width(text) for text in before)
    return (
        len(like) >= 1
        and len(like) * 2 >= len(peers)
        and width(last) <= 16
        and longest >= width(last) + 4
        and not all(COLUMN.match(squeezed(text)) for text in before)
    )


def label_of(title: str) -> str:
    """The word before a title's colon, which headings of one article share: 点题:路灯不亮."""
    label, colon, _ = fold(title).partition(":")
    return label if colon and 1 <= width(label) <= 4 else ""


def is_collection(title: str) -> bool:
    """Whether a title heads a collection of briefs or notices."""
    folded = squeezed(title)
    return (
        bool(_COLLECTION.search(folded)) and width(folded) <= 10 and not folded.startswith("关于")
    )


def headline_lines(run: list[str], role: Role | None) -> int:
    """How many of a poem's last lines are the headline of what follows."""
    if role is None:
        return 0
    lines = 2 if role is Role.BODY and is_lone_byline(run[-1], []) else 1
    return lines + bool(COLUMN.match(squeezed(run[-lines - 1])))


def is_lone_byline(text: str, peers: list[str]) -> bool:
    """Whether the last line under a headline is its writer's bare name."""
    folded = fold(text)
    alike = len(folded) <= 4 and any(width(peer) == width(text) for peer in peers)
    if is_latin(folded) or alike:
        return False
    names = bare_names(text).byline
    return bool(names) and len(names) <= 3 and all(bylines.is_name(name) for name in names)


def bare_names(text: str) -> Credits:
    """The names of a line that holds names alone."""
    folded = re.sub(r"(?<=[一-鿿])\s?[(][^()]{2,16}[)]$", "", fold(text)).strip("□■◎●○◇◆▪()[] ")
    if is_latin(folded):
        folded = re.sub(rf"^(?:(?i:and)\s|{bylines.ENGLISH_MARK})", "", folded)
        several = [each.strip() for each in bylines.ENGLISH_SEVERAL.split(folded)]
        if len(several) > 1 and all(map(ENGLISH_NAME.match, several)):
            return Credits(byline=tuple(several))
        name = re.split(r"\s*[|•,/–—]\s*|\s(?:at|in)\s", folded)[0]
        alone = ENGLISH_NAME.match(folded) and not bylines.is_job(folded)
        named = name != folded and not (name.isupper() and bylines.is_job(folded))
        return Credits(byline=(name,) if named or alone else ())
    if re.fullmatch(r"[一-鿿]{2,4}|[一-鿿]\s[一-鿿]", folded):  # a pen name too
        return Credits(byline=(folded.replace(" ", ""),))
    names: list[str] = []
    words = re.split(r"[\s、]+", folded)
    if len(words) > 1 and bylines.is_post(words[0]):  # 骨科主任医师 王一鸣
        del words[0]
    for word in words:
        if len(word) == 1 and names and len(names[-1]) == 1:
            names[-1] += word
        else:
            names.append(word)
    return Credits(byline=tuple(names)) if all(map(bylines.is_name, names)) else Credits()


def kicker_of(lines: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the lines above an article into kicker and headline.

    A column's name is a kicker, and so is a first line that hands over to the next (…时强调), or
    that names an occasion over a headline of several clauses.
    """
    cut = 0
    for at in range(len(lines) - 1):
        line, following = squeezed(lines[at]), fold(lines[at + 1])
        slogan = " " in following and not is_latin(following)
        names_occasion = slogan and " " not in line and _EVENT_END.search(line)
        hands_over = _KICKER_END.search(line) and not is_latin(line)
        if hands_over or ((COLUMN.match(line) or names_occasion) and cut == at):
            cut = at + 1
    return tuple(lines[:cut]), tuple(lines[cut:])


def squeezed(text: str) -> str:
    """A title's form without the gaps that letters are spaced out with, simplified: 简　讯, 簡訊."""
    folded = fold(text).translate(_SIMPLIFIED)
    return re.sub(r"(?<=[一-鿿])\s(?=[一-鿿])", "", folded) if width(folded) <= 10 else folded


def kinship(text: str, other: str) -> float:
    """The share of a text's pairs of characters (words in English) that another text has too."""
    pairs = pairs_of(text)
    return len(pairs & pairs_of(other)) / len(pairs) if pairs else 0.0


def pairs_of(text: str) -> set[str]:
    """The pairs of letters and characters that stand side by side in a text."""
    found = {
        text_[at : at + 2]
        for text_ in re.findall(r"[一-鿿]{2,}", text)
        for at in range(len(text_) - 1)
    }
    return found | {word.lower() for word in re.findall(r"[A-Za-z]{5,}", text)}
