from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import databases
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fiction import BRIDGE, SCHOOL, article
from sqlalchemy import Engine, text

import qa.ledger  # noqa: F401 - its tables belong to the same database
import web.register  # noqa: F401 - and so do these
from vectorstore.articles import Article, Doubt, Jump, Source
from vectorstore.catalogue import Catalogue, KeptSource, connect
from vectorstore.selection import Selection
from vectorstore.splitting import passages
from vectorstore.tables import metadata


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    yield catalogue
    catalogue.engine.dispose()


def put(
    catalogue: Catalogue,
    *found: Article,
    origin: str = "/paper/01.txt",
    replaces: KeptSource | None = None,
) -> None:
    catalogue.put(origin, "{}", found, replaces)


def many(count: int) -> Sequence[Article]:
    return [
        article(
            f"第{at}篇。",
            position=at,
            issued=date(2024, 1, 1) + timedelta(days=at // 3),
            byline=("岑小满",) if at % 2 else ("祝清和",),
        )
        for at in range(1, count + 1)
    ]


def test_the_migrations_give_the_tables_that_the_code_knows(catalogue: Catalogue) -> None:
    with catalogue.engine.connect() as connection:
        opts = {"compare_type": False, "include_object": is_the_same_everywhere}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def is_the_same_everywhere(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Leave out the indexes that are others on PostgreSQL, where less fits into one."""
    shelf = kind == "index" and str(name).startswith(("ix_articles_shelf", "ix_articles_issue"))
    return not (shelf and databases.ON_POSTGRESQL)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        engine = connect(databases.url(tmp_path / "catalogue.db"))
        engine.dispose()


def test_an_article_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    whole = replace(BRIDGE, kicker=("一", "二"), photographers=("甲",), continued_to="03")
    whole = replace(whole, jumps=(Jump(2, "03"),), doubts=(Doubt.ENDS, Doubt.HALF))
    put(catalogue, whole, SCHOOL)
    assert catalogue.article(whole.id) == whole
    assert catalogue.article(SCHOOL.id) == SCHOOL


def test_doubtful_articles_are_listed(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, replace(SCHOOL, doubts=(Doubt.SHORT,)))
    assert catalogue.doubts() == {SCHOOL.id: (Doubt.SHORT,)}


def test_a_file_is_unread_until_it_is_read(catalogue: Catalogue) -> None:
    catalogue.note_unread("/paper/02.pdf", "02.pdf", "it is encrypted")
    catalogue.note_unread("/paper/01.txt", "01.txt", "it is empty")
    catalogue.note_unread("/paper/01.txt", "01.txt", "it is binary")
    catalogue.note_unread("/paper/03.txt", "03.txt", None)
    assert catalogue.unread_files() == [("01.txt", "it is binary"), ("02.pdf", "it is encrypted")]
    catalogue.note_unread("/paper/01.txt", "01.txt", None)
    assert catalogue.unread_files() == [("02.pdf", "it is encrypted")]


def test_an_unknown_article_is_none(catalogue: Catalogue) -> None:
    assert catalogue.article("' OR 1=1 --") is None


def test_a_changed_file_replaces_what_it_gave(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)
    changed = article("本报讯 大桥已经通车。", position=3)
    put(catalogue, changed, replaces=catalogue.source_at("/paper/01.txt"))
    assert [each.id for each in catalogue.articles()[0]] == [changed.id]
    assert {each.vector_id for each in catalogue.removed(10)} == {
        passage.vector_id for each in (BRIDGE, SCHOOL) for passage in passages(each)
    }


def test_lists_are_newest_first_and_read_on_by_cursor(catalogue: Catalogue) -> None:
    put(catalogue, *many(25))
    seen: list[Article] = []
    cursor = None
    while True:
        found, cursor = catalogue.articles(cursor=cursor, limit=7)
        seen += found
        if cursor is None:
            break
    assert len(seen) == len({each.id for each in seen}) == 25
    assert [(-each.issued.toordinal(), each.position) for each in seen if each.issued] == sorted(
        (-each.issued.toordinal(), each.position) for each in seen if each.issued
    )


def test_pages_of_a_day_are_listed_as_their_numbers_run(catalogue: Catalogue) -> None:
    printed = ["A10", None, "B1", "2", "10", "A2", "特1"]
    put(
        catalogue,
        *(
            article(f"{page}。", page=page, position=at, issued=date(2024, 1, 1))
            for at, page in enumerate(printed)
        ),
    )
    listed, _ = catalogue.articles()
    assert [each.page for each in listed] == ["2", "10", "A2", "A10", "B1", "特1", None]


def without_readers(engine: Engine) -> None:
    """Make an archive what it was before conversations were anybody's."""
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_conversations_reader"))
        for column in ("conversations.reader", "conversations.name", "feedback.citation_id"):
            table, _, name = column.partition(".")
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))


