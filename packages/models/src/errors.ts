import { defineErrors } from "@freehold/core";

export const modelsErrors = defineErrors({
  MODEL_NONE: {
    status: 503,
    message: "No model is there to answer.",
    next: "Start Ollama with a model, set FREEHOLD_MODEL_URL, or put a GGUF file into the models folder.",
  },
  MODEL_UNKNOWN: {
    status: 404,
    message: (data) => `There is no model "${String(data["model"])}" here now.`,
    next: "Open the Models page, press refresh, and choose one of the models listed there.",
  },
  MODEL_UNREACHABLE: {
    status: 503,
    message: (data) => `${String(data["engine"])} does not answer: ${String(data["problem"])}.`,
    next: "Check that it runs and that the address in the settings is right, then try again.",
  },
  MODEL_BUSY: {
    status: 503,
    message: (data) => `${String(data["engine"])} is busy and went on refusing for ${String(data["tries"])} tries.`,
    next: "Wait until its other requests are done, or raise OLLAMA_MAX_QUEUE, then try again.",
  },
  MODEL_KEY_REFUSED: {
    status: 502,
    message: (data) => `${String(data["engine"])} refused our API key.`,
    next: "Check FREEHOLD_MODEL_KEY.",
  },
  MODEL_CONTEXT_EXCEEDED: {
    status: 413,
    message: (data) =>
      `The prompt has ${String(data["promptTokens"] ?? "too many")} tokens, but ${String(data["model"])} serves ${String(data["contextWindow"] ?? "fewer")}.`,
    next: "Start a new thread or shorten the message; a larger FREEHOLD_MODEL_CONTEXT takes more memory.",
  },
  MODEL_PROMPT_CUT: {
    status: 502,
    message: (data) =>
      `${String(data["engine"])} read only ${String(data["read"])} of about ${String(data["sent"])} prompt tokens.`,
    next: "Raise FREEHOLD_MODEL_CONTEXT, or the context length in the engine's own settings.",
  },
  MODEL_REMOTE: {
    status: 403,
    message: (data) => `"${String(data["model"])}" looks local but runs at ${String(data["host"])}.`,
    next: "Choose a model whose weights are on this machine.",
  },
  MODEL_TOOLS_UNSUPPORTED: {
    status: 422,
    message: (data) => `"${String(data["model"])}" cannot call tools: its chat template has no place for them.`,
    next: "Choose a model that lists tools among its abilities, or chat with tools switched off.",
  },
  MODEL_ANSWER_EMPTY: {
    status: 502,
    message: (data) => `"${String(data["model"])}" answered nothing after tools were offered.`,
    next: "Try again; if it goes on, choose a model with better tool calls.",
  },
  MODEL_STREAM_CUT: {
    status: 502,
    message: (data) => `${String(data["engine"])} broke off in the middle of its answer: ${String(data["problem"])}.`,
    next: "Try again; look into the engine's own log if it goes on.",
  },
  MODEL_ENGINE_FAILED: {
    status: 502,
    message: (data) => `${String(data["engine"])} reported an error: ${String(data["problem"])}.`,
    next: "Look into the engine's own log, then try again or choose another model.",
  },
  MODEL_ENGINE_CRASHED: {
    status: 502,
    message: (data) => `The process that ran ${String(data["model"])} ended: ${String(data["problem"])}.`,
    next: "Try again, it starts anew by itself; a smaller model helps when memory ran out.",
  },
  MODEL_FILE_INVALID: {
    status: 422,
    message: (data) => `${String(data["file"])} is not a model that can be loaded: ${String(data["problem"])}.`,
    next: "Check that the file is complete and is a GGUF, or remove it from the models folder.",
  },
  MODEL_FOLDER_UNREADABLE: {
    status: 500,
    message: (data) => `The models folder ${String(data["folder"])} cannot be read: ${String(data["problem"])}.`,
    next: "Give the service's user the right to read it.",
  },
  MODEL_ABORTED: {
    status: 499,
    message: "The answer was stopped.",
    next: "Send the message again if this was not meant.",
  },
  MODEL_VECTORS_INVALID: {
    status: 502,
    message: (data) => `"${String(data["model"])}" gave no usable vector: ${String(data["problem"])}.`,
    next: "Choose another embedding model; recall goes on by words alone.",
  },
});
