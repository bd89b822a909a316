"""What pieces of a page look like."""

from datetime import date

import pytest

from vectorstore.layout import Masthead, layout, masthead, mend
from vectorstore.lines import is_closed
from vectorstore.pieces import Role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        pytest.param("2022年7月15日 星期五", Role.FURNITURE, id="day"),
        pytest.param(
            "２０２２年７月１５日　星期五　农历六月十七", Role.FURNITURE, id="day, full width"
        ),
        pytest.param("第02版 要闻", Role.FURNITURE, id="page"),
        pytest.param("A03", Role.FURNITURE, id="page letter"),
        pytest.param("责编:王芳 版式:李静 校对:张伟", Role.FURNITURE, id="editors"),
        pytest.param("■责编 王芳 ■美编 李静", Role.FURNITURE, id="editors with squares"),
        pytest.param("新闻热线:0431-8888888 投稿邮箱:news@example.com", Role.FURNITURE, id="phone"),
        pytest.param("国内统一连续出版物号 CN 00-0000 今日8版", Role.FURNITURE, id="imprint"),
        pytest.param("扫一扫,关注本报微信公众号", Role.FURNITURE, id="code"),
        pytest.param("编辑 热线 5550123", Role.FURNITURE, id="a hotline's bare name"),
        pytest.param("来稿请寄:江临市报业路8号副刊部", Role.FURNITURE, id="where to write to"),
        pytest.param("本版言论仅代表作者观点", Role.FURNITURE, id="whose opinion it is"),
        pytest.param("上一版 下一版 [打印]", Role.FURNITURE, id="a website's buttons"),
        pytest.param("Home / News / Local", Role.FURNITURE, id="an English website's path"),
        pytest.param("Share Tweet Email", Role.FURNITURE, id="its buttons"),
        pytest.param("Load comments (31)", Role.FURNITURE, id="its comments"),
        pytest.param("More from Sports: Eagles lose again", Role.FURNITURE, id="its links"),
        pytest.param("遗失声明 公告 每行30元 次日见报", Role.FURNITURE, id="what a notice costs"),
        pytest.param("江临日报社版权所有 未经授权不得转载", Role.FURNITURE, id="rights"),
        pytest.param("老码头里的新书店 6版", Role.FURNITURE, id="a front page's pointer"),
        pytest.param("友情链接：江临网 江临旅游网", Role.FURNITURE, id="a website's links"),
        pytest.param(
            "本报常年法律顾问 江临正平律师事务所", Role.FURNITURE, id="the paper's lawyer"
        ),
        pytest.param("江临日报社印刷厂印刷", Role.FURNITURE, id="the printer"),
        pytest.param("官方微信 jianglinribao", Role.FURNITURE, id="the paper's account"),
        pytest.param("校对：王芳;排版：李静", Role.FURNITURE, id="editors with semicolons"),
        pytest.param(
            "邮政编码　000012　编辑　王芳　电话　55501", Role.FURNITURE, id="post and editor"
        ),
        pytest.param("督印人　王芳　總編輯　李靜", Role.FURNITURE, id="publisher without a colon"),
        pytest.param("报纸：江临日报;日期：2005年9月16日;版次：四", Role.FURNITURE, id="fields"),
        pytest.param("Page Three", Role.FURNITURE, id="page in words"),
        pytest.param("Scan the code for the e-edition.", Role.FURNITURE, id="a code in English"),
        pytest.param(
            "江临网 http://www.example.com 零售:每份1元 责任编辑:王芳",
            Role.FURNITURE,
            id="several pieces of furniture in a line",
        ),
        pytest.param("本版文章均为作者个人观点", Role.FURNITURE, id="the writers' own views"),
        pytest.param("相关报道见A5版", Role.FURNITURE, id="a pointer to a report"),
        pytest.param("一条热线连着两岸", Role.TITLE, id="a hot line in a headline"),
        pytest.param("□市民 王一鸣", Role.BYLINE, id="what the writer is"),
        pytest.param("编辑手记", Role.TITLE, id="a column's name, no editor"),
        pytest.param("编辑回复:", Role.BODY, id="who answers, no editor"),
        pytest.param("3.2亿元 网上零售额", Role.TITLE, id="retail, no price"),
        pytest.param("长椅能不能加个靠背?(市民 阿远)", Role.BODY, id="a signed question"),
        pytest.param("漫画:又在开会 作者 王芳", Role.CAPTION, id="a cartoon's name"),
        pytest.param("见习编辑 王芳 电子信箱:wf@example.com", Role.FURNITURE, id="an editor's box"),
        pytest.param("Friday, July 15, 2022", Role.FURNITURE, id="English day"),
        pytest.param("Page A3", Role.FURNITURE, id="English page"),
        pytest.param("第七頁　港聞", Role.FURNITURE, id="page, traditional"),
        pytest.param(
            "北岸日報　中華民國四十九年五月廿日　星期五　第三版",
            Role.FURNITURE,
            id="running head, years of the Republic",
        ),
        pytest.param(
            "B2    Friday, May 20, 1960    THE NORTH BANK LEDGER",
            Role.FURNITURE,
            id="running head, English",
        ),
        pytest.param(
            "FRIDAY, MAY 20, 1960      PRICE FIVE CENTS", Role.FURNITURE, id="day and price"
        ),
        pytest.param(
            "May 20, 1960, Is a Day the Town Will Remember", Role.TITLE, id="a day in a headline"
        ),
        pytest.param("社長：何平　社址：北岸市新街五號", Role.FURNITURE, id="publisher"),
        pytest.param(
            "The Ledger is published every Friday. Subscriptions $20 a year.",
            Role.FURNITURE,
            id="publisher, English",
        ),
        pytest.param("Single copy $1.50", Role.FURNITURE, id="price"),
        pytest.param("Old Ferry Is Sold for $1", Role.TITLE, id="a price in a headline"),
        pytest.param("Advertisement", Role.FURNITURE, id="advertisement"),
        pytest.param("(上接03版)", Role.JUMP_FROM, id="from"),
        pytest.param("(紧接第一版)", Role.JUMP_FROM, id="from, in characters"),
        pytest.param("(下转02版)", Role.JUMP_TO, id="to"),
        pytest.param("Continued on Page A4", Role.JUMP_TO, id="English to"),
        pytest.param("See FERRY, Page A8", Role.JUMP_TO, id="see"),
        pytest.param("(Please Turn to Page 8, Col. 3)", Role.JUMP_TO, id="page and column"),
        pytest.param("(Continued on Page Eleven)", Role.JUMP_TO, id="page in words"),
        pytest.param("（文接第一版）", Role.JUMP_FROM, id="from, as in Malaysia"),
        pytest.param("(下轉第七頁)", Role.JUMP_TO, id="to, traditional"),
        pytest.param("From Page A1", Role.JUMP_FROM, id="English from"),
        pytest.param("BANK, from 1A", Role.JUMP_FROM, id="from a page's bare number"),
        pytest.param("See CATFISH, 9A", Role.JUMP_TO, id="to a page's bare number"),
        pytest.param("城东水厂本月底投用", Role.TITLE, id="headline"),
        pytest.param("孙桂珍:三十年守护产房", Role.TITLE, id="headline with a colon"),
        pytest.param("市委书记在临江市调研时强调:", Role.TITLE, id="kicker with a colon"),
        pytest.param(
            "全市江堤加固工作现场推进会在白石县召开 强调在主汛期到来之前加固全部险段"
            " 让两岸居民安心度汛——白石县加固江堤纪实",
            Role.TITLE,
            id="long headline in clauses",
        ),
        pytest.param(
            "沿着江堤一路走来可以看到刚刚种下的三千多株柳树和新修的十二处凉亭以及为钓鱼的人们"
            "搭起的一排排木头栈桥",
            Role.BODY,
            id="long beginning of a sentence",
        ),
        pytest.param("5月10日 晴转多云 22℃~35℃", Role.BODY, id="a forecast's row"),
        pytest.param("(作者单位:市妇幼保健院)", Role.CREDIT, id="where the writer works"),
        pytest.param("王芳:生活高于摄影", Role.TITLE, id="a headline on photography"),
        pytest.param("咨询请拨打服务台电话(转801)", Role.TITLE, id="an extension, no jump"),
        pytest.param("编辑同志:", Role.BODY, id="salutation"),
        pytest.param("问:今年供热准备得怎么样?", Role.BODY, id="question"),
        pytest.param("本报讯(记者 王芳)水厂投用。", Role.LEAD, id="lead"),
        pytest.param("【本報訊】(記者 陳慧明)水廠啟用。", Role.LEAD, id="traditional lead"),
        pytest.param("〔記者陳慧明／台北報導〕老街翻修完工。", Role.LEAD, id="slash lead"),
        pytest.param("新华社北京7月14日电(记者王芳)粮价平稳。", Role.LEAD, id="agency"),
        pytest.param("本报综合消息 未来三天有大雨,请注意防范。", Role.LEAD, id="compiled news"),
        pytest.param(
            "RIVERTON, July 14 — The council voted late on Thursday.", Role.LEAD, id="English"
        ),
        pytest.param(
            "（本報專訪）北岸漁會重選理事，連日爭持不下，至昨晚始告底定，由老船長何水生連任。",
            Role.LEAD,
            id="a bracket with the newsroom",
        ),
        pytest.param(
            "（本報記者何清文）北岸漁會重選理事，連日爭持不下，至昨晚始告底定。",
            Role.LEAD,
            id="a bracket with the reporter",
        ),
        pytest.param(
            "（北岸五日訊）北岸漁會重選理事，連日爭持不下，至昨晚始告底定，由老船長連任。",
            Role.LEAD,
            id="a bracket with place and day",
        ),
        pytest.param(
            "本報記者　何清文　報道　　陳慧明　攝影", Role.BYLINE, id="one reports, one shoots"
        ),
        pytest.param("本版主編：何清文　美編：陳慧明", Role.FURNITURE, id="editors, traditional"),
        pytest.param("（本報資料室輯）", Role.CREDIT, id="compiled, traditional"),
        pytest.param("Dr. Iris Holt to Open Flower Show", Role.TITLE, id="a doctor in a headline"),
        pytest.param("Q: Who feeds the swans?", Role.BODY, id="question, English"),
        pytest.param("本报记者 王芳 通讯员 李静", Role.BYLINE, id="byline"),
        pytest.param("□王芳", Role.BYLINE, id="square"),
        pytest.param("By JANE DOE", Role.BYLINE, id="By"),
        pytest.param("记者手记", Role.TITLE, id="a reporter's notes"),
        pytest.param("图为通车现场。 王芳 摄", Role.CAPTION, id="caption"),
        pytest.param("王芳 摄", Role.PHOTOGRAPHER, id="photographer"),
        pytest.param("(以上由本报记者 王芳 整理)", Role.CREDIT, id="credit"),
        pytest.param("停电通知已经发出,居民请提前准备。", Role.BODY, id="电 in a word"),
    ],
)
def test_roles(line: str, role: Role) -> None:
    body = "春天来了,江边的柳树发了芽,散步的人也多了起来。"
    assert [piece.role for piece in layout(f"{body}\n\n{line}")] == [Role.BODY, role]


