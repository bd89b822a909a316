"""A backup is the archive at one moment; what is no backup of it becomes no archive."""

import hashlib
import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from newsroom import FERRY, NEWS, Desk, page_of

from qa.answers import Question
from vectorstore.catalogue import NewerArchive, connect
from vectorstore.ingest import Given
from web.backup import MANIFEST, PARTS, BadBackup, Occupied, back_up, restore
from web.register import Role

Rewrite = Callable[[dict[str, bytes]], None]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An archive with a page that has an image, an answer and a key."""
    home = tmp_path / "home"
    home.mkdir()
    desk = opened(home)
    for article in NEWS:
        desk.print(article)
    list(desk.ingest("2023-10-12-03.pdf", page_of(*FERRY), Given()))
    return desk


@pytest.fixture
def file(desk: Desk, tmp_path: Path) -> Path:
    file = tmp_path / "archive.zip"
    back_up(desk.catalogue, tmp_path / "home", file)
    return file


def opened(home: Path) -> Desk:
    return Desk(connect(f"sqlite:///{home / 'catalogue.db'}"), images=home / "images")


def rewritten(file: Path, change: Rewrite) -> Path:
    """The same backup, but for a change of its members; the manifest lists what is there then."""
    with ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist() if name != MANIFEST}
        manifest = json.loads(packed.read(MANIFEST))
    change(members)
    manifest["files"] = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in members.items()
    ]
    changed = file.with_name("changed.zip")
    with ZipFile(changed, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
        packed.writestr(MANIFEST, json.dumps(manifest))
    return changed


def lying_in(home: Path) -> list[Path]:
    return [home / part for part in PARTS if (home / part).exists()]


def test_a_restored_archive_holds_what_was_backed_up(desk: Desk, tmp_path: Path) -> None:
    answer = desk.answerer.answer(Question(text="青石桥的桥长多少米？"))
    key, told = desk.keys.create("the desk", Role.READER)
    file, home = tmp_path / "archive.zip", tmp_path / "other"
    back_up(desk.catalogue, tmp_path / "home", file)
    desk.remove([each.id for each in NEWS])
    restore(file, home)
    other = opened(home)
    assert other.catalogue.counts().articles == len(NEWS) + 2
    assert other.ledger.answer(answer.id) == answer
    cited = answer.citations[0]
    found = other.ledger.citation(cited.id)
    assert found
    assert (found.quote, found.status) == (cited.quote, "exact")
    shown = other.keys.shown(told)
    assert shown
    assert shown.id == key.id
    pictured = [each for each in other.catalogue.articles()[0] if other.catalogue.regions(each)]
    for article in pictured:
        name = other.catalogue.regions(article)[0].leaf.image
        assert name
        assert other.catalogue.image(article, name)
    assert len(pictured) == 2


def test_only_its_owner_may_read_a_backup_and_no_file_is_written_over(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(FileExistsError, match="another"):
        back_up(desk.catalogue, tmp_path / "home", file)
    assert file.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"archive.zip", "home"}


def test_an_archive_that_is_there_goes_only_when_that_is_asked_for(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    desk.remove([NEWS[0].id])
    (home / "vectors").mkdir()
    (home / "models").mkdir()
    with pytest.raises(Occupied, match="--replace"):
        restore(file, home)
    assert desk.catalogue.article(NEWS[0].id) is None
    desk.engine.dispose()
    restore(file, home, replace=True)
    assert opened(home).catalogue.article(NEWS[0].id) == NEWS[0]
    assert (home / "models").exists()
    assert not (home / "vectors").exists()  # they were another archive's
    assert not list(home.glob(".*"))


def test_caches_come_along_where_that_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "whole.zip"
    for name in ("vectors/chroma.sqlite3", "vectors/0f/data.bin", "fulltext/.managed.json"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    back_up(desk.catalogue, home, file, caches=True)
    restore(file, tmp_path / "other")
    for name in ("vectors/chroma.sqlite3", "vectors/0f/data.bin", "fulltext/.managed.json"):
        assert (tmp_path / "other" / name).read_text() == name


def damage(members: dict[str, bytes]) -> None:
    members["catalogue.db"] = members["catalogue.db"][:5000]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda all_: all_.pop("catalogue.db"), "no backup", id="no catalogue"),
        pytest.param(lambda all_: all_.update({"catalogue.db": b"ink"}), "no backup", id="ink"),
        pytest.param(damage, "no backup", id="a catalogue cut short"),
        *(
            pytest.param(lambda all_, name=name: all_.update({name: b"x"}), "no file", id=name)
            for name in (
                "../out",
                "images/../../out",
                "/tmp/out",
                "vectors/../out",
                "vectors/..",
                "fulltext//out",
                "images/" + "0" * 64 + ".webp\n",
                "images/" + "0" * 63 + "..webp",
                "service.key",
                "models/model.onnx",
                "C:\\out",
            )
        ),
    ],
)
def test_what_an_archive_does_not_have_is_not_restored(
    file: Path, tmp_path: Path, change: Rewrite, told: str
) -> None:
    home = tmp_path / "a" / "b" / "other"
    with pytest.raises(BadBackup, match=told):
        restore(rewritten(file, change), home)
    assert not lying_in(home)
    assert not [each for each in tmp_path.rglob("*") if "out" in each.name]


def test_every_damage_of_a_backup_is_found(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    damaged = tmp_path / "damaged.zip"
    for at in range(100, len(whole), len(whole) // 9):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]):
            damaged.write_bytes(data)
            try:
                restore(damaged, tmp_path / "other")
            except BadBackup:
                assert not lying_in(tmp_path / "other")
            else:  # the byte was one that says nothing, such as a time
                with opened(tmp_path / "other").engine.connect() as connection:
                    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
                assert damaged.stat().st_size == len(whole)
                for part in lying_in(tmp_path / "other"):
                    part.rename(tmp_path / f"seen-{at}-{part.name}")


def test_a_later_versions_archive_is_refused_and_an_earlier_ones_is_brought_up(
    file: Path, tmp_path: Path
) -> None:
    def of_version(revision: str) -> Rewrite:
        def change(members: dict[str, bytes]) -> None:
            path = tmp_path / "changed.db"
            path.write_bytes(members["catalogue.db"])
            with sqlite3.connect(path) as changed:
                changed.execute("UPDATE alembic_version SET version_num = ?", [revision])
                if revision == "0012":
                    for table in ("corrections", "originals", "readers_reports", "uploads", "jobs"):
                        changed.execute(f"DROP TABLE {table}")
                    changed.execute("DROP INDEX ix_passages_found")
                    changed.execute("CREATE INDEX ix_passages_entry_id ON passages (entry_id)")
            changed.close()
            members["catalogue.db"] = path.read_bytes()

        return change

    with pytest.raises(NewerArchive, match="later version"):
        restore(rewritten(file, of_version("9999")), tmp_path / "other")
    assert not lying_in(tmp_path / "other")
    restore(rewritten(file, of_version("0012")), tmp_path / "other")
    other = opened(tmp_path / "other")
    assert other.catalogue.corrections([NEWS[0].id]) == []
    assert other.catalogue.article(NEWS[0].id) == NEWS[0]
