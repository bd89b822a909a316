"""Where every question goes through on its way to the archive, and is counted."""

from collections.abc import Generator

from qa.answering import Event, conclusion
from qa.answers import Answer, Question
from web import metrics, tracing
from web.current import services
from web.logs import note_question


def events(question: Question) -> Generator[Event]:
    """Answer step by step. The steps may be taken in another thread than the request's."""
    note_question(question.text)
    return tracing.followed(metrics.current().counted(services.answerer.events(question)))


def answer(question: Question) -> Answer:
    """Answer in one go."""
    return conclusion(events(question))