def test_the_papers_name_above_its_day_is_furniture() -> None:
    page = "The North Bank Rooster\n\nFRIDAY, MAY 20, 1960 • PAGE 3A\n\nFerry sinks at its mooring"
    name, day, headline = layout(page)
    assert (name.role, day.role, headline.role) == (Role.FURNITURE, Role.FURNITURE, Role.TITLE)
    assert masthead((name, day)).number == "3A"


def test_a_headline_that_names_a_dispatch_is_no_lead() -> None:
    line, body = "新华社长篇通讯:守灯塔的人", "江口的灯塔亮了一百年。"
    assert [piece.role for piece in layout(f"{line}\n\n{body}")] == [Role.TITLE, Role.BODY]


def test_a_colon_on_a_line_by_itself_is_read() -> None:
    assert [piece.text for piece in layout("今天有雨。\n\n:\n\n明天放晴。")][1] == ":"


def test_a_jump_at_a_paragraphs_end_is_parted_from_it() -> None:
    pieces = layout("大会提出,要广泛宣传(下转04版)")
    assert (pieces[0].role, pieces[0].text) == (Role.TITLE, "大会提出,要广泛宣传")
    assert (pieces[1].role, pieces[1].page) == (Role.JUMP_TO, "04")


def test_wrapped_lines_are_one_paragraph_and_title_lines_stay_two() -> None:
    wrapped = "城东水厂昨日正式投用,三十\n万居民喝上优质水,水压也比\n过去稳定。"
    assert [piece.text for piece in layout(wrapped)] == [wrapped.replace("\n", "")]
    assert len(layout("老旧小区加装电梯\n为何卡在最后一票")) == 2


