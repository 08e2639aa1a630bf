// The words of the page, in both languages; how a question ended and why something failed is in sentences.js.

/** @import { Language } from "./types.d.ts" */

const KEPT = "documind.language";

const en = {
  sign_in: "Sign in",
  sign_in_other: "Sign in as somebody else",
  sign_in_demo: "Continue as the demo user",
  sign_out: "Sign out",
  signed_out: "Chat with your PDFs. Sign in to open your rooms.",
  start_failed: "The sign-in did not work. Check that the service is running, then try again.",
  starting: "Starting …",
  account: "Account",
  menu: "Rooms and documents",
  close: "Close",
  connection: { connecting: "Connecting …", open: "Connected", waiting: "No connection; trying again …", closed: "Disconnected" },
  no_reply: "There was no reply. Check your connection, then try again.",
  rooms: "Rooms",
  new_room: "New room",
  room_name: "Name of the room",
  open_room: "Open",
  no_rooms: "You have no room yet. Give your first one a name: your PDFs and questions will live there.",
  no_room_open: "Open a room on the left.",
  members: (/** @type {number} */ count) => (count === 1 ? "1 person here" : `${count} people here`),
  read_only: "You can read in this room but not write.",
  documents: "Documents",
  add_pdf: "Add PDF",
  drop_here: "Drop PDFs to add them to this room",
  no_documents: "No documents yet. Drop PDFs anywhere on this page, or choose them with “Add PDF”.",
  phase: {
    hashing: "checking the file",
    sending: (/** @type {number} */ percent) => `uploading, ${percent} %`,
  },
  status: {
    awaiting_upload: "waiting for the file",
    queued: "queued for reading",
    reading: (/** @type {number} */ done, /** @type {number} */ total) =>
      total ? `reading ${done} of ${total} pages` : "reading",
    ready: (/** @type {number} */ total) => `ready, ${total} ${total === 1 ? "page" : "pages"}`,
    deleting: "being deleted",
    deleted: "deleted",
  },
  pages_empty: (/** @type {number} */ count) => `${count} ${count === 1 ? "page" : "pages"} without text`,
  retry: "Try again",
  dismiss: "Dismiss",
  conversation: "Conversation",
  no_messages: "Ask something about the documents of this room. Every answer names the pages it stands on.",
  no_messages_documents: "Add a PDF to this room first; then ask about it here.",
  starters: {
    welcome: ["What is a room?", "What is the size limit of a PDF?", "What does the number behind a sentence mean?"],
    any: ["What is this document about?", "What are its most important points?"],
  },
  older: "Show older messages",
  loading: "Loading …",
  ask_label: "Your question",
  ask_placeholder: "Ask about the documents …",
  ask_hint: "Enter sends, Shift + Enter makes a new line",
  too_long: (/** @type {number} */ most) => `At most ${most} characters.`,
  send: "Send",
  stop: "Stop",
  stopping: "Stopping …",
  sending: "sending …",
  not_sent: "Not sent.",
  answer: "Answer",
  stage: {
    waiting: "waiting for an answer",
    searching: (/** @type {number} */ count) => `searching ${count} ${count === 1 ? "document" : "documents"}`,
    reading: "reading",
    writing: "writing",
  },
  answered: "The answer is complete.",
  sources: "Sources",
  score: (/** @type {string} */ score) => `relevance ${score}`,
  page: (/** @type {number} */ page) => `page ${page}`,
  page_of: (/** @type {number} */ page, /** @type {number} */ total) => `page ${page} of ${total}`,
  show_source: (/** @type {string} */ name, /** @type {number} */ page) => `Show page ${page} of ${name}`,
  quote: "Passage",
  removed_document: "removed document",
  document: "Document",
  previous_page: "Previous page",
  next_page: "Next page",
  zoom_in: "Zoom in",
  zoom_out: "Zoom out",
  pdf_failed: "This PDF could not be shown. Open it again.",
  notices: {
    duplicate: "This very file is already in the room.",
    removed: "You are no longer a member of this room.",
    deleted: "This room was deleted.",
  },
};

