"""The frames about questions: ask, stop, resume and why."""

from documind import metrics
from documind.errors import ENDING_SENTENCES, Code, Ending, InvalidRequestError, NotFoundError
from documind.ids import new_ulid
from documind.languages import language_of
from documind.limits import ESTIMATED_TOKENS
from documind.stores.conversation import Question
from documind.wire import Accepted, Ask, Message, MessageFrame, Resume, Stop, Why, WhyFrame
from message.rooms import text_so_far
from message.services import Caller, Services


def ask(services: Services, caller: Caller, frame: Ask) -> None:
    """Store a question and start its workflow, which broadcasts it; a repeated `ask` is broadcast here instead.

    One transaction checks the membership, reserves the estimated tokens in both budgets and stores the question. If
    AWS does not confirm the start of the workflow, the question ends as `error`. The workflow may have started all the
    same: its claim is then refused, or, if it claimed first, this ending is.
    """
    if len(frame.text) > services.limits.max_question_characters:
        raise InvalidRequestError(Code.QUESTION_TOO_LONG, limit=services.limits.max_question_characters)
    tokens = ESTIMATED_TOKENS + len(frame.text)
    charge = services.budgets.charge(caller.user.user_id, frame.chat_id, questions=1, tokens=tokens)
    accepted = services.questions.accept(
        frame.chat_id,
        frame.question_id,
        user=caller.user,
        text=frame.text,
        document_ids=frame.document_ids,
        within_s=services.limits.apology_after_s,
        charge=charge,
    )
    if accepted is None:
        services.budgets.check_used_up(charge[0])
        _end_over_budget(services, caller, frame)
        return
    question, is_new = accepted
    accepted_frame = _accepted(question).model_copy(update={"request_id": frame.request_id})
    told = services.sockets.post_soon(caller.connection_id, accepted_frame)
    if is_new and not services.workflow.start(frame.chat_id, frame.question_id):
        services.broadcast_end(question, services.questions.end(question, Ending.ERROR))
    told.result()
    if not is_new:
        services.sockets.post_message(frame.chat_id, question.message)


def stop(services: Services, caller: Caller, frame: Stop) -> None:
    """Stop an answer: a question that no run has claimed ends here; otherwise its run ends it at its next save."""
    question = services.questions.stop(caller.chat_id, frame.question_id)
    if question is None:
        _answer_with_end(services, caller, _known(services, caller, frame.question_id))
        return
    services.reply(caller, _accepted(question))
    if question.state == "accepted":
        services.broadcast_end(question, services.questions.end(question, Ending.STOPPED))


def resume(services: Services, caller: Caller, frame: Resume) -> None:
    """Answer with the text after `seq`, or with the final message; end a question past its deadline, whose run is dead.

    A client that has another epoch gets the whole text.
    """
    question = _known(services, caller, frame.question_id)
    message = services.questions.end_overdue(question)
    services.broadcast_end(question, message)
    if message or question.state == "ended":
        _answer_with_end(services, caller, _known(services, caller, frame.question_id))
        return
    after = min(frame.seq, question.seq) if frame.epoch == question.epoch else 0
    services.reply(caller, text_so_far(question, after))


def why(services: Services, caller: Caller, frame: Why) -> None:
    """Answer with the reasons of an answer; null once the question has expired, a day after it ended."""
    question = services.questions.get(caller.chat_id, frame.question_id)
    reasons = question.reasons if question else None
    services.reply(caller, WhyFrame(chat_id=caller.chat_id, question_id=frame.question_id, reasons=reasons))


def _end_over_budget(services: Services, caller: Caller, frame: Ask) -> None:
    """Post the ending `budget` to the caller only and store nothing, so that repeated attempts cost no write."""
    asked_id, why = new_ulid(), ENDING_SENTENCES[Ending.BUDGET].in_language(language_of(frame.text))
    question = {"message_id": asked_id, "kind": "question", "sender": caller.user.name, "text": frame.text}
    ending = {"message_id": new_ulid(after=asked_id), "kind": "answer", "sender": None, "text": why}
    services.reply(caller, Accepted(chat_id=frame.chat_id, question_id=frame.question_id, message_id=asked_id))
    metrics.emit(metrics.QUESTIONS_ENDED, of=Ending.BUDGET.value)
    for fields in (question, {**ending, "ending": Ending.BUDGET}):
        message = Message.model_validate({"question_id": frame.question_id, **fields})
        services.sockets.post(caller.connection_id, MessageFrame(chat_id=frame.chat_id, message=message))


def _known(services: Services, caller: Caller, question_id: str) -> Question:
    question = services.questions.get(caller.chat_id, question_id)
    if question is None:
        raise NotFoundError(Code.QUESTION_NOT_FOUND)
    return question


def _accepted(question: Question) -> Accepted:
    ids = {"chat_id": question.chat_id, "question_id": question.question_id, "message_id": question.message_id}
    return Accepted(**ids)


def _answer_with_end(services: Services, caller: Caller, question: Question) -> None:
    message = services.history.message(caller.chat_id, question.answer_id or "")
    if message is None:
        raise NotFoundError(Code.QUESTION_NOT_FOUND)
    services.reply(caller, MessageFrame(chat_id=caller.chat_id, message=message))
