from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import databases
import pytest
from fiction import BRIDGE, SCHOOL, article
from sqlalchemy import update

from qa.answers import Answer, Citation, Searched, Sentence, Status, Verdict
from qa.citing import also_in, cite
from qa.ledger import GAP, Ledger, answers, conversations, marked
from vectorstore.articles import Article, Source
from vectorstore.catalogue import Catalogue, connect


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    catalogue = Catalogue(engine)
    for at, each in enumerate((BRIDGE, SCHOOL)):
        catalogue.put(f"/{at}.txt", "{}", [each])
    yield Ledger(engine, catalogue)
    engine.dispose()


def quote(each: Article, words: str, number: int | None = None) -> Citation:
    start = each.text.index(words)
    return cite(each, start, start + len(words), number)


def an_answer(name: str = "a", conversation: str = "c") -> Answer:
    cited = (quote(BRIDGE, "大桥全长1860米", 1), quote(SCHOOL, "新校区可容纳36个班。", 2))
    sentences = tuple(Sentence(each.quote, (each.number or 0,)) for each in cited)
    return Answer(
        id=name,
        conversation=conversation,
        question="大桥多长?",
        standalone_question="鹤汀大桥多长?",
        answered=True,
        text=marked(sentences),
        sentences=sentences,
        citations=cited,
        searched=Searched(passages=3, since=date(2024, 1, 1)),
        related=(quote(SCHOOL, "东埠区第三小学"),),
        timings_ms={"total": 5},
    )


def test_an_answer_keeps_the_places_that_it_was_given_with(ledger: Ledger) -> None:
    catalogue = ledger.catalogue
    one, two = (
        replace(BRIDGE, id=name, headline=(name,), source=Source(name, name.rjust(64, "0")))
        for name in ("one", "two")
    )
    catalogue.put("/one", "{}", [one])
    given = an_answer()
    cited = tuple(
        also_in(each, catalogue.reprints_of([each.article.id]).get(each.article.id, ()))
        for each in given.citations
    )
    assert [[place.id for place in each.also] for each in cited] == [["one"], []]
    ledger.keep(replace(given, citations=cited))
    catalogue.put("/two", "{}", [two])
    kept = ledger.answer("a")
    assert kept
    assert kept.citations == cited
    now = ledger.citation(cited[0].id)
    assert now
    assert {place.id for place in now.also} == {"one", "two"}
    remove(ledger, "one")
    kept = ledger.answer("a")
    assert kept
    assert [each.also for each in kept.citations] == [(), ()]
    remove(ledger, BRIDGE.id)
    gone = ledger.citation(cited[0].id)
    assert gone
    assert (gone.status, gone.also) == (Status.REMOVED, ())


def change(ledger: Ledger, each: Article, origin: str) -> None:
    catalogue = ledger.catalogue
    catalogue.put(origin, "{}", [each], catalogue.source_at(origin))


def remove(ledger: Ledger, *ids: str) -> None:
    with ledger.catalogue.writing() as connection:
        ledger.redact(connection, ids)
        ledger.catalogue.drop(connection, ids)


def test_an_answer_comes_back_as_it_was_given(ledger: Ledger) -> None:
    ledger.keep(an_answer())
    assert ledger.answer("a") == an_answer()


def test_a_conversation_holds_its_answers_in_order(ledger: Ledger) -> None:
    for name in "abc":
        ledger.keep(an_answer(name))
    ledger.keep(an_answer("d", "another"))
    conversation = ledger.conversation("c")
    assert conversation
    assert [each.id for each in conversation.answers] == ["a", "b", "c"]
    assert conversation.turns[0].question == "鹤汀大桥多长?"


def test_a_deleted_conversation_leaves_its_citations(ledger: Ledger) -> None:
    ledger.keep(an_answer())
    assert ledger.forget("c")
    assert not ledger.forget("c")
    assert ledger.answer("a") is None
    assert ledger.conversation("c") is None
    assert ledger.citation(an_answer().citations[0].id)


