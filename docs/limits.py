"""The section on limits in docs/protocol.md: each limit, how it counts, and what happens beyond it."""

from docs.source import table
from documind import limits
from documind.clients.objects import UPLOAD_FORM_S, VIEW_LINK_S
from documind.stores.budgets import BUSY_RETRY_AFTER_S
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.stores.documents.documents import UPLOAD_EXPIRES_S
from documind.stores.members import INVITATION_S, MAX_MEMBERS
from infra.stage import Stage

HEAD = """## Limits

`opened.limits` carries those of questions and documents. Each stage has its own budgets, for each user and each room,
from one midnight UTC to the next; these are the defaults.
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
        "`upload.size`, which must be exact: the presigned POST accepts no other size",
        "`upload_too_large`, `upload_empty`, `upload_incomplete`",
    ),
    ("a PDF", f"{limits.MAX_PDF_PAGES:,} pages", "all pages, including empty ones", "`pdf_too_long`"),
    (
        "documents of a room",
        f"{limits.MAX_ROOM_DOCUMENTS}",
        "every document that is not being deleted, including failed ones; a registered one counts for "
        f"{UPLOAD_EXPIRES_S // 60} minutes unless its file arrives; a file that is registered again counts once, "
        "unless it has failed",
        "`document_limit`",
    ),
    (
        "a presigned POST",
        f"{UPLOAD_FORM_S // 60} minutes",
        "from `upload` on; the user who registered the file must still be allowed to write when it arrives",
        "`upload_not_allowed`",
    ),
    ("a link to a PDF", f"{VIEW_LINK_S} s", "until `view.expires_at`", "another `document.view`"),
    ("members of a room", f"{MAX_MEMBERS}", "including its owner", "`member_limit`"),
    (
        "an invitation by link",
        f"{INVITATION_S // (24 * 3600)} days",
        "until `invitation.expires_at`, for any number of people; removing a user withdraws all links of the room",
        "`invitation_invalid`",
    ),
    (
        "connections of a user",
        f"{MAX_USER_CONNECTIONS}",
        "all open connections, with or without a room",
        "the oldest gets `connection_limit` and is closed",
    ),
    (
        "frames of a connection",
        f"{limits.FRAMES_PER_S} a second, {limits.BURST_FRAMES} at once",
        "every frame, including malformed ones, in each execution environment of `message` separately",
        "`rate_limited`",
    ),
    (
        "questions a day",
        f"{Stage.user_questions_a_day:,} a user, {Stage.room_questions_a_day:,} a room",
        "each accepted question, once for each `question_id`",
        "ending `budget`",
    ),
    (
        "tokens a day",
        f"{Stage.user_tokens_a_day:,} a user, {Stage.room_tokens_a_day:,} a room",
        f"while a question is open, {limits.ESTIMATED_TOKENS:,} and one for each of its characters are reserved; "
        "when it ends, the tokens that its model read and wrote count instead, and none for a run that died",
        f"ending `budget` if they are used up; error `busy` (retry after {BUSY_RETRY_AFTER_S} s) if they are only "
        "reserved",
    ),
    (
        "pages a day",
        f"{Stage.user_pages_a_day:,} a user, {Stage.room_pages_a_day:,} a room",
        "all pages of a PDF when its reading begins; if it fails, unread and empty pages are given back",
        "the document fails with the reason `pages_budget`",
    ),
]


def section() -> list[str]:
    """Return the section as lines of Markdown."""
    lines = [HEAD, *table(("what", "how much", "how it counts", "beyond it"), ROWS), ""]
    return [*lines, "A question over the budget is answered to its sender only, and is not in the history.", ""]
