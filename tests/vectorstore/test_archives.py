"""Zip files and folders as they come: what is in them, what is hostile, and what is only broken."""

import gzip
import io
import json
import os
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inbox import packed_as, take_in, told

from vectorstore import ingest as ingesting
from vectorstore.catalogue import Catalogue
from vectorstore.forms import Unreadable, packed
from vectorstore.forms.packed import Archive, gunzipped
from vectorstore.ingest import Given, Report, Status, ingest, offered, spelt, uploaded

NEWS = "水厂投用\n\n本报讯 5月16日,{}水厂投用。\n"


def news(name: str) -> bytes:
    return NEWS.format(name).encode()


def zipped(**members: bytes) -> bytes:
    return packed_as({name.replace("__", "/"): data for name, data in members.items()})


def test_each_file_of_a_zip_file_is_a_file_of_its_own(catalogue: Catalogue, folder: Path) -> None:
    listed = [{"file": "one.txt", "publication": "云川日报", "page": 3}]
    data = packed_as(
        {
            "may/one.txt": news("城东"),
            "may/2024-05-17-02.txt": news("城西"),
            "may/manifest.json": json.dumps(listed).encode(),
            "may/bad.txt": b"",
            "__MACOSX/may/._one.txt": b"\0",
            ".DS_Store": b"\0",
        }
    )
    (folder / "papers.zip").write_bytes(data)
    bad, second, first = take_in(catalogue, folder / "papers.zip", Given(issued=None))
    assert told([bad, second, first]) == [
        ("papers.zip/may/2024-05-17-02.txt", "added"),
        ("papers.zip/may/bad.txt", "refused"),
        ("papers.zip/may/one.txt", "added"),
    ]
    article = catalogue.article(first.articles[0])
    assert article
    assert (article.publication, article.page) == ("云川日报", "3")
    assert article.source.file == "papers.zip/may/one.txt"
    dated = catalogue.article(bad.articles[0])
    assert dated
    assert (dated.issued, dated.page) == (date(2024, 5, 17), "02")


def test_the_same_zip_file_again_changes_nothing(catalogue: Catalogue, folder: Path) -> None:
    (folder / "a.zip").write_bytes(zipped(one=news("城东"), two=news("城西")))
    take_in(catalogue, folder)
    again = take_in(catalogue, folder)
    assert {report.status for report in again} == {Status.UNCHANGED}
    assert len(catalogue.sources_from(str(folder / "a.zip"))) == 2


def test_a_zip_file_is_known_without_its_name_and_documents_are_none(
    catalogue: Catalogue, folder: Path
) -> None:
    (folder / "papers").write_bytes(zipped(one=news("城东")))
    (folder / "book.xlsx").write_bytes(packed_as({"[Content_Types].xml": b"<x/>", "xl/a": b""}))
    reports = take_in(catalogue, folder)
    assert told(reports) == [("book.xlsx", "refused"), ("papers/one", "added")]
    assert "workbook" in (reports[0].reason or "")


def test_a_zip_file_in_a_zip_file_is_refused(catalogue: Catalogue, folder: Path) -> None:
    (folder / "a.zip").write_bytes(packed_as({"b.zip": zipped(one=news("城东")), "c": news("东")}))
    reports = take_in(catalogue, folder)
    assert told(reports) == [("a.zip/b.zip", "refused"), ("a.zip/c", "added")]
    assert "unpack it" in (reports[0].reason or "")


def test_a_name_in_another_coding_is_read() -> None:
    data = packed_as({"x" * len("要闻.txt".encode("gbk")): b"1"})
    data = data.replace(b"x" * 8, "要闻.txt".encode("gbk"))
    assert [member.name for member in Archive(data).members()] == ["要闻.txt"]


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt", "d:x"]
)
def test_a_name_that_leads_out_is_refused_and_written_nowhere(
    catalogue: Catalogue, folder: Path, name: str
) -> None:
    (folder / "a.zip").write_bytes(packed_as({name: news("城东"), "in.txt": news("城西")}))
    before = sorted(folder.parent.rglob("*"))
    reports = take_in(catalogue, folder)
    assert sorted(report.status.value for report in reports) == ["added", "refused"]
    assert any("leads out" in (report.reason or "") for report in reports)
    assert sorted(folder.parent.rglob("*")) == before


