import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import databases
import pytest
from toy import ToyEmbeddings

from vectorstore.catalogue import Catalogue, connect
from vectorstore.ingest import Given, Indexer, Report, Status, ingest, named, offered
from vectorstore.reading import Unreadable
from vectorstore.store import PassageStore

PAGE = """

市长调研防汛工作

备足备好 确保安全度汛

本报讯(记者 祝清和)5月16日,市长到青石岭水库调研防汛准备工作。水库库容3200万立方米。

东埠区添一所新小学

本报讯(记者 岑小满)5月15日,东埠区第三小学新校区启用,可容纳36个班。
"""


class Archive:
    """A catalogue with real full text and vectors, and a folder of pages to take in."""

    def __init__(self, folder: Path) -> None:
        self.pages = folder / "pages"
        self.pages.mkdir()
        self.catalogue = Catalogue(connect(databases.url(folder / "catalogue.db")))
        self.embeddings = ToyEmbeddings()
        self.store = PassageStore(self.embeddings, folder / "vectors", model="toy")
        self.fulltext = databases.fulltext(folder / "fulltext")
        self.indexer = Indexer(self.catalogue, self.store, self.fulltext)

    def write(self, name: str, text: str = PAGE) -> Path:
        path = self.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def take_in(self, path: Path | None = None, given: Given = Given()) -> list[Report]:
        return [ingest(self.catalogue, each) for each in offered(path or self.pages, given)]

    def index(self) -> None:
        while self.indexer.step(batch=2):
            pass


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path)
    yield archive
    archive.store.close()
    archive.catalogue.engine.dispose()


def test_a_page_is_found_once_it_is_indexed(archive: Archive) -> None:
    archive.write("2024-05-17-01.txt")
    (report,) = archive.take_in(given=Given(publication="云川日报"))
    assert report.status is Status.ADDED
    assert len(report.articles) == 2
    archive.index()
    assert archive.indexer.agree()
    first = archive.catalogue.article(report.articles[0])
    assert first
    assert (first.publication, first.issued, first.page) == ("云川日报", date(2024, 5, 17), "01")
    assert first.source.file == "2024-05-17-01.txt"


def test_reading_a_page_twice_stores_it_once(archive: Archive) -> None:
    archive.write("01.txt")
    (first,) = archive.take_in()
    archive.index()
    (again,) = archive.take_in()
    assert again.status is Status.UNCHANGED
    assert again.articles == first.articles
    assert archive.catalogue.is_indexed()


def test_a_copy_elsewhere_is_not_doubled(archive: Archive) -> None:
    archive.write("a/01.txt")
    archive.write("b/copy.txt")
    reports = archive.take_in()
    assert [each.status for each in reports] == [Status.ADDED, Status.UNCHANGED]
    assert archive.catalogue.counts().articles == 2


