"""A newspaper that never was: whole articles of our own fiction, and the pages that break them.

``print_page(seed)`` writes articles, tears them as columns, pictures and jumps do, and gives the
page's text together with the articles it holds.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾田董潘袁蔡蒋余杜"
GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚桂英华文玉梅春晓东海宁欣然思远佳怡一鸣子涵雨桐"
PLACES = [
    "临江区",
    "望湖区",
    "白石县",
    "云岭县",
    "青禾镇",
    "南浦新区",
    "东渡口",
    "柳塘乡",
    "平桥市",
    "松坪林场",
]
OFFICES = [
    "市水务局",
    "市交通运输局",
    "市教育局",
    "市文旅局",
    "市农业农村局",
    "市卫健委",
    "市城管局",
    "市发改委",
]
WORKS = [
    "江畔步道",
    "第三水厂",
    "老年食堂",
    "智慧公交",
    "湿地公园",
    "职业学校",
    "数字图书馆",
    "冷链仓库",
    "跨江大桥",
]
GOODS = ["红茶", "柑橘", "竹笋", "淡水鱼", "香菇", "油菜", "蓝莓", "蚕丝"]

LEADS = [
    "记者从{office}获悉,{work}建设取得新进展,主体结构已经全部完成,预计年底前投入使用。",
    "副市长{name}来到{place},实地察看{work}建设情况,要求各有关单位倒排工期、压实责任,把好事办好。",
    "{work}正式启用,首批三百多名居民走进现场参观体验,对新设施赞不绝口。",
    "{office}召开新闻发布会,介绍{work}一年来的运行情况,并回答了记者提问。",
    "我市举行{goods}产销对接会,来自{n}个县区的种植大户与采购商面对面洽谈,现场签约金额达{n}00万元。",
]
SENTENCES = [
    "{place}过去交通不便,{goods}常常烂在地里,如今一条柏油路修到村口,货车当天就能把鲜货送进城里。",
    "据{office}有关负责人介绍,项目总投资{n}亿元,建成后可服务周边{n}万名居民,带动就业{n}00余人。",
    "“以前打水要走两里路,现在拧开龙头就有。”村民{name}笑着说,家里还新添了洗衣机。",
    "施工现场机器轰鸣,工人们正抢抓晴好天气浇筑桥面,焊花在江风里四处飞溅。",
    "目前,{work}累计接待市民{n}万人次,周末高峰时段需要提前预约。",
    "为了方便老人就餐,食堂把饭菜做得软烂少盐,行动不便的还可以由志愿者送餐上门。",
    "{office}将进一步完善巡查制度,发现问题及时整改,确保设施长期安全运行。",
    "在{place},合作社引进了自动分拣线,每小时可以处理{goods}{n}吨,损耗率下降了一半。",
    "社区书记{name}告诉记者,居民议事会开了{n}次,最终大家同意把废弃锅炉房改成阅览室。",
    "专家建议,汛期来临前要疏通沟渠、加固堤岸,特别是低洼地带应当备足沙袋和水泵。",
    "孩子们在老师带领下观察候鸟,用望远镜记录下白鹭、苍鹭和野鸭的数量。",
    "企业负责人表示,搬进新园区以后,水电气和物流成本都降了下来,订单已经排到明年春天。",
    "根据规划,未来三年还将新建{n}处口袋公园,让市民推窗见绿、出门入园。",
    "这条线路全长{n}公里,沿途设站{n}座,首班车六点发车,末班车二十二点收车。",
    "记者在现场看到,检测人员逐一核对编号,对每一批次样品进行封存、登记和留样。",
    "市民{name}说,从{place}到医院看病,原来要倒两趟车,现在一趟直达,省下将近一个小时。",
    "会议提出,要盯住群众最急的事,一件一件列成清单,办完一件再销一件。",
    "与会人员围绕《{place}水系治理方案(草案)》展开讨论,就资金筹措、管护责任等提出意见。",
    "夜幕降临,江边的灯光次第亮起,散步的人群里不时传来口琴声。",
    "一年来,{office}组织培训{n}期,培训{goods}种植能手{n}00人次,培育省级示范社{n}家。",
]
CAPTIONS = [
    "图为{work}施工现场。",
    "居民在{work}体验新设施。",
    "图为{place}村民正在采收{goods}。",
    "{name}(左二)在{place}调研。",
]
KICKERS = ["{name}在{place}调研时强调", "市政府召开{work}建设推进会议", ""]
HEADLINES = [
    "抢抓晴好天气 加快项目建设 确保{work}如期投用",
    "{work}即将与市民见面",
    "{place}{goods}喜获丰收",
    "一条路带活一座村",
    "{n}万居民喝上优质水",
    "我市新增{n}处口袋公园",
    "{place}打造半小时就医圈",
]
SUBHEADS = [
    "路通了,人心也齐了",
    "小食堂里的大民生",
    "算好长远账",
    "从没人管到抢着管",
    "把课堂搬到湖边",
]
EN_LEADS = [
    "The city opened a {thing} on {place} after two years of work, and 300 residents came to see.",
    "Council members agreed to spend ${n} million on a {thing} near {place}, the most in a decade.",
]
EN_SENTENCES = [
    "Officials said the {thing} would serve about {n},000 people and bring jobs to {place}.",
    '"We used to walk a mile, and now it stops at our door," said {name}, who runs a bakery.',
    "Engineers will inspect the foundations twice a year, and the results will be made public.",
    "Farmers who sell at the market expect shorter trips, lower costs and fewer bruised pears.",
    "The plan had divided neighbors, but a series of meetings led to a design with more trees.",
    "Work on the second stage begins in spring, when the river is low enough for the last piers.",
    "A volunteer group counted {n} herons along the bank, the highest number since it began.",
]
EN_THINGS = ["footbridge", "reading room", "water plant", "bus line", "clinic", "cold store"]
EN_PLACES = ["Mill River", "Front Street", "Harbor Hill", "Oak Market", "North Quay"]
EN_NAMES = [
    "Ann Brook",
    "Peter Hale",
    "Ruth Carver",
    "Tom Linden",
    "Mary Quill",
    "Paul Easton",
    "Joan Field",
]
EN_HEADLINES = [
    "{thing} opens at {place}",
    "Neighbors welcome new {thing}",
    "{place} prepares for a busy winter",
    "Council backs {thing} plan",
]
EN_SUBHEADS = ["A longer season", "What it will cost", "Quiet by design", "Next steps"]


@dataclass
class Story:
    """An article as it was written, before a page broke it."""

    titles: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    date: str | None = None
    continued_from: str | None = None
    continued_to: str | None = None
    slipped: str | None = None
    """The headline line that lands in the middle of the text."""


@dataclass
class Printed:
    """A page's text and what it holds."""

    text: str
    stories: list[Story]
    issued: str | None


