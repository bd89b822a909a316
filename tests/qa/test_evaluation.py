import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import databases
import pytest
from fiction import BRIDGE, SCHOOL, article

from qa.answering import AnswerEvent
from qa.answers import Answer, Citation, Evidence, Question, Searched, Sentence
from qa.citing import cite
from qa.evaluation import BadGold, Gold, evaluate, figures, gold, lines, shares_half
from qa.evaluation.citations import proof, support
from qa.evaluation.estimates import area, f_measure, mean, ratio, share
from qa.evaluation.likeness import best_f1, f1, is_exactly
from qa.evaluation.refusal import Leaning, refusal
from qa.evaluation.retrieval import Ranking, of_records, ranking
from vectorstore.articles import Article, Passage, Source
from vectorstore.catalogue import Catalogue, connect
from vectorstore.search import Hit

LENGTH = Gold("大桥多长?", (), True, (("1860米",),), "大桥全长1860米", ())
COST = Gold("大桥花了多少钱?", (), False, (), None, ())


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    catalogue.put("/1", "{}", [BRIDGE])
    catalogue.put("/2", "{}", [SCHOOL])
    yield catalogue
    catalogue.engine.dispose()


def quote(each: Article, words: str, number: int) -> Citation:
    start = each.text.index(words)
    return cite(each, start, start + len(words), number)


def given(*cited: Citation, hits: tuple[Hit, ...] = (), likely: float = 0.9) -> AnswerEvent:
    """An answer of these quotes; its evidence is the best hit's passage."""
    evidence = [
        Evidence(
            article_id=hit.passage.article_id,
            start=hit.passage.start,
            end=hit.passage.end,
            text=hit.passage.text,
            probability=likely,
        )
        for hit in hits[:1]
    ]
    return AnswerEvent(answer(*cited), hits, tuple(evidence))


def hit(article: Article, words: str) -> Hit:
    """The passage of these words alone."""
    start = article.text.index(words)
    passage = Passage(words, article.id, start, start + len(words), "", words)
    return Hit(passage, 1.0)


def answer(*cited: Citation) -> Answer:
    sentences = tuple(Sentence(each.quote, (each.number or 0,)) for each in cited)
    return Answer(
        id="a",
        conversation="c",
        question="?",
        standalone_question="?",
        answered=bool(cited),
        text="".join(f"{each.text}[1]" for each in sentences) or "报纸里没有。",
        sentences=sentences,
        citations=cited,
        searched=Searched(passages=2),
        timings_ms={"total": 7},
    )


LONG = "大桥全长1860米,预计明年3月通车。"


def test_a_right_answer_is_counted_with_its_citation(catalogue: Catalogue) -> None:
    event = given(quote(BRIDGE, LONG, 1), quote(SCHOOL, "新校区可容纳36个班。", 2))
    (outcome,) = evaluate([LENGTH], lambda _: event, catalogue)
    shown = figures([outcome])
    assert shown.right == 1
    assert shown.citation_precision == 0.5
    assert shown.verbatim == 1
    assert shown.length_ratio == pytest.approx(
        (len(LONG) + len("新校区可容纳36个班。")) / len(LONG)
    )


def test_the_right_words_from_the_wrong_place_are_not_right(catalogue: Catalogue) -> None:
    elsewhere = Gold("班?", (), True, (("36个班",),), "完全不同的一句话在这里", ())
    event = given(quote(SCHOOL, "新校区可容纳36个班。", 1))
    (outcome,) = evaluate([elsewhere], lambda _: event, catalogue)
    assert outcome.said
    assert not outcome.right


def test_refusals_are_counted_on_either_side(catalogue: Catalogue) -> None:
    shown = figures(list(evaluate([LENGTH, COST], lambda _: given(), catalogue)))
    assert (shown.refused, shown.wrongly_refused, shown.right) == (1, 1, 0)


def test_an_answer_to_what_has_none_counts_against_its_citations(catalogue: Catalogue) -> None:
    event = given(quote(BRIDGE, LONG, 1))
    shown = figures(list(evaluate([COST], lambda _: event, catalogue)))
    assert (shown.refused, shown.citation_precision) == (0, 0)


