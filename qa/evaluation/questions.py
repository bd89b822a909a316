"""Gold questions: what is asked, and what is known of its answer."""

import gzip
import re
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

Words = Annotated[str, Field(min_length=1, max_length=2_000)]
"""A question, as long as one may be."""


class BadGold(ValueError):
    """A file of gold questions that can't be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and what is known of its answer."""

    question: str
    history: tuple[str, ...]
    answerable: bool
    must: tuple[tuple[str, ...], ...]
    """Of every group one alternative must stand in the answer."""
    quote: str | None
    """A passage that supports it, verbatim."""
    records: tuple[str, ...]
    """Ids of the records that hold it."""
    as_of: date | None = None
    """The day on which it is asked; of a year alone its last day."""
    kind: str | None = None
    groups: tuple[tuple[str, ...], ...] = ()
    """Of every group of records one is needed; none where any of ``records`` will do."""
    possible: tuple[str, ...] = ()
    """Ids of records that may hold it too; finding them is neither right nor wrong."""
    evidences: tuple[tuple[str, ...], ...] = ()
    """Texts that prove it, each alternative of one text or several."""
    checked: bool = True
    """Whether a person has looked at it; drafts say that nobody has."""


def _last_day(of: object) -> object:
    """The last day of a year that stands alone."""
    return f"{of}-12-31" if re.fullmatch(r"\d{4}", str(of)) else of


class _Turn(BaseModel):
    """An earlier question, told with its answer."""

    question: Words


class _Line(BaseModel):
    """Both shapes of gold: strings that must be said, or answers any of which will do."""

    model_config = ConfigDict(extra="ignore")

    question: Words
    history: list[Words | _Turn] = []
    answerable: bool = True
    must: list[str] | None = None
    quote: str | None = None
    answers: list[str] = []
    answer_groups: list[list[str]] = []
    gold_doc_ids: list[str] = []
    gold_doc_groups: list[list[str]] = []
    also_possible_ids: list[str] = []
    evidences: list[str] = []
    gold_sentences: list[str] = []
    doc: str | None = None
    as_of: Annotated[date | None, BeforeValidator(_last_day)] = None
    kind: str | None = Field(None, validation_alias=AliasChoices("kind", "type"))
    checked: bool = True

    def gold(self) -> Gold:
        if self.must is not None:
            must = tuple(tuple(group.split("|")) for group in self.must)
        elif self.answer_groups:
            must = tuple(map(tuple, self.answer_groups))
        else:
            must = (tuple(self.answers),) if self.answers else ()
        evidences: list[tuple[str, ...]] = [(each,) for each in self.evidences]
        if self.gold_sentences:
            evidences.append(tuple(self.gold_sentences))
        grouped = (each for group in self.gold_doc_groups for each in group)
        named = (*self.gold_doc_ids, *grouped, *((self.doc,) if self.doc else ()))
        return Gold(
            self.question,
            tuple(turn if isinstance(turn, str) else turn.question for turn in self.history),
            self.answerable,
            must,
            self.quote,
            tuple(dict.fromkeys(named)),
            self.as_of,
            self.kind,
            tuple(map(tuple, self.gold_doc_groups)),
            tuple(self.also_possible_ids),
            tuple(evidences),
            self.checked,
        )


def gold(path: Path) -> list[Gold]:
    """Read gold questions, one JSON object a line, gzipped or plain. Raises ``BadGold``."""
    opened = gzip.open if path.suffix == ".gz" else open
    found = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        found.append(_Line.model_validate_json(line).gold())
                    except ValidationError as error:
                        raise BadGold(
                            f"{path}, line {number}: a question is an object with at least "
                            f'"question", and "must" or "answers": {_first(error)}'
                        ) from error
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is cut short or not in UTF-8"
        raise BadGold(f"{path} can't be read: {reason or error}") from error
    if not found:
        raise BadGold(f"{path} holds no question")
    return found


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
