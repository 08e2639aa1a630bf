"""Questions, messages and their history: the life of everything said in a room."""

from documind.stores.conversation.history import HistoryStore
from documind.stores.conversation.question import Question
from documind.stores.conversation.questions import QuestionStore
