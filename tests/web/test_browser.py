"""The chat in a real browser: the stream, the citation, the mark."""

from collections.abc import Iterator

import pytest
from newsroom import BRIDGE_NEWS, FAULT, FERRY, Desk, page_of

from vectorstore.ingest import Given, ingest, uploaded

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> "Iterator[sync_api.Browser]":
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "sync_api.Browser", address: str) -> "Iterator[sync_api.Page]":
    """A small screen; whatever the page complains of or fetches from elsewhere fails the test."""
    context = browser.new_context(
        base_url=address, locale="zh-CN", viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request",
        lambda sent: faults.append(sent.url) if not sent.url.startswith(address) else None,
    )
    yield page
    context.close()
    assert faults == []


def test_a_reader_asks_and_sees_the_quote_marked(page: "sync_api.Page") -> None:
    page.goto("/")
    page.get_by_label("您的问题").fill("青石桥的桥长多少米？")
    page.keyboard.press("Enter")
    mark = page.locator("article.answer a.mark")
    mark.wait_for()
    quote = page.locator(".sources blockquote").inner_text()
    assert quote in mark.get_attribute("title")
    assert "?conversation=" in page.url
    page.reload()
    mark.click()
    marked = page.locator("mark")
    marked.wait_for()
    assert marked.inner_text() == quote
    assert quote in BRIDGE_NEWS.text
    sync_api.expect(marked).to_be_in_viewport()


def test_a_follow_up_stays_in_the_conversation(page: "sync_api.Page") -> None:
    page.goto("/")
    page.get_by_role("button", name="建桥用了几年？").click()
    answers = page.locator("article.answer:not(.pending)")
    sync_api.expect(answers).to_have_count(1)
    page.get_by_label("接着问").fill("月球上有什么")
    page.get_by_role("button", name="提问").click()
    sync_api.expect(answers).to_have_count(2)
    assert "refused" in answers.nth(1).get_attribute("class")
    page.reload()
    sync_api.expect(answers).to_have_count(2)


@pytest.mark.parametrize("width", [360, 345, 320])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_is_wider_than_a_small_screen(
    browser: "sync_api.Browser", address: str, locale: str, width: int
) -> None:
    context = browser.new_context(
        base_url=address, locale=locale, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    for url in ("/", "/browse", "/check", f"/articles/{BRIDGE_NEWS.id}"):
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
    page.locator("mark").wait_for()
    assert "taken" not in page.title()
    assert page.locator(".printed script").count() == 0


def test_a_stream_that_breaks_off_is_told(page: "sync_api.Page", archive: Desk) -> None:
    archive.answerer.fault = FAULT
    page.goto("/")
    page.get_by_label("您的问题").fill("桥长多少？")
    page.keyboard.press("Enter")
    page.get_by_text("回答中断了").wait_for()
    assert page.get_by_label("您的问题").input_value() == "桥长多少？"
