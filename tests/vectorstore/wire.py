"""Stories that other papers print again, and notices that only look as if they were: fiction.

``REPRINTS`` change a story as papers do; ``OTHERS`` write two texts of the same wording that tell
of different things.
"""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta

from newspaper import GIVEN, GOODS, LEADS, OFFICES, PLACES, SENTENCES, SURNAMES, WORKS

Pair = tuple[str, str]

SYNONYMS = {
    "介绍": "透露",
    "进一步": "继续",
    "投入使用": "交付使用",
    "实地察看": "现场查看",
    "及时": "尽快",
    "告诉": "对",
    "已经": "已",
    "目前": "眼下",
    "正抢抓": "抓紧",
    "最终": "最后",
    "建成后": "完工后",
    "累计": "总共",
    "提出": "指出",
    "特别是": "尤其是",
    "过去": "以前",
    "预计": "有望",
}
NOTICES = [
    "市气象台{day}发布天气预报:今天白天{sky},偏{wind}风{n}级,最高气温{t}摄氏度;今天夜间{sky},最低气温{u}摄氏度,"
    "相对湿度百分之{m}。明天{sky},早晚温差较大,请市民注意增减衣物。气象部门提醒,近期昼夜温差大,老人和儿童要注意预防感冒,驾车出行请减速慢行。",
    "市发改委价格监测中心公布,{day}全市主要农副产品平均零售价格为:大白菜每公斤{p}元,白萝卜每公斤{p}元,黄瓜每公斤{p}元,"
    "西红柿每公斤{p}元,猪肉后腿每公斤{t}元,鸡蛋每公斤{p}元。监测显示,货源充足,运输畅通,市场供应平稳有序,居民不必集中购买。",
    "{day},市政协第{n}次常委会议在市会议中心举行,应到委员{m}人,实到{t}人,符合规定人数。会议听取了{office}关于{work}建设情况的通报,"
    "审议通过了有关人事事项,并对下一阶段工作作出安排。会议要求,各位委员要深入基层调查研究,积极建言献策,切实履行职责。",
    "{office}发布公告,因{work}施工需要,{day}零时起对{place}主干道实行临时交通管制,为期{n}天,其间公交{m}路、{t}路绕行。"
    "请过往车辆和行人按照现场交通标志指示通行,服从交警指挥,由此带来的不便敬请市民谅解。施工单位将加快进度,争取早日恢复通行。",
    "{place}供电所通知,因线路检修,{day}{n}时至1{n}时将停电,涉及用户{m}户。请有关单位和居民提前做好准备,关闭电源开关,"
    "停电期间切勿在线路上作业,检修工作提前结束将随时恢复送电,不再另行通知。如有疑问,请拨打服务热线咨询。",
]
ALIKE_BUT_NAMES = (
    "{place}日前举行消防演练,社区干部和志愿者一起学习使用灭火器,并按预定路线疏散到空旷地带。负责人{name}说,"
    "老旧楼院通道窄、电线乱,最怕小火酿成大灾,演练就是要让大家遇事不慌。演练结束后,志愿者还挨家挨户查看了灶具和插座,"
    "帮助独居老人更换了老化的软管,并把求助电话贴在门后。{place}将把演练排进每个季度的日程。"
)


def filled(chance: random.Random, template: str) -> str:
    """A template with facts."""
    day = date(2021, 1, 1) + timedelta(days=chance.randrange(1400))

    def fact(match: re.Match[str]) -> str:
        match match.group(1):
            case "day":
                return f"{day.month}月{day.day}日"
            case "name":
                return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
            case "place":
                return place
            case "office":
                return chance.choice(OFFICES)
            case "work":
                return chance.choice(WORKS)
            case "goods":
                return chance.choice(GOODS)
            case "sky":
                return chance.choice(["晴", "多云", "阴有小雨", "晴间多云"])
            case "wind":
                return chance.choice("东南西北")
            case "p":
                return f"{chance.uniform(1, 9):.1f}"
            case "t":
                return str(chance.randrange(20, 40))
            case "u":
                return str(chance.randrange(1, 19))
            case "m":
                return str(chance.randrange(40, 90))
        return str(chance.randrange(2, 9))

    place = chance.choice(PLACES)
    return re.sub(r"\{(\w+)\}", fact, template)


