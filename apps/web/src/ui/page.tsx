import type { ReactNode } from "react";

/** The width and spacing of a page's content. */
export function PageBody({ children, narrow = false }: { readonly children: ReactNode; readonly narrow?: boolean }) {
  return (
    <main
      className={`mx-auto grid w-full content-start gap-8 p-4 md:p-6 [grid-template-columns:minmax(0,1fr)] ${narrow ? "max-w-[840px]" : "max-w-[1360px]"}`}
    >
      {children}
    </main>
  );
}

/** Content with a column beside it; below it where the window is narrow. */
export function WithSide({
  children,
  side,
  label,
}: {
  readonly children: ReactNode;
  readonly side: ReactNode;
  readonly label: string;
}) {
  return (
    <div className="grid flex-1 [grid-template-columns:minmax(0,1fr)] xl:[grid-template-columns:minmax(0,1fr)_372px]">
      <main className="mx-auto grid w-full max-w-[840px] content-start gap-6 p-4 md:p-6 [grid-template-columns:minmax(0,1fr)]">
        {children}
      </main>
      <aside
        aria-label={label}
        className="grid content-start gap-8 border-line p-4 md:p-6 xl:border-s max-xl:mx-auto max-xl:w-full max-xl:max-w-[840px] [grid-template-columns:minmax(0,1fr)]"
      >
        {side}
      </aside>
    </div>
  );
}
