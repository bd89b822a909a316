"""Train the small reader: a question and a passage in, the answer's place and a refusal out.

It starts from the first layers of the embedding model, whose word vectors stay as they are, and
learns from the newspapers of our own invention in ``benchmarks/papers``, CMRC 2018, DRCD (folded to
simplified characters) and DuReader-robust. More than a third of what it reads holds no answer:
look-alike passages, other parts of the same text, the right passage without its right sentence, or
a question whose number, place or name was changed.

    python train_reader.py --base EMBEDDING_MODEL --data FOLDER --out FOLDER --minutes 60
    python train_reader.py --base EMBEDDING_MODEL --data FOLDER --out FOLDER --to FOLDER
    python train_reader.py --base EMBEDDING_MODEL --data FOLDER --measure FOLDER
    python train_reader.py --base EMBEDDING_MODEL --data FOLDER --mine READER --mined FILE
"""

import argparse
import gzip
import json
import math
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from opencc import OpenCC
from papers import Query, papers
from safetensors import safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from qa.answers import Turn
from qa.followups import standalone
from qa.reader import PAD, Floats, Pair, Reader, batch, features, mass, pair
from vectorstore.articles import Passage
from vectorstore.bundled import tokenizer_of
from vectorstore.sentences import sentences
from vectorstore.splitting import LIMIT, passages
from vectorstore.words import fold

LONGEST = 256
MINED = 6
"""Passages like a question of which a reader is asked whether they answer it."""
BRIEF = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
"""Whether to count in bfloat16: twice as fast there, twenty times slower where it is emulated."""
SOURCES = {"drcd": 0.5, "cmrc2018": 0.33, "dureader_robust": 0.17}
PLACES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 台湾 广西 西藏 宁夏 新疆 香港 澳门 美国 英国 法国 德国 日本 韩国 俄罗斯 印度 "
    "意大利 西班牙 加拿大 中国"
).split()
PLACE = re.compile("|".join(PLACES))
NUMBER = re.compile(r"\d+")
QUOTED = re.compile(r"[《「『“]([^《》「」『』“”]{2,16})[》」』”]")


@dataclass(frozen=True, slots=True)
class Document:
    """A text to read; ``sentences`` are offsets."""

    id: str
    title: str
    text: str
    sentences: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a document, with the answers that its makers accept."""

    question: str
    answers: list[str]
    document: Document


@dataclass(frozen=True, slots=True)
class Example:
    """A pair, and the token pairs (first, last) that hold the answer; none if it isn't there."""

    pair: Pair
    text: str
    places: list[tuple[int, int]]


# --- texts