def test_history_is_asked_first_in_the_same_conversation(catalogue: Catalogue) -> None:
    heard: list[Question] = []

    def ask(question: Question) -> AnswerEvent:
        heard.append(question)
        return given()

    follow_up = Gold("它多长?", ("大桥在哪?",), True, (("1860米",),), None, ())
    list(evaluate([follow_up], ask, catalogue))
    assert [(each.text, each.conversation) for each in heard] == [
        ("大桥在哪?", None),
        ("它多长?", "c"),
    ]


def test_both_shapes_of_gold_are_read(tmp_path: Path) -> None:
    lines = [
        {"question": "甲?", "answerable": True, "must": ["一|1", "二"], "quote": "一二"},
        {"question": "乙?", "answers": ["三", "四"], "gold_doc_ids": ["d1"], "answerable": True},
        {"question": "丙?", "answer_groups": [["五"], ["六"]], "history": [{"question": "前?"}]},
        {
            "question": "丁?",
            "answers": ["七"],
            "type": "list",
            "gold_doc_groups": [["d1", "d2"], ["d3"]],
            "also_possible_ids": ["d4"],
            "evidences": ["七。", "七八。"],
            "gold_sentences": ["九。", "十。"],
            "checked": False,
        },
    ]
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    one, two, three, four = gold(path)
    assert one.must == (("一", "1"), ("二",))
    assert (two.must, two.records) == ((("三", "四"),), ("d1",))
    assert (three.must, three.history) == ((("五",), ("六",)), ("前?",))
    assert (four.kind, four.records, four.possible) == ("list", ("d1", "d2", "d3"), ("d4",))
    assert four.groups == (("d1", "d2"), ("d3",))
    assert four.evidences == (("七。",), ("七八。",), ("九。", "十。"))
    assert [each.checked for each in (one, four)] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        '{"answers": ["no question"]}',
        '{"question": ""}',
        '{"question": "a?", "history": [{"answer": "no question"}]}',
    ],
)
def test_bad_gold_is_explained(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text)
    with pytest.raises(BadGold, match="gold"):
        gold(path)


def test_half_of_the_gold_quote_must_be_shared() -> None:
    assert shares_half("据悉,大桥全长1860米。", "大桥全长1860米,预计通车")
    assert not shares_half("大桥通车。", "大桥全长1860米,预计通车")


def test_a_gzip_file_that_is_cut_short_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"question": "?"}' * 9)[:-9])
    with pytest.raises(BadGold, match="cut short"):
        gold(path)


# what is found

RECORDS = Gold("?", (), True, (("一",),), None, ("a", "b"))


@pytest.mark.parametrize(
    ("gold", "found", "right", "enough"),
    [
        pytest.param(RECORDS, ["a", "x"], (True, False), 1, id="first"),
        pytest.param(RECORDS, ["x", "b"], (False, True), 2, id="any of the gold ones will do"),
        pytest.param(RECORDS, ["x", "y"], (False, False), None, id="not found"),
        pytest.param(
            replace(RECORDS, groups=(("a",), ("b", "c")), records=("a", "b", "c")),
            ["a", "x", "c"],
            (True, False, True),
            3,
            id="one of each group is needed",
        ),
        pytest.param(
            replace(RECORDS, possible=("x",)), ["x", "a"], (True,), 1, id="the possible isn't wrong"
        ),
    ],
)
def test_places_are_right_by_their_records(
    gold: Gold, found: list[str], right: tuple[bool, ...], enough: int | None
) -> None:
    ranked = of_records(gold, [{each} for each in found])
    assert (ranked.right, ranked.enough) == (right, enough)


def test_an_article_counts_once_and_its_reprints_with_it() -> None:
    one, other, third = (
        replace(BRIDGE, id=name, source=Source("f", "", name)) for name in ("a", "b", "x")
    )
    articles = {each.id: each for each in (one, other, third)}
    first, again = hit(third, "大桥全长1860米"), hit(third, "合龙误差")
    both = replace(hit(one, "大桥全长1860米"), places=(hit(other, "大桥全长1860米").passage,))
    ranked = ranking(RECORDS, [first, again, both], articles)
    assert ranked == Ranking((False, True), 2, wanted=1)


