"""The JSON that strangers send and get; named as in the OpenAPI document."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from flask import url_for
from flask_openapi3.models.file import FileStorage
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    computed_field,
    model_validator,
)

from qa import answers
from qa.answers import Status, Turn
from qa.attributing import Role
from qa.checking import LONGEST, Finding
from qa.comparing import Side
from vectorstore import articles, corrections
from vectorstore import doubts as weighing
from vectorstore.articles import BlockKind, Doubt
from vectorstore.reading import Kind, cleaned

LONGEST_QUESTION = 2_000
LONGEST_CURSOR = 3_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+")
_LINE_BREAKS = "\t\n\r"
BLANK = " " + _LINE_BREAKS
"""What a field that counts as absent may hold."""


def _day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Write the day as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"There is no such day as {value}.") from error


def _printable(value: object) -> object:
    """Trim white space; refuse what no reader can have typed."""
    if not isinstance(value, str):
        return value
    for character in value:
        kind = unicodedata.category(character)
        if kind == "Cs":
            raise ValueError(f"U+{ord(character):04X} is half of a character; send it whole.")
        if kind == "Cc" and character not in _LINE_BREAKS:
            raise ValueError(f"Take out the control character U+{ord(character):04X}.")
    return value.strip()


def _readable(text: str) -> str:
    """Refuse what holds nothing to read, white space and control characters put aside."""
    if not cleaned(text).strip():
        raise ValueError("Send some text to read.")
    return text


def _absent_if_blank(value: object) -> object:
    """An empty field of a form or a query asks nothing; control characters don't make it one."""
    return None if isinstance(value, str) and not value.strip(BLANK) else value


def _number(value: object) -> object:
    """Python reads more as a number than the description does: blanks, underscores, a sign."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("Write a whole number.")
    return value


_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
PRINTABLE = {"pattern": f"^[^{_CONTROL}]*$"}
ASKING = {"pattern": rf"^[^{_CONTROL}]*[^{_CONTROL}\s][^{_CONTROL}]*$"}
"""What the description says of strings; ``_printable`` is what refuses them, and says why."""

Day = Annotated[date, BeforeValidator(_day)]
QueryDay = Annotated[Day | None, BeforeValidator(_absent_if_blank)]
QueryNumber = Annotated[int, BeforeValidator(_number)]
Asked = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_QUESTION, json_schema_extra=ASKING),
    BeforeValidator(_printable),
]
Name = Annotated[
    Annotated[str, Field(max_length=200, json_schema_extra=PRINTABLE)] | None,
    BeforeValidator(lambda value: _printable(value) or None),
]


class _Span(BaseModel):
    """A span of days that runs forwards."""

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        since, until = getattr(self, "since", None), getattr(self, "until", None)
        if since and until and since > until:
            raise ValueError("until: The last day comes before the first; exchange them.")
        return self


class Question(_Span):
    """A question to the archive."""

    question: Asked = Field(description="In the reader's words; white space around it is dropped.")
    conversation: Name = Field(None, description="The one that it continues; absent for a new one.")
    since: Day | None = Field(None, description="The first day told of, YYYY-MM-DD.")
    until: Day | None = Field(None, description="The last day told of, itself included.")
    publication: Name = Field(None, description="The newspaper's name, as it was ingested.")
    as_of: Day | None = Field(None, description="The day to count 去年 and 最近 from; today.")

    def after(self, history: tuple[Turn, ...]) -> answers.Question:
        """What the archive is asked, given what was said before."""
        return answers.Question(
            text=self.question,
            history=history,
            conversation=self.conversation,
            since=self.since,
            until=self.until,
            publication=self.publication,
            as_of=self.as_of,
        )


class ChatPart(BaseModel):
    """A part of a message; of all kinds the text alone is read."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message of a chat, as OpenAI's API has it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ChatPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class ChatStreamOptions(BaseModel):
    """What a stream tells beside the answer."""

    include_usage: bool = False


