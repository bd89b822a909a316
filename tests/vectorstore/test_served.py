"""A model on a server that speaks OpenAI's embeddings interface, as a local server speaks it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import engines
import numpy as np
import pytest

from vectorstore.embedding import ModelUnavailable
from vectorstore.served import EmbeddingUnavailable, ServedEmbeddings

E5 = "intfloat/multilingual-e5-large"


class Server:
    """Answers in OpenAI's shape, last text first; a text's vector is its length and its first letter."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.reply: Any = None
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told.asked.append(body)
                told.keys.append(self.headers["Authorization"])
                reply = json.dumps(told.reply or told.embedded(self.path, body)).encode()
                self.send_response(told.status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def embedded(self, path: str, body: Any) -> Any:
        assert path == "/v1/embeddings"
        assert body["encoding_format"] == "float"
        data = [
            {"object": "embedding", "index": at, "embedding": [len(text), ord(text[0]), 3]}
            for at, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return {"object": "list", "data": data[::-1], "model": body["model"], "usage": usage}


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = Thread(target=made.http.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def test_vectors_come_in_the_order_of_their_texts_with_length_one(server: Server) -> None:
    model = ServedEmbeddings(server.url, "bge-m3")
    texts = ["桥" * length for length in range(1, 81)]
    vectors = model.passages(texts)
    assert vectors.shape == (80, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    wanted = np.array([[len(text), ord("桥"), 3] for text in texts], np.float32)
    assert np.allclose(vectors, wanted / np.linalg.norm(wanted, axis=1, keepdims=True))
    assert [len(body["input"]) for body in server.asked] == [32, 32, 16]
    assert {body["model"] for body in server.asked} == {"bge-m3"}
    assert model.embed_documents(texts[:2]) == vectors[:2].tolist()


def test_e5_models_are_asked_with_their_prompts_and_others_with_none(server: Server) -> None:
    for name, query, passage in ((E5, "query: 桥", "passage: 桥"), ("bge-m3", "桥", "桥")):
        model = ServedEmbeddings(f"{server.url}/", name)
        model.embed_query("桥")
        model.embed_documents(["桥"])
        assert [body["input"] for body in server.asked] == [[query], [passage]]
        server.asked.clear()


def test_a_question_is_embedded_once(server: Server) -> None:
    model = ServedEmbeddings(server.url, E5)
    first = model.queries(["桥", "桥"])
    assert np.array_equal(first, model.queries(["桥", "桥"]))
    assert len(server.asked) == 1


def test_the_server_is_shown_its_key(server: Server) -> None:
    ServedEmbeddings(server.url, E5, key="secret").embed_query("桥")
    ServedEmbeddings(server.url, E5).embed_query("桥")
    assert server.keys == ["Bearer secret", None]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_away_for_now(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(EmbeddingUnavailable, match="doesn't answer"):
        ServedEmbeddings(server.url, E5).embed_query("桥")


def test_a_server_that_is_not_there_is_away_for_now() -> None:
    model = ServedEmbeddings(f"http://127.0.0.1:{engines.free_port()}/v1", E5)
    with pytest.raises(EmbeddingUnavailable, match="see that it runs"):
        model.embed_documents(["桥"])


def test_a_refusal_is_told_in_the_servers_words(server: Server) -> None:
    server.status, server.reply = 404, {"error": {"message": "no such model"}}
    with pytest.raises(ModelUnavailable, match=r"refuses .*404.*no such model") as refusal:
        ServedEmbeddings(server.url, E5).embed_query("桥")
    assert not isinstance(refusal.value, EmbeddingUnavailable)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param({"models": []}, id="another interface"),
        pytest.param({"data": [{"index": 1, "embedding": [1.0]}]}, id="another text"),
        pytest.param({"data": [{"index": 0, "embedding": "AAA"}]}, id="another form"),
    ],
)
def test_what_is_no_embedding_server_is_told_of(server: Server, reply: Any) -> None:
    server.reply = reply
    with pytest.raises(ModelUnavailable, match="BAOWEN_EMBEDDING_URL"):
        ServedEmbeddings(server.url, E5).embed_query("桥")


def test_no_text_needs_no_request(server: Server) -> None:
    model = ServedEmbeddings(server.url, E5)
    assert len(model.passages([])) == len(model.queries([])) == 0
    assert server.asked == []
