"""Articles and quotes are shown where they stand on the page, and programs are told where."""

import io
import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, FERRY, STEP, Desk, page_of
from PIL import Image

from vectorstore.articles import Box
from vectorstore.ingest import Given, ingest, uploaded
from web.app import create_app
from web.leaves import columns
from web.services import Services
from web.settings import Settings

FIRST = "首班船在晚上七点开出,载客一百二十人。"


@pytest.fixture
def desk(archive: Desk) -> Desk:
    """An archive with a page of two articles whose image is kept."""
    given = Given("临湖晚报", page="03")
    for offer in uploaded(page_of(*FERRY), "upload:ferry", "2023-10-12-03.pdf", given):
        ingest(archive.catalogue, offer)
    return archive


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return create_app(desk).test_client()  # type: ignore[arg-type]


@pytest.fixture
def ferry(desk: Desk) -> str:
    (article,) = (a for a in desk.catalogue.articles(limit=100)[0] if a.headline == FERRY[:1])
    return article.id


@pytest.fixture
def citation_id(client: FlaskClient) -> str:
    hits = client.get(f"/api/v1/search?q={FIRST}&limit=1").json
    assert hits
    return str(hits["hits"][0]["id"])


def test_an_article_tells_where_its_lines_stand(client: FlaskClient, ferry: str) -> None:
    article = client.get(f"/api/v1/articles/{ferry}").json
    assert article
    (region,) = article["regions"]
    assert (region["page"], region["width"], region["height"]) == ("03", 400, 500)
    headline, *lines = region["boxes"]
    assert (headline["start"], headline["end"]) == (None, None)
    assert [article["text"][box["start"] : box["end"]] for box in lines] == list(FERRY[1:4])
    for row, box in enumerate(region["boxes"]):
        assert box["x"] == pytest.approx(0.1, abs=0.01)
        assert box["y"] < (60 + STEP * row) / 500 < box["y"] + box["h"] + 0.01


def test_a_pages_image_can_be_kept_for_ever(client: FlaskClient, ferry: str) -> None:
    url = client.get(f"/api/v1/articles/{ferry}").json["regions"][0]["image"]  # type: ignore[index]
    got = client.get(url)
    assert got.mimetype == "image/webp"
    assert Image.open(io.BytesIO(got.data)).size == pytest.approx((833, 1042), abs=2)
    assert got.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in got.headers["Content-Security-Policy"]
    again = client.get(url, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_image_is_found_only_with_an_article_on_its_page(
    client: FlaskClient, desk: Desk, ferry: str
) -> None:
    url = client.get(f"/api/v1/articles/{ferry}").json["regions"][0]["image"]  # type: ignore[index]
    name = url.rpartition("/")[2]
    for wrong in (
        f"/api/v1/articles/{BRIDGE_NEWS.id}/pages/{name}",
        f"/api/v1/articles/none/pages/{name}",
        f"/api/v1/articles/{ferry}/pages/{'0' * 64}",
        f"/api/v1/articles/{ferry}/pages/..%2Fcatalogue.db",
    ):
        response = client.get(wrong)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert desk.catalogue.images
    desk.catalogue.images.remove([name])
    assert client.get(url).status_code == 404


def test_a_citation_tells_in_which_lines_its_quote_stands(
    client: FlaskClient, citation_id: str
) -> None:
    citation = client.get(f"/api/v1/citations/{citation_id}").json
    assert citation
    (region,) = citation["regions"]
    (first, second) = region["boxes"]
    assert first["start"] <= citation["start"] < first["end"]
    assert second["start"] < citation["end"] <= second["end"]
    assert client.get(region["image"]).status_code == 200


def test_an_article_without_coordinates_has_no_regions(client: FlaskClient) -> None:
    article = client.get(f"/api/v1/articles/{BRIDGE_NEWS.id}").json
    assert article
    assert article["regions"] == []
    assert "<img" not in client.get(f"/articles/{BRIDGE_NEWS.id}").text


def rects(page: str, kind: str) -> list[tuple[float, ...]]:
    """What is drawn over the page's image, in hundredths of it."""
    (drawn,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    return [
        tuple(float(rect.attrib[side].rstrip("%")) for side in ("x", "y", "width", "height"))
        for rect in fromstring(drawn)
        if rect.attrib["class"] == kind
    ]


def test_an_articles_page_shows_its_page_with_the_article_framed(
    client: FlaskClient, ferry: str
) -> None:
    page = client.get(f"/articles/{ferry}").text
    assert f'src="/api/v1/articles/{ferry}/pages/' in page
    assert 'alt="第 03 版版面，本报道已框出"' in page
    headline, column = rects(page, "framed")
    assert rects(page, "quoted") == []
    assert headline[1] < 12 < headline[1] + headline[3]
    for row in (1, 2, 3):
        assert column[1] < (60 + STEP * row - 4) / 5 < column[1] + column[3]
    assert column[1] + column[3] < (60 + STEP * 4 - 16) / 5  # the next article is outside
    assert " style=" not in page


def test_a_citations_page_marks_the_quoted_lines(client: FlaskClient, citation_id: str) -> None:
    page = client.get(f"/citations/{citation_id}").text
    assert "引文所在的行已标出" in page
    marks = rects(page, "quoted")
    assert len(marks) == 2
    for row, (_, top, _, height) in enumerate(marks, 1):
        assert top < (60 + STEP * row - 4) / 5 < top + height


def test_a_page_loses_its_image_when_an_article_on_it_is_taken_out(
    client: FlaskClient, desk: Desk, ferry: str
) -> None:
    (other,) = (a for a in desk.catalogue.articles(limit=100)[0] if a.headline == FERRY[4:5])
    url = client.get(f"/api/v1/articles/{ferry}").json["regions"][0]["image"]  # type: ignore[index]
    desk.remove([other.id])
    assert client.get(url).status_code == 404
    (region,) = client.get(f"/api/v1/articles/{ferry}").json["regions"]  # type: ignore[index]
    assert region["image"] is None
    assert region["boxes"]
    assert "<img" not in client.get(f"/articles/{ferry}").text


@pytest.mark.parametrize(("told", "drawn"), [("", True), ("yes", True), ("no", False)])
def test_a_setting_tells_whether_images_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, drawn: bool
) -> None:
    monkeypatch.setenv("BAOWEN_PAGE_IMAGES", told)
    catalogue = Services(Settings(home=tmp_path)).catalogue
    assert catalogue.images
    assert (catalogue.images.drawn, catalogue.images.folder) == (drawn, tmp_path / "images")
    catalogue.engine.dispose()


def test_columns_side_by_side_have_a_frame_each() -> None:
    title = Box(None, None, 0.1, 0.1, 0.8, 0.03)
    left = [Box(row, row + 1, 0.1, 0.2 + row / 50, 0.3, 0.01) for row in range(3)]
    indented = Box(3, 4, 0.2, 0.26, 0.2, 0.01)
    short = Box(4, 5, 0.1, 0.28, 0.11, 0.01)
    right = [Box(5 + row, 6 + row, 0.5, 0.2 + row / 50, 0.3, 0.01) for row in range(3)]
    below = [Box(9, 10, 0.5, 0.5, 0.3, 0.01)]
    boxes = [title, *left, indented, short, *right, *below]
    assert columns(boxes) == [[title], [*left, indented, short], right, below]