def test_ids_do_not_hang_on_where_the_archive_lies(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        archive = Archive(tmp_path / name)
        archive.write(f"{name}.txt")
        ids.append(archive.take_in()[0].articles)
        archive.store.close()
        archive.catalogue.engine.dispose()
    assert ids[0] == ids[1]


def test_a_changed_page_replaces_its_articles_under_their_ids(archive: Archive) -> None:
    archive.write("01.txt")
    (before,) = archive.take_in()
    archive.index()
    archive.write("01.txt", PAGE.replace("36个班", "48个班"))
    (after,) = archive.take_in()
    archive.index()
    assert after.status is Status.UPDATED
    assert after.articles == before.articles
    assert archive.indexer.agree()
    assert archive.fulltext.search("48", 5).words
    assert not archive.fulltext.search("36", 5).words


def test_files_of_one_name_in_two_folders_are_two_pages(archive: Archive) -> None:
    one = archive.write("a/01.txt")
    other = archive.write("b/01.txt", PAGE.replace("36个班", "48个班"))
    assert archive.take_in(one)[0].status is Status.ADDED
    assert archive.take_in(other)[0].status is Status.ADDED
    assert archive.catalogue.counts().articles == 4


def test_a_folder_that_cannot_be_opened_is_named_and_the_others_are_read(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("closed/01.txt")
    archive.write("open/01.txt")
    real = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", guarded)
    refused: list[Report] = []
    found = list(offered(archive.pages, refuse=refused.append))
    assert [each.file for each in found] == ["open/01.txt"]
    (report,) = refused
    assert (report.source, report.status) == ("closed", Status.REFUSED)
    assert report.reason == "the folder can't be opened: Permission denied"


def test_what_is_said_later_of_a_page_is_taken_over(archive: Archive) -> None:
    path = archive.write("01.txt")
    archive.take_in(path, Given(publication="云川日报"))
    (again,) = archive.take_in(path)
    assert again.status is Status.UNCHANGED
    (dated,) = archive.take_in(path, Given(issued=date(2024, 5, 17)))
    assert dated.status is Status.UPDATED
    article = archive.catalogue.article(dated.articles[0])
    assert article
    assert (article.publication, article.date) == ("云川日报", "2024-05-16")


def test_a_manifest_says_what_its_files_do_not(archive: Archive) -> None:
    archive.write("paper/one.txt")
    listed = [{"file": "one.txt", "publication": "云川日报", "issued": "2024-05-17", "page": 3}]
    archive.write("paper/manifest.json", json.dumps(listed))
    (report,) = archive.take_in()
    article = archive.catalogue.article(report.articles[0])
    assert article
    assert (article.publication, article.issued, article.page) == (
        "云川日报",
        date(2024, 5, 17),
        "3",
    )


def test_a_broken_manifest_is_refused_and_its_pages_are_read(archive: Archive) -> None:
    archive.write("sub/manifest.json", '{"file": 1}')
    archive.write("sub/01.txt")
    refused: list[Report] = []
    (page,) = offered(archive.pages, refuse=refused.append)
    assert page.file == "sub/01.txt"
    assert [(each.source, each.status) for each in refused] == [
        ("sub/manifest.json", Status.REFUSED)
    ]
    assert "write it as" in (refused[0].reason or "")


def test_a_refused_file_leaves_the_others_to_go_on(archive: Archive) -> None:
    archive.write("1.txt", "")
    archive.write("2.txt")
    (archive.pages / "3.pdf").write_bytes(b"%PDF-1.7\x00\x00")
    archive.write(".hidden.txt")
    reports = archive.take_in()
    assert [each.status for each in reports] == [Status.REFUSED, Status.ADDED, Status.REFUSED]
    assert all(each.reason for each in reports if each.status is Status.REFUSED)


def test_a_path_that_is_not_there_is_refused(archive: Archive) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        archive.take_in(archive.pages / "none")


def test_what_is_neither_file_nor_folder_is_refused(archive: Archive) -> None:
    os.mkfifo(archive.pages / "pipe")
    with pytest.raises(Unreadable, match="neither a file nor a folder"):
        archive.take_in(archive.pages / "pipe")


def test_a_name_that_is_no_utf8_is_spelt_out(archive: Archive) -> None:
    path = os.fsencode(archive.pages) + b"/\xb0\xe6.txt"
    Path(os.fsdecode(path)).write_text(PAGE, encoding="utf-8")
    (report,) = archive.take_in()
    assert (report.source, report.status) == (r"\xb0\xe6.txt", Status.ADDED)
    assert archive.take_in()[0].status is Status.UNCHANGED


def test_the_words_that_an_article_had_before_may_come_in_again_elsewhere(
    archive: Archive,
) -> None:
    archive.write("01.txt")
    archive.take_in()
    archive.write("01.txt", PAGE.replace("36个班", "48个班"))
    archive.take_in()
    archive.write("02.txt")
    changed, former = archive.take_in()
    assert (changed.status, former.status) == (Status.UNCHANGED, Status.ADDED)
    assert not set(changed.articles).intersection(former.articles)
    archive.index()
    assert archive.indexer.agree()


def test_a_file_that_comes_twice_at_once_is_kept_once(archive: Archive) -> None:
    path = archive.write("01.txt")
    (offer,) = offered(path)
    with ThreadPoolExecutor(8) as many:
        reports = list(many.map(lambda _: ingest(archive.catalogue, offer), range(8)))
    assert sorted(each.status for each in reports) == [Status.ADDED, *[Status.UNCHANGED] * 7]
    assert len({each.articles for each in reports}) == 1
    assert archive.catalogue.counts().articles == 2


def test_records_come_with_their_ids(archive: Archive) -> None:
    lines = [
        {"id": "a1", "title": "大桥通车", "text": "鹤汀大桥今天通车。", "date": "2024-05-17"},
        {"id": "a2", "text": "图书馆开馆。", "publication": "云川日报"},
    ]
    archive.write("x.jsonl", "\n".join(json.dumps(line) for line in lines) + '\n{"id": 3}\n')
    (report,) = archive.take_in()
    found = archive.catalogue.articles_by_id(report.articles)
    assert {each.source.record for each in found.values()} == {"a1", "a2"}
    assert report.status is Status.ADDED
    assert report.reason
    assert "line 3" in report.reason


def test_what_was_removed_is_found_no_more(archive: Archive) -> None:
    archive.write("01.txt")
    (report,) = archive.take_in()
    archive.index()
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop(connection, list(report.articles))
    archive.index()
    assert archive.store.count() == archive.fulltext.count() == 0
    assert archive.indexer.agree()


def test_what_was_taken_out_of_a_page_comes_back_with_the_page(archive: Archive) -> None:
    archive.write("01.txt")
    (before,) = archive.take_in()
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop(connection, before.articles[:1])
    (back,) = archive.take_in()
    assert (back.status, back.articles) == (Status.UPDATED, before.articles)
    assert archive.take_in()[0].status is Status.UNCHANGED
    archive.index()
    assert archive.indexer.agree()


@pytest.mark.files
def test_what_is_taken_out_leaves_no_clause_in_any_file(archive: Archive, tmp_path: Path) -> None:
    reports = take_in_pages(archive, "01.txt", "03.txt")
    archive.index()
    clauses = re.findall(r"[^，。,()（） \n]{6,}", FRONT + INSIDE)
    assert len(clauses) == 8

    def left() -> set[str]:
        files = [each for each in tmp_path.rglob("*") if each.is_file()]
        held = b"".join(each.read_bytes() for each in files if each.parent != archive.pages)
        return {clause for clause in clauses if clause.encode() in held}

    assert left()
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop(connection, [each for one in reports for each in one.articles])
    archive.index()
    archive.catalogue.wipe()
    assert left() == set()
    assert archive.indexer.agree()


def test_a_reprint_keeps_its_vector_when_the_first_print_is_removed(archive: Archive) -> None:
    line = {"title": "大桥通车", "text": "鹤汀大桥今天通车。"}
    archive.write("x.jsonl", "\n".join(json.dumps({"id": at} | line) for at in ("a", "b")))
    (report,) = archive.take_in()
    archive.index()
    assert archive.store.count() == archive.fulltext.count() == 1
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop(connection, [report.articles[0]])
    archive.index()
    assert archive.store.count() == archive.fulltext.count() == 1
    assert archive.indexer.agree()


def test_what_the_caches_lost_is_mended(archive: Archive) -> None:
    archive.write("01.txt")
    archive.take_in()
    archive.index()
    archive.store.clear()
    archive.fulltext.clear()
    assert not archive.indexer.agree()
    assert archive.indexer.reconcile() > 0
    archive.index()
    assert archive.indexer.agree()


def test_what_the_caches_hold_too_much_is_taken_out(archive: Archive) -> None:
    archive.store.add({"f" * 32: "没有出处的话"})
    archive.indexer.reconcile()
    assert archive.indexer.agree()


def test_a_rebuild_embeds_everything_again(archive: Archive) -> None:
    archive.write("01.txt")
    archive.take_in()
    archive.index()
    seen = len(archive.embeddings.seen)
    archive.catalogue.ask_rebuild()
    assert not archive.catalogue.is_indexed()
    archive.index()
    assert archive.indexer.agree()
    assert len(archive.embeddings.seen) == 2 * seen


@pytest.mark.parametrize(
    ("name", "issued", "page"),
    [
        pytest.param("2022-07-15-02.txt", date(2022, 7, 15), "02", id="day and page"),
        pytest.param("20220715.txt", date(2022, 7, 15), None, id="day alone"),
        pytest.param("2022_07_15_A3.txt", date(2022, 7, 15), "A3", id="lettered page"),
        pytest.param("000_73740750f8fd9592.txt", None, None, id="a hash"),
        pytest.param("2022-13-45-02.txt", None, None, id="no day of the calendar"),
        pytest.param("第2版.txt", None, None, id="words"),
        pytest.param("2022-07-15/02.txt", date(2022, 7, 15), "02", id="a day's folder"),
        pytest.param("2022-07/15/page_A3.txt", date(2022, 7, 15), "A3", id="folders in folders"),
        pytest.param("2021/2022/07/15/town.txt", date(2022, 7, 15), None, id="the nearest folder"),
        pytest.param("2022-07-15/2022-07-16-02.txt", date(2022, 7, 16), "02", id="name first"),
        pytest.param("1996-2006/02.txt", None, None, id="a span of years"),
    ],
)
def test_the_names_of_file_and_folders_tell_day_and_page(
    name: str, issued: date | None, page: str | None
) -> None:
    assert (named(name).issued, named(name).page) == (issued, page)


def test_a_folder_named_for_its_day_dates_its_pages(archive: Archive) -> None:
    archive.write("2022-07-15/02.txt")
    for path in (archive.pages, archive.pages / "2022-07-15"):
        (offer,) = offered(path)
        assert (offer.given.issued, offer.given.page) == (date(2022, 7, 15), "02")


FRONT = """2024年5月17日 星期五

鹤汀大桥合龙

本报讯(记者 祝清和)5月16日,鹤汀大桥合龙。施工队计划在汛期到来之前把南岸的引

(下转03版)
"""
INSIDE = """5月17日 星期五

(上接01版)

桥接上。明年春天,大桥全线通车。

东埠区添一所新小学

本报讯(记者 岑小满)5月15日,东埠区第三小学新校区启用,可容纳36个班。
"""
WHOLE = (
    "本报讯(记者 祝清和)5月16日,鹤汀大桥合龙。施工队计划在汛期到来之前把南岸的引"
    "桥接上。明年春天,大桥全线通车。"
)
PAGES = {"01.txt": (FRONT, Given(page="01")), "03.txt": (INSIDE, Given(page="03"))}


def take_in_pages(archive: Archive, *names: str) -> list[Report]:
    reports = []
    for name in names:
        text, given = PAGES[name]
        reports += archive.take_in(archive.write(name, text), given)
    return reports


def held(archive: Archive) -> list[tuple[object, ...]]:
    return [
        (each.id, each.issued, each.date, each.page, each.text)
        for each in archive.catalogue.articles(limit=100)[0]
    ]


@pytest.mark.parametrize("order", [("01.txt", "03.txt"), ("03.txt", "01.txt")])
def test_the_halves_of_a_jump_are_one_article_in_whatever_order_they_come(
    archive: Archive, order: tuple[str, ...]
) -> None:
    take_in_pages(archive, *order)
    archive.index()
    bridge, school = archive.catalogue.articles()[0]
    assert (bridge.text, bridge.page, bridge.continued_to) == (WHOLE, "01", None)
    assert (school.page, school.continued_from) == ("03", None)
    assert archive.indexer.agree()
    assert archive.fulltext.search("引桥", 5).words
    counts = archive.catalogue.counts()
    assert (counts.pages, counts.articles) == (2, 2)
    again = take_in_pages(archive, *order)
    assert {each.status for each in again} == {Status.UNCHANGED}
    assert [bridge.id, school.id] in [list(each.articles) for each in again]


ONCE = {
    "下转 alone": (FRONT, INSIDE.replace("(上接01版)", "鹤汀大桥合龙")),
    "上接 alone": (FRONT.replace("(下转03版)", ""), INSIDE),
}


@pytest.mark.parametrize("mark", ONCE)
@pytest.mark.parametrize("order", [("01", "03"), ("03", "01")], ids="-".join)
def test_a_jump_that_one_page_marks_is_one_article_in_whatever_order_they_come(
    archive: Archive, mark: str, order: tuple[str, str]
) -> None:
    text = dict(zip(("01", "03"), ONCE[mark], strict=True))
    for page in order:
        archive.take_in(archive.write(f"{page}.txt", text[page]), Given(page=page))
    archive.index()
    whole = held(archive)
    bridge, school = archive.catalogue.articles()[0]
    assert (bridge.text, bridge.page, bridge.continued_to, bridge.continued_from) == (
        WHOLE,
        "01",
        None,
        None,
    )
    assert [each.page for each in bridge.jumps] == ["03"]
    assert school.page == "03"
    assert archive.indexer.agree()
    for page in order:  # a page without what it gave, and with it again
        changed = archive.write(f"{page}.txt", text[page].replace("本报讯", "本報訊"))
        archive.take_in(changed, Given(page=page))
        archive.take_in(archive.write(f"{page}.txt", text[page]), Given(page=page))
    assert held(archive) == whole
    (front,) = archive.catalogue.sources_from("01.txt")
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop_source(connection, front.id)
    assert [each.page for each in archive.catalogue.articles()[0]] == ["03", "03"]
    archive.take_in(archive.write("01.txt", text["01"]), Given(page="01"))
    assert held(archive) == whole


def test_a_jump_that_one_page_marks_stays_open_where_two_may_be_meant(archive: Archive) -> None:
    front, inside = ONCE["下转 alone"]
    archive.take_in(archive.write("01.txt", front), Given(page="01"))
    archive.take_in(archive.write("03.txt", inside), Given(page="03"))
    assert len(archive.catalogue.articles()[0]) == 2
    other = "5月17日 星期五\n\n鹤汀大桥\n\n桥接上以后,鹤汀大桥南岸还要修路。\n"
    archive.take_in(archive.write("3.txt", other), Given(page="3"))
    shown = archive.catalogue.articles()[0]
    assert sorted(each.title for each in shown) == [
        "东埠区添一所新小学",
        "鹤汀大桥",
        "鹤汀大桥合龙",
        "鹤汀大桥合龙",
    ]
    (added,) = archive.catalogue.sources_from("3.txt")
    with archive.catalogue.writing() as connection:
        archive.catalogue.drop_source(connection, added.id)
    assert len(archive.catalogue.articles()[0]) == 2


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(Given(page="03", publication="别的报"), id="paper"),
        pytest.param(Given(page="03", issued=date(2023, 5, 17)), id="day"),
        pytest.param(Given(page="04"), id="page"),
    ],
)
def test_a_jump_that_one_page_marks_stays_in_its_issue(archive: Archive, known: Given) -> None:
    front, inside = ONCE["下转 alone"]
    archive.take_in(archive.write("01.txt", front), Given(page="01", publication="云川日报"))
    archive.take_in(archive.write("03.txt", inside), known.over(Given(publication="云川日报")))
    assert len(archive.catalogue.articles()[0]) == 3


