"""Pages of papers with other habits come out as the articles that were printed on them.

``tests/material/pages`` holds invented pages, written before the rules had seen them, and in
``articles.json`` what they hold: title lines, names, day, and the blocks by kind.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from vectorstore.articles import Article
from vectorstore.reading import read

MATERIAL = Path(__file__).parents[1] / "material" / "pages"
PAGES = json.loads((MATERIAL / "articles.json").read_text(encoding="utf-8"))


def shown(article: Article) -> dict[str, Any]:
    """An article as ``articles.json`` writes it."""
    parts = [[block.kind.value, article.text[block.start : block.end]] for block in article.blocks]
    return {
        "titles": [*article.kicker, *article.headline],
        "byline": list(article.byline),
        "correspondents": list(article.correspondents),
        "photographers": list(article.photographers),
        "date": article.date,
        "continued_from": article.continued_from,
        "continued_to": article.continued_to,
        "blocks": [part for part in parts if part[0] not in ("caption", "byline")],
        "captions": [text for kind, text in parts if kind == "caption"],
        "byline_lines": [text for kind, text in parts if kind == "byline"],
    }


def test_every_page_has_its_articles_written_down() -> None:
    assert {path.name for path in MATERIAL.glob("*.txt")} == {page["page"] for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["page"])
def test_a_page_comes_out_as_its_articles(page: dict[str, Any]) -> None:
    data = (MATERIAL / page["page"]).read_bytes()
    found = read(data, page["page"]).articles
    assert [shown(article) for article in found] == page["articles"]