def test_a_passage_is_right_that_holds_half_of_the_gold_quote() -> None:
    hits = [hit(SCHOOL, "新校区可容纳36个班。"), hit(BRIDGE, LONG), hit(BRIDGE, LONG)]
    ranked = ranking(LENGTH, hits, {})
    assert ranked == Ranking((False, True, False), 2, wanted=1)
    assert ranking(COST, hits, {}) is None


def test_reciprocal_rank_and_gain_are_as_defined() -> None:
    second = Ranking((False, True, False, True), 2, wanted=2)
    assert second.reciprocal == 0.5
    assert second.gain == pytest.approx((1 / 1.585 + 1 / 2.3219) / (1 + 1 / 1.585), abs=1e-4)
    late = Ranking((False,) * 10 + (True,), 11, wanted=1)
    assert (late.reciprocal, late.gain, late.within(8)) == (0, 0, False)


def test_figures_tell_where_the_search_put_what_answers(catalogue: Catalogue) -> None:
    event = given(
        quote(BRIDGE, LONG, 1), hits=(hit(SCHOOL, "新校区可容纳36个班。"), hit(BRIDGE, LONG))
    )
    shown = figures(list(evaluate([LENGTH], lambda _: event, catalogue)))
    assert shown.retrieval
    assert (shown.retrieval.hit_1.value, shown.retrieval.hit_5.value) == (0, 1)
    assert shown.retrieval.mrr_10.value == 0.5


def test_where_it_is_not_told_what_was_found_there_are_no_such_figures(
    catalogue: Catalogue,
) -> None:
    shown = figures(list(evaluate([LENGTH], lambda _: given(), catalogue)))
    assert (shown.retrieval, shown.refusal.auc, shown.refusal.curve) == (None, None, ())


# what is said


@pytest.mark.parametrize(
    ("said", "wanted", "value"),
    [
        pytest.param("1860米", "1860米", 1, id="the same"),
        pytest.param("全长1860米。", "1860米", 2 * 2 / 6, id="characters, and numbers whole"),
        pytest.param("The BRIDGE opened", "bridge", 2 / 4, id="English words"),
        pytest.param("没有", "1860米", 0, id="nothing shared"),
        pytest.param("", "1860米", 0, id="nothing said"),
    ],
)
def test_f1_is_of_the_longest_run_that_is_shared(said: str, wanted: str, value: float) -> None:
    assert f1(said, wanted) == pytest.approx(value)


def test_the_likest_alternative_of_each_group_counts() -> None:
    assert best_f1("十九", [("19", "十九")]) == 1
    assert best_f1("东盟", [("东盟",), ("日本",)]) == 0.5
    assert is_exactly("１８６０米。", [("1860米",)])
    assert not is_exactly("东盟日本", [("东盟",), ("日本",)])


# how far to trust it


def test_shares_have_wilsons_interval() -> None:
    found = share([True] * 8 + [False] * 2)
    assert found
    assert (found.value, found.count) == (0.8, 10)
    assert (found.low, found.high) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )
    assert share([]) is None


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    values = [at / 10 for at in range(11)]
    found = mean(values)
    assert found
    assert found.value == pytest.approx(0.5)
    assert 0.3 < found.low < 0.5 < found.high < 0.71
    assert mean(values) == found
    assert mean([]) is None


def test_a_ratio_is_of_sums() -> None:
    found = ratio([(1, 1), (0, 3)])
    assert found
    assert (found.value, found.count) == (0.25, 4)
    assert ratio([(0, 0)]) is None


def test_the_f_measure_is_of_what_was_given_and_wanted() -> None:
    found = f_measure([(True, True), (True, False), (False, True), (False, False)])
    assert found
    assert found.value == 0.5
    assert f_measure([(False, False)]) is None


def test_area_under_the_curve_counts_ties_half() -> None:
    found = area([0.9, 0.5], [0.5, 0.1])
    assert found
    assert found.value == pytest.approx(3.5 / 4)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert area([], [0.5]) is None


# what is withheld