def rows(folder: Path, name: str, kind: str) -> list[dict[str, Any]]:
    """The lines of one gzipped JSONL file of a set."""
    with gzip.open(folder / f"{name}.{kind}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cut(text: str) -> list[tuple[int, int]]:
    """Sentences; web texts without full stops are cut at commas and spaces."""
    found = []
    for start, end in pieces(text):
        while end - start > 160:
            marks = [m.end() for m in re.finditer(r"[,，;；、\s]", text[start : start + 150])]
            step = max([m for m in marks if m > 40], default=150)
            found.append((start, start + step))
            start += step
        found.append((start, end))
    return found


def questions(folder: Path, name: str, leave_out: set[str]) -> list[Asked]:
    """The questions of a set, but for those on texts that begin like one of ``leave_out``."""
    convert = OpenCC("t2s").convert if name == "drcd" else str
    documents = {}
    for row in rows(folder, name, "corpus"):
        if row["text"][:40] in leave_out:
            continue
        text = convert(row["text"])
        documents[row["id"]] = Document(row["id"], convert(row["title"]), text, cut(text))
    return [
        Asked(convert(row["question"]), [convert(a) for a in row["answers"]], documents[gold])
        for row in rows(folder, name, "questions")
        if (gold := row["gold_doc_ids"][0]) in documents
    ]


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text of several lines stand."""
    at = 0
    for line in text.split("\n"):
        yield from sentences(line, at)
        at += len(line) + 1


def shares(one: Pair, begins: Floats, ends: Floats, where: list[tuple[int, int]]) -> list[float]:
    """For each stretch of the text, how likely the answer stands in it, if there is one."""
    starts = np.array([start for start, _ in one.spans])
    found = mass(one, begins, ends) if one.spans else np.empty(0)
    return [float(found[(starts >= a) & (starts < b)].sum()) for a, b in where]


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters, punctuation left out."""
    words = re.sub(r"\W", "", fold(text))
    return {words[i : i + 2] for i in range(len(words) - 1)}


class Neighbours:
    """Pieces of all texts that look like what a question asks for."""

    def __init__(self, documents: list[Document]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.windows = [(d, i, j) for d in documents for i, j in stretches(d, 220)]
        self.vectors = TfidfVectorizer(analyzer=lambda t: bigrams(t), sublinear_tf=True)
        self.matrix = self.vectors.fit_transform(
            [
                d.title + "\n" + d.text[d.sentences[i][0] : d.sentences[j][1]]
                for d, i, j in self.windows
            ]
        )

    def of(self, asked: list[str], many: int = 16) -> list[list[tuple[Document, int, int]]]:
        """For each question, pieces in no order: first and last sentence of a document."""
        found = []
        for at in range(0, len(asked), 256):
            scores = (self.vectors.transform(asked[at : at + 256]) @ self.matrix.T).toarray()
            best = np.argpartition(-scores, many, axis=1)[:, :many]
            found += [[self.windows[i] for i in row] for row in best]
        return found


def stretches(document: Document, size: int) -> Iterator[tuple[int, int]]:
    """Runs of sentences of about ``size`` characters: first and last sentence."""
    first = 0
    where = document.sentences
    for i, (_, end) in enumerate(where):
        if end - where[first][0] >= size or i == len(where) - 1:
            yield first, i
            first = i + 1


# --- examples


def another_number(old: str, chance: random.Random) -> str:
    """Another number of the same length; a year moves by a few years."""
    if len(old) == 4:
        return str(int(old) + chance.choice((-7, -3, -2, -1, 1, 2, 3, 5, 10)))
    low = 10 ** (len(old) - 1)
    return str(chance.randint(low, max(low * 10 - 1, 9)))


class Maker:
    """Makes examples from questions, fresh ones every time."""

    def __init__(self, asked: list[Asked], tokenizer: Tokenizer, seed: int) -> None:
        self.asked, self.tokenizer, self.chance = asked, tokenizer, random.Random(seed)
        documents = list({a.document.id: a.document for a in asked}.values())
        self.near = Neighbours(documents).of([a.question for a in asked])
        self.titles = [t for d in documents if 2 <= len(t := re.sub(r"[（(].*", "", d.title)) <= 12]
        self.index = {id(a): i for i, a in enumerate(asked)}

    def window(self, document: Document, middle: int) -> tuple[int, int]:
        """Sentences around one of them, up to a size drawn by chance."""
        size = self.chance.randint(60, 300)
        where = document.sentences
        first = last = middle
        while True:
            sides = []
            if first > 0 and where[last][1] - where[first - 1][0] <= size:
                sides.append(-1)
            if last + 1 < len(where) and where[last + 1][1] - where[first][0] <= size:
                sides.append(1)
            if not sides:
                return first, last
            if self.chance.choice(sides) < 0:
                first -= 1
            else:
                last += 1

    def places(self, asked: Asked) -> list[tuple[int, int]]:
        """Where the answer stands; of many places those whose surroundings fit the question best."""
        text, found = asked.document.text, []
        for answer in sorted(set(asked.answers), key=len, reverse=True):
            found = [(m.start(), m.end()) for m in re.finditer(re.escape(answer), text) if answer]
            if found:
                break
        about = bigrams(asked.question)

        def fits(place: tuple[int, int]) -> int:
            return len(about & bigrams(text[max(0, place[0] - 60) : place[1] + 60]))

        return sorted(found, key=fits, reverse=True)[:2]

    def answered(self, asked: Asked, question: str | None = None) -> Example | None:
        """The question with a window that answers; with another ``question`` it doesn't."""
        if not (places := self.places(asked)):
            return None
        document = asked.document
        holds = [
            i
            for i, (a, b) in enumerate(document.sentences)
            if a < places[0][1] and b > places[0][0]
        ]
        first, last = self.window(document, holds[0])
        last = max(last, holds[-1])
        start, end = document.sentences[first][0], document.sentences[last][1]
        text = document.text[start:end]
        heading = self.heading(document)
        if question:
            return Example(pair(self.tokenizer, question, heading, text, LONGEST), text, [])
        one = pair(self.tokenizer, asked.question, heading, text, LONGEST)
        tokens = []
        for a, b in places:
            inside = [
                one.body + i
                for i, (x, y) in enumerate(one.spans)
                if x < b - start and y > a - start
            ]
            if a >= start and b <= end and inside and one.spans[-1][1] >= b - start:
                tokens.append((inside[0], inside[-1]))
        return Example(one, text, tokens) if tokens else None

    def heading(self, document: Document) -> str:
        """The title, most of the time: a paper's passages do not always say what they are about."""
        return document.title if self.chance.random() < 0.7 else ""

    def unanswered(self, asked: Asked) -> Example | None:
        """The question with a passage that holds no answer, made in one of four ways."""
        way = self.chance.choices(
            (self.lookalike, self.elsewhere, self.removed, self.changed), (0.35, 0.2, 0.2, 0.25)
        )[0]
        return way(asked) or self.lookalike(asked)

    def without(self, asked: Asked, document: Document, which: list[int]) -> Example | None:
        """Sentences of a document put together, if no answer is among them."""
        text = "".join(document.text[slice(*document.sentences[i])] for i in which)
        if len(text) < 20 or any(answer in text for answer in asked.answers):
            return None
        heading = self.heading(document)
        return Example(pair(self.tokenizer, asked.question, heading, text, LONGEST), text, [])

    def lookalike(self, asked: Asked) -> Example | None:
        """A passage of another text that shares words with the question."""
        others = [n for n in self.near[self.index[id(asked)]] if n[0] is not asked.document]
        self.chance.shuffle(others)
        for document, first, last in others:
            if made := self.without(asked, document, list(range(first, last + 1))):
                return made
        return None

    def elsewhere(self, asked: Asked) -> Example | None:
        """Another part of the same text."""
        document = asked.document
        for _ in range(4):
            first, last = self.window(document, self.chance.randrange(len(document.sentences)))
            if made := self.without(asked, document, list(range(first, last + 1))):
                return made
        return None

    def removed(self, asked: Asked) -> Example | None:
        """The right passage without its right sentence."""
        document = asked.document
        holds = [
            i
            for i, (a, b) in enumerate(document.sentences)
            if any(x < b and y > a for x, y in self.places(asked))
        ]
        if not holds:
            return None
        first, last = self.window(document, holds[0])
        which = [i for i in range(first, last + 1) if i not in holds]
        return self.without(asked, document, which) if which else None

    def changed(self, asked: Asked) -> Example | None:
        """A question that asks for another number, place or name than the text tells of."""
        question, text = asked.question, asked.document.text
        ways: list[tuple[re.Match[str], Callable[[str], str]]] = []
        if numbers := list(NUMBER.finditer(question)):
            ways.append((self.chance.choice(numbers), self.number))
        if place := PLACE.search(question):
            ways.append((place, lambda _: self.chance.choice(PLACES)))
        title = re.sub(r"[（(].*", "", asked.document.title)
        if len(title) > 1 and (name := re.search(re.escape(title), question)):
            ways.append((name, lambda _: self.chance.choice(self.titles)))
        elif quoted := QUOTED.search(question):
            name = re.compile(re.escape(quoted[1])).search(question)
            assert name is not None  # it stands in the question, quoted
            ways.append((name, lambda _: self.chance.choice(self.titles)))
        if not ways:
            return None
        found, another = self.chance.choice(ways)
        new = another(found[0])
        if new in text or new == found[0]:
            return None
        return self.answered(asked, question[: found.start()] + new + question[found.end() :])

    def number(self, old: str) -> str:
        """Another number in the place of this one."""
        return another_number(old, self.chance)

    def stream(self, share_unanswered: float) -> Iterator[Example]:
        """Examples without end, of the sets in their shares."""
        by_source: dict[str, list[Asked]] = {name: [] for name in SOURCES}
        for asked in self.asked:
            by_source[asked.document.id.split("-")[0]].append(asked)
        turns = {name: self.forever(some) for name, some in by_source.items() if some}
        names = list(turns)
        while True:
            name = self.chance.choices(names, [SOURCES[n] for n in names])[0]
            asked = next(turns[name])
            if made := self.answered(asked):
                yield made
            wanted = self.chance.random() < share_unanswered / (1 - share_unanswered)
            if wanted and (made := self.unanswered(asked)):
                yield made

    def forever(self, some: list[Asked]) -> Iterator[Asked]:
        """The questions in ever new order."""
        while True:
            self.chance.shuffle(some)
            yield from some


class PaperMaker:
    """Makes examples from the invented newspapers, in passages as an archive has them."""

    def __init__(
        self, split: str, tokenizer: Tokenizer, seed: int, believed: Path | None = None
    ) -> None:
        """Take the questions of a split; ``believed`` is a file of :meth:`mine`."""
        groups = list(papers())
        self.tokenizer, self.chance = tokenizer, random.Random(seed)
        self.queries = [q for _, queries in groups for q in queries if q.split == split]
        articles = {q.article.id: q.article for q in self.queries}
        self.passages = {
            limit: [p for article in articles.values() for p in passages(article, limit)]
            for limit in (120, 180, LIMIT, LIMIT, 280)
        }
        self.of: dict[tuple[int, str], list[Passage]] = {}
        for limit, some in self.passages.items():
            for passage in some:
                self.of.setdefault((limit, passage.article_id), []).append(passage)
        self.wording = {
            id(q): standalone(q.question, [Turn(earlier) for earlier in q.history])
            for q in self.queries
        }
        self.near = self._near()
        self.believed: dict[str, dict[str, float]] = {}
        if believed:
            self.believed = json.loads(believed.read_text("utf-8"))

    def mine(self, reader: Reader, to: Path) -> None:
        """Write down how far a reader believes each of the passages that look like an answer.

        For each question the odds, as a logarithm, of the passages that can't answer it.
        """
        found: dict[str, dict[str, float]] = {}
        for query in self.queries:
            said = [query.article.text[a:b] for a, b in query.answers]
            some = [
                p
                for p in self.near[id(query)][:MINED]
                if not self.says(query, p) and not any(each in p.text for each in said)
            ]
            wording = self.wording[id(query)]
            pairs = [pair(self.tokenizer, wording, p.heading, p.text, LONGEST) for p in some]
            odds = [seen[0] for seen in reader.logits(pairs)]
            found[key_of(query)] = {p.id: o for p, o in zip(some, odds, strict=True)}
        to.write_text(json.dumps(found), "utf-8")

    def _near(self, many: int = 12) -> dict[int, list[Passage]]:
        """For each question the passages that look most like it, in order."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        some = self.passages[LIMIT]
        vectors = TfidfVectorizer(analyzer=pieces_of, sublinear_tf=True)
        matrix = vectors.fit_transform([p.embedded for p in some]).T.tocsc()
        found: dict[int, list[Passage]] = {}
        for at in range(0, len(self.queries), 512):  # all at once would take gigabytes
            turn = self.queries[at : at + 512]
            asked = vectors.transform([self.wording[id(q)] for q in turn])
            best = np.argsort(-(asked @ matrix).toarray(), axis=1)[:, :many]
            found |= {id(q): [some[i] for i in row] for q, row in zip(turn, best, strict=True)}
        return found

    def stream(self) -> Iterator[Example]:
        """Examples without end: each question with what answers it, or seems to."""
        some = list(self.queries)
        while True:
            self.chance.shuffle(some)
            for query in some:
                if query.quote is None:
                    yield self.refused(query)
                    continue
                yield self.answered(query)
                if self.chance.random() < 0.6:
                    yield self.refused(query)

    def example(
        self, query: Query, heading: str, text: str, places: list[tuple[int, int]], asked: str = ""
    ) -> Example:
        """With the stretches of the text that answer as tokens."""
        heading = heading if self.chance.random() < 0.85 else ""
        wording = asked or self.wording[id(query)]
        one = pair(self.tokenizer, wording, heading, text, LONGEST)
        tokens = []
        for a, b in places:
            inside = [one.body + i for i, (x, y) in enumerate(one.spans) if x < b and y > a]
            if inside:
                tokens.append((inside[0], inside[-1]))
        return Example(one, text, tokens)

    def holding(self, query: Query) -> Passage:
        """A passage that has the quote whole, of a size drawn by chance."""
        start, end = query.quote or (0, 0)
        limit = self.chance.choice(list(self.passages))
        for passage in self.of[limit, query.article.id]:
            if passage.start <= start and end <= passage.end:
                return passage
        text, heading = query.article.text, self.of[LIMIT, query.article.id][0].heading
        return Passage("", query.article.id, 0, len(text), heading, text)

    def among(self, query: Query, *, with_quote: bool) -> Example:
        """The sentence that answers among sentences of other articles, or these alone.

        A speech goes from one subject to the next, so only the words tell which sentence is asked for.
        """
        passage = self.holding(query)
        start, end = ((query.quote or (0, 0))[i] - passage.start for i in (0, 1))
        kept = [(a, b) for a, b in pieces(passage.text) if a < end and start < b]
        first, last = kept[0][0], kept[-1][1]
        text = self.strangers(query)
        gold = passage.text[first:last] if with_quote else ""
        after = self.strangers(query)
        places = []
        if with_quote:
            spots = query.answers or ((query.quote,) if query.quote else ())
            by = len(text) - first - passage.start
            places = [(spots[0][0] + by, spots[-1][1] + by)]
        return self.example(query, passage.heading, text + gold + after, places)

    def strangers(self, query: Query) -> str:
        """Up to three sentences of articles like the question's, none of which answers."""
        text = ""
        for _ in range(self.chance.randrange(4)):
            other = self.chance.choice(self.near[id(query)])
            start, end = self.chance.choice(list(pieces(other.text)))
            if not self.says(query, other) and end - start < 100:
                text += other.text[start:end]
        return text

    def answered(self, query: Query) -> Example:
        """The question with a passage that answers."""
        if self.chance.random() < 0.25:
            return self.among(query, with_quote=True)
        passage = self.holding(query)
        spots = query.answers or ((query.quote,) if query.quote else ())
        places = [(spots[0][0] - passage.start, spots[-1][1] - passage.start)]
        return self.example(query, passage.heading, passage.text, places)

    def refused(self, query: Query) -> Example:
        """The question with a passage that doesn't answer it."""
        if query.quote is not None:
            chance = self.chance.random()
            if chance < 0.12:
                return self.among(query, with_quote=False)
            if chance < 0.38 and (made := self.removed(query)):
                return made
            if chance < 0.5 and (made := self.renumbered(query)):
                return made
        passage = self.lookalike(query)
        return self.example(query, passage.heading, passage.text, [])

    def lookalike(self, query: Query) -> Passage:
        """A passage that looks like an answer and is none.

        The more a reader believed it, the likelier.
        """
        others = [p for p in self.near[id(query)] if not self.says(query, p)]
        odds = self.believed.get(key_of(query))
        if odds and self.chance.random() < 0.6:
            weights = [0.04 + 1 / (1 + math.exp(-odds.get(p.id, -9.0))) for p in others]
            return self.chance.choices(others, weights)[0]
        return self.chance.choice(others[: self.chance.choice((1, 2, 4, 7))])

    def says(self, query: Query, passage: Passage) -> bool:
        """Whether a passage of the same article holds the quote, or its answer again."""
        if passage.article_id != query.article.id or query.quote is None:
            return False
        start, end = query.quote
        if passage.start < end and start < passage.end:
            return True
        return any(query.article.text[a:b] in passage.text for a, b in query.answers)

    def removed(self, query: Query) -> Example | None:
        """The right passage without its right sentence."""
        passage = self.holding(query)
        start, end = ((query.quote or (0, 0))[i] - passage.start for i in (0, 1))
        left = [passage.text[a:b] for a, b in pieces(passage.text) if not (a < end and start < b)]
        text = "".join(left)
        if len(text) < 30 or any(query.article.text[a:b] in text for a, b in query.answers):
            return None
        return self.example(query, passage.heading, text, [])

    def renumbered(self, query: Query) -> Example | None:
        """The question with another number than the article tells of."""
        asked = self.wording[id(query)]
        found = list(NUMBER.finditer(asked))
        if not found:
            return None
        spot = self.chance.choice(found)
        new = another_number(spot[0], self.chance)
        if new in query.article.text or (new == spot[0]):
            return None
        passage = self.holding(query)
        changed = asked[: spot.start()] + new + asked[spot.end() :]
        return self.example(query, passage.heading, passage.text, [], changed)


def key_of(query: Query) -> str:
    """What a question is known by from run to run."""
    return f"{query.article.id} {query.question} {query.history}"


def pieces_of(text: str) -> list[str]:
    """What texts are compared by: pairs of characters, words in Latin letters."""
    return [*bigrams(text), *re.findall(r"[a-z]{3,}", fold(text))]


def mixed(
    of_papers: Iterator[Example], public: Iterator[Example], share: float, seed: int
) -> Iterator[Example]:
    """Of the first so large a share, of the second the rest."""
    chance = random.Random(seed)
    while True:
        yield next(of_papers if chance.random() < share else public)


def batches(stream: Iterator[Example], tokens: int) -> Iterator[list[Example]]:
    """Examples of like length together, about ``tokens`` tokens a batch."""
    chance = random.Random(1)
    while True:
        pool = sorted((next(stream) for _ in range(384)), key=lambda e: len(e.pair.ids))
        ready: list[list[Example]] = [[]]
        for example in pool:
            if (len(ready[-1]) + 1) * len(example.pair.ids) > tokens:
                ready.append([])
            ready[-1].append(example)
        chance.shuffle(ready)
        yield from ready


# --- the network


class Network(nn.Module):
    """The first layers of the embedding model, with a head for places and one for refusal."""

    def __init__(self, base: Path, layers: int, *, fresh: bool) -> None:
        super().__init__()
        # the fused attention takes half as long again in bfloat16
        config = BertConfig.from_pretrained(str(base), attn_implementation="eager")
        config.num_hidden_layers, config.vocab_size, config.type_vocab_size = layers, 4, 4
        config.attention_probs_dropout_prob, config.max_position_embeddings = 0.0, LONGEST
        self.bert = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.place = nn.Linear(width, 2)
        self.answer = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, 1))
        if fresh:
            with safe_open(str(base / "model.safetensors"), "pt") as file:
                have = {k: file.get_tensor(k).float() for k in file.keys() if "word" not in k}  # noqa: SIM118
            have["embeddings.position_embeddings.weight"] = have[
                "embeddings.position_embeddings.weight"
            ][:LONGEST]
            kind = have["embeddings.token_type_embeddings.weight"][:1]
            have["embeddings.token_type_embeddings.weight"] = kind + 0.02 * torch.randn(4, width)
            missing = self.bert.load_state_dict(have, strict=False).missing_keys
            if missing != ["embeddings.word_embeddings.weight"]:
                raise SystemExit(f"{base} lacks {missing}: name a folder with a BERT model")

    def forward(self, words: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Answer logits (one a row), begin logits, end logits (one a token; token 0 means none)."""
        seen = self.bert(
            inputs_embeds=words, token_type_ids=kinds, attention_mask=mask
        ).last_hidden_state
        weight = mask.unsqueeze(-1).to(seen.dtype)
        mean = (seen * weight).sum(1) / weight.sum(1)
        places = self.place(seen)
        answers = self.answer(torch.cat([seen[:, 0], mean], -1)).squeeze(-1)
        return answers, places[..., 0], places[..., 1]


def restored(network: Network, exported: Path) -> None:
    """Load what :func:`export` wrote: its int8 weights as floats, to go on from them."""
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(str(exported)).graph
    held = {each.name: to_array(each) for each in graph.initializer}

    def whole(name: str) -> Floats:
        scale, zero = held[f"{name}_scale"], held[f"{name}_zero_point"].astype(np.float32)
        return np.asarray((held[f"{name}_quantized"] - zero) * scale, np.float32)

    have = {name: value for name, value in held.items() if value.dtype == np.float32}
    for kind in ("position", "token_type"):
        have[f"bert.embeddings.{kind}_embeddings.weight"] = whole(
            f"bert.embeddings.{kind}_embeddings.weight"
        )
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            of = node.name.removesuffix("_MatMul_quant").removesuffix("/MatMul_quant")
            of = (
                of.removesuffix("/Gemm")
                .strip("/")
                .replace("/", ".")
                .replace("answer.answer", "answer")
            )
            have[f"{of}.weight"] = whole(node.input[1].removesuffix("_quantized")).T
    state = {k: torch.tensor(v) for k, v in have.items()}
    loaded = network.load_state_dict(
        {k: v for k, v in state.items() if k in network.state_dict()}, strict=False
    )
    if lacking := [name for name in loaded.missing_keys if "word_embeddings" not in name]:
        raise SystemExit(f"{exported} lacks {lacking}: name a reader of as many layers")


def loss_of(network: Network, words: Tensor, examples: list[Example]) -> Tensor:
    """Where the answer begins and ends (token 0 if nowhere), and whether it is there."""
    ids, kinds = (torch.from_numpy(x) for x in batch([e.pair for e in examples]))
    with torch.autocast("cpu", torch.bfloat16, enabled=BRIEF):
        answers, begins, ends = network(words[ids], kinds, (ids != PAD).long())
    answers, begins, ends = answers.float(), begins.float(), ends.float()
    allowed = torch.zeros(ids.shape, dtype=torch.bool)
    right = torch.zeros((2, *ids.shape), dtype=torch.bool)
    for row, example in enumerate(examples):
        one = example.pair
        allowed[row, 0] = True
        allowed[row, one.body : one.body + len(one.spans)] = True
        for first, last in example.places or [(0, 0)]:
            right[0, row, first] = right[1, row, last] = True
    loss = torch.zeros(())
    for logits, target in ((begins, right[0]), (ends, right[1])):
        logits = logits.masked_fill(~allowed, -1e4)
        loss = (
            loss
            + (logits.logsumexp(-1) - logits.masked_fill(~target, -1e4).logsumexp(-1)).mean() / 2
        )
    truth = torch.tensor([float(bool(e.places)) for e in examples])
    return loss + nn.functional.binary_cross_entropy_with_logits(answers, truth)


@torch.no_grad()
def look(network: Network, words: Tensor, pairs: list[Pair]) -> list[tuple[float, Any, Any]]:
    """The same as the exported reader's ``logits``."""
    network.eval()
    found: list[Any] = [None] * len(pairs)
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    for at in range(0, len(order), 16):
        some = order[at : at + 16]
        ids, kinds = (torch.from_numpy(x) for x in batch([pairs[i] for i in some]))
        with torch.autocast("cpu", torch.bfloat16, enabled=BRIEF):
            out = network(words[ids], kinds, (ids != PAD).long())
        a, b, e = (x.float().numpy() for x in out)
        for row, i in enumerate(some):
            found[i] = (float(a[row]), b[row], e[row])
    network.train()
    return found


def check(
    see: Callable[[list[Pair]], list[tuple[float, Any, Any]]], examples: list[Example]
) -> str:
    """Figures on questions kept apart: right sentence, and parting of answered from not."""
    from sklearn.metrics import roc_auc_score

    seen = see([e.pair for e in examples])
    hits, of, x, truth = 0, 0, [], []
    for example, (a, b, e) in zip(examples, seen, strict=True):
        x.append(features(example.pair, a, b, e))
        truth.append(bool(example.places))
        if example.places:
            where = cut(example.text)
            best = int(np.argmax(shares(example.pair, b, e, where)))
            start, end = where[best]
            first = example.pair.body
            hits += any(start <= example.pair.spans[p - first][0] < end for p, _ in example.places)
            of += 1
    columns = np.array(x)
    return (
        f"sentence {hits / of:.3f} of {of}; AUC answer {roc_auc_score(truth, columns[:, 0]):.3f} "
        f"span {roc_auc_score(truth, columns[:, 1]):.3f}"
    )


# --- the whole


def apart(asked: list[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Training questions, and those of one title in twelve, kept apart."""
    chance = random.Random(7)
    titles = sorted({a.document.title or a.document.id for a in asked})
    chance.shuffle(titles)
    kept = set(titles[: len(titles) // 12])
    return (
        [a for a in asked if (a.document.title or a.document.id) not in kept],
        [a for a in asked if (a.document.title or a.document.id) in kept],
    )


def load(folder: Path) -> tuple[list[Asked], list[Asked]]:
    """Questions to train on and questions kept apart; no text of ExpMRC is among them."""
    leave_out = {row["text"][:40] for row in rows(folder, "expmrc_cmrc", "corpus")}
    train, kept = [], []
    for name in SOURCES:
        more, less = apart(questions(folder, name, leave_out))
        train += more
        kept += less if name != "dureader_robust" else []
    return train, kept


def table(base: Path) -> Tensor:
    """The word vectors of the embedding model."""
    with safe_open(str(base / "model.safetensors"), "pt") as file:
        words: Tensor = file.get_tensor("embeddings.word_embeddings.weight")
        return words.float()


def train(options: argparse.Namespace) -> None:
    """One or more workers, each with one thread, on one set of weights that they share.

    Workers don't wait for one another (Hogwild), so a busy machine slows each by itself.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    network = Network(options.base, options.layers, fresh=not (options.resume or options.start))
    if options.resume:
        network.load_state_dict(torch.load(options.out / "reader.pt"))
    elif options.start:
        restored(network, options.start / "reader.onnx")
    network.share_memory()
    begun = time.time()
    others = [
        torch.multiprocessing.get_context("spawn").Process(
            target=work, args=(options, network, begun, worker), daemon=True
        )
        for worker in range(1, options.workers)
    ]
    for other in others:
        other.start()
    work(options, network, begun, 0)
    for other in others:
        other.join()
    keep(network, options.out)


def work(options: argparse.Namespace, network: Network, begun: float, worker: int) -> None:
    """Learn until the time is over; the first worker also keeps checkpoints and reports."""
    torch.manual_seed(worker)
    torch.set_num_threads(options.threads)
    if worker:
        os.nice(max(0, 19 - os.nice(0)))
    tokenizer = tokenizer_of(options.base)
    words = table(options.base)
    see = partial(look, network, words)
    asked, kept = load(options.data)
    print(len(asked), "questions to train on,", len(kept), "kept apart", flush=True)
    maker = Maker(asked, tokenizer, options.seed + worker)
    own = PaperMaker("train", tokenizer, options.seed + worker, options.mined)
    print(len(own.queries), "of the invented newspapers", flush=True)
    trials = {
        "public": list(islice(Maker(kept, tokenizer, 1).stream(0.4), 300)),
        "papers": list(islice(PaperMaker("tune", tokenizer, 1).stream(), 400)),
    }
    heads = [
        *network.place.parameters(),
        *network.answer.parameters(),
        network.bert.embeddings.token_type_embeddings.weight,
    ]
    known = {id(p) for p in heads} | {id(network.bert.embeddings.word_embeddings.weight)}
    body = [p for p in network.bert.parameters() if id(p) not in known]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.rate * 8}],
        weight_decay=0.01,
        fused=True,
    )
    highest = [group["lr"] for group in optimizer.param_groups]
    saved = time.time()
    mean, seen = 0.0, 0
    network.train()
    stream = mixed(own.stream(), maker.stream(0.38), options.papers, options.seed + worker)
    for step, examples in enumerate(batches(stream, options.tokens)):
        spent = (time.time() - begun) / 60 / options.minutes
        if spent >= 1:
            break
        for group, rate in zip(optimizer.param_groups, highest, strict=True):
            group["lr"] = rate * min(1, (step + 1) / 60) * max(0.02, 1 - spent)
        loss = loss_of(network, words, examples)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(examples)
        mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
        if step % 25 == 0:
            minutes = (time.time() - begun) / 60
            print(
                f"{minutes:5.1f} min, worker {worker}, step {step}, {seen} pairs, loss {mean:.3f}",
                flush=True,
            )
        if not worker and time.time() - saved > 480:
            keep(network, options.out)
            for name, some in trials.items():
                print(name, check(see, some), flush=True)
            saved = time.time()
    if not worker:
        keep(network, options.out)
        for name, some in trials.items():
            print(name, check(see, some), flush=True)


