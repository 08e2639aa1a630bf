"""Asking, stopping and resuming."""

from documind.errors import Code, Ending, InvalidRequestError, NotFoundError
from documind.limits import MAX_QUESTION_TOKENS
from documind.stores.conversation import Question
from documind.wire import Accepted, Ask, Message, MessageFrame, Resume, Stop
from message.rooms import text_so_far
from message.services import Caller, Services


def ask(services: Services, caller: Caller, frame: Ask) -> None:
    """Keep a question, start its workflow, and show it to the room; asked twice, it is only accepted and shown again.

    What it may cost is reserved first, for it must be kept with the question. Over the budget it ends at once, as it
    does when its workflow cannot be started; a run that has started all the same finds it ended, or has claimed it.
    """
    if len(frame.text) > services.limits.max_question_characters:
        raise InvalidRequestError(Code.QUESTION_TOO_LONG, limit=services.limits.max_question_characters)
    charge = services.budgets.reserve(caller.user.user_id, caller.chat_id, questions=1, tokens=MAX_QUESTION_TOKENS)
    question, is_new = services.questions.accept(
        caller.chat_id,
        frame.question_id,
        user=caller.user,
        text=frame.text,
        document_ids=frame.document_ids,
        within_s=services.limits.apology_after_s,
        charge=charge,
    )
    started = is_new and charge is not None and services.workflow.start(caller.chat_id, frame.question_id)
    _accepted(services, caller, frame.request_id, question)
    _show(services, question)  # again, too: the first try may have died before it
    if is_new and not started:
        ending = Ending.ERROR if charge else Ending.BUDGET
        message = services.questions.end(question, ending)
        services.sockets.post_message(caller.chat_id, message)


def stop(services: Services, caller: Caller, frame: Stop) -> None:
    """Stop an answer: one that no run has taken yet ends here, otherwise its run ends it at its next save."""
    question = services.questions.stop(caller.chat_id, frame.question_id)
    if question is None:
        _answer_with_end(services, caller, frame.request_id, _known(services, caller, frame.question_id))
        return
    _accepted(services, caller, frame.request_id, question)
    if question.state == "accepted":
        stopped = services.questions.end(question, Ending.STOPPED)
        services.sockets.post_message(caller.chat_id, stopped)


def resume(services: Services, caller: Caller, frame: Resume) -> None:
    """Answer with what followed; a question past its deadline is ended, for its run must have died."""
    question = _known(services, caller, frame.question_id)
    message = services.questions.end_overdue(question)
    services.sockets.post_message(caller.chat_id, message)
    if message or question.state == "ended":
        _answer_with_end(services, caller, frame.request_id, _known(services, caller, frame.question_id))
        return
    after = min(frame.seq, question.seq) if frame.epoch == question.epoch else 0
    delta = text_so_far(question, after)
    services.sockets.post(caller.connection_id, delta.model_copy(update={"request_id": frame.request_id}))


def _known(services: Services, caller: Caller, question_id: str) -> Question:
    question = services.questions.get(caller.chat_id, question_id)
    if question is None:
        raise NotFoundError(Code.QUESTION_NOT_FOUND)
    return question


def _accepted(services: Services, caller: Caller, request_id: str, question: Question) -> None:
    accepted = Accepted(
        request_id=request_id,
        chat_id=caller.chat_id,
        question_id=question.question_id,
        message_id=question.message_id,
    )
    services.sockets.post(caller.connection_id, accepted)


def _answer_with_end(services: Services, caller: Caller, request_id: str, question: Question) -> None:
    message = services.history.message(caller.chat_id, question.answer_id or "")
    if message is None:
        raise NotFoundError(Code.QUESTION_NOT_FOUND)
    frame = MessageFrame(request_id=request_id, chat_id=caller.chat_id, message=message)
    services.sockets.post(caller.connection_id, frame)


def _show(services: Services, question: Question) -> None:
    message = Message(
        message_id=question.message_id,
        kind="question",
        question_id=question.question_id,
        sender=question.sender,
        text=question.asked,
    )
    services.sockets.post_message(question.chat_id, message)
