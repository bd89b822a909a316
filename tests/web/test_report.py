import re
from pathlib import Path

import pytest
from newsroom import BRIDGE_NEWS, HOSTILE, Desk

from qa.answering import AnswerEvent, end
from qa.answers import Evidence, Question
from qa.evaluation import Gold, Outcome, evaluate, figures
from vectorstore.articles import Passage
from vectorstore.search import Hit
from web import report

HEAD = {"set": "<i>gold</i>.jsonl", "date": "2026-11-28"}
ASKED = [
    Gold(
        "青石桥的桥长多少米？",
        (),
        True,
        (("一千二百六十米",),),
        "桥长一千二百六十米",
        (),
        kind="<u>",
    ),
    Gold("书店开张时来了多少位读者？", (), False, (), None, ()),
    Gold("建桥用了几年？", (), True, (("四年",),), "建桥用了三年", ()),
]


@pytest.fixture
def outcomes(archive: Desk) -> list[Outcome]:
    """Questions asked of the small newspaper, as if all had been drawn from one passage."""
    start, text = 0, BRIDGE_NEWS.text[:30]
    passage = Passage("p", BRIDGE_NEWS.id, start, start + 30, "", text)
    evidence = Evidence(
        article_id=BRIDGE_NEWS.id, start=start, end=start + 30, text=text, probability=0.6
    )

    def ask(question: Question) -> AnswerEvent:
        answer = end(archive.answerer.events(question)).answer
        return AnswerEvent(answer, (Hit(passage, 1.0),), (evidence,))

    return list(evaluate(ASKED, ask, archive.catalogue, lambda *_: 1.0))


def test_lines_tell_every_figure_but_the_curve(outcomes: list[Outcome]) -> None:
    told = "\n".join(report.told(HEAD | dict(figures(outcomes).rows())))
    assert "right  0.500\n" in told
    assert re.search(r"hit_1  0\.500 \(0\.\d+ to 0\.\d+, of 2\)", told)
    assert re.search(r"<u>  questions 1, right 1\.000 \(", told)
    assert re.search(r"total  median 4\.000, p95 4\.000", told)
    assert "curve" not in told


def test_a_page_shows_figures_plots_and_what_went_wrong(outcomes: list[Outcome]) -> None:
    page = report.page(HEAD, figures(outcomes), outcomes)
    for title in ("Risk and coverage", "What another bar would do", "Time of a question"):
        assert title in page
    assert page.count("<svg ") == page.count("</svg>") == 4
    assert "2 of 3 questions" in page
    assert "建桥用了几年？" in page
    assert "青石桥的桥长多少米？" not in page


def test_a_page_needs_no_other_host_and_runs_nothing(outcomes: list[Outcome]) -> None:
    assert HOSTILE[:8] == "<script>"
    page = report.page(HEAD, figures(outcomes), outcomes)
    assert "<script" not in page
    assert "&lt;script&gt;" in page  # what the newspaper printed, as text
    assert "<i>gold" not in page
    assert "<u>" not in page
    assert not re.search(r"(?:src|(?<!xlink:)href)=[\"'](?!#)", page)
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page


def test_without_what_was_found_a_page_has_the_plots_that_are_left(archive: Desk) -> None:
    def ask(question: Question) -> AnswerEvent:
        return AnswerEvent(archive.answerer.answer(question))

    asked = list(evaluate(ASKED, ask, archive.catalogue))
    page = report.page(HEAD, figures(asked), asked)
    assert page.count("<svg ") == 1


def test_what_plots_need_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report.expect_plots()
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    with pytest.raises(report.PlotsUnavailable, match=r"pip install 'baowen\[plots\]'"):
        report.expect_plots()
