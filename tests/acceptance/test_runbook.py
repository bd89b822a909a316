"""What the runbook says is run as it stands there, by the shell that an operator types it into."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ROOT, Newsroom

pytestmark = pytest.mark.documented

RUNBOOK = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
SERVES = "baowen serve --port 8000"


def commands(heading: str) -> list[str]:
    """What the shell is told below a heading."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
    assert section, heading
    blocks = re.findall(r"^```sh\n(.*?)^```", section.group(1), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def shell(
    newsroom: Callable[[], Newsroom], tmp_path: Path
) -> tuple[Newsroom, Callable[[str], str]]:
    """A newsroom of two pages, and a shell beside it that knows the command."""
    room = newsroom()
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, place in (("withdrawn", "北岸渡口"), ("kept", "南桥书店")):
        text = f"{place}重新开放\n\n本报讯 {place}昨日重新开放,首日来了三百人。"
        (pages / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / "models").symlink_to(room.home / "models")

    def run(line: str) -> str:
        return room.typed(line, tmp_path)

    run("baowen ingest pages")
    return room, run


def test_the_archive_is_looked_after_as_the_runbook_says(
    shell: tuple[Newsroom, Callable[[str], str]],
) -> None:
    room, run = shell
    start, ready = commands("Start and stop")
    beside, status, in_place = commands("Restore")
    assert start == SERVES
    with room.serving() as service:
        if shutil.which("curl"):
            run(ready.replace("http://127.0.0.1:8000", str(service.base_url).rstrip("/")))
        told = [run(line) for line in commands("Back up")]
        assert all("holds" in each for each in told)
        assert "2 articles" in run(beside)
        assert re.search(r"articles +2\n", run(status))
        for line in (*commands("A damaged index"), *commands("Keys"), *commands("Upgrade")):
            run(line)
        assert "1 articles" in run(*commands("Forget"))
    assert "2 articles" in run(in_place)


def test_every_command_of_the_runbook_is_run() -> None:
    run = ("Start and stop", "Back up", "Restore", "A damaged index", "Keys", "Upgrade", "Forget")
    told = re.findall(r"^```sh\n(.*?)^```", RUNBOOK, re.MULTILINE | re.DOTALL)
    assert sum(len(block.splitlines()) for block in told) == sum(
        len(commands(each)) for each in run
    )
