"""Measure how well a follow-up is made to stand alone (qa/understanding.py).

Three measures. Of rewritten follow-ups: how near the standalone question is to what people wrote, as
exact matches, F1 of characters and ROUGE-L, and how often what they wrote is left as it is. Of
questions with known articles: how often one of these is among the first five passages that BM25
finds, for the question as it is asked, made to stand alone, and both. Of questions that change
the subject: how often they are left as they are.

    python benchmarks/followups.py --rewrites FILE --sets FOLDER

``FILE`` is gzip JSONL of ``history`` (what both sides said in turn), ``question`` and
``rewritten``; rules are written with the half ``tune`` in view and measured on the other.
``FOLDER`` holds questions with ``history`` and their corpus. The own follow-ups are always
measured.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tune_ranking import Archive, Case, article, own

from qa.answers import Turn
from qa.followups import standalone
from qa.understanding import Kind, kind_of, plain
from vectorstore.words import fold

Wording = Callable[[str, Sequence[Turn]], str]
"""How a question is worded after some turns."""
FIRST = 5
"""Passages among which one that answers is looked for."""

SUBJECTS = 1500
"""Questions at most that change the subject."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A follow-up and how a person made it stand alone."""

    history: tuple[Turn, ...]
    question: str
    rewritten: str


def rewrites(path: Path, half: str) -> list[Rewrite]:
    """One half of a set, every other record of it."""
    lines = gzip.decompress(path.read_bytes()).splitlines()
    return [
        Rewrite(tuple(turns(each["history"])), each["question"], each["rewritten"])
        for each in map(json.loads, lines[half == "measure" :: 2])
    ]


def turns(said: Sequence[Any]) -> Iterator[Turn]:
    """Turns from what two sides said one after another, or from questions with answers."""
    if said and isinstance(said[0], dict):
        yield from (Turn(each["question"], each["answer"]) for each in said)
    else:
        yield from (Turn(*pair) for pair in zip(said[::2], [*said[1::2], ""], strict=False))


def bare(text: str) -> str:
    """A text without punctuation, spaces and capitals."""
    return re.sub(r"[\W_]", "", fold(text))


def f1(said: str, meant: str) -> float:
    """F1 of the characters of two texts, their order aside."""
    shared = (Counter(said) & Counter(meant)).total()
    return 2 * shared / max(1, len(said) + len(meant))


def rouge_l(said: str, meant: str) -> float:
    """F1 of the longest common subsequence (Lin 2004)."""
    row = [0] * (len(meant) + 1)
    for char in said:
        before = row[:]
        for at, other in enumerate(meant, 1):
            row[at] = before[at - 1] + 1 if char == other else max(before[at], row[at - 1])
    return 2 * row[-1] / max(1, len(said) + len(meant))


def compare(name: str, cases: Sequence[Rewrite], word: Wording) -> None:
    """Print how near one way of wording follow-ups comes to what people wrote."""
    pairs = [(bare(word(each.question, each.history)), bare(each.rewritten)) for each in cases]
    count = max(1, len(cases))
    left = sum(word(each.rewritten, each.history) == each.rewritten for each in cases)
    print(
        f"{name:24} n {count:6}  exact {sum(said == meant for said, meant in pairs) / count:.3f}"
        f"  F1 {sum(f1(*pair) for pair in pairs) / count:.3f}"
        f"  ROUGE-L {sum(rouge_l(*pair) for pair in pairs) / count:.3f}"
        f"  left where it stands alone {left / count:.3f}"
    )


def look_up(name: str, archive: Archive, asked: Sequence[tuple[Case, tuple[Turn, ...]]]) -> None:
    """Print how often an article that answers is among the first."""

    def found(case: Case, *queries: str) -> bool:
        return any(
            case.right(hit.passage.article_id, hit.passage.text)
            for hit in archive.search(*queries)[:FIRST]
        )

    raw = sum(found(case, case.question) for case, _ in asked)
    made = sum(found(case, standalone(case.question, history)) for case, history in asked)
    both = sum(
        found(case, standalone(case.question, history), case.question) for case, history in asked
    )
    print(f"{name:24} n {len(asked):6}  as asked {raw}  alone {made}  both {both}")


def change_of_subject(name: str, cases: Sequence[Case], shown: int) -> None:
    """Print how often a question is left as it is after one about something else."""
    cases = random.Random(1).sample(cases, min(SUBJECTS, len(cases)))
    before = random.Random(2).sample(cases, len(cases))
    made = [
        (turn.question, case.question, standalone(case.question, (Turn(turn.question),)))
        for turn, case in zip(before, cases, strict=True)
    ]
    spoilt = [each for each in made if each[1] != each[2]]
    print(f"{name:24} n {len(made):6}  subject changed, left {len(made) - len(spoilt)}")
    for each in random.Random(1).sample(spoilt, min(shown, len(spoilt))):
        print("  " + " / ".join(each))


def public(folder: Path, name: str) -> tuple[Archive, list[tuple[Case, tuple[Turn, ...]]]]:
    """A set's follow-ups, and the articles among which theirs are."""
    corpus, questions = (
        [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        for path in (folder / f"{name}.{part}.jsonl.gz" for part in ("corpus", "questions"))
    )
    asked = [
        (
            Case(
                set=name,
                question=each["question"],
                answerable=True,
                articles=frozenset(each["gold_doc_ids"]),
            ),
            tuple(turns(each["history"])),
        )
        for each in questions
        if each.get("history")
    ]
    return Archive(article(each["id"], each["title"], each["text"]) for each in corpus), asked


def main() -> None:
    """Measure what is given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rewrites", type=Path, help="rewritten follow-ups, gzip JSONL")
    parser.add_argument("--half", choices=("tune", "measure"), default="measure")
    parser.add_argument("--show", type=int, default=0, help="print so many that came out otherwise")
    parser.add_argument("--sets", type=Path, help="folder of public sets")
    parser.add_argument("--set", default="domainrag", help="name of one that has follow-ups")
    given = parser.parse_args()

    if given.rewrites:
        cases = rewrites(given.rewrites, given.half)
        asks = [each for each in cases if kind_of(plain(each.question)) is not Kind.UNKNOWN]
        for name, some in (("all", cases), ("questions", asks)):
            compare(f"{name}, as asked", some, lambda question, _: question)
            compare(f"{name}, made to stand", some, standalone)
        show(cases, given.show)
    for archive, found in own(("train", "tune", "hold")):
        asked = [
            (case, tuple(Turn(each) for each in case.history))
            for case in found
            if case.history and case.answerable
        ]
        look_up(f"own: {found[0].set}", archive, asked)
        change_of_subject(
            f"own: {found[0].set}", [case for case in found if not case.history], given.show
        )
    if given.sets:
        look_up(given.set, *public(given.sets, given.set))


def show(cases: Sequence[Rewrite], count: int) -> None:
    """Print some that people worded otherwise."""
    other = [
        each
        for each in cases
        if bare(standalone(each.question, each.history)) != bare(each.rewritten)
    ]
    for each in random.Random(count).sample(other, min(count, len(other))):
        said = " / ".join(text for turn in each.history for text in (turn.question, turn.answer))
        print(f"{said} / {each.question}\n  is {standalone(each.question, each.history)}")
        print(f"  for {each.rewritten}")


if __name__ == "__main__":
    main()
