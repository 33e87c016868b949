import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Sheet } from "../ui/sheet.tsx";

const LinkContext = createContext<(href: string) => void>(() => undefined);

/** Asks the owner before an address from a model or a tool is opened. */
export function useOpenLink(): (href: string) => void {
  return use(LinkContext);
}

function hostOf(href: string): string {
  return URL.canParse(href) ? new URL(href).host : "";
}

export function LinkGuard({ children }: { readonly children: ReactNode }) {
  const [href, setHref] = useState<string | null>(null);
  const open = useMemo(() => (next: string) => setHref(next), []);
  const close = (): void => setHref(null);
  return (
    <LinkContext value={open}>
      {children}
      <Sheet
        open={href !== null}
        title="Open this address?"
        onClose={close}
        alert
        footer={
          <>
            <Button onClick={close}>Stay here</Button>
            <Button
              tone="primary"
              onClick={() => {
                window.open(href ?? "", "_blank", "noopener,noreferrer");
                close();
              }}
            >
              Open in a new tab
            </Button>
          </>
        }
      >
        {href !== null && (
          <>
            <p className="text-title font-strong wrap-anywhere" dir="ltr">
              {hostOf(href)}
            </p>
            <p className="well" dir="ltr">
              {href}
            </p>
            <p className="flex gap-2 text-small text-muted">
              <span className="mt-[2px] text-asks">
                <Icon name="warn" />
              </span>
              <span>
                The agent wrote this address. An address can carry away what the conversation holds: read it first.
              </span>
            </p>
          </>
        )}
      </Sheet>
    </LinkContext>
  );
}
