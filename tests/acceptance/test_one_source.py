"""One story in several papers is one source with several places, from the command to the page."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from running import Newsroom

STORY = (
    "云川市水务局5月15日宣布,沙堤湾灯塔完成大修,当晚重新点亮。灯塔高41米,建于上世纪三十年代,曾为夜航的货船指路。\n"
    "大修历时十一个月,工人更换了塔顶的透镜和旋梯,外墙按老照片恢复成红白两色。守塔人田志远说,旧透镜洗净后送进了渡口博物馆。\n"
    "灯塔周围的防波堤同时加高,堤上铺了木栈道。每逢周末,市民可以预约登塔,一次最多二十人。\n"
    "渔民祝大成说,有了这束光,雾天回港心里踏实得多。"
)
PAPERS = [
    {
        "id": "first",
        "title": "沙堤湾灯塔重新点亮",
        "text": STORY,
        "date": "2024-05-16",
        "publication": "云川日报",
    },
    {
        "id": "later",
        "title": "老灯塔回来了",
        "text": STORY,
        "date": "2024-05-18",
        "publication": "临湖晚报",
        "page": "04",
    },
    {
        "id": "cut",
        "title": "夜航又见灯光",
        "text": STORY[: STORY.rindex("\n")].replace("宣布", "透露"),
        "date": "2024-05-17",
        "publication": "北岸时报",
    },
    {
        "id": "other",
        "title": "潮声灯塔点亮",
        "text": STORY.replace("41米", "47米").replace("沙堤湾", "鹭鸶嘴"),
        "date": "2023-02-03",
    },
]


def records(citation: dict[str, Any]) -> list[str]:
    places = (citation["article"], *citation["also"])
    return [place["source"]["record"] for place in places]


@pytest.mark.slow
def test_an_answer_counts_reprints_as_one_source(newsroom: Callable[[], Newsroom]) -> None:
    room = newsroom()
    (room.home / "papers.jsonl").write_text("\n".join(map(json.dumps, PAPERS)))
    with room.serving() as client:
        report = room.run("ingest", "papers.jsonl", "--json")
        ids = json.loads(report.stdout)["articles"]

        def cited(question: str, **more: str) -> dict[str, Any]:
            answer = client.post("/api/v1/questions", json={"question": question, **more}).json()
            (citation,) = answer["citations"]
            return dict(citation)

        citation = cited("沙堤湾灯塔有多高?")
        assert records(citation) == ["first", "cut", "later"]
        assert {*citation["also"][1]} >= {"headline", "publication", "issued", "page", "url"}
        assert records(cited("沙堤湾灯塔有多高?", publication="临湖晚报"))[0] == "later"
        assert records(cited("据临湖晚报报道,沙堤湾灯塔有多高?"))[0] == "later"
        assert records(cited("鹭鸶嘴灯塔有多高?")) == ["other"]

        told = room.run("ask", "沙堤湾灯塔有多高?").stdout
        (line,) = (line for line in told.splitlines() if "also in: " in line)
        assert "夜航又见灯光 · 北岸时报 · 2024-05-17; 老灯塔回来了 · 临湖晚报" in line
        assert "also in: " in room.run("cite", citation["id"]).stdout

        article = client.get(f"/api/v1/articles/{ids[0]}").json()
        assert [each["id"] for each in article["reprints"]] == [ids[2], ids[1]]
        assert client.get(article["reprints"][0]["url"]).status_code == 200
        assert "老灯塔回来了" in client.get(citation["url"]).text
        hits = client.get("/api/v1/search", params={"q": "灯塔高41米"}).json()["hits"]
        assert [records(hit) for hit in hits if "41米" in hit["quote"]] == [records(citation)]
        state = client.get("/api/v1/status").json()
        assert state["agree"]
        assert state["reprints"] == 3

        room.run("remove", ids[0])
        assert client.get(f"/api/v1/citations/{citation['id']}").status_code == 410
        assert sorted(records(cited("沙堤湾灯塔有多高?"))) == ["cut", "later"]