def export(options: argparse.Namespace) -> None:
    """The last checkpoint as int8 ONNX, with its settings, calibrated on the questions kept apart."""
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from sklearn.linear_model import LogisticRegression

    network = Network(options.base, options.layers, fresh=False)
    network.load_state_dict(torch.load(options.out / "reader.pt"))
    network.eval()
    options.to.mkdir(parents=True, exist_ok=True)
    words = torch.randn(2, 20, network.bert.config.hidden_size)
    kinds = torch.zeros(2, 20, dtype=torch.long)
    mask = torch.ones(2, 20, dtype=torch.long)
    mask[1, 15:] = 0
    axes = {0: "pairs", 1: "tokens"}
    names = ["words", "kinds", "mask", "begins", "ends"]
    whole, small = options.out / "reader.fp32.onnx", options.to / "reader.onnx"
    torch.onnx.export(
        network,
        (words, kinds, mask),
        str(whole),
        dynamo=False,
        opset_version=17,
        input_names=names[:3],
        output_names=["answers", *names[3:]],
        dynamic_axes=dict.fromkeys(names, axes) | {"answers": {0: "pairs"}},
    )
    # seven bits, or processors without VNNI overflow and read otherwise
    quantize_dynamic(whole, small, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)

    table_of = table(options.base)
    tokenizer = tokenizer_of(options.base)
    session = onnxruntime.InferenceSession(str(small))
    public = Maker(load(options.data)[1], tokenizer, 2).stream(0.5)
    x, truth = [], []
    for example in islice(mixed(PaperMaker("tune", tokenizer, 2).stream(), public, 0.6, 2), 1200):
        ids, kind = batch([example.pair])
        feed = {"words": table_of[ids].numpy(), "kinds": kind, "mask": np.ones_like(ids)}
        answers, begins, ends = session.run(None, feed)
        x.append(features(example.pair, float(answers[0]), begins[0], ends[0]))
        truth.append(bool(example.places))
    fit = LogisticRegression().fit(x, truth)
    settings = {
        "layers": options.layers,
        "longest": LONGEST,
        "sequence": "<s> question </s> [heading </s>] text </s>",
        "kinds": "0 question, 1 passage, +2 where the other side holds the token too",
        "outputs": "answers: one logit a pair; begins, ends: one logit a token, token 0 means none",
        "calibration": {
            "of": ["answer logit", "log odds of the best span against none"],
            "weights": [round(float(w), 4) for w in fit.coef_[0]],
            "bias": round(float(fit.intercept_[0]), 4),
        },
        "trained_on": [*sorted(SOURCES), "benchmarks/papers"],
    }
    (options.to / "reader.json").write_text(json.dumps(settings, indent=1) + "\n", "utf-8")
    print(small.stat().st_size / 2**20, "MiB", settings["calibration"])


