"""Pages are shown as they look, until an article on them is taken out for good."""

import hashlib
import io
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from test_pdf import drawn, written
from toy import ToyEmbeddings
from typesetting import set_page

from vectorstore.articles import Article, Region
from vectorstore.catalogue import Catalogue, connect
from vectorstore.ingest import Given, Indexer, Report, Status, ingest, offered
from vectorstore.page_images import PageImages
from vectorstore.reading import Kind, read
from vectorstore.store import PassageStore

HERE = Path(__file__).parent
STEPS = (
    "江畔步道月底全线贯通\n\n本报讯(记者 祝清和)5月16日,江畔步道建设取得新进展,主体结构已经全部完成,"
    "预计月底前全线贯通。步道全长12公里,沿途设驿站9座,首批座椅和路灯正在安装。"
)
FARM = (
    "梅溪小学办起楼顶农场\n\n本报讯(记者 岑小满)5月15日,望桥区梅溪小学的楼顶农场迎来第一次采收,"
    "同学们一上午收了310斤萝卜,一部分送进学校食堂。"
)


class Archive:
    """A catalogue with images, and a folder of pages to take in."""

    def __init__(self, folder: Path, *, drawn: bool = True) -> None:
        self.pages = folder / "pages"
        self.pages.mkdir(exist_ok=True)
        self.images = PageImages(folder / "images", drawn=drawn)
        engine = connect(databases.url(folder / "catalogue.db"))
        self.catalogue = Catalogue(engine, self.images)

    def write(self, name: str, *articles: str, seed: int = 5) -> None:
        printed = read("\n\n".join(articles).encode(), "page.txt", kind=Kind.PAGE).articles
        (self.pages / name).write_bytes(set_page(printed, seed, count=3))

    def take_in(self) -> list[Report]:
        return [ingest(self.catalogue, each) for each in offered(self.pages, Given())]

    def articles(self) -> list[Article]:
        return self.catalogue.articles()[0]

    def remove(self, article: Article) -> None:
        with self.catalogue.writing() as connection:
            self.catalogue.drop(connection, [article.id])
        self.catalogue.wipe()

    def remove_file(self, name: str) -> None:
        (file,) = self.catalogue.sources_from(name)
        with self.catalogue.writing() as connection:
            self.catalogue.drop_source(connection, file.id)
        self.catalogue.wipe()

    def files(self) -> set[str]:
        return {path.name for path in self.images.folder.glob("*")}

    def shown(self) -> set[str]:
        """The files of the images that the articles' pages have."""
        return {
            self.images.path(region.leaf.image).name
            for each in self.articles()
            for region in self.catalogue.regions(each)
            if region.leaf.image
        }


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path)
    yield archive
    archive.catalogue.engine.dispose()


def words(article: Article, region: Region) -> str:
    return "".join(
        article.text[box.start : box.end] for box in region.boxes if box.start is not None
    )


def test_an_article_of_a_pdf_is_told_where_it_stands_and_how_its_page_looks(
    archive: Archive,
) -> None:
    archive.write("2024-05-17-02.pdf", STEPS, FARM)
    archive.take_in()
    steps, farm = archive.articles()
    (region,) = archive.catalogue.regions(steps)
    assert words(steps, region) == steps.text.replace("\n", "")
    assert (region.page, region.leaf.place) == ("02", 1)
    (other,) = archive.catalogue.regions(farm)
    assert other.leaf == region.leaf
    assert {box.y for box in region.boxes}.isdisjoint(box.y for box in other.boxes)
    assert region.leaf.image
    image = archive.images.path(region.leaf.image).read_bytes()
    assert hashlib.sha256(image).hexdigest() == region.leaf.image
    picture = Image.open(io.BytesIO(image))
    assert picture.format == "WEBP"
    assert max(picture.size) <= 1600
    assert picture.width / picture.height == pytest.approx(
        region.leaf.width / region.leaf.height, abs=0.01
    )


def test_an_article_taken_out_for_good_leaves_no_image_of_its_page(archive: Archive) -> None:
    archive.write("02.pdf", STEPS, FARM)
    archive.write("03.pdf", FARM, seed=6)
    archive.take_in()
    before = archive.files()
    assert len(before) == 2
    steps, farm, other = sorted(archive.articles(), key=lambda a: (a.source.file, a.position))
    archive.remove(steps)
    (region,) = archive.catalogue.regions(farm)
    assert words(farm, region) == farm.text.replace("\n", "")
    assert region.leaf.image is None
    assert archive.catalogue.regions(steps) == []
    assert archive.files() == archive.shown()
    assert len(archive.files()) == 1
    archive.take_in()
    assert archive.files() == archive.shown() == before
    archive.remove_file("02.pdf")
    archive.remove(other)
    assert archive.files() == set()