def test_a_set_in_first_line_is_as_wide_as_the_others() -> None:
    text = "　　渡口的老艄公每天清早\n就来，把船擦得锃亮才肯让\n人上船。"
    (piece,) = layout(text)
    assert piece.text == "渡口的老艄公每天清早就来，把船擦得锃亮才肯让人上船。"


def test_what_a_writer_is_below_his_name_is_a_byline() -> None:
    page = "Ferry sinks at its mooring\n\nBy IRIS HOLT\n\nLedger staff writer\n\nThe ferry sank."
    assert [piece.role for piece in layout(page)][1:] == [Role.BYLINE, Role.BYLINE, Role.BODY]


def test_lines_amid_a_pages_head_and_foot_are_furniture() -> None:
    pieces = layout(
        "江临晚报\n\n荷塘月色\n\n2021年5月6日 星期四\n\n江边的老树\n\n雨停了。\n\n"
        "责编 王芳\n\n欢迎赐稿"
    )
    assert [(piece.role, piece.text) for piece in pieces if piece.role is not Role.FURNITURE] == [
        (Role.TITLE, "江边的老树"),
        (Role.BODY, "雨停了。"),
    ]


def test_furniture_below_a_lone_headline_leaves_it_one() -> None:
    pieces = layout("江边的老树\n\n2021年5月6日 星期四\n\n雨停了。")
    assert pieces[0].role is Role.TITLE


