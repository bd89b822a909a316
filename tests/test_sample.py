"""The sample newspaper, what is known of it, and the questions asked of it agree."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vectorstore.articles import BlockKind
from vectorstore.jumps import chains, joined
from vectorstore.reading import read

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample"
MATERIAL = ROOT / "tests" / "material"
PAGES = json.loads((MATERIAL / "sample_articles.json").read_text(encoding="utf-8"))


def lines(name: str) -> Iterator[dict[str, Any]]:
    with (MATERIAL / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def blocks(article: dict[str, Any]) -> list[str]:
    sections = [text for section in article["sections"] for text in section.values()]
    credit = [article["credit"]] if article["credit"] else []
    return [*article["paragraphs"], *article["captions"], *sections, *credit]


@pytest.fixture(scope="module")
def pages() -> dict[str, list[str]]:
    """The blocks of each page, as they read when mended."""
    return {
        page["page"]: [block for article in page["articles"] for block in blocks(article)]
        for page in PAGES
    }


def test_the_manifest_names_every_page_of_the_sample(pages: dict[str, list[str]]) -> None:
    manifest = json.loads((SAMPLE / "manifest.json").read_text(encoding="utf-8"))

    assert {page["file"] for page in manifest} == set(pages)
    assert set(pages) == {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.txt")}
    for page in manifest:
        assert page["file"].endswith(f"/{page['issued']}-{page['page']}.txt")


def test_a_page_tears_its_articles_but_loses_none_of_their_words(
    pages: dict[str, list[str]],
) -> None:
    for name, texts in pages.items():
        printed = (SAMPLE / name).read_text(encoding="utf-8")
        for block in texts:
            assert block[:12] in printed
            assert not set("".join(block.split())) - set(printed)


def test_every_quote_on_the_sample_stands_in_its_page(pages: dict[str, list[str]]) -> None:
    for question in lines("questions.jsonl"):
        if question["answerable"]:
            assert any(question["quote"] in block for block in pages[question["page"]])


def test_every_quote_on_the_invented_pages_stands_in_a_block_of_its_page() -> None:
    pages = json.loads((MATERIAL / "pages" / "articles.json").read_text(encoding="utf-8"))
    texts = {
        page["page"]: [
            text
            for article in page["articles"]
            for text in (
                *(text for _, text in article["blocks"]),
                *article["captions"],
                *article["byline_lines"],
            )
        ]
        for page in pages
    }
    for question in lines("pages/questions.jsonl"):
        if question["answerable"]:
            assert any(question["quote"] in text for text in texts[question["page"]])


def test_every_quote_on_the_further_articles_stands_in_its_article() -> None:
    articles = {article["id"]: article["text"] for article in lines("more_articles.jsonl")}
    for question in lines("more_questions.jsonl"):
        if question["answerable"]:
            assert question["quote"] in articles[question["doc"]]


@pytest.mark.parametrize(
    "name", ["questions.jsonl", "more_questions.jsonl", "pages/questions.jsonl"]
)
def test_an_answerable_question_says_what_its_answer_must_hold(name: str) -> None:
    for question in lines(name):
        assert bool(question["must"]) == question["answerable"]
        assert question["split"] in {"tune", "hold"}
        for must in question["must"]:
            assert any(word in question["quote"] for word in must.split("|"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["page"])
def test_a_sample_page_comes_out_as_its_articles(page: dict[str, Any]) -> None:
    path = SAMPLE / page["page"]
    found = read(path.read_bytes(), path.name).articles
    assert len(found) == len(page["articles"])
    for article, truth in zip(found, page["articles"], strict=True):
        told = [
            article.text[block.start : block.end]
            for block in article.blocks
            if block.kind not in (BlockKind.CAPTION, BlockKind.BYLINE)
        ]
        captions = [
            article.text[block.start : block.end]
            for block in article.blocks
            if block.kind is BlockKind.CAPTION
        ]
        sections = [text for each in truth["sections"] for text in (each["heading"], each["text"])]
        credit = [truth["credit"]] if truth["credit"] else []
        assert told == [*truth["paragraphs"], *sections, *credit]
        assert captions == truth["captions"]
        assert [*article.kicker, *article.headline] == [*truth["kicker"], *truth["headline"]]
        assert list(article.byline) == truth["byline"]
        assert list(article.photographers) == truth["photographers"]
        assert list(article.correspondents) == truth["correspondents"]
        assert article.continued_from == truth["continued_from"]
        assert article.continued_to == truth["continued_to"]
        if truth["month_day"]:
            assert (article.date or "").endswith(truth["month_day"])


def test_the_samples_jump_is_one_article() -> None:
    day = date(2024, 5, 17)
    found = [
        article
        for page in ("01", "02")
        for path in [SAMPLE / "yunchuan-daily" / f"2024-05-17-{page}.txt"]
        for article in read(path.read_bytes(), path.name, issued=day, number=page).articles
    ]
    halves = [each for each in found if each.continued_from or each.continued_to]
    (chain,) = chains(halves)
    (truth,) = (each for page in PAGES for each in page["articles"] if "with_continuation" in each)
    assert joined(chain).text.split("\n") == truth["with_continuation"]
