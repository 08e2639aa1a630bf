"""The record of how an answer was made, which is stored with its question."""

import time
from collections.abc import Sequence

from answer.parts import parts_of
from answer.passages import Passage, Retrieved
from documind.ids import created_at
from documind.stores.conversation import Question
from documind.wire import FoundPassage, Reasons


def reasons(
    question: Question,
    retrieved: Retrieved,
    tokens: int,
    *,
    cited: Sequence[Passage] = (),
    first_text_at: float | None = None,
) -> Reasons | None:
    """Return the record of an answer that ends now; None if no passages were found."""
    if not retrieved.passages:
        return None
    asked_at = created_at(question.message_id)
    numbers = {passage.number for passage in cited}
    return Reasons(
        question=retrieved.question,
        parts=parts_of(retrieved.question),
        passages=[
            FoundPassage(
                number=each.number,
                document_id=each.document.document_id,
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
