import { defineErrors } from "@freehold/core";

export const memoryErrors = defineErrors({
  THREAD_NOT_FOUND: {
    status: 404,
    message: (data) => `There is no thread ${String(data["threadId"])}.`,
    next: "Go back to the list of threads; this one may have been forgotten.",
  },
  BLOCK_INVALID: {
    status: 400,
    message: (data) => `The block cannot be written: ${String(data["problem"])}.`,
    next: "Use a short lower-case name (letters, digits, hyphens) and at most 8,000 characters of text.",
  },
  NOTE_EMPTY: {
    status: 400,
    message: "There is nothing to remember: the text is empty.",
    next: "Give the note some text.",
  },
  CURSOR_INVALID: {
    status: 400,
    message: (data) => `"${String(data["cursor"])}" does not continue any list.`,
    next: "Start again from the first page.",
  },
  IMPORT_INVALID: {
    status: 400,
    message: (data) => `Line ${String(data["line"])} of the import is not valid: ${String(data["problem"])}`,
    next: "Import a file that this program's export wrote, unchanged; nothing of this file was imported.",
  },
});
