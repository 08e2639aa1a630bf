"""Questions, messages and the history of a room."""

from documind.stores.conversation.history import HistoryStore
from documind.stores.conversation.question import Question
from documind.stores.conversation.questions import QuestionStore
