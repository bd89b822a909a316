"""How the time of a search grows with the archive, beside Chroma alone on the same vectors.

    python benchmarks/scale.py FOLDER --passages 10000 50000 200000 --plot docs/images/growth.svg

Archives are made up (``made_up.py``), each from the one before, and kept in FOLDER for the next run.
Each question is asked of all of them in turn, of Chroma alone and of the search, with and without a
month's days, its vector known before; a second round is counted. Tells medians in milliseconds, and
the seconds of the processor besides, which other programs on the machine disturb less.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from fresh import fresh
from made_up import Archive, fill, opened, question

from vectorstore.embedding import DEFAULT, find
from vectorstore.selection import Selection

MONTH = Selection(since=date(2014, 5, 1), until=date(2014, 5, 31))
DEPTH, HITS = 100, 12
"""Vectors that the search asks Chroma for, and hits that it gives."""
WAYS = ("Chroma alone", "search", "search of a month", "Chroma alone, of a month")


@dataclass(frozen=True, slots=True)
class Times:
    """Of each question, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, do: Callable[[], object]) -> None:
        """Measure it once."""
        begun, worked = perf_counter(), process_time()
        do()
        self.processor.append((process_time() - worked) * 1000)
        self.wall.append((perf_counter() - begun) * 1000)


def made(folder: Path, sizes: Sequence[int], model: str) -> dict[int, Path]:
    """The archives of these sizes, made where they are not there yet."""
    homes: dict[int, Path] = {}
    before: Path | None = None
    for size in sorted(sizes):
        home, draft = folder / str(size), folder / f".{size}"
        if not home.exists():
            if before and not draft.exists():
                shutil.copytree(before, draft)
            archive = opened(draft, model)
            fill(archive, size)
            archive.close()
            draft.rename(home)
        homes[size] = before = home
    return homes


def ways(archive: Archive, asked: str) -> dict[str, Callable[[], object]]:
    """What is measured of one question."""
    chroma, searcher = archive.store._collection, archive.searcher
    vector = np.asarray([archive.store._embeddings.embed_query(asked)], np.float32)
    month = list(dict.fromkeys(archive.catalogue.vectors_within(MONTH)))

    def alone(ids: list[str] | None = None) -> object:
        return chroma.query(vector, n_results=DEPTH, ids=ids, include=["distances"])

    searches: Sequence[Callable[[], object]] = (
        alone,
        lambda: searcher.search(asked, limit=HITS),
        lambda: searcher.search(asked, limit=HITS, selection=MONTH),
        lambda: alone(month),
    )
    return dict(zip(WAYS, searches, strict=True))


def measured(archives: dict[int, Archive], questions: int) -> dict[int, dict[str, Times]]:
    """Ask all archives each question, in turn, twice; the first time warms the caches."""
    times = {size: {way: Times() for way in WAYS} for size in archives}
    articles = archives[min(archives)].catalogue.counts().articles
    rng = Random(1)
    asked = [question(rng, articles) for _ in range(questions)]
    for counted in (False, True):
        for each in asked:
            for size, archive in archives.items():
                for way, do in ways(archive, each).items():
                    (times[size][way] if counted else Times()).add(do)
    return times


def resident(home: Path, model: str) -> float:
    """MiB that a process has once it has this archive open and has searched it, without any model."""
    archive = opened(home, model)
    archive.searcher.search("市政府的会议")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def plot(counts: Sequence[int], times: dict[int, dict[str, Times]], file: Path) -> None:
    """Draw the processor's time of each way over the size of the archive."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for way in WAYS:
        axes.plot(counts, [median(each[way].processor) for each in times.values()], "o-", label=way)
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms of the processor, median")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    """Make what is missing, ask, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    models = Path(os.environ.get("BAOWEN_TEST_MODELS", options.folder / "models"))
    model = find(DEFAULT, models).name  # that the service takes the vectors for its own
    homes = made(options.folder, options.passages, model)
    archives = {size: opened(home, model) for size, home in homes.items()}
    times = measured(archives, options.questions)
    counts = [archive.store.count() for archive in archives.values()]
    print(
        "| passages | in the month | " + " | ".join(WAYS) + " | MiB resident |\n" + "|---" * 7 + "|"
    )
    for size, archive in archives.items():
        cells = [
            f"{median(each.wall):.1f} ({median(each.processor):.1f})"
            for each in times[size].values()
        ]
        in_month = archive.catalogue.passages_in(MONTH)
        memory = fresh(resident, homes[size], model)
        row = (f"{archive.store.count():,}", f"{in_month:,}", *cells, f"{memory:.0f}")
        print("| " + " | ".join(row) + " |", flush=True)
    if options.plot:
        plot(counts, times, options.plot)
    for archive in archives.values():
        archive.close()


if __name__ == "__main__":
    main()