/** @type {typeof en} */
const zh = {
  sign_in: "登入",
  sign_in_other: "以其他身分登入",
  sign_in_demo: "以示範使用者繼續",
  sign_out: "登出",
  signed_out: "與您的 PDF 對話。請登入以開啟聊天室。",
  start_failed: "登入沒有成功。請確認服務正在執行，然後再試一次。",
  starting: "啟動中…",
  account: "帳號",
  menu: "聊天室與文件",
  close: "關閉",
  connection: { connecting: "連線中…", open: "已連線", waiting: "連線中斷，重新連線中…", closed: "已中斷連線" },
  no_reply: "沒有收到回覆。請檢查網路連線，然後再試一次。",
  rooms: "聊天室",
  new_room: "新聊天室",
  room_name: "聊天室名稱",
  open_room: "開啟",
  no_rooms: "您還沒有聊天室。請為第一個聊天室取名，您的 PDF 與問題都會放在那裡。",
  no_room_open: "請從左側開啟一個聊天室。",
  members: (count) => `${count} 人在線上`,
  read_only: "您在這個聊天室只能閱讀，不能發言。",
  documents: "文件",
  add_pdf: "加入 PDF",
  drop_here: "放開以將 PDF 加入這個聊天室",
  no_documents: "還沒有文件。把 PDF 拖放到頁面任何地方，或用「加入 PDF」選擇檔案。",
  phase: { hashing: "檢查檔案中", sending: (percent) => `上傳中 ${percent}%` },
  status: {
    awaiting_upload: "等待檔案送達",
    queued: "排隊等待讀取",
    reading: (done, total) => (total ? `讀取中，第 ${done} 頁，共 ${total} 頁` : "讀取中"),
    ready: (total) => `就緒，共 ${total} 頁`,
    deleting: "刪除中",
    deleted: "已刪除",
  },
  pages_empty: (count) => `${count} 頁沒有文字`,
  retry: "再試一次",
  dismiss: "關閉",
  conversation: "對話",
  no_messages: "請針對這個聊天室的文件提問。每個答案都會註明依據的頁碼。",
  no_messages_documents: "請先在這個聊天室加入 PDF，再到這裡提問。",
  starters: {
    welcome: ["什麼是聊天室？", "一份 PDF 的大小上限是多少？", "句子後面的數字代表什麼？"],
    any: ["這份文件在談什麼？", "這份文件的重點是什麼？"],
  },
  older: "顯示較早的訊息",
  loading: "載入中…",
  ask_label: "您的問題",
  ask_placeholder: "針對文件提問…",
  ask_hint: "Enter 送出，Shift + Enter 換行",
  too_long: (most) => `最多 ${most} 個字。`,
  send: "送出",
  stop: "停止",
  stopping: "停止中…",
  sending: "傳送中…",
  not_sent: "尚未送出。",
  answer: "答案",
  stage: {
    waiting: "等待答案",
    searching: (count) => `正在搜尋 ${count} 份文件`,
    reading: "閱讀中",
    writing: "撰寫中",
  },
  answered: "答案已完成。",
  sources: "出處",
  score: (score) => `相關度 ${score}`,
  page: (page) => `第 ${page} 頁`,
  page_of: (page, total) => `第 ${page} 頁，共 ${total} 頁`,
  show_source: (name, page) => `顯示「${name}」第 ${page} 頁`,
  quote: "段落原文",
  removed_document: "已移除的文件",
  document: "文件",
  previous_page: "上一頁",
  next_page: "下一頁",
  zoom_in: "放大",
  zoom_out: "縮小",
  pdf_failed: "無法顯示這份 PDF，請再開啟一次。",
  notices: {
    duplicate: "這個檔案已經在聊天室中了。",
    removed: "您已不是這個聊天室的成員。",
    deleted: "這個聊天室已被刪除。",
  },
};

/** @typedef {typeof en} Strings */
/** @type {Record<Language, Strings>} */
export const strings = { en, "zh-TW": zh };

/** @returns {Language} the one that was chosen here before, or else the browser's */
export function preferredLanguage() {
  const languages = [localStorage.getItem(KEPT), ...navigator.languages];
  for (const language of languages) {
    if (language?.startsWith("zh")) return "zh-TW";
    if (language?.startsWith("en")) return "en";
  }
  return "en";
}

/** @param {Language} language */
export function keepLanguage(language) {
  localStorage.setItem(KEPT, language);
}
