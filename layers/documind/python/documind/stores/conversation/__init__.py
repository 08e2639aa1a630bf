"""Questions, messages and their history: the life of everything said in a room."""

from documind.stores.conversation.history import History
from documind.stores.conversation.questions import Question, Questions
