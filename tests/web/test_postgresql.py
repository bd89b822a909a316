"""What an archive on PostgreSQL does beyond what every archive does."""

import gc
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import databases
import pytest
from click.testing import CliRunner
from fiction import BRIDGE, SCHOOL, article
from newsroom import Desk
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from vectorstore.catalogue import Catalogue, Overtaken, connect
from vectorstore.dialects import Unreachable, spelt_in_full, writing
from web.app import create_app
from web.cli import main

pytestmark = pytest.mark.engines


@pytest.fixture
def url(postgresql: databases.Server, tmp_path: Path) -> str:
    return postgresql.url(databases.name_of(tmp_path))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    yield engine
    engine.dispose()


def test_of_two_that_write_one_waits(engine: Engine) -> None:
    begun, seen = Event(), list[str]()

    def second() -> None:
        begun.wait()
        with writing(engine):
            seen.append("second")

    with ThreadPoolExecutor() as pool:
        with writing(engine):
            waiting = pool.submit(second)
            begun.set()
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            seen.append("first")
        waiting.result(10)
    assert seen == ["first", "second"]


def test_several_that_start_on_an_empty_database_make_its_tables_once(url: str) -> None:
    with ThreadPoolExecutor() as pool:
        engines = list(pool.map(connect, [url] * 4))
    for engine in engines:
        assert Catalogue(engine).counts().articles == 0
        engine.dispose()


def test_text_sorts_by_code_points_whatever_the_database_says(
    postgresql: databases.Server, tmp_path: Path
) -> None:
    name = databases.name_of(tmp_path)
    postgresql.execute(
        f'CREATE DATABASE "{name}" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE "zh" '
        "LOCALE 'C'"
    )
    engine = connect(postgresql.url(name))
    catalogue = Catalogue(engine)
    for at, page in enumerate(("b", "B", "a", "Z", "一")):
        catalogue.put(f"/{page}", "{}", [article(f"{page}。", page=page, position=at)])
    assert [each.origin for each in catalogue.sources_from("/")] == sorted(
        ["/b", "/B", "/a", "/Z", "/一"]
    )
    engine.dispose()


def test_a_nul_comes_back_as_one_other_character(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    torn = article("前半\0后半。")
    catalogue.put("/nul", "{}", [torn])
    kept = catalogue.article(torn.id)
    assert kept
    assert kept.text == "前半\N{REPLACEMENT CHARACTER}后半。"


def test_what_is_long_is_kept_where_it_is_indexed(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    names = tuple(f"{at}号记者" for at in range(2_000))
    told = {"publication": "晚" * 5_000, "kicker": names}
    long = replace(article("报道。", byline=names), **told)  # type: ignore[arg-type]
    catalogue.put("/long", "{}", [long])
    assert catalogue.publications() == ["晚" * 5_000]


def test_an_error_tells_nothing_of_what_a_row_holds(engine: Engine) -> None:
    Catalogue(engine).put("/secret/place", "{}", [BRIDGE])
    with pytest.raises(Overtaken) as overtaken:
        Catalogue(engine).put("/secret/place", "{}", [SCHOOL])
    error: BaseException | None = overtaken.value.__cause__
    assert isinstance(error, IntegrityError)
    while error:
        assert "/secret/place" not in f"{error} {error.args}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "told",
    ["mysql://u:geheim@host/db", "postgresql://host", "postgresql://u:geheim@h/d?sslmode=perhaps"],
)
def test_what_is_no_database_is_said_without_its_password(told: str) -> None:
    with pytest.raises(ValueError) as refused:
        spelt_in_full(told)
    assert "geheim" not in str(refused.value)


def test_a_server_that_is_not_there_is_said_without_the_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Unreachable) as refused:
        connect(spelt_in_full("postgresql://reader:geheim@127.0.0.1:1/archive"))
    assert "geheim" not in f"{refused.value} {caplog.text}"
    assert "127.0.0.1" not in str(refused.value)


def test_backing_up_is_left_to_postgresql(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAOWEN_HOME", str(tmp_path))
    monkeypatch.setenv("BAOWEN_DATABASE", url)
    for command in ("backup", "restore"):
        result = CliRunner().invoke(main, [command, str(tmp_path / "archive.zip")])
        assert result.exit_code == 1
        assert "pg_dump" in result.output
    assert not (tmp_path / "archive.zip").exists()


def test_what_was_taken_out_is_a_dead_row_no_more(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    catalogue.put("/bridge", "{}", [BRIDGE])
    with catalogue.writing() as connection:
        catalogue.drop(connection, [BRIDGE.id])
    catalogue.wipe()
    with engine.connect() as connection:
        size = text("SELECT pg_relation_size('articles') + pg_relation_size('passages')")
        assert connection.scalar(size) == 0  # what is empty is given back to the disk


@pytest.mark.filterwarnings(
    "ignore:.*socket"
)  # the driver leaves a torn connection to be collected
def test_while_the_database_is_away_readers_are_told_and_after_it_is_found_again(
    tmp_path: Path,
) -> None:
    server = databases.Server()
    engine = connect(server.url("archive"))
    desk = Desk(engine)
    desk.print(BRIDGE)
    client = create_app(desk).test_client()  # type: ignore[arg-type]
    page, data = f"/articles/{BRIDGE.id}", f"/api/v1/articles/{BRIDGE.id}"
    assert client.get(data).status_code == 200
    server.stop()
    for _ in range(2):
        for address in (page, data):
            refused = client.get(address)
            assert refused.status_code == 503
            assert int(refused.headers["Retry-After"]) > 0
            assert "127.0.0.1" not in refused.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200
    server.start()
    for address in (page, data):
        assert client.get(address).status_code == 200
    engine.dispose()
    server.end()
    gc.collect()
