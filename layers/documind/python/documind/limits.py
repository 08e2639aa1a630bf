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

# A token has at least one byte, and a character four at most, so this is the most that one question can use up.
_INSTRUCTION_BYTES = 1_900  # and the JSON around question and passages
_PROMPT_CHARACTERS = MAX_QUESTION_CHARACTERS + PASSAGES * (CHUNK_CHARACTERS + MAX_FILE_NAME_CHARACTERS)
MAX_QUESTION_TOKENS = 4 * _PROMPT_CHARACTERS + _INSTRUCTION_BYTES + MAX_ANSWER_BYTES