def test_a_page_gives_its_year_to_one_that_prints_none(archive: Archive) -> None:
    (alone,) = take_in_pages(archive, "03.txt")
    school = archive.catalogue.article(alone.articles[1])
    assert school
    assert (school.issued, school.date) == (None, "XXXX-05-15")
    take_in_pages(archive, "01.txt")
    dated = archive.catalogue.article(school.id)
    assert dated
    assert (dated.issued, dated.date) == (date(2024, 5, 17), "2024-05-15")
    archive.index()
    assert archive.indexer.agree()


def test_a_year_is_not_taken_from_another_weekday_paper_or_folder(archive: Archive) -> None:
    archive.write("a/01.txt", FRONT.replace("2024年", "2023年").replace("五", "三"))
    archive.write("a/03.txt", INSIDE)
    archive.write("b/01.txt", PAGE.replace("\n", "5月17日\n", 1))
    archive.write("c/01.txt", FRONT)
    archive.write("c/02.txt", INSIDE.replace("36个", "24个"))
    archive.take_in(archive.pages / "a")
    archive.take_in(archive.pages / "b")
    archive.take_in(archive.pages / "c" / "01.txt", Given(publication="云川日报"))
    archive.take_in(archive.pages / "c" / "02.txt")
    undated = [each for each in archive.catalogue.articles(limit=100)[0] if each.issued is None]
    assert {each.source.file for each in undated} == {"03.txt", "01.txt", "02.txt"}