class ChatQuestion(_Span):
    """A chat whose last message is a question; fields that steer a language model say nothing here."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool | None = False
    stream_options: ChatStreamOptions | None = None
    n: Literal[1] | None = 1
    since: Day | None = None
    until: Day | None = None
    publication: Name = None
    as_of: Day | None = None


class Feedback(BaseModel):
    """What a reader thinks of an answer."""

    verdict: Literal["up", "down"]
    comment: Annotated[
        Annotated[
            str,
            Field(max_length=LONGEST_QUESTION, json_schema_extra=PRINTABLE),
            BeforeValidator(_printable),
        ]
        | None,
        BeforeValidator(_absent_if_blank),
    ] = Field(None, description="Why, in the reader's words, 2,000 characters at most.")
    citation: Name = Field(None, description="The one that is meant; absent for the whole answer.")


class Wrong(BaseModel):
    """What a reader says is wrong with an article."""

    wrong: corrections.Wrong
    comment: Annotated[
        Annotated[
            str,
            Field(max_length=corrections.LONGEST, json_schema_extra=PRINTABLE),
            BeforeValidator(_printable),
        ]
        | None,
        BeforeValidator(_absent_if_blank),
    ] = None


class Id(BaseModel):
    """What a path names."""

    id: str


class FormatQuery(BaseModel):
    """How a citation, or what an answer cites, is to be written."""

    format: Literal["json", "gbt7714", "csl-json", "bibtex", "ris", "jsonld"] | None = Field(
        None, description="Comes before the `Accept` header."
    )


class Quoted(BaseModel):
    """Words that are said to be a newspaper's."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=LONGEST, json_schema_extra=ASKING),
        BeforeValidator(_printable),
    ] = Field(
        description="4,000 characters and 60 sentences at most; with the speaker or the newspaper "
        "that they are said to be of, if these are to be checked too."
    )


class SearchQuery(_Span):
    """What to search for, and where."""

    q: Asked
    limit: QueryNumber = Field(10, ge=1, le=100)
    since: QueryDay = None
    until: QueryDay = None
    publication: Name = None


class ArticlesQuery(_Span):
    """Which articles to list."""

    query: Name = Field(None, description="Words that the article holds.")
    since: QueryDay = None
    until: QueryDay = None
    publication: Name = None
    page: Name = None
    byline: Name = None
    cursor: Annotated[
        Annotated[str, Field(max_length=LONGEST_CURSOR)] | None, BeforeValidator(_absent_if_blank)
    ] = Field(None, description="`next` of the list before.")
    limit: QueryNumber = Field(20, ge=1, le=100)


class Record(BaseModel):
    """One article as a record; everything but its text may be absent."""

    text: Annotated[str, AfterValidator(_readable)] = Field(
        min_length=1, description="Paragraphs parted by line breaks."
    )
    headline: str | None = Field(
        None,
        max_length=500,
        validation_alias=AliasChoices("headline", "title"),
        description="Its lines parted by line breaks.",
    )
    id: Name = Field(None, description="Your own id; comes back as `source.record`.")
    date: Day | None = Field(
        None,
        validation_alias=AliasChoices("date", "issued"),
        description="The day of the paper.",
    )
    publication: Name = None
    page: Name = None


class Upload(BaseModel):
    """Files of pages or articles in any form that is read, and what is known of them."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    files: list[Annotated[FileStorage, WithJsonSchema({"type": "string", "format": "binary"})]] = (
        Field(min_length=1)
    )
    publication: Name = None
    issued: QueryDay = None
    page: Name = None
    kind: Kind = Field(Kind.AUTO, description="Whether a file is a page or one article.")


class NewCorrection(BaseModel):
    """What is wrong with an article, and what is right."""

    field: corrections.Field
    becomes: str = Field(
        max_length=corrections.LONGEST,
        description="What stands there from now on: lines and names each on a line of its own, nothing where "
        "nothing is known. In the text a line break parts paragraphs.",
    )
    was: str | None = Field(
        None,
        max_length=corrections.LONGEST,
        description="What stands there now. Of the text it is the stretch that is replaced; elsewhere it "
        "may be absent.",
    )
    start: int | None = Field(
        None, ge=0, description="Where in the text; may be absent where the stretch stands once."
    )
    why: Annotated[str | None, Field(max_length=corrections.LONGEST)] = None


class CorrectionNumber(Id):
    """A correction of an article."""

    number: int = Field(ge=1, le=2**31)


class Shape(BaseModel):
    """One of our values as JSON, read off attribute by attribute."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, value: object, **more: object) -> Self:
        """Write a value; ``more`` is what it doesn't say itself."""
        known = {name: getattr(value, name) for name in cls.model_fields if hasattr(value, name)}
        return cls.model_validate(known | more)

    def plain(self) -> dict[str, Any]:
        """What JSON can say."""
        return self.model_dump(mode="json")


