"""Every failure and every ending a user can meet: its code and its sentence in both languages.

DocumindError
 ├ InvalidRequestError       the request cannot be accepted as it is
 ├ NotAllowedError           the user may not do this
 ├ NotFoundError             it does not exist, or not for this user
 ├ LimitExceededError        a limit of number, rate or budget is reached
 ├ UnavailableError          the model or the search does not answer; a retry may succeed
 └ UnreadableDocumentError   the PDF cannot be read; a retry fails again
A handler turns these into an `error` frame, an ending or a document's reason. Any other exception is a defect and
reaches the user as `internal`.
"""

from enum import StrEnum

from documind.languages import Language, Sentence


class Code(StrEnum):
    """Why a frame was refused or a document failed; the code is part of the protocol."""

    FRAME_INVALID = "frame_invalid"
    FRAME_UNKNOWN = "frame_unknown"
    FRAME_TOO_LARGE = "frame_too_large"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    NOT_SIGNED_IN = "not_signed_in"
    CONNECTION_LIMIT = "connection_limit"
    ROOM_NOT_FOUND = "room_not_found"
    READ_ONLY = "read_only"
    NOT_OWNER = "not_owner"
    OWNER_CANNOT_LEAVE = "owner_cannot_leave"
    ROOM_NAME_TAKEN = "room_name_taken"
    MEMBER_LIMIT = "member_limit"
    USER_NOT_FOUND = "user_not_found"
    INVITATION_INVALID = "invitation_invalid"
    REMOVED_BY_OWNER = "removed_by_owner"
    CONFIRMATION_WRONG = "confirmation_wrong"
    QUESTION_NOT_FOUND = "question_not_found"
    QUESTION_ID_TAKEN = "question_id_taken"
    QUESTION_TOO_LONG = "question_too_long"
    DOCUMENT_NOT_FOUND = "document_not_found"
    DOCUMENT_LIMIT = "document_limit"
    DOCUMENT_NOT_FAILED = "document_not_failed"
    PAGE_NOT_FOUND = "page_not_found"
    NAME_INVALID = "name_invalid"
    UPLOAD_EMPTY = "upload_empty"
    UPLOAD_NOT_ALLOWED = "upload_not_allowed"
    UPLOAD_TOO_LARGE = "upload_too_large"
    UPLOAD_INCOMPLETE = "upload_incomplete"
    PDF_INVALID = "pdf_invalid"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_WITHOUT_TEXT = "pdf_without_text"
    PDF_GARBLED = "pdf_garbled"
    PDF_PACKAGE = "pdf_package"
    PDF_DYNAMIC_FORM = "pdf_dynamic_form"
    PDF_TOO_LONG = "pdf_too_long"
    PDF_TOO_COMPLEX = "pdf_too_complex"
    PAGES_BUDGET = "pages_budget"
    MODEL_UNAVAILABLE = "model_unavailable"
    SEARCH_UNAVAILABLE = "search_unavailable"
    INGEST_FAILED = "ingest_failed"
    INTERNAL = "internal"


