"""How many reprints are linked, how many texts are that aren't, and what comparing costs.

    python benchmarks/reprints.py [--pairs 1000] [--articles 5000]

The stories are the tests' fiction: each is changed as papers change what they print again, and
pairs that share their wording but not their facts are held against them.
"""

import argparse
import random
import resource
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "vectorstore")]

from fiction import article  # noqa: E402
from wire import NOTICES, OTHERS, REPRINTS, filled, story  # noqa: E402

from vectorstore.articles import Source  # noqa: E402
from vectorstore.catalogue import Catalogue, connect  # noqa: E402
from vectorstore.reprints import are_reprints, bands  # noqa: E402


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=5000)
    asked = parser.parse_args()
    linked_rightly = linked_wrongly = 0
    for name, changed in REPRINTS.items():
        chance = random.Random(f"{name} {asked.pairs}")
        told = [story(chance) for _ in range(asked.pairs)]
        found = sum(linked(text, changed(chance, text)) for text in told)
        linked_rightly += found
        print(f"{name:>32}  {found} of {asked.pairs} linked")
    for name, written in OTHERS.items():
        chance = random.Random(f"{name} {asked.pairs}")
        pairs = [written(chance) for _ in range(asked.pairs)]
        apart = [(one, other) for one, other in pairs if one != other]
        found = sum(linked(*pair) for pair in apart)
        linked_wrongly += found
        print(f"{name:>32}  {found} of {len(apart)} linked, wrongly")
    print(f"precision {linked_rightly / (linked_rightly + linked_wrongly):.4f}")
    print(f"recall {linked_rightly / (asked.pairs * len(REPRINTS)):.4f}")
    for name, made in (("stories", story), ("notices of five kinds", notice)):
        cost(name, [made(random.Random(at)) for at in range(asked.articles)])


def linked(one: str, other: str) -> bool:
    """Whether the catalogue would link them."""
    return bool(set(bands(one)) & set(bands(other))) and are_reprints(one, other)


def notice(chance: random.Random) -> str:
    """A notice such as many days have."""
    return filled(chance, chance.choice(NOTICES))


def cost(name: str, texts: list[str]) -> None:
    """What it takes to put so many into a catalogue and to compare them."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "catalogue.db"
        catalogue = Catalogue(connect(f"sqlite:///{place}"))
        begun = time.perf_counter()
        for at in range(0, len(texts), 20):
            source = Source(f"{at}.txt", f"{at}".rjust(64, "0"))
            found = [
                replace(
                    article(text, position=number, source=source),
                    issued=date(2020, 1, 1) + timedelta(days=at),
                )
                for number, text in enumerate(texts[at : at + 20])
            ]
            catalogue.put(f"/{at}.txt", "{}", found)
        put = time.perf_counter()
        catalogue.compare(1)  # loads jieba's dictionary
        loaded, before = time.perf_counter(), place.stat().st_size
        done = sum(iter(lambda: catalogue.compare(64), 0))
        seconds = time.perf_counter() - loaded
        catalogue.wipe()
        grown = place.stat().st_size - before
        catalogue.engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(texts)} {name}: put {len(texts) / (put - begun):.0f} a second, compared "
        f"{done / seconds:.0f} a second, catalogue larger by {grown / done:.0f} bytes each, "
        f"{memory:.0f} MiB in all"
    )


if __name__ == "__main__":
    main()