class Source(Shape):
    """The file that an article was read from."""

    file: str
    sha256: str
    record: str | None


class CitedArticle(Shape):
    """What a citation says of its article."""

    id: str
    headline: str
    publication: str | None
    issued: date | None
    date: str | None = Field(description="The day told of, in EDTF; `XXXX` where no year is known.")
    page: str | None
    source: Source

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The article's page."""
        return url_for("pages.article", id=self.id)


class Citation(Shape):
    """A verbatim quote and where it stands: `article.text[start:end] == quote`."""

    id: str
    quote: str
    prefix: str
    suffix: str
    start: int
    end: int
    status: Status
    article: CitedArticle
    also: list[CitedArticle] = Field(
        description="Reprints that hold the quote too, those first that came first."
    )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The page that shows the quote in its article."""
        return url_for("pages.citation", id=self.id)


class NumberedCitation(Citation):
    """A citation as an answer's text marks it."""

    number: int


class Block(Shape):
    """A stretch of an article's text."""

    kind: BlockKind
    start: int
    end: int


class Box(Shape):
    """A line of an article where it stands, in shares of its page's width and height."""

    start: int | None = Field(description="Of its characters in `text`; null for a headline's.")
    end: int | None
    x: float = Field(description="From the left.")
    y: float = Field(description="From the top.")
    w: float
    h: float


class Region(Shape):
    """The lines of an article that stand on one page."""

    page: str | None = Field(description="As printed.")
    image: str | None = Field(description="Where the page's image is; null where none is kept.")
    width: int = Field(description="Of the page, in any unit, as its height is.")
    height: int
    boxes: list[Box]

    @classmethod
    def of_article(cls, article_id: str, region: articles.Region) -> Self:
        """A region, with where the image of its page is found."""
        leaf = region.leaf
        return cls(
            page=region.page,
            image=leaf.image
            and url_for("articles.get_page_image", id=article_id, image=leaf.image),
            width=leaf.width,
            height=leaf.height,
            boxes=[Box.of(box, w=box.width, h=box.height) for box in region.boxes],
        )


class TextBlock(Block):
    """A stretch of an article's text, with its words."""

    text: str


class Surroundings(Shape):
    """The block that a quote stands in, and its neighbours."""

    before: TextBlock | None
    block: TextBlock
    after: TextBlock | None

    @classmethod
    def around(cls, citation: answers.Citation, article: articles.Article) -> Self | None:
        """None where the quote isn't to be found at its place any more."""
        if article.text[citation.start : citation.end] != citation.quote:
            return None
        blocks = [TextBlock.of(b, text=article.text[b.start : b.end]) for b in article.blocks]
        for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
            if block.start <= citation.start < block.end:
                return cls(before=before, block=block, after=after)
        return None


class PlacedCitation(Citation):
    """A citation and the words that it stands among; null where they were changed since."""

    surroundings: Surroundings | None
    regions: list[Region] = Field(description="The lines that the quote stands in.")


class Run(Shape):
    """Words in a row that both wordings have (as printed), or one of them."""

    side: Side
    text: str


class CheckedPart(Shape):
    """A stretch `text[start:end]` of what was sent, and what the archive prints of it."""

    start: int
    end: int
    finding: Finding
    citation: Citation | None = Field(
        description="What is printed, or nearest to it; null for a headline, or where nothing is near."
    )
    article: CitedArticle | None
    runs: list[Run] = Field(
        description="Both wordings in one; empty where they are the same to the letter."
    )


class Attribution(Shape):
    """Whose the words are said to be, and whose they are in print."""

    role: Role
    claimed: str
    printed: str | None = Field(description="Null where the article names nobody.")
    agrees: bool


class Checked(Shape):
    """What was found of a quote."""

    text: str
    finding: Finding = Field(
        description="The worst of its parts; `stitched` where they are all printed and not in one "
        "piece, `misattributed` where somebody else said or printed them."
    )
    parts: list[CheckedPart]
    attributions: list[Attribution]


class Hit(Citation):
    """A passage that a search found."""

    score: float


class Hits(Shape):
    """What a search found, best first."""

    hits: list[Hit]


class Sentence(Shape):
    """One statement of an answer and the numbers of its citations."""

    text: str
    citations: list[int]
    day: str | None = Field(
        default=None,
        description="In a timeline, the day that it tells of, in EDTF; `text` begins with it.",
    )


