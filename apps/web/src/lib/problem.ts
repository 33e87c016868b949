import { ApiError } from "@freehold/contract";

/** What a person is told about a failure. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return { code: error.code, message: error.message, next: error.next };
  if (error instanceof Error && error.name === "ZodError") {
    return {
      code: "PAGE_AND_AGENT_DIFFER",
      message: "The agent's answer has a form that this page does not know.",
      next: "Reload the page: it may be older than the agent.",
    };
  }
  return {
    code: "PAGE_FAILED",
    message: "Something in this page went wrong.",
    next: "Reload the page. Nothing is lost: the agent holds everything.",
  };
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
