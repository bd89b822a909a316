"""What the pages say, in Chinese, or in English where the browser asks for it."""

from datetime import date

from flask import Flask, request

from vectorstore.words import is_chinese

LANGUAGES = {"zh": "zh-Hans", "en": "en"}

_WORDS = {
    "name": ("报问", "Baowen"),
    "motto": ("问报纸，看原文", "Ask the newspaper, read its own words"),
    "skip": ("跳到正文", "Skip to the text"),
    "to_ask": ("提问", "Ask"),
    "to_browse": ("翻阅", "Browse"),
    "to_conversations": ("问过的", "Asked before"),
    "to_check": ("核对", "Check"),
    "to_docs": ("接口", "API"),
    "ask_title": ("向报纸提问", "Ask the newspaper"),
    "your_question": ("您的问题", "Your question"),
    "follow_up": ("接着问", "Ask a follow-up"),
    "question_hint": ("例如：这件事是什么时候发生的？", "For example: when did it happen?"),
    "ask": ("提问", "Ask"),
    "narrow": ("限定日期或报纸", "Narrow by date or newspaper"),
    "since": ("自", "From"),
    "until": ("至", "Until"),
    "publication": ("报纸", "Newspaper"),
    "any_publication": ("所有报纸", "Every newspaper"),
    "suggestions": ("可以这样问", "Questions to begin with"),
    "new_conversation": ("另起话题", "Start afresh"),
    "whole_conversation": ("整段对话", "The whole conversation"),
    "searching": ("正在查找原文……", "Searching the archive…"),
    "found": ("找到相关原文，正在作答……", "Found passages, answering…"),
    "broken": ("回答中断了，请再试一次。", "The answer broke off; please try again."),
    "stop": ("停止", "Stop"),
    "stopped": ("已停止。", "Stopped."),
    "retry": ("重试", "Try again"),
    "lost": (
        "连接断了，下面是已收到的部分。",
        "The connection was lost; this is what had come.",
    ),
    "too_many": ("问得太快了，请稍后再试。", "Too many questions; please wait a little."),
    "edit": ("修改问题", "Change the question"),
    "edit_filter": ("修改限定再问", "Change the filters and ask again"),
    "without": ("去掉“{filter}”，再问一次", "Ask again without “{filter}”"),
    "counted": ("按所问推算", "as the question has it"),
    "from_day": ("{day}起", "from {day}"),
    "to_day": ("至{day}", "until {day}"),
    "day_to_day": ("{since}至{until}", "{since} to {until}"),
    "open_article": ("读原文", "Read the article"),
    "article_beside": ("原文", "The article"),
    "whole_page": ("在整页中打开", "Open on its own page"),
    "close": ("关闭", "Close"),
    "opening": ("正在打开……", "Opening…"),
    "further": ("报库还能回答", "The archive also answers"),
    "copy": ("复制（附出处）", "Copy with references"),
    "copied": ("已复制", "Copied"),
    "judge": ("评价这个回答", "Rate this answer"),
    "judge_citation": ("评价这条出处", "Rate this source"),
    "why": ("理由（可不填）", "Why, if you like"),
    "up": ("有用", "Useful"),
    "down": ("有误", "Wrong"),
    "citation_fits": ("贴切", "It fits"),
    "citation_misfits": ("不贴切", "It doesn't fit"),
    "noted": ("您的评价已记下，谢谢。", "Your rating was noted; thank you."),
    "thanks": ("已记下，谢谢。", "Noted; thank you."),
    "not_noted": ("没有记下，请再试一次。", "It wasn't noted; please try again."),
    "conversations_title": ("问过的", "Asked before"),
    "conversations_what": (
        "这里是这个浏览器里问过的。清除 Cookie 之后，凭每段对话的地址仍能打开。",
        "What was asked in this browser. Without its cookie, each is still found at its own address.",
    ),
    "no_conversations": (
        "还没有问过。问过的会列在这里。",
        "Nothing yet. What you ask is listed here.",
    ),
    "no_such_conversation": ("没有找到。", "None was found."),
    "look": ("查找", "Find"),
    "questions_asked": ("{number} 问", "questions: {number}"),
    "rename": ("改名", "Rename"),
    "name_it": ("名称", "Name"),
    "delete": ("删除", "Delete"),
    "delete_what": (
        "这段对话和其中的回答将被删除，不能恢复。",
        "This deletes the conversation and its answers for good.",
    ),
    "delete_it": ("确定删除", "Delete it"),
    "sign_in": ("管理员登录", "Operator's sign-in"),
    "sign_in_what": (
        "请输入启动服务时设定的密钥（BAOWEN_KEY）。",
        "Enter the key that the service was started with (BAOWEN_KEY).",
    ),
    "key": ("密钥", "Key"),
    "wrong_key": ("密钥不对。", "That isn't the key."),
    "sign_out": ("退出登录", "Sign out"),
    "judged_title": ("读者评价", "What readers say"),
    "judged_all": ("全部", "All"),
    "judged_up": ("有用", "Useful"),
    "judged_down": ("有误", "Wrong"),
    "judged_citation": ("所评出处：", "Of the source: "),
    "nothing_judged": ("还没有评价。", "Nothing yet."),
    "understood": ("理解为：", "Understood as: "),
    "sources": ("出处", "Sources"),
    "related": ("相近的报道（未必是答案）", "Nearest passages, which may not answer it"),
    "searched": ("查了 {passages} 段原文", "{passages} passages searched"),
    "by_catalogue": ("据报库目录", "From the archive's catalogue"),
    "link_to_answer": ("本条链接", "Link to this answer"),
    "source_n": ("出处 {number}：{quote}", "Source {number}: {quote}"),
    "source_gone": ("出处 {number}：报道已撤下", "Source {number}: the article was removed"),
    "page": ("第 {page} 版", "page {page}"),
    "undated": ("出版日期不明", "date of issue unknown"),
    "told_of": ("所记之日：{day}", "tells of {day}"),
    "year_unknown": ("{month}月{day}日（年份不明）", "{day} {month}, year unknown"),
    "moved": ("原文的位置有变动", "These words have moved since"),
    "changed": ("报道在引用之后有改动", "The article was changed since"),
    "removed": ("报道已撤下", "The article was removed"),
    "changed_notice": (
        "这篇报道在引用之后有改动，下面已没有这句话。",
        "The article was changed since, and these words aren't in it any more.",
    ),
    "moved_notice": (
        "原文的位置在引用之后有变动，下面标出的是它现在的位置。",
        "These words have moved since they were cited; they are marked where they stand now.",
    ),
    "as_cited": ("引用时", "As cited"),
    "as_now": ("现在", "Now"),
    "struck_out": (
        "（删去的字划线，新有的字加下划线）",
        "(struck out what is gone, underlined what is new)",
    ),
    "nothing_now": ("报道里已没有相近的话。", "The article has nothing like it any more."),
    "position": ("本版第 {position} 篇", "article {position} of the page"),
    "on_this_page": ("本版报道", "On this page"),
    "previous_on_page": ("上一篇", "Before it"),
    "next_on_page": ("下一篇", "After it"),
    "cited_by": ("{count} 条回答引用了这篇报道", "Answers that cite this article: {count}"),
    "check_title": ("核对引文", "Check a quote"),
    "check_hint": (
        "把别人引用的话粘贴在这里，看报上是不是这样说的；连同说话人或报名一起粘贴，就一并核对。",
        "Paste what somebody quotes, and see whether the newspaper says so; with the speaker or the paper "
        "that it names, if you want these checked too.",
    ),
    "quoted_words": ("引用的话", "The quoted words"),
    "check": ("核对", "Check"),
    "check_result": ("核对结果", "What was found"),
    "refused_text": (
        "请粘贴 1 到 4000 字、不超过 60 句的文字，不含控制字符。",
        "Paste 1 to 4,000 characters, 60 sentences at most, without control characters.",
    ),
    "finding_exact": ("与原文一字不差", "Printed just so"),
    "finding_exact_what": ("报上就是这样印的。", "These are the newspaper's words to the letter."),
    "finding_typography": ("只有标点或字形不同", "The same but for its setting"),
    "finding_typography_what": (
        "文字与原文相同，只有标点、空格、全半角、简繁或数字写法不同。",
        "The words are the newspaper's; punctuation, blanks, width, capitals or the way a number is written differ.",
    ),
    "finding_stitched": ("由几处拼接而成", "Put together from several places"),
    "finding_stitched_what": (
        "每一段报上都有，但在报上并不连在一起。",
        "The newspaper prints every piece of it, but not one after another.",
    ),
    "finding_altered": ("文字有改动", "The words were altered"),
    "finding_altered_what": (
        "报上有这句话，但用字不同。",
        "The newspaper has this sentence in other words.",
    ),
    "finding_misattributed": ("张冠李戴", "It isn't theirs"),
    "finding_misattributed_what": (
        "话是报上的，但说话人或报名对不上。",
        "The words are printed, but by another paper, or another person says them.",
    ),
    "finding_numbers": ("数字有改动", "The numbers were changed"),
    "finding_numbers_what": (
        "报上有这句话，但数字不同。",
        "The newspaper has this sentence with other numbers.",
    ),
    "finding_not_found": ("报库里没有这句话", "The archive doesn't print it"),
    "finding_not_found_what": (
        "至少有一段在报库里找不到。这不等于别的报纸也没有。",
        "At least a part of it isn't found in the archive. Another newspaper may have it all the same.",
    ),
    "part_exact": ("一字不差", "to the letter"),
    "part_typography": ("标点或字形不同", "another setting"),
    "part_altered": ("文字有改动", "altered"),
    "part_numbers": ("数字有改动", "other numbers"),
    "part_not_found": ("没有找到", "not found"),
    "legend_before": ("图例：", "Legend: "),
    "legend_quoted": ("粘贴的文字里才有", "only in the pasted text"),
    "legend_printed": ("报上才有", "only in print"),
    "nearest": ("报上最接近的是：", "The nearest in print:"),
    "to_place": ("看原文", "See it in print"),
    "in_headline": ("在标题里", "In the headline"),
    "speaker_agrees": ("说话人 {claimed}：与报上相符", "{claimed} is named there"),
    "speaker_differs": (
        "引文说是 {claimed} 说的，报上是 {printed}",
        "Said to be {claimed}; in print it is {printed}",
    ),
    "speaker_unnamed": (
        "引文说是 {claimed} 说的，这篇报道没有提到",
        "Said to be {claimed}, who isn't named there",
    ),
    "paper_agrees": ("报名 {claimed}：相符", "It is printed in {claimed}"),
    "paper_differs": (
        "引文说出自 {claimed}，刊登它的是 {printed}",
        "Said to be from {claimed}; {printed} prints it",
    ),
    "cited_words": ("引文已在下面标出。", "The quoted words are marked below."),
    "cite_as": ("引用格式", "Cite as"),
    "only_article": ("不带标记的全文", "The article without the mark"),
    "by": ("记者", "By"),
    "correspondents": ("通讯员", "Correspondents"),
    "photographers": ("摄影", "Photographs"),
    "continued_from": ("上接第 {page} 版", "Continued from page {page}"),
    "continued_to": ("下转第 {page} 版", "Continued on page {page}"),
    "jumps_here": ("以下印在第 {page} 版", "What follows is printed on page {page}"),
    "jumps_within": ("这一段跨到第 {page} 版", "This paragraph runs over to page {page}"),
    "doubtful": (
        "这篇报道由版面还原，起止或内容可能有误，请以原报为准。",
        "This was put together from its page and may not be all that was printed: see the paper.",
    ),
    "as_printed": ("版面", "As printed"),
    "leaf_of_page": ("第 {page} 版版面，本报道已框出", "Page {page}, with this article framed"),
    "leaf": ("报纸版面，本报道已框出", "The newspaper's page, with this article framed"),
    "leaf_quoted": ("，引文所在的行已标出", ", and the quoted lines marked"),
    "also_printed": ("又刊于", "Also printed in"),
    "no_headline": ("（无标题）", "(no headline)"),
    "file": ("来源文件", "Source file"),
    "browse_title": ("翻阅报纸", "Browse the newspaper"),
    "words_in": ("词语", "Words"),
    "printed_page": ("版次", "Page"),
    "byline": ("作者", "Byline"),
    "show": ("查看", "Show"),
    "nothing_listed": ("没有这样的报道。", "There are no such articles."),
    "next": ("往后翻", "Next"),
    "first": ("回到开头", "Back to the start"),
    "empty": ("报库还是空的", "The archive is empty"),
    "empty_what": (
        "先把报纸的文字文件读进来，就可以提问了：",
        "Read some newspaper pages into it, and questions can be asked:",
    ),
    "empty_then": ("读完后刷新本页。", "Then reload this page."),
    "home": ("回到提问", "Back to asking"),
    "error_400": ("请求读不懂", "The request can't be understood"),
    "error_401": ("请出示钥匙", "A key is needed"),
    "error_401_what": (
        "浏览器问密码时，填本站管理员给您的钥匙，用户名任意。",
        "Where the browser asks for a password, type the key that you were given, with any name.",
    ),
    "error_403": ("这个请求不被允许", "This is not allowed"),
    "error_404": ("没有这一页", "There is no such page"),
    "error_404_what": (
        "这个地址没有内容：可能抄错了，或对话已被删除。",
        "Nothing is kept at this address: it may be mistyped, or the conversation was deleted.",
    ),
    "error_405": ("这里不能这样访问", "This can't be done here"),
    "error_410": ("报道已撤下", "The article was removed"),
    "error_410_what": (
        "这条引文所出的报道已从报库撤下，文字不再保留。它原来在：",
        "The article of this citation was taken out of the archive, its text with it. It stood in:",
    ),
    "error_413": ("发来的内容太长", "That is too long"),
    "error_422": ("有一栏填得不对", "A field can't be taken as it is"),
    "error_429": ("来得太密了", "Too many requests"),
    "error_429_what": ("请过一会儿再试。", "Please try again in a while."),
    "error_500": ("出错了", "Something went wrong"),
    "error_500_what": (
        "这是本站的问题，请稍后再试。",
        "The fault is the service's own; please try again later.",
    ),
    "error_507": ("磁盘已满", "The disk is full"),
    "error_507_what": (
        "请腾出空间后再试；此前保存的内容没有丢失。",
        "Make room and try again. What was kept before is not lost.",
    ),
    "error_503": ("还没有准备好", "Not ready yet"),
    "not_ready": ("报库还没有打开，请稍后再试。", "The archive isn't open yet; try again soon."),
    "error": ("出错了", "Something went wrong"),
    "refused_question": (
        "请输入 1 到 2000 字的问题，不含控制字符。",
        "Write a question of 1 to 2,000 characters, without control characters.",
    ),
    "refused_conversation": (
        "这段对话已不存在；请另起话题。",
        "That conversation is gone; please start afresh.",
    ),
    "refused_dates": (
        "日期有误：请写真实的日期，先后不要颠倒。",
        "Check the dates: they must exist, and run forwards.",
    ),
    "refused": ("请检查这一栏：{field}", "Please check this field: {field}"),
    "find_words": ("查找词语", "Find words"),
    "find_hint": ("几个词之间用空格隔开", "Several words, parted by blanks"),
    "browse_narrow": ("限定日期、报纸、版次、作者", "Narrow by day, newspaper, page or byline"),
    "take_away": ("去掉“{filter}”", "Take away “{filter}”"),
    "articles_there": ("共 {articles} 篇报道", "Articles: {articles}"),
    "articles_found": ("找到 {articles} 篇报道", "Articles found: {articles}"),
    "articles_most": (
        "超过 {articles} 篇报道；各项数目按所记之日最近的 {articles} 篇计",
        "More than {articles} articles; what is counted is counted of the latest {articles}",
    ),
    "found_most": (
        "最贴切的 {passages} 段原文，出自 {articles} 篇报道；词语再具体些，可查得更全",
        "The {passages} best passages, of {articles} articles; more words narrow it down",
    ),
    "live_failed": ("没有查成，请稍后再试。", "That couldn't be looked up; please try again soon."),
    "facets": ("按类查看", "By kind"),
    "facet_publication": ("报纸", "Newspaper"),
    "facet_page": ("版次", "Page"),
    "facet_section": ("栏目", "Section"),
    "facet_byline": ("作者", "Byline"),
    "more_values": ("还有 {number} 个", "{number} more"),
    "timeline": ("按所记之日", "By the day told of"),
    "timeline_table": ("列成表", "As a table"),
    "time": ("时间", "Time"),
    "articles": ("报道", "Articles"),
    "issues": ("期", "Issues"),
    "pages": ("版", "Pages"),
    "missing_issues": ("缺", "Missing"),
    "year_not_known": ("另有 {articles} 篇不知年份", "Of {articles} more the year isn't known"),
    "calendar": ("{year}年日历", "Calendar of {year}"),
    "calendar_table": ("逐月列表", "Month by month"),
    "calendar_years": ("各年报道", "Articles by year"),
    "skip_calendar": ("跳过日历", "Skip the calendar"),
    "year_before": ("{year}年", "{year}"),
    "month_of": ("{month}月", "{english}"),
    "month_year": ("{year}年{month}月", "{english} {year}"),
    "weekdays": ("一 二 三 四 五 六 日", "Mo Tu We Th Fr Sa Su"),
    "missing": ("缺", "missing"),
    "day_counts": ("{pages} 版 {articles} 篇", "pages: {pages}, articles: {articles}"),
    "legend_few": ("少", "fewer"),
    "legend_many": ("多", "more articles"),
    "legend_missing": ("该出报而缺", "an issue is missing"),
    "without_day": (
        "另有 {articles} 篇出版日期不明",
        "Articles without a day of issue: {articles}",
    ),
    "articles_listed": ("报道", "Articles"),
    "issue_before": ("上一期", "The issue before"),
    "issue_after": ("下一期", "The issue after"),
    "whole_issue": ("看这一期报纸", "See the whole issue"),
    "all_of_day": ("这一天的所有报纸", "All newspapers of this day"),
    "issue_of": ("{day}的报纸", "Newspapers of {day}"),
    "goes_on_here": ("上接第 {page} 版", "from page {page}"),
    "page_unknown": ("版次不明", "page unknown"),
    "paper_unknown": ("（报名不详）", "(newspaper unknown)"),
}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def language() -> str:
    """``zh``, or ``en`` where the browser would rather have English."""
    return request.accept_languages.best_match(list(LANGUAGES), "zh")


