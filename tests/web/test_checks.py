"""Checking a quote over HTTP and on its page, without JavaScript."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, Desk

BUILT = "建桥用了三年，工人最多时有八百人。"


def check(client: FlaskClient, text: str) -> dict[str, object]:
    response = client.post("/api/v1/check", json={"text": text})
    assert response.status_code == 200
    assert response.json
    return response.json


def page(client: FlaskClient, text: str) -> str:
    response = client.post("/check", data={"text": text})
    assert response.status_code == 200
    return response.text


def test_a_quote_that_is_printed_leads_to_its_place(client: FlaskClient) -> None:
    found = check(client, f"  {BUILT}\n")
    assert found["finding"] == "exact"
    (part,) = found["parts"]  # type: ignore[misc]
    assert part["citation"]["quote"] == BUILT
    assert part["article"]["id"] == BRIDGE_NEWS.id
    assert part["runs"] == []
    cited = client.get(part["citation"]["url"])
    assert f'<mark id="quote">{BUILT}</mark>' in cited.text
    assert client.get(f"/api/v1/citations/{part['citation']['id']}").json["quote"] == BUILT  # type: ignore[index]


def test_what_was_altered_is_marked(client: FlaskClient) -> None:
    found = check(client, "建桥用了五年，工人最多时有八百人。")
    assert found["finding"] == "numbers"
    (part,) = found["parts"]  # type: ignore[misc]
    told = [(run["side"], run["text"]) for run in part["runs"]]
    assert told == [
        ("both", "建桥用了"),
        ("quoted", "五"),
        ("printed", "三"),
        ("both", "年，工人最多时有八百人。"),
    ]
    shown = page(client, "建桥用了五年，工人最多时有八百人。")
    assert "建桥用了<del>五</del><ins>三</ins>年" in shown
    assert "数字有改动" in shown


def test_a_headline_is_found_without_a_citation(client: FlaskClient) -> None:
    (part,) = check(client, "一桥飞架南北")["parts"]  # type: ignore[misc]
    assert part["finding"] == "exact"
    assert part["citation"] is None
    assert part["article"]["id"] == BRIDGE_NEWS.id
    assert f"/articles/{BRIDGE_NEWS.id}" in page(client, "一桥飞架南北")


def test_another_paper_is_told(client: FlaskClient) -> None:
    text = f"据《旧闻》报道，{BUILT}"
    found = check(client, text)
    assert found["finding"] == "misattributed"
    assert found["attributions"] == [
        {"role": "paper", "claimed": "旧闻", "printed": "临湖晚报", "agrees": False}
    ]
    assert "刊登它的是 临湖晚报" in page(client, text)


def test_what_is_made_up_is_not_found(client: FlaskClient) -> None:
    text = "外星飞船降落码头，市民夹道欢迎贵宾。"
    assert check(client, text)["finding"] == "not_found"
    assert "报库里没有这句话" in page(client, text)


@pytest.mark.parametrize("text", ["", " ", "长" * 4001, "建桥。" * 61, "一\x00二"])
def test_a_text_that_cannot_be_checked_is_refused(client: FlaskClient, text: str) -> None:
    refused = client.post("/api/v1/check", json={"text": text})
    assert refused.status_code == 422
    assert refused.json
    assert refused.json["errors"][0]["field"] == "text"
    shown = client.post("/check", data={"text": text})
    assert shown.status_code == 422
    assert "60 句" in shown.text
    assert text.strip("\x00") in shown.text or "\x00" in text


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ("[]", 422), ('{"text": 3}', 422), ("{}", 422)]
)
def test_a_body_that_is_no_text_is_refused(client: FlaskClient, body: str, status: int) -> None:
    sent = client.post("/api/v1/check", data=body, content_type="application/json")
    assert sent.status_code == status


def test_a_pasted_text_never_becomes_markup(client: FlaskClient) -> None:
    text = f"<script>alert(1)</script>说：“{BUILT}” <img src=x onerror=alert(1)>"
    shown = page(client, text)
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert text in unescape(re.sub("<[^>]+>", "", shown))


def test_the_form_stands_alone_and_other_sites_may_not_send_it(
    client: FlaskClient, archive: Desk
) -> None:
    assert "<textarea" in client.get("/check").text
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/check", data={"text": BUILT}, headers=headers).status_code == 403
    archive.missing = "The model is being loaded."
    assert client.post("/check", data={"text": BUILT}).status_code == 503
    assert client.post("/api/v1/check", json={"text": BUILT}).status_code == 503


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BUILT, ["Printed just so", "to the letter", "See it in print"]),
        ("建桥用了五年，工人最多时有八百人。", ["The numbers were changed", "only in print"]),
        (f"孙望舒说：“{BUILT}”", ["It isn't theirs", "who isn't named there"]),
        ("外星飞船降落码头", ["The archive doesn't print it"]),
        ("一桥飞架南北", ["In the headline"]),
    ],
)
def test_the_page_speaks_english_too(client: FlaskClient, text: str, told: list[str]) -> None:
    sent = client.post("/check", data={"text": text}, headers={"Accept-Language": "en"})
    shown = unescape(sent.text)
    assert "Check a quote" in shown
    for words in told:
        assert words in shown
