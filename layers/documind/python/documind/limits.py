"""Limits that several functions share; clients get those in `documind.wire.Limits`."""

MAX_UPLOAD_BYTES = 50_000_000
MAX_PDF_PAGES = 3_000
MAX_ROOM_DOCUMENTS = 100
MAX_FILE_NAME_CHARACTERS = 255
MAX_QUESTION_CHARACTERS = 4_000

CHUNK_CHARACTERS = 500  # at most; of the sizes measured, best for a context of fixed length
PASSAGES = 5  # given to the model for a question
# Length of an answer as JSON. With its citations it must fit a frame of 32 KB after ` [1][2]` has replaced `[1,2]`.
MAX_ANSWER_BYTES = 20_000

# ESTIMATED_TOKENS, plus one token for each character of the question, are reserved in the daily budgets until the
# question has ended. A Chinese character is about one token, an English one about a quarter of one.
_INSTRUCTION_TOKENS = 800  # including the JSON around question and passages
_TYPICAL_ANSWER_TOKENS = 700
ESTIMATED_TOKENS = _INSTRUCTION_TOKENS + PASSAGES * CHUNK_CHARACTERS + _TYPICAL_ANSWER_TOKENS
FRAMES_PER_S = 20  # for each connection
BURST_FRAMES = 200  # after a reconnect a client sends its unconfirmed frames again and reads pages of the history
