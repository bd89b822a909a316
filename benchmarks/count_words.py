"""Count how rare the common words of Chinese and English are, and write qa/words.json.

    python benchmarks/count_words.py FOLDER

FOLDER holds public corpora, ``NAME.corpus.jsonl.gz`` with a ``text`` in each line. What is written
are words and the logarithm of how many stretches of 300 characters there are to one that has them;
a word that few of them have is left out, and so are names that aren't in all mouths: a word that
isn't listed counts as rare.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter, defaultdict
from math import log
from pathlib import Path

import rjieba

from vectorstore.words import fold

CORPORA = {
    "cctv_news": 6000,
    "cmrc2018": 1100,
    "dureader_robust": 1400,
    "dureader_checklist": 1100,
    "clapnq_en": 600,
}
"""Corpora, and how many of their documents are counted at most."""
LEFT_OUT = "expmrc_cmrc"
"""What is measured with is not counted."""
STRETCH, READ = 300, 1800
"""Characters of a stretch, and of a document that are read."""
FEW = 800
"""A listed word stands in one of so many stretches at least."""

NAMES, KNOWN = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz")), 5.5
"""Tags of names, and the rarity from which on a name is left out."""

_LETTER = re.compile(r"[^\W\d_]")


def texts(folder: Path, name: str) -> list[str]:
    """The documents of a corpus."""
    lines = gzip.decompress((folder / f"{name}.corpus.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line)["text"] for line in lines]


def is_name(word: str) -> bool:
    """Whether a word by itself is taken for a person, a place, or a name of another kind."""
    return any(tag in NAMES for _, tag in rjieba.tag(word))


def main() -> None:
    """Count, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "qa/words.json")
    given = parser.parse_args()
    chance = random.Random(1)
    left_out = {text[:60] for text in texts(given.folder, LEFT_OUT)}
    stretches, held = 0, Counter[str]()
    for name, most in CORPORA.items():
        documents = texts(given.folder, name)
        chance.shuffle(documents)
        for text in documents[:most]:
            if text[:60] in left_out:
                continue
            read = fold(text)[:READ]
            for start in range(0, len(read), STRETCH):
                stretches += 1
                cut = set(rjieba.cut_for_search(read[start : start + STRETCH]))
                held.update(word for word in cut if _LETTER.search(word))
    rarity = defaultdict(list)
    for word, count in sorted(held.items()):
        rare = round(log(stretches / count), 1)
        if count >= stretches / FEW and not (rare >= KNOWN and is_name(word)):
            rarity[rare].append(word)
    written = {
        "passages": stretches,
        "fewest": round(stretches / FEW),
        "rarity": {str(rare): " ".join(rarity[rare]) for rare in sorted(rarity)},
    }
    given.out.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
