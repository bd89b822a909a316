"""Fit the weights of qa/weights.json again: a logistic regression over what speaks for a sentence.

It learns from the invented articles and questions of ``tests/material`` and ``sample``, and from
sets of public questions where their folder is given; of the invented questions those of the split
``hold`` are left out with ``--hold``, to measure on. ``--reader`` fits the weights that count with
a reader, too.

    python benchmarks/tune_ranking.py --models FOLDER --reader FOLDER --sets FOLDER
"""

import argparse
import gzip
import json
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt
from asked import ON_PAGES, parts
from papers import Query, papers
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.answers import Turn
from qa.evaluation import shares_half
from qa.followups import standalone
from qa.ranking import FEATURES, Judged, Ranker
from qa.reader import Reader, Reading
from qa.understanding import understand
from vectorstore.articles import Article, BlockKind, Source, digest, join
from vectorstore.embedding import DEFAULT, SentenceEmbeddings, load
from vectorstore.reading import read
from vectorstore.search import Hit
from vectorstore.splitting import passages
from vectorstore.words import bigrams, fold, words

ROOT = Path(__file__).parent.parent
HITS = 12
PUBLIC = {"dureader_checklist": 0.5, "clapnq_en": 0.5}
"""Sets of questions and what one of them counts. Those that the reader learned from are not here."""
OWN = 2.0
SEEDS = (8, 10.0)
"""Folds of the cross-validation, and how strongly weights are drawn to 0."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, and which sentences of the archive are right."""

    set: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool
    must: tuple[tuple[str, ...], ...] = ()
    quote: str | None = None
    articles: frozenset[str] = frozenset()
    """Ids of those that hold it; of any, where there are none."""
    split: str = "tune"
    kind: str = ""

    def right(self, article_id: str, text: str) -> bool:
        """Whether a sentence answers."""
        if not self.answerable or (self.articles and article_id not in self.articles):
            return False
        if self.quote is not None:
            return shares_half(text, self.quote) and self.says(text)
        return self.says(text)

    def says(self, text: str) -> bool:
        """Whether a text holds all that must be said."""
        bare = fold(text).replace(" ", "")
        return all(
            any(fold(part).replace(" ", "") in bare for part in group) for group in self.must
        )


