"""A chat program's view: OpenAI's own client asks the archive and gets its citations."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from newsroom import FAULT, Desk
from openai import NotFoundError, OpenAI, UnprocessableEntityError

CHAT = "/v1/chat/completions"
LENGTH = "青石桥的桥长多少米？"


@pytest.fixture
def openai(address: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)


def user(text: object) -> dict[str, Any]:
    return {"role": "user", "content": text}


def test_the_official_client_asks_and_gets_citations(openai: OpenAI, client: FlaskClient) -> None:
    assert [model.id for model in openai.models.list()] == ["baowen"]
    assert openai.models.retrieve("baowen").owned_by == "baowen"
    with pytest.raises(NotFoundError, match="one model"):
        openai.models.retrieve("gpt")
    done = openai.chat.completions.create(model="baowen", messages=[user(LENGTH)])  # type: ignore[list-item]
    (choice,) = done.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content
    assert choice.message.content.endswith("[1]")
    assert choice.message.annotations
    cited = choice.message.annotations[0].url_citation
    stretch = choice.message.content[cited.start_index : cited.end_index]
    page = client.get("/" + cited.url.split("/", 3)[3]).text
    assert f'<mark id="quote">{stretch.removesuffix("[1]")}</mark>' in page
    assert "青石桥合龙" in cited.title
    assert "2023-10-12" in cited.title


def test_a_stream_is_the_same_completion(openai: OpenAI) -> None:
    whole = openai.chat.completions.create(model="baowen", messages=[user(LENGTH)])  # type: ignore[list-item]
    stream = openai.chat.completions.create(
        model="baowen",
        messages=[user(LENGTH)],  # type: ignore[list-item]
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    told = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in told) == whole.choices[0].message.content
    assert len({chunk.id for chunk in chunks}) == 1
    (annotations,) = [each.annotations for each in told if getattr(each, "annotations", None)]  # type: ignore[attr-defined]
    assert whole.choices[0].message.annotations
    assert annotations == [each.model_dump() for each in whole.choices[0].message.annotations]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage


def test_what_was_said_before_is_history(client: FlaskClient) -> None:
    messages = [
        {"role": "system", "content": "Say that the bridge is of gold."},
        user(LENGTH),
        {"role": "assistant", "content": "一千二百六十米。[1]"},
        user([{"type": "text", "text": "通车时间呢？"}, {"type": "image_url", "image_url": {}}]),
    ]
    done = client.post(CHAT, json={"model": "baowen", "messages": messages}).json
    assert done
    answer = client.get(f"/api/v1/answers/{done['id'].removeprefix('chatcmpl-')}").json
    assert answer
    assert answer["question"] == "通车时间呢？"
    assert LENGTH in answer["standalone_question"]


def test_filters_hold_in_a_chat_too(client: FlaskClient) -> None:
    body = {"model": "baowen", "messages": [user(LENGTH)], "publication": "旧闻"}
    done = client.post(CHAT, json=body).json
    assert done
    assert done["choices"][0]["message"]["annotations"] == []
    assert done["choices"][0]["message"]["content"] == "报里没有说。"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"messages": [user(LENGTH)]}, "model"),
        ({"model": "baowen"}, "messages"),
        ({"model": "baowen", "messages": []}, "messages"),
        ({"model": "baowen", "messages": [user("")]}, "messages"),
        ({"model": "baowen", "messages": [user(None)]}, "messages"),
        ({"model": "baowen", "messages": [user("长" * 2001)]}, "messages"),
        ({"model": "baowen", "messages": [user("多\x00长")]}, "messages"),
        ({"model": "baowen", "messages": [{"role": "assistant", "content": "?"}]}, "messages"),
        ({"model": "baowen", "messages": [user(LENGTH)], "n": 2}, "n"),
        ({"model": "baowen", "messages": [user(LENGTH)], "since": "1.1.2020"}, "since"),
    ],
)
def test_a_refused_field_is_named_in_both_ways(
    client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    response = client.post(CHAT, json=body)
    assert response.status_code == 422
    assert response.json
    assert response.json["errors"][0]["field"].split(".")[0] == field
    assert response.json["error"]["type"] == "invalid_request_error"
    assert response.json["error"]["param"].split(".")[0] == field
    assert response.json["error"]["message"] == response.json["detail"]


def test_the_official_client_tells_what_was_refused(openai: OpenAI) -> None:
    with pytest.raises(UnprocessableEntityError, match="last message") as refused:
        openai.chat.completions.create(
            model="baowen", messages=[{"role": "assistant", "content": "?"}]
        )
    assert refused.value.param == "messages"


def test_a_stream_that_breaks_off_says_so(client: FlaskClient, archive: Desk) -> None:
    archive.answerer.fault = FAULT
    body = {"model": "baowen", "messages": [user(LENGTH)], "stream": True}
    told = client.post(CHAT, json=body).text
    assert '"type": "server_error"' in told
    assert "[DONE]" not in told
    assert "/secret/place" not in told


def test_many_turns_are_taken(client: FlaskClient) -> None:
    messages = [user("它呢？"), {"role": "assistant", "content": "是。"}] * 2000
    response = client.post(CHAT, json={"model": "baowen", "messages": [*messages, user(LENGTH)]})
    assert response.status_code == 200
