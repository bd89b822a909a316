"""Whether citations bear out what they stand behind, and whether each of them is needed.

Recall and precision are ALCE's (Gao et al., "Enabling Large Language Models to Generate Text with
Citations", EMNLP 2023): a sentence counts if its citations together support it; a citation counts
if its sentence does, unless it alone doesn't support and the others do without it. ALCE's judge is
a model of entailment. Ours is the check that a chat model's statements pass (numbers, days, names
and most words stand in the quotes) and the reader that ranks: the quotes must answer the question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answers import Answer, Citation
from qa.composing import supported
from qa.evaluation.estimates import Estimate
from qa.evaluation.likeness import shares_half
from qa.evaluation.questions import Gold
from vectorstore.sentences import sentences

Judge = Callable[[str, str, str], float]
"""From question, heading and text to the probability, from 0 to 1, that the text answers."""
LIKELY = 0.5
"""What a judge must say at least."""


@dataclass(frozen=True, slots=True)
class Support:
    """One answer's sentences and citations as the judge sees them."""

    sentences: int
    supported: int
    """Sentences that their citations together support."""
    citations: int
    """Each time that a sentence cites."""
    needed: int
    """Citations of supported sentences that aren't beside the point."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One answer's citations against the texts that are known to prove it."""

    cited: int
    proving: int
    """Citations whose quote shares half of such a text, or has half of itself in one."""
    wanted: int
    """Sentences of the alternative that is cited best."""
    found: int
    """Those of them that are cited."""


@dataclass(frozen=True, slots=True)
class Citing:
    """What a set's citations show; None where there was nothing to measure, or no judge."""

    validity: Estimate | None
    """Citations that stand in their article, letter for letter, where they say."""
    support: Estimate | None
    """Citations that hold half of the gold quote or something that must be said."""
    recall: Estimate | None
    """Sentences that their citations support, by the judge."""
    precision: Estimate | None
    """Citations that are needed, by the judge."""
    proof_recall: Estimate | None
    """Sentences known to prove the answer, in answers given, that are cited."""
    proof_precision: Estimate | None
    """Citations of such answers that hold one of them."""


def support(answer: Answer, judge: Judge) -> Support:
    """Judge every sentence of an answer, and every citation behind it."""
    by_number = {each.number: each for each in answer.citations}
    question = answer.standalone_question
    count = held = cited = needed = 0
    for sentence in answer.sentences:
        behind = [by_number[number] for number in sentence.citations if number in by_number]
        count += 1
        cited += len(behind)
        if not _bears_out(sentence.text, behind, question, judge):
            continue
        held += 1
        needed += len(behind) if len(behind) == 1 else 0
        if len(behind) > 1:
            for at, each in enumerate(behind):
                others = behind[:at] + behind[at + 1 :]
                needed += _bears_out(sentence.text, [each], question, judge) or not _bears_out(
                    sentence.text, others, question, judge
                )
    return Support(count, held, cited, needed)


def _bears_out(text: str, cited: Sequence[Citation], question: str, judge: Judge) -> bool:
    quotes = [each.quote for each in cited]
    if not quotes or not supported(text, quotes, question):
        return False
    return judge(question, _heading(cited[0]), "\n".join(quotes)) >= LIKELY


def _heading(cited: Citation) -> str:
    """As a passage's heading has it."""
    return " ".join(filter(None, (cited.article.headline, cited.article.date)))


def proof(answer: Answer, each: Gold) -> Proof | None:
    """Hold citations against known evidence; None where none is known or nothing was answered."""
    if not answer.answered or not each.evidences:
        return None
    known = [_parted(alternative) for alternative in each.evidences]
    quotes = [cited.quote for cited in answer.citations]
    found = [sum(any(_meets(quote, one) for quote in quotes) for one in texts) for texts in known]
    best = max(range(len(known)), key=lambda at: found[at] / len(known[at]))
    proving = sum(any(_meets(quote, one) for texts in known for one in texts) for quote in quotes)
    return Proof(len(quotes), proving, len(known[best]), found[best])


def _parted(texts: Sequence[str]) -> list[str]:
    return [text[start:end] for text in texts for start, end in sentences(text)] or [*texts]


def _meets(quote: str, evidence: str) -> bool:
    return shares_half(quote, evidence) or shares_half(evidence, quote)
