"""What the environment says, and what it may not."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from web.cli import main
from web.rules import Rules
from web.services import Services
from web.settings import Settings


def rules(tmp_path: Path) -> Rules:
    return Services(Settings(home=tmp_path)).rules


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BAOWEN_{name.upper()}", raising=False)


def test_by_default_reading_is_open_and_limited_but_for_this_machine(tmp_path: Path) -> None:
    assert rules(tmp_path) == Rules(requests="3000/minute", questions="300/minute")


def test_rules_are_what_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, told in {
        "READING": "keyed",
        "REQUEST_LIMIT": "none",
        "QUESTION_LIMIT": "2 per hour",
        "HOSTS": "archive.example, .sub.example",
        "ORIGINS": "https://news.example",
        "PROXIES": "1",
    }.items():
        monkeypatch.setenv(f"BAOWEN_{name}", told)
    assert rules(tmp_path) == Rules(
        keyed=True,
        requests=None,
        questions="2 per hour",
        hosts=("archive.example", ".sub.example"),
        origins=("https://news.example",),
        proxies=1,
        limited_at_home=True,
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("READING", "shut"),
        ("REQUEST_LIMIT", "many"),
        ("QUESTION_LIMIT", "0x7/minute"),
        ("LIMIT_STORAGE", "cupboard://"),
        ("PROXIES", "-1"),
        ("VECTORS", "chroma:8000"),
        ("QUEUE", "amqp://rabbit"),
        ("DATABASE", "sqlite:///elsewhere.db"),
        ("DATABASE", "postgresql://no-user/archive"),
    ],
)
def test_what_cannot_be_set_is_said(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setenv(f"BAOWEN_{name}", told)
    with pytest.raises(ValidationError):
        Settings()


def test_the_passwords_of_servers_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, told in {
        "QUEUE": "redis://:geheim@redis:6379/0",
        "VECTORS_KEY": "geheim",
        "EMBEDDING_KEY": "geheim",
    }.items():
        monkeypatch.setenv(f"BAOWEN_{name}", told)
    assert "geheim" not in repr(Settings())


def test_a_worker_without_a_queue_is_told_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAOWEN_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["work"])
    assert done.exit_code == 2
    assert "BAOWEN_QUEUE" in done.output


def test_vectors_of_a_server_are_not_backed_up_with_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAOWEN_HOME", str(tmp_path))
    monkeypatch.setenv("BAOWEN_VECTORS", "http://chroma:8000")
    done = CliRunner().invoke(main, ["backup", "--caches", str(tmp_path / "archive.zip")])
    assert done.exit_code == 2
    assert "backed up apart" in done.output


def test_the_password_of_a_database_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOWEN_DATABASE", "postgresql://desk:geheim@db.example/archive")
    settings = Settings()
    assert settings.database_url == "postgresql+pg8000://desk:geheim@db.example/archive"
    assert "geheim" not in repr(settings)
    assert "geheim" not in repr(Settings(home=Path("/elsewhere")))


def test_conversations_are_kept_for_days_or_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for told, days in {"30": 30, "none": None, "": None}.items():
        monkeypatch.setenv("BAOWEN_KEEP_CONVERSATIONS", told)
        assert Settings(home=tmp_path).keep_conversations == days
    for wrong in ("0", "-1", "a month"):
        monkeypatch.setenv("BAOWEN_KEEP_CONVERSATIONS", wrong)
        with pytest.raises(ValidationError):
            Settings(home=tmp_path)
