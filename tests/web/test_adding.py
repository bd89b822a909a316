"""The operator's page to add files on: the form, how far it is, what became of each, what is doubtful."""

import io
import re
import zipfile
from dataclasses import replace
from time import monotonic, sleep

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, FERRY, Desk, page_of

from vectorstore.articles import Doubt, Source
from web import adding

PAGE = "渡轮改走北线\n本报讯(记者 何望)10月11日,渡轮改走北线,航程缩短四分之一。\n"


def sent(client: FlaskClient, *files: tuple[bytes, str], **given: str) -> str:
    """Give files; tell where their progress is told."""
    form = {"files": [(io.BytesIO(data), name) for data, name in files], **given}
    response = client.post("/add", data=form, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    return response.location


def ended(client: FlaskClient, location: str) -> str:
    """The page of an upload that is read."""
    until = monotonic() + 20
    while monotonic() < until:
        page = client.get(location).text
        if "data-poll" not in page:
            return page
        sleep(0.05)
    raise AssertionError("the upload was not read in time")


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_the_operator_adds_on_a_page(reader: FlaskClient, archive: Desk, method: str) -> None:
    response = getattr(reader, method)("/add")
    assert response.status_code == 302
    assert "/operator/sign-in" in response.location
    assert reader.get("/add/some-job").status_code == 302
    assert archive.jobs.unfinished == 0


def test_files_of_a_plain_form_become_articles_with_what_is_said_of_them(
    chief: FlaskClient, archive: Desk
) -> None:
    location = sent(
        chief,
        (PAGE.encode(), "ferry.txt"),
        (page_of(*FERRY), "night.pdf"),
        publication="临湖晚报",
        issued="2023-10-12",
        page="07",
    )
    page = ended(chief, location)
    assert page.count('class="outcome added"') == 3  # the count, and a line for each file
    assert "ferry.txt" in page
    link = re.search(r'href="(/articles/[^"]+)"[^>]*>渡轮改走北线', page)
    assert link
    article = archive.catalogue.article(link[1].rpartition("/")[2])
    assert article
    assert (article.publication, article.page) == ("临湖晚报", "07")
    assert str(article.issued) == "2023-10-12"


def test_a_file_given_again_is_unchanged_and_a_broken_one_refused_with_its_reason(
    chief: FlaskClient,
) -> None:
    ended(chief, sent(chief, (PAGE.encode(), "ferry.txt")))
    page = ended(chief, sent(chief, (PAGE.encode(), "ferry.txt"), (b"", "<i>empty</i>.txt")))
    assert 'class="outcome unchanged"' in page
    assert 'class="outcome refused"' in page
    assert page.index("&lt;i&gt;empty&lt;/i&gt;.txt") < page.index("<code>ferry.txt")
    assert "it is empty" in page
    assert "<i>empty" not in page


def test_of_many_files_the_refused_ones_are_told_first_and_all_are_counted(
    chief: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "REPORTS_SHOWN", 2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", PAGE.replace("北线", f"{number}号线"))
        archive.writestr("9.txt", "")
    page = ended(chief, sent(chief, (packed.getvalue(), "papers.zip")))
    assert "新入库 3" in page
    assert "未能入库 1" in page
    assert page.count("<code>papers.zip/") == 2
    assert "papers.zip/9.txt" in page
    assert "另有 2 个文件" in page


@pytest.mark.parametrize(
    ("form", "says"),
    [
        pytest.param({"page": "01"}, "请至少选一个文件", id="no file"),
        pytest.param({"files": (io.BytesIO(b""), "")}, "请至少选一个文件", id="left empty"),
        pytest.param(
            {"files": (io.BytesIO(b"x"), "x.txt"), "issued": "2023-02-30"}, "日期有误", id="a day"
        ),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(
    chief: FlaskClient, form: dict[str, object], says: str
) -> None:
    response = chief.post(
        "/add", data=form | {"publication": "临湖晚报"}, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert says in response.text
    assert 'value="临湖晚报"' in response.text


def test_another_sites_form_adds_nothing(chief: FlaskClient, archive: Desk) -> None:
    response = chief.post(
        "/add",
        data={"files": (io.BytesIO(PAGE.encode()), "ferry.txt")},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert archive.catalogue.counts().articles == 4


def test_an_upload_that_nobody_knows_is_not_found(chief: FlaskClient) -> None:
    assert chief.get("/add/none").status_code == 404


def test_doubtful_articles_are_listed_with_their_doubts_the_least_sure_first(
    chief: FlaskClient, archive: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有存疑的报道" in chief.get("/add").text
    for name, headline, *doubts in (
        ("short", "短讯", Doubt.SHORT),
        ("half", "只有一半", Doubt.HALF),
        ("torn", "<b>断了</b>", Doubt.TORN, Doubt.ENDS),
    ):
        archive.print(
            replace(
                BRIDGE_NEWS,
                id=name,
                headline=(headline,),
                doubts=tuple(doubts),
                source=Source(f"{name}.txt", name),
            )
        )
    page = chief.get("/add").text
    assert "存疑的报道（2）" in page
    assert page.index("&lt;b&gt;断了") < page.index("中间有一段断开") < page.index("短讯")
    assert "只有一半" not in page  # nearly always right
    monkeypatch.setattr(adding, "DOUBTFUL_SHOWN", 1)
    assert 'href="/add?after=1#doubtful"' in chief.get("/add").text
    second = chief.get("/add?after=1").text
    assert "短讯" in second
    assert "断了" not in second
    assert chief.get("/add?after=-1").status_code == 422