def test_control_signs_in_a_name_are_written_out(catalogue: Catalogue, folder: Path) -> None:
    (folder / "a.zip").write_bytes(packed_as({"x\x1b[2J\u202e\n.txt": news("城东")}))
    (folder / "b\x07\n.txt").write_bytes(news("城西"))
    reports = take_in(catalogue, folder)
    assert told(reports) == [
        (r"a.zip/x\x1b[2J\u202e\n.txt", "added"),
        (r"b\x07\n.txt", "added"),
    ]
    assert spelt("第1版 要闻\u3000(上).txt") == "第1版 要闻\u3000(上).txt"


def test_two_files_of_one_name_in_a_zip_file_are_not_taken_for_each_other(
    catalogue: Catalogue, folder: Path
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.txt", news("城东"))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("one.txt", news("城西"))
    (folder / "a.zip").write_bytes(file.getvalue())
    reports = take_in(catalogue, folder)
    assert sorted(report.status.value for report in reports) == ["added", "refused"]


def only(data: bytes) -> str:
    """Why the one member of a zip file, or the file itself, is refused."""
    archive = Archive(data)
    try:
        for member in archive.members():
            archive.read(member)
    except Unreadable as error:
        return str(error)
    return "it was read"


def test_a_member_that_unpacks_to_far_more_than_it_was_is_refused() -> None:
    assert "times its size" in only(zipped(bomb=b"0" * (5 << 20)))
    with pytest.raises(Unreadable, match="times its size"):
        gunzipped(gzip.compress(b"0" * (5 << 20)))


def test_a_zip_file_of_too_many_files_or_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(a=b"123456", b=b"123456")
    monkeypatch.setattr(packed, "LARGEST_ARCHIVE", 10)
    assert "GiB" in only(data)
    monkeypatch.setattr(packed, "MOST_MEMBERS", 1)
    assert "files" in only(data)
    monkeypatch.setattr(packed, "_DIRECTORY", 60)
    assert "files" in only(data)


def test_sizes_that_a_zip_file_tells_wrongly_are_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = bytearray(zipped(a=b"0123456789" * 100))
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, 5)  # its list says five bytes
    assert "broken" in only(bytes(data))
    monkeypatch.setattr(packed, "LARGEST_ARCHIVE", 500)
    struct.pack_into("<L", data, place + 24, 400)
    assert "broken" in only(bytes(data)) or "GiB" in only(bytes(data))


def test_an_encrypted_member_is_refused_and_the_others_go_in(
    catalogue: Catalogue, folder: Path
) -> None:
    data = bytearray(packed_as({"a.txt": news("城东"), "b.txt": news("城西")}))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    (folder / "a.zip").write_bytes(bytes(data))
    reports = take_in(catalogue, folder)
    assert told(reports) == [("a.zip/a.txt", "refused"), ("a.zip/b.txt", "added")]
    assert "password" in (reports[0].reason or "")


def test_a_rare_packing_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", news("城东"))
    assert "rare way" in only(file.getvalue())


def test_a_zip_file_that_is_cut_short_is_one_line_and_the_others_go_in(
    catalogue: Catalogue, folder: Path
) -> None:
    (folder / "a.zip").write_bytes(zipped(one=news("城东"))[:-30])
    (folder / "b.zip").write_bytes(packed_as({}))
    (folder / "c.txt").write_bytes(news("城西"))
    reports = take_in(catalogue, folder)
    assert told(reports) == [("a.zip", "refused"), ("b.zip", "refused"), ("c.txt", "added")]