class _Press:
    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.english = self.r.random() < 0.2
        self.full = self.r.random() < 0.5
        self.indent = self.r.random() < 0.3
        self.wrap = self.r.choice([0, 0, 0, 22]) if not self.english else self.r.choice([0, 64])
        self.issued = self.r.random() < 0.5
        self.year, self.month, self.day = 2022, self.r.randint(1, 12), self.r.randint(15, 28)

    # words

    def name(self) -> str:
        if self.english:
            return self.r.choice(EN_NAMES)
        given = "".join(self.r.sample(GIVEN, self.r.choice([1, 2, 2])))
        return self.r.choice(SURNAMES) + given

    def names(self, most: int = 2) -> list[str]:
        found: list[str] = []
        while len(found) < self.r.randint(1, most):
            if (name := self.name()) not in found:
                found.append(name)
        return found

    def begin(self) -> Story:
        """A new article, with a place and a thing of its own that it comes back to."""
        r = self.r
        if self.english:
            self.topic = {"thing": r.choice(EN_THINGS), "place": r.choice(EN_PLACES)}
        else:
            self.topic = {
                "place": r.choice(PLACES),
                "office": r.choice(OFFICES),
                "work": r.choice(WORKS),
                "goods": r.choice(GOODS),
            }
        return Story()

    def fill(self, text: str) -> str:
        filled = text.format(**self.topic, name=self.name(), n=self.r.randint(2, 38))
        return filled[:1].upper() + filled[1:]

    def paragraph(self, least: int = 2, most: int = 4) -> str:
        stock = EN_SENTENCES if self.english else SENTENCES
        chosen = self.r.sample(stock, self.r.randint(least, most))
        return (" " if self.english else "").join(map(self.fill, chosen))

    def day_of(self, back: int) -> str:
        year = str(self.year) if self.issued else "XXXX"
        return f"{year}-{self.month:02}-{self.day - back:02}"

    # articles

    def news(self) -> Story:
        r, story = self.r, self.begin()
        story.byline = self.names()
        back = r.randint(1, 5)
        if self.english:
            story.titles = [self.fill(r.choice(EN_HEADLINES))]
            story.parts.append(("byline", "By " + " and ".join(story.byline)))
            month = f"{date(self.year, self.month, 1):%B}"
            lead = f"RIVERTON, {month} {self.day - back} — " + self.fill(r.choice(EN_LEADS))
            story.date = self.day_of(back)
        else:
            if kicker := self.fill(r.choice(KICKERS)):
                story.titles.append(kicker)
            story.titles.append(self.fill(r.choice(HEADLINES)))
            if r.random() < 0.3:
                story.correspondents = self.names(1)
            if r.random() < 0.2:
                story.slipped = self.fill("{office}为居民办实事")
            people = "记者 " + r.choice([" ", "、"]).join(story.byline)
            if story.correspondents:
                people += " 通讯员 " + story.correspondents[0]
            lead = f"本报讯({people})"
            if r.random() < 0.7:
                lead += f"{self.month}月{self.day - back}日,"
                story.date = self.day_of(back)
            lead += self.fill(r.choice(LEADS))
        story.parts.append(("paragraph", lead))
        story.parts += [("paragraph", self.paragraph()) for _ in range(r.randint(1, 4))]
        self.picture(story)
        return story

    def feature(self) -> Story:
        r, story = self.r, self.begin()
        story.byline = self.names()
        if self.english:
            story.titles = [self.fill(r.choice(EN_HEADLINES))]
            story.parts.append(("byline", "By " + " and ".join(story.byline)))
            heads = r.sample(EN_SUBHEADS, r.randint(2, 3))
        else:
            story.titles = [self.fill(r.choice(HEADLINES)), self.fill("——{place}见闻")]
            story.parts.append(("byline", "本报记者 " + " ".join(story.byline)))
            heads = r.sample(SUBHEADS, r.randint(2, 3))
        story.parts.append(("paragraph", self.paragraph()))
        for head in heads:
            story.parts.append(("heading", head))
            story.parts += [("paragraph", self.paragraph()) for _ in range(r.randint(1, 2))]
        self.picture(story)
        return story

    def roundup(self) -> Story:
        self.begin()
        story = Story(
            titles=[self.fill("各县区扎实推进{work}建设 让群众得实惠")], byline=self.names(1)
        )
        for place in self.r.sample(PLACES, self.r.randint(3, 7)):
            story.parts += [("heading", place), ("paragraph", self.paragraph(1, 2))]
        story.parts.append(("credit", f"(以上由本报记者 {story.byline[0]} 整理)"))
        return story

    def briefs(self) -> Story:
        self.begin()
        story = Story(titles=[self.r.choice(["简讯", "民生简讯", "要闻速览"])])
        for _ in range(self.r.randint(2, 4)):
            who = self.name()
            if who not in story.byline:
                story.byline.append(who)
            text = f"本报讯(记者 {who})" + self.fill(self.r.choice(LEADS))
            story.parts.append(("paragraph", text))
        return story

    def notice(self) -> Story:
        self.begin()
        story = Story(titles=[self.fill("关于{work}临时停用的通告")])
        story.parts = [
            ("paragraph", self.fill("因管网检修,{place}部分路段将分批停水。现将有关事项通告如下:")),
            ("paragraph", "一、请居民提前储水,并关好阀门;"),
            ("paragraph", "二、施工车辆请绕行江滨路;"),
            ("paragraph", "三、恢复供水后请先放水数分钟再使用。"),
            ("paragraph", "特此通告。"),
            ("paragraph", self.r.choice(OFFICES)),
            ("paragraph", f"2022年{self.month}月{self.day}日"),
        ]
        return story

    def jumped(self) -> Story:
        page = f"{self.r.randint(1, 8):02}"
        self.begin()
        story = Story(continued_from=page)
        story.parts = [("paragraph", self.paragraph()) for _ in range(self.r.randint(1, 3))]
        return story

    def picture(self, story: Story) -> None:
        if self.r.random() > 0.4:
            return
        who = self.names(1)
        story.photographers = who
        if self.english:
            text = self.fill("Visitors look at the {thing} near {place}.") + f" Photo by {who[0]}"
        else:
            text = (
                self.fill(self.r.choice(CAPTIONS))
                + " "
                + self.r.choice(["", "本报记者 "])
                + f"{who[0]} 摄"
            )
        places = [at for at, part in enumerate(story.parts) if part[0] == "paragraph"]
        story.parts.insert(self.r.choice(places) + 1, ("caption", text))

    # the page

    def page(self) -> Printed:
        r = self.r
        if self.english:
            stories = [r.choice([self.news, self.feature])() for _ in range(r.randint(2, 4))]
        else:
            kinds = [self.news, self.news, self.news, self.feature, self.notice, self.briefs]
            stories = [self.news(), *(r.choice(kinds)() for _ in range(r.randint(1, 4)))]
            if r.random() < 0.3:
                stories.append(self.roundup())
            if r.random() < 0.3:
                stories.append(self.jumped())
        blocks: list[str] = []
        if self.issued:
            blocks.append(self.furniture())
        stories = [
            s for at, s in enumerate(stories) if not any(s.titles == t.titles for t in stories[:at])
        ]
        for story in stories:
            blocks += self.printed(story)
        if not self.english and r.random() < 0.5:
            blocks.append("责编:" + self.name() + " 版式:" + self.name() + " 校对:" + self.name())
        issued = f"{self.year}-{self.month:02}-{self.day:02}" if self.issued else None
        for story in stories:
            story.date = story.date or issued
        text = "\n\n".join(blocks)
        if self.full and not self.english:
            wide = str.maketrans(
                ",:;()?", ",:;()?".translate({ord(c): ord(c) + 0xFEE0 for c in ",:;()?"})
            )
            text = text.translate(wide)
            for story in stories:
                story.titles = [title.translate(wide) for title in story.titles]
                story.parts = [(kind, part.translate(wide)) for kind, part in story.parts]
        return Printed(text, stories, issued)

    def furniture(self) -> str:
        if self.english:
            day = date(self.year, self.month, self.day)
            return f"{day:%A, %B} {day.day}, {day.year}\n\nPage A3"
        week_day = self.r.choice("一二三四五")
        return f"{self.year}年{self.month}月{self.day}日 星期{week_day}\n\n第03版 要闻"

    def printed(self, story: Story) -> list[str]:
        """The blocks of a story as the page has them."""
        r = self.r
        blocks = list(story.titles)
        if story.continued_from:
            blocks.append(f"(上接{story.continued_from}版)")
        paragraphs = [at for at, part in enumerate(story.parts) if part[0] == "paragraph"]
        long = [at for at in paragraphs if len(story.parts[at][1]) > 90]
        torn = {at for at in long if r.random() < 0.45}
        slipped = r.choice(sorted(torn)) if story.slipped and torn else None
        if slipped is not None and story.slipped:
            story.titles.append(story.slipped)
        captioned = False
        for at, (kind, text) in enumerate(story.parts):
            if captioned:
                captioned = False
                continue
            after = story.parts[at + 1] if at + 1 < len(story.parts) else ("", "")
            if at not in torn:
                blocks.append(("\n\n" if kind == "caption" else "") + self.wrapped(kind, text))
                continue
            pieces = self.torn(text, r.choice([2, 2, 3]))
            blocks.append(self.wrapped(kind, pieces[0]))
            if at == slipped and story.slipped:
                blocks.append(story.slipped)
            elif after[0] == "caption":
                blocks.append("\n\n" + after[1])
                captioned = True
            elif r.random() < 0.05 and not self.english:
                blocks.append("责编 " + self.name())
            blocks += pieces[1:]
        return blocks

    def wrapped(self, kind: str, text: str) -> str:
        indent = "　　" if self.indent and kind == "paragraph" and not self.english else ""
        if not self.wrap or kind != "paragraph" or self.indent:
            return indent + text
        if not self.english:
            return "\n".join(columns(text, self.wrap))
        lines, line = [], ""
        for word in text.split(" "):
            if len(line) + len(word) >= self.wrap:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        return "\n".join([*lines, line])

    def torn(self, text: str, count: int) -> list[str]:
        """Break a paragraph in mid-sentence, as a column's end does."""
        places = [at for at in range(8, len(text) - 8) if text[at - 1] not in '。.!?！？”" ']
        if self.english:
            places = [at for at in places if text[at] == " "]
        cuts = [self.r.choice(places)]
        if count == 3 and (far := [at for at in places if abs(at - cuts[0]) > 40]):
            cuts = sorted([*cuts, self.r.choice(far)])
        edges = [0, *cuts, len(text)]
        return [text[a:b].strip() for a, b in pairwise(edges)]


def columns(text: str, width: int) -> list[str]:
    """Lines of one width, a half-width character taking half the room of a Chinese one."""
    lines, line, room = list[str](), "", 0.0
    for character in text:
        needs = 0.5 if character.isascii() else 1.0
        if room + needs > width:
            lines.append(line)
            line, room = "", 0.0
        line, room = line + character, room + needs
    return [*lines, line]


def print_page(seed: int) -> Printed:
    """A page and the articles it holds; the same for the same seed."""
    return _Press(seed).page()
