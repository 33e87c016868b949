import type { ReactNode } from "react";
import { Icon } from "../ui/icon.tsx";

/** The page before there is a house: one card in the middle, the whole screen on the phone. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-[640px] grid-rows-[auto_1fr] p-4 md:p-6">
      <header className="flex min-h-8 items-center gap-2">
        <Icon name="mark" size={24} />
        <b>Freehold</b>
        <span className="ms-auto min-w-0 truncate text-small text-muted">
          on <b>{location.host}</b>
        </span>
      </header>
      <div className="self-start max-md:self-stretch max-md:pt-6 md:mt-[clamp(24px,10dvh,104px)] md:rounded-3 md:border md:border-line md:bg-surface md:p-8">
        {children}
      </div>
    </main>
  );
}

/** Where one is, in words and by a line. */
export function Dots({ steps, at }: { readonly steps: readonly string[]; readonly at: number }) {
  return (
    <ol className="grid auto-cols-fr grid-flow-col gap-2 text-tiny" aria-label={`Step ${at + 1} of ${steps.length}`}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={`border-t-[3px] pt-2 ${index <= at ? "border-accent" : "border-line"} ${index === at ? "font-medium text-ink" : "text-faint"}`}
          {...(index === at ? { "aria-current": "step" } : {})}
        >
          {step}
        </li>
      ))}
    </ol>
  );
}
