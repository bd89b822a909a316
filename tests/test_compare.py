import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality.compare import Run, measured, prepared, row
from qa.evaluation import Gold

PEERS = Path(__file__).parents[1] / "benchmarks" / "quality" / "peers"
ASKED = [
    Gold("灯塔有多高?", (), True, (), None, ("a",)),
    Gold("渡口在哪里?", (), True, (), None, ("b",)),
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    passages = [
        {"id": "a", "title": "灯塔点亮", "text": "灯塔高41米。"},
        {"id": "b", "text": "渡口在北岸。"},
    ]
    corpus = tmp_path / "corpus.jsonl.gz"
    corpus.write_bytes(gzip.compress("\n".join(map(json.dumps, passages)).encode()))
    return prepared(corpus, ASKED, tmp_path)


def test_all_get_titles_and_texts(files: tuple[Path, Path, Path]) -> None:
    whole, articles, asked = (
        [json.loads(line) for line in file.read_text().splitlines()] for file in files
    )
    assert [each["text"] for each in whole] == ["灯塔点亮\n灯塔高41米。", "渡口在北岸。"]
    assert [each.get("title") for each in articles] == ["灯塔点亮", None]
    assert asked == [each.question for each in ASKED]


def test_a_peer_tells_what_each_question_found_once(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    peer = tmp_path / "with_none.py"
    peer.write_text(
        "from peer import run\n"
        "run(lambda passages, model, length: (2, lambda q: ['a', 'a', 'b']))\n"
    )
    done = subprocess.run(
        [sys.executable, peer, files[0], files[2], "model", "400"],
        env={"PYTHONPATH": str(PEERS)},
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["pieces"], told["found"]) == (2, [["a", "b"], ["a", "b"]])
    assert len(told["ms"]) == 2


def test_a_line_tells_how_far_up_what_answers_stands() -> None:
    run = Run("peer", 2, 1.0, [["a", "b"], ["a", "b"]], [3.0, 5.0])
    found = measured(run, ASKED)
    assert found
    assert (found.hit_1.value, found.hit_5.value, found.mrr_10.value) == (0.5, 1, 0.75)
    assert row(run, ASKED).startswith("| peer | 0.500 (")
    assert row(run, ASKED).endswith("| 4.0 | 2 | 1 |")


def test_every_peer_has_its_pins() -> None:
    names = {path.stem.removeprefix("with_") for path in PEERS.glob("with_*.py")}
    for name in names:
        pins = (PEERS / f"requirements-{name}.txt").read_text().split()
        assert pins
        assert all("==" in pin for pin in pins)
