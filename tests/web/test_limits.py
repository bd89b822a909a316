"""How often a client may come, and what it is told of that."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from newsroom import Desk

from web.app import create_app
from web.register import Role
from web.rules import Rules

ASK = "/api/v1/questions"
QUESTION = {"question": "青石桥的桥长多少米？"}


@pytest.fixture
def limited(archive: Desk) -> Callable[..., FlaskClient]:
    """A client elsewhere, of a service with limits."""

    def make(**rules: object) -> FlaskClient:
        client = create_app(archive, rules=Rules(**rules)).test_client()  # type: ignore[arg-type]
        client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        return client

    return make


def test_a_client_that_asks_too_often_is_told_when_to_come_again(
    limited: Callable[..., FlaskClient],
) -> None:
    client = limited(questions="2/hour", requests="10/hour")
    for left in ("1", "0"):
        response = client.post(ASK, json=QUESTION)
        assert response.status_code == 200
        assert response.headers["RateLimit-Limit"] == "2"
        assert response.headers["RateLimit-Remaining"] == left
        assert 0 < int(response.headers["RateLimit-Reset"]) <= 3600
    for refused in (
        client.post(ASK, json=QUESTION),
        client.get("/api/v1/search?q=桥"),
        client.post("/v1/chat/completions", json={}),
    ):
        assert refused.status_code == 429
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
        assert "seconds" in refused.json["detail"]  # type: ignore[index]
    page = client.post("/", data=QUESTION)
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert "来得太密了" in page.text
    assert client.get("/api/v1/articles").status_code == 200


def test_all_requests_count_but_health_and_what_pages_are_drawn_with(
    limited: Callable[..., FlaskClient],
) -> None:
    client = limited(requests="3/hour")
    assert client.get("/api/v1/articles").headers["RateLimit-Remaining"] == "2"
    assert client.get("/nowhere").status_code == 404
    assert client.get("/").status_code == 200
    for path in ("/", "/api/v1/articles", "/nowhere"):
        assert client.get(path).status_code == 429
    for path in ("/healthz", "/readyz", "/static/paper.css", "/openapi.json"):
        with client.get(path) as response:
            assert response.status_code == 200
            assert "RateLimit-Limit" not in response.headers


def test_each_key_and_each_address_has_its_own_count(
    limited: Callable[..., FlaskClient], archive: Desk
) -> None:
    client = limited(requests="1/hour")
    told = [archive.keys.create("a program", Role.READER)[1] for _ in range(2)]
    for key in told:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.get("/", headers=headers).status_code == 200
        assert client.get("/", headers=headers).status_code == 429
    for address in ("192.0.2.7", "192.0.2.8", "2001:db8::1"):
        assert client.get("/", environ_base={"REMOTE_ADDR": address}).status_code == 200
        assert client.get("/", environ_base={"REMOTE_ADDR": address}).status_code == 429
    neighbour = {"REMOTE_ADDR": "2001:db8::2"}
    assert client.get("/", environ_base=neighbour).status_code == 429
    for at in range(3):
        made_up = {"Authorization": f"Bearer made up {at}"}
        assert client.get("/", headers=made_up).status_code == 429


def test_keys_cannot_be_tried_out_without_end(
    limited: Callable[..., FlaskClient], archive: Desk
) -> None:
    archive.key = "the operator's"
    client = limited(requests="2/hour", keyed=True)
    statuses = [
        client.get("/api/v1/articles", headers={"Authorization": f"Bearer {at}"}).status_code
        for at in range(3)
    ]
    assert statuses == [401, 401, 429]


def test_whom_a_proxy_asks_for_counts_only_where_there_is_one(
    limited: Callable[..., FlaskClient],
) -> None:
    def statuses(client: FlaskClient) -> list[int]:
        return [
            client.get("/", headers={"X-Forwarded-For": f"made up, 198.51.100.{at}"}).status_code
            for at in (1, 2)
        ]

    assert statuses(limited(requests="1/hour")) == [200, 429]
    assert statuses(limited(requests="1/hour", proxies=1)) == [200, 200]
    assert statuses(limited(requests="1/hour", proxies=2)) == [200, 429]


def test_programs_on_the_same_machine_count_where_the_settings_set_a_limit(
    limited: Callable[..., FlaskClient],
) -> None:
    home = {"REMOTE_ADDR": "127.0.0.1"}
    for at_home, last in ((False, 200), (True, 429)):
        client = limited(requests="1/hour", limited_at_home=at_home)
        assert client.get("/", environ_base=home).status_code == 200
        assert client.get("/", environ_base=home).status_code == last
        commands = {"Authorization": "Bearer the commands' own"}
        assert client.get("/", headers=commands, environ_base=home).status_code == 200


class OutOfReach(MemoryStorage):
    """A storage whose server doesn't answer; known to the library by its scheme."""

    STORAGE_SCHEME = ("outofreach",)

    @property
    def base_exceptions(self) -> type[Exception]:
        return ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        raise ConnectionError("no route")


def test_everybody_is_let_in_where_the_counts_cannot_be_reached(
    limited: Callable[..., FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = limited(requests="1/hour", counted_in="outofreach://")
    for _ in range(2):
        assert client.get("/").status_code == 200
    assert "requests can't be counted" in caplog.text
