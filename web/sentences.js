// Made from documind.errors by `make docs`; a test holds it to that.

/** @type {Record<string, [string, string]>} why a document failed, in English and Chinese */
export const reasons = {
  upload_empty: ["This file is empty. Choose another one.", "這個檔案是空的，請選擇其他檔案。"],
  upload_not_allowed: ["The sender of this file may no longer write in this room. Ask someone with write access to upload it.", "傳送這個檔案的人已無法在這個聊天室寫入。請由有寫入權限的人上傳。"],
  upload_too_large: ["This file is larger than {limit} MB. Split it and upload the parts.", "檔案超過 {limit} MB。請分割後再分別上傳。"],
  upload_incomplete: ["The file did not arrive complete. Upload it again.", "檔案沒有完整送達，請重新上傳。"],
  pdf_invalid: ["This file is not a readable PDF. Save it again as PDF and upload that.", "這個檔案不是可讀取的 PDF。請重新另存為 PDF 後上傳。"],
  pdf_encrypted: ["This PDF is protected by a password. Remove the password and upload it again.", "這份 PDF 有密碼保護。請移除密碼後重新上傳。"],
  pdf_without_text: ["No page of this PDF contains text; it is probably scanned. Run text recognition on it and upload the result.", "這份 PDF 沒有任何文字，可能是掃描檔。請先做文字辨識再上傳。"],
  pdf_garbled: ["The fonts of this PDF do not say which characters they show. Run text recognition and upload the result.", "這份 PDF 的字型沒有標明所顯示的字元。請做文字辨識後再上傳。"],
  pdf_package: ["This PDF is only a package of files. Upload those files.", "這份 PDF 只是檔案套件，請上傳其中的檔案。"],
  pdf_dynamic_form: ["This PDF is a dynamic form (XFA) without pages. Print it from Adobe Acrobat to a new PDF and upload that.", "這份 PDF 是沒有頁面的動態表單（XFA）。請用 Adobe Acrobat 列印成新的 PDF 後再上傳。"],
  pdf_too_long: ["This PDF is too long (at most {limit} pages). Split it and upload the parts.", "這份 PDF 太長（最多 {limit} 頁）。請分割後再分別上傳。"],
  pdf_too_complex: ["Reading this PDF takes too much time or memory. Print it to a new PDF and upload that.", "讀取這份 PDF 需要過多時間或記憶體。請列印成新的 PDF 後再上傳。"],
  pages_budget: ["This PDF has more pages than may still be read today. Upload it again after midnight UTC.", "這份 PDF 的頁數超過今天剩餘的讀取額度。請於世界標準時間午夜後重新上傳。"],
  model_unavailable: ["The language model does not answer at the moment. Try again in a minute.", "語言模型目前沒有回應，請稍後再試。"],
  search_unavailable: ["The search does not answer at the moment. Try again in a minute.", "搜尋服務目前沒有回應，請稍後再試。"],
  ingest_failed: ["Reading this document failed several times. Upload it again; if it fails again, tell the operator its id.", "讀取這份文件失敗多次。請重新上傳；若仍失敗，請將文件識別碼告知管理者。"],
  internal: ["Something went wrong on our side. Try again; if it stays, tell the operator this id: {detail}.", "系統發生錯誤。請再試一次；若持續發生，請將此識別碼告知管理者：{detail}。"],
};

/** @type {Record<Exclude<import("./protocol.d.ts").Ending, "answer">, [string, string]>} */
export const endings = {
  no_results: ["No document that is ready in this room says anything about this. Add a PDF, or wait until it is ready.", "這個聊天室中沒有已就緒的文件談到這個問題。請加入 PDF，或等待文件就緒。"],
  refused: ["The documents in this room do not answer this question.", "這個聊天室的文件沒有回答這個問題。"],
  greeting: ["Glad to help. Ask me about the documents.", "很高興為您服務，請詢問這裡的文件。"],
  stopped: ["Stopped.", "已停止。"],
  budget: ["Today's budget for questions is used up. It starts anew at midnight UTC.", "今天的提問額度已用完，將於世界標準時間午夜重新計算。"],
  error: ["Sorry, this question could not be answered. Please ask it again.", "抱歉，無法回答這個問題，請再問一次。"],
  timeout: ["Sorry, no answer came in time. Please ask again in a moment.", "抱歉，沒能及時得到答案，請稍後再問一次。"],
};
