"""WCAG 2.2 AA, as far as a program can tell, and the ways of those who use no mouse or large letters."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from newsroom import BOOKSHOP_NEWS, BRIDGE_NEWS, FERRY, LATER_NEWS, Desk, page_of, printed
from playwright.sync_api import Browser, Page, expect

from vectorstore.articles import BlockKind, join
from vectorstore.ingest import Given, ingest, uploaded

pytestmark = pytest.mark.accessibility

LENGTH = "青石桥的桥长多少米？"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """
(tags) => axe.run({ runOnly: tags, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`)))
"""
CUT_OFF = """
[...document.querySelectorAll("body *")].filter((each) => {
  const { overflowX, clipPath } = getComputedStyle(each);
  return each.checkVisibility() && overflowX === "hidden" && clipPath === "none"
    && each.scrollWidth > each.clientWidth + 1;
}).map((each) => each.outerHTML)
"""


def violations(page: Page) -> list[str]:
    page.wait_for_load_state()  # words can stand there before their style sheet
    page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(AXE, RULES))


def asked(client: FlaskClient, question: str) -> str:
    answer = client.post("/", data={"question": question})
    return answer.headers["Location"]


@pytest.fixture
def every_page(archive: Desk, client: FlaskClient) -> list[str]:
    """Addresses of each kind of page in each of its states."""
    answered, refused = asked(client, LENGTH), asked(client, "月球上有什么？")
    counted = asked(client, "上周青石桥的桥长多少米？")
    about = [
        asked(client, question)
        for question in ("书店开张时来了多少读者？", "湖滨公园扩建几公顷？", "谁在桥面上合影？")
    ]
    cited, changed, removed, caption = (
        re.findall(r"/citations/[\w-]+", client.get(url).text)[0] for url in (answered, *about)
    )
    client.post(f"{answered}/feedback", data={"verdict": "down", "comment": "桥长不对"})
    archive.remove([LATER_NEWS.id])
    archive.remove_kept(BOOKSHOP_NEWS.id)
    text, laid = join([(BlockKind.PARAGRAPH, "书店开张时来了五百位读者。")])
    archive.print(replace(BOOKSHOP_NEWS, text=text, blocks=laid))
    archive.print(
        printed(
            "neighbour",
            ("桥头公园",),
            (BlockKind.PARAGRAPH, "桥头公园开放。"),
            page="01",
            issued=BRIDGE_NEWS.issued,
        )
    )
    for offer in uploaded(page_of(*FERRY), "upload:ferry", "2023-10-12-03.pdf", Given()):
        (ferry, _) = ingest(archive.catalogue, offer).articles
    conversation = re.findall(r'name="conversation" value="(\w+)"', client.get(answered).text)[0]
    return [
        "/",
        f"/?conversation={conversation}",
        f"/?edit={counted.rpartition('/')[2]}",
        "/?conversation=none",
        answered,
        refused,
        counted,
        cited,
        changed,
        removed,
        caption,
        about[1],
        f"/articles/{BRIDGE_NEWS.id}",
        f"/articles/{ferry}",
        "/browse",
        "/browse?query=%E6%A1%A5",
        f"/issues/{BRIDGE_NEWS.issued}",
        "/browse?query=%E6%9C%88%E7%90%83",
        "/browse?since=nonsense",
        "/check",
        "/conversations",
        "/operator/feedback",
        "/operator/sign-in",
        "/docs",
        "/nowhere",
    ]


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [("light", 1280, "zh-CN"), ("dark", 1280, "en"), ("light", 320, "en"), ("dark", 360, "zh-TW")],
)
def test_no_page_violates_a_rule_in_either_theme(
    browser: Browser, address: str, every_page: list[str], theme: str, width: int, language: str
) -> None:
    for page in opened(browser, address, width, theme, language):
        found = {}
        for url in every_page:
            page.goto(url)
            if url == "/docs":
                page.locator(".opblock").first.wait_for()
            found[url] = violations(page)
        assert {url: told for url, told in found.items() if told} == {}


def opened(
    browser: Browser, address: str, width: int = 1280, theme: str = "light", language: str = "zh-CN"
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address,
        locale=language,
        color_scheme=theme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_on_a_page_violates_none_either(
    browser: Browser, address: str, theme: str
) -> None:
    for page in opened(browser, address, theme=theme):
        page.goto("/")
        page.get_by_text("限定日期或报纸").click()
        page.get_by_label("您的问题").fill("上周青石桥的桥长多少米？")
        page.keyboard.press("Enter")
        page.locator(".further").wait_for()
        page.get_by_text("评价这个回答").click()
        page.locator("a.mark").focus()
        expect(page.locator("#glimpse")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Enter")
        page.locator("#beside mark").wait_for()
        assert violations(page) == []
        page.goto("/check")
        page.get_by_label("引用的话").fill("青石桥昨日合龙，桥长一千二百七十米。月球上有水。")
        page.get_by_role("button", name="核对").click()
        page.locator(".checked").wait_for()
        assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_routes_that_are_opened_violate_none(browser: Browser, address: str, theme: str) -> None:
    for page in opened(browser, address, theme=theme):
        page.goto("/docs")
        page.locator(".opblock").first.wait_for()
        routes = page.locator(".opblock-summary-control")
        some = range(0, routes.count(), 4)  # all take the browser long to look at
        for at in some:
            routes.nth(at).click()
        expect(page.locator(".opblock.is-open .responses-table")).to_have_count(len(some))
        assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_an_empty_archive_violates_none_and_tells_what_to_do(
    browser: Browser, empty_address: str, theme: str, language: str
) -> None:
    for page in opened(browser, empty_address, 360, theme, language):
        for url in ("/", "/browse", "/conversations", "/check"):
            page.goto(url)
            assert violations(page) == [], url
        for url in ("/", "/browse"):
            page.goto(url)
            expect(page.locator("main")).to_contain_text("baowen ingest")


def test_a_reader_without_a_mouse_asks_reads_the_source_and_comes_back(
    browser: Browser, address: str
) -> None:
    for page in opened(browser, address):
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, "#question")
        page.keyboard.type(LENGTH)
        page.keyboard.press("Enter")
        mark = page.locator("article.answer a.mark")
        mark.wait_for()
        page.keyboard.press("Shift+Tab")
        tab_back_to(page, "article.answer a.mark")
        expect(page.locator("#glimpse")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#beside mark")).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(mark).to_be_focused()
        tab_to(page, ".answer > .tools summary")
        page.keyboard.press("Enter")
        tab_to(page, ".answer > .tools [value=up]")
        page.keyboard.press("Enter")
        page.get_by_text("已记下").wait_for()
        tab_to(page, ".imprint [value=en]")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Skip to the text").wait_for(state="attached")
        expect(page.locator("article.answer")).to_have_count(1)


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go from one thing to the next until one is reached; each is seen to have the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        seen = page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            " || document.activeElement === document.body"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"no key leads to {selector}")


def tab_back_to(page: Page, selector: str) -> None:
    tab_to(page, selector, "Shift+Tab")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_letters_of_twice_the_size_cut_nothing_off(
    browser: Browser, address: str, every_page: list[str], language: str
) -> None:
    for page in opened(browser, address, 640, language=language):
        for url in every_page:
            if url == "/docs":
                continue
            page.goto(url)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, url
            assert page.evaluate(CUT_OFF) == [], url


def test_nothing_moves_for_those_who_want_no_motion(browser: Browser, address: str) -> None:
    for page in opened(browser, address):
        page.goto("/")
        page.evaluate(
            "document.body.append(document.querySelector('#pending').content.cloneNode(true))"
        )
        moving = "document.getAnimations().length"
        assert page.evaluate(moving) == 0
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate(moving) == 1


def test_forced_colours_leave_what_is_marked_and_framed(
    browser: Browser, address: str, archive: Desk
) -> None:
    for page in opened(browser, address):
        page.emulate_media(forced_colors="active")
        page.goto("/")
        page.get_by_label("您的问题").fill(LENGTH)
        page.keyboard.press("Enter")
        page.locator("a.mark").click()
        marked = page.locator("#beside mark")
        marked.wait_for()
        colour = "(each) => getComputedStyle(each).backgroundColor"
        around = page.locator("#beside")
        assert marked.evaluate(colour) != around.evaluate(colour)
        edge = "(each) => getComputedStyle(each).borderTopStyle"
        assert page.get_by_role("button", name="提问").evaluate(edge) == "solid"


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_the_masthead_breaks_between_words_on_a_small_screen(
    browser: Browser, address: str, language: str
) -> None:
    for page in opened(browser, address, 320, language=language):
        page.goto("/")
        lines = "(links) => links.map((each) => each.getClientRects().length)"
        links = page.locator(".masthead nav a")
        assert set(links.evaluate_all(lines)) == {1}
        assert links.evaluate_all("(links) => links.every((each) => each.offsetHeight < 48)")