class Archive:
    """Articles in memory, searched by words and pairs of characters alone."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = {article.id: article for article in articles}
        self.passages = [each for one in self.articles.values() for each in passages(one)]
        self.posts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.lengths = []
        for at, passage in enumerate(self.passages):
            counts = Counter(words(passage.embedded) + bigrams(passage.embedded))
            self.lengths.append(counts.total())
            for word, count in counts.items():
                self.posts[word].append((at, count))
        self.average = sum(self.lengths) / max(1, len(self.lengths))

    def search(self, *queries: str) -> list[Hit]:
        """BM25 of each query, the best of one and of the other in turn."""
        rankings = [self._ranked(query) for query in dict.fromkeys(queries)]
        mixed = dict.fromkeys(at for row in zip(*rankings, strict=False) for at in row)
        return [Hit(self.passages[at], 0.0) for at in list(mixed)[:HITS]]

    def _ranked(self, query: str) -> list[int]:
        scores: dict[int, float] = defaultdict(float)
        for word in {*words(query), *bigrams(query)}:
            post = self.posts.get(word, ())
            rare = log(1 + (len(self.passages) - len(post) + 0.5) / (len(post) + 0.5))
            for at, count in post:
                length = self.lengths[at] / self.average
                scores[at] += rare * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length))
        best = sorted(scores, key=lambda at: -scores[at])[:HITS]
        return best or list(range(min(HITS, len(self.passages))))


class Kept:
    """What a slow model said, kept in a file from run to run."""

    def __init__(
        self, path: Path | None, embeddings: SentenceEmbeddings, reader: Path | None
    ) -> None:
        self.path, self.embeddings = path, embeddings
        self.reader = Reader(embeddings.folder, reader) if reader else None
        self.of = digest((reader / "reader.onnx").read_bytes()) if reader else ""
        kept = path is not None and path.exists()
        self.known = pickle.loads(path.read_bytes()) if kept and path else {}

    def queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of questions."""
        return self._vectors("query", texts)

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of sentences."""
        return self._vectors("passage", texts)

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[Reading]:
        """Readings of passages."""
        new = [text for text in texts if (self.of, question, *text) not in self.known]
        if new and self.reader:
            for text, reading in zip(new, self.reader.read(question, new), strict=True):
                self.known[self.of, question, *text] = reading
        return [self.known[self.of, question, *text] for text in texts]

    def save(self) -> None:
        """Write it down."""
        if self.path:
            self.path.write_bytes(pickle.dumps(self.known))

    def _vectors(self, kind: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if (kind, text) not in self.known]
        if new:
            embed = self.embeddings.queries if kind == "query" else self.embeddings.passages
            self.known |= {(kind, t): v for t, v in zip(new, embed(new), strict=True)}
        return np.stack([self.known[kind, text] for text in texts])


def own(splits: Collection[str] = ("tune",)) -> Iterator[tuple[Archive, list[Case]]]:
    """The invented newspapers; of the many questions on ``benchmarks/papers`` those of some splits."""
    found: list[Article] = []
    for page in json.loads((ROOT / "sample/manifest.json").read_text("utf-8")):
        data = (ROOT / "sample" / page["file"]).read_bytes()
        day = date.fromisoformat(page["issued"])
        given = {"publication": page["publication"], "issued": day, "number": page["page"]}
        found += read(data, page["file"], **given).articles
    yield Archive(found), list(_cases(_lines("questions.jsonl"), "sample"))
    records = ROOT / "tests/material/more_articles.jsonl"
    more = read(records.read_bytes(), records.name).articles
    yield Archive(more), list(_cases(_lines("more_questions.jsonl"), "more"))
    yield from _on_pages(splits)
    groups = list(papers())
    yield (
        Archive(article for articles, _ in groups for article in articles),
        [_case(query) for _, queries in groups for query in queries if query.split in splits],
    )


def _lines(name: str) -> list[str]:
    return (ROOT / "tests/material" / name).read_text("utf-8").splitlines()


def _on_pages(splits: Collection[str]) -> Iterator[tuple[Archive, list[Case]]]:
    """The invented pages that questions are on: an archive for each part, as who asked had it."""
    for split in splits:
        for _, lines, files in parts(ON_PAGES, split):
            told = (
                one for file in sorted(files) for one in read(file.read_bytes(), file.name).articles
            )
            yield Archive(told), list(_cases(lines, "pages"))


def _case(query: Query) -> Case:
    text = query.article.text
    return Case(
        set="papers",
        question=query.question,
        history=query.history,
        answerable=query.quote is not None,
        must=tuple((text[a:b],) for a, b in query.answers),
        quote=text[slice(*query.quote)] if query.quote else None,
        split=query.split,
        kind=query.kind,
    )


def _cases(lines: Iterable[str], name: str) -> Iterator[Case]:
    for each in map(json.loads, lines):
        yield Case(
            set=name,
            question=each["question"],
            history=tuple(each["history"]),
            answerable=each["answerable"],
            must=tuple(tuple(group.split("|")) for group in each["must"]),
            quote=each["quote"],
            split=each["split"],
            kind=each["kind"],
        )


def public(folder: Path, name: str, limit: int) -> tuple[Archive, list[Case]]:
    """Some questions of a public set, with the articles that they are about."""
    corpus, asked = (
        [
            json.loads(line)
            for line in gzip.decompress(
                (folder / f"{name}.{part}.jsonl.gz").read_bytes()
            ).splitlines()
        ]
        for part in ("corpus", "questions")
    )
    random.Random(4).shuffle(asked)
    return (
        Archive(article(each["id"], each["title"], each["text"]) for each in corpus),
        [
            Case(
                set=name,
                question=each["question"],
                answerable=each["answerable"],
                must=(tuple(each.get("gold_sentences") or each["answers"]),),
                articles=frozenset(each["gold_doc_ids"]),
            )
            for each in asked[:limit]
        ],
    )


def article(name: str, title: str, text: str) -> Article:
    """An article of one paragraph a line."""
    lines = (line.strip() for line in text.splitlines())
    text, blocks = join([(BlockKind.PARAGRAPH, line) for line in lines if line])
    headline = (title,) if title else ()
    return Article(
        id=name, headline=headline, text=text, blocks=blocks, source=Source(name, "", name)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case with its judged sentences."""

    case: Case
    judged: Judged
    right: Array

    @property
    def usable(self) -> bool:
        """Whether something can be learned from it."""
        return bool(len(self.right)) and (not self.case.answerable or bool(self.right.any()))


