"""Asking in a page of another site."""

from collections.abc import Iterator

import pytest
from newsroom import BRIDGE_NEWS, Desk, served
from werkzeug.wrappers import Request, Response

from web.app import create_app
from web.rules import Rules

NEWS = "https://news.example"


def policy(archive: Desk, path: str, *origins: str) -> str:
    app = create_app(archive, rules=Rules(origins=origins))  # type: ignore[arg-type]
    return app.test_client().get(path).headers["Content-Security-Policy"]


def test_only_sites_that_the_settings_name_may_frame_it(archive: Desk) -> None:
    assert f"frame-ancestors {NEWS};" in policy(archive, "/embed", NEWS)
    assert "frame-ancestors 'none'" in policy(archive, "/embed")
    for path in ("/", "/browse", "/docs", f"/articles/{BRIDGE_NEWS.id}"):
        assert "frame-ancestors 'none'" in policy(archive, path, NEWS)


def test_it_is_the_page_to_ask_on_without_its_frame(archive: Desk) -> None:
    client = create_app(archive).test_client()  # type: ignore[arg-type]
    page = client.get("/embed").text
    assert 'id="ask"' in page
    assert "masthead" not in page
    assert 'target="_blank"' in page
    assert 'target="_blank"' not in client.get("/").text


@pytest.fixture
def framed(archive: Desk) -> Iterator[str]:
    """A page of one site that frames the service of another."""
    service: list[str] = []

    @Request.application
    def site(request: Request) -> Response:
        frame = f'<iframe src="{service[0]}/embed" title="Ask" width="600" height="700"></iframe>'
        return Response(f"<!doctype html><title>News</title>{frame}", mimetype="text/html")

    with served(site) as address:
        origin = address.replace("127.0.0.1", "localhost")
        app = create_app(archive, rules=Rules(origins=(origin,)))  # type: ignore[arg-type]
        with served(app) as at:
            service.append(at)
            yield origin


@pytest.mark.browser
def test_a_reader_of_another_site_asks_and_asks_on(framed: str, chromium: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(locale="zh-CN")
        page.goto(framed)
        frame = page.frame_locator("iframe")
        for label in ("您的问题", "接着问"):
            frame.get_by_label(label).fill("青石桥的桥长多少米？")
            frame.get_by_label(label).press("Enter")
            frame.get_by_label("接着问").wait_for()
        answers = frame.locator("article.answer:not(.pending)")
        sync_api.expect(answers).to_have_count(2)
        conversation = frame.locator("#ask [name=conversation]").input_value()
        assert page.frames[1].url.endswith(f"/embed?conversation={conversation}")
        assert page.evaluate("history.length") == 2  # the site's Back leads where it did
        answers.first.locator("a.mark").click()
        frame.locator("#beside mark").wait_for()
        browser.close()
