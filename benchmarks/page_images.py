"""What images of pages cost: articles taken in a second with and without them, bytes a page.

The sample's pages and those of the tests' generator, set in columns as ``typeset.py`` sets them, go
into a catalogue, which is all that taking in must do:

    python benchmarks/page_images.py [--pages 60]
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "vectorstore")]

from newspaper import print_page  # noqa: E402
from test_pdf import SAMPLE  # noqa: E402
from typesetting import set_page  # noqa: E402

from vectorstore.bounded import PARSERS  # noqa: E402
from vectorstore.catalogue import Catalogue, connect  # noqa: E402
from vectorstore.ingest import ingest, offered  # noqa: E402
from vectorstore.page_images import PageImages  # noqa: E402
from vectorstore.reading import Kind, read  # noqa: E402


def main() -> None:
    """Measure both ways, twice; the parser's process is started anew each time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    asked = parser.parse_args()
    texts = [path.read_bytes() for path in SAMPLE]
    texts += [print_page(seed).text.encode() for seed in range(asked.pages - len(texts))]
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder, "pages")
        pages.mkdir()
        for number, text in enumerate(texts):
            printed = read(text, "page.txt", kind=Kind.PAGE).articles
            Path(pages, f"{number:03}.pdf").write_bytes(set_page(printed, number))
        for drawn in (False, True, False, True):
            measure(pages, Path(tempfile.mkdtemp(dir=folder)), drawn=drawn)


def measure(pages: Path, home: Path, *, drawn: bool) -> None:
    """Take all pages into an empty catalogue."""
    images = PageImages(home / "images", drawn=drawn)
    catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"), images)
    begun, worked = time.perf_counter(), cpu()
    reports = [ingest(catalogue, offer) for offer in offered(pages)]
    seconds = time.perf_counter() - begun
    PARSERS.close()
    worked = cpu() - worked
    catalogue.wipe()
    articles = sum(len(report.articles) for report in reports)
    with catalogue.engine.connect() as connection:
        boxes = connection.exec_driver_sql("SELECT sum(length(boxes)) FROM regions").scalar_one()
    kept = [path.stat().st_size for path in images.folder.glob("*.webp")]
    print(
        f"images {'on' if drawn else 'off'}: {articles} articles of {len(reports)} pages, "
        f"{articles / seconds:.1f} articles/s, {seconds / len(reports) * 1000:.0f} ms a page, "
        f"{worked / len(reports) * 1000:.0f} ms of a processor's; "
        f"boxes {boxes / len(reports):,.0f} bytes a page, "
        f"images {sum(kept) / len(reports):,.0f} bytes a page"
    )
    catalogue.engine.dispose()


def cpu() -> float:
    """Seconds of a processor that this process and those that it ended have taken."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    main()