def test_conversations_in_which_nothing_was_asked_for_long_are_forgotten(ledger: Ledger) -> None:
    ledger.keep(an_answer("old", conversation="left"))
    ledger.judge("old", Verdict.UP, "thank you")
    ledger.keep(an_answer("first", conversation="taken up again"))
    long_ago, bound = datetime(2024, 5, 17, tzinfo=UTC), datetime(2024, 5, 18, tzinfo=UTC)
    with ledger.engine.begin() as connection:
        connection.execute(update(conversations).values(begun_at=long_ago))
        connection.execute(update(answers).values(given_at=long_ago))
    ledger.keep(an_answer("second", conversation="taken up again"))
    assert ledger.forget_before(bound - timedelta(days=2)) == 0
    assert ledger.forget_before(bound) == 1
    assert ledger.conversation("left") is None
    assert ledger.answer("old") is None
    assert ledger.feedback("old") == []
    kept = ledger.conversation("taken up again")
    assert kept
    assert [each.id for each in kept.answers] == ["first", "second"]
    assert ledger.citation(an_answer().citations[0].id)
    assert ledger.forget_before(bound) == 0


def test_a_citation_resolves_after_its_article_changed(ledger: Ledger) -> None:
    ledger.keep(an_answer())
    first, second = an_answer().citations
    change(ledger, article("更正在前。", *BRIDGE.text.split("\n")), "/0.txt")
    change(ledger, replace(article("全改了。", position=2), id=SCHOOL.id), "/1.txt")
    moved, changed = ledger.citation(first.id), ledger.citation(second.id)
    assert moved
    assert moved.status is Status.MOVED
    assert changed
    assert changed.status is Status.CHANGED
    assert changed.quote == second.quote


