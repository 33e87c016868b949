import type { ReactNode } from "react";
import type { Answer } from "../store/query-store.ts";
import { Bones, ErrorLine, ErrorState } from "./states.tsx";

interface WithAnswerProps<T> {
  readonly answer: Answer<T> & { readonly reload: () => void };
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/** Bones until the answer is there; when a refresh fails, the last answer with a line above it. */
export function WithAnswer<T>({ answer, rows = 3, children }: WithAnswerProps<T>) {
  if (answer.data === null) {
    return answer.problem === null ? (
      <Bones rows={rows} />
    ) : (
      <ErrorState problem={answer.problem} onRetry={answer.reload} />
    );
  }
  return (
    <>
      <ErrorLine problem={answer.problem} />
      {children(answer.data)}
    </>
  );
}
