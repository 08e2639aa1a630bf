"""The sizes that several functions must agree on; those of `documind.wire.Limits` are told to clients."""

MAX_UPLOAD_BYTES = 50_000_000
MAX_PDF_PAGES = 3_000
MAX_ROOM_DOCUMENTS = 100
MAX_FILE_NAME_CHARACTERS = 255
MAX_QUESTION_CHARACTERS = 4_000

CHUNK_CHARACTERS = 500  # at most; measured best for a context of fixed length
PASSAGES = 5  # that the model is given for a question
# Of an answer as JSON: `[1,2,3,4,5]` becomes ` [1][2][3][4][5]`, and with its citations it must fit a frame of 32 KB.
MAX_ANSWER_BYTES = 20_000

# Of the day's tokens, this much and one token for each character of the question is reserved until the answer has
# ended. A Chinese character is about one token, an English one a quarter.
_INSTRUCTION_TOKENS = 800  # with the JSON around question and passages
_TYPICAL_ANSWER_TOKENS = 700
ESTIMATED_TOKENS = _INSTRUCTION_TOKENS + PASSAGES * CHUNK_CHARACTERS + _TYPICAL_ANSWER_TOKENS
FRAMES_PER_S = 20  # of a connection
BURST_FRAMES = 200  # a client that connects again sends what was not confirmed, and pages back through its history
