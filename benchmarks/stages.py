"""How long the service takes to start, to take articles in, and to answer, stage by stage.

Usage: python benchmarks/stages.py [--articles 300] [--questions 60]

It works in a folder of its own, on the sample newspaper and on articles mixed from it, and
prints the tables of docs/performance.md. Times are this machine's; look at the shares.
"""

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

ROOT = Path(__file__).parents[1]
MATERIAL = ROOT / "tests" / "material"


def baowen(home: Path, *words: str) -> float:
    """Run the command and give the seconds that it took."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "web.cli", *words], env=env(home), check=True)
    return time.perf_counter() - begun


def env(home: Path) -> dict[str, str]:
    """Have the command work in this folder."""
    return {
        **os.environ,
        "BAOWEN_HOME": str(home),
        "BAOWEN_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def serving(home: Path) -> Iterator[tuple[httpx.Client, float]]:
    """Serve, and give the seconds until the service was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env(home), stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            while True:
                try:
                    if client.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
            yield client, time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait()


def mixed(count: int) -> Iterator[str]:
    """Articles of about 700 characters, mixed from the sample's sentences with other numbers."""
    pages = json.loads((MATERIAL / "sample_articles.json").read_text(encoding="utf-8"))
    told = [
        sentence
        for page in pages
        for article in page["articles"]
        for paragraph in article["paragraphs"]
        for sentence in re.findall(r"[^。]+。", paragraph)
    ]
    chance = random.Random(7)
    for number in range(count):
        text = "".join(chance.sample(told, 12))
        text = re.sub(r"\d+", lambda _: str(chance.randrange(1, 5000)), text)
        yield json.dumps(
            {"id": str(number), "title": f"要闻第{number}则", "text": text}, ensure_ascii=False
        )


def embedder_alone(home: Path, texts: Sequence[str]) -> float:
    """Passages a second of the embedding model by itself, in a process of its own."""
    code = (
        "import json, sys, time\n"
        "from pathlib import Path\n"
        "from vectorstore.embedding import DEFAULT, load\n"
        "texts = json.load(sys.stdin)\n"
        "model = load(DEFAULT, Path(sys.argv[1]))\n"
        "model.embed_documents(texts[:8])\n"
        "begun = time.perf_counter()\n"
        "model.embed_documents(texts)\n"
        "print(len(texts) / (time.perf_counter() - begun))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home / "models")],
        env=env(home),
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Measure, and print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=300)
    arguments.add_argument("--questions", type=int, default=60)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if kept := os.environ.get("BAOWEN_TEST_MODELS"):
            (home / "models").symlink_to(kept)
        first = baowen(home, "ingest", str(ROOT / "sample"))
        with serving(home) as (client, start):
            lines = (MATERIAL / "questions.jsonl").read_text(encoding="utf-8").splitlines()
            asked = [json.loads(line)["question"] for line in lines][: given.questions]
            timings = [
                client.post("/api/v1/questions", json={"question": each}, timeout=60).json()
                for each in asked
            ]
        (home / "mixed.jsonl").write_text("\n".join(mixed(given.articles)), encoding="utf-8")
        before = count(home)
        seconds = baowen(home, "ingest", str(home / "mixed.jsonl"))
        passages = count(home) - before
        texts = [json.loads(line)["text"][:220] for line in mixed(given.articles)]
        alone = embedder_alone(home, texts)
    print("| stage | value |\n|---|---|")
    print(f"| sample newspaper into an empty archive, model unpacked too | {first:.1f} s |")
    print(f"| service from start until ready | {start:.1f} s |")
    print(f"| {given.articles} articles, {passages} passages | {seconds:.1f} s |")
    print(f"| articles a second, loading the model included | {given.articles / seconds:.1f} |")
    print(f"| passages a second, loading the model included | {passages / seconds:.1f} |")
    print(f"| passages a second of the embedder alone | {alone:.1f} |")
    print(f"\n| a question ({len(asked)} asked), ms | median | share |\n|---|---|---|")
    total = sum(each["timings_ms"]["total"] for each in timings)
    for stage in timings[0]["timings_ms"]:
        spent = [each["timings_ms"][stage] for each in timings]
        print(f"| {stage} | {median(spent):.0f} | {sum(spent) / total:.0%} |")


def count(home: Path) -> int:
    """Passages in the archive."""
    done = subprocess.run(
        [sys.executable, "-m", "web.cli", "status", "--json"],
        env=env(home),
        capture_output=True,
        check=True,
    )
    return int(json.loads(done.stdout)["passages"])


if __name__ == "__main__":
    main()
