"""Have the answer written, shown while it is, and end the question with it."""

import time
from contextlib import closing

from answer.citations import Cited, cite
from answer.marked import MarkedPassages
from answer.parts import parts_of
from answer.passages import Retrieved
from answer.prompt import estimated_tokens, prompt
from answer.publish import Outcome, Publisher
from answer.reader import Reader
from answer.services import Services
from documind import metrics
from documind.errors import Ending
from documind.ids import created_at
from documind.stores.conversation import Question
from documind.wire import FoundPassage, Reasons, Stage


def generate(services: Services, question: Question, retrieved: Retrieved, *, end_at: float) -> None:
    """Answer a question that this run has claimed from its passages, by `end_at` (seconds since 1970)."""
    chat_id, passages = question.chat_id, retrieved.passages
    documents = len({passage.document_id for passage in passages})
    stage = Stage(chat_id=chat_id, question_id=question.question_id, name="reading", documents=documents)
    posted = services.executor.submit(services.sockets.post_to_room, chat_id, stage)
    marked = MarkedPassages(services, passages)
    messages = prompt(retrieved.question, passages)
    with closing(Reader(services.models.stream_answer(messages))) as reader:
        publisher = Publisher(
            services.questions,
            services.sockets,
            question,
            posted=posted,
            apology_at=question.accepted_at + services.settings.apology_after_s,
            end_at=end_at,
        )
        outcome = publisher.publish(reader)
    posted.result()
    if outcome is Outcome.OVERTAKEN:
        return
    tokens = retrieved.tokens + (reader.tokens or estimated_tokens(messages, reader.text))
    metrics.emit(metrics.TOKENS, tokens)
    cited = cite(reader.text.strip(), passages)
    message = services.questions.end(
        question,
        _ending(outcome, cited),
        text=cited.text,
        citations=cited.citations(marked.under(cited.text, cited.passages)),
        unverified=[(span.start, span.end) for span in cited.unverified],
        tokens=tokens,
        reasons=_reasons(question, retrieved, cited, publisher.first_text_at, tokens),
    )
    services.sockets.post_message(chat_id, message)


def _ending(outcome: Outcome, cited: Cited) -> Ending:
    """What no passage supports at all is no answer, but what was shown of it stays."""
    return {
        Outcome.WRITTEN: Ending.ANSWER if cited.passages else Ending.REFUSED,
        Outcome.REFUSED: Ending.REFUSED,
        Outcome.STOPPED: Ending.STOPPED,
        Outcome.SILENT: Ending.TIMEOUT,
    }.get(outcome, Ending.ERROR)


def _reasons(
    question: Question, retrieved: Retrieved, cited: Cited, first_text_at: float | None, tokens: int
) -> Reasons:
    asked_at = created_at(question.message_id)
    numbers = {passage.number for passage in cited.passages}
    return Reasons(
        question=retrieved.question,
        parts=parts_of(retrieved.question),
        passages=[
            FoundPassage(
                number=each.number,
                document_id=each.document_id,
                page=each.page,
                score=each.score,
                is_cited=each.number in numbers,
            )
            for each in retrieved.passages
        ],
        found_ms=round((retrieved.found_at - asked_at) * 1_000),
        first_text_ms=round((first_text_at - asked_at) * 1_000) if first_text_at else None,
        ended_ms=round((time.time() - asked_at) * 1_000),
        tokens=tokens,
    )
