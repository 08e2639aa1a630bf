"""The offline model's follow-ups: a question that refers to the one before is put after it. It understands nothing."""

import json
import re

from pydantic import BaseModel

# Words that a question begins with when it goes on, or that stand for what was said. A question that leaves something
# out without any of them is taken as it is.
_REFERS = re.compile(
    r"^\W*(?:and|what about|how about|or|but|which one|same for)\b|^\W*why\W*$"
    r"|\b(?:it|its|they|them|their|he|she|his|her|these|those|the (?:other|same|second|next|last)(?: one)?)\b"
    r"|^\W*(?:那|還有|另外|其他|第[一二三四五六七八九十]+[個項種])|呢[？?\s]*$"
    r"|[它牠他她]|這個|那個|這些|那些|兩者|前者|後者",
    re.IGNORECASE,
)


class Turn(BaseModel):
    """A question that was answered."""

    question: str


class FollowUpTask(BaseModel):
    """The last turns of a conversation, oldest first, and the question asked now."""

    turns: list[Turn]
    question: str


def standalone(task: FollowUpTask) -> str:
    """Return the JSON of the question, behind the one before it where a word in it refers to that."""
    question = task.question
    if task.turns and _REFERS.search(question):
        question = f"{task.turns[-1].question} {question}"
    return json.dumps({"question": question}, ensure_ascii=False)
