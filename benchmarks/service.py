"""How soon the service starts, what it holds in memory, and how many questions it takes at once.

    python benchmarks/service.py HOME --clients 32 --seconds 600

HOME is an archive that ``scale.py`` has made, or another with ``--questions`` about it; it is asked
with the real model. What the service is compared with is measured beside it: ``flask --help``, a
process that imports the same and loads the models, and one that does nothing but embed questions
and read passages, on as many threads. Each start is tried in turn with what it is compared with. Of
searches over HTTP (first stage, second stage, citations kept) it tells how many a second, how many
failed, and the times of each.
"""

import argparse
import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import mean, median
from threading import Lock, Thread

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from made_up import question
from scale import Times

from qa.answers import Question
from qa.ranking import REREAD
from web.services import Services
from web.settings import Settings

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
BAOWEN = [sys.executable, "-m", "web.cli"]
MODELS_ALONE = [sys.executable, str(Path(__file__).with_name("both_stages.py"))]


@dataclass(slots=True)
class Asked:
    """What clients got."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    took: float = 0.0
    """Seconds until the last answer was there."""
    lock: Lock = field(default_factory=Lock)


def environment(home: Path) -> dict[str, str]:
    """Have the service work on this archive, and take any number of questions."""
    return os.environ | {
        "BAOWEN_HOME": str(home),
        "BAOWEN_LOG_LEVEL": "WARNING",
        "BAOWEN_REQUEST_LIMIT": "none",
        "BAOWEN_QUESTION_LIMIT": "none",
        "PYTHONPATH": str(ROOT),
    }


def taken(command: list[str], home: Path) -> float:
    """Seconds of a command, from start to end."""
    begun = time.perf_counter()
    subprocess.run(
        command,
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - begun


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, float, int]]:
    """Serve: the address, the seconds until it was ready, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    command = [*BAOWEN, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                if httpx.get(f"{address}/readyz", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if server.poll() is not None:
                raise SystemExit("the service ended")
            time.sleep(0.02)
        yield address, time.perf_counter() - begun, server.pid
    finally:
        server.terminate()
        server.wait()


def resident(process: int) -> float:
    """MiB of a process and those below it, what they share counted once."""
    below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(resident(int(each)) for each in below)


def ask(address: str, questions: Iterable[str], until: float, told: Asked) -> None:
    """Search on one connection until the time is up."""
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        for each in questions:
            begun = time.perf_counter()
            if begun > until:
                return
            try:
                got = client.get("/api/v1/search", params={"q": each, "limit": 12})
                failure = None if got.is_success and got.json()["hits"] else got.text[:200]
            except httpx.TransportError as error:
                failure = repr(error)
            with told.lock:
                told.seconds.append(time.perf_counter() - begun)
                if failure:
                    told.failed.append(failure)


def load(address: str, asked: Sequence[str], clients: int, seconds: float) -> Asked:
    """Have so many clients search at once, no question twice."""
    told, begun = Asked(), time.perf_counter()
    until = begun + seconds
    threads = [
        Thread(target=ask, args=(address, _several(asked, client), until, told))
        for client in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.took = time.perf_counter() - begun
    return told


def _several(asked: Sequence[str], client: int) -> Iterator[str]:
    return (f"{asked[(client + at) % len(asked)]} {client}-{at}" for at in count())


def first_hits(home: Path, asked: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Questions with heading and text of the passages that the second stage reads for each."""
    services = Services(Settings(home=home))
    with services.owning():
        services.open()
        found = [(each, services.searcher.search(each, limit=REREAD)) for each in asked]
    return [
        (each, [(hit.passage.heading, hit.passage.text) for hit in hits]) for each, hits in found
    ]


def both_stages(
    home: Path, told: Sequence[tuple[str, list[tuple[str, str]]]], threads: int, seconds: float
) -> float:
    """Questions a second that a process embeds and reads passages for, and does nothing else."""
    command = [*MODELS_ALONE, str(home / "models")]
    done = subprocess.run(
        [*command, str(threads), str(seconds)],
        env=environment(home),
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def starts(home: Path, times: int) -> dict[str, list[float]]:
    """Seconds of each start, in turn."""
    told: dict[str, list[float]] = {}
    for _ in range(times):
        told.setdefault("baowen --help", []).append(taken([*BAOWEN, "--help"], home))
        told.setdefault("flask --help", []).append(taken([str(BIN / "flask"), "--help"], home))
        with serving(home) as (_, ready, _):
            told.setdefault("service until ready", []).append(ready)
        models = [*MODELS_ALONE, str(home / "models")]
        told.setdefault("importing and loading the models", []).append(taken(models, home))
    return told


def answering(home: Path, asked: Sequence[str]) -> dict[str, Times]:
    """The time of each question: its vector, a first stage, an answer.

    Each comes with words of its own, so that no vector is at hand.
    """
    services = Services(Settings(home=home))
    told: dict[str, Times] = {}
    with services.owning():
        services.open()
        for each in asked:
            for name, do in (
                ("embedding the question", services.embeddings.embed_query),
                ("search, without the second stage", partial(services.searcher.search, limit=12)),
                ("the whole answer", lambda said: services.answerer.answer(Question(text=said))),
            ):
                told.setdefault(name, Times()).add(partial(do, f"{each} {name}"))
    return told


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--answers", type=int, default=40)
    parser.add_argument("--questions", type=Path, help="gzip JSON lines; else they are made up")
    options = parser.parse_args()
    models = options.home / "models"
    if (kept := os.environ.get("BAOWEN_TEST_MODELS")) and not models.exists():
        models.symlink_to(kept)
    print("| start | s, median | from | to |\n|---|---|---|---|")
    for name, seconds in starts(options.home, options.starts).items():
        print(f"| {name} | {median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} |")
    rng = Random(1)
    asked = [question(rng, 2_000) for _ in range(300)]
    if options.questions:
        with gzip.open(options.questions, "rt", encoding="utf-8") as lines:
            asked = [json.loads(line)["question"] for line in lines]
    print("\n| of a question | ms by the clock, median | of the processor |\n|---|---|---|")
    for name, spent in answering(options.home, asked[: options.answers]).items():
        wall, processor = median(spent.wall), median(spent.processor)
        print(f"| {name} | {wall:.0f} | {processor:.0f} |", flush=True)
    read = first_hits(options.home, asked[: options.answers])
    alone = [both_stages(options.home, read, 8, options.seconds / 10)]
    with serving(options.home) as (address, _, process):
        print(f"\nresident when it is ready: {resident(process):.0f} MiB", flush=True)
        told = load(address, asked, options.clients, options.seconds)
        print(f"resident after {len(told.seconds)} questions: {resident(process):.0f} MiB")
    alone.append(both_stages(options.home, read, 8, options.seconds / 10))
    rate = len(told.seconds) / told.took
    print(
        f"{options.clients} clients, {options.seconds:.0f} s: {rate:.2f} questions a second, "
        f"{len(told.failed)} failed; half within {median(told.seconds):.1f} s"
    )
    shown = " and ".join(f"{each:.2f}" for each in alone)
    print(f"both stages alone, before and after: {shown}; ratio {rate / mean(alone):.2f}")
    for failure in told.failed[:5]:
        print(failure, file=sys.stderr)


if __name__ == "__main__":
    main()
