"""The real service, asked as a stranger would ask it: every link of an answer is followed."""

import html
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from running import Newsroom

pytestmark = pytest.mark.slow

LENGTH = "鹤汀大桥全长多少米?"


def ask(service: httpx.Client, question: str, **more: Any) -> Any:
    response = service.post("/api/v1/questions", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response.json()


def events(service: httpx.Client, question: str) -> list[tuple[str, Any]]:
    told = []
    with service.stream(
        "POST",
        "/api/v1/questions",
        json={"question": question},
        headers={"Accept": "text/event-stream"},
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for piece in "".join(response.iter_text()).split("\n\n"):
            fields = dict(line.split(": ", 1) for line in piece.splitlines() if line[:1] != ":")
            if fields:
                told.append((fields["event"], json.loads(fields["data"])))
    return told


def test_every_statement_leads_to_its_quote(service: httpx.Client) -> None:
    answer = ask(service, LENGTH)
    assert answer["answered"]
    assert set(map(int, re.findall(r"\[(\d+)\]", answer["text"]))) == {
        number for sentence in answer["sentences"] for number in sentence["citations"]
    }
    assert all(sentence["citations"] for sentence in answer["sentences"])
    for citation in answer["citations"]:
        looked_up = service.get(f"/api/v1{citation['url']}").json()
        assert looked_up["quote"] == citation["quote"]
        article = service.get(f"/api/v1{citation['article']['url']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        page = service.get(citation["url"])
        marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page.text, re.DOTALL)
        assert "".join(map(html.unescape, marked)) == citation["quote"]
    assert service.get(answer["url"]).status_code == 200
    assert service.get(f"/api/v1{answer['url']}").json()["text"] == answer["text"]


def test_an_answer_streams_as_it_is_kept(service: httpx.Client) -> None:
    told = events(service, LENGTH)
    names = [name for name, _ in told]
    assert names[0] == "search"
    assert names[-1] == "answer"
    answer = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "delta") == answer["text"]
    assert [data for name, data in told if name == "citation"] == answer["citations"]
    assert service.get(f"/api/v1{answer['url']}").json() == answer


@pytest.mark.parametrize(
    "question",
    [
        "2019年云水热电厂的供热面积是多少?",
        "市防汛抗旱指挥部第52次会议研究了什么?",
        "谁获得了今年的诺贝尔物理学奖?",
    ],
)
def test_what_the_archive_does_not_say_is_refused(service: httpx.Client, question: str) -> None:
    answer = ask(service, question)
    assert not answer["answered"]
    assert answer["citations"] == []
    assert str(answer["searched"]["passages"]) in answer["text"]
    assert answer["related"]
    for near in answer["related"]:
        assert "number" not in near
        assert service.get(f"/api/v1{near['url']}").json()["quote"] == near["quote"]


def test_a_follow_up_is_understood_from_what_came_before(service: httpx.Client) -> None:
    first = ask(service, LENGTH)
    second = ask(service, "它什么时候通车?", conversation=first["conversation"])
    assert "鹤汀大桥" in second["standalone_question"]
    assert second["conversation"] == first["conversation"]
    kept = service.get(f"/api/v1/conversations/{first['conversation']}").json()
    assert [each["id"] for each in kept["answers"]] == [first["id"], second["id"]]


def test_suggestions_are_answered(service: httpx.Client) -> None:
    until = time.monotonic() + 60
    while not (questions := service.get("/api/v1/suggestions").json()["questions"]):
        assert time.monotonic() < until
        time.sleep(0.5)
    assert all(ask(service, question)["answered"] for question in questions)


def test_a_search_gives_passages_with_places(service: httpx.Client) -> None:
    hits = service.get("/api/v1/search", params={"q": "防汛 水库", "limit": 5}).json()["hits"]
    assert hits
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        article = service.get(f"/api/v1{hit['article']['url']}").json()
        assert article["text"][hit["start"] : hit["end"]] == hit["quote"]
        assert service.get(f"/api/v1{hit['url']}").status_code == 200


def test_dates_and_publication_narrow_what_is_searched(service: httpx.Client) -> None:
    everything = ask(service, LENGTH)["searched"]["passages"]
    answer = ask(service, LENGTH, since="2024-10-01", publication="Yunchuan Courier")
    assert 0 < answer["searched"]["passages"] < everything
    assert not answer["answered"]
    assert all(each["article"]["publication"] == "Yunchuan Courier" for each in answer["related"])


def test_the_command_asks_the_service_that_runs(room: Newsroom) -> None:
    answer = room.json("ask", LENGTH)
    assert answer["answered"]
    cited = answer["citations"][0]
    assert room.run("cite", cited["id"]).stdout.startswith(cited["quote"])
    assert "[N" in room.run("cite", cited["id"], "--format", "gbt7714").stdout


def test_pages_come_and_go_while_the_service_runs(room: Newsroom, service: httpx.Client) -> None:
    page = room.home / "2024-12-01-05.txt"
    page.write_text(
        "\n\n沙堤湾灯塔重新点亮\n\n"
        "本报讯(记者 岑小满)11月30日,沙堤湾灯塔重新点亮。灯塔高41米,由守塔人钱望潮值守。\n",
        encoding="utf-8",
    )
    report = room.json("ingest", str(page))
    assert report["status"] == "added"
    answer = ask(service, "沙堤湾灯塔有多高?")
    assert "41米" in answer["text"]
    assert room.json("ingest", str(page))["status"] == "unchanged"
    assert room.json("status")["agree"]
    room.run("remove", *report["articles"])
    gone = service.get(f"/api/v1{answer['citations'][0]['url']}")
    assert gone.status_code == 410
    assert gone.headers["content-type"] == "application/problem+json"
    assert "沙堤湾灯塔" in gone.text
    assert "41米" not in gone.text
    assert "41米" not in service.get(f"/api/v1{answer['url']}").text
    kept = [
        each
        for each in room.home.rglob("*")
        if each.is_file() and each != page and "灯塔高41米".encode() in each.read_bytes()
    ]
    assert kept == []
    assert not ask(service, "沙堤湾灯塔有多高?")["answered"]
    assert room.json("status")["agree"]


def test_a_rebuild_gives_the_same_answers(room: Newsroom, service: httpx.Client) -> None:
    before = ask(service, LENGTH)
    room.run("rebuild")
    assert room.json("status")["agree"]
    assert ask(service, LENGTH)["text"] == before["text"]


@pytest.mark.files
def test_a_second_service_on_the_archive_is_refused(room: Newsroom) -> None:
    done = room.run("serve", "--port", "0", check=False)
    assert done.returncode == 1
    assert "open" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_explained(room: Newsroom, service: httpx.Client) -> None:
    done = room.run("serve", "--port", str(service.base_url.port), check=False)
    assert done.returncode == 1
    assert "--port" in done.stderr


def test_a_refused_body_leaves_the_connection_open(service: httpx.Client) -> None:
    for path, of, status in (
        ("/api/v1/questions", "application/json", 413),
        ("/api/v1/questions", "text/plain", 415),
        ("/api/v1/nowhere", "text/plain", 404),
    ):
        refused = service.post(path, content=b"x" * 3_000_000, headers={"Content-Type": of})
        assert refused.status_code == status
        assert service.get("/healthz").status_code == 200


def test_many_readers_find_the_same_passages_at_once(service: httpx.Client) -> None:
    def found(at: int) -> list[str]:
        hits = service.get("/api/v1/search", params={"q": f"图书馆 {at // 8}", "limit": 100})
        assert hits.status_code == 200, hits.text
        return [each["id"] for each in hits.json()["hits"]]

    with ThreadPoolExecutor(16) as many:
        assert all(many.map(found, range(32)))


def test_the_service_says_how_it_is(service: httpx.Client) -> None:
    assert service.get("/healthz").status_code == 200
    assert service.get("/readyz").status_code == 200
    assert service.get("/openapi.json").json()["openapi"].startswith("3.1")
    for path in ("/", "/browse", "/docs"):
        assert service.get(path).status_code == 200
