"""An issue that a METS file binds comes in as its articles, and its pages no second time."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest
from inbox import packed_as, take_in, told
from library import COURIER, COURIER_METS, alto, area, div, files, logical, mets, mods, physical

from vectorstore import reading
from vectorstore.articles import Article, BlockKind, Region
from vectorstore.bounded import PARSERS
from vectorstore.catalogue import Catalogue
from vectorstore.forms import Issue, Item, Refused, Sheet, Unreadable
from vectorstore.forms.mets import hrefs, parse, placed
from vectorstore.ingest import Given, Status, bound, ingest, offered, uploaded
from vectorstore.reading import read

NEWS = "本报讯(记者 祝清和)5月16日,{}水厂投用,日供水三万吨。"


def write(folder: Path, held: Mapping[str, bytes]) -> None:
    for name, data in held.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(kind.value, text) for kind, text in article.parts]


def test_an_issue_gives_its_articles_with_paper_day_and_page() -> None:
    ferry, hens, school = read(COURIER_METS, "mets.xml", beside=COURIER).articles
    assert {(each.publication, each.issued) for each in (ferry, hens, school)} == {
        ("The Riverton Courier", date(1915, 6, 1))
    }
    assert [each.page for each in (ferry, hens, school)] == ["A1", "A1", "A2"]
    assert ferry.headline == ("NEW FERRY OPENS",)
    assert blocks(ferry) == [
        (
            "paragraph",
            "Ferries crossed the river on Tuesday for the first time since the flood. The old landing "
            "had been rebuilt by the town and the railway company together. A bell rang.",
        ),
        ("caption", "Mayor on deck."),
        ("heading", "What it costs"),
        ("paragraph", "A crossing costs two cents."),
    ]
    assert [(ferry.text[each.start :][:7], each.page) for each in ferry.jumps] == [
        ("company", "A2")
    ]
    assert (ferry.continued_from, ferry.continued_to, ferry.doubts) == (None, None, ())
    assert (hens.text, hens.headline) == ("HENS FOR SALE", ())
    assert school.headline == ("School closes early",)
    assert school.text.split("\n") == ["SCHOOL CLOSES", "The school on Mill Street closes early."]
    assert [each.source.record for each in (ferry, hens, school)] == ["ART1", "AD1", "ART2"]


def test_a_chinese_issue_joins_its_columns_without_blanks() -> None:
    pages = {
        "1.xml": alto(
            "P1", t="鹤汀大桥合龙\n全长一千八百米", a="本报讯 5月16日,鹤汀大桥主跨合", b="龙。"
        ),
        "2.xml": alto("P2", c="引桥年底接上。", d="图为夜色中的大桥。 岑小满 摄"),
    }
    issue = mets(
        "<mets:dmdSec ID='D'><dc:title>云川日报</dc:title><dc:date>2024-05-17</dc:date></mets:dmdSec>",
        mods("M", "<mods:name><mods:namePart>祝清和</mods:namePart></mods:name>"),
        files(A="1.xml", B="2.xml"),
        physical(('ORDERLABEL="第01版"', "A"), ('ORDERLABEL="02"', "B")),
        logical(
            div(
                "ARTICLE",
                div("HEADLINE", area("A", "t")),
                div("BODY", area("A", "a", "b"), area("B", "c")),
                div("PICTURE", area("B", "d")),
                more='DMDID="M"',
            )
        ),
    )
    (bridge,) = read(issue, "mets.xml", beside=pages).articles
    assert (bridge.publication, bridge.issued, bridge.page) == ("云川日报", date(2024, 5, 17), "01")
    assert bridge.headline == ("鹤汀大桥合龙", "全长一千八百米")
    assert bridge.text.split("\n")[:2] == ["本报讯 5月16日,鹤汀大桥主跨合龙。", "引桥年底接上。"]
    assert bridge.parts[-1] == (BlockKind.CAPTION, "图为夜色中的大桥。 岑小满 摄")
    assert (bridge.date, bridge.byline, bridge.photographers) == (
        "2024-05-16",
        ("祝清和",),
        ("岑小满",),
    )


NATIONAL = mets(
    mods(
        "issueModsBib",
        '<mods:relatedItem type="host"><mods:identifier type="lccn">sn0001</mods:identifier>'
        "</mods:relatedItem><mods:originInfo>"
        '<mods:dateIssued encoding="iso8601">1910-04-30</mods:dateIssued></mods:originInfo>',
    ),
    *(
        mods(
            f"page{number}",
            '<mods:part><mods:detail type="page number">'
            f"<mods:number>{number}</mods:number></mods:detail></mods:part>",
        )
        for number in (7, 8)
    ),
    files(ocr7="./0015.xml", ocr8="./0016.xml"),
    "<mets:structMap>",
    div(
        "np:issue",
        *(
            div("np:page", f'<mets:fptr FILEID="ocr{number}"/>', more=f'DMDID="page{number}"')
            for number in (7, 8)
        ),
        more='DMDID="issueModsBib"',
    ),
    "</mets:structMap>",
    attributes='LABEL="The Harbor Forum (Port Ellery), 1910-04-30"',
)


def test_an_issue_without_articles_gives_day_paper_and_page_to_its_pages() -> None:
    pages = {
        f"00{15 + place}.xml": alto(f"P{place}", b=NEWS.format(name))
        for place, name in enumerate(("城东", "城西"))
    }
    east, west = read(NATIONAL, "0001.xml", beside=pages).articles
    assert (east.publication, east.issued) == ("The Harbor Forum (Port Ellery)", date(1910, 4, 30))
    assert (east.page, west.page) == ("7", "8")
    assert east.byline == ("祝清和",)


def test_a_page_of_which_no_block_is_named_is_read_as_a_page() -> None:
    issue = mets(
        files(A="1.xml", B="2.xml"),
        physical(("", "A"), ("", "B")),
        logical(div("ARTICLE", area("A", "a"), more='ID="X"')),
    )
    pages = {"1.xml": alto("P1", a="渡口重开。"), "2.xml": alto("P2", b=NEWS.format("城东"))}
    ferry, plant = read(issue, "mets.xml", beside=pages).articles
    assert (ferry.text, ferry.page) == ("渡口重开。", "1")
    assert (plant.byline, plant.page) == (("祝清和",), "2")


@pytest.mark.parametrize(
    ("said", "publication", "issued"),
    [
        pytest.param(
            "Riverton Courier, 1915-06-01", "Riverton Courier", date(1915, 6, 1), id="iso"
        ),
        pytest.param(
            "Riverton Courier, June 1, 1915", "Riverton Courier", date(1915, 6, 1), id="en"
        ),
        pytest.param(
            "Der Bote (Weiler) vom 01.06.1915", "Der Bote (Weiler) vom", date(1915, 6, 1), id="de"
        ),
        pytest.param("云川日报 1954年6月1日", "云川日报", date(1954, 6, 1), id="zh"),
        pytest.param("19150601 Riverton Courier", "Riverton Courier", date(1915, 6, 1), id="plain"),
        pytest.param("Riverton Courier, Vol. 3, No. 12", "Riverton Courier", None, id="number"),
        pytest.param("Issue", None, None, id="no name"),
    ],
)
def test_a_label_tells_paper_and_day(
    said: str, publication: str | None, issued: date | None
) -> None:
    data = mets(files(A="1.xml"), attributes=f'LABEL="{said}"')
    found = next(iter(parse(data, "mets.xml", {"1.xml": alto("P1", a="渡口重开。")})))
    assert found == Issue(publication=publication, issued=issued)


def test_what_is_given_counts_before_the_issue_and_names_behind_it(
    catalogue: Catalogue, folder: Path
) -> None:
    write(folder / "2019-03-05", COURIER | {"01.xml": COURIER_METS})
    (report,) = take_in(catalogue, folder, Given(publication="Courier"))
    ferry = catalogue.article(report.articles[0])
    assert ferry
    assert (ferry.publication, ferry.issued, ferry.page) == ("Courier", date(1915, 6, 1), "A1")
    write(folder / "1916-02-03", {"m.xml": mets(files(A="1.xml")), "1.xml": alto("P1", a="渡口。")})
    (report,) = take_in(catalogue, folder / "1916-02-03")
    (article,) = (catalogue.article(each) for each in report.articles)
    assert article
    assert article.issued == date(1916, 2, 3)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip file"])
def test_pages_come_in_with_their_issue_alone(
    catalogue: Catalogue, folder: Path, packed: bool
) -> None:
    held = COURIER | {"mets.xml": COURIER_METS, "alto/stray.xml": alto("P9", b=NEWS.format("城东"))}
    if packed:
        (folder / "issue.zip").write_bytes(packed_as(held))
    else:
        write(folder / "issue.zip", held)
    reports = take_in(catalogue, folder)
    assert told(reports) == [("issue.zip/alto/stray.xml", "added"), ("issue.zip/mets.xml", "added")]
    assert len(reports[1].articles) == 3
    assert catalogue.counts().pages == 3
    listed, _ = catalogue.articles(page="A2")
    assert {each.title for each in listed} == {"NEW FERRY OPENS", "School closes early"}


def test_an_unchanged_issue_is_not_parsed_and_a_changed_page_is(
    catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, COURIER | {"mets.xml": COURIER_METS})
    (before,) = take_in(catalogue, folder)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "PARSERS", None)
        (again,) = take_in(catalogue, folder)
    assert (again.status, again.articles) == (Status.UNCHANGED, before.articles)
    page = COURIER["alto/0002.xml"].replace(b'"Mill"', b'"Weir"')
    write(folder, {"alto/0002.xml": page})
    (changed,) = take_in(catalogue, folder)
    assert (changed.status, changed.articles) == (Status.UPDATED, before.articles)
    school = catalogue.article(changed.articles[2])
    assert school
    assert "Weir Street" in school.text


def test_pages_that_came_before_their_issue_give_way_to_it(
    catalogue: Catalogue, folder: Path
) -> None:
    write(folder, COURIER)
    assert len(take_in(catalogue, folder)) == 2
    write(folder, {"mets.xml": COURIER_METS})
    (report,) = take_in(catalogue, folder)
    assert {each.id for each in catalogue.articles()[0]} == set(report.articles)


def test_a_mets_file_by_itself_brings_the_pages_of_its_folder(
    catalogue: Catalogue, folder: Path
) -> None:
    write(folder, COURIER | {"mets.xml": COURIER_METS})
    (offer,) = offered(folder / "mets.xml")
    assert len(ingest(catalogue, offer).articles) == 3
    paths = [folder / "mets.xml", *(folder / name for name in COURIER)]
    every = [offer for path in paths for offer in offered(path)]
    assert [offer.file for offer in bound(every)] == ["mets.xml"]


def test_two_issues_do_not_share_a_page(catalogue: Catalogue, folder: Path) -> None:
    write(folder, COURIER | {"a.xml": COURIER_METS, "b.xml": COURIER_METS})
    first, second = take_in(catalogue, folder)
    assert (first.status, second.status) == (Status.ADDED, Status.REFUSED)
    assert "none lies beside it" in (second.reason or "")


def test_what_an_issue_lacks_is_said_and_the_rest_goes_in(
    catalogue: Catalogue, folder: Path
) -> None:
    write(folder, {"mets.xml": COURIER_METS, "alto/0001.xml": COURIER["alto/0001.xml"]})
    (report,) = take_in(catalogue, folder)
    assert report.status is Status.ADDED
    assert (
        report.reason
        == "files that it names aren't there as ALTO files of this issue: 'alto/0002.xml'"
    )
    ferry = catalogue.article(report.articles[0])
    assert ferry
    assert ferry.text.endswith("by the town and the railway\nMayor on deck.")
    write(folder, COURIER)
    (report,) = take_in(catalogue, folder)
    assert (report.status, report.reason, len(report.articles)) == (Status.UPDATED, None, 3)


def test_a_page_that_is_broken_is_named_and_the_others_are_read() -> None:
    pages = COURIER | {"alto/0002.xml": COURIER["alto/0002.xml"][:-30]}
    found = read(COURIER_METS, "mets.xml", beside=pages)
    assert [each.source.record for each in found.articles] == ["ART1", "AD1"]
    assert found.refused == (
        "alto/0002.xml: it is broken or cut-off XML; export or download it again",
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(COURIER_METS[:-40], id="cut off"),
        pytest.param(
            b'<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + COURIER_METS[38:],
            id="entities",
        ),
    ],
)
def test_the_pages_of_a_broken_mets_file_are_read_without_it(
    catalogue: Catalogue, folder: Path, data: bytes
) -> None:
    write(folder, COURIER | {"mets.xml": data})
    (report,) = take_in(catalogue, folder)
    assert report.status is Status.ADDED
    assert "its pages are read without it" in (report.reason or "")
    listed, _ = catalogue.articles()
    text = "\n".join(f"{each.title}\n{each.text}" for each in listed)
    assert "Ferries crossed the river" in text
    assert "closes early" in text


HOSTILE = [
    "file:///etc/hostname.xml",
    "http://127.0.0.1:9/1.xml",
    "../outside.xml",
    "alto/../../outside.xml",
    "/etc/1.xml",
    "C:\\1.xml",
    "\\\\server\\1.xml",
    "%2e%2e/outside.xml",
]


@pytest.mark.parametrize("href", HOSTILE)
def test_what_leads_out_of_the_folder_is_left_alone(
    catalogue: Catalogue, folder: Path, href: str
) -> None:
    secret = alto("P2", b=NEWS.format("城外"))
    (folder.parent / "outside.xml").write_bytes(secret)
    data = mets(files(A="1.xml", B=href), logical(div("ARTICLE", area("A", "a"), area("B", "b"))))
    write(folder, {"mets.xml": data, "1.xml": alto("P1", a="渡口重开。")})
    (report,) = take_in(catalogue, folder)
    assert "lead out of its folder" in (report.reason or "")
    (given,) = offered(folder / "mets.xml")
    assert list(given.beside) == ["1.xml"]
    sent = packed_as({"x/mets.xml": data, "x/1.xml": alto("P1", a="渡口又开。")})
    (report,) = (ingest(catalogue, each) for each in uploaded(sent, "upload:1", "x.zip", Given()))
    assert "lead out of its folder" in (report.reason or "")
    assert {each.text for each in catalogue.articles()[0]} == {"渡口重开。", "渡口又开。"}


def test_a_link_to_a_page_elsewhere_is_not_followed(catalogue: Catalogue, folder: Path) -> None:
    (folder.parent / "outside.xml").write_bytes(alto("P1", a="渡口重开。"))
    (folder / "1.xml").symlink_to(folder.parent / "outside.xml")
    write(folder, {"mets.xml": mets(files(A="1.xml"))})
    (offer,) = offered(folder / "mets.xml")
    assert ingest(catalogue, offer).status is Status.REFUSED
    assert {each.status for each in take_in(catalogue, folder)} == {Status.REFUSED}


def test_a_zip_file_binds_no_page_beside_it(catalogue: Catalogue, folder: Path) -> None:
    data = mets(files(A="../1.xml"), attributes='LABEL="Riverton Courier"')
    (folder / "a.zip").write_bytes(packed_as({"mets.xml": data}))
    write(folder, {"1.xml": alto("P1", a=NEWS.format("城东"))})
    page, issue = take_in(catalogue, folder)
    assert (page.status, issue.status) == (Status.ADDED, Status.REFUSED)


def test_no_article_is_lost_or_doubled_by_areas_that_are_wrong() -> None:
    twice = div("ARTICLE", area("A", "a", "a"), more='ID="X"')
    issue = mets(
        files(A="1.xml"),
        logical(twice, div("ARTICLE", area("A", "a", "none"), area("Z", "a"), more='ID="Y"')),
    )
    found = read(issue, "mets.xml", beside={"1.xml": alto("P1", a="渡口重开。")})
    assert [each.text for each in found.articles] == ["渡口重开。"]
    assert found.refused == ("1 block of its articles can't be found on its pages",)


def test_an_area_may_name_a_stretch_of_blocks_or_a_composed_one() -> None:
    page = alto("P1", a="一。", b="二。", c="三。", d="四。").replace(
        b'<TextBlock ID="d">', b'<ComposedBlock ID="all"><TextBlock ID="d">'
    )
    page = page.replace(b"</TextBlock></PrintSpace>", b"</TextBlock></ComposedBlock></PrintSpace>")
    issue = mets(
        files(A="1.xml"),
        logical(
            div("ARTICLE", '<mets:fptr><mets:area FILEID="A" BEGIN="a" END="c"/></mets:fptr>'),
            div("ARTICLE", area("A", "all")),
            div("ARTICLE", area("A", "P1")),
        ),
    )
    found = read(issue, "mets.xml", beside={"1.xml": page}).articles
    assert [each.text for each in found] == ["一。\n二。\n三。", "四。"]


def test_a_mets_file_without_pages_says_what_to_do() -> None:
    with pytest.raises(Unreadable, match="give the folder or zip file that holds both"):
        list(parse(COURIER_METS, "mets.xml"))


def test_names_are_placed_below_the_folder_or_nowhere() -> None:
    assert [placed(each) for each in ("./a.xml", "file://./a/b.xml", "a\\b.xml", "a%20b.xml")] == [
        "a.xml",
        "a/b.xml",
        "a/b.xml",
        "a b.xml",
    ]
    assert [placed(each) for each in ("", "http://x/a.xml", "file:///a.xml", "/a.xml", "C:a")] == [
        None
    ] * 5
    data = b"<mets><FLocat xlink:href='a&amp;b.xml'/><m:FLocat x='1' href=\"c.xml\" /></mets>"
    assert list(hrefs(data)) == ["a&b.xml", "c.xml"]


def laid(page: bytes) -> bytes:
    """A page whose lines stand one below the other, each a hundredth of it high."""
    rows = iter(range(100))
    page = re.sub(
        b"<TextLine>",
        lambda _: b'<TextLine HPOS="100" VPOS="%d" WIDTH="800" HEIGHT="8">' % (next(rows) * 10),
        page,
    )
    return page.replace(b"<Page ", b'<Page WIDTH="1000" HEIGHT="1000" ')


def stands(article: Article, regions: Iterable[Region]) -> list[tuple[int, int, str]]:
    """Each line of an article: the file's page, the row there, and its words, or - for a headline's."""
    return [
        (
            region.leaf.place,
            round(box.y * 100),
            "-" if box.start is None else article.text[box.start : box.end],
        )
        for region in regions
        for box in region.boxes
    ]


def test_an_issue_tells_where_its_articles_stand(catalogue: Catalogue, folder: Path) -> None:
    write(folder, {name: laid(page) for name, page in COURIER.items()} | {"mets.xml": COURIER_METS})
    take_in(catalogue, folder)
    every = {each.source.record: each for each in catalogue.articles()[0]}
    ferry, school = every["ART1"], every["ART2"]
    regions = catalogue.regions(ferry)
    assert [(region.page, region.leaf.image) for region in regions] == [("A1", None), ("A2", None)]
    assert stands(ferry, regions) == [
        (1, 1, "-"),
        (1, 2, "Ferries crossed the river on Tuesday"),
        (1, 3, "for the first time since the flood. The old"),
        (1, 5, "landing had been rebuilt by the town"),
        (1, 6, "and the railway"),
        (1, 4, "Mayor on deck."),
        (2, 1, "company together. A bell rang."),
        (2, 2, "What it costs"),
        (2, 3, "A crossing costs two cents."),
    ]
    assert stands(school, catalogue.regions(school)) == [
        (2, 4, "SCHOOL CLOSES"),
        (2, 5, "The school on Mill Street closes early."),
    ]


def test_pages_by_themselves_stand_beside_those_that_an_issue_tells() -> None:
    pages = {
        "1.xml": laid(alto("P1", a="渡口", b=NEWS.format("城西"))),
        "2.xml": laid(alto("P2", a=NEWS.format("城东"))),
    }
    issue = mets(
        files(A="1.xml", B="2.xml"),
        physical(("", "A"), ("", "B")),
        logical(div("ARTICLE", area("B", "a"))),
    )
    east, west = read(issue, "mets.xml", beside=pages).articles
    assert [place for place, _, _ in stands(east, east.regions)] == [2]
    assert [place for place, _, _ in stands(west, west.regions)] == [1, 1]


def test_an_issue_whose_files_hold_several_pages_tells_no_places() -> None:
    page = laid(alto("P1", a=NEWS.format("城西")))
    double = page.replace(b"</Layout>", b'<Page WIDTH="9" HEIGHT="9"/></Layout>')
    issue = mets(files(A="1.xml"), logical(div("ARTICLE", area("A", "a"))))
    (told,) = read(issue, "mets.xml", beside={"1.xml": page}).articles
    (untold,) = read(issue, "mets.xml", beside={"1.xml": double}).articles
    assert (len(told.regions), len(untold.regions)) == (1, 0)


def test_an_issue_crosses_to_its_process_and_back_unchanged() -> None:
    form = reading.form_of(COURIER_METS, "mets.xml")
    assert form.bounds
    found = PARSERS.parse(form.module, COURIER_METS, "mets.xml", form.bounds, beside=COURIER)
    assert found == list(parse(COURIER_METS, "mets.xml", COURIER))
    assert {type(each) for each in found} <= {Issue, Item, Sheet, Refused}


def test_a_name_that_no_disk_can_hold_does_no_harm(catalogue: Catalogue, folder: Path) -> None:
    data = mets(files(A="1.xml", B=f"{'x' * 5000}.xml"))
    write(folder, {"mets.xml": data, "1.xml": alto("P1", a=NEWS.format("城东"))})
    (offer,) = offered(folder / "mets.xml")
    report = ingest(catalogue, offer)
    assert report.status is Status.ADDED
    assert len(report.reason or "") < 200


def test_an_article_without_an_end_is_refused_and_the_others_are_read() -> None:
    issue = mets(
        files(A="1.xml"),
        logical(div("ARTICLE", area("A", "a"), more='ID="X"'), div("ARTICLE", area("A", "b"))),
    )
    page = alto("P1", a="\n".join(["word " * 100] * 1100), b="渡口重开。")
    found = read(issue, "mets.xml", beside={"1.xml": page})
    assert [each.text for each in found.articles] == ["渡口重开。"]
    assert found.refused == ("an article has more than 500,000 characters",)
