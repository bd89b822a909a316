"""The service forgets conversations after the days that the settings say, when it starts and daily."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import NEWS, LetterAnswerer
from sqlalchemy import update

import web.services
from qa.answers import Question
from qa.ledger import answers, conversations
from web.services import Services
from web.settings import Settings


class Ready(Services):
    """Without a model there is nothing to index with."""

    def open(self) -> None:
        self._missing = None

    def index(self) -> bool:
        return False


def aged(services: Services) -> str:
    """A conversation of long ago."""
    answerer = LetterAnswerer(services.catalogue, services.ledger)
    services.__dict__["answerer"] = answerer
    answer = answerer.answer(Question(text="青石桥的桥长多少米？"))
    with services.catalogue.engine.begin() as connection:
        long_ago = datetime(2024, 5, 17, tzinfo=UTC)
        connection.execute(update(conversations).values(begun_at=long_ago))
        connection.execute(update(answers).values(given_at=long_ago))
    return answer.conversation


def is_forgotten(services: Services, conversation: str, patience: float) -> bool:
    until = time.monotonic() + patience
    while services.ledger.conversation(conversation):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_old_conversations_are_forgotten_when_the_service_starts_and_daily(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.services, "A_DAY", 1)
    services = Ready(Settings(home=tmp_path, keep_conversations=30))
    services.catalogue.put("/news.txt", "{}", NEWS[:1])
    first = aged(services)
    services.start()
    assert is_forgotten(services, first, 20)
    assert is_forgotten(services, aged(services), 20)
    services.stop()
    services.catalogue.engine.dispose()


def test_they_are_kept_where_nothing_is_set(tmp_path: Path) -> None:
    services = Ready(Settings(home=tmp_path))
    services.catalogue.put("/news.txt", "{}", NEWS[:1])
    kept = aged(services)
    services.start()
    assert not is_forgotten(services, kept, 2)
    services.stop()
    services.catalogue.engine.dispose()
