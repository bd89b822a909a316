"""Settings: what the environment says with ``BAOWEN_…``. Read here and nowhere else."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from vectorstore.embedding import DEFAULT


class Settings(BaseSettings):
    """What may be set; ``docs/configuration.md`` tells each at length."""

    model_config = SettingsConfigDict(env_prefix="BAOWEN_", env_ignore_empty=True, frozen=True)

    home: Path = Field(default=Path("~/.baowen"), description="The folder that holds everything.")
    embedding_model: str = Field(
        default=DEFAULT,
        description="The bundled model, a folder, or the id of a model on a hub.",
    )
    key: SecretStr | None = Field(
        default=None,
        description="What a program must show that changes the archive over HTTP.",
    )
    page_images: bool = Field(
        default=True, description="Whether images of pages are kept when they are taken in."
    )
    chat_model: str | None = Field(
        default=None,
        description="A chat model by LangChain's name that writes the answers: openai:NAME, "
        "ollama:NAME, anthropic:NAME. Without one, answers are the archive's own sentences.",
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

    @property
    def folder(self) -> Path:
        """Where everything is held, in full."""
        return self.home.expanduser().absolute()
