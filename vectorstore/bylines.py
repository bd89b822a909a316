"""Who wrote, helped and photographed: names read from bylines, leads, captions and closing lines.

Newspapers write a role beside names: before them (记者 张三 李四, By Jane Doe) or after them
(张三 摄, 李四 整理). Names come out bare, as printed, each once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WHO, _HELPED, _SHOT = "byline", "correspondents", "photographers"

_RANK = (
    r"(?:本报|本報|本刊|本台|本网|融媒体中心|全媒体|全媒體|融媒体|融媒體|首席|资深|資深|特约|特約"
    r"|特派|特邀|见习|見習|实习|實習|驻[^\s/／:：,，、]{1,4}?|大?学生|校园|小|"
    r"新华社|新華社|中新社|中央社|晚报|晨报|早报|日报|商报|[一-鿿]{1,4}(?:日报|晚报|晨报"
    r"|早报|时报|日報|晚報|時報)|[一-鿿]报(?=[全首见特记])|专业|文字|文图|图文|摄影|攝影|综合)*"
)
_ROLE = re.compile(
    rf"""
    (?P<helped>{_RANK}(?:通讯员|通訊員|通信员|特约员))
    | (?P<both>文\s*[/／、·&]\s*[图圖摄攝影]{{1,2}}|文[图圖摄攝]|[图圖]\s*[/／、]?\s*文
        |文并[图摄]|文並攝|(?:摄影|攝影)(?:报道|報道|報導))
    | (?P<shot>(?:摄影|攝影){_RANK}记者|{_RANK}(?:摄影|攝影)(?:记者|記者)?|摄|攝
        |(?<![一-鿿])[图圖](?=\s*[/／:：]|\s+[一-鿿]|$))
    | (?P<who>{_RANK}(?:记者|記者|评论员|評論員|实习生|實習生|撰稿人?|撰文|执笔|口述|采访|采写|採寫|作者|特派员
        |编译|編譯|编辑整理|編輯整理|整理|(?<![一-鿿]{{5}})[辑輯]$|综合报道|综合|报道|報道|報導|(?<![一-鿿])文(?=\s*[/／:：]|\s+[一-鿿]|$)))
    """,
    re.VERBOSE,
)
_DUTY = re.compile(rf"((?:文字?|[图圖]片?|摄影|攝影|[摄攝])\s*[/／:：])\s*{_RANK}(?:记者|記者)\s*")
"""文/本报记者 张三: what somebody did counts, not who he is."""
_ALL_SHOT = re.compile(r"(.*(?:记者|記者|通讯员|通訊員|实习生).*?)\s*[/／]?\s*(?:摄影|攝影|[摄攝])")
"""本报记者 张三 通讯员 李四 摄: both did."""
_WROTE = re.compile(r"(?<![一-鿿])文(?![一-鿿])|采写|撰|报道|報道|報導|整理")
_SPLIT = re.compile(r"[\s,，、;；/／|&]+|(?<=[一-鿿])和(?=[一-鿿]{2})")
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛"
    "禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌"
    "霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳"
    "汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿"
    "白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀尚农温别庄晏"
    "柴瞿阎闫充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧利蔚越夔隆师巩厍聂晁勾敖融冷訾辛"
    "阚那简饶空曾沙养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付代覃韋趙錢孫馮陳衛蔣韓楊許呂張嚴謝鄒竇蘇魯馬鳳費"
    "湯羅畢鄔樂時齊顧黃蕭紀項龐貝計談閔賈婁顏鍾駱萬盧莫經繆應鄧單諸龔陸榮儲烏車寧仇欒厲劉葉龍懷賴喬陰雙聞黨譚貢"
    "勞農溫莊連習終滿國廣東歐師鞏聶闕簡饒須豐關紅遊權蓋麦麥闻聞佟岑祝邬仝覃晏楚游尚卓苟兰藍涂雒牟揭帅況况漆原党鄢苑"
    "丘丛亢商岳邸毋植佘亓仉冼卿尉忻恽敬朴檀楼栗綦缑肇芦谌谯赫迟郇郏郗鄞隋隽颉骞鹿甯眭笪萨虢阙璩闫缐雒靖冀矫麹展洛"
)
"""Surnames of one character, simplified and traditional."""
_TWO_PART = (
    "欧阳",
    "歐陽",
    "司马",
    "司馬",
    "上官",
    "诸葛",
    "諸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "慕容",
    "司徒",
    "夏侯",
    "端木",
    "独孤",
    "申屠",
    "宇文",
    "呼延",
    "赫连",
    "长孙",
    "轩辕",
    "闻人",
    "钟离",
    "濮阳",
    "澹台",
    "南宫",
    "司空",
    "闾丘",
    "公冶",
    "单于",
    "东郭",
    "百里",
    "淳于",
    "仲孙",
    "公羊",
    "宗政",
    "鲜于",
    "万俟",
    "西门",
    "东门",
    "拓跋",
    "完颜",
    "纳兰",
    "乐正",
    "谷梁",
    "左丘",
    "梁丘",
    "巫马",
    "漆雕",
    "司寇",
    "第五",
    "太史",
)
_PLACE_END = frozenset(
    "区區县縣市镇鎮乡鄉村路街省州局院校厅廳部委办辦处處会會站场場馆館所社团團队隊园園桥橋岛島河山湖港"
)
_OFFICES = frozenset("科室组組系处處")
_LANDSCAPE = frozenset("河湖山岛島江桥橋园園")
_PLACES = frozenset(
    (
        "黄河",
        "黃河",
        "华山",
        "華山",
        "黄山",
        "黃山",
        "金山",
        "金湖",
        "洪湖",
        "温江",
        "江山",
        "常山",
        "白河",
        "石桥",
        "金桥",
        "公园",
        "平江",
        "白云山",
        "钱塘江",
        "万年桥",
    )
)
_LATIN_NAME = re.compile(r"^(?:(?:[A-Z][A-Za-zÀ-ɏ.'’-]*|de|la|van|von|bin|al)(?:\s|$)){1,5}$")

_POST = re.compile(
    r"[一-鿿]{1,12}(?:医师|医生|药师|护师|律师|教师|老师|教授|讲师|研究员|主任|院长|校长|馆长|会长|局长|书记|院士|博士|专家|作家)"
    r"|[一-鿿]{0,6}(?:市民|读者|村民|居民|网友|职工|学生)"
)
_HOUSE = re.compile(
    r"[一-鿿]{2,12}(?:医院|保健院|学院|法院|检察院|公司|集团|中心|大学|中学|小学|学校|支队|大队|分局|委员会"
    r"|[市区县省][一-鿿]{1,6}[局委办院])"
)
"""Where somebody works, before his name."""
_OF_THESE = r"(?:以上|本[栏版组])(?:稿件|消息|报道|内容|文字)?(?:均?[由系])?"
_BRACKET = re.compile(r"[(（〔【\[]\s*([^()（）〔〕【】\[\]]{2,80}?)\s*[)）〕】\]]")
_LEAD_MARK = re.compile(
    r"^[〔【(（\[]?\s*[^,，。:：;；()（）〔〕【】]{0,24}?(?:讯|訊|消息|电|電|报道|報道"
    r"|報導)\s*[〕】\]]?\s*"
)
_REPORTS = re.compile(
    r"^\s*((?:本报|本報)?(?:[一-鿿]{0,4})(?:记者|記者|通讯员"
    r"|通訊員)[^。,，:：;；()（）]{2,40}?)(摄影)?(?:报道|報道|報導|文\s*[/／]\s*[图摄])"
)
_NO_BRACKET = re.compile(
    r"^\s*((?:[一-鿿]{0,8}(?:记者|記者|通讯员|通訊員)\s?[一-鿿]{2,3}(?:[、\s][一-鿿]{2,3})*?[\s　]+){1,3})"
    r"(?=[“\d一-鿿])"
)
"""本报讯 记者张三 通讯员李四 12月16日,…"""
_REPORTER_FROM = re.compile(
    r"^[〔【(（\[]\s*(?:[^〔【(（\[]{0,8}?)(?:记者|記者)\s*([^\s/／〕】)）\]]{2,12})\s*[/／\s]*"
    r"([^〕】)）\]]{0,16}?)\s*(?:(?:\d{1,2}月)?\d{1,2}日)?\s*(?:报道|報道|報導|电|電|讯"
    r"|訊)\s*[〕】)）\]]"
)
_REPORTER_AT = re.compile(
    r"^(?:本报|本報)?(?:记者|記者)\s*([^/／]{2,24}?)\s*[/／]\s*[一-鿿]{2,6}(?:报道|報道|報導|电|電)$"
)
"""A line of its own in Taiwan: 記者張三／台北報導."""
_CLOSING = re.compile(r"[。！？!?…”」』.]\s*[(（]([^()（）]{2,60})[)）]\s*$")
REPORTS = re.compile(r"((?:[A-Z][A-Z.'’-]+\s){1,2}[A-Z][A-Z'’-]+) reports")
"""A writer's line below a headline: JANE DOE reports."""
_ENGLISH_BYLINE = re.compile(r"^(?:(?:Story|[Cc]ompiled|[Rr]eported)\s+)?[Bb][Yy]:?\s+(.+)$")
ENGLISH_MARK = r"(?i:with|from|le|(?:interview|words|text|story) by|as told to)\s"
"""What stands before a writer's name where a byline doesn't say By."""
ENGLISH_SEVERAL = re.compile(r"\s(?:and|AND|&)\s|,\s")
"""What parts the names of a line that holds names alone."""
_NOBODY = re.compile(r"(?i).*\b(?:file|archives?|contributed|submitted|courtesy|handout|supplied)$")
"""Where a picture comes from, in place of who took it: TIMES FILE PHOTO."""
_ENGLISH_AND = re.compile(r"\s*(?:,\s*and\s+|,|;|&|\band\b|\bwith\b)\s*")
_ENGLISH_JOB = re.compile(
    r"(?i)^(?:(?:senior|chief|our|special|contributing|[a-z]+)\s)?(?:staff|news|sports"
    r"|business|city|associated|writer|reporter|"
    r"correspondent|editor|the)\b.*|.*\b(?:writer|reporter|correspondent|editor|news|press"
    r"|staff|times|herald|daily)$"
)
_ENGLISH_PHOTO = re.compile(
    r"(?:[Pp]hotos?(?:graphs?)?(?:\s+by|\s*:|\s+credit:?|\s+courtesy of)"
    r"|PHOTOS?(?:GRAPHS?)?(?:\s+BY|\s*[:/])|[Cc]redit:|[Pp]icture(?:s)?(?:\s+by|:))\s*"
    r"((?:[A-Z][\w.'’-]*\s?(?:and\s)?){1,6})"
)
_ENGLISH_SLASH = re.compile(
    r"((?:[A-Z](?:\.|[\w'’-]+)\s){1,3}[A-Z][\w'’-]+)\s*/\s*[A-Z][\w .'’-]+[)）]?\.?\s*$"
    r"|(?:^|[.!?”\"]\s)((?:[A-Z](?:\.|[A-Z'’-]+)\s){2,3})(?:STAFF\s)?PHOTO[)）]?\s*$"
    r"|[.!?”\"]\s((?:[A-Z](?:\.|[\w'’-]+)\s){2,3})(?:staff\s)?photo[)）]?\s*$"
)
"""Below pictures: Jane Doe / The Courier; JANE DOE PHOTO."""
_PHOTO_TAIL = re.compile(
    r"(?:^|[\s。.!！?？”」』,，;；)）(（/／:：])"
    r"((?:[^\s。！？!?,，;；:：()（）]{0,14}(?:记者|記者|通讯员|通訊員)[\s:：/／]*)?"
    r"[一-鿿·•]{1,12}(?:[\s、/／]+(?:(?:通讯员|通訊員|记者"
    r"|記者)\s*)?[一-鿿·•]{1,8}){0,4}?\s*[/／]?\s*(?:摄影报道|摄影|攝影"
    r"|(?<![拍录錄])[摄攝]|供图|供圖))\s*[)）]?[。.]?\s*$"
)
_PHOTO_HEAD = re.compile(
    r"(?:^|[\s。”)）(（])((?:本报|新华社)?(?:摄影|攝影|图|圖|摄|攝)\s*[/／:：]\s*(?:本报"
    r"|新华社)?(?:记者|記者"
    r"|通讯员)?\s*[一-鿿·•]{2,8}(?:[\s、]+[一-鿿·•]{2,4}){0,3})\s*[)）]?\s*$"
)