def test_a_half_stands_alone_again_when_the_other_page_goes(archive: Archive) -> None:
    front, inside = take_in_pages(archive, "01.txt", "03.txt")
    archive.index()
    before = held(archive)
    (rest,) = archive.catalogue.sources_from("03.txt")
    with archive.catalogue.writing() as connection:
        assert archive.catalogue.drop_source(connection, rest.id) == 2
    archive.index()
    (bridge,) = archive.catalogue.articles()[0]
    assert (bridge.id, bridge.continued_to) == (front.articles[0], "03")
    assert bridge.text.endswith("南岸的引")
    assert archive.indexer.agree()
    assert not archive.fulltext.search("引桥", 5).words
    take_in_pages(archive, "03.txt")
    assert held(archive) == before
    assert inside.articles[1] in archive.catalogue.known(inside.articles)


def test_a_changed_half_changes_the_article_under_its_id(archive: Archive) -> None:
    front, _ = take_in_pages(archive, "01.txt", "03.txt")
    changed = INSIDE.replace("明年春天", "后年夏天")
    archive.take_in(archive.write("03.txt", changed), Given(page="03"))
    archive.index()
    bridge = archive.catalogue.article(front.articles[0])
    assert bridge
    assert bridge.text == WHOLE.replace("明年春天", "后年夏天")
    archive.take_in(
        archive.write("01.txt", FRONT.replace("合龙。", "昨晚合龙。")), Given(page="01")
    )
    bridge = archive.catalogue.article(front.articles[0])
    assert bridge
    assert "昨晚合龙。" in bridge.text
    assert bridge.text.endswith("后年夏天,大桥全线通车。")
    archive.index()
    assert archive.indexer.agree()


