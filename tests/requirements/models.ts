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
});
