"""The operator: signing in with the key, and the list of what readers say."""

import csv
import io
import json
from http.cookies import SimpleCookie
from time import time

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, KEY, Desk

from web import operator

PAGE = "/operator/feedback"
LENGTH = "青石桥的桥长多少米？"


def judged(client: FlaskClient, verdict: str, comment: str, **more: str) -> str:
    location = client.post("/", data={"question": LENGTH} | more).location
    client.post(f"{location}/feedback", data={"verdict": verdict, "comment": comment})
    return location


@pytest.mark.parametrize("url", [PAGE, f"{PAGE}/csv", f"{PAGE}/jsonl?verdict=up"])
def test_the_key_is_asked_for_and_leads_back(reader: FlaskClient, url: str) -> None:
    led = reader.get(url)
    assert led.status_code == 302
    form = reader.get(led.location)
    assert 'type="password"' in form.text
    assert form.headers["Cache-Control"] == "private, no-store"
    back = led.request.full_path.rstrip("?")
    signed = reader.post("/operator/sign-in", data={"key": KEY, "next": led.request.full_path})
    assert signed.location.rstrip("?") == back
    assert reader.get(url).status_code == 200


def test_the_sign_in_is_a_cookie_that_scripts_and_other_sites_never_have(
    reader: FlaskClient,
) -> None:
    response = reader.post("/operator/sign-in", data={"key": KEY}, base_url="https://localhost")
    cookie = SimpleCookie(response.headers["Set-Cookie"])[operator.COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Strict"
    assert int(cookie["max-age"]) == operator.SIGNED_IN
    assert KEY not in cookie.value


@pytest.mark.parametrize("key", ["", "a key", KEY + " ", "钥匙"])
def test_another_key_does_not_sign_in(reader: FlaskClient, key: str) -> None:
    response = reader.post("/operator/sign-in", data={"key": key})
    assert response.status_code == 403
    assert "密钥不对" in response.text
    assert "Set-Cookie" not in response.headers
    assert reader.get(PAGE).status_code == 302


def test_a_sign_in_ends(chief: FlaskClient, archive: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chief.get(PAGE).status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: time() + operator.SIGNED_IN + 5)
    assert chief.get(PAGE).status_code == 302
    monkeypatch.undo()
    archive.key = "another key"
    assert chief.get(PAGE).status_code == 302
    archive.key = KEY
    assert chief.get(PAGE).status_code == 200
    chief.post("/operator/sign-out")
    assert chief.get(PAGE).status_code == 302


@pytest.mark.parametrize("value", ["operator", "operator.x.y", "", "\x00"])
def test_a_forged_cookie_is_none(reader: FlaskClient, value: str) -> None:
    reader.set_cookie(operator.COOKIE, value)
    assert reader.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_signing_in_leads_to_no_other_site(reader: FlaskClient, target: str) -> None:
    signed = reader.post("/operator/sign-in", data={"key": KEY, "next": target})
    assert signed.location == "/operator/"


def test_another_sites_form_signs_nobody_in_or_out(chief: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/operator/sign-in", "/operator/sign-out"):
        assert chief.post(path, data={"key": KEY}, headers=foreign).status_code == 403
    assert chief.get(PAGE).status_code == 200


def test_a_program_shows_the_key_itself(reader: FlaskClient) -> None:
    shown = {"Authorization": f"Bearer {KEY}"}
    assert reader.get(f"{PAGE}/jsonl", headers=shown).status_code == 200
    assert reader.get(PAGE, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_without_a_key_the_operator_sits_at_the_machine(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(PAGE, environ_overrides=elsewhere).status_code == 403
    assert client.get(PAGE, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert client.post("/operator/sign-in", data={"key": ""}).status_code == 403


def test_the_operator_sees_what_was_said_and_what_was_searched(chief: FlaskClient) -> None:
    judged(chief, "up", "")
    location = judged(chief, "down", "<b>旧闻</b>", publication="临湖晚报", since="2023-10-01")
    page = chief.get(PAGE).text
    assert page.index("有误</strong>") < page.index("有用</strong>")
    assert f'href="{location}"' in page
    assert "&lt;b&gt;旧闻&lt;/b&gt;" in page
    assert "2023年10月1日起" in page
    assert "临湖晚报" in page
    assert "有用</strong>" not in chief.get(f"{PAGE}?verdict=down").text
    assert chief.get(f"{PAGE}?verdict=sideways").status_code == 422


def test_a_long_list_has_pages(chief: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.verdicts.SHOWN", 2)
    monkeypatch.setattr("web.verdicts.READ", 2)
    for number in range(3):
        judged(chief, "up", f"第{number}条")
    page = chief.get(PAGE).text
    assert "第1条" in page
    assert "第0条" not in page
    assert "第0条" in chief.get(f"{PAGE}?before=2").text
    lines = chief.get(f"{PAGE}/jsonl").text.splitlines()
    assert [json.loads(line)["comment"] for line in lines] == ["第2条", "第1条", "第0条"]


def test_what_was_said_is_exported(chief: FlaskClient) -> None:
    location = judged(chief, "down", '=HYPERLINK("http://x"),旧闻\n二行', until="2023-10-31")
    citation = chief.get(f"/api/v1{location}").json["citations"][0]  # type: ignore[index]
    chief.post(f"{location}/feedback", data={"verdict": "up", "citation": citation["id"]})
    table = chief.get(f"{PAGE}/csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="feedback.csv"'
    assert table.text.startswith("\ufeff")
    of_citation, of_answer = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert of_answer["comment"] == '\'=HYPERLINK("http://x"),旧闻\n二行'
    assert of_answer["question"] == LENGTH
    assert of_answer["until"] == "2023-10-31"
    assert of_answer["url"] == f"http://localhost{location}"
    assert of_citation["quote"] == citation["quote"]
    assert of_citation["headline"] == "一桥飞架南北 青石桥合龙"
    first, second = map(json.loads, chief.get(f"{PAGE}/jsonl").text.splitlines())
    assert first["citation"] == citation["id"]
    assert second["answer"]["searched"]["until"] == "2023-10-31"
    assert second["answer"]["citations"][0]["article"]["id"] == BRIDGE_NEWS.id
    assert len(chief.get(f"{PAGE}/jsonl?verdict=up").text.splitlines()) == 1
