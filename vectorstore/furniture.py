"""A page's furniture: what a paper, its website or a database sets around the articles.

Running heads, imprints, names of sections and editors, telephone numbers, codes to scan, buttons.
"""

import re

from vectorstore import bylines
from vectorstore.dates import days
from vectorstore.lines import fold, is_latin, is_salutation, unspaced, width

_WEEK = r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_FURNITURE = (
    re.compile(
        rf"^(?:.{{0,10}}\s)?(?:公元)?\d{{4}}年\d{{1,2}}月\d{{1,2}}[日号].{{0,3}}{_WEEK}.{{0,40}}$"
    ),
    re.compile(rf"^{_WEEK}\s*.{{0,12}}\d{{4}}年\d{{1,2}}月\d{{1,2}}日.{{0,30}}$"),
    re.compile(
        r"^[■□●▲|◆\s]*(?:第?\s*[A-Za-z]?\d{1,3}\s*[版面頁页]|[A-Z]\d{1,2}|\d{2}(?!:\d\d))"
        r"(?:[\s:：|/·■]+[^\s。,，]{1,10}){0,3}$(?<!\d年)"
    ),
    re.compile(r"^\d{1,3}$|^\d{1,2}-\d{1,2}$"),
    re.compile(
        r"^[^\s。,，:]{2,8}[\s:：|/·■]+(?:第?\s*[A-Za-z]?\d{1,3}\s*版|[A-Z]\d{1,2}|\d{1,2})$"
    ),
    re.compile(r"^第?\s*[一二三四五六七八九十]{1,3}\s*[版頁页](?:[\s:：|/·]+\S{1,8})?$"),
    re.compile(
        r"^(?:[^。]{0,12})?(?:新闻线索|新闻热线|新聞熱線|热线电话|服务热线|报料|爆料|投稿|电话|電話"
        r"|广告热线|订报热线|发行热线|邮箱|信箱|E-?mail|e-?mail|EMAIL|Email|网址|網址|邮编"
        r"|地址|社址|传真|QQ|微信|微博)"
        r"\s*[:：]?\s*[\w@.:/\-()（）\s,，一-鿿]{0,60}(?:\d{5,}|@|www|http)[^。]*$"
    ),
    re.compile(r"^(?:https?://|www\.)\S+$|^\S+@\S+\.\w+$"),
    re.compile(
        r"^.{0,24}(?:国内统一(?:连续出版物)?刊?号|國內統一|CN\s?\d{2}-\d{4}|邮发代号"
        r"|郵發代號|总第?\s*\d+\s*期|總第|今日\d+版|今天\d+版|今日.{1,3}版|(?:零售价?|定价)[:\s]*(?:每[份期])?\s?[\d一二三四五六七八九十]|(?:广告|出版|印刷)\S{0,4}(?:许可证|登记证)"
        r"|每份.{0,4}元)[^。]{0,50}$"
    ),
    re.compile(r"^第\s*\d+\s*[期号](?:\s.{0,20})?$"),
    re.compile(
        r"^(?:[^。,]{0,16}(?:(?:扫码|扫描|掃碼)\S{0,4}?(?:看|听|聽|读|下载|下載|关注|關注|收听|了解|加入|进群"
        r"|参与|获取|报名|二维码)|扫码$"
        r"|扫一扫|掃一掃|二维码|長按識別|长按识别)[^。]{0,30}"
        r"|[^。]{0,24}(?:客户端下载|官方微博|微信公众号|微信公号|微信小程序|二维码))$"
    ),
    re.compile(r"^(?:本版|本报)(?:图片|照片|稿件|文图|摄影|供稿|图文)[^。]{0,40}$"),
    re.compile(
        r"^(?:中共.{2,10}委?(?:机关报|主管主办)|[^由是,、。]{2,16}(?:主管|主办|出版|承印)"
        r"(?:\s[^,、。]{2,30})?)$"
    ),
    re.compile(  # what stands at a page's foot: 友情链接:…, 法律顾问 …律师事务所, …印刷厂印刷, (本版完)
        r"^(?:友情链接|友情鏈接)\s?:.{0,80}$|^[^。,;]{0,10}(?:常年)?法律(?:顾问|顧問)\s?:?\s?\S{2,12}(?:律师|律師)\S{0,16}$"
        r"|^[^。,;!?]{0,16}(?:经营|經營|服务|备案|信息|视听)\S{0,4}(?:许可证|許可證|备案号)\s?[\w:：-][^。]{0,30}$"
        r"|^[^。,;!?\s]{2,16}(?:印刷厂|印务公司|印务中心)(?:印刷|承印)$|^[(]?本[版期页](?:完|结束)[)]?$"
        r"|^(?:官方)?(?:微信|微博|抖音|公众号)号?\s?[:\s]\s?[\w@]{2,30}$"
        r"|^(?:刊登|登载|刊发|订阅|投放)[^。,;]{1,8}(?:请|請)(?:拨打?|致电|联系)\s?:?\s?[\d—-]{5,}[^。]{0,20}$"
        r"|^[^。,;]{0,10}本?文本?[^。,;]{0,4}由[^。;]{2,16}(?:导出|生成|识别)[^。]{0,30}$"
        r"|^\d{1,2}\s(?:要闻|综合|民生|时政|社会|国内|国际|经济|财经|体育|文化|副刊|教育|评论|专版|专题|都市|县区|公告)(?:新闻)?$"
    ),
    re.compile(r"^(?:农历|農曆|夏历|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年).{0,20}$"),
    re.compile(
        r"^(?:[A-Z]\w+day,?\s+)(?:[A-Z][a-z]+\.?\s\d{1,2},?\s\d{4}"
        r"|\d{1,2}\s[A-Z][a-z]+\s\d{4}).{0,40}$"
    ),
    re.compile(
        r"^.{0,40}\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+"
        r"(?:[A-Z][a-z]+\.?\s\d{1,2},?\s\d{4}|\d{1,2}\s[A-Z][a-z]+\s\d{4})\b.{0,40}$"
    ),
    re.compile(
        r"^(?:(?:Edited|Layout|Designed|Page design|Copy edited|Proofread)\s[Bb]y\s"
        r"(?:[A-Z][\w.'’-]+\s?){1,4})+$"
    ),
    re.compile(r"^(?:.{0,30}\s)?(?:[Pp]age|PAGE)\s+[A-Za-z]?\d{1,3}[A-Za-z]?(?:\s.{0,30})?$"),
    re.compile(
        r"^(?i:page (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))$"
        r"|^(?i:(?:follow|like|find|visit|join) us\b|scan (?:the|this) (?:qr )?code\b"
        r"|download (?:the|our) app\b).{0,100}$"
    ),
    re.compile(r"^[A-Z]\d{1,2}(?:\s*[|·•-]?\s*[A-Z][A-Za-z &]{2,24})?$"),
    re.compile(
        r"^(?:VOL|Vol|No|NO)\.?\s*[\dIVXLC]+\b.{0,60}$"
        r"|^(?i:(?:price|daily|sunday|single copy|newsstand)\W*){0,2}\$\d+(?:\.\d\d)?$|^©.{0,80}$"
    ),
    re.compile(
        r"^\(?\d{3}\)?[ -]\d{3}-\d{4}$"
        r"|^(?i:(?:also )?inside|index|in this issue)\b(?:.*\b[A-Z]?\d{1,2}\b\s*(?:[|,;•]|$)){2}"
        r"|^(?i:editor|edited by|page (?:editor|design)|design(?:ed)? by|layout|newsroom"
        r"|subscribe|call us|tips?|news tips)\s*[:|].{0,60}$"
    ),
    re.compile(r"^[-—–_=*·•\s■□◆◇●○▲△▼☆★|─━═~～]+$|^[\[(]\s?\d+\s?/\s?\d+\s?[\])]$"),
    re.compile(r"^(?:(?i:(?:paid )?advertisement|sponsored content)|广告|廣告)$"),
    re.compile(  # Deaths B2 ■ Comics B7; what a paper is printed on
        r"^(?:[A-Z][\w&’' ]{2,20}\s[A-Z]\d{1,2})(?:\s*[■●•·|,;]\s*[A-Z][\w&’' ]{2,20}\s[A-Z]?\d{1,2})+$"
        r"|^(?i:the )?[A-Z]\w+ is printed on\b.{0,160}$|^(?i:printed and published (?:by|at)|newsdesk)\b.{0,160}$"
    ),
    re.compile(  # 热线 5550123; 江州新闻网:www.…
        r"^[^。;!?“”]{0,30}每[行条]\s?\d+元[^。]{0,30}$|^[^。,;!?“”]{0,20}热线\s?(?:全天)?24小时[^。,]{0,8}$|^[^。,;!?“”]{0,10}(?:热线|QQ群?|信箱|邮箱)\s?:?\s?[\d—–-]{5,}[^。]{0,40}$"
        r"|^编辑部(?:电话|地址)\s?:.{0,80}$|^(?:新闻|爆料|报料|订报|发行)[^。,;!?“”:]{0,6}:\s?[\d—–-]{5,}[^。,;]{0,40}$"
        r"|^(?:全日|廣告|訂報|新聞|爆料|投訴|讀者)\S{0,4}(?:專線|熱線|電話)\s?:?\s?[\d() -]{7,}$"
        r"|^(?:督印|發行所|承印)\s?:[^。]{0,80}$"
        r"|^(?:點我|點擊|立即|請)?訂閱[^。,]{0,40}$"
        r"|^[一-鿿]{2,12}[:\s]\s?(?:www\.|https?://)\S+$"
    ),
    re.compile(
        r"^本[报報刊版社][^。,]{0,6}(?:电话|電話|地址|信箱|邮箱|热线|熱線|网址|社址|法律顾问)"
        r"\s?(?::|[\d〇零一二三四五六七八九]{3})[^。]{0,60}$|^社[址长長]\s?:[^。]{0,100}$"
        r"|^(?:欢迎)?(?:来信|来稿|来函|投稿|稿件)\S{0,6}(?:寄|发至|发到|发送)[^。]{0,60}$"
        r"|^[^。]{0,4}本[版报][^。]{0,12}作者[^。]{0,40}(?:联系|稿酬)[^。]{0,20}。?$|^广告(?:刊登|部|代理|热线)?\s?:?\s?[\d-]{5,}$"
        r"|^[^。]{0,16}[仅只]代表作者[^。]{0,24}。?$|^[^。]{0,6}本版[^。]{0,16}(?:仅供参考|作者(?:个人|本人)?的?(?:观点|意见))[^。]{0,20}。?$"
    ),
    re.compile(  # a website's frame around a page
        r"^(?:您?(?:当前|现在)?(?:所在)?的?位置|当前位置)\s?[:>].{0,60}$|^字[体号體號]\s?:?\s?[\[(]?大.{0,12}$"
        r"|^来源\s?:\s?\S{2,10}(?:报|网|社|台|客户端)$|^(?:发布|发表|更新|刊发)?(?:时间|日期)\s?:\s?\d{4}.{4,16}?(?:(?:浏览|阅读|点击|来源|作者)\S{0,2}\s?:\s?\S{1,14}\s?)*$"
        r"|^打印时间\s?:.{0,80}$|^本[版期](?:标题|目录|文章)$"
        r"|^[\[(]?(?:版面图|打印本[文页]|加入收藏|推荐给朋友|上一[版篇页期]|下一[版篇页期]|(?:版面|标题)(?:导航|概览|目录)|返回\S{0,4}|打印|关闭|字号|放大"
        r"|缩小|分享到?|收藏)(?:[\s\[\]()|/:>+○-]+\S{0,6})*$"
        r"|^(?:朗读|复制|评论|转发|分享|点赞|收听|引用|导出|举报|触屏版|电脑版|手机版|PDF版|繁体|简体|全文)(?:[\s|/]+(?:朗读|复制|评论|转发|分享|点赞|收听|引用|导出|举报|触屏版|电脑版|手机版|PDF版|繁体|简体|全文))+$|^\S{0,10}共?收录\S{0,6}\d+\s?[篇条]\S{0,3}$"
        r"|^[^。]{0,40}(?:版权所有|版权归|著作权归|仅供\S{0,8}(?:检索|阅览|浏览)|ICP备|公网安备|未经\S{0,6}(?:不得|禁止|严禁)转载)[^。]{0,60}$"
    ),
    re.compile(  # what a front page points to: 清明祭扫今起预约 5版
        r"^(?:今日|本期|本版|要闻|精彩|重点)?(?:导读|导航|提要|要目|看点)(?:$|[\s:].*(?:\d{1,2}版|\b[A-Z]\d{2}\b))|^[^。]{4,30}\s?→\s?[A-Z]?\d{1,2}版?$|^(?:相关|详细)?(?:报道|内容|新闻)?\s?(?:详见|请见|见)(?:今日)?第?[A-Z]?\d{1,2}版$"
        r"|^[^。]{4,40}(?:\s|[(](?:详?见))\s?第?(?:[A-Z]?\d{1,2}|[一二三四五六七八九十]{1,3})版[)]?$"
    ),
)
_BUTTON = (
    r"(?i:share(?: this)?|tweet|e-?mail|print|facebook|twitter|x|whatsapp|telegram|linkedin|reddit"
    r"|pinterest|instagram|pin|save|bookmark|copy link|comments?|subscribe|(?:log|sign) ?in|menu|search"
    r"|listen|text size|a a a|≡|☰|home|e-paper|archives|categories|skip to (?:main )?content|get push alerts"
    r"|(?:load|view|show|read) more(?: \w+)?|share (?:on|via) \w+"
    r"|(?:listen to|license|gift|tweet|share|print|email|save)(?: this)?(?: article| story)?)"
)
_SHOWN = (
    r"(?i:(?:load|view|show|read|see|hide|post|leave) (?:all |the |a )?(?:\d+ )?comments?"
    r"|[\d,]+ (?:comments?|views?|shares?|likes?)|\d+ (?:min|mins|minutes?)(?: read)?"
    r"|\d+ (?:minutes?|hours?|days?|weeks?) ago)"
)
_LINKS = (
    r"(?i:more (?:from|in|on) .{2,30}|(?:read|see) (?:more|also)|also read|related(?: \w+)?"
    r"|(?:previous|next)(?: (?:post|article|story))?|trending|tags|filed under|topics|kindly share this \w+)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_DAY = rf"(?:(?:{_NTH}|\d{{1,2}})\s{_MONTH},?|{_MONTH}\s(?:{_NTH}|\d{{1,2}}),?)\s\d{{4}}"
_TIME = r"\d{1,2}[:.]\d\d ?[ap]\.?m\.?"
_CALL = r"\d[\d -]{5,}\d"
_ENGLISH = (
    re.compile(  # what a paper's website sets around its articles
        rf"^(?:\W\s?)?{_SHOWN}(?: \(\d+\))?$|^{_LINKS}\s?[:»«›→].{{0,120}}$"
        rf"|^(?:{_BUTTON}(?:\s[|·•]\s|\s|$)){{1,9}}$"
        r"|^(?i:you are here)\s?:.{0,80}$|^(?i:subscribe)\b.{0,30}[$£€]\d.{0,20}$"
        r"|^[A-Z][\w ]{2,20} -?\d{1,2}°.{0,20}$"
        r"|^Home(?:\s?[/>»›|]\s?[\w&’' ]{2,30})+$"
        r"|^[A-Z][\w&’' -]{2,24}(?:\s[|•]\s[A-Z][\w&’' -]{2,24}){3,}$"
        rf"|^(?i:(?:last |first )?(?:posted|updated|published)(?: on| at)?:?)\s.{{0,16}}{_DAY}.{{0,60}}$"
        rf"|^{_DAY}\s?[|·—–-]?\s(?:{_TIME}|\d+ (?i:comments?))$|^{_NTH} {_MONTH},? \d{{4}}$"
    ),
    re.compile(
        r"^(?i:sign up (?:for|to) |start (?:the|your) day |get (?:the|our|all) |join (?:our|us) "
        r"|never miss |subscribe to |want more\? ).{2,110}\b(?i:newsletters?|alerts?|inbox|channel)\b.{0,60}$"
        r"|^(?:(?i:copyright)|©|\(c\))\s.{2,100}$|^.{0,60}\b(?i:all rights reserved)\b.{0,100}$"
        r"|^(?i:most (?:viewed|read|popular|shared)|trending|recommended|you may also like"
        r"|more stories)\b.{0,30}$"
    ),
    re.compile(  # whom to call: LEDGER DELIVERY: 555-0100; advertisements: SMITH TIRE & LUBE … 555-0148
        r"^(?i:to (?:subscribe|advertise|place an? ad)|for (?:home )?delivery|(?:\w+ )?delivery"
        r"|subscriptions?|(?:legals \W )?classifieds?|small ads|the \w+ [·•|] newsroom|got a (?:tip|story|score)"
        r"|have a (?:tip|story)|tele-?ads)\b.{0,140}\d{3}.{0,60}$"
        rf"|^(?:[A-Z][A-Z&’'.-]+\s){{2,}}.{{0,140}}{_CALL}\.?$"
        rf"|^[^.?!]{{3,60}}{_CALL}(?:\s[•|·]\s[^.?!]{{3,60}}{_CALL})+$"
    ),
    re.compile(  # a page's index, printer's marks, the paper's addresses
        r"^(?i:index|c\s?m\s?y\s?k)$|^@\w{3,30}$"
        r"|^[a-z][\w-]{2,}(?:\.[\w-]{2,})*\.[a-z]{2,10}(?:/\S*)?$"
        r"|^(?:[A-Z][\w&’' ]{2,20},?\s[A-Z]?\d{1,2}(?:\s*[■●•·|,;]\s*|\s|$)){3,}$"
        r"|^(?i:edited by) [A-Z].{2,40}\. (?i:printed) .{2,80}$"
    ),
)
_FORMS = (*_FURNITURE, *_ENGLISH)
_FIELD = re.compile(r"(?:^|[\s;])[一-鿿]{2,5}:\S")
"""What databases write above a page: 来源报纸:… 出版日期:… 版次:3."""
_HEAD_MARKS = re.compile(
    rf"""{_WEEK} | (?i:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)
    | 第?\s*(?:[A-Z]?\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*[版頁页张張] | (?i:\bpage\s+\w{{1,4}}\b)
    | ^[A-Z]?\d{{1,3}}[A-Z]?\b | \s[A-Z]?\d{{1,2}}[A-Z]?$
    | (?i:\b(?:vol(?:ume)?|no|issue)\b\.?\s*[\dIVXLC]+) | [第总總]\s*[\d一二三四五六七八九十百千〇]+\s*[期号號]
    | (?:农历|農曆|夏历|夏曆|阴历|陰曆|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)\S*
    | (?:每[份张張]|零售|售价|售價|定价|定價)\S* | (?i:\bprice\b.*|\w+ cents?\b|[$£]\d+(?:\.\d\d)?|\d+[p¢])
    | (?i:\bwww\.\S+|\S+@\S+|\bestablished \d{{4}})""",
    re.VERBOSE,
)
"""What stands beside the day in a running head: weekday, page, number, lunar day, price, address."""
_OFFICE = re.compile(
    r"(?:督印|承印|印刷|发行|發行|出版)(?:(?:人|者|所)?\s*:|(?:人|者|所)\s)|(?:社[长長]|社址|[总總][编編][辑輯]|印行)\s*[:\s]|登[记記][证證]"
)
_IMPRINT = re.compile(
    r"(?i:periodicals postage|second[- ]class|\bentered as|\bUSPS\b|\bISSN\b|all rights reserved"
    r"|\bpublished (?:every|weekly|daily|twice|monthly|each"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days)|\bis published by|news tips?\b|postmaster"
    r"|\bpublished by [^.]{3,40}\b(?:ltd|inc|limited|company|co|newspapers|news|press)\b|\bprinted by"
    r"|\bsubscriptions?\b|(?:copies|copy)\b.{0,20}\b(?:cents|free)|\bto (?:reach|contact) us"
    r"|\b(?:publisher|(?:\w+ )?editor|letters|newsroom|advertising|circulation|classifieds?|sports)\s?:)"
    r"|\b\d{3}[-.]\d{4}\b|\S@\S"
)
"""Words of the box that says who publishes the paper; two of them tell it."""
_STAFF = re.compile(
    r"(?:本版|本期|今日|头条|要闻|夜班|值班|执行|责任|責任|见习|实习|特约|副|助理|首席|新媒体|美术|美術|图片|图文|文字)*"
    r"(?:责编|責編|编辑|編輯|编审|編審|主编|主編|美编|美編|版式|版面设计|版面|排版|制版|组版|校对"
    r"|校對|照排|审读|检校|值班|监制|总监|总编辑?|编委|出版|印刷|制图|设计|统筹|策划|二审|三审"
    r"|一审|审核|审校)"
    r"(?:主任|设计|人员|人|员|编辑)?"
)
MASTHEAD = re.compile(
    r"^(?:[一-鿿]{2,8}(?:日报|晚报|晨报|早报|时报|商报|快报|周报|导报|都市报|新闻报|日報"
    r"|晚報|晨報|早報|時報|商報|週報|新報)"
    r"|(?:(?i:the)\s)?(?:[A-Z][\w’'-]+\s){1,3}(?i:daily|times|herald|gazette|tribune"
    r"|chronicle|journal"
    r"|observer|courier|mercury|sentinel|dispatch|examiner|bulletin|advertiser|argus|telegraph|echo"
    r"|register|[ei]nquirer|leader|ledger)"
    r"|(?i:the)\s(?:[A-Z][\w’'-]+\s){1,3}(?i:post|news|star|sun|standard|record|press|mail|globe))$"
)
_NAMED_PAPER = re.compile(
    r"[一-鿿]{1,5}(?:农垦|工人|农民|青年|文化|教育|科技|法制|法治|健康|卫生|经济|消费|铁路|石油|林业|矿工|职工"
    r"|妇女|老年|少年|广播电视|质量|安全|交通|体育|文学|校园|大学|集团|矿区|油田|企业)[报報]"
)
"""Papers of a trade or a readership: 工人报, 农垦报."""
_HEAD_CELLS = {
    "day": re.compile(rf"(?:公元)?\d{{4}}(?:年|[-.])\d{{1,2}}(?:月|[-.])\d{{1,2}}日?(?:{_WEEK})?"),
    "bare day": re.compile(r"\d{1,2}月\d{1,2}日"),
    "weekday": re.compile(rf"{_WEEK}"),
    "page": re.compile(
        r"第?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})版(?::\S{1,8})?|[A-Z]\d{1,2}"
    ),
    "section": re.compile(
        r"(?:要闻|综合|民生|时政|社会|国内|国际|经济|财经|体育|文化|副刊|教育|评论|专版|专题|广告|都市|视觉|服务)(?:新闻)?"
    ),
    "edition": re.compile(r"(?:数字|电子|數字|電子|网络|手机|PDF)(?:版|报|報)"),
    "staff": re.compile(rf"(?:{_STAFF.pattern}).*"),
    "paper": MASTHEAD,
}
_ENGLISH_SECTION = (
    r"(?i:local|voices|area|news|sports?|business|world|nation(?:al)?|state|opinions?|city|metro|community"
    r"|lifestyle|living|arts|culture|entertainment|features|education|health|politics|campus|town)"
)
_SECTION_NAME = re.compile(
    r"^(?:要闻|要聞|重点|综合|综合新闻|本市新闻|本地|本地新闻|本埠|民生|民生新闻|时政|时政要闻"
    r"|社会|社会新闻|国内|国内新闻|国际|国际新闻|經濟|经济|经济新闻|财经|體育|体育"
    r"|体育新闻|文化|文体|文娱|娱乐|教育|"
    r"健康|科技|副刊|专版|专题|广告|都市|都市新闻|县区|县区新闻|区县|头版|綜合|社會|國際|地方|"
    r"(?:校园|城市|地方|县域|科教|农村|法治|政法|文教|社区|行业|企业|产业|区域|省内|省市|港澳|两岸|[县市区旗乡镇厂矿垦林牧渔港][区市县内情域])新[闻聞]|[一-鿿]{2}·[一-鿿]{2}|(?:经济|社会|文化|都市|农村|家庭)生活|"
    rf"{_ENGLISH_SECTION}(?:\s(?:&|and|/)\s{_ENGLISH_SECTION})*(?:\s(?i:news|page|section))?)$"
)
_HEAD_WEATHER = re.compile(
    r"^(?:今[日天]|本市)?(?:天气|天氣|气象|氣象)\s?:?[^。]{0,60}\d[^。]{0,20}$"
)
_CELL = re.compile(r"[^。,:;!?“”]{1,8}")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)])")
_FIGURES = re.compile(r"[\W_]*\d[\d\W_]{0,8}")
REACHED = re.compile(
    r"\s?(?:电子|[一-鿿]{2,4})?(?:电话|電話|邮箱|信箱|热线|熱線|专线|專線|邮编|邮政编码|E-?mail|QQ|微信)\s?:?\s?[\w@.()〇-]+",
    re.I,
)


