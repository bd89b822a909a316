"""The reading room in a real browser: the stream, the marks, the article beside, the way back."""

from collections.abc import Iterator
from datetime import date

import pytest
from newsroom import BRIDGE_NEWS, FAULT, FERRY, LATER_NEWS, Desk, page_of, printed

from vectorstore.ingest import Given, ingest, uploaded

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.browser

LENGTH = "青石桥的桥长多少米？"


SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shift += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def page(browser: "sync_api.Browser", address: str) -> "Iterator[sync_api.Page]":
    """A small screen; whatever the page complains of or fetches from elsewhere fails the test."""
    yield from watched(browser, address, viewport={"width": 360, "height": 740})


@pytest.fixture
def wide(browser: "sync_api.Browser", address: str) -> "Iterator[sync_api.Page]":
    """The same on a wide screen."""
    yield from watched(browser, address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def plain(browser: "sync_api.Browser", address: str) -> "Iterator[sync_api.Page]":
    """A browser that runs no scripts."""
    yield from watched(browser, address, java_script_enabled=False)


def watched(browser: "sync_api.Browser", address: str, **more: object) -> "Iterator[sync_api.Page]":
    context = browser.new_context(base_url=address, locale="zh-CN", **more)
    faults: list[str] = []

    def watch(page: "sync_api.Page") -> None:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: faults.append(message.text) if message.type == "error" else None,
        )
        page.on(
            "request",
            lambda sent: faults.append(sent.url) if not sent.url.startswith(address) else None,
        )

    context.on("page", watch)
    yield context.new_page()
    context.close()
    assert faults == []


@pytest.fixture
def held(archive: Desk) -> Iterator[Desk]:
    """An archive that answers when it is let go."""
    archive.answerer.held.clear()
    yield archive
    archive.answerer.held.set()


def ask(page: "sync_api.Page", question: str = LENGTH, label: str = "您的问题") -> None:
    page.get_by_label(label).fill(question)
    page.keyboard.press("Enter")


def answers(page: "sync_api.Page") -> "sync_api.Locator":
    return page.locator("article.answer:not(.pending)")


def test_a_reader_asks_and_sees_the_quote_marked_beside_the_answer(page: "sync_api.Page") -> None:
    page.goto("/")
    ask(page)
    mark = page.locator("article.answer a.mark")
    mark.wait_for()
    quote = page.locator(".sources blockquote").inner_text()
    assert quote in (mark.get_attribute("aria-label") or "")
    assert "?conversation=" in page.url
    page.reload()
    mark.click()
    marked = page.locator("#beside mark")
    marked.wait_for()
    assert marked.inner_text() == quote
    assert quote in BRIDGE_NEWS.text
    sync_api.expect(marked).to_be_in_viewport()
    page.get_by_role("link", name="在整页中打开").click()
    page.wait_for_url("**/citations/*")
    assert page.locator("main mark").inner_text() == quote


def test_without_scripts_all_of_it_works_too(plain: "sync_api.Page") -> None:
    plain.goto("/")
    plain.get_by_label("您的问题").fill("上周青石桥的桥长多少米？")
    plain.get_by_role("button", name="提问").click()
    plain.get_by_text("按所问推算").wait_for()
    plain.get_by_role("button", name="去掉").click()
    plain.locator("article.answer a.mark").wait_for()
    sync_api.expect(plain.locator(".chip")).to_have_count(0)
    plain.get_by_text("评价这个回答").click()
    plain.get_by_role("button", name="有用").click()
    plain.get_by_text("您的评价已记下").wait_for()
    plain.locator("article.answer a.mark").click()
    plain.locator("main mark").wait_for()
    plain.get_by_role("link", name="问过的").click()
    plain.get_by_text("改名").first.click()
    plain.get_by_label("名称").fill("大桥")
    plain.get_by_role("button", name="改名").click()
    plain.get_by_role("link", name="大桥").click()
    sync_api.expect(answers(plain)).to_have_count(2)


