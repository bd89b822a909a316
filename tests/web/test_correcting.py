"""Corrections over HTTP: the operator's form, the interface, what readers report, old citations."""

import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, LATER_NEWS, Desk

from vectorstore.articles import join
from web import correcting
from web.register import Role

ARTICLE = f"/articles/{BRIDGE_NEWS.id}"
FORM = f"{ARTICLE}/correct"
API = f"/api/v1{ARTICLE}/corrections"
LIST = "/operator/corrections"


def version(client: FlaskClient) -> str:
    found = re.search(r'name="version" value="([^"]+)"', client.get(FORM).text)
    assert found
    return found[1]


def text_of(archive: Desk) -> str:
    article = archive.catalogue.article(BRIDGE_NEWS.id)
    assert article
    return article.text


def test_the_operator_puts_an_article_right_on_its_page(chief: FlaskClient, archive: Desk) -> None:
    assert f'href="{FORM}"' in chief.get(ARTICLE).text
    text = BRIDGE_NEWS.text.replace("合龙，", "合拢，").replace("米。通车", "米。\n通车")
    sent = chief.post(
        FORM,
        data={
            "version": version(chief),
            "headline": "一桥飞架\r\n<i>南北</i>",
            "byline": "何望\r\n祝清和",
            "issued": "2023-10-13",
            "text": text.replace("\n", "\r\n"),
            "why": "<b>对照原报</b>",
        },
    )
    assert sent.status_code == 303
    assert sent.location == ARTICLE
    article = archive.catalogue.article(BRIDGE_NEWS.id)
    assert article
    assert article.headline == ("一桥飞架", "<i>南北</i>")
    assert article.byline == ("何望", "祝清和")
    assert str(article.issued) == "2023-10-13"
    assert article.text == text
    assert article.page == BRIDGE_NEWS.page  # the form didn't say
    page = chief.get(ARTICLE).text
    assert "编者更正过 5 处" in page
    assert "&lt;b&gt;对照原报" in page
    assert "<i>" not in page
    assert "<del>龙</del><ins>拢</ins>" in page


def test_a_reader_sees_that_it_was_corrected_and_not_who_did(
    reader: FlaskClient, chief: FlaskClient
) -> None:
    chief.post(FORM, data={"version": version(chief), "page": "02", "why": "翻了版面"})
    page = reader.get(ARTICLE).text
    assert "编者更正过 1 处" in page
    assert "翻了版面" not in page
    assert FORM not in page
    assert reader.get(FORM).status_code == 302
    assert reader.post(FORM, data={"page": "03"}).status_code == 302
    assert reader.post(f"{ARTICLE}/corrections/1/withdraw").status_code == 302
    assert reader.get(LIST).status_code == 302


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        pytest.param({"issued": "2023-02-30"}, 422, "a day that there is", id="a day"),
        pytest.param({"text": "另一篇。" * 400}, 422, "500 characters", id="another article"),
        pytest.param({"text": ""}, 422, "empty", id="no text"),
        pytest.param({"why": "长" * 501, "page": "02"}, 422, "why", id="a long reason"),
        pytest.param({"version": "old", "page": "02"}, 409, "刚刚变了", id="an old form"),
    ],
)
def test_a_form_that_is_refused_changes_nothing_and_keeps_what_was_written(
    chief: FlaskClient, archive: Desk, form: dict[str, str], status: int, says: str
) -> None:
    response = chief.post(FORM, data={"version": version(chief), "kicker": "写了一半"} | form)
    assert response.status_code == status
    assert says in response.text
    assert "写了一半" in response.text
    assert archive.catalogue.article(BRIDGE_NEWS.id) == replace(BRIDGE_NEWS)


def test_another_sites_form_corrects_and_reports_nothing(chief: FlaskClient, archive: Desk) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    sent = {"version": version(chief), "page": "09"}
    assert chief.post(FORM, data=sent, headers=foreign).status_code == 403
    report = {"wrong": "name", "comment": "姓何"}
    assert chief.post(f"{ARTICLE}/report", data=report, headers=foreign).status_code == 403
    assert archive.catalogue.corrections([BRIDGE_NEWS.id]) == archive.catalogue.reports() == []


def test_a_correction_is_taken_back_on_the_form(chief: FlaskClient, archive: Desk) -> None:
    chief.post(FORM, data={"version": version(chief), "page": "02"})
    (made,) = archive.catalogue.corrections([BRIDGE_NEWS.id])
    link = f"{ARTICLE}/corrections/{made.number}/withdraw"
    assert link in chief.get(FORM).text
    assert chief.post(link).location == FORM
    assert archive.catalogue.article(BRIDGE_NEWS.id) == BRIDGE_NEWS
    assert chief.post(link).status_code == 404


def test_old_citations_tell_what_became_of_their_words(chief: FlaskClient, archive: Desk) -> None:
    asked = chief.post("/api/v1/questions", json={"question": "青石桥的桥长多少米？"}).json
    assert asked
    url = f"/api/v1{asked['citations'][0]['url']}"
    assert chief.get(url).json["status"] == "exact"  # type: ignore[index]

    def rewritten(text: str) -> str:
        chief.post(FORM, data={"version": version(chief), "text": text})
        return str(chief.get(url).json["status"])  # type: ignore[index]

    assert rewritten(f"桥讯。\n{BRIDGE_NEWS.text}") == "moved"
    assert rewritten(BRIDGE_NEWS.text.replace("一千二百六十", "一千二百八十")) == "changed"
    for each in archive.catalogue.corrections([BRIDGE_NEWS.id]):
        archive.catalogue.withdraw(BRIDGE_NEWS.id, each.number)
    assert chief.get(url).json["status"] == "exact"  # type: ignore[index]


