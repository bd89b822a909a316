"""An archive is backed up while it is used and taken in, and made again of the backup."""

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from running import Newsroom
from test_killed import Archive, held, take_in, write_pages

from web.backup import back_up, restore

LENGTH = "鹤汀大桥全长多少米?"


def test_a_backup_in_the_middle_of_taking_in_goes_on_to_the_same_archive(tmp_path: Path) -> None:
    pages, home = tmp_path / "pages", tmp_path / "home"
    write_pages(pages, edition=1)
    taking = threading.Thread(target=take_in, args=(home, pages))
    files = []
    with Archive(home) as archive:
        taking.start()
        while taking.is_alive():
            files.append(tmp_path / f"{len(files)}.zip")
            back_up(archive.catalogue, home, files[-1])
    taking.join()
    whole, sizes = held(home), set[int]()
    for at in {0, len(files) // 3, len(files) // 2, len(files) - 1}:
        again = tmp_path / f"again-{at}"
        restore(files[at], again)
        with Archive(again) as archive:
            with archive.catalogue.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
                assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            sizes.add(archive.catalogue.counts().articles)
        take_in(again, pages)
        assert held(again) == whole
    assert len(sizes) > 1  # some were taken in the middle


@pytest.mark.slow
def test_a_backup_of_a_running_service_gives_the_same_answers_elsewhere(
    room: Newsroom, service: httpx.Client, newsroom: Callable[[], Newsroom], tmp_path: Path
) -> None:
    file = tmp_path / "archive.zip"
    answer = room.json("ask", LENGTH)
    room.run("backup", str(file))
    refused = room.run("backup", str(tmp_path / "with-caches.zip"), "--caches", check=False)
    assert "stop it" in refused.stderr
    refused = room.run("restore", str(file), "--replace", check=False)
    assert refused.returncode == 1
    assert "stop it" in refused.stderr
    other = newsroom()
    assert "can be found" in other.run("restore", str(file)).stdout
    assert other.json("status") == room.json("status")
    assert other.json("ask", LENGTH)["text"] == answer["text"]
    for citation in answer["citations"]:
        assert other.run("cite", citation["id"]).stdout.startswith(citation["quote"])
    refused = other.run("restore", str(file), check=False)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    whole = tmp_path / "whole.zip"
    other.run("backup", str(whole), "--caches")
    other.run("restore", str(whole), "--replace")
    assert other.json("status") == room.json("status")
