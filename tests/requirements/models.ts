import { defineRequirements } from "../requirements.ts";

const models = "docs/models.md";

/** What the model room promises. */
export const modelsRequirements = defineRequirements({
  "models.demo.any-order": {
    source: `${models}#demo`,
    behavior:
      "The three example prompts work in any order and twice in one thread, among recalled text and nine tools.",
  },
  "models.demo.anything-else": {
    source: `${models}#demo`,
    behavior: "Any other prompt gets one sentence on installing a real model, before and after examples.",
  },
  "models.demo.no-false-success": {
    source: `${models}#demo`,
    behavior: "After a tool result that is denied, failed or unknown the demo model claims no success.",
    break: {
      file: "packages/models/src/demo/template.ts",
      find: '.filter((outcome) => outcome !== "ok")',
      replace: '.filter((outcome) => outcome === "ok")',
    },
  },
  "models.calls.repaired": {
    source: `${models}#tool-calls`,
    behavior: "A tool call with the usual slips of small models is mended into a call of the offered tool.",
  },
  "models.calls.bad-visible": {
    source: `${models}#tool-calls`,
    behavior: "A call that cannot be read, or names no offered tool, arrives as such with one sentence for the model.",
  },
  "models.calls.cut-not-mended": {
    source: `${models}#tool-calls`,
    behavior: "A call that the token limit cut off is never completed by us and run.",
    break: {
      file: "packages/models/src/answer-events.ts",
      find: 'const cut = engine === "length" && !piece.closed;',
      replace: "const cut = false;",
    },
  },
  "models.context-exceeded": {
    source: `${models}#context`,
    behavior: "A prompt that does not fit is refused with both figures, never cut, and the engine stays usable.",
    break: {
      file: "packages/models/src/embedded/loaded-model.ts",
      find: "if (room < 1) {",
      replace: "if (room < -1e9) {",
    },
  },
  "models.abort": {
    source: `${models}#streams`,
    behavior: "Aborting the signal stops the engine and ends the stream with one error that says so.",
  },
  "models.errors-in-stream": {
    source: `${models}#streams`,
    behavior:
      "Whatever breaks in the middle of an answer arrives as exactly one error event with a code and a next step.",
  },
  "models.empty-is-failure": {
    source: `${models}#tool-calls`,
    behavior: "An empty answer after tools were offered is a failure, not an answer.",
    break: {
      file: "packages/models/src/ollama/ollama-model.ts",
      find: "if (reader.empty && request.tools.length > 0) {",
      replace: "if (reader.empty && request.tools.length > 1_000) {",
    },
  },
  "models.embedded.exact-count": {
    source: `${models}#embedded`,
    behavior: "The embedded engine's count of a request is the number of tokens that it then reads.",
  },
  "models.embedded.prefix-reuse": {
    source: `${models}#embedded`,
    behavior: "What two prompts share at their beginning is read once, and reported as cached.",
    break: {
      file: "packages/models/src/embedded/loaded-model.ts",
      find: "while (keep < tokens.length - 1 && cached[keep] === tokens[keep]) keep += 1;",
      replace: "keep += cached.length * 0;",
    },
  },
  "models.embedded.crash": {
    source: `${models}#embedded`,
    behavior: "When the engine's process dies, the answer ends with a clear error and the next request starts another.",
  },
  "models.embedded.no-injection": {
    source: `${models}#embedded`,
    behavior: "Control tokens written into a message are text: no message can end itself or speak for another.",
    break: {
      file: "packages/models/src/embedded/render-prompt.ts",
      find: "content: withoutControls(message.content, controls)",
      replace: "content: message.content",
    },
  },
  "models.ollama.never-cut": {
    source: `${models}#ollama`,
    behavior: "Ollama is told not to cut prompts, and an answer to a cut prompt is not accepted.",
    break: {
      file: "packages/models/src/ollama/ollama-model.ts",
      find: "truncate: false,",
      replace: "truncate: true,",
    },
  },
  "models.ollama.remote-refused": {
    source: `${models}#ollama`,
    behavior: "A model that looks local but runs elsewhere is refused before any prompt is sent.",
    break: {
      file: "packages/models/src/ollama/ollama-model.ts",
      find: "if (remoteHost !== null) throw",
      replace: "if (remoteHost === name) throw",
    },
  },
  "models.ollama.count-learns": {
    source: `${models}#ollama`,
    behavior: "Counts for Ollama follow what it reports, and stay at or above it.",
  },
  "models.openai.exact-count": {
    source: `${models}#openai`,
    behavior: "With llama-server the count of a request is the number of tokens that it then reads, tools included.",
  },
  "models.catalogue.order": {
    source: `${models}#detection`,
    behavior: "Ollama comes first, then the configured server, then a file in the models folder, then the demo.",
  },
  "models.catalogue.appears": {
    source: `${models}#detection`,
    behavior: "A real model that appears is used without a restart; engines are asked every 30 s at most.",
  },
  "models.catalogue.choice-kept": {
    source: `${models}#choice`,
    behavior: "The owner's choice of a model lasts over restarts and is changed without one.",
  },
  "models.catalogue.no-silent-switch": {
    source: `${models}#choice`,
    behavior: "When the chosen model is gone, no other one answers in its place.",
    break: {
      file: "packages/models/src/catalogue/catalogue.ts",
      find: "isUsable(entry) && (chosen === null || entry.model.id === chosen)",
      replace: "isUsable(entry)",
    },
  },
});
