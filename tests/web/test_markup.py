"""Markup and scripts in whatever others write are words on every page, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest
from newsroom import Desk, printed

from vectorstore.articles import Article, BlockKind
from vectorstore.ingest import Given

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.browser

ELSEWHERE = "//elsewhere.example"
HOSTILE = (
    "<script>caught()</script>",
    "</script><script>caught()</script>",
    "<SCRIPT SRC=//elsewhere.example/x.js></SCRIPT>",
    "<img src=x onerror=caught()>",
    "<svg/onload=caught()>",
    "<svg><animate onbegin=caught() attributeName=x dur=1s></svg>",
    "<math><mtext><img src=x onerror=caught()></mtext></math>",
    "<details open ontoggle=caught()>",
    "<input autofocus onfocus=caught()>",
    "<video><source onerror=caught()></video>",
    "<iframe srcdoc='<script>parent.caught()</script>'></iframe>",
    "<object data='javascript:caught()'></object>",
    "<a href='javascript:caught()'>链接</a>",
    "javascript:caught()",
    "<form action=//elsewhere.example><button>发送",
    "<base href=//elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example'>",
    "<link rel=stylesheet href=//elsewhere.example/x.css>",
    "<style>body{background:url(//elsewhere.example/x)}</style>",
    '"><script>caught()</script>',
    "'><img src=x onerror=caught()>",
    '" autofocus onfocus=caught() x="',
    "' onmouseover='caught()",
    "</title><script>caught()</script>",
    "</textarea><script>caught()</script>",
    "<!--<img src='--><img src=x onerror=caught()>'>",
    "<![CDATA[><script>caught()</script>]]>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "${caught()}`caught()`",
    "&lt;script&gt;caught()&lt;/script&gt;",
    "&#60;img src=x onerror=caught()&#62;",
    "\u2028caught()//",
    "\u202e<script>caught()</script>",
)


def article(number: int, words: str) -> Article:
    """One that has these words wherever an article has any."""
    plain = printed(
        f"{number} {words}",
        (words, f"第{number}号船坞{words}"),
        (BlockKind.PARAGRAPH, f"第{number}号船坞的墙上写着{words}的字样。"),
        (BlockKind.HEADING, words),
        (BlockKind.CAPTION, f"船坞。{words} 摄"),
        issued=date(2024, 5, 17),
        told="2024-05-17",
        page=words,
        publication=words,
        byline=(words,),
    )
    return replace(plain, kicker=(words,), photographers=(words,), correspondents=(words,))


@pytest.fixture
def faults() -> list[str]:
    """What no page may do."""
    return []


@pytest.fixture
def page(browser: "sync_api.Browser", address: str, faults: list[str]) -> "Iterator[sync_api.Page]":
    context = browser.new_context(base_url=address, locale="zh-CN")
    context.expose_function("caught", lambda *_: faults.append("a script ran"))
    page = context.new_page()
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("request", lambda sent: sent.url.startswith(address) or faults.append(sent.url))
    yield page
    context.close()


def shows(page: "sync_api.Page", words: str) -> bool:
    """Whether the words are there to read, but for how white space is shown."""
    shown = page.locator("body").inner_text()
    return "".join(words.split()) in "".join(shown.split())


def test_words_of_articles_never_become_markup(
    page: "sync_api.Page", archive: Desk, faults: list[str]
) -> None:
    for number, words in enumerate(HOSTILE, start=11):
        of_it = article(number, words)
        archive.print(of_it)
        page.goto(f"/articles/{of_it.id}")
        assert shows(page, words), words
        assert faults == [], words
        for field in ("query", "byline", "publication", "page"):
            page.goto(f"/browse?{urlencode({field: words})}")
            assert faults == [], (field, words)
    for path in ("/", "/browse", "/issues/2024-05-17", "/browse?query=船坞", "/operator/", "/add"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert faults == [], path


def test_questions_and_answers_never_become_markup(
    page: "sync_api.Page", archive: Desk, faults: list[str]
) -> None:
    for number, words in enumerate(HOSTILE, start=11):
        archive.print(article(number, words))
        page.goto("/")
        page.get_by_label("您的问题").fill(f"第{number}号船坞的墙上写着什么的字样？{words}")
        page.keyboard.press("Enter")
        page.locator("article.answer .tools").last.wait_for()
        assert shows(page, words), words
        page.locator("article.answer a.mark").first.click()
        page.locator("#beside .printed").wait_for()
        assert faults == [], words
        answer = page.locator(".over a").first.get_attribute("href")
        page.goto(answer)
        assert faults == [], words
        copied = page.request.get(f"{answer}/text").headers
        assert copied["content-type"] == "text/plain; charset=utf-8"
        assert copied["x-content-type-options"] == "nosniff"
        page.goto("/check")
        page.locator("textarea").fill(f"第{number}号船坞的墙上写着{words}的字样。")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
        assert faults == [], words
    for path in ("/conversations", "/operator/feedback", "/"):
        page.goto(path)
        assert faults == [], path


def test_names_of_files_never_become_markup(
    page: "sync_api.Page", archive: Desk, faults: list[str]
) -> None:
    for number, words in enumerate(HOSTILE, start=11):
        text = f"\n\n船坞开工\n\n本报讯(记者 岑小满)5月17日,第{number}号船坞开工。\n"
        for report in archive.ingest(f"{words}.txt", text.encode(), Given(publication=words)):
            for id_ in report.articles:
                page.goto(f"/articles/{id_}")
                assert faults == [], words
    page.goto("/add")
    assert faults == []
