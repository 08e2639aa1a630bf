"""The last resort: a step has failed or took too long, so the question ends with an apology."""

import logging

from answer.services import Services
from documind.errors import Ending
from documind.logs import identifier

TIMEOUT_ERROR = "States.Timeout"  # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

logger = logging.getLogger(__name__)


def apologise(services: Services, chat_id: str, question_id: str, *, run: str, error: str) -> None:
    """End the question, keeping what was already shown of its answer; not one that another run is answering."""
    logger.warning("a step of the workflow failed", extra={"failure": identifier(error)})
    question = services.questions.get(chat_id, question_id)
    if question is None or question.state == "ended" or question.run not in (None, run):
        return
    ending = Ending.TIMEOUT if error == TIMEOUT_ERROR and not question.text else Ending.ERROR
    message = services.questions.end(question, ending, text=question.text)
    services.broadcast_end(question, message)