def is_furniture(text: str) -> bool:
    """Whether a line is furniture, or has several pieces of it beside each other."""
    folded = fold(text)
    if _NUMBERED.match(folded):  # 三、联系人:张先生 电话:3331278
        return False
    if _is_furnishing(folded) or (" " in folded and _SECTION_NAME.match(unspaced(text))):
        return True
    if len(folded) > 120:
        return False
    begins = [0]  # where a piece may begin, all before it being furniture
    for end in (*(gap.start() for gap in re.finditer(" ", folded)), len(folded)):
        parts = (folded[begin:end] for begin in begins)
        if any(_is_furnishing(part) and not _FIGURES.fullmatch(part) for part in parts):
            begins.append(end + 1)
    return begins[-1] > len(folded)


def is_head(text: str) -> bool:
    """Lines that are furniture only above a page's first article: paper, section, bare day."""
    folded = fold(text)
    if MASTHEAD.match(unspaced(text)) or _SECTION_NAME.match(folded):
        return True
    if _NAMED_PAPER.fullmatch(unspaced(text)):
        return True
    if _HEAD_WEATHER.match(folded):
        return True
    cells = [cell for cell in re.split(r"[\s|·]+", folded) if cell]
    if 1 < len(cells) < 5 and all(map(_CELL.fullmatch, cells)):
        return any(map(_HEAD_CELLS["page"].fullmatch, cells))
    found = days(folded)
    if not found or found[0].start:
        return False
    rest = folded[found[0].end :]
    bare = not rest or rest[0] in " (|·/" or re.match(_WEEK, rest) is not None
    return bare and len(rest) <= 12 and not re.search("[,。]", rest)