def test_a_mark_gives_a_glimpse_on_hover_and_focus(wide: "sync_api.Page") -> None:
    wide.goto("/")
    ask(wide)
    mark, glimpse = wide.locator("article.answer a.mark"), wide.locator("#glimpse")
    mark.hover()
    sync_api.expect(glimpse.locator("mark")).to_have_text(
        wide.locator(".sources blockquote").inner_text()
    )
    glimpse.hover()
    wide.wait_for_timeout(300)
    sync_api.expect(glimpse).to_be_visible()
    wide.keyboard.press("Escape")
    sync_api.expect(glimpse).to_be_hidden()
    wide.mouse.move(0, 0)
    mark.focus()
    sync_api.expect(glimpse).to_be_visible()
    wide.keyboard.press("Enter")
    sync_api.expect(wide.locator("#beside mark")).to_be_in_viewport()
    sync_api.expect(glimpse).to_be_hidden()
    wide.keyboard.press("Escape")
    sync_api.expect(wide.locator("#beside")).to_be_hidden()
    sync_api.expect(mark).to_be_focused()


def test_the_first_tap_gives_a_glimpse_and_the_second_opens(
    browser: "sync_api.Browser", address: str
) -> None:
    for page in watched(browser, address, viewport={"width": 360, "height": 740}, has_touch=True):
        page.goto("/")
        ask(page)
        mark = page.locator("article.answer a.mark")
        mark.tap()
        sync_api.expect(page.locator("#glimpse mark")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        sync_api.expect(page.locator("#beside")).to_be_hidden()
        mark.tap()
        sync_api.expect(page.locator("#beside mark")).to_be_in_viewport()


def test_back_closes_the_article_and_its_address_opens_it_again(wide: "sync_api.Page") -> None:
    wide.goto("/")
    ask(wide)
    wide.locator(".sources blockquote a").click()
    beside = wide.locator("#beside")
    beside.locator("mark").wait_for()
    answer, article = wide.locator("article.answer").bounding_box(), beside.bounding_box()
    assert answer
    assert article
    assert answer["x"] + answer["width"] <= article["x"]
    address = wide.url
    assert "#/citations/" in address
    wide.go_back()
    sync_api.expect(beside).to_be_hidden()
    wide.go_forward()
    sync_api.expect(beside.locator("mark")).to_be_in_viewport()
    wide.get_by_role("button", name="关闭").click()
    sync_api.expect(beside).to_be_hidden()
    sync_api.expect(answers(wide)).to_have_count(1)
    wide.goto("/browse")
    wide.goto(address)
    sync_api.expect(beside.locator("mark")).to_be_in_viewport()
    wide.keyboard.press("Escape")
    sync_api.expect(beside).to_be_hidden()
    assert "#" not in wide.url


def test_work_is_seen_before_the_server_says_anything_and_nothing_jumps(
    page: "sync_api.Page", held: Desk
) -> None:
    page.add_init_script(SHIFTS)
    page.goto("/")
    ask(page)
    page.get_by_text("正在查找原文").wait_for()
    sync_api.expect(page.locator("article.answer .asked")).to_be_in_viewport()
    page.wait_for_timeout(700)  # what comes from now on was set off by no key
    held.answerer.held.set()
    page.get_by_text("报库还能回答").wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("window.shift") < 0.01


def test_an_answer_is_stopped_and_asked_again(page: "sync_api.Page", held: Desk) -> None:
    page.goto("/")
    ask(page)
    page.get_by_role("button", name="停止").click()
    page.get_by_text("已停止").wait_for()
    page.get_by_role("button", name="修改问题").click()
    sync_api.expect(page.get_by_label("您的问题")).to_be_focused()
    assert page.get_by_label("您的问题").input_value() == LENGTH
    held.answerer.held.set()
    page.get_by_role("button", name="重试").click()
    page.locator("article.answer a.mark").wait_for()
    sync_api.expect(page.locator("article.answer")).to_have_count(1)


def test_what_is_typed_while_an_answer_comes_stays(page: "sync_api.Page", held: Desk) -> None:
    page.goto("/")
    ask(page)
    page.get_by_label("您的问题").fill("建桥用了几年？")
    held.answerer.held.set()
    page.locator("article.answer a.mark").wait_for()
    field = page.get_by_label("接着问")
    sync_api.expect(field).to_have_value("建桥用了几年？")
    page.keyboard.press("Enter")
    sync_api.expect(answers(page)).to_have_count(2)
    sync_api.expect(field).to_have_value("")


def test_what_came_before_the_connection_was_lost_is_kept(page: "sync_api.Page") -> None:
    page.goto("/")
    part = 'event: delta\ndata: {"text": "青石桥昨日合龙，"}\n\n'
    page.route("/", lambda route: route.fulfill(body=part, content_type="text/event-stream"))
    ask(page)
    page.get_by_text("连接断了").wait_for()
    sync_api.expect(page.locator("article.answer .text")).to_have_text("青石桥昨日合龙，")
    page.unroute("/")
    page.get_by_role("button", name="重试").click()
    page.locator("article.answer a.mark").wait_for()
    sync_api.expect(page.locator("article.answer")).to_have_count(1)


def test_a_filter_is_taken_away_on_the_page(page: "sync_api.Page") -> None:
    page.goto("/")
    page.get_by_text("限定日期或报纸").click()
    page.locator("#ask [name=publication]").select_option("临湖晚报")
    ask(page, "上周青石桥的桥长多少米？")
    sync_api.expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("button", name="去掉“2023年").click()
    sync_api.expect(answers(page)).to_have_count(2)
    sync_api.expect(answers(page).nth(1).locator(".chip")).to_have_text(["临湖晚报×"])
    answers(page).nth(1).get_by_role("button", name="去掉“临湖晚报”").click()
    sync_api.expect(answers(page)).to_have_count(3)
    assert page.locator("#ask [name=publication]").input_value() == ""
    page.get_by_role("link", name="修改问题").nth(1).click()
    page.wait_for_url("**/?edit=*")
    assert page.locator("#ask [name=publication]").input_value() == "临湖晚报"


def test_back_and_forward_lead_through_conversations(page: "sync_api.Page") -> None:
    page.goto("/")
    ask(page)
    sync_api.expect(answers(page)).to_have_count(1)
    ask(page, "建桥用了几年？", "接着问")
    sync_api.expect(answers(page)).to_have_count(2)
    page.go_back()
    sync_api.expect(page.locator("article.answer")).to_have_count(0)
    sync_api.expect(page.get_by_label("您的问题")).to_be_visible()
    page.go_forward()
    sync_api.expect(answers(page)).to_have_count(2)


def first_held(page: "sync_api.Page", script: str) -> "list[sync_api.Route]":
    """The first request for a script, which waits until it is let go on."""
    held: list[sync_api.Route] = []

    def hold(route: "sync_api.Route") -> None:
        route.continue_() if held else held.append(route)

    page.route(f"**/static/{script}*", hold)
    return held


def test_forward_counts_that_is_pressed_before_the_page_hears_it(page: "sync_api.Page") -> None:
    page.goto("/")
    ask(page)
    sync_api.expect(answers(page)).to_have_count(1)
    held = first_held(page, "chat.js")
    page.go_back()
    sync_api.expect(page.locator("article.answer")).to_have_count(0)
    page.wait_for_function("document.readyState === 'interactive'")
    page.go_forward(wait_until="commit")
    held[0].continue_()
    sync_api.expect(answers(page)).to_have_count(1)


def test_two_tabs_do_not_disturb_each_other(page: "sync_api.Page", held: Desk) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/")
    ask(page)
    ask(other, "建桥用了几年？")
    held.answerer.held.set()
    for tab in (page, other):
        sync_api.expect(answers(tab)).to_have_count(1)
    assert page.url != other.url
    sync_api.expect(answers(other).locator(".asked")).to_have_text("建桥用了几年？")
    page.goto("/conversations")
    sync_api.expect(page.locator(".listed h2")).to_have_count(2)


def test_an_answer_is_copied_and_judged_in_its_place(page: "sync_api.Page", archive: Desk) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    ask(page)
    page.get_by_role("link", name="复制").click()
    page.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] 何望. 一桥飞架南北" in copied
    page.get_by_text("评价这条出处").click()
    page.get_by_label("理由").first.fill("正是这句")
    page.get_by_role("button", name="贴切", exact=True).click()
    page.get_by_text("已记下").wait_for()
    answer = page.locator("article.answer").get_attribute("id") or ""
    (said,) = archive.ledger.feedback(answer.removeprefix("answer-"))
    assert (said.comment, said.verdict, bool(said.citation_id)) == ("正是这句", "up", True)