def test_a_reader_reports_and_the_operator_sees_to_it(
    reader: FlaskClient, chief: FlaskClient
) -> None:
    assert 'action="/articles/' in reader.get(ARTICLE).text
    said = {"wrong": "break", "comment": "<script>第二段</script>接错了"}
    sent = reader.post(f"{ARTICLE}/report", data=said)
    assert sent.status_code == 303
    assert "已记下" in reader.get(sent.location).text
    assert "接错了" not in reader.get(ARTICLE).text
    for page in (chief.get(LIST).text, chief.get(FORM).text):
        assert "&lt;script&gt;第二段" in page
        assert "段落断错或接错" in page
    link = re.search(r'action="(/operator/reports/\d+/settle)"', chief.get(LIST).text)
    assert link
    assert reader.post(link[1]).status_code == 302
    assert chief.post(link[1]).status_code == 303
    assert "没有读者报错" in chief.get(LIST).text
    assert chief.post(link[1]).status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param({"wrong": "spelling"}, 422, id="of no kind"),
        pytest.param({"comment": "错"}, 422, id="without a kind"),
        pytest.param({"wrong": "name", "comment": "错" * 501}, 422, id="too long"),
        pytest.param({"wrong": "name", "comment": "\x00"}, 422, id="a control character"),
    ],
)
def test_a_report_that_cannot_be_taken_is_refused(
    reader: FlaskClient, archive: Desk, said: dict[str, str], status: int
) -> None:
    assert reader.post(f"{ARTICLE}/report", data=said).status_code == status
    assert archive.catalogue.reports() == []
    assert reader.post("/articles/none/report", data={"wrong": "name"}).status_code == 404


def test_the_list_has_pages_and_shows_what_fits_no_more(
    chief: FlaskClient, archive: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "SHOWN", 1)
    for word in ("甲处", "乙处"):
        chief.post(f"/articles/{LATER_NEWS.id}/report", data={"wrong": "date", "comment": word})
    first = chief.get(LIST).text
    assert "乙处" in first
    assert "甲处" not in first
    older = re.search(r"before=\d+", first)
    assert older
    assert "甲处" in chief.get(f"{LIST}?{older[0]}").text
    assert chief.get(f"{LIST}?before=x").status_code == 422
    chief.post(FORM, data={"version": version(chief), "page": "02"})
    origin = BRIDGE_NEWS.source.file
    newer = replace(BRIDGE_NEWS, page="05")
    archive.catalogue.put(origin, "{}", [newer], archive.catalogue.source_at(origin))
    page = chief.get(LIST).text
    assert "不再适用的更正（1）" in page
    assert "未生效" in page
    (unfit,) = archive.catalogue.misfits()
    chief.post(f"{ARTICLE}/corrections/{unfit.number}/withdraw")
    assert "不再适用" not in chief.get(LIST).text


def test_programs_correct_with_an_editors_key(reader: FlaskClient, archive: Desk) -> None:
    _, key = archive.keys.create("the evening desk", Role.EDITOR)
    _, other = archive.keys.create("a reader", Role.READER)
    wrong = {"field": "text", "was": "八百", "becomes": "九百", "why": "数错了"}
    assert reader.post(API, json=wrong).status_code == 401
    assert reader.get(API).status_code == 401
    editor = {"Authorization": f"Bearer {key}"}
    assert (
        reader.post(API, json=wrong, headers={"Authorization": f"Bearer {other}"}).status_code
        == 403
    )
    made = reader.post(API, json=wrong, headers=editor)
    assert made.status_code == 201
    assert made.json
    assert made.json["who"] == "the evening desk"
    assert made.json["applied"] is True
    assert "九百" in text_of(archive)
    listed = reader.get(API, headers=editor).json
    assert listed == {"corrections": [made.json]}
    one = f"{API}/{made.json['number']}"
    assert reader.delete(one, headers=editor).status_code == 204
    assert reader.delete(one, headers=editor).status_code == 404
    assert "八百" in text_of(archive)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"field": "text", "was": "不在", "becomes": "在"}, 422, id="not there"),
        pytest.param({"field": "text", "was": "桥", "becomes": "橋"}, 422, id="several"),
        pytest.param({"field": "page", "becomes": "01"}, 422, id="as it is"),
        pytest.param({"field": "page", "was": "09", "becomes": "02"}, 422, id="other words"),
        pytest.param({"field": "issued", "becomes": "gestern"}, 422, id="no day"),
        pytest.param({"field": "id", "becomes": "x"}, 422, id="no such field"),
        pytest.param({"field": "page", "becomes": "\ud800"}, 422, id="half a character"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused_by_its_field(
    client: FlaskClient, archive: Desk, body: dict[str, str], status: int
) -> None:
    response = client.post(API, data=json.dumps(body), content_type="application/json")
    assert response.status_code == status
    assert response.json
    assert response.json["errors"]
    assert archive.catalogue.article(BRIDGE_NEWS.id) == BRIDGE_NEWS
    assert (
        client.post(
            "/api/v1/articles/none/corrections", json=body | {"field": "page", "becomes": "1"}
        ).status_code
        == 404
    )
    assert client.get("/api/v1/articles/none/corrections").status_code == 404
    assert client.delete(f"{API}/x").status_code == 422


def test_words_that_stand_in_several_places_are_corrected_by_where_they_start(
    client: FlaskClient, archive: Desk
) -> None:
    at = BRIDGE_NEWS.text.rindex("桥")
    sent = {"field": "text", "was": "桥", "becomes": "大桥", "start": at}
    assert client.post(API, json=sent).status_code == 201
    assert text_of(archive) == BRIDGE_NEWS.text[:at] + "大" + BRIDGE_NEWS.text[at:]
    assert join(BRIDGE_NEWS.parts)[0] == BRIDGE_NEWS.text
