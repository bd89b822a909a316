"""The command as a new user meets it, wrong input included."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest
from filelock import FileLock
from running import Newsroom, free_port

from vectorstore.embedding import DEFAULT


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """A newsroom without a model: for what must go wrong before one is needed."""
    return Newsroom(tmp_path)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        pytest.param(["ingest"], 2, "PATHS", id="nothing to ingest"),
        pytest.param(["ingest", "none.txt"], 1, "no such file", id="a file that is not there"),
        pytest.param(["ingest", ".", "--issued", "2024-02-30"], 2, "no day", id="no such day"),
        pytest.param(["ask", "谁?", "--since", "gestern"], 2, "no day", id="a word for a day"),
        pytest.param(["ask", " "], 2, "question", id="an empty question"),
        pytest.param(
            ["ask", "谁?", "--since", "2024-02-02", "--until", "2024-02-01"],
            2,
            "until",
            id="days that run backwards",
        ),
        pytest.param(["cite", "unknown"], 1, "", id="an unknown citation"),
        pytest.param(["remove"], 2, "--source", id="nothing to remove"),
        pytest.param(["evaluate", "none.jsonl"], 1, "can't be read", id="no questions"),
        pytest.param(["keys", "create", "\x1b"], 2, "whose key", id="a key for nobody"),
        pytest.param(["keys", "revoke", "none"], 1, "none", id="an unknown key"),
        pytest.param(["frobnicate"], 2, "No such command", id="an unknown command"),
    ],
)
def test_wrong_use_is_explained(room: Newsroom, words: list[str], status: int, told: str) -> None:
    done = room.run(*words, check=False)
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_made_listed_and_revoked(room: Newsroom) -> None:
    made = json.loads(room.run("keys", "create", "the desk", "--role", "editor", "--json").stdout)
    assert made["key"].startswith("baowen_")
    listed = room.run("keys", "list", "--json").stdout
    assert made["key"] not in listed
    assert json.loads(listed) == {name: told for name, told in made.items() if name != "key"}
    assert room.run("keys", "revoke", made["id"]).stderr == ""
    assert "revoked" in room.run("keys", "list").stdout
    assert room.run("keys", "revoke", made["id"], check=False).returncode == 1


def test_help_needs_no_model() -> None:
    loaded = "import sys, web.cli; print([m for m in ('torch', 'chromadb') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_refused_input_is_named_with_its_reason(room: Newsroom) -> None:
    (room.home / "scan.bin").write_bytes(b"\x00\x01")
    (room.home / "empty.txt").write_text("")
    (room.home / "broken.docx").write_bytes(b"PK\x03\x04")
    with zipfile.ZipFile(room.home / "papers.zip", "w") as papers:
        papers.writestr("../out\x1b.txt", "水厂投用\n\n城东水厂投用。\n")
        papers.writestr("table.csv", "no,columns\n")
    names = ("scan.bin", "empty.txt", "gone.txt", "broken.docx", "papers.zip")
    done = room.run("ingest", *names, check=False)
    assert done.returncode == 1
    for line in (
        "scan.bin: it is binary",
        "empty.txt: it is empty",
        "gone.txt: there is no such",
        "broken.docx: its zip packing is broken",
        r"papers.zip/../out\x1b.txt: its name leads out",
        "papers.zip/table.csv: its first row names no column",
    ):
        assert f"baowen: {line}" in done.stderr


@pytest.mark.slow
def test_what_is_ingested_can_be_asked_without_a_service(
    newsroom: Callable[[], Newsroom],
) -> None:
    room = newsroom()
    lines = [
        {"id": "1", "title": "灯塔点亮", "text": "11月30日,沙堤湾灯塔重新点亮。灯塔高41米。"},
        {"id": "2", "title": "坏行"},
    ]
    (room.home / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = room.run("ingest", "news.jsonl", "--json", check=False)
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert json.loads(done.stdout)["status"] == "added"
    answer = room.json("ask", "沙堤湾灯塔有多高?")
    assert "41米" in answer["text"]
    assert answer["citations"][0]["article"]["source"]["record"] == "1"
    listed = room.run("cite", answer["id"], "--format", "gbt7714").stdout
    assert listed.startswith("[1] 灯塔点亮[N/OL]. ")
    unknown = room.run("cite", "none", check=False)
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "baowen: no citation or answer has the id none\n",
    )
    told = room.run("check", "灯塔高42米。").stdout
    assert "灯塔高[-42-]{+41+}米。" in told
    state = room.json("status")
    assert state["agree"]
    assert (state["articles"], state["pages"]) == (1, 0)


@pytest.mark.slow
def test_the_pages_of_an_issue_make_its_articles_and_go_one_by_one(
    newsroom: Callable[[], Newsroom],
) -> None:
    room = newsroom()
    issue = room.home / "2024-05-17"
    issue.mkdir()
    lead = "本报讯(记者 祝清和)5月16日,鹤汀大桥合龙。施工队计划在汛期到来之前把南岸的引"
    (issue / "01.txt").write_text(f"鹤汀大桥合龙\n\n{lead}\n\n(下转03版)\n")
    (issue / "03.txt").write_text("(上接01版)\n\n桥接上。明年春天,大桥全线通车,总共耗资")
    done = room.run("ingest", "2024-05-17", "--json")
    (front,), (rest,) = (json.loads(line)["articles"] for line in done.stdout.splitlines())
    assert front == rest
    doubtful = room.json("status", "--doubtful")
    assert doubtful["id"] == front
    assert doubtful["doubts"] == ["it ends in mid-sentence"]
    answer = room.json("ask", "鹤汀大桥什么时候全线通车?")
    assert "明年春天" in answer["text"]
    (issue / "03.txt").unlink()
    (issue / "04.pdf").write_bytes(b"%PDF-1.7")
    done = room.run("ingest", "2024-05-17", "--prune", "--json", check=False)
    statuses = [json.loads(line)["status"] for line in done.stdout.splitlines()]
    assert statuses == ["unchanged", "refused", "removed"]
    (unread,) = room.json("status", "--coverage")["unread"]
    assert unread["source"] == "04.pdf"
    assert not room.json("ask", "鹤汀大桥什么时候全线通车?")["answered"]
    cited = room.run("cite", answer["citations"][0]["id"], check=False)
    assert "明年春天" not in cited.stdout
    assert room.json("status")["articles"] == 1


@pytest.mark.slow
def test_a_command_waits_for_another_that_owns_the_archive_after_a_service_died(
    newsroom: Callable[[], Newsroom],
) -> None:
    room = newsroom()
    (room.home / "service.json").write_text(
        json.dumps({"url": f"http://127.0.0.1:{free_port()}", "pid": 0})
    )
    lock = FileLock(room.home / "owner.lock", thread_local=False)
    lock.acquire()
    Timer(5, lock.release).start()
    assert room.json("status")["agree"]
    assert not lock.is_locked


def test_a_catalogue_that_is_none_is_one_sentence(room: Newsroom) -> None:
    (room.home / "catalogue.db").write_text("no database")
    done = room.run("cite", "any", check=False)
    assert done.returncode == 1
    assert "not a database" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_model_that_cannot_be_had_is_one_sentence(room: Newsroom) -> None:
    environment = {**room.environment(), "BAOWEN_EMBEDDING_MODEL": "nobody/has-this"}
    done = subprocess.run(
        [sys.executable, "-m", "web.cli", "ask", "谁?"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "nobody/has-this" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_explained_and_nothing_is_lost(room: Newsroom) -> None:
    """A limit on the size of files stands in for a disk that is full."""
    room.run("cite", "unknown", check=False)  # makes the catalogue
    long = {"id": "1", "title": "长文", "text": "灯塔高41米。" * 60_000}
    (room.home / "long.jsonl").write_text(json.dumps(long), encoding="utf-8")
    size = (room.home / "catalogue.db").stat().st_size + 100_000
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"ulimit -f {size // 1024}; exec '{sys.executable}' -m web.cli ingest long.jsonl",
        ],
        env=room.environment(),
        cwd=room.home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "disk" in done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(room.home / "catalogue.db") as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


@pytest.mark.slow
def test_vectors_of_another_model_are_not_mixed(
    newsroom: Callable[[], Newsroom], models: Path, tmp_path: Path
) -> None:
    room = newsroom()
    line = {"id": "1", "title": "灯塔点亮", "text": "11月30日,沙堤湾灯塔重新点亮。灯塔高41米。"}
    (room.home / "news.jsonl").write_text(json.dumps(line))
    room.run("ingest", "news.jsonl")
    other = tmp_path / "other-model"
    shutil.copytree(models / DEFAULT, other, copy_function=os.link)
    (other / "added.json").write_text("{}")  # other settings: another model
    environment = {**room.environment(), "BAOWEN_EMBEDDING_MODEL": str(other)}

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "web.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    refused = run("ask", "灯塔有多高?")
    assert refused.returncode == 1
    assert "baowen rebuild" in refused.stderr
    assert run("rebuild").returncode == 0
    assert "41米" in run("ask", "灯塔有多高?").stdout


def test_a_missing_extra_is_named(room: Newsroom) -> None:
    (room.home / "mcp.py").write_text("raise ModuleNotFoundError('none', name='mcp')")
    done = room.run("mcp", check=False)
    assert done.returncode == 1
    assert "baowen[mcp]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["evaluate"], "--draft N", id="neither questions nor a draft"),
        pytest.param(["evaluate", "gold.jsonl", "--draft", "3"], "--draft N", id="both"),
        pytest.param(["evaluate", "--draft", "3", "--json"], "without other", id="a draft as JSON"),
    ],
)
def test_questions_are_either_asked_or_drafted(room: Newsroom, words: list[str], told: str) -> None:
    done = room.run(*words, check=False)
    assert done.returncode == 2
    assert told in done.stderr


def test_an_empty_archive_gives_no_draft(room: Newsroom) -> None:
    done = room.run("evaluate", "--draft", "3", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the archive gave 0 questions" in done.stderr


@pytest.mark.slow
def test_drafts_of_the_archive_are_asked_and_measured_with_and_without_the_service(
    newsroom: Callable[[], Newsroom],
) -> None:
    room = newsroom()
    text = "5月16日,鹤汀大桥主跨顺利合龙。鹤汀大桥全长1860米,预计明年3月通车。桥面可容纳6条车道。"
    (room.home / "news.jsonl").write_text(json.dumps({"id": "1", "title": "合龙", "text": text}))
    room.run("ingest", "news.jsonl")
    drafted = room.run("evaluate", "--draft", "3")
    gold = room.home / "gold.jsonl"
    gold.write_text(drafted.stdout)
    assert [json.loads(line)["checked"] for line in drafted.stdout.splitlines()] == [False] * 3
    done = room.run("evaluate", "gold.jsonl", "--json", "--report", "report.html")
    assert "3 of these questions are drafts" in done.stderr
    alone = json.loads(done.stdout)
    assert (alone["set"], alone["questions"], alone["answerable"]) == ("gold.jsonl", 3, 2)
    assert alone["retrieval"]["hit_1"]["value"] == 1
    assert len(alone["refusal"]["curve"]) == 51
    assert alone["citing"]["validity"]["value"] == alone["verbatim"] == 1
    assert (room.home / "report.html").read_text().count("<svg ") == 4
    with room.serving():
        served = room.run("evaluate", "gold.jsonl", "--json")
    assert "no figures on search" in served.stderr
    over = json.loads(served.stdout)
    assert (over["retrieval"], over["refusal"]["curve"]) == (None, [])
    assert [over[name] for name in ("right", "refused", "citations")] == [
        alone[name] for name in ("right", "refused", "citations")
    ]
