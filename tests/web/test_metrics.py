import io
import logging

from flask.testing import FlaskClient
from newsroom import FAULT, Desk
from prometheus_client.parser import text_string_to_metric_families

from web.logs import tally

LENGTH = "青石桥的桥长多少米？"


def figures(client: FlaskClient) -> dict[tuple[str, ...], float]:
    with client.get("/metrics") as response:
        assert response.status_code == 200
        assert response.mimetype == "text/plain"
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_questions_refusals_and_faults_are_counted(client: FlaskClient, archive: Desk) -> None:
    for question in (LENGTH, LENGTH, "海豚"):
        client.post("/api/v1/questions", json={"question": question})
    client.post("/", data={"question": LENGTH}, headers={"Sec-Fetch-Site": "same-origin"})
    chat = {"model": "baowen", "messages": [{"role": "user", "content": LENGTH}]}
    client.post("/v1/chat/completions", json=chat)
    archive.answerer.fault = FAULT
    client.post("/api/v1/questions", json={"question": LENGTH})
    told = figures(client)
    assert told["baowen_questions_total", "true", "extractive"] == 4
    assert told["baowen_questions_total", "false", "extractive"] == 1
    assert told["baowen_question_faults_total",] == 1
    assert told["baowen_question_seconds_count", "total"] == 5
    assert told["baowen_http_requests_total", "POST", "/api/v1/questions", "500"] == 1


def test_holdings_and_readiness_are_told(client: FlaskClient, archive: Desk) -> None:
    assert figures(client)["baowen_held", "articles"] == 4
    assert figures(client)["baowen_ready",] == 1
    assert figures(client)["baowen_jobs_unfinished",] == 0
    archive.missing = "the model"
    assert figures(client)["baowen_ready",] == 0


def test_uploads_faults_and_requests_under_way_are_counted(
    client: FlaskClient, archive: Desk
) -> None:
    before = figures(client).get(("baowen_log_records_total", "error"), 0)
    note = io.BytesIO("渡口夜航\n\n本报讯 老渡口昨日恢复夜航,首班船在晚上七点开出。".encode())
    files = {"files": [(note, "note.txt"), (io.BytesIO(b"\0"), "none.txt")]}
    home = {"Sec-Fetch-Site": "same-origin"}
    with client.post("/api/v1/articles", data=files, headers=home) as taken:
        assert taken.status_code == 202
    archive.read_all()
    logging.getLogger("web").addHandler(tally)
    archive.answerer.fault = FAULT
    with client.post(
        "/api/v1/questions", json={"question": LENGTH}, headers={"Accept": "text/event-stream"}
    ) as stream:
        assert figures(client)["baowen_http_requests_under_way",] == 2
        assert "error" in stream.text
    logging.getLogger("web").removeHandler(tally)
    told = figures(client)
    assert told["baowen_http_requests_under_way",] == 1  # that which asks
    assert told["baowen_files_read_total", "added"] == 1
    assert told["baowen_files_read_total", "refused"] == 1
    assert told["baowen_log_records_total", "error"] == before + 1


def test_made_up_paths_and_questions_are_not_among_them(client: FlaskClient) -> None:
    client.get("/no/such/place-7781")
    client.post("/api/v1/questions", json={"question": "没人知道的词"})
    text = client.get("/metrics").text
    assert "7781" not in text
    assert "没人知道的词" not in text
    assert figures(client)["baowen_http_requests_total", "any", "none", "404"] == 1