def test_a_file_without_a_name_is_refused_and_the_others_are_read(
    catalogue: Catalogue, folder: Path
) -> None:
    data = packed_as({"a.txt": news("城东"), "b.txt": news("城西")}).replace(b"a.txt", b"\0.txt")
    (folder / "a.zip").write_bytes(data)
    reports = take_in(catalogue, folder / "a.zip")
    assert sorted(each.status.value for each in reports) == ["added", "refused"]
    assert [each.reason for each in reports if each.reason] == ["it has no name; pack it again"]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_zip_file_with_any_byte_changed_breaks_nothing(data: st.DataObject) -> None:
    whole = bytearray(zipped(one=news("城东"), two=news("城西") * 20))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    archive = Archive(bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))]))
    try:
        members = archive.members()
    except Unreadable:
        return
    for member in members:
        try:
            archive.read(member)
        except Unreadable:
            continue


def test_an_uploaded_zip_file_gives_each_of_its_files() -> None:
    refused: list[Report] = []
    data = packed_as({"2024-05-17-02.txt": news("城东"), "manifest.json": b"{}"})
    (offer,) = uploaded(data, "upload:x", "a.zip", Given(), refused.append)
    assert (offer.origin, offer.file) == ("upload:x/2024-05-17-02.txt", "a.zip/2024-05-17-02.txt")
    assert offer.given.page == "02"
    assert offer.unpack
    assert offer.unpack() == news("城东")
    assert [report.source for report in refused] == ["a.zip/manifest.json"]


# Folders


def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    catalogue: Catalogue, folder: Path
) -> None:
    secret = folder.parent / "secret"
    secret.mkdir()
    (secret / "key.txt").write_bytes(news("密"))
    (folder / "in.txt").write_bytes(news("城东"))
    (folder / "a.txt").symlink_to(secret / "key.txt")
    (folder / "b").symlink_to(secret)
    (folder / "c.txt").symlink_to(folder / "nowhere")
    (folder / "d.txt").symlink_to(folder / "d.txt")
    (folder / "e.txt").symlink_to(folder / "in.txt")
    (folder / "manifest.json").symlink_to(secret / "key.txt")
    reports = take_in(catalogue, folder)
    assert told(reports) == [
        ("a.txt", "refused"),
        ("b", "refused"),
        ("c.txt", "refused"),
        ("d.txt", "refused"),
        ("e.txt", "added"),
        ("in.txt", "unchanged"),
        ("manifest.json", "refused"),
    ]
    assert "leads out" in (reports[0].reason or "")
    assert "nowhere" in (reports[2].reason or "")


def test_a_manifest_that_is_a_link_in_a_circle_stops_nothing(
    catalogue: Catalogue, folder: Path
) -> None:
    (folder / "manifest.json").symlink_to(folder / "manifest.json")
    (folder / "in.txt").write_bytes(news("城东"))
    assert told(take_in(catalogue, folder)) == [("in.txt", "added"), ("manifest.json", "refused")]


def test_the_folders_in_a_zip_file_tell_the_day_of_its_pages(folder: Path) -> None:
    (folder / "a.zip").write_bytes(packed_as({"2024/05/17/02.txt": news("城东")}))
    (offer,) = offered(folder / "a.zip")
    assert (offer.given.issued, offer.given.page) == (date(2024, 5, 17), "02")


def test_a_file_that_grows_while_it_is_read_is_refused(
    catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.txt"
    path.write_bytes(news("城东"))
    real = os.fstat

    def growing(number: int) -> os.stat_result:
        found = real(number)
        with path.open("ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(os, "fstat", growing)
    (offer,) = offered(path)
    report = ingest(catalogue, offer)
    monkeypatch.undo()
    assert "changed while it was read" in (report.reason or "")
    assert ingest(catalogue, offer).status is Status.ADDED


def test_a_file_that_is_too_large_is_refused(
    catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").write_bytes(news("城东"))
    monkeypatch.setattr(ingesting, "LARGEST_FILE", 10)
    (report,) = take_in(catalogue, folder)
    assert "larger than" in (report.reason or "")