def say(name: str, **more: object) -> str:
    """Say it in the reader's language."""
    words = _WORDS[name][list(LANGUAGES).index(language())]
    return words.format(**more) if more else words


def says(name: str) -> bool:
    """Whether there are words of this name."""
    return name in _WORDS


def day(told: date | str | None) -> str:
    """Write a day as a reader would; EDTF's ``XXXX`` is a year that isn't known."""
    if told is None:
        return say("undated")
    year, _, rest = str(told).partition("-")
    try:
        month, number = (int(part) for part in rest.split("-"))
    except ValueError:
        return str(told)
    english = language() == "en"
    if not year.isdigit():
        return say("year_unknown", month=_MONTHS[month - 1] if english else month, day=number)
    return f"{number} {_MONTHS[month - 1]} {year}" if english else f"{year}年{month}月{number}日"


def month(first: date, *, alone: bool = False) -> str:
    """Write a month by its first day, with its year unless it stands ``alone``."""
    name = _MONTHS[first.month - 1]
    words = "month_of" if alone else "month_year"
    return say(words, year=first.year, month=first.month, english=name)


def span(since: date | None, until: date | None) -> str:
    """Write some days, ends included, of which either may be open."""
    if since and until:
        return (
            day(since) if since == until else say("day_to_day", since=day(since), until=day(until))
        )
    return say("from_day", day=day(since)) if since else say("to_day", day=day(until))


def tongue(text: str) -> str:
    """The language that a text is marked up as: any Chinese character makes it Chinese."""
    return "zh-Hans" if is_chinese(text) else "en"


def init_app(app: Flask) -> None:
    """Let templates say things."""
    app.jinja_env.globals |= {
        "say": say,
        "says": says,
        "day": day,
        "month": month,
        "span": span,
        "tongue": tongue,
    }
    app.context_processor(lambda: {"language": LANGUAGES[language()]})