SENTENCES: dict[Code, Sentence] = {
    Code.FRAME_INVALID: Sentence(
        "This message could not be understood ({detail}). Reload the page and try again.",
        "無法理解這則訊息（{detail}）。請重新整理頁面後再試一次。",
    ),
    Code.FRAME_UNKNOWN: Sentence(
        "This kind of message is unknown. Reload the page to get its newest version.",
        "不認得這種訊息。請重新整理頁面以取得最新版本。",
    ),
    Code.FRAME_TOO_LARGE: Sentence(
        "This message is too large. Shorten it and send it again.",
        "這則訊息太大了。請縮短後再送出。",
    ),
    Code.RATE_LIMITED: Sentence(
        "Too many messages at once. Try again in {seconds} s.", "訊息太多了，請於 {seconds} 秒後再試一次。"
    ),
    Code.BUSY: Sentence(
        "Too many questions are being answered at the moment. Ask again in {seconds} s.",
        "目前正在回答太多問題，請於 {seconds} 秒後再問一次。",
    ),
    Code.NOT_SIGNED_IN: Sentence("Your sign-in has expired. Sign in again.", "登入已過期，請重新登入。"),
    Code.CONNECTION_LIMIT: Sentence(
        "This window was disconnected because you have more than {limit} open. Reload it to continue here.",
        "您開啟了超過 {limit} 個視窗，因此這個視窗已中斷連線。請重新整理頁面以在此繼續使用。",
    ),
    Code.ROOM_NOT_FOUND: Sentence(
        "There is no such room, or you are not a member of it. Ask its owner to invite you.",
        "找不到這個聊天室，或您不是它的成員。請向擁有者索取邀請。",
    ),
    Code.READ_ONLY: Sentence(
        "You may only read in this room. Ask its owner to let you write.",
        "您在這個聊天室只能閱讀。請向擁有者要求寫入權限。",
    ),
    Code.NOT_OWNER: Sentence(
        "Only the owner of this room may do this. Ask them to.", "只有這個聊天室的擁有者可以這麼做，請向擁有者提出。"
    ),
    Code.OWNER_CANNOT_LEAVE: Sentence(
        "The owner cannot leave a room. Delete it instead.", "擁有者無法離開聊天室，請改為刪除它。"
    ),
    Code.ROOM_NAME_TAKEN: Sentence(
        "Another of your rooms already has this name. Choose a different one.",
        "您已有同名的聊天室，請換一個名稱。",
    ),
    Code.MEMBER_LIMIT: Sentence(
        "This room already has {limit} members. Its owner must remove one first.",
        "這個聊天室已有 {limit} 位成員，須先由擁有者移除一位。",
    ),
    Code.USER_NOT_FOUND: Sentence(
        "Nobody with this name has signed in yet. Check the name, or send an invitation link.",
        "還沒有這個名稱的使用者登入過。請檢查名稱，或改用邀請連結。",
    ),
    Code.INVITATION_INVALID: Sentence(
        "This invitation has expired or was withdrawn. Ask for a new one.", "這個邀請已過期或已撤回，請索取新的邀請。"
    ),
    Code.REMOVED_BY_OWNER: Sentence(
        "The owner has removed you from this room, so no link lets you in. Ask them to invite you by name.",
        "擁有者已將您移出這個聊天室，因此任何邀請連結都無法讓您加入。請擁有者直接以名稱邀請您。",
    ),
    Code.CONFIRMATION_WRONG: Sentence(
        "This is not your login name, so nothing was deleted. Type it as it is shown and try again.",
        "這不是您的登入名稱，因此沒有刪除任何資料。請照顯示的名稱輸入後再試一次。",
    ),
    Code.QUESTION_NOT_FOUND: Sentence(
        "This question is not known in the room. Ask it again.", "這個聊天室裡沒有這個問題，請再問一次。"
    ),
    Code.QUESTION_ID_TAKEN: Sentence(
        "Another question already has this id. Send it again under a new one.",
        "另一個問題已使用這個識別碼，請換一個再送出。",
    ),
    Code.QUESTION_TOO_LONG: Sentence(
        "A question may have at most {limit} characters. Shorten it and ask again.",
        "問題最多 {limit} 個字。請縮短後再問一次。",
    ),
    Code.DOCUMENT_NOT_FOUND: Sentence("This document is no longer in the room.", "這份文件已不在聊天室中。"),
    Code.DOCUMENT_LIMIT: Sentence(
        "This room already holds {limit} documents. Delete one to make space.",
        "這個聊天室已有 {limit} 份文件。請先刪除一份。",
    ),
    Code.DOCUMENT_NOT_FAILED: Sentence(
        "Only a document that failed can be read again. Wait until this one is ready.",
        "只有讀取失敗的文件可以重新讀取。請等待這份文件就緒。",
    ),
    Code.PAGE_NOT_FOUND: Sentence(
        "This document has no such page; its last one is page {limit}.", "這份文件沒有這一頁，最後一頁是第 {limit} 頁。"
    ),
    Code.NAME_INVALID: Sentence(
        "This name contains invisible characters, such as line breaks. Choose another name.",
        "這個名稱含有看不見的字元（例如換行），請換一個名稱。",
    ),
    Code.UPLOAD_EMPTY: Sentence("This file is empty. Choose another one.", "這個檔案是空的，請選擇其他檔案。"),
    Code.UPLOAD_NOT_ALLOWED: Sentence(
        "The sender of this file may no longer write in this room. Ask someone with write access to upload it.",
        "傳送這個檔案的人已無法在這個聊天室寫入。請由有寫入權限的人上傳。",
    ),
    Code.UPLOAD_TOO_LARGE: Sentence(
        "This file is larger than {limit} MB. Split it and upload the parts.",
        "檔案超過 {limit} MB。請分割後再分別上傳。",
    ),
    Code.UPLOAD_INCOMPLETE: Sentence(
        "The file did not arrive complete. Upload it again.", "檔案沒有完整送達，請重新上傳。"
    ),
    Code.PDF_INVALID: Sentence(
        "This file is not a readable PDF. Save it again as PDF and upload that.",
        "這個檔案不是可讀取的 PDF。請重新另存為 PDF 後上傳。",
    ),
    Code.PDF_ENCRYPTED: Sentence(
        "This PDF is protected by a password. Remove the password and upload it again.",
        "這份 PDF 有密碼保護。請移除密碼後重新上傳。",
    ),
    Code.PDF_WITHOUT_TEXT: Sentence(
        "No page of this PDF contains text; it is probably scanned. Run text recognition on it and upload the result.",
        "這份 PDF 沒有任何文字，可能是掃描檔。請先做文字辨識再上傳。",
    ),
    Code.PDF_GARBLED: Sentence(
        "The fonts of this PDF do not say which characters they show. Run text recognition and upload the result.",
        "這份 PDF 的字型沒有標明所顯示的字元。請做文字辨識後再上傳。",
    ),
    Code.PDF_PACKAGE: Sentence(
        "This PDF is only a package of files. Upload those files.", "這份 PDF 只是檔案套件，請上傳其中的檔案。"
    ),
    Code.PDF_DYNAMIC_FORM: Sentence(
        "This PDF is a dynamic form (XFA) without pages. Print it from Adobe Acrobat to a new PDF and upload that.",
        "這份 PDF 是沒有頁面的動態表單（XFA）。請用 Adobe Acrobat 列印成新的 PDF 後再上傳。",
    ),
    Code.PDF_TOO_LONG: Sentence(
        "This PDF is too long (at most {limit} pages). Split it and upload the parts.",
        "這份 PDF 太長（最多 {limit} 頁）。請分割後再分別上傳。",
    ),
    Code.PDF_TOO_COMPLEX: Sentence(
        "Reading this PDF takes too much time or memory. Print it to a new PDF and upload that.",
        "讀取這份 PDF 需要過多時間或記憶體。請列印成新的 PDF 後再上傳。",
    ),
    Code.PAGES_BUDGET: Sentence(
        "This PDF has more pages than may still be read today. Upload it again after midnight UTC.",
        "這份 PDF 的頁數超過今天剩餘的讀取額度。請於世界標準時間午夜後重新上傳。",
    ),
    Code.MODEL_UNAVAILABLE: Sentence(
        "The language model does not answer at the moment. Try again in a minute.",
        "語言模型目前沒有回應，請稍後再試。",
    ),
    Code.SEARCH_UNAVAILABLE: Sentence(
        "The search does not answer at the moment. Try again in a minute.", "搜尋服務目前沒有回應，請稍後再試。"
    ),
    Code.INGEST_FAILED: Sentence(
        "Reading this document failed several times. Upload it again; if it fails again, tell the operator its id.",
        "讀取這份文件失敗多次。請重新上傳；若仍失敗，請將文件識別碼告知管理者。",
    ),
    Code.INTERNAL: Sentence(
        "Something went wrong on our side. Try again; if it stays, tell the operator this id: {detail}.",
        "系統發生錯誤。請再試一次；若持續發生，請將此識別碼告知管理者：{detail}。",
    ),
}


