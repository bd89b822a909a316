"""The docs' commands, typed in a shell as they stand there: ``make documented``.

What stands for something of the reader's own is given here: ids, keys, files. Pages go in order,
and so do their commands; those of the runbook are tried by ``test_runbook``.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from documented import Command, commands, python_examples
from running import SAMPLE, Newsroom

pytestmark = pytest.mark.documented

ADDRESS = "http://127.0.0.1:8000"
KEY = "k" * 43
QUESTION = {"question": "鹤汀大桥全长多少米?"}
TYPED = [each for each in commands() if not each.reason and each.page != "docs/operating.md"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A service that runs, the folder beside it that a reader types in, and what they know."""

    room: Newsroom
    service: httpx.Client
    folder: Path
    known: dict[str, str]

    def type(self, line: str) -> str:
        told = line.replace(ADDRESS, str(self.service.base_url).rstrip("/"))
        for placeholder, value in self.known.items():
            told = re.sub(placeholder, value, told)
        keys = {"KEY": KEY, "BAOWEN_KEY": KEY}
        return self.room.typed(told, self.folder, CURL_HOME=str(self.folder), **keys)


@pytest.fixture(scope="module")
def desks(
    newsroom: Callable[[], Newsroom], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Desk]]:
    """One without a key, as after the installation, and one of which ``KEY`` is the operator's."""
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    folder = tmp_path_factory.mktemp("typed")
    (folder / ".curlrc").write_text("fail-with-body\n")
    shutil.copy(SAMPLE / "yunchuan-daily/2024-05-17-01.txt", folder)
    shutil.copytree(SAMPLE / "yunchuan-daily", folder / "pages")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        open_room, keyed_room = newsroom(), newsroom()
        open_service = stack.enter_context(open_room.serving("--sample"))
        patched.setenv("BAOWEN_KEY", KEY)
        keyed_service = stack.enter_context(keyed_room.serving("--sample"))
        keyed_service.headers["Authorization"] = f"Bearer {KEY}"
        yield (
            Desk(open_room, open_service, folder, known(open_service, folder)),
            Desk(keyed_room, keyed_service, folder, known(keyed_service, folder)),
        )


def known(service: httpx.Client, folder: Path) -> dict[str, str]:
    """What a reader who types has found before, by what stands for it in the docs."""
    answer = service.post("/api/v1/questions", json=QUESTION).json()
    misprinted = {"headline": "渡口大桥顺利合笼", "text": "渡口大桥昨日顺利合笼。"}
    job = service.post("/api/v1/articles", json=misprinted).json()
    while job["status"] not in ("done", "failed"):
        job = service.get(job["url"]).json()
    return {
        r"articles/\$ID": f"articles/{job['report'][0]['articles'][0]}",
        r"\$ID": answer["citations"][0]["id"],
        r"(?<=cite )ID": answer["citations"][0]["id"],
        r'(?<="conversation": ")…': answer["conversation"],
        r"/backups/": f"{folder}/",
        r"\bPAGES\b": "pages",
        r"\bNAME\b": "云川日报",
        r"\bQUESTIONS\.jsonl": "gold.jsonl",
    }


@pytest.mark.parametrize("command", TYPED, ids=lambda each: f"{each.page}: {each.text[:60]}")
def test_a_command_does_what_it_is_typed_for(desks: tuple[Desk, Desk], command: Command) -> None:
    desk = desks[bool(re.search(r"\$(BAOWEN_)?KEY", command.text))]
    told = desk.type(command.text)
    if "questions" in command.text:
        assert "1286" in told or "320" in told
    if "gbt7714" in command.text:
        assert "云川日报, 2024-05-17(01)" in told
    if "--draft" in command.text:
        gold = desk.folder / "gold.jsonl"
        drafts = gold.read_text(encoding="utf-8").splitlines(keepends=True)
        assert len(drafts) == 100
        kept = "".join(drafts[:10]).replace('"checked": false', '"checked": true')
        gold.write_text(kept, encoding="utf-8")
    if report := re.search(r"--report (\S+)", command.text):
        assert (desk.folder / report.group(1)).read_text().startswith("<!")


@pytest.mark.parametrize("example", python_examples(), ids=lambda each: each.page)
def test_an_example_in_python_runs(desks: tuple[Desk, Desk], example: Command) -> None:
    desk = desks[0]
    (desk.folder / "example.py").write_text(
        example.text.replace(ADDRESS, str(desk.service.base_url).rstrip("/"))
    )
    told = desk.room.typed("python example.py", desk.folder)
    assert "1286" in told
    assert "url_citation" in told
