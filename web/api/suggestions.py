"""Questions to begin with, drawn from the archive at hand."""

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from web.api import schemas
from web.api.revalidating import revalidated
from web.current import services

api = APIBlueprint("suggestions", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Search")])
api.after_request(revalidated)


def suggested() -> list[str]:
    """Questions to begin with; none while nothing can be answered."""
    return [] if services.ready() else services.suggestions()


@api.get("/suggestions", summary="Suggest questions", responses={"200": schemas.Suggestions})
def suggest() -> dict[str, Any]:
    """Each of them is one that the archive answers."""
    return schemas.Suggestions(questions=suggested()).plain()