_SOURCE = re.compile(
    r"[(（](?:资料图片|資料圖片|资料照片|资料图|新华社发|图片来源[^)）]*|图源[^)）]*)[)）]\s*$"
    r"|(?:资料图片|資料圖片|资料照片|新华社发|图片由\S{2,20}提供)\s*$"
)


@dataclass(frozen=True, slots=True)
class Credits:
    """The names that one article or one line of it gives."""

    byline: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it names anyone."""
        return bool(self.byline or self.correspondents or self.photographers)

    def __add__(self, other: "Credits") -> "Credits":
        """Both, no name twice."""
        return Credits(
            _once((*self.byline, *other.byline)),
            _once((*self.correspondents, *other.correspondents)),
            _once((*self.photographers, *other.photographers)),
        )


def line_credits(line: str) -> Credits:
    """Names of a line that holds roles and names alone; no names where it holds anything else.

    >>> line_credits("本报记者 王一鸣 通讯员 李 静 文/图")
    Credits(byline=('王一鸣',), correspondents=('李静',), photographers=('王一鸣',))
    """
    if taiwan := _REPORTER_FROM.match(line):
        return Credits(byline=_glued(taiwan[1], taiwan[2]))
    if placed := _REPORTER_AT.match(line):
        return Credits(byline=_names(placed[1]))
    if reports := REPORTS.fullmatch(line.strip()):
        return Credits(byline=(reports[1],))
    bare = line.strip().strip("()（）〔〕【】[]□■◎●▲○◆★☆▪◇|·•-—– 　\t")
    if english := _ENGLISH_BYLINE.match(bare):
        return Credits(byline=_english_names(english[1]))
    if photo := _ENGLISH_PHOTO.fullmatch(bare):
        return Credits(photographers=_english_names(photo[1]))
    return _roles(bare) or Credits()


def lead_credits(paragraph: str) -> Credits:
    """Names in the opening of a lead: 本报讯(记者 …), 〔記者…/台北報導〕, 本报讯 记者…报道."""
    if taiwan := _REPORTER_FROM.match(paragraph):
        return Credits(byline=_glued(taiwan[1], taiwan[2]))
    if (opening := _BRACKET.match(paragraph)) and re.search("[记記]者", opening[1]):
        return _roles(opening[1]) or Credits()
    mark = _LEAD_MARK.match(paragraph)
    rest = paragraph[mark.end() :] if mark else paragraph
    if mark and (bracket := _BRACKET.match(rest)):
        inside = re.sub(r"^[^,，]{0,12}\d日[,，]?", "", bracket[1])
        found = _roles(inside)
        if found is None and (names := _names(inside)) and all(map(is_name, names)):
            return Credits(byline=names)
        return found or Credits()
    if reports := _REPORTS.match(rest) or _REPORTS.match(paragraph):
        return _roles(reports[1] + (" 摄影报道" if reports[2] else "")) or Credits()
    if mark and (named := _NO_BRACKET.match(rest)):
        return _roles(named[1]) or Credits()
    return Credits()


def closing_credits(paragraph: str) -> Credits:
    """Names in brackets at a paragraph's end: (记者 张三), (李四)."""
    match = _CLOSING.search(paragraph)
    if not match:
        return Credits()
    found = _roles(match[1])
    if found is None and (names := _names(match[1])) and all(map(is_name, names)):
        return Credits(byline=names)
    return found or Credits()