UPLOADED = ("uploads", "jobs")
CORRECTED = ("corrections", "originals", "readers_reports")
SHELVES = ("shelf", "shelf_of_paper", "issue", "issue_of_paper")


def without_boxes(engine: Engine) -> None:
    """Make an archive what it was before it was known where lines stand."""
    without_readers(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_passages_found"))
        connection.execute(text("CREATE INDEX ix_passages_entry_id ON passages (entry_id)"))
        for index in SHELVES:
            connection.execute(text(f"DROP INDEX ix_articles_{index}"))
        for table in ("regions", "leaves", "keys", "repeats", *CORRECTED, *UPLOADED):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))


def without_reprints(engine: Engine) -> None:
    """Make an archive what it was before texts were known again."""
    without_boxes(engine)
    with engine.begin() as connection:
        for table in ("text_bands", "near_texts", "texts", "removals"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE passages SET vector_id = own_vector_id"))
        for column in ("articles.text_id", "passages.entry_id", "passages.own_vector_id"):
            table, _, name = column.partition(".")
            connection.execute(text(f"DROP INDEX IF EXISTS ix_{table}_{name}"))
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {name}"))
        connection.execute(text("ALTER TABLE answer_citations DROP COLUMN also"))
        connection.execute(
            text(
                "CREATE TABLE removals (passage_id VARCHAR(32) PRIMARY KEY, vector_id VARCHAR(32))"
            )
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))


@pytest.mark.files  # PostgreSQL has none of before
def test_an_archive_of_before_finds_its_reprints(tmp_path: Path) -> None:
    reprint = replace(
        article(*BRIDGE.text.split("\n"), headline="主跨合龙了", source=Source("2.txt", "2" * 64)),
        issued=date(2024, 5, 18),
    )
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    for each in (BRIDGE, SCHOOL, reprint):
        put(Catalogue(engine), each, origin=f"/{each.id}")
    wanted = held(engine)
    without_reprints(engine)
    engine.dispose()
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    assert held(engine) == wanted
    catalogue = Catalogue(engine)
    assert [each.id for each in catalogue.reprints_of([BRIDGE.id])[BRIDGE.id]] == [reprint.id]
    assert catalogue.compare(10) == 2
    engine.dispose()


def held(engine: Engine) -> list[str]:
    """What is kept of texts and passages."""
    columns = (
        "passages.id, text_id, entry_id, own_vector_id, vector_id, indexed, texts.id, compared"
    )
    joined = "passages JOIN articles ON article_id = articles.id JOIN texts ON texts.id = text_id"
    with engine.connect() as connection:
        return sorted(map(repr, connection.execute(text(f"SELECT {columns} FROM {joined}"))))


