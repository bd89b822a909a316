"""What the checks of a chat model's statements let through, and whether the reader would see more.

Usage: python benchmarks/statements.py --models BAOWEN_HOME/models

statements.jsonl beside this file holds a quote a line, with a question, true statements of it in
other words, and false ones by kind: negated, roles or numbers swapped, another subject, another
number, and something of the neighbouring sentences. All are of tests/material's own newspapers.

First the checks of ``qa.composing``, then the reader on what they let through. It reads the quote
with the statement as question, the statement with the question, and the same below the quote; a
logistic regression weighs what it saw. Quotes of even place are fitted on, the others are reported.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.composing import supported
from qa.reader import Reader, features, pair
from vectorstore.bundled import tokenizer_of
from vectorstore.embedding import DEFAULT, find

SET = Path(__file__).with_name("statements.jsonl")
KEPT = 0.95
"""Share of the true statements of the fitted half that the bar lets through."""


@dataclass(frozen=True, slots=True)
class Case:
    """A statement of a quote."""

    place: int
    kind: str
    question: str
    quote: str
    text: str


def cases() -> list[Case]:
    """All of them; those that are true have the kind ``true``."""
    return [
        Case(place, kind, entry["question"], entry["quote"], text)
        for place, entry in enumerate(map(json.loads, SET.read_text("utf-8").splitlines()))
        for kind, text in (*(("true", each) for each in entry["true"]), *entry["false"].items())
    ]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, required=True)
    folder = find(DEFAULT, parser.parse_args().models).folder
    every = cases()
    let_through = [each for each in every if supported(each.text, [each.quote], each.question)]
    of, passed = (Counter(each.kind for each in some) for some in (every, let_through))
    for kind in of:
        print(f"{kind:<10} {passed[kind]:>3} of {of[kind]:>3} let through")

    seen = read(let_through, folder)
    true = np.array([each.kind == "true" for each in let_through])
    fitted = np.array([each.place % 2 == 0 for each in let_through])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3))
    model.fit(seen[fitted], true[fitted])
    score = model.decision_function(seen)
    bar = np.quantile(score[fitted & true], 1 - KEPT)
    print(f"reader, other half: AUC {roc_auc_score(true[~fitted], score[~fitted]):.3f}")
    for name, which in (("true kept", true), ("false kept", ~true)):
        told = score[~fitted & which] >= bar
        print(f"reader, other half: {name} {told.sum()} of {len(told)}")


def read(some: list[Case], folder: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """What the reader sees of each: six figures a row."""
    reader, tokenizer = Reader(folder), tokenizer_of(folder)
    pairs = [
        pair(tokenizer, asked, heading, text, 256)
        for each in some
        for asked, heading, text in (
            (each.text, "", each.quote),
            (each.question, "", each.text),
            (each.question, each.quote, each.text),
        )
    ]
    told = [features(one, *seen) for one, seen in zip(pairs, reader.logits(pairs), strict=True)]
    return np.array(told).reshape(len(some), -1)


if __name__ == "__main__":
    main()
