"""By which names the service is called, and what pages of other sites may do."""

import pytest
from flask.testing import FlaskClient
from newsroom import LATER_NEWS, Desk

from web.app import create_app
from web.register import Role
from web.rules import Rules

ARTICLES = "/api/v1/articles"
NEWS = "https://news.example"
OTHER = "https://other.example"


def client_of(archive: Desk, **rules: object) -> FlaskClient:
    return create_app(archive, rules=Rules(**rules)).test_client()  # type: ignore[arg-type]


def preflight(client: FlaskClient, path: str, origin: str, method: str = "POST") -> dict[str, str]:
    response = client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type, authorization",
        },
    )
    assert response.status_code == 200
    return {name.lower(): told for name, told in response.headers}


def test_no_other_sites_page_reads_anything_by_default(client: FlaskClient) -> None:
    response = client.get(ARTICLES, headers={"Origin": NEWS})
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "access-control-allow-origin" not in preflight(client, ARTICLES, NEWS)


def test_pages_of_a_site_that_the_settings_name_may_ask(archive: Desk) -> None:
    client = client_of(archive, origins=(NEWS,), keyed=True)
    for path in ("/api/v1/questions", "/v1/chat/completions"):
        told = preflight(client, path, NEWS)
        assert told["access-control-allow-origin"] == NEWS
        assert "POST" in told["access-control-allow-methods"]
        assert "Authorization" in told["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in told
    refused = client.get(ARTICLES, headers={"Origin": NEWS}, environ_base={"REMOTE_ADDR": "::2"})
    assert refused.status_code == 403
    assert refused.headers["Access-Control-Allow-Origin"] == NEWS
    assert "Origin" in refused.headers["Vary"]


@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{NEWS}.evil.example", f"{NEWS}:8443", NEWS + "/"]
)
def test_pages_of_no_other_site_may(archive: Desk, origin: str) -> None:
    client = client_of(archive, origins=(NEWS,))
    assert "access-control-allow-origin" not in preflight(client, ARTICLES, origin)
    response = client.get(ARTICLES, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Origin" in response.headers["Vary"]


def test_pages_themselves_are_never_shared(archive: Desk) -> None:
    client = client_of(archive, origins=(NEWS,))
    for path in ("/", "/browse", "/metrics"):
        response = client.get(path, headers={"Origin": NEWS})
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_named_sites_page_gives_feedback_and_changes_the_archive_with_a_key_alone(
    archive: Desk,
) -> None:
    client = client_of(archive, origins=(NEWS,))
    there = {"Origin": NEWS, "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/api/v1/questions", json={"question": "桥？"}, headers=there).json
    assert answer
    url = f"/api/v1/answers/{answer['id']}/feedback"
    assert client.post(url, json={"verdict": "up"}, headers=there).status_code == 204
    elsewhere = there | {"Origin": OTHER}
    assert client.post(url, json={"verdict": "up"}, headers=elsewhere).status_code == 403
    article = f"{ARTICLES}/{LATER_NEWS.id}"
    assert client.delete(article, headers=there).status_code == 403
    _, key = archive.keys.create("the site", Role.OPERATOR)
    assert client.delete(article, headers=there).status_code == 401
    shown = there | {"Authorization": f"Bearer {key}"}
    assert client.delete(article, headers=shown).status_code == 204


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("archive.example", 200),
        ("archive.example:8443", 200),
        ("Archive.Example", 200),
        ("a.sub.example", 200),
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("archive.example.evil.example", 400),
        ("192.0.2.7", 400),
        ("archive.example@evil.example", 400),
        ("", 400),
    ],
)
def test_a_service_goes_by_the_names_that_the_settings_name(
    archive: Desk, host: str, status: int
) -> None:
    client = client_of(archive, hosts=("archive.example", ".sub.example"))
    for path in ("/api/v1/articles", "/", "/nowhere"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == (404 if status == 200 and path == "/nowhere" else status)
        assert "evil.example" not in response.text


def test_without_names_it_goes_by_any(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "archive.example"}).status_code == 200