def is_imprint(folded: str) -> bool:
    """Whether a line says who publishes and prints the paper, and where it is to be had."""
    if len(folded) > 200:
        return False
    signs = {match[0].lower()[:5] for match in _IMPRINT.finditer(folded)}
    return len(signs) >= 2 or len(_OFFICE.findall(folded)) >= 2


def is_staff_box(folded: str) -> bool:
    """Whether a line names the page's editors: 责编 张三 版式 李四 校对 王五."""
    folded = REACHED.sub(" ", folded).strip(" □■●◎")
    if not _STAFF.match(folded):
        return False
    if "同志" in folded or is_salutation(folded) or re.search("采写|撰文|执笔|记者", folded):
        return False
    rest = _STAFF.sub(" ", folded)
    words = [word for word in re.split(r"[\s:;/|、,·()□■●◎-]+", rest) if word]
    glued = not re.search(r"[\s:/|]", folded) and not all(map(bylines.is_name, words))
    if glued or folded[-1] == ":":  # 编辑手记, 编辑回复:
        return False
    return (
        all(
            re.fullmatch(r"[一-鿿]{1,4}|[一-鿿]{2}\d{3,5}|[\d版电话热线電話熱線]+", word)
            for word in words
        )
        and len(words) <= 16
    )


def _is_furnishing(folded: str) -> bool:
    short = len(folded) <= 120
    return is_imprint(folded) or (
        short
        and (
            any(form.match(folded) for form in _FORMS)
            or is_staff_box(folded)
            or _is_running_head(folded)
            or _is_dated_head(folded)
        )
    )