def story(chance: random.Random) -> str:
    """A lead and five to nine paragraphs."""
    told = [chance.choice(LEADS), *chance.sample(SENTENCES, chance.randint(5, 9))]
    paragraphs = [filled(chance, each) for each in told]
    name = chance.choice(SURNAMES) + chance.choice(GIVEN)
    paragraphs[0] = f"本报讯(记者 {name}){paragraphs[0]}"
    return "\n".join(paragraphs)


def cut(chance: random.Random, text: str) -> str:
    """The first half at least, ending with a paragraph."""
    kept, whole = [], text.split("\n")
    for paragraph in whole:
        kept.append(paragraph)
        if len("\n".join(kept)) > len(text) * chance.uniform(0.55, 0.8):
            break
    return "\n".join(kept)


def without_paragraphs(chance: random.Random, text: str) -> str:
    """Without one or two paragraphs, but not the lead."""
    lead, *others = text.split("\n")
    for _ in range(chance.randint(1, 2)):
        others.pop(chance.randrange(len(others)))
    return "\n".join([lead, *others])


def another_lead(chance: random.Random, text: str) -> str:
    """As it came from an agency."""
    day = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    return re.sub(r"^本报讯\(记者 \S+?\)", f"江声社{chance.choice(PLACES)}{day}电 ", text)


def other_words(chance: random.Random, text: str) -> str:
    """A few words changed for others that say the same."""
    found = [word for word in SYNONYMS if word in text]
    for word in chance.sample(found, min(3, len(found))):
        text = text.replace(word, SYNONYMS[word], 1)
    return text


def misprinted(chance: random.Random, text: str) -> str:
    """A handful of characters wrong, as recognition leaves them; no digit is."""
    places = [at for at, char in enumerate(text) if "一" <= char <= "鿿"]
    letters = list(text)
    for at in chance.sample(places, len(text) // 100 + 1):
        letters[at] = chance.choice("土士末未己已日曰入人大太天夫干千")
    return "".join(letters)


def several(chance: random.Random, text: str) -> str:
    """Another lead, fewer paragraphs, and words changed."""
    return other_words(chance, without_paragraphs(chance, another_lead(chance, text)))


def set_otherwise(chance: random.Random, text: str) -> str:
    """The same words in full width, with blanks."""
    wide = {ord(char): ord(char) + 0xFEE0 for char in "0123456789,()%:;"}
    return text.translate(wide).replace("。", "。 " if chance.random() < 0.5 else "。")


REPRINTS: dict[str, Callable[[random.Random, str], str]] = {
    "cut at the end": cut,
    "paragraphs left out": without_paragraphs,
    "another lead": another_lead,
    "a few words changed": other_words,
    "a character in a hundred wrong": misprinted,
    "several of these": several,
    "set otherwise": set_otherwise,
}


def same_notice(chance: random.Random) -> Pair:
    """One notice on two days."""
    template = chance.choice(NOTICES)
    return filled(chance, template), filled(chance, template)


def other_name(chance: random.Random) -> Pair:
    """The same event, no number in it, elsewhere."""
    one, other = chance.sample(PLACES, 2)
    return (
        filled(chance, ALIKE_BUT_NAMES.replace("{place}", one)),
        filled(chance, ALIKE_BUT_NAMES.replace("{place}", other)),
    )


def number_corrected(chance: random.Random) -> Pair:
    """A story whose figures a later report puts otherwise."""
    text = story(chance)
    while not re.search(r"\d", text):
        text = story(chance)
    spots = [match.span() for match in re.finditer(r"\d+", text)]
    start, end = chance.choice(spots)
    return text, f"{text[:start]}{int(text[start:end]) + chance.randint(1, 9)}{text[end:]}"


def same_sentences(chance: random.Random) -> Pair:
    """Two stories whose sentences have one wording, told of other places and people."""
    told = [chance.choice(LEADS), *chance.sample(SENTENCES, 8)]
    one, other = ("\n".join(filled(chance, each) for each in told) for _ in range(2))
    return one, other


OTHERS: dict[str, Callable[[random.Random], Pair]] = {
    "one notice on two days": same_notice,
    "one wording, other names": other_name,
    "one number put otherwise": number_corrected,
    "one wording, other facts": same_sentences,
}
