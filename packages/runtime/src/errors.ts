import { defineErrors } from "@freehold/core";

export const runtimeErrors = defineErrors({
  RUN_NOT_FOUND: {
    status: 404,
    message: (data) => `There is no run ${String(data["runId"])}.`,
    next: "Go back to the thread; its runs are listed there.",
  },
  RUN_LOG_INVALID: {
    status: 500,
    message: (data) =>
      `Event ${String(data["seq"])} of run ${String(data["runId"])} cannot be read: ${String(data["problem"])}`,
    next: "Start the version that wrote it, or restore the last backup.",
  },
  RUN_LEASE_LOST: {
    status: 409,
    audience: "local",
    message: (data) => `Another worker has taken run ${String(data["runId"])}.`,
    next: "Nothing: the other worker goes on with it.",
  },
  RUN_CRASHED: {
    status: 500,
    message: (data) => `The run ended its worker ${String(data["times"])} times at the same point.`,
    next: "Look at the log for the cause, then send the message again.",
  },
  RUN_STEP_LIMIT: {
    status: 422,
    message: (data) => `The model asked for tools ${String(data["limit"])} times without coming to an answer.`,
    next: "Ask for a smaller step, or choose a more capable model.",
  },
  APPROVAL_NOT_FOUND: {
    status: 404,
    message: "There is no such approval.",
    next: "Look at the list of what waits for you; it may have been withdrawn.",
  },
  APPROVAL_DECIDED: {
    status: 409,
    message: (data) => `This was decided before: ${String(data["state"])}.`,
    next: "Nothing: a decision counts once.",
  },
  APPROVAL_EXPIRED: {
    status: 410,
    message: "This question has expired, and nothing was done.",
    next: "Send the message again; the agent asks anew.",
  },
  APPROVAL_CHANGED: {
    status: 409,
    message: "What you were shown is not what is being asked.",
    next: "Reload the page and look at the question again.",
  },
  MODEL_MISSING: {
    status: 503,
    message: "No model is set up.",
    next: "Choose a model on the Models page, then send the message again.",
  },
  MODEL_EMPTY_ANSWER: {
    status: 502,
    message: "The model answered with nothing.",
    next: "Try again, or choose another model.",
  },
  MODEL_STREAM_BROKEN: {
    status: 502,
    message: (data) => `The model's answer broke off: ${String(data["problem"])}`,
    next: "Check that the model's engine is running, then try again.",
  },
  CONTEXT_TOO_SMALL: {
    status: 413,
    message: (data) =>
      `The message needs ${String(data["tokens"])} tokens, and the model takes ${String(data["limit"])} beside its answer.`,
    next: "Shorten the message, start a new thread, or serve the model with a larger context.",
  },
  TOOL_CALL_INVALID: {
    status: 502,
    message: (data) => `The model could not write a usable tool call: ${String(data["problem"])}`,
    next: "Ask again in other words, or choose a model that is better with tools.",
  },
});