def _is_dated_head(folded: str) -> bool:
    """Whether a line is the paper's day with its number, price, weekday or page, and little else.

    What else stands in it names the paper and the section: A4 Sunday, June 9, 2013 THE LEDGER.
    """
    found = [day for day in days(folded) if day.year]
    if not found:
        return False
    if len(_FIELD.findall(folded)) > 2 and not re.search("[。!?]", folded):
        return True
    rest = f"{folded[: found[0].start]} {folded[found[0].end :]}".strip()
    others, marks = _HEAD_MARKS.subn(" ", rest)
    others = re.sub(r"《([^《》]{2,10})》", r"\1", others).strip(" ,|•·—–-()")
    if is_latin(others):
        named = all(
            re.match(r"[A-Z\d]|of$|the$|and$|for$", word) for word in re.findall(r"\w+", others)
        )
        return marks > 0 and named and len(others) <= 60
    return marks > 0 and width(others) <= 24 and not re.search(r"[。,;!?“「《]", others)


def _is_running_head(folded: str) -> bool:
    """Whether a line has nothing but cells of a running head, two of them surely: 07版 视觉 周三."""
    cells = [cell for cell in re.split(r"[\s|/·■●◆]+", folded) if cell]
    kinds = [{name for name, form in _HEAD_CELLS.items() if form.fullmatch(cell)} for cell in cells]
    sure = set[str]().union(*kinds)
    return (
        len(sure) >= 2
        and bool(sure & {"day", "page", "paper"} or ("bare day" in sure and all(kinds)))
        and all(width(cell) <= 12 and not re.search(r"[。,!?;“”]", cell) for cell in cells)
    )