def caption_photographers(caption: str) -> tuple[str, ...]:
    """Whom a caption names as its photographers.

    >>> caption_photographers("图为通车现场。 本报记者 王一鸣 摄")
    ('王一鸣',)
    """
    caption = re.sub(r"\s*[(（](?:资料图片?|資料圖片|资料照片|图文无关)[)）]\s*$", "", caption)
    for pattern in (_PHOTO_TAIL, _PHOTO_HEAD):
        if (match := pattern.search(caption)) and "供图" not in match[1] and "供圖" not in match[1]:
            words = match[1].split()
            for start in range(len(words)):  # words of the caption may stand before the names
                found = _roles(" ".join(words[start:]))
                if found and found.photographers:
                    sure = tuple(name for name in found.photographers if is_name(name))
                    named = re.search("[记記]者|通[讯訊]员|通訊員|[/／]", " ".join(words[start:]))
                    if sure or named or start + 1 == len(words):
                        return sure or found.photographers
            if match[1].endswith(("摄", "攝")) and is_name(match[1][:-1].strip()):
                return (match[1][:-1].strip(),)
    if photo := _ENGLISH_PHOTO.search(caption) or _ENGLISH_SLASH.search(caption):
        return _english_names(next(filter(None, photo.groups())))
    return ()


def has_photo_credit(text: str) -> bool:
    """Whether a text ends with a photographer's or a picture source's mark."""
    if _SOURCE.search(text) or _ENGLISH_SLASH.search(text):
        return True
    photo = _ENGLISH_PHOTO.search(text)
    if photo and photo.end() >= len(text.rstrip(" .)")):
        return True
    shot = _PHOTO_TAIL.search(text) or _PHOTO_HEAD.search(text)
    return shot is not None and (
        bool(re.search("记者|記者|通讯员|通訊員|供图|供圖|[/／]", shot[1]))
        or any(map(is_name, caption_photographers(text)))
    )


