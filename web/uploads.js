// Uploads: hashes a file, registers it in the room, and posts it directly to the bucket.

import { Refused } from "./connection.js";
import { failureSentence } from "./outcomes.js";

/** @import { UploadTarget } from "./protocol.d.ts" */

const LANES = 3; // a registered file must be on its way within 5 minutes, and hashing keeps all of it in memory

export class Uploads {
  #page;
  /** @type {string[]} */ #duplicates = [];
  #told = "";
  /** @type {Promise<void>[]} */ #lanes = Array(LANES).fill(Promise.resolve()); // the files of each are uploaded one after the other

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    window.addEventListener("beforeunload", (event) => {
      if (this.#page.state.transfers.some(({ phase }) => phase !== "failed")) event.preventDefault(); // leaving the page would lose an upload
    });
  }

  /** @param {Iterable<File>} files dropped or chosen, for the open room or a new one named after the first file */
  async add(files) {
    const chosen = [...files]; // a drop's list of files is emptied after its event
    if (chosen.length === 0) return;
    while (this.#page.state.opening) await new Promise((resolve) => setTimeout(resolve, 200)); // they are for that room
    if (this.#page.state.session.status !== "signed_in") return; // the user has signed out meanwhile
    if (!this.#page.state.room) {
      const pdf = chosen.find(isPdf);
      if (!pdf) return this.#page.store.set({ notice: failureSentence(this.#page.state, "pdf_invalid") });
      await this.#page.openRoom({ room: roomName(pdf.name) });
    }
    const { room } = this.#page.state;
    if (!room || room.role === "reader") return;
    for (const file of chosen) {
      /** @type {Transfer} */
      const transfer = {
        ...{ transfer_id: crypto.randomUUID(), chat_id: room.chat_id, file },
        ...{ phase: "hashing", fraction: 0, document_id: null, error: null },
      };
      this.#page.store.set({ transfers: [...this.#page.state.transfers, transfer] });
      this.#run(transfer, room.limits.max_upload_bytes);
    }
  }

  /** @param {string} transfer_id */
  retry(transfer_id) {
    const transfer = this.#page.state.transfers.find((each) => each.transfer_id === transfer_id);
    this.dismiss(transfer_id);
    if (transfer) this.add([transfer.file]);
  }

  /** @param {string} transfer_id */
  dismiss(transfer_id) {
    const { transfers } = this.#page.state;
    this.#page.store.set({ transfers: transfers.filter((each) => each.transfer_id !== transfer_id) });
  }

  /** @param {Transfer} transfer @param {number} max_bytes */
  #run(transfer, max_bytes) {
    const { transfer_id, file } = transfer;
    if (!isPdf(file)) return this.#fail(transfer_id, "pdf_invalid");
    if (file.size === 0) return this.#fail(transfer_id, "upload_empty");
    if (file.size > max_bytes) return this.#fail(transfer_id, "upload_too_large");
    const [lane, ...others] = this.#lanes;
    this.#lanes = [...others, lane.then(() => this.#send(transfer))];
  }

  /** @param {Transfer} transfer */
  async #send({ transfer_id, chat_id, file }) {
    if (!this.#page.state.transfers.some((each) => each.transfer_id === transfer_id)) return; // the user has signed out
    try {
      const sha256 = await fingerprint(file);
      const name = file.name.slice(0, 255);
      /** @type {UploadTarget} */
      const target = await this.#page.connection.request({ type: "upload", chat_id, name, size: file.size, sha256 });
      this.#change(transfer_id, { phase: "sending", document_id: target.document.document_id });
      if (target.url) await post(target.url, target.fields, file, (fraction) => this.#change(transfer_id, { fraction }));
      else this.#tellDuplicate(file.name);
      this.dismiss(transfer_id);
    } catch (error) {
      if (error instanceof Refused) this.#change(transfer_id, { phase: "failed", error: error.message });
      else this.#fail(transfer_id, "upload_incomplete");
    }
  }

  /** @param {string} transfer_id @param {Code} code */
  #fail(transfer_id, code) {
    this.#change(transfer_id, { phase: "failed", error: failureSentence(this.#page.state, code) });
  }

  /** @param {string} name of a file that the room already has; one notice lists all of them */
  #tellDuplicate(name) {
    const { state, t } = this.#page;
    this.#duplicates = state.notice === this.#told ? [...this.#duplicates, name] : [name];
    this.#told = t.duplicate(this.#duplicates.join(t.comma));
    this.#page.store.set({ notice: this.#told });
  }

  /** @param {string} transfer_id @param {Partial<Transfer>} values */
  #change(transfer_id, values) {
    const { transfers } = this.#page.state;
    const changed = transfers.map((each) => (each.transfer_id === transfer_id ? { ...each, ...values } : each));
    this.#page.store.set({ transfers: changed });
  }
}

/** @param {File} file */
function isPdf({ name, type }) {
  return /\.pdf$/i.test(name) || type === "application/pdf";
}

/** @param {string} name of a file @returns {string} a room name for it */
function roomName(name) {
  return [...name.replace(/\.pdf$/i, "").replaceAll("_", " ").trim()].slice(0, 100).join("") || "PDF";
}

/** @param {File} file @returns {Promise<string>} its SHA-256 in hexadecimal */
async function fingerprint(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Post a file as a form; by XMLHttpRequest, because fetch does not report upload progress.
 * @param {string} url
 * @param {Record<string, string>} fields the form's fields, all before the file
 * @param {File} file
 * @param {(fraction: number) => void} onProgress called with 0 to 1
 * @returns {Promise<void>} rejected if the bucket refuses it or the network fails
 */
function post(url, fields, file, onProgress) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => onProgress(event.total ? event.loaded / event.total : 0));
    request.addEventListener("load", () =>
      request.status < 300 ? resolve() : reject(new Error(`upload: ${request.status}`)),
    );
    request.addEventListener("error", () => reject(new Error("upload: network")));
    request.open("POST", url);
    request.send(form);
  });
}
