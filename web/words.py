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
    # Adding and correcting
    "desk": ("编务", "The desk"),
    "to_add": ("入库", "Add"),
    "add_title": ("报纸入库", "Add newspapers"),
    "add_hint": (
        "文本、PDF、图片、Word、表格、网页、ALTO、METS、压缩包等都可以，能选多个。",
        "Text, PDF, pictures, Word, tables, web pages, ALTO, METS, zip files and more; several at a time.",
    ),
    "files": ("文件", "Files"),
    "drop_here": ("也可以把文件拖到这里。", "Or drop files here."),
    "files_too_large": (
        "这些文件合起来太大：一次最多 {megabytes} MB，请分几次。",
        "These files are too large together: {megabytes} MB at a time; give them in parts.",
    ),
    "given": ("关于这些文件（可不填）", "About these files (may be left empty)"),
    "given_hint": (
        "填了就以此为准；不填则看文件名和版面自己怎么说。",
        "What is written here counts first; what is left empty is told by names and by the pages.",
    ),
    "issued": ("出版日期", "Day of issue"),
    "page_number": ("版次", "Page"),
    "kind": ("每个文件是", "Each file is"),
    "kind_auto": ("自动判断", "told by itself"),
    "kind_page": ("整版报纸", "a newspaper page"),
    "kind_article": ("一篇报道", "one article"),
    "add": ("入库", "Add"),
    "add_more": ("再入库一些", "Add more"),
    "added_title": ("入库进度", "How adding goes"),
    "job_waiting": ("排队等候（共 {total} 个文件）", "Waiting ({total} files)"),
    "job_running": ("正在读：{done} / {total}", "Reading: {done} of {total}"),
    "job_done": ("读完了：{done} 个文件", "Done: {done} files"),
    "job_failed": (
        "读完了，但有文件出错：{done} 个文件",
        "Ended, but reading failed on some: {done} files",
    ),
    "outcome_added": ("新入库", "Added"),
    "outcome_unchanged": ("没有变化", "Unchanged"),
    "outcome_updated": ("已更新", "Updated"),
    "outcome_removed": ("已撤下", "Removed"),
    "outcome_refused": ("未能入库", "Refused"),
    "more_articles": ("另有 {count} 篇报道", "{count} more articles"),
    "more_files": ("另有 {count} 个文件未列出", "{count} more files aren't listed"),
    "refused_files": ("请至少选一个文件。", "Choose one file at least."),
    "doubtful_title": ("存疑的报道（{count}）", "Doubtful articles ({count})"),
    "doubtful_hint": (
        "最没有把握的在前；请对照原报看一看。",
        "The least sure first; compare them with the printed page.",
    ),
    "nothing_doubtful": ("没有存疑的报道。", "No article is doubtful."),
    "doubt_no_headline": ("没有标题", "It has no headline"),
    "doubt_no_text": ("标题下没有正文", "Nothing stands below its headline"),
    "doubt_short": ("正文太短", "It has hardly any text"),
    "doubt_begins": ("从半句话开始", "It begins in mid-sentence"),
    "doubt_ends": ("在半句话处结束", "It ends in mid-sentence"),
    "doubt_torn": ("中间有一段断开", "A paragraph within it breaks off"),
    "doubt_edge": (
        "有一行是否另起一篇拿不准",
        "Whether a line of it opens another article was a close call",
    ),
    "doubt_half": (
        "转接的那一版不在报库里",
        "The page that it jumps to or comes from is not in the archive",
    ),
    "and_doubt": ("；", "; "),
    "correct_title": ("更正这篇报道", "Correct this article"),
    "correct_hint": (
        "标题和姓名一行一个。改过的地方会记下来，重新入库后仍然有效。",
        "Headlines and names each on a line of their own. What you change is kept when the file is read again.",
    ),
    "breaks_hint": (
        "每行是一段：删去换行，两段就接上；加一个换行，就分成两段。",
        "Each line is a paragraph: take a line break out to join two, put one in to part one.",
    ),
    "correct": ("更正", "Correct"),
    "correction_why": ("理由", "Why"),
    "field_kicker": ("引题", "Kicker"),
    "field_headline": ("标题", "Headline"),
    "field_byline": ("记者", "Byline"),
    "field_correspondents": ("通讯员", "Correspondents"),
    "field_photographers": ("摄影", "Photographers"),
    "field_publication": ("报纸", "Newspaper"),
    "field_issued": ("出版日期", "Day of issue"),
    "field_date": ("所述日期（如 2024-05-16）", "Day told of (like 2024-05-16)"),
    "field_page": ("版次", "Page"),
    "field_text": ("正文", "Text"),
    "history_title": ("更正记录", "Corrections made"),
    "corrected_times": ("编者更正过 {count} 处", "Corrected by the editors in {count} places"),
    "fits_no_more": ("与现在读到的不符，未生效", "doesn't fit what is read now, not applied"),
    "withdraw": ("撤回", "Take back"),
    "changed_meanwhile": (
        "这篇报道刚刚变了，请对照后再改一次。",
        "The article has changed meanwhile; compare it and correct it again.",
    ),
    "refused_correction": ("这样改不行：", "That can't be done:"),
    "corrections_title": ("更正与报错", "Corrections and reports"),
    "misfits_title": ("不再适用的更正（{count}）", "Corrections that fit no more ({count})"),
    "misfits_hint": (
        "文件重新入库后内容变了；请看一看，不要的就撤回。",
        "Their files were read again with other words; look at them, and take back what isn't needed.",
    ),
    "reports_title": ("读者报错", "What readers report"),
    "nothing_reported": ("没有读者报错。", "Readers report nothing."),
    "article_gone": ("（报道已不在报库里）", "(the article is no longer in the archive)"),
    "settle": ("处理完了", "Done"),
    "report_title": ("这里有错？告诉编者", "Something wrong? Tell the editors"),
    "report": ("报错", "Report"),
    "report_kept": ("已记下，谢谢。", "Noted, thank you."),
    "wrong": ("错在", "What is wrong"),
    "wrong_where": ("哪里错了，应该是什么", "Where, and what it should be"),
    "wrong_break": ("段落断错或接错", "A wrong break"),
    "wrong_name": ("姓名", "A name"),
    "wrong_date": ("日期", "A date"),
    "wrong_other": ("其他", "Something else"),
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
    app.jinja_env.globals |= {"say": say, "says": says, "day": day, "span": span, "tongue": tongue}
    app.context_processor(lambda: {"language": LANGUAGES[language()]})