def test_an_article_goes_with_all_its_halves_and_comes_back_with_them(archive: Archive) -> None:
    front, inside = take_in_pages(archive, "01.txt", "03.txt")
    before = held(archive)
    with archive.catalogue.writing() as connection:
        assert archive.catalogue.drop(connection, [front.articles[0]]) == 1
    assert [each.id for each in archive.catalogue.articles()[0]] == [inside.articles[-1]]
    back = take_in_pages(archive, "01.txt", "03.txt")
    assert [each.status for each in back] == [Status.ADDED, Status.UPDATED]
    assert held(archive) == before


def test_the_id_of_a_half_finds_the_whole(archive: Archive) -> None:
    (alone,) = take_in_pages(archive, "03.txt")
    (front,) = take_in_pages(archive, "01.txt")
    whole = archive.catalogue.article(alone.articles[0])
    assert whole
    assert (whole.id, whole.text) == (front.articles[0], WHOLE)


def test_a_file_that_was_moved_is_known_by_its_words(archive: Archive) -> None:
    path = archive.write("old/01.txt")
    (first,) = archive.take_in()
    path.rename(archive.write("new/02.txt"))
    path.parent.rmdir()
    (again,) = archive.take_in()
    assert (again.status, again.articles) == (Status.UNCHANGED, first.articles)
    article = archive.catalogue.article(first.articles[0])
    assert article
    assert article.source.file == "new/02.txt"
    assert not archive.catalogue.sources_from(str(path))


def test_a_file_that_can_not_be_read_is_kept_in_mind_until_it_is(archive: Archive) -> None:
    archive.write("01.txt", "")
    (refused,) = archive.take_in()
    assert archive.catalogue.unread_files() == [("01.txt", refused.reason)]
    archive.write("01.txt")
    archive.take_in()
    assert archive.catalogue.unread_files() == []
