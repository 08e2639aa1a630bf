"""The protocol's limits: how much of what, how it counts, and what is beyond it."""

from docs.source import table
from documind import limits
from documind.clients.objects import UPLOAD_FORM_S, VIEW_LINK_S
from documind.stores.budgets import BUSY_RETRY_AFTER_S
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.stores.documents.documents import UPLOAD_EXPIRES_S
from documind.stores.members import INVITATION_S, MAX_MEMBERS
from infra.stage import Stage

HEAD = """## Limits

`opened.limits` tells those of questions and documents. The budgets are a stage's: given here as they are unless it says
otherwise, for each user and for each room, from one midnight UTC to the next.
"""
ROWS = [
    (
        "a question",
        f"{limits.MAX_QUESTION_CHARACTERS:,} characters",
        "code points, without white space around them",
        "`question_too_long`",
    ),
    (
        "a file",
        f"{limits.MAX_UPLOAD_BYTES:,} bytes",
        "`upload.size`, which must be exact: the form takes a file of no other size",
        "`upload_too_large`, `upload_empty`, `upload_incomplete`",
    ),
    ("a PDF", f"{limits.MAX_PDF_PAGES:,} pages", "all of them, empty ones too", "`pdf_too_long`"),
    (
        "documents of a room",
        f"{limits.MAX_ROOM_DOCUMENTS}",
        "every document that is not being deleted, failed ones too; an announced one counts for "
        f"{UPLOAD_EXPIRES_S // 60} minutes unless its file arrives; the same file counts once however often it is "
        "announced, unless it failed",
        "`document_limit`",
    ),
    (
        "a form to upload with",
        f"{UPLOAD_FORM_S // 60} minutes",
        "from `upload` on; who announced the file must still be allowed to write when it arrives",
        "`upload_not_allowed`",
    ),
    ("a link to a PDF", f"{VIEW_LINK_S} s", "until `view.expires_at`", "another `document.view`"),
    ("members of a room", f"{MAX_MEMBERS}", "with its owner", "`member_limit`"),
    (
        "an invitation by link",
        f"{INVITATION_S // (24 * 3600)} days",
        "until `invitation.expires_at`, for any number of people; removing anybody ends all links of the room",
        "`invitation_invalid`",
    ),
    (
        "connections of a user",
        f"{MAX_USER_CONNECTIONS}",
        "those that are open, in any room or none; the newest ones stay",
        "the oldest is told `connection_limit` and closed",
    ),
    (
        "frames of a connection",
        f"{limits.FRAMES_PER_S} a second, {limits.BURST_FRAMES} at once",
        "each frame, malformed ones too, by each instance of the function that answers them",
        "`rate_limited`",
    ),
    (
        "questions a day",
        f"{Stage.user_questions_a_day:,} a user, {Stage.room_questions_a_day:,} a room",
        "each one that is accepted, once however often it is sent",
        "ending `budget`",
    ),
    (
        "tokens a day",
        f"{Stage.user_tokens_a_day:,} a user, {Stage.room_tokens_a_day:,} a room",
        f"while a question is answered, {limits.ESTIMATED_TOKENS:,} and one for each of its characters are reserved; "
        "when it ends, those that its model read and wrote count instead, and none for a run that died",
        f"ending `budget` where they are used up; error `busy` (again in {BUSY_RETRY_AFTER_S} s) where only "
        "reservations are in the way",
    ),
    (
        "pages a day",
        f"{Stage.user_pages_a_day:,} a user, {Stage.room_pages_a_day:,} a room",
        "all pages of a PDF when its reading begins; if it fails, those not read and empty ones are given back",
        "a document's reason `pages_budget`",
    ),
]


def section() -> list[str]:
    """Return the section as lines of Markdown."""
    lines = [HEAD, *table(("what", "how much", "how it counts", "beyond it"), ROWS), ""]
    return [*lines, "A question over the budget is told to whoever asked, to nobody else, and is in no history.", ""]