@pytest.mark.files  # PostgreSQL has none of before
def test_an_archive_of_before_is_put_in_the_order_of_now(tmp_path: Path) -> None:
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    for at, page in enumerate(("A2", None, "A10")):
        each = article(f"{page}。", page=page, position=at, issued=date(2024, 1, 1))
        put(Catalogue(engine), each, origin=f"/{page}")
    without_reprints(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE articles SET place = substr(place, 1, 7) || '/' || id"))
        connection.execute(text("DROP TABLE halves"))
        connection.execute(text("DROP TABLE unread"))
        connection.execute(text("DROP TABLE feedback"))
        connection.execute(text("ALTER TABLE answers DROP COLUMN notice"))
        for column in ("jumps", "doubts"):
            connection.execute(text(f"ALTER TABLE articles DROP COLUMN {column}"))
        connection.execute(text("DROP INDEX ix_sources_month_day"))
        for column in ("whole", "publication", "issued", "month_day", "weekday"):
            connection.execute(text(f"ALTER TABLE sources DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    assert [each.page for each in Catalogue(engine).articles()[0]] == ["A2", "A10", None]
    engine.dispose()


@pytest.mark.files  # PostgreSQL has none of before
def test_files_of_before_there_were_boxes_are_read_again(tmp_path: Path) -> None:
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    for position, name in enumerate(("a.PDF", "b.txt"), 1):
        printed = replace(article("短讯。", position=position), source=Source(name, name))
        put(Catalogue(engine), printed, origin=f"/{name}")
    without_boxes(engine)
    engine.dispose()
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    found = {each.file: each.whole for each in Catalogue(engine).sources_from("/")}
    assert found == {"a.PDF": False, "b.txt": True}
    engine.dispose()


def test_a_byline_with_the_signs_of_a_pattern_is_only_itself(catalogue: Catalogue) -> None:
    put(catalogue, article("甲。", byline=("100%",)), article("乙。", position=2, byline=("张_",)))
    for byline, found in (("100%", 1), ("%", 0), ("张_", 1), ("__", 0)):
        assert len(catalogue.articles(byline=byline)[0]) == found


def test_a_cursor_of_no_list_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="start again"):
        catalogue.articles(cursor="no such")


def test_lists_can_be_narrowed(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)

    def ids(**asked: object) -> list[str]:
        return [each.id for each in catalogue.articles(**asked)[0]]  # type: ignore[arg-type]

    assert ids(byline="祝清和") == [BRIDGE.id, SCHOOL.id]
    assert ids(byline="祝清") == []
    assert ids(query="小学 新校区") == [SCHOOL.id]
    assert ids(query="100%_") == []
    assert ids(page="02") == []
    assert ids(page='"]') == []
    assert ids(selection=Selection(publication="别的报")) == []


def test_an_article_is_listed_with_every_page_that_it_is_printed_on(catalogue: Catalogue) -> None:
    front = replace(BRIDGE, continued_to="03")
    inside = article("桥面年底铺完。", source=Source("03.txt", "3" * 64), page="03")
    put(catalogue, front, SCHOOL)
    put(catalogue, replace(inside, continued_from="01"), origin="/paper/03.txt")
    for page, there in (("01", [front.id, SCHOOL.id]), ("03", [front.id]), ("3", [])):
        assert [each.id for each in catalogue.articles(page=page)[0]] == there


def test_articles_of_a_file_go_by_page_first(catalogue: Catalogue) -> None:
    pages = [
        replace(article(f"{page}版。", page=page, position=place), id=f"{page}{place}")
        for page in ("9", "10")
        for place in (1, 2)
    ]
    put(catalogue, *reversed(pages))
    (file,) = catalogue.sources_from("/paper/01.txt")
    assert catalogue.articles_of(file.id) == ["91", "92", "101", "102"]
    assert catalogue.counts().pages == 2


@pytest.mark.parametrize(
    "selection",
    [
        Selection(since=date(2024, 5, 1), until=date(2024, 5, 31)),
        Selection(since=date(2023, 8, 1), until=date(2023, 9, 30)),
        Selection(since=date(2023, 12, 1), until=date(2024, 1, 10)),
        Selection(since=date(2024, 5, 17)),
        Selection(until=date(2024, 5, 15)),
        Selection(publication="云川日报"),
        Selection(publication="Courier", since=date(2024, 1, 1)),
    ],
)
def test_the_catalogue_selects_as_selections_do(catalogue: Catalogue, selection: Selection) -> None:
    none = article("无日期。", position=3, day=None)
    put(catalogue, BRIDGE, SCHOOL, none)
    expected = {
        each.id for each in (BRIDGE, SCHOOL, none) if selection.covers(each.date, each.publication)
    }
    assert {each.id for each in catalogue.articles(selection=selection)[0]} == expected
    assert catalogue.passages_in(selection) == len(expected)


def test_what_is_pending_is_listed_until_it_is_indexed(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    ids = [each.passage.id for each in catalogue.pending(10)]
    assert catalogue.lacks([BRIDGE.id])
    assert not catalogue.lacks(["another"])
    catalogue.mark_indexed(ids)
    assert catalogue.pending(10) == []
    assert not catalogue.is_indexed()
    assert catalogue.compare(10) == 1
    assert catalogue.is_indexed()


def test_what_the_caches_lost_is_pending_again(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, SCHOOL)
    bridge, school = catalogue.pending(10)
    for entry_ids, vector_ids, lost in (
        ({bridge.entry_id}, {bridge.vector_id}, [bridge]),
        ({"never held"}, {school.vector_id}, [school]),
        (set(), set(), []),
    ):
        catalogue.mark_indexed([bridge.passage.id, school.passage.id])
        assert catalogue.mark_lost(entry_ids, vector_ids) == len(lost)
        assert catalogue.pending(10) == lost


def test_files_are_found_by_name_and_by_folder(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, origin="/paper/a_b/01.txt")
    other = replace(SCHOOL, id="other", source=Source("02.txt", "1" * 64))
    put(catalogue, other, origin="/paper/axb/02.txt")

    def found(place: str) -> set[str]:
        files = catalogue.sources_from(place)
        return {each.id for file in files for each in catalogue.printed_by(file.id)}

    assert found("/paper/a_b/01.txt") == {BRIDGE.id}
    assert found("/paper/a_b") == {BRIDGE.id}
    assert found("/paper") == {BRIDGE.id, "other"}
    assert found("/pap") == set()


def test_a_file_whose_articles_are_gone_is_forgotten(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE)
    with catalogue.writing() as connection:
        assert catalogue.drop(connection, [BRIDGE.id]) == 1
    assert catalogue.source_at("/paper/01.txt") is None
    assert catalogue.counts().articles == 0


def test_a_reprint_counts_one_vector(catalogue: Catalogue) -> None:
    put(catalogue, BRIDGE, replace(BRIDGE, id="reprint", position=9))
    counts = catalogue.counts()
    assert (counts.articles, counts.passages, counts.vectors) == (2, 2, 1)