def is_job(text: str) -> bool:
    """Whether an English line says what somebody is, or for whom he writes: Staff Writer."""
    return bool(_ENGLISH_JOB.match(text))


def is_post(word: str) -> bool:
    """Whether a word before a name says what somebody is: 骨科主任医师, 市民."""
    return bool(_POST.fullmatch(word))


def is_signature(text: str) -> bool:
    """Whether a line holds bare names, and at most what the first of them is: 市民 郝立新."""
    words = re.split(r"[\s、]+", text.strip())
    return all(map(is_name, words[len(words) > 1 and is_post(words[0]) :]))


def is_name(token: str) -> bool:
    """Whether a word may be a person's name: a surname leads it, and it ends like no place."""
    token = token.strip()
    if "·" in token or "•" in token:
        return re.fullmatch(r"[一-鿿A-Za-z·•]{3,16}", token) is not None
    if re.fullmatch(r"[一-鿿]{2,3}", token):
        if token[-1] in _LANDSCAPE and token not in _PLACES:  # 韦青山
            return token[0] in SURNAMES
        if len(token) == 3 and token.startswith(_TWO_PART):
            return True
        ends = _PLACE_END if len(token) == 2 else _PLACE_END | _OFFICES
        return token[0] in SURNAMES and token[-1] not in ends
    if re.fullmatch(r"[一-鿿]{4}", token):
        return token.startswith(_TWO_PART)
    return bool(_LATIN_NAME.match(token))