def test_whom_to_call_is_a_notices_or_furniture_within_a_sentence() -> None:
    notice = layout("停水通知\n\n明日停水。\n\n抢修电话:5550123")
    assert notice[-1].role is Role.BODY
    torn = layout("老城故事\n\n他走到门口又\n\n举报电话:5550123\n\n回头看了一眼,才出门。")
    assert [piece.role for piece in torn][-2:] == [Role.FURNITURE, Role.BODY]


def test_an_indent_fills_its_line() -> None:
    pieces = layout("　　老街的路灯坏了三个多月\n居民夜里出门都要打着手电。天\n亮才放心。")
    assert [piece.text for piece in pieces] == [
        "老街的路灯坏了三个多月居民夜里出门都要打着手电。天亮才放心。"
    ]


def test_a_headlines_second_line_may_begin_small() -> None:
    text = "Botanical garden coaxes a lily\n\ninto bloom\n\nBy JANE DOE\n\nVisitors came."
    roles = [piece.role for piece in layout(text)]
    assert roles == [Role.TITLE, Role.TITLE, Role.BYLINE, Role.BODY]


def test_what_several_blank_lines_set_off_within_a_sentence_is_a_caption() -> None:
    pieces = layout("机器轰鸣。工人们正在进行最\n\n\n\n调试现场\n\n后的调试。")
    assert [piece.role for piece in pieces] == [Role.BODY, Role.CAPTION, Role.BODY]


