"""The step of the workflow after a failure or a timeout: ends the question with an apology."""

import logging

from answer.services import Services
from documind.errors import Ending
from documind.logs import identifier

TIMEOUT_ERROR = "States.Timeout"  # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

logger = logging.getLogger(__name__)


def apologise(services: Services, chat_id: str, question_id: str, *, run: str, error: str) -> None:
    """End the question with the text that was already posted, unless another run is answering it."""
    logger.warning("a step of the workflow failed", extra={"failure": identifier(error)})
    question = services.questions.get(chat_id, question_id)
    if question is None or question.state == "ended" or question.run not in (None, run):
        return
    ending = Ending.TIMEOUT if error == TIMEOUT_ERROR and not question.text else Ending.ERROR
    message = services.questions.end(question, ending, text=question.text)
    services.broadcast_end(question, message)