def _roles(line: str) -> Credits | None:
    """Read a line of roles and names; None where it has no role, or words that are neither."""
    if re.search(r"[。!?！？].|作者[为為系係是]", line):
        return None
    line = _DUTY.sub(r"\1", line)
    if (shot := _ALL_SHOT.fullmatch(line)) and not _WROTE.search(line):
        names = _names(_ROLE.sub(" ", shot[1]))
        return Credits(photographers=_once(names)) if names and all(map(_may_name, names)) else None
    roles = list(_ROLE.finditer(line))
    if not roles or re.search("提供|供图|供圖|刊发", line):
        return None
    given: dict[str, list[str]] = {_WHO: [], _HELPED: [], _SHOT: []}

    def give(names: Iterable[str], *kinds: str) -> None:
        for kind in kinds:
            given[kind].extend(names)

    waiting = _names(line[: roles[0].start()])
    if not all(map(_may_name, waiting)):
        return None
    before: tuple[str, ...] = ()
    for place, role in enumerate(roles):
        end = roles[place + 1].start() if place + 1 < len(roles) else len(line)
        after = _names(line[role.end() : end])
        kinds = _kinds(role)
        if role["both"] and place == 0 and not waiting and not after:
            continue  # 文/图 本报记者 张三: seen to at the end
        marked = line[role.end() :].lstrip()[:1] in ("/", "／", ":", "：")
        if not all(map(_may_name, after)):
            return None
        if waiting and not before:  # 张三 摄: the role follows its names
            give(waiting, *kinds)
            waiting, before = after, kinds if marked or after else ()
            continue
        if waiting and not after:  # 记者 张三 摄
            glued = line[: role.start()].rstrip()[-1:] in ("/", "／")
            if glued and role["shot"] and len(waiting) > 1:  # 记者 张三 李四/图
                give(waiting[:-1], *before)
                give(waiting[-1:], *kinds)
            elif role["both"]:
                give(given[_WHO] if before == (_HELPED,) else waiting, _SHOT)
                give(waiting, *before)
            elif role["shot"] and before == (_HELPED,):
                give(waiting, _SHOT)
            else:
                give(waiting, *(before if role["who"] else kinds))
            waiting, before = (), ()
            continue
        if waiting and role["shot"] and not marked and role[0] in ("摄", "攝"):
            give(waiting, *kinds)
            waiting, before = after, ()
            continue
        give(waiting, *before)
        waiting, before = after, kinds
    give(waiting, *before)
    if roles[0]["both"] and not given[_SHOT]:
        give(given[_WHO], _SHOT)
    return Credits(_once(given[_WHO]), _once(given[_HELPED]), _once(given[_SHOT]))


