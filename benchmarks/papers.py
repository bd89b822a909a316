"""Newspapers of our own invention, and questions on them: what the reader and the ranking learn from.

``benchmarks/papers`` holds a file for each group of articles that resemble one another:

    @ 2023-03-10 霁州日报                               an article: its day and paper,
    # 老旧小区改造今年启动                                its headline,
    本报讯(记者 车明远)3月9日,……                        its paragraphs, a line each;
    ## 城东区                                            a heading within it.
    ? howmany | 今年改造几个小区? | 68个 | 今年改造68个   kind, question, answer, the quote that proves it;
    ? how | 怎样征求意见? | * | 凡是没有征得……            * where the whole quote is the answer;
    ! attribute | 俞伯衡多少岁?                          a question that no article answers;
    ! followup < 谁主持的会? | 他多大?                   and what was asked before it.

    python benchmarks/papers.py                     checks the files and counts what they hold
    python benchmarks/papers.py --hold FOLDER       writes articles.jsonl, to ingest, and to evaluate
                                                    questions.jsonl: of the files 10,
                                                    followups.jsonl: of all files that are answered,
                                                    changes.jsonl: asked after another subject
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.articles import Article, BlockKind, Source, join
from vectorstore.dates import first_sentence, told

FOLDER = Path(__file__).parent / "papers"
TUNE, HOLD = "09", "10"
"""Files of these numbers are kept from the reader: to fit weights on, and to measure on."""


CHANGES = 300
"""Questions that are asked after one about something else."""


class BadPaper(ValueError):
    """A file is not in the form above; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question on a paper, and where its answer stands."""

    question: str
    history: tuple[str, ...] = ()
    kind: str
    article: Article
    """The one that answers, or the one that only seems to."""
    quote: tuple[int, int] | None = None
    """Offsets in the article's text; None where nothing answers."""
    answers: tuple[tuple[int, int], ...] = ()
    """The stretches of the quote that must be said; all of it where there is none."""
    split: str


def papers(folder: Path = FOLDER) -> Iterator[tuple[list[Article], list[Query]]]:
    """The articles and questions of each file. Raises ``BadPaper``."""
    for path in sorted(folder.rglob("*.txt")):
        yield _paper(path)


def _paper(path: Path) -> tuple[list[Article], list[Query]]:
    number = re.sub(r"\D", "", path.stem)
    split = {TUNE: "tune", HOLD: "hold"}.get(number, "train")
    articles: list[Article] = []
    queries: list[Query] = []
    for position, part in enumerate(re.split(r"^@ ", path.read_text("utf-8"), flags=re.M)[1:], 1):
        first, *rest = [line.strip() for line in part.splitlines() if line.strip()]
        day, _, publication = first.partition(" ")
        text, blocks = join(list(_blocks(rest)))
        name = f"{path.parent.name}/{path.stem}-{position}"
        issued = date.fromisoformat(day)
        article = Article(
            id=name,
            headline=tuple(each[2:] for each in rest if each.startswith("# ")),
            publication=publication,
            issued=issued,
            date=told(first_sentence(text), issued) or day,
            text=text,
            blocks=blocks,
            source=Source(path.name, "", name),
        )
        articles.append(article)
        for line in rest:
            if line[0] in "?!":
                queries.append(_query(line, article, split))
    return articles, queries


def _blocks(lines: list[str]) -> Iterator[tuple[BlockKind, str]]:
    for line in lines:
        if line.startswith("## "):
            yield BlockKind.HEADING, line[3:]
        elif line[0] not in "#?!":
            yield BlockKind.PARAGRAPH, line


def _query(line: str, article: Article, split: str) -> Query:
    kind, question, *proof = [part.strip() for part in line[2:].split(" | ")]
    kind, _, earlier = kind.partition(" < ")
    history = (earlier,) if earlier else ()
    given = {"question": question, "history": history, "kind": kind, "article": article}
    if line[0] == "!":
        return Query(**given, split=split)  # type: ignore[arg-type]
    try:
        answer, quote = proof
        start = article.text.index(quote)
        parts = () if answer == "*" else answer.split(" & ")
        answers = tuple(
            (start + at, start + at + len(part)) for part in parts for at in [quote.index(part)]
        )
    except ValueError as error:
        raise BadPaper(f"{article.id}: {line}: {error}") from error
    return Query(**given, quote=(start, start + len(quote)), answers=answers, split=split)  # type: ignore[arg-type]


def write(folder: Path) -> None:
    """All articles, and questions to measure on, as Baowen takes them in."""
    groups = list(papers())
    articles = [
        {
            "id": each.id,
            "title": each.title,
            "text": each.text,
            "date": each.issued and each.issued.isoformat(),
            "publication": each.publication,
        }
        for articles, _ in groups
        for each in articles
    ]
    queries = [each for _, queries in groups for each in queries]
    answered = [each for each in queries if each.quote]
    first = [each for each in answered if not each.history]
    before, after = (random.Random(seed).sample(first, CHANGES) for seed in (2, 1))
    files = {
        "articles": articles,
        "questions": [_row(each) for each in queries if each.split == "hold"],
        "followups": [_row(each) for each in answered if each.history],
        "changes": [
            _row(each) | {"history": [other.question]}
            for other, each in zip(before, after, strict=True)
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")


def _row(query: Query) -> dict[str, Any]:
    text = query.article.text
    return {
        "question": query.question,
        "history": query.history,
        "answerable": query.quote is not None,
        "must": [text[a:b] for a, b in query.answers],
        "quote": text[slice(*query.quote)] if query.quote else None,
        "kind": query.kind,
    }


def main() -> None:
    """Count articles and questions, or write those to measure on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hold", type=Path, help="folder to write into")
    if folder := parser.parse_args().hold:
        write(folder)
        return
    counts: Counter[str] = Counter()
    for articles, queries in papers():
        counts["articles"] += len(articles)
        for query in queries:
            counts[f"{query.split}, {'answered' if query.quote else 'not answered'}"] += 1
    for name, count in sorted(counts.items()):
        print(f"{count:5} {name}")


if __name__ == "__main__":
    main()