def test_a_removed_article_leaves_a_gap_and_none_of_its_words(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.keep(an_answer())
    remove(ledger, BRIDGE.id)
    kept = ledger.answer("a")
    assert kept
    assert kept.sentences[0].text == GAP["zh"]
    assert kept.sentences[1].text == "新校区可容纳36个班。"
    assert kept.citations[0].status is Status.REMOVED
    assert kept.citations[0].quote == ""
    assert kept.citations[0].article.headline == "鹤汀大桥合龙"
    assert "1860" not in kept.text
    ledger.engine.dispose()
    for file in tmp_path.iterdir():
        assert "大桥全长1860米".encode() not in file.read_bytes(), file.name


def test_a_citation_lives_again_with_its_article(ledger: Ledger) -> None:
    ledger.keep(an_answer())
    remove(ledger, BRIDGE.id)
    change(ledger, BRIDGE, "/0.txt")
    cited = an_answer().citations[0]
    assert ledger.citation(cited.id) == replace(cited, number=None)
    ledger.keep_citations([cited])
    assert ledger.citation(cited.id) == replace(cited, number=None)


def test_a_citation_stays_removed_where_its_article_comes_back_changed(ledger: Ledger) -> None:
    ledger.keep(an_answer())
    remove(ledger, BRIDGE.id)
    words = BRIDGE.text.replace("1860", "1680")
    change(ledger, replace(BRIDGE, text=words), "/0.txt")
    kept = ledger.citation(an_answer().citations[0].id)
    assert kept
    assert (kept.status, kept.quote) == (Status.REMOVED, "")


def test_many_may_keep_the_same_citation_at_once(ledger: Ledger) -> None:
    with ThreadPoolExecutor(16) as many:
        list(many.map(lambda at: ledger.keep(an_answer(f"a{at}")), range(32)))
    conversation = ledger.conversation("c")
    assert conversation
    assert {each.id for each in conversation.answers} == {f"a{at}" for at in range(32)}


def test_what_is_taken_out_while_it_is_answered_leaves_none_of_its_words(
    ledger: Ledger, tmp_path: Path
) -> None:
    answer = an_answer()
    remove(ledger, BRIDGE.id)
    ledger.keep(answer)
    kept = ledger.answer("a")
    assert kept
    assert [each.text for each in kept.sentences] == [GAP["zh"], "新校区可容纳36个班。"]
    ledger.engine.dispose()
    for file in tmp_path.iterdir():
        assert "大桥全长1860米".encode() not in file.read_bytes(), file.name


def test_an_unknown_id_is_none(ledger: Ledger) -> None:
    assert ledger.answer("no") is ledger.citation("no") is ledger.conversation("no") is None


FRONT = replace(article("引桥将在年底之"), id="front", continued_to="03")
INSIDE = replace(
    article("前接上。", "明年春天通车。", page="03", source=Source("03.txt", "3" * 64)),
    id="inside",
    continued_from="01",
)


def test_what_is_cited_of_a_half_is_found_in_the_whole(ledger: Ledger) -> None:
    change(ledger, INSIDE, "/03.txt")
    cited = quote(INSIDE, "明年春天通车。")
    ledger.keep_citations([cited])
    change(ledger, FRONT, "/01.txt")
    kept = ledger.citation(cited.id)
    assert kept
    assert kept.status is Status.MOVED
    whole = ledger.catalogue.article(kept.article.id)
    assert whole
    assert whole.id == FRONT.id
    assert whole.text[kept.start : kept.end] == cited.quote


def test_what_is_cited_of_a_half_goes_with_its_page_alone(ledger: Ledger) -> None:
    for each, origin in ((FRONT, "/01.txt"), (INSIDE, "/03.txt")):
        change(ledger, each, origin)
    whole = ledger.catalogue.article(FRONT.id)
    assert whole
    kept, gone = quote(whole, "引桥将在年底之", 1), quote(whole, "明年春天通车。", 2)
    ledger.keep_citations([kept, gone])
    with ledger.catalogue.writing() as connection:
        for file in ledger.catalogue.sources_from("/03.txt"):
            ledger.catalogue.drop_source(connection, file.id)
        ledger.redact_lost(connection, [FRONT.id])
    statuses = [ledger.citation(each.id) for each in (kept, gone)]
    assert [each.status for each in statuses if each] == [Status.EXACT, Status.REMOVED]


def test_a_reader_finds_their_conversations_by_name_question_and_answer(ledger: Ledger) -> None:
    for name, conversation in (("a", "c"), ("b", "c"), ("d", "e"), ("f", "g")):
        ledger.keep(an_answer(name, conversation))
    for conversation in ("c", "e"):
        ledger.adopt(conversation, "mine")
    ledger.adopt("e", "another's")
    ledger.adopt("g", "another's")
    ledger.rename("e", "100%的桥")

    def listed(words: str | None = None) -> list[tuple[str, str, int]]:
        found = ledger.conversations_of("mine", words, limit=9)
        return [(each.id, each.name, each.questions) for each in found]

    assert listed() == [("e", "100%的桥", 1), ("c", "大桥多长?", 2)]
    assert [each for each, *_ in listed("100% 新校区")] == ["e"]
    assert [each for each, *_ in listed("新校区")] == ["e", "c"]
    assert listed("%月球") == []
    assert [each.id for each in ledger.conversations_of("mine", limit=1, skip=1)] == ["c"]
    ledger.rename("e", None)
    assert listed()[0][1] == "大桥多长?"
    kept = ledger.conversation("e")
    assert kept
    assert (kept.reader, kept.name) == ("mine", None)


def test_what_was_said_of_answers_is_listed_with_them_newest_first(ledger: Ledger) -> None:
    first, second = an_answer(), an_answer("b")
    ledger.keep(first)
    ledger.keep(second)
    cited = first.citations[0].id
    assert ledger.judge("a", Verdict.UP, "")
    assert ledger.judge("b", Verdict.DOWN, "年份错了")
    assert ledger.judge("a", Verdict.DOWN, "不是这座桥", cited)
    assert not ledger.judge("a", Verdict.DOWN, "", "not cited")
    said = ledger.judged(limit=9)
    assert [(each.answer.id, each.feedback.comment) for each in said] == [
        ("a", "不是这座桥"),
        ("b", "年份错了"),
        ("a", ""),
    ]
    assert [each.citation and each.citation.id for each in said] == [cited, None, None]
    assert said[0].answer.searched == first.searched
    assert [each.number for each in ledger.judged(Verdict.DOWN, limit=9)] == [3, 2]
    assert [each.number for each in ledger.judged(before=3, limit=1)] == [2]
    ledger.forget("c")
    assert ledger.judged(limit=9) == []