def examples(archive: Archive, cases: Iterable[Case], ranker: Ranker) -> Iterator[Example]:
    """Each case with what the ranker sees."""
    for case in cases:
        alone = standalone(case.question, [Turn(question) for question in case.history])
        hits = archive.search(alone, case.question)
        judged = ranker.judge(understand(alone), hits, archive.articles)
        right = np.array([case.right(unit.article_id, unit.text) for unit in judged.units], float)
        yield Example(case=case, judged=judged, right=right)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of features as they come, not scaled."""

    bias: float
    of: Array

    def probabilities(self, example: Example) -> Array:
        """As the ranker gives them."""
        odds = self.bias + example.judged.rows @ self.of
        return np.asarray(example.judged.held / (1 + np.exp(-odds)))


def fit(found: Sequence[Example], pull: float, used: npt.NDArray[np.bool_]) -> Fitted:
    """Logistic regression; what looks most like an answer counts most among what is none."""
    meaning = FEATURES.index("likeness in meaning against the best")
    rows, right, counts = [], [], []
    for each in found:
        if not each.usable:
            continue
        one = PUBLIC.get(each.case.set, OWN)
        wrong = each.right == 0
        alike = np.exp(15 * each.judged.rows[:, meaning] + 3 * each.judged.rows[:, 0])
        count = np.where(wrong, 0.0, one / max(1.0, each.right.sum()))
        share = 0.5 * alike / max(1e-9, alike[wrong].sum()) + 0.5 / max(1, wrong.sum())
        count[wrong] = (1.5 if each.case.answerable else 2.4) * one * share[wrong]
        rows.append(each.judged.rows)
        right.append(each.right)
        counts.append(count)
    x, y, w = np.vstack(rows), np.concatenate(right), np.concatenate(counts)
    mean = np.average(x, axis=0, weights=w)
    scale = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w)) + 1e-3
    z = (x - mean) / scale * used

    def loss(at: Array) -> tuple[float, Array]:
        odds = z @ at[1:] + at[0]
        slope = w * (1 / (1 + np.exp(-odds)) - y)
        value = np.sum(w * (np.logaddexp(0, odds) - y * odds)) + pull / 2 * np.sum(at[1:] ** 2)
        return float(value), np.r_[slope.sum(), z.T @ slope + pull * at[1:]]

    at = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    of = at[1:] * used / scale
    return Fitted(float(at[0] - of @ mean), of)


def crossed(
    found: Sequence[Example], more: Sequence[Example], used: npt.NDArray[np.bool_]
) -> list[Array]:
    """The probabilities that weights give which never saw the question."""
    folds, pull = SEEDS
    order = np.random.default_rng(0).permutation(len(found))
    given: list[Array] = [np.empty(0)] * len(found)
    for fold_ in range(folds):
        out = set(order[fold_::folds].tolist())
        learned = fit([*(e for at, e in enumerate(found) if at not in out), *more], pull, used)
        for at in out:
            given[at] = learned.probabilities(found[at])
    return given


def bar(found: Sequence[Example], given: Sequence[Array]) -> float:
    """From which probability on to answer, if two questions of three can be answered.

    It is the middle of those that can't be told from the best: what they treat rightly lies within
    a standard error (.015 with some 460 questions) of the most. The questions of
    ``benchmarks/papers`` don't count: half of them were made to be taken for one another.
    """
    pairs = [(e, p) for e, p in zip(found, given, strict=True) if e.case.set != "papers"]
    found, given = [e for e, _ in pairs], [p for _, p in pairs]
    tops = np.array([max(each, default=0.0) for each in given])
    answerable = np.array([each.case.answerable for each in found])
    right = [e.right[np.argsort(-p)[:2]].any() for e, p in zip(found, given, strict=True)]
    bars = np.linspace(0.1, 0.9, 161)
    good = [
        (2 * ((tops >= at) & right)[answerable].mean() + (tops < at)[~answerable].mean()) / 3
        for at in bars
    ]
    print(
        "right by bar:",
        " ".join(f"{at:.2f}:{g:.3f}" for at, g in zip(bars[::8], good[::8], strict=True)),
    )
    return float(np.mean(bars[np.array(good) >= max(good) - 0.015]))


def report(name: str, found: Sequence[Example], given: Sequence[Array]) -> None:
    """Print how well the best sentence is right, and how well its probability parts."""
    tops = np.array([max(each, default=0.0) for each in given])
    answerable = np.array([each.case.answerable for each in found])
    hits = [
        (e.right[np.argsort(-p)[:1]].any(), e.right[np.argsort(-p)[:2]].any())
        for e, p in zip(found, given, strict=True)
        if e.case.answerable
    ]
    first, second = np.mean(hits, axis=0) if hits else (float("nan"),) * 2
    above = tops[answerable][:, None] > tops[~answerable][None, :]
    at_half = (tops[answerable] >= 0.5).mean(), (tops[~answerable] < 0.5).mean()
    print(
        f"{name:20} n {len(found):4}  best right {first:.3f}  of two {second:.3f}"
        f"  AUC {above.mean():.3f}  answered {at_half[0]:.3f}  refused {at_half[1]:.3f}"
    )


def main() -> None:
    """Judge all cases, fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True, help="folder of the bundled model")
    parser.add_argument("--reader", type=Path, help="folder of the reader")
    parser.add_argument("--sets", type=Path, help="folder of the public sets")
    parser.add_argument("--each", type=int, default=120, help="questions of each public set")
    parser.add_argument("--hold", action="store_true", help="leave the split hold out")
    parser.add_argument("--cache", type=Path, help="file to keep vectors and readings in")
    parser.add_argument("--out", type=Path, default=ROOT / "qa/weights.json")
    given = parser.parse_args()

    embeddings = load(DEFAULT, given.models)
    kept = Kept(given.cache, embeddings, given.reader)
    ranker = Ranker(kept, kept if given.reader else None)  # type: ignore[arg-type]
    found = [each for archive, cases in own() for each in examples(archive, cases, ranker)]
    more: list[Example] = []
    for name in PUBLIC if given.sets else ():
        more += examples(*public(given.sets, name, given.each), ranker)
    kept.save()

    names = ["alone", "with a reader"] if given.reader else ["alone"]
    written = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
    for name in names:
        used = np.array([name != "alone" or "reader" not in each for each in _marked()])
        print(name)
        probabilities = crossed(found, more, used)
        report("own, crossed", found, probabilities)
        for part, chosen in _parts(found):
            report(f"  {part}", [found[at] for at in chosen], [probabilities[at] for at in chosen])
        learned = fit(
            [e for e in found if not given.hold or e.case.split != "hold"] + more, SEEDS[1], used
        )
        for which in sorted({e.case.set for e in more}):
            some = [e for e in more if e.case.set == which]
            report(which, some, [learned.probabilities(e) for e in some])
        if given.hold:
            some = [e for e in found if e.case.split == "hold"]
            report("own, held out", some, [learned.probabilities(e) for e in some])
        at = bar(found, probabilities)
        print(f"answers from {at:.2f} on, which is written as 0.50")
        written[name] = _rounded(Fitted(learned.bias - log(at / (1 - at)), learned.of))
    given.out.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _parts(found: Sequence[Example]) -> Iterator[tuple[str, list[int]]]:
    """The questions of each set; all that are answered, with each kind of those that aren't."""
    cases = [each.case for each in found]
    for name in sorted({case.set for case in cases}):
        yield name, [at for at, case in enumerate(cases) if case.set == name]
    for kind in sorted({case.kind for case in cases if not case.answerable}):
        yield kind, [at for at, case in enumerate(cases) if case.answerable or case.kind == kind]


def _marked() -> Iterator[str]:
    """The features, those of the reader marked."""
    first = FEATURES.index("a reader finds the answer in its passage")
    for at, name in enumerate(FEATURES):
        yield f"reader {name}" if at >= first else name


def _rounded(learned: Fitted) -> Mapping[str, object]:
    weights = {n: round(float(w), 4) for n, w in zip(FEATURES, learned.of, strict=True)}
    return {"bias": round(learned.bias, 4), "weights": {n: w for n, w in weights.items() if w}}


if __name__ == "__main__":
    main()
