"""What a page is parted into: pieces, each with the role that it looks like."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a piece looks like."""

    FURNITURE = "furniture"
    JUMP_FROM = "jump from"
    JUMP_TO = "jump to"
    TITLE = "title"
    BYLINE = "byline"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    PHOTOGRAPHER = "photographer"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page with one role."""

    role: Role
    text: str
    gap: int = 1
    """How many blank lines stand before it."""
    indented: bool = False
    page: str | None = None
    """Where a jump mark points, as printed."""
    apart: bool | None = None
    """Of a title: whether it stands apart as articles do here; None where they don't stand apart."""
