import type { ReactNode } from "react";
import type { Problem } from "../lib/problem.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-3 px-6 py-8 text-center text-muted">
      <span className="text-faint">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p className="max-w-[36ch] text-small">{children}</p>}
      {action}
    </div>
  );
}

/** What happened, and what to do about it. */
export function ErrorState({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => void }) {
  return (
    <div role="alert">
      <Empty
        icon="warn"
        title={problem.message}
        action={
          <>
            {onRetry !== undefined && (
              <Button tone="primary" icon="refresh" onClick={onRetry}>
                Try again
              </Button>
            )}
            <code className="text-tiny text-faint">{problem.code}</code>
          </>
        }
      >
        {problem.next}
      </Empty>
    </div>
  );
}

/** The same in one line, beside what failed. */
export function ErrorLine({ problem }: { readonly problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <p role="alert" className="flex items-start gap-2 text-small text-denied wrap-anywhere">
      <span className="mt-[2px]">
        <Icon name="warn" />
      </span>
      <span>
        {problem.message} <span className="text-muted">{problem.next}</span>
      </span>
    </p>
  );
}

const widths = ["w-[55%]", "w-[70%]", "w-[42%]"] as const;

/** Bones in the shape of the rows that will come. */
export function Bones({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div className="rows" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="grid gap-2 px-4 py-3">
          <span className={`bone ${widths[row % widths.length] ?? ""}`} />
          <span className="bone w-[30%]" />
        </div>
      ))}
    </div>
  );
}
