// Made from documind.errors by `make docs`; a test holds it to that.

/** @import { Code, Ending } from "./protocol.d.ts" */
/** @import { Language } from "./types.d.ts" */

/** @type {Record<Language, { errors: Record<Code, string>, endings: Record<Exclude<Ending, "answer">, string> }>} */
export const sentences = {
  "en": {
    "errors": {
      "frame_invalid": "This message could not be understood ({detail}). Reload the page and try again.",
      "frame_unknown": "This kind of message is unknown. Reload the page to get its newest version.",
      "frame_too_large": "This message is too large. Shorten it and send it again.",
      "rate_limited": "Too many messages at once. Try again in {seconds} s.",
      "busy": "Too many questions are being answered at the moment. Ask again in {seconds} s.",
      "not_signed_in": "Your sign-in has expired. Sign in again.",
      "room_not_found": "There is no such room, or you are not a member of it. Ask its owner to invite you.",
      "read_only": "You may only read in this room. Ask its owner to let you write.",
      "not_owner": "Only the owner of this room may do this. Ask them to.",
      "owner_cannot_leave": "The owner cannot leave a room. Delete it instead.",
      "room_name_taken": "Another of your rooms already has this name. Choose a different one.",
      "member_limit": "This room already has {limit} members. Its owner must remove one first.",
      "user_not_found": "Nobody of this name has signed in here yet. Check the name, or send an invitation link.",
      "invitation_invalid": "This invitation has expired or was withdrawn. Ask for a new one.",
      "confirmation_wrong": "This is not your login name, so nothing was deleted. Type it as it is shown and try again.",
      "question_not_found": "This question is not known in the room. Ask it again.",
      "question_id_taken": "Another question already has this id. Send it again under a new one.",
      "question_too_long": "A question may have at most {limit} characters. Shorten it and ask again.",
      "document_not_found": "This document is no longer in the room.",
      "document_limit": "This room already holds {limit} documents. Delete one to make space.",
      "document_not_failed": "Only a document that failed can be read again. Wait until this one is ready.",
      "page_not_found": "This document has no such page; its last one is page {limit}.",
      "name_invalid": "This name has characters that cannot be seen, such as line breaks. Choose another name.",
      "upload_empty": "This file is empty. Choose another one.",
      "upload_not_allowed": "Who sent this file may not write in this room any more. Somebody who may can upload it.",
      "upload_too_large": "This file is larger than {limit} MB. Split it and upload the parts.",
      "upload_incomplete": "The file did not arrive as announced. Upload it again.",
      "pdf_invalid": "This file is not a readable PDF. Save it again as PDF and upload that.",
      "pdf_encrypted": "This PDF is protected by a password. Remove the password and upload it again.",
      "pdf_without_text": "No page of this PDF contains text; it is probably scanned. Run text recognition on it and upload the result.",
      "pdf_too_long": "This PDF is too long (at most {limit} pages). Split it and upload the parts.",
      "pdf_too_complex": "Reading this PDF takes too much time or memory. Print it to a new PDF and upload that.",
      "pages_budget": "This PDF has more pages than may still be read today. Upload it again after midnight UTC.",
      "model_unavailable": "The language model does not answer at the moment. Try again in a minute.",
      "search_unavailable": "The search does not answer at the moment. Try again in a minute.",
      "ingest_failed": "Reading this document failed several times. Upload it again; if it fails again, tell the operator its id.",
      "internal": "Something went wrong on our side. Try again; if it stays, tell the operator this id: {detail}."
    },
    "endings": {
      "no_results": "No document that is ready in this room says anything about this. Add a PDF, or wait until it is ready.",
      "refused": "The documents in this room do not answer this question.",
      "stopped": "Stopped.",
      "budget": "Today's budget for questions is used up. It starts anew at midnight UTC.",
      "error": "Sorry, this question could not be answered. Please ask it again.",
      "timeout": "Sorry, no answer came in time. Please ask again in a moment."
    }
  },
  "zh-TW": {
    "errors": {
      "frame_invalid": "無法理解這則訊息（{detail}）。請重新整理頁面後再試一次。",
      "frame_unknown": "不認得這種訊息。請重新整理頁面以取得最新版本。",
      "frame_too_large": "這則訊息太大了。請縮短後再送出。",
      "rate_limited": "訊息太多了，請於 {seconds} 秒後再試一次。",
      "busy": "目前正在回答太多問題，請於 {seconds} 秒後再問一次。",
      "not_signed_in": "登入已過期，請重新登入。",
      "room_not_found": "找不到這個聊天室，或您不是它的成員。請向擁有者索取邀請。",
      "read_only": "您在這個聊天室只能閱讀。請向擁有者要求寫入權限。",
      "not_owner": "只有這個聊天室的擁有者可以這麼做，請向擁有者提出。",
      "owner_cannot_leave": "擁有者無法離開聊天室，請改為刪除它。",
      "room_name_taken": "您已有同名的聊天室，請換一個名稱。",
      "member_limit": "這個聊天室已有 {limit} 位成員，須先由擁有者移除一位。",
      "user_not_found": "還沒有這個名稱的使用者登入過。請檢查名稱，或改用邀請連結。",
      "invitation_invalid": "這個邀請已過期或已撤回，請索取新的邀請。",
      "confirmation_wrong": "這不是您的登入名稱，因此沒有刪除任何資料。請照顯示的名稱輸入後再試一次。",
      "question_not_found": "這個聊天室裡沒有這個問題，請再問一次。",
      "question_id_taken": "另一個問題已使用這個識別碼，請換一個再送出。",
      "question_too_long": "問題最多 {limit} 個字。請縮短後再問一次。",
      "document_not_found": "這份文件已不在聊天室中。",
      "document_limit": "這個聊天室已有 {limit} 份文件。請先刪除一份。",
      "document_not_failed": "只有讀取失敗的文件可以重新讀取。請等待這份文件就緒。",
      "page_not_found": "這份文件沒有這一頁，最後一頁是第 {limit} 頁。",
      "name_invalid": "這個名稱含有看不見的字元（例如換行），請換一個名稱。",
      "upload_empty": "這個檔案是空的，請選擇其他檔案。",
      "upload_not_allowed": "傳送這個檔案的人已無法在這個聊天室寫入。請由有寫入權限的人上傳。",
      "upload_too_large": "檔案超過 {limit} MB。請分割後再分別上傳。",
      "upload_incomplete": "檔案沒有完整送達，請重新上傳。",
      "pdf_invalid": "這個檔案不是可讀取的 PDF。請重新另存為 PDF 後上傳。",
      "pdf_encrypted": "這份 PDF 有密碼保護。請移除密碼後重新上傳。",
      "pdf_without_text": "這份 PDF 沒有任何文字，可能是掃描檔。請先做文字辨識再上傳。",
      "pdf_too_long": "這份 PDF 太長（最多 {limit} 頁）。請分割後再分別上傳。",
      "pdf_too_complex": "讀取這份 PDF 需要過多時間或記憶體。請列印成新的 PDF 後再上傳。",
      "pages_budget": "這份 PDF 的頁數超過今天剩餘的讀取額度。請於世界標準時間午夜後重新上傳。",
      "model_unavailable": "語言模型目前沒有回應，請稍後再試。",
      "search_unavailable": "搜尋服務目前沒有回應，請稍後再試。",
      "ingest_failed": "讀取這份文件失敗多次。請重新上傳；若仍失敗，請將文件識別碼告知管理者。",
      "internal": "系統發生錯誤。請再試一次；若持續發生，請將此識別碼告知管理者：{detail}。"
    },
    "endings": {
      "no_results": "這個聊天室中沒有已就緒的文件談到這個問題。請加入 PDF，或等待文件就緒。",
      "refused": "這個聊天室的文件沒有回答這個問題。",
      "stopped": "已停止。",
      "budget": "今天的提問額度已用完，將於世界標準時間午夜重新計算。",
      "error": "抱歉，無法回答這個問題，請再問一次。",
      "timeout": "抱歉，沒能及時得到答案，請稍後再問一次。"
    }
  }
};