def test_an_image_that_two_files_show_stays_with_the_other(archive: Archive) -> None:
    archive.write("02.pdf", FARM)
    (archive.pages / "copy.pdf").write_bytes((archive.pages / "02.pdf").read_bytes() + b"\n%")
    archive.take_in()
    assert len(archive.articles()) == 2
    assert len(archive.files()) == 1
    archive.remove(archive.articles()[0])
    assert archive.files() == archive.shown()
    assert len(archive.files()) == 1


def test_a_changed_file_brings_its_own_boxes_and_image(archive: Archive) -> None:
    archive.write("02.pdf", STEPS, FARM)
    archive.take_in()
    before = archive.files()
    archive.write("02.pdf", STEPS, FARM, seed=9)
    (report,) = archive.take_in()
    assert report.status is Status.UPDATED
    assert archive.files() == archive.shown() != before
    for each in archive.articles():
        (region,) = archive.catalogue.regions(each)
        assert words(each, region) == each.text.replace("\n", "")


def test_what_a_killed_process_left_is_swept_when_the_next_one_starts(
    archive: Archive, tmp_path: Path
) -> None:
    archive.write("02.pdf", STEPS)
    archive.take_in()
    kept = archive.files()
    archive.images.put("0" * 64, b"its transaction never ended")
    (archive.images.folder / ".torn").write_bytes(b"it was never laid down whole")
    store = PassageStore(ToyEmbeddings(), tmp_path / "vectors", model="toy")
    Indexer(archive.catalogue, store, databases.fulltext(tmp_path / "fulltext")).reconcile()
    store.close()
    assert archive.files() == kept


TAKE_IN = """
import sys
from pathlib import Path

from test_page_images import Archive

archive = Archive(Path(sys.argv[1]))
print("begun", flush=True)
archive.take_in()
"""


