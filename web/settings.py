"""Settings: what the environment says with ``BAOWEN_…``. Read here and nowhere else."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from limits import parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis import ConnectionPool

from vectorstore.dialects import spelt_in_full
from vectorstore.embedding import DEFAULT
from vectorstore.store import ChromaServer


def _listed(value: object) -> object:
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value


def _limit(value: str) -> str | None:
    """Check a limit. Raises ``ValueError`` for what is none."""
    if value == "none":
        return None
    try:
        parse(value)
    except ValueError as error:
        raise ValueError("write it as 300/minute, or none") from error
    return value


def _storage(value: str) -> str:
    """Check where counts are kept. Raises ``ValueError`` for what can't be used."""
    try:
        storage_from_string(value)
    except (ConfigurationError, ImportError) as error:
        raise ValueError(f"counts can't be kept there ({error})") from error
    return value


def _server(value: str) -> str:
    """Check where vectors are kept. Raises ``ValueError`` for what is no address."""
    ChromaServer.at(value)
    return value


def _queue(value: SecretStr) -> SecretStr:
    """Check where the queue is. Raises ``ValueError`` for what is no Redis server's address."""
    ConnectionPool.from_url(value.get_secret_value()).close()
    return value


def _database(value: SecretStr) -> SecretStr:
    """Spell a database's URL in full. Raises ``ValueError`` for what is none, without telling it."""
    return SecretStr(spelt_in_full(value.get_secret_value()))


def _collector(value: str) -> str:
    """Check where spans go. Raises ``ValueError`` for no address, and where the sender is missing."""
    told = urlsplit(value)
    if told.scheme not in ("http", "https") or not told.hostname:
        raise ValueError("write it as http://host:4317")
    try:
        distribution("opentelemetry-exporter-otlp-proto-grpc")
    except PackageNotFoundError as error:
        raise ValueError("spans need a sender: pip install 'baowen[traces]'") from error
    return value


def _days(value: object) -> object:
    return None if value == "none" else value


Days = Annotated[int | None, Field(ge=1, le=36_500), BeforeValidator(_days)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Limit = Annotated[str, AfterValidator(_limit)]


class Settings(BaseSettings):
    """What may be set; ``docs/configuration.md`` tells each at length."""

    model_config = SettingsConfigDict(env_prefix="BAOWEN_", env_ignore_empty=True, frozen=True)

    home: Path = Field(default=Path("~/.baowen"), description="The folder that holds everything.")
    database: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        default=None,
        description="The database of the catalogue and the answers, postgresql://user@host/name; "
        "without one, a file in the folder.",
    )
    embedding_model: str = Field(
        default=DEFAULT,
        description="The bundled model, a folder, or the id of a model on a hub.",
    )
    embedding_url: str | None = Field(
        default=None,
        description="An OpenAI-compatible server that embeds, up to its /v1; the model is then what "
        "it calls it.",
    )
    embedding_key: SecretStr | None = Field(
        default=None, description="What that server wants to be shown."
    )
    vectors: Annotated[str, AfterValidator(_server)] | None = Field(
        default=None,
        description="A Chroma server that keeps the vectors, as http://host:port; without one they "
        "lie in the folder.",
    )
    vectors_key: SecretStr | None = Field(
        default=None, description="What that server wants to be shown."
    )
    queue: Annotated[SecretStr, AfterValidator(_queue)] | None = Field(
        default=None,
        description="A Redis server that tells workers of uploads, as redis://host:port/0; without "
        "one the service reads them itself.",
    )
    key: SecretStr | None = Field(
        default=None,
        description="An operator's key, which a program shows that changes the archive over HTTP.",
    )
    reading: Literal["open", "keyed"] = Field(
        default="open", description="Whether reading and asking over HTTP need a key too."
    )
    request_limit: Limit = Field(
        default="3000/minute", description="How many requests a client has; none: any number."
    )
    question_limit: Limit = Field(
        default="300/minute", description="How many of them may ask or search."
    )
    limit_storage: Annotated[str, AfterValidator(_storage)] = Field(
        default="memory://", description="Where requests are counted: a URI of the library limits."
    )
    hosts: Names = Field(
        default=(), description="Names by which the service is reached, parted by commas."
    )
    origins: Names = Field(
        default=(),
        description="Sites whose pages may use the HTTP interface, parted by commas.",
    )
    proxies: int = Field(
        default=0, ge=0, le=10, description="How many proxies stand before the service."
    )
    page_images: bool = Field(
        default=True, description="Whether images of pages are kept when they are taken in."
    )
    keep_conversations: Days = Field(
        default=None,
        description="Days after its last question when a conversation is forgotten; none: never.",
    )
    chat_model: str | None = Field(
        default=None,
        description="A chat model by LangChain's name that writes the answers: openai:NAME, "
        "ollama:NAME, anthropic:NAME; or gguf:FILE, run by llama.cpp. Without one, "
        "answers are the archive's own sentences.",
    )
    chat_url: str | None = Field(
        default=None, description="Where the chat model's API is, if not at its maker's."
    )
    chat_key: SecretStr | None = Field(
        default=None, description="What the chat model's API wants to be shown."
    )
    chat_timeout: float = Field(
        default=60, gt=0, le=3600, description="Seconds that the chat model has for an answer."
    )
    threads: int = Field(default=8, ge=1, le=256, description="Requests answered at a time.")
    log_level: str | None = Field(
        default=None,
        description="From which level on is logged: DEBUG to CRITICAL; the service says INFO "
        "where nothing is set, the other commands WARNING.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Lines to read, or one JSON object a line."
    )
    traces: Annotated[str, AfterValidator(_collector)] | None = Field(
        default=None,
        description="Where an OpenTelemetry collector takes spans, such as http://127.0.0.1:4317.",
    )
    log_questions: bool = Field(
        default=False, description="Whether what readers ask comes into the log."
    )

    @property
    def database_url(self) -> str:
        """Where the catalogue is kept; a password may be in it."""
        if self.database:
            return self.database.get_secret_value()
        return f"sqlite:///{self.folder / 'catalogue.db'}"

    @property
    def folder(self) -> Path:
        """Where everything is held, in full."""
        return self.home.expanduser().absolute()
