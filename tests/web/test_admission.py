"""Who may do what over HTTP, told by keys and roles."""

from base64 import b64encode
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import BRIDGE_NEWS, LATER_NEWS, Desk

from vectorstore.dialects import Unreachable
from web.admission import ALLOWED
from web.app import create_app
from web.register import Role
from web.rules import Rules

ARTICLES = "/api/v1/articles"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
RECORD = {"text": "渡轮改走北线。"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"anybody:{key}".encode()).decode()}


@pytest.fixture
def keyed(archive: Desk) -> FlaskClient:
    """A client elsewhere, of a service that is read with keys alone."""
    client = create_app(archive, rules=Rules(keyed=True)).test_client()  # type: ignore[arg-type]
    client.environ_base.update(ELSEWHERE)
    return client


def test_every_route_is_somebodys(app: OpenAPI) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    allowed = [route for each in ALLOWED.values() for route in each]
    assert len(allowed) == len(set(allowed))
    assert set(allowed) == routes


def test_a_key_may_what_its_role_may(keyed: FlaskClient, archive: Desk) -> None:
    for role, added, removed in (
        (Role.READER, 403, 403),
        (Role.EDITOR, 202, 403),
        (Role.OPERATOR, 202, 204),
    ):
        _, key = archive.keys.create("a program", role)
        assert keyed.get(ARTICLES, headers=bearer(key)).status_code == 200
        answer = keyed.post(
            "/api/v1/questions", json={"question": "桥长多少米？"}, headers=bearer(key)
        )
        assert answer.status_code == 200
        assert keyed.post(ARTICLES, json=RECORD, headers=bearer(key)).status_code == added
        url = f"{ARTICLES}/{LATER_NEWS.id}"
        assert keyed.delete(url, headers=bearer(key)).status_code == removed


@pytest.mark.parametrize(
    "path",
    ["/", "/browse", f"/articles/{BRIDGE_NEWS.id}", ARTICLES, "/api/v1/search?q=桥", "/metrics"],
)
def test_keyed_reading_shows_nothing_without_a_key(
    keyed: FlaskClient, archive: Desk, path: str
) -> None:
    _, key = archive.keys.create("a reader", Role.READER)
    response = keyed.get(path)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"]
    assert "青石桥" not in response.text
    assert keyed.get(path, headers=bearer(key)).status_code == 200
    assert keyed.get(path, headers=bearer(key + "x")).status_code == 401


def test_keyed_reading_hides_neither_health_nor_the_description(keyed: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", "/openapi.json", "/docs", "/static/paper.css"):
        with keyed.get(path) as response:
            assert response.status_code == 200
    assert keyed.get("/nowhere").status_code == 404


def test_the_service_is_up_though_no_key_can_be_looked_up(
    keyed: FlaskClient, archive: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: str) -> None:
        raise Unreachable("the database doesn't answer")

    monkeypatch.setattr(archive.keys, "shown", away)
    assert keyed.get("/healthz", headers=bearer("a key")).status_code == 200
    assert keyed.get(ARTICLES, headers=bearer("a key")).status_code == 503


def test_a_browser_may_send_the_key_as_a_password_and_so_reads_only(
    keyed: FlaskClient, archive: Desk
) -> None:
    _, key = archive.keys.create("the desk", Role.OPERATOR)
    assert keyed.get("/").headers["WWW-Authenticate"].startswith("Basic")
    assert keyed.get("/", headers=basic(key)).status_code == 200
    assert keyed.post("/", data={"question": "桥长？"}, headers=basic(key)).status_code == 303
    assert keyed.post(ARTICLES, json=RECORD, headers=basic(key)).status_code == 403
    assert keyed.get("/", headers={"Authorization": "Basic !"}).status_code == 401
    assert keyed.get("/", headers={"Authorization": "Basic /w=="}).status_code == 401


def test_a_revoked_key_opens_nothing(keyed: FlaskClient, archive: Desk) -> None:
    archive.keys.create("another reader", Role.READER)
    key, told = archive.keys.create("a reader", Role.READER)
    assert keyed.get(ARTICLES, headers=bearer(told)).status_code == 200
    assert archive.keys.revoke(key.id)
    assert not archive.keys.revoke(key.id)
    assert keyed.get(ARTICLES, headers=bearer(told)).status_code == 401


def test_with_a_key_made_programs_at_home_need_one_too(client: FlaskClient, archive: Desk) -> None:
    assert client.post(ARTICLES, json=RECORD).status_code == 202
    key, _ = archive.keys.create("a program", Role.EDITOR)
    assert client.post(ARTICLES, json=RECORD).status_code == 401
    archive.keys.revoke(key.id)  # which must not open what it opened
    assert client.post(ARTICLES, json=RECORD).status_code == 401


def test_reading_is_open_to_whoever_sends_a_key_that_is_none(client: FlaskClient) -> None:
    for headers in (
        bearer("none"),
        basic("none"),
        {"Authorization": "墨".encode().decode("latin-1")},
    ):
        assert client.get(ARTICLES, headers=headers, environ_base=ELSEWHERE).status_code == 200


def test_the_commands_own_key_opens_all(keyed: FlaskClient) -> None:
    url = f"{ARTICLES}/{LATER_NEWS.id}"
    assert keyed.delete(url, headers=bearer("the commands' own")).status_code == 204


@pytest.mark.files
def test_a_key_is_kept_as_a_digest(archive: Desk, tmp_path: Path) -> None:
    key, told = archive.keys.create("a reader", Role.READER)
    assert len(told) > 43
    assert archive.keys.create("another", Role.READER)[1] != told
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("printed.db*"))
    assert key.id.encode() in kept
    assert told.encode() not in kept
    assert told.removeprefix("baowen_").encode() not in kept
