"""Generates the answer, publishes it meanwhile, and ends the question."""

from contextlib import closing

from answer.citations import Cited, cite
from answer.marked import PagesRead
from answer.passages import Retrieved
from answer.prompt import estimated_tokens, prompt
from answer.publish import Outcome, Publisher
from answer.reader import Reader
from answer.reasons import reasons
from answer.services import Services
from documind import metrics
from documind.errors import Ending
from documind.stores.conversation import Question
from documind.wire import Message


def generate(services: Services, question: Question, retrieved: Retrieved, publisher: Publisher) -> Message | None:
    """Answer a question from its passages; return the message that ended it, None if another run has claimed it."""
    passages = retrieved.passages
    pages = PagesRead(services, passages)
    messages = prompt(retrieved.question, passages)
    known = {passage.number for passage in passages}
    with closing(Reader(services.models.stream_answer(messages), known)) as reader:
        outcome = publisher.publish(reader)
    if outcome is Outcome.OVERTAKEN:
        return None
    tokens = retrieved.tokens + (reader.tokens or estimated_tokens(messages, reader.written))
    metrics.emit(metrics.TOKENS, tokens)
    cited = cite(reader.written.strip(), passages)
    return services.questions.end(
        question,
        _ending(outcome, cited),
        text=cited.text,
        citations=cited.citations(pages.so_far()),
        unverified=[(span.start, span.end) for span in cited.unverified],
        tokens=tokens,
        reasons=reasons(question, retrieved, tokens, cited=cited.passages, first_text_at=publisher.first_text_at),
    )


def _ending(outcome: Outcome, cited: Cited) -> Ending:
    """Return the ending: an answer that no passage supports is `refused`, and keeps its text."""
    return {
        Outcome.WRITTEN: Ending.ANSWER if cited.passages else Ending.REFUSED,
        Outcome.REFUSED: Ending.REFUSED,
        Outcome.STOPPED: Ending.STOPPED,
        Outcome.SILENT: Ending.TIMEOUT,
    }.get(outcome, Ending.ERROR)