def measure(options: argparse.Namespace) -> None:
    """Figures of an exported reader, on public questions kept apart and the papers' split hold."""
    tokenizer = tokenizer_of(options.base)
    reader = Reader(options.base, options.measure)
    streams = {
        "public": Maker(load(options.data)[1], tokenizer, 1).stream(0.4),
        "papers": PaperMaker("hold", tokenizer, 1).stream(),
    }
    for name, stream in streams.items():
        some = list(islice(stream, 1200))
        print(name, check(reader.logits, some), flush=True)


def keep(network: Network, folder: Path) -> None:
    """A checkpoint, whole or not at all."""
    torch.save(network.state_dict(), folder / "reader.part")
    (folder / "reader.part").replace(folder / "reader.pt")


def main() -> None:
    """Train, or export what was trained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="folder of the checkpoint")
    parser.add_argument("--to", type=Path, help="export the checkpoint into this folder instead")
    parser.add_argument("--measure", type=Path, help="measure the reader exported in this folder")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--tokens", type=int, default=3600)
    parser.add_argument("--threads", type=int, default=1, help="of one worker")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--papers", type=float, default=0.6, help="share of invented newspapers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument(
        "--mine", type=Path, help="write down which wrong passages the reader here believes"
    )
    parser.add_argument("--mined", type=Path, help="file of --mine: take such passages more often")
    parser.add_argument("--start", type=Path, help="go on from the reader exported in this folder")
    options = parser.parse_args()
    if options.measure:
        measure(options)
    elif options.mine and not options.mined:
        parser.error("--mined is needed to write to")
    elif options.mine:
        tokenizer = tokenizer_of(options.base)
        PaperMaker("train", tokenizer, 0).mine(Reader(options.base, options.mine), options.mined)
    elif not options.out:
        parser.error("--out is needed to train and to export")
    else:
        (export if options.to else train)(options)


if __name__ == "__main__":
    main()
