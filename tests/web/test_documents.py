"""The OpenAPI document holds what the service offers."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from web.api.references import MEDIA_TYPES

OFFERED = {
    "/api/v1/suggestions": {"get"},
    "/api/v1/questions": {"post"},
    "/api/v1/check": {"post"},
    "/api/v1/citations/{id}": {"get"},
    "/api/v1/articles": {"get", "post"},
    "/api/v1/articles/{id}": {"get", "delete"},
    "/api/v1/articles/{id}/pages/{image}": {"get"},
    "/api/v1/articles/{id}/corrections": {"get", "post"},
    "/api/v1/articles/{id}/corrections/{number}": {"delete"},
    "/api/v1/jobs/{id}": {"get"},
    "/api/v1/search": {"get"},
    "/api/v1/answers/{id}": {"get"},
    "/api/v1/answers/{id}/feedback": {"post"},
    "/api/v1/conversations/{id}": {"get", "delete"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/api/v1/status": {"get"},
    "/metrics": {"get"},
    "/v1/models": {"get"},
    "/v1/models/{id}": {"get"},
    "/v1/chat/completions": {"post"},
}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    document = client.get("/openapi.json").json
    assert document
    return document


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_in_the_document(document: dict[str, Any]) -> None:
    offered = {
        path: set(item) & {"get", "post", "delete"} for path, item in document["paths"].items()
    }
    assert offered == OFFERED


def test_every_api_rule_of_the_application_is_documented(
    app: OpenAPI, document: dict[str, Any]
) -> None:
    rules = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert rules <= set(document["paths"])


def test_every_route_is_in_the_manual(document: dict[str, Any]) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    for path in document["paths"]:
        assert path in manual


def test_every_format_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    for name, media_type in MEDIA_TYPES.items():
        assert f"| `{name}` | `{media_type}` |" in manual


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"], (path, method)


def test_what_the_service_says_fits_the_document(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    def fits(name: str, value: Any) -> None:
        wanted = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        OAS31Validator(wanted).validate(value)

    answer = client.post("/api/v1/questions", json={"question": "青石桥的桥长多少米？"}).json
    assert answer
    fits("Answer", answer)
    fits("PlacedCitation", client.get(f"/api/v1{answer['citations'][0]['url']}").json)
    fits("Articles", client.get("/api/v1/articles").json)
    fits("Hits", client.get("/api/v1/search?q=桥").json)
    fits("Conversation", client.get(f"/api/v1/conversations/{answer['conversation']}").json)
    fits("Refusal", client.get("/api/v1/search").json)
    fits("Problem", client.get("/api/v1/answers/none").json)


def test_the_document_has_a_page(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert 'data-url="/openapi.json"' in page.text
    for part in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        with client.get(part) as found:
            assert found.status_code == 200