def _may_name(word: str) -> bool:
    """Whether a word beside a role may be a name or a newsroom's, and no part of a sentence."""
    return bool(re.fullmatch(r"[一-鿿]{2,7}", word)) or is_name(word)


def _kinds(role: re.Match[str]) -> tuple[str, ...]:
    if role["helped"]:
        return (_HELPED,)
    if role["both"]:
        return (_WHO, _SHOT)
    return (_SHOT,) if role["shot"] else (_WHO,)


def _names(text: str) -> tuple[str, ...]:
    """Split names; two lone characters are one name that was spaced out (李 静)."""
    text = text.strip(" 　\t:：/／()（）|-—–。.,，")
    if re.search(r"[A-Za-z]{2}", text):
        return _english_names(text)
    words = [word for word in _SPLIT.split(text) if word]
    names: list[str] = []
    for word in words:
        word = re.sub(rf"^发自.*|^{_OF_THESE}|^(?:由|系|均由|均为|及)|等$", "", word)
        if word in ("供稿", "供图", "撰稿"):
            continue
        if len(words) > 1 and _HOUSE.fullmatch(word):  # 通讯员 市第一医院 张三
            continue
        if len(word) == 1 and names and len(names[-1]) == 1:
            names[-1] += word
        elif word:
            names.extend(_unglued(word))
    return tuple(name for name in names if len(name) > 1)


def _unglued(word: str) -> list[str]:
    """Part names that stand without a gap: 王小明李建国."""
    if re.fullmatch(r"[一-鿿]{5,9}", word) and not word.startswith(_TWO_PART):
        for first in (3, 2):
            rest = word[first:]
            if word[0] in SURNAMES and rest[0] in SURNAMES and len(rest) in (2, 3):
                return [word[:first], rest]
    return [word]


def _glued(name: str, place: str) -> tuple[str, ...]:
    """Part a reporter's name from the place that follows without a gap: 陳小明台北."""
    if "、" in name or place or len(name) <= 3:
        return _names(name)
    return (name[:3],) if len(name) >= 5 else (name[:2],)


def _english_names(text: str) -> tuple[str, ...]:
    names = (
        name.strip(" .|/()") for name in _ENGLISH_AND.split(re.split(r"\s[|/•–—-]\s", text)[0])
    )
    return tuple(
        name for name in names if name and not (_ENGLISH_JOB.match(name) or _NOBODY.fullmatch(name))
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