class Searched(Shape):
    """How many passages were searched, and which filters held."""

    passages: int
    since: date | None
    until: date | None
    publication: str | None


class Answer(Shape):
    """An answer as it was given."""

    id: str
    conversation: str
    question: str
    standalone_question: str
    answered: bool
    text: str = Field(description="The sentences with their marks `[n]`.")
    sentences: list[Sentence]
    citations: list[NumberedCitation]
    searched: Searched
    related: list[Citation] = Field(description="The nearest passages, when it isn't answered.")
    writer: str = Field(description="`extractive`, `catalogue`, or the chat model's name.")
    notice: str | None = Field(
        description="Why it isn't the chat model's, or not whole; null where all went as set."
    )
    timings_ms: dict[str, int]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The answer's own page."""
        return url_for("pages.answer", id=self.id)


class Found(Shape):
    """What was searched for an answer and what was found: the stream's first event."""

    searched: Searched
    standalone_question: str
    hits: list[Citation]


class Conversation(Shape):
    """The answers of one conversation, in the order in which they were given."""

    id: str
    answers: list[Answer]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The page on which it goes on."""
        return url_for("pages.chat", conversation=self.id)


class Jump(Shape):
    """Where an article's text goes on on another page."""

    start: int = Field(description="Of the first character that stands there.")
    page: str | None


class Article(Shape):
    """One article as the paper printed it."""

    id: str
    kicker: list[str]
    headline: list[str]
    byline: list[str]
    correspondents: list[str]
    photographers: list[str]
    publication: str | None
    issued: date | None
    date: str | None = Field(description="The day told of, in EDTF; `XXXX` where no year is known.")
    page: str | None
    position: int
    continued_from: str | None
    continued_to: str | None
    jumps: list[Jump] = Field(description="To which other pages of the archive it goes on.")
    doubts: list[Doubt] = Field(description="Why it may not be what its page printed.")
    text: str
    blocks: list[Block]
    source: Source
    reprints: list[CitedArticle] = Field(
        description="Other articles that print it, word for word or nearly so, the first one first."
    )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The article's page."""
        return url_for("pages.article", id=self.id)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def confidence(self) -> float:
        """From 0 to 1: how likely it is what its page printed, as far as its doubts tell."""
        return weighing.confidence(self.doubts)


class PrintedArticle(Article):
    """One article, and where it stands on its pages as far as its file tells."""

    regions: list[Region]


class PageImage(Id):
    """The image of a page that an article stands on."""

    image: str


class Articles(Shape):
    """A stretch of the list of articles."""

    articles: list[Article]
    next: str | None = Field(description="The cursor of what follows; null at the end.")


class Correction(Shape):
    """What was put right in an article."""

    number: int
    article_id: str = Field(description="Its own, or that of the half that it was made of.")
    field: corrections.Field
    was: str
    becomes: str
    start: int = Field(description="Of the stretch in the text as it was then; 0 elsewhere.")
    prefix: str = Field(description="The text before it.")
    suffix: str = Field(description="The text behind it.")
    who: str
    why: str
    made_at: datetime
    applied: bool = Field(description="False where other words were read since.")


class Corrections(Shape):
    """What was put right in an article, in order."""

    corrections: list[Correction]


class Suggestions(Shape):
    """Questions that the archive at hand answers."""

    questions: list[str]


class Report(Shape):
    """What became of one uploaded file."""

    source: str
    articles: list[str]
    status: Literal["added", "unchanged", "updated", "refused"]
    reason: str | None


class Job(Shape):
    """An upload that is read after those before it."""

    id: str
    status: Literal["waiting", "running", "done", "failed"]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """Where its progress is told."""
        return url_for("jobs.get_job", id=self.id)


class JobProgress(Job):
    """How far an upload is, and what became of each file of it."""

    done: int
    total: int = Field(description="Grows by the files in a zip file while it is read.")
    report: list[Report]


class State(Shape):
    """How the service is."""

    status: str


class Holdings(Shape):
    """How much the archive holds, and whether its caches hold the same."""

    pages: int
    articles: int
    reprints: int = Field(description="Articles that others print too.")
    passages: int
    vectors: int
    pending: int
    agree: bool
    model: str
    version: str


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    detail: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None


class Refusal(Problem):
    """Which fields were refused, and why."""

    errors: list[FieldError]


class Removed(Problem):
    """What is left of a citation whose article was removed."""

    headline: str
    publication: str | None
    issued: date | None
    date: str | None
    page: str | None