def test_lines_with_as_many_cells_are_a_tables_rows() -> None:
    pieces = layout("门诊安排\n\n周一 骨科 王芳\n\n周二 儿科 李静\n\n周三 眼科 张伟")
    assert [piece.role for piece in pieces] == [Role.TITLE, *[Role.BODY] * 3]


def test_a_pictures_own_title_is_no_caption() -> None:
    pieces = layout("晨曲(摄影)\n\n王芳 摄")
    assert [piece.role for piece in pieces] == [Role.TITLE, Role.PHOTOGRAPHER]


def test_a_caption_torn_in_two_is_one() -> None:
    (piece,) = layout("图为市民在新建成的步道上散\n\n步。 王芳 摄")
    assert piece.text == "图为市民在新建成的步道上散步。 王芳 摄"


def test_a_caption_and_its_photographer_are_one() -> None:
    (piece,) = layout("图为通车现场。\n\n王芳 摄")
    assert (piece.role, piece.text) == (Role.CAPTION, "图为通车现场。 王芳 摄")


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("今天有雨。", True),
        ("他说:“今天有雨。”", True),
        ("问题解决了。(王芳)", True),
        ("种下“平安树”", False),
        ("统计往(返)", False),
        ("今天有雨,", False),
        ("It rained.", True),
        ("He met Mr.", False),
    ],
)
def test_where_a_paragraph_has_come_to_its_end(text: str, closed: bool) -> None:
    assert is_closed(text) is closed


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("今天", "有雨。", "今天有雨。"),
        ("the old", "bridge", "the old bridge"),
        ("reliev-", "ing traffic", "relieving traffic"),
        ("共有12", "0人", "共有120人"),
    ],
)
def test_mending(left: str, right: str, whole: str) -> None:
    assert mend(left, right) == whole


def test_the_masthead_tells_paper_day_and_page() -> None:
    head = "云 川 日 报\n\n2022年7月15日 星期五\n\n今日8版\n\n第02版 要闻"
    text = head + "\n\n城东水厂投用\n\n本报讯 水厂投用。"
    assert masthead(layout(text)) == Masthead("云川日报", date(2022, 7, 15), "02")
    foot = "本报讯 水厂投用。\n\n云川日报 2022年7月15日 星期五 第02版 要闻 责编 王芳"
    assert masthead(layout(foot)) == Masthead("云川日报", date(2022, 7, 15), "02")


def test_lines_are_wrapped_where_figures_are_as_wide_as_characters() -> None:
    lines = [
        "　　昨晚的决赛打了四节，江北队以97比96险胜",
        "江南队，全场观众3500人，其中1200人来自邻",
        "县，赛后警方出动60名警力和12辆大巴，在23时",
        "以前送走了最后1批球迷，路上没有发生1起事故",
        "也没有人受伤。",
        "　　江北队的后卫今年26岁，白天在邮局送快递，",
        "晚上打球，昨天他送完了132件包裹才赶到球馆。",
    ]
    assert [piece.text[-6:] for piece in layout("\n".join(lines))] == [
        "没有人受伤。",
        "才赶到球馆。",
    ]


def test_a_short_line_that_ends_no_sentence_stands_by_itself_among_wrapped_ones() -> None:
    lines = [
        "城东的老码头停用已有十年,昨天工人们把",
        "船台改成了一座博物馆,馆里摆着二十条船。",
        "河上的灯",
        "入夜以后,两岸的灯一盏接一盏地亮起来,",
        "照着水面上来来往往的船,也照着归人。",
    ]
    assert layout("\n".join(lines))[1].text == "河上的灯"


def test_a_day_above_texts_is_a_databases_and_below_them_a_signature() -> None:
    above = "\n\n".join(f"{name}\n2017-02-23\n　　今天有人在河边唱歌。" for name in "甲乙丙")
    below = "\n\n".join(f"{name}局公告\n　　今天停水。\n{name}局\n2017-02-23" for name in "甲乙丙")
    days = [[p.role for p in layout(text) if p.text == "2017-02-23"] for text in (above, below)]
    assert days == [[Role.FURNITURE] * 3, [Role.TITLE] * 3]