def test_an_answer_prints_with_its_references_and_without_its_buttons(
    page: "sync_api.Page",
) -> None:
    page.goto("/")
    ask(page)
    page.get_by_role("link", name="本条链接").click()
    page.emulate_media(media="print")
    sync_api.expect(page.locator(".reference")).to_contain_text("临湖晚报, 2023-10-12(01)")
    sync_api.expect(page.locator(".permanent")).to_contain_text(page.url)
    for part in ("#ask", ".tools", ".over", ".masthead nav", ".judge"):
        sync_api.expect(page.locator(part).first).to_be_hidden()


def test_a_follow_up_stays_in_the_conversation(page: "sync_api.Page") -> None:
    page.goto("/")
    page.get_by_role("button", name="建桥用了几年？").click()
    sync_api.expect(answers(page)).to_have_count(1)
    page.get_by_label("接着问").fill("月球上有什么")
    page.get_by_role("button", name="提问").click()
    sync_api.expect(answers(page)).to_have_count(2)
    assert "refused" in (answers(page).nth(1).get_attribute("class") or "")
    page.reload()
    sync_api.expect(answers(page)).to_have_count(2)


@pytest.mark.accessibility
@pytest.mark.parametrize("width", [360, 345, 320])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_is_wider_than_a_small_screen(
    browser: "sync_api.Browser", address: str, locale: str, width: int
) -> None:
    context = browser.new_context(
        base_url=address, locale=locale, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    page.goto("/")
    page.locator("[name=question]").first.fill("上周青石桥的桥长多少米？")
    page.keyboard.press("Enter")
    page.locator("article.answer .chip").wait_for()
    answer = page.locator(".over a").first.get_attribute("href")
    listed = ("/conversations", "/operator/feedback", "/operator/sign-in")
    for url in ("/", "/browse", "/check", f"/articles/{BRIDGE_NEWS.id}", answer, *listed):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_page_and_its_frames_fit_a_small_screen(page: "sync_api.Page", archive: Desk) -> None:
    for offer in uploaded(page_of(*FERRY), "upload:ferry", "2023-10-12-03.pdf", Given()):
        (ferry, _) = ingest(archive.catalogue, offer).articles
    page.goto(f"/articles/{ferry}")
    image = page.locator(".leaves img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.leaves img').naturalWidth > 800")
    shown, drawn = image.bounding_box(), page.locator(".leaves svg").bounding_box()
    assert shown == drawn
    assert shown["height"] / shown["width"] == pytest.approx(500 / 400, abs=0.01)
    frame = page.locator(".framed").nth(1).bounding_box()
    assert shown["x"] < frame["x"] < frame["x"] + frame["width"] < shown["x"] + shown["width"]
    assert frame["y"] - shown["y"] == pytest.approx(0.14 * shown["height"], abs=8)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_articles_script_never_runs(page: "sync_api.Page") -> None:
    page.goto("/")
    page.get_by_label("您的问题").fill("书店开张时来了多少读者？")
    page.keyboard.press("Enter")
    page.locator("article.answer a.mark").click()
    page.locator("#beside mark").wait_for()
    assert "taken" not in page.title()
    assert page.locator(".printed script").count() == 0
    assert "<script>" in page.locator("#beside .printed").inner_text()


def test_what_is_pressed_has_a_name_and_room_for_a_finger(page: "sync_api.Page") -> None:
    page.goto("/")
    ask(page, "上周青石桥的桥长多少米？")
    answers(page).wait_for()
    small_or_nameless = """
    [...document.querySelectorAll("button, summary, select, input, textarea, .over a, .tools > a")]
      .filter((each) => each.checkVisibility() && each.type !== "hidden")
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        const name = each.ariaLabel || each.textContent.trim() || each.labels?.[0]?.textContent.trim();
        return !name || width < 24 || height < 24;
      })
      .map((each) => each.outerHTML)
    """
    assert page.evaluate(small_or_nameless) == []
    page.locator(".judge summary").last.click()
    page.get_by_text("限定日期或报纸").click()
    assert page.evaluate(small_or_nameless) == []


def test_a_stream_that_breaks_off_is_told(page: "sync_api.Page", archive: Desk) -> None:
    archive.answerer.fault = FAULT
    page.goto("/")
    page.get_by_label("您的问题").fill("桥长多少？")
    page.keyboard.press("Enter")
    page.get_by_text("回答中断了").wait_for()
    assert page.get_by_label("您的问题").input_value() == "桥长多少？"


DROP = """
([target, names]) => {
  const dropped = new DataTransfer();
  for (const [name, text] of names) dropped.items.add(new File([text], name));
  target.dispatchEvent(new DragEvent("dragover", { dataTransfer: dropped, bubbles: true }));
  const seen = target.classList.contains("over");
  target.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
  return seen;
}
"""
PIER = "码头添新灯\n本报讯(记者 何望)10月11日,老码头装上四十盏新灯。\n"


def test_dropped_files_are_read_while_the_page_tells_how_far_it_is(page: "sync_api.Page") -> None:
    page.goto("/add")
    area = page.locator(".drop").element_handle()
    assert page.evaluate(DROP, [area, [["pier.txt", PIER]]])
    assert page.evaluate(DROP, [area, [["empty.txt", ""]]])
    assert page.locator(".drop li").all_inner_texts() == ["pier.txt", "empty.txt"]
    page.get_by_role("combobox", name="报纸").first.fill("临湖晚报")
    page.get_by_role("button", name="入库").click()
    page.get_by_role("link", name="码头添新灯").wait_for()
    sync_api.expect(page.get_by_role("status")).to_have_text("读完了：2 个文件")
    assert page.locator(".outcome.refused").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_files_that_are_too_large_together_are_told_before_they_are_sent(
    page: "sync_api.Page",
) -> None:
    page.goto("/add")
    page.evaluate("document.querySelector('#add').dataset.largest = 10")
    page.evaluate(DROP, [page.locator(".drop").element_handle(), [["pier.txt", PIER]]])
    page.get_by_role("button", name="入库").click()
    assert page.get_by_role("alert").inner_text().startswith("这些文件合起来太大")
    assert page.url.endswith("/add")


def test_files_are_added_without_scripts(plain: "sync_api.Page") -> None:
    plain.goto("/add")
    plain.set_input_files(
        "#files", {"name": "pier.txt", "mimeType": "text/plain", "buffer": PIER.encode()}
    )
    plain.get_by_role("button", name="入库").click()
    plain.get_by_role("link", name="码头添新灯").wait_for()


WORDS = "查找词语"


def listed(page: "sync_api.Page") -> "sync_api.Locator":
    return page.locator("ol.listed > li")


def test_words_are_found_while_they_are_typed_and_back_leads_to_before(
    page: "sync_api.Page",
) -> None:
    page.goto("/browse?publication=临湖晚报")
    sync_api.expect(listed(page)).to_have_count(3)
    field = page.get_by_label(WORDS)
    field.press_sequentially("合龙", delay=30)
    sync_api.expect(listed(page)).to_have_count(1)
    sync_api.expect(listed(page).locator("mark").first).to_have_text("合龙")
    sync_api.expect(page.get_by_role("status")).to_have_text("找到 1 篇报道")
    sync_api.expect(field).to_be_focused()
    field.fill("公园")
    sync_api.expect(listed(page).locator("a")).to_have_attribute(
        "href", f"/articles/{LATER_NEWS.id}"
    )
    page.go_back()  # over all that was typed
    sync_api.expect(listed(page)).to_have_count(3)
    assert field.input_value() == ""
    page.go_forward()
    sync_api.expect(listed(page)).to_have_count(1)
    assert field.input_value() == "公园"
    listed(page).locator("a").click()
    page.wait_for_url("**/articles/*")
    page.go_back()
    sync_api.expect(listed(page)).to_have_count(1)


def test_forward_counts_that_is_pressed_before_the_list_hears_it(page: "sync_api.Page") -> None:
    page.goto("/browse?publication=临湖晚报")
    field = page.get_by_label(WORDS)
    field.fill("公园")
    sync_api.expect(listed(page)).to_have_count(1)
    page.go_back()
    sync_api.expect(listed(page)).to_have_count(3)
    held = first_held(page, "browse.js")
    page.reload(wait_until="commit")
    page.wait_for_function("document.readyState === 'interactive'")
    page.go_forward(wait_until="commit")
    held[0].continue_()
    sync_api.expect(listed(page)).to_have_count(1)
    assert field.input_value() == "公园"


def test_what_was_asked_first_and_comes_last_is_not_shown(page: "sync_api.Page") -> None:
    page.goto("/browse")
    late: list[sync_api.Route] = []
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    page.route("**/browse?query=%E5%85%AC%E5%9B%AD", lambda route: late.append(route))
    field = page.get_by_label(WORDS)
    with page.expect_request("**/browse?query=*"):
        field.fill("公园")
    field.fill("合龙")
    sync_api.expect(listed(page)).to_have_count(1)
    sync_api.expect(listed(page).locator("a")).to_have_attribute(
        "href", f"/articles/{BRIDGE_NEWS.id}"
    )
    assert given_up == [late[0].request.url]


def test_what_could_not_be_looked_up_is_said(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page(base_url=address, locale="zh-CN")
    page.goto("/browse")
    page.route("**/browse?query=*", lambda route: route.fulfill(status=429))
    page.get_by_label(WORDS).fill("公园")
    sync_api.expect(page.get_by_role("status")).to_have_text("没有查成，请稍后再试。")
    sync_api.expect(listed(page)).to_have_count(4)
    page.close()


def test_without_scripts_words_are_found_by_a_form(plain: "sync_api.Page") -> None:
    plain.goto("/browse")
    plain.get_by_label(WORDS).fill("合龙")
    plain.get_by_role("button", name="查找").click()
    sync_api.expect(listed(plain)).to_have_count(1)
    assert "query=" in plain.url


def test_a_day_of_the_calendar_is_opened_by_the_keyboard(page: "sync_api.Page") -> None:
    page.goto("/browse")
    page.get_by_role("link", name="2023年", exact=False).first.focus()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    sync_api.expect(focused).to_have_attribute("aria-label", "2024年3月2日 1 版 1 篇")
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/2024-03-02")


@pytest.fixture(params=["light", "dark"])
def narrow(
    browser: "sync_api.Browser",
    address: str,
    request: pytest.FixtureRequest,
) -> Iterator["sync_api.Page"]:
    """The smallest screen, on whose calendar months are missing too."""
    yield from watched(
        browser, address, viewport={"width": 320, "height": 640}, color_scheme=request.param
    )


def test_all_fits_the_smallest_screen_and_days_have_room_for_a_finger(
    narrow: "sync_api.Page", archive: Desk
) -> None:
    for day in [*range(1, 12), *range(20, 28)]:
        for month in range(1, 13):
            archive.print(printed(f"{month}-{day}", (f"第{day}天",), issued=date(2025, month, day)))
    for url in ("/browse", "/browse?query=桥", "/browse?since=2023-01-01", "/issues/2023-10-12"):
        narrow.goto(url)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    narrow.goto("/browse?publication=临湖晚报")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    small = """
    [...document.querySelectorAll(".calendar a, .chips a, .facets li a")]
      .map((each) => each.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24).length
    """
    assert narrow.evaluate(small) == 0