def test_the_curve_tells_what_another_bar_would_do() -> None:
    leanings = [
        Leaning(True, 0.9, right=True),
        Leaning(True, 0.4, right=True),
        Leaning(True, 0.7, right=False),
        Leaning(False, 0.6, right=False),
    ]
    found = refusal([(False, False), (True, False), (False, False), (False, True)], leanings)
    by_bar = {each.bar: each for each in found.curve}
    assert by_bar[0.5].coverage == 0.75
    assert by_bar[0.5].risk == pytest.approx(2 / 3)
    assert (by_bar[0.5].right, by_bar[0.5].refused) == (pytest.approx(1 / 3), 0)
    assert (by_bar[0.3].right, by_bar[0.8].refused) == (pytest.approx(2 / 3), 1)
    assert by_bar[1.0].risk is None
    assert found.precision
    assert found.auc
    assert (found.precision.value, found.auc.value) == (0, pytest.approx(2 / 3))


def test_what_was_withheld_is_judged_by_its_likeliest_sentence(catalogue: Catalogue) -> None:
    withheld = given(hits=(hit(BRIDGE, LONG),), likely=0.3)
    asked = list(evaluate([LENGTH, COST], lambda _: withheld, catalogue))
    assert [each.leaning for each in asked] == [
        Leaning(True, 0.3, right=True),
        Leaning(False, 0.3, right=False),
    ]
    assert not asked[0].right


# what is cited


def told(sentence: str, *quotes: str) -> Answer:
    """One sentence that cites these quotes of one article."""
    source = article(*quotes)
    cited = [quote(source, each, at) for at, each in enumerate(quotes, start=1)]
    whole = Sentence(sentence, tuple(range(1, len(quotes) + 1)))
    return replace(answer(*cited), sentences=(whole,))


def test_a_sentence_counts_that_its_citations_together_support() -> None:
    def holds_both(question: str, heading: str, text: str) -> float:
        return float("1860米" in text and "6车道" in text)

    answered = told("桥长1860米,有6车道。", "桥长1860米。", "桥有6车道。", "桥下是河。")
    found = support(answered, holds_both)
    assert (found.sentences, found.supported) == (1, 1)
    assert (found.citations, found.needed) == (3, 2)


def test_a_citation_that_supports_alone_is_needed_though_others_do_too() -> None:
    answered = told("桥长1860米。", "桥长1860米。", "大桥的桥长1860米。")
    found = support(answered, lambda *_: 1.0)
    assert (found.supported, found.needed) == (1, 2)


def test_a_sentence_that_says_more_than_its_citations_is_not_supported() -> None:
    found = support(told("桥长1999米。", "桥长1860米。"), lambda *_: 1.0)
    assert (found.supported, found.needed) == (0, 0)
    found = support(told("桥长1860米。", "桥长1860米。"), lambda *_: 0.2)
    assert (found.supported, found.needed) == (0, 0)


def test_citations_are_held_against_known_evidence() -> None:
    known = replace(LENGTH, evidences=(("桥长1860米。桥有6车道。",), ("没有引用的一句话。",)))
    answered = told("桥长1860米。", "桥长1860米。", "桥下是河。")
    found = proof(answered, known)
    assert found
    assert (found.cited, found.proving, found.wanted, found.found) == (2, 1, 2, 1)
    assert proof(answer(), known) is None


# all together


def test_follow_ups_and_kinds_are_told_apart(catalogue: Catalogue) -> None:
    event = given(quote(BRIDGE, LONG, 1))
    asked = [
        replace(LENGTH, kind="howmany"),
        replace(LENGTH, history=("大桥在哪?",), kind="howmany"),
        replace(COST, kind="event"),
    ]
    shown = figures(list(evaluate(asked, lambda _: event, catalogue, lambda *_: 1.0)))
    assert (shown.first_questions.questions, shown.follow_ups.questions) == (2, 1)
    assert list(shown.answers.by_kind) == ["event", "howmany"]
    wrong = shown.answers.by_kind["event"].refused
    assert wrong
    assert (wrong.value, wrong.count) == (0, 1)
    assert shown.citing.recall
    assert shown.citing.recall.value == 1
    assert shown.stages_ms["total"].p95 == 7


def test_each_outcome_is_a_line(catalogue: Catalogue) -> None:
    event = given(quote(BRIDGE, LONG, 1), hits=(hit(BRIDGE, LONG),))
    (line,) = lines(evaluate([LENGTH], lambda _: event, catalogue))
    written = json.loads(line)
    assert (written["right"], written["found_at"], written["confidence"]) == (True, 1, 0.9)