@pytest.mark.endurance
def test_an_archive_killed_while_it_takes_pages_in_has_their_images_and_no_others(
    tmp_path: Path,
) -> None:
    chance = random.Random(3)
    whole, pages = tmp_path / "whole", tmp_path / "whole" / "pages"
    pages.mkdir(parents=True)
    undisturbed = Archive(whole)
    for page in range(6):
        undisturbed.write(f"{page:02}.pdf", STEPS, FARM, seed=page)
    begun = time.monotonic()
    undisturbed.take_in()
    seconds = time.monotonic() - begun
    path = ":".join(str(folder) for folder in (HERE.parents[1], HERE.parent, HERE))
    for _ in range(5):
        home = tmp_path / "killed"
        shutil.copytree(pages, home / "pages")
        process = subprocess.Popen(
            [sys.executable, "-c", TAKE_IN, str(home)],
            env={"PYTHONPATH": path, "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        time.sleep(seconds * chance.random())
        process.kill()
        process.communicate()
        again = Archive(home)
        again.catalogue.sweep()
        assert again.files() == again.shown()
        again.take_in()
        assert again.files() == again.shown() == undisturbed.files()
        again.catalogue.engine.dispose()
        shutil.rmtree(home)
    undisturbed.catalogue.engine.dispose()


def test_nothing_is_laid_down_where_the_transaction_fails(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write("02.pdf", STEPS)
    monkeypatch.setattr(
        archive.images, "put", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    (report,) = archive.take_in()
    assert report.status is Status.REFUSED
    assert archive.articles() == []
    assert archive.files() == set()


def test_a_lost_image_is_made_afresh_when_its_file_is_offered_again(archive: Archive) -> None:
    archive.write("02.pdf", STEPS)
    archive.take_in()
    kept = archive.files()
    shutil.rmtree(archive.images.folder)
    archive.catalogue.sweep()
    assert archive.shown() == set()
    archive.take_in()
    assert archive.files() == archive.shown() == kept


def test_without_images_boxes_are_kept_and_old_images_stay(tmp_path: Path) -> None:
    bare = Archive(tmp_path, drawn=False)
    bare.write("02.pdf", STEPS)
    bare.take_in()
    assert bare.files() == set()
    (region,) = bare.catalogue.regions(bare.articles()[0])
    assert region.boxes
    assert region.leaf.image is None
    bare.catalogue.engine.dispose()


def test_text_files_make_no_folder_of_images(archive: Archive) -> None:
    (archive.pages / "02.txt").write_text(STEPS, encoding="utf-8")
    archive.take_in()
    assert archive.catalogue.regions(archive.articles()[0]) == []
    assert not archive.images.folder.exists()


def jumping(canvas: Canvas, *lines: str) -> None:
    written(*((20, 460 - 16 * row, line) for row, line in enumerate(lines)))(canvas)


def torn(archive: Archive, *tail: str) -> Article:
    """An article that jumps from page 01 to page 03, where it goes on with these lines."""
    head = (
        "鹤汀大桥主跨合龙",
        "本报讯(记者 祝清和)5月15日,鹤汀大桥主跨顺",
        "利合龙,施工队将把南岸的引",
        "(下转03版)",
    )
    for name, lines in (("2024-05-16-01.pdf", head), ("2024-05-16-03.pdf", tail)):
        data = drawn(lambda canvas, lines=lines: jumping(canvas, *lines))  # type: ignore[misc]
        (archive.pages / name).write_bytes(data)
    archive.take_in()
    (whole,) = archive.articles()
    return whole


def test_an_article_that_jumps_stands_on_both_its_pages(archive: Archive) -> None:
    tail = ("(上接01版)", "桥接上,预计明年3月建成通车,请读者留意。")
    whole = torn(archive, *tail)
    assert whole.text.endswith("南岸的引桥接上,预计明年3月建成通车,请读者留意。")
    first, second = archive.catalogue.regions(whole)
    assert (first.page, second.page) == ("01", "03")
    assert words(whole, first) + words(whole, second) == whole.text
    assert first.leaf.image != second.leaf.image
    archive.remove_file("2024-05-16-03.pdf")
    (alone,) = archive.articles()
    (left,) = archive.catalogue.regions(alone)
    assert words(alone, left) == alone.text
    assert archive.files() == archive.shown()
    archive.remove(alone)
    assert archive.files() == set()


def test_an_article_whose_first_page_alone_marks_its_jump_stands_on_both(archive: Archive) -> None:
    tail = ("鹤汀大桥主跨合龙", "桥接上,鹤汀大桥预计明年3月建成通车。")
    whole = torn(archive, *tail)
    first, second = archive.catalogue.regions(whole)
    assert (first.page, second.page) == ("01", "03")
    assert words(whole, first) + words(whole, second) == whole.text


def test_a_reprint_stands_on_its_own_page(archive: Archive) -> None:
    archive.write("2024-05-16-01.pdf", STEPS, FARM)
    archive.write("2024-05-17-04.pdf", STEPS, FARM, seed=6)
    archive.take_in()
    archive.catalogue.compare(10)
    one, other = (each for each in archive.articles() if each.headline == ("梅溪小学办起楼顶农场",))
    assert [each.id for each in archive.catalogue.reprints_of([one.id])[one.id]] == [other.id]
    shown = [archive.catalogue.regions(each) for each in (one, other)]
    assert [[region.page for region in each] for each in shown] == [["04"], ["01"]]
    archive.remove(one)
    assert archive.files() == archive.shown()
    assert archive.catalogue.regions(other) == shown[1]


def test_an_article_set_over_two_pages_of_a_file_stands_on_both(archive: Archive) -> None:
    data = drawn(
        written(
            (20, 460, "江畔步道月底全线贯通"),
            (20, 430, "江畔步道建设取得新进展,主体结构已经全部完成。"),
        ),
        written((20, 460, "步道全长12公里,沿途设驿站9座,首批座椅正在安装。")),
    )
    (archive.pages / "whole.pdf").write_bytes(data)
    for offer in offered(archive.pages, Given(kind=Kind.ARTICLE)):
        ingest(archive.catalogue, offer)
    (whole,) = archive.articles()
    first, second = archive.catalogue.regions(whole)
    assert (first.leaf.place, second.leaf.place) == (1, 2)
    assert words(whole, first) + words(whole, second) == whole.text.replace("\n", "")


def test_boxes_stay_when_another_page_tells_the_year(archive: Archive) -> None:
    lines = (
        "5月17日 星期五",
        "江畔步道月底全线贯通",
        "本报讯(记者 祝清和)江畔步道主体结构已经全部完成。",
    )
    (archive.pages / "a.pdf").write_bytes(drawn(lambda canvas: jumping(canvas, *lines)))
    archive.take_in()
    (undated,) = archive.articles()
    assert undated.issued is None
    (archive.pages / "b.txt").write_text(
        f"2024年5月17日 星期五\n\n第03版\n\n{FARM}", encoding="utf-8"
    )
    archive.take_in()
    (dated,) = (each for each in archive.articles() if each.id == undated.id)
    assert dated.issued
    (region,) = archive.catalogue.regions(dated)
    assert words(dated, region) == dated.text
    assert archive.files() == archive.shown()
