"""Conversations: a reader's own, known to whoever knows the id."""

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import NotFound

from web.admission import admit_own_pages
from web.api import schemas
from web.api.problems import problems
from web.current import services

api = APIBlueprint(
    "conversations", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="Questions and answers")]
)


@api.get(
    "/conversations/<id>",
    summary="Get a conversation",
    responses={"200": schemas.Conversation, **problems(_404="No conversation has this id.")},
)
def get_conversation(path: schemas.Id) -> dict[str, Any]:
    """Its answers, in the order in which they were given."""
    conversation = services.ledger.conversation(path.id)
    if conversation is None:
        raise NotFound("No conversation has this id.")
    return schemas.Conversation.of(conversation).plain()


@api.delete(
    "/conversations/<id>",
    summary="Delete a conversation",
    responses={
        "204": None,
        **problems(_403="Sent by another site's page.", _404="No conversation has this id."),
    },
)
def forget_conversation(path: schemas.Id) -> tuple[str, int]:
    """Deletes its answers with it; their citations stay."""
    admit_own_pages()
    if not services.ledger.forget(path.id):
        raise NotFound("No conversation has this id.")
    return "", 204
