"""REST: a module per resource, each a blueprint that documents itself."""

from flask_openapi3.openapi import OpenAPI

from web.api import (
    articles,
    checks,
    citations,
    completions,
    conversations,
    corrections,
    documents,
    health,
    jobs,
    questions,
    search,
    suggestions,
)

BLUEPRINTS = (
    questions.api,
    completions.api,
    conversations.api,
    citations.api,
    checks.api,
    articles.api,
    corrections.api,
    jobs.api,
    search.api,
    suggestions.api,
    health.api,
)


def init_app(app: OpenAPI) -> None:
    """Add every resource, the document that describes them, and its page."""
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    documents.init_app(app)