def test_a_databases_day_is_known_though_a_section_or_a_writer_follows_it_mostly() -> None:
    texts = (
        "　　今天有人在河边唱歌。",
        "王一鸣\n　　河水涨了。",
        "血站呼吁献血\n　　血站的血不多了。",
    )
    text = "\n\n".join(f"河上新闻\n2017-02-23\n{text}" for text in texts)
    assert {p.role for p in layout(text) if p.text == "2017-02-23"} == {Role.FURNITURE}


def test_a_writer_behind_a_square_is_no_part_of_the_headline_above_him() -> None:
    lines = [
        "小伙相亲八次没成把日记写成了一本漫画",
        "□实习生 陶然",
        "　　他说,画了八次,终于画成了一本书,书上",
    ]
    assert layout("\n".join([*lines, "写着她的名字,也写着他自己的名字。"]))[1].role is Role.BYLINE


def test_rows_of_years_stay_lines() -> None:
    rows = ["1957年 码头动工", "1984年 年吞吐量首次突破200万吨", "2003年 年吞吐量310万吨,达到最高"]
    assert [piece.text for piece in layout("\n".join([*rows, "2016年 码头关闭,工人分流"]))][
        :3
    ] == rows


def test_a_line_that_could_be_parted_in_countless_ways_is_read() -> None:
    (piece,) = layout("· " * 55 + "没有完")
    assert piece.role is not Role.FURNITURE
    assert layout("广告 " + "· " * 50 + "广告")[0].role is Role.FURNITURE


def test_the_first_line_of_an_english_headline_may_break_off() -> None:
    first, second, _, text = layout(
        "Rink's ice plant dies;\n\nhockey on hold\n\nBy Jane Doe\n\n"
        "The council will meet on Monday to talk about the rink and its cost.\n"
    )
    assert (first.role, second.role, text.role) == (Role.TITLE, Role.TITLE, Role.BODY)


def test_rows_of_days_stay_lines_whatever_they_tell_behind() -> None:
    day = "9月12日(周六)上午 市医院眼科 专家门诊限号30个"
    pieces = layout(
        f"本周坐诊\n\n{day}\n\n9月13日(周日)上午 口腔科 咨询 地点:活动室\n\n以医院公布的为准。\n"
    )
    assert [piece.role for piece in pieces] == [Role.TITLE, Role.BODY, Role.BODY, Role.BODY]


def test_numbers_of_a_list_of_articles_are_no_part_of_their_headlines() -> None:
    heads = ["石桥昨天重开", "图书馆夜里开门", "渡船今起停航"]
    text = "本报讯 市里昨天说了此事。\n\n有关部门作了说明。"
    page = "\n\n".join(f"{at}. {head}\n\n{text}" for at, head in enumerate(heads, 1))
    assert [piece.text for piece in layout(page) if piece.role is Role.TITLE] == heads
    under = [piece.text for piece in layout(f"市里三件实事\n\n{page}") if piece.role is Role.TITLE]
    assert under[1:] == [f"{at}. {head}" for at, head in enumerate(heads, 1)]


def test_titles_that_a_page_lists_at_its_head_are_furniture() -> None:
    text = "本报讯 市里昨天说了此事。"
    pieces = layout(f"· 石桥重开\n· 渡船停航\n\n石桥重开\n\n{text}\n\n渡船停航\n\n{text}\n")
    assert [piece.role for piece in pieces[:2]] == [Role.FURNITURE, Role.FURNITURE]
    twice = layout(f"石桥重开\n\n市长到场\n\n石桥重开\n\n市长到场\n\n{text}\n")
    assert [piece.role for piece in twice[:4]] == [Role.FURNITURE] * 2 + [Role.TITLE] * 2