class Ending(StrEnum):
    """How a question ended; each question has exactly one."""

    ANSWER = "answer"
    NO_RESULTS = "no_results"
    REFUSED = "refused"
    GREETING = "greeting"
    STOPPED = "stopped"
    BUDGET = "budget"
    ERROR = "error"
    TIMEOUT = "timeout"


ENDING_SENTENCES: dict[Ending, Sentence] = {
    Ending.NO_RESULTS: Sentence(
        "No document that is ready in this room says anything about this. Add a PDF, or wait until it is ready.",
        "這個聊天室中沒有已就緒的文件談到這個問題。請加入 PDF，或等待文件就緒。",
    ),
    Ending.REFUSED: Sentence(
        "The documents in this room do not answer this question.", "這個聊天室的文件沒有回答這個問題。"
    ),
    Ending.GREETING: Sentence("Glad to help. Ask me about the documents.", "很高興為您服務，請詢問這裡的文件。"),
    Ending.STOPPED: Sentence("Stopped.", "已停止。"),
    Ending.BUDGET: Sentence(
        "Today's budget for questions is used up. It starts anew at midnight UTC.",
        "今天的提問額度已用完，將於世界標準時間午夜重新計算。",
    ),
    Ending.ERROR: Sentence(
        "Sorry, this question could not be answered. Please ask it again.", "抱歉，無法回答這個問題，請再問一次。"
    ),
    Ending.TIMEOUT: Sentence(
        "Sorry, no answer came in time. Please ask again in a moment.", "抱歉，沒能及時得到答案，請稍後再問一次。"
    ),
}


class DocumindError(Exception):
    """An expected failure: its `code`, the details of its sentence, and the seconds after which a retry makes sense."""

    def __init__(self, code: Code, *, retry_after_s: int | None = None, **details: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.details = details
        self.retry_after_s = retry_after_s

    def message(self, language: Language) -> str:
        """Return the sentence for the user."""
        return SENTENCES[self.code].in_language(language, **self.details)


class InvalidRequestError(DocumindError):
    """The request cannot be accepted as it is."""


class NotAllowedError(DocumindError):
    """The user may not do this."""


class NotFoundError(DocumindError):
    """It does not exist, or not for this user: one error for both, so that ids cannot be probed."""


class LimitExceededError(DocumindError):
    """A limit of number, rate or budget is reached."""


class UnavailableError(DocumindError):
    """The model or the search does not answer; a retry may succeed."""


class UnreadableDocumentError(DocumindError):
    """The PDF cannot be read; a retry fails again."""
