import { Dialog } from "@base-ui/react/dialog";
import { useLayoutEffect, useState, type ReactNode } from "react";
import { IconButton } from "./button.tsx";

interface SheetProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** An answer is needed: a press beside the sheet does not close it. */
  readonly alert?: boolean;
}

/** A dialog in the middle of a wide window, a sheet from below on the phone. Focus stays inside and returns. */
export function Sheet({ open, ...rest }: SheetProps) {
  return open ? <OpenSheet {...rest} /> : null;
}

/**
 * While a sheet is open, the page behind takes no focus and no press. Afterwards the focus goes back to where it was,
 * or to the page when that place is gone.
 */
function useModal(): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const page = document.querySelector<HTMLElement>("#root");
    if (page !== null) page.inert = true;
    return () => {
      setTimeout(() => {
        // One sheet may follow another.
        if (document.querySelector(".sheet") !== null) return;
        if (page !== null) page.inert = false;
        const place = before?.isConnected === true ? before : document.querySelector("#main");
        if (place instanceof HTMLElement) place.focus();
      });
    };
  }, [before]);
}

function OpenSheet({ title, onClose, children, footer, alert = false }: Omit<SheetProps, "open">) {
  useModal();
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()} disablePointerDismissal={alert}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup finalFocus={false} className="sheet" role={alert ? "alertdialog" : "dialog"}>
          <div className="md:hidden mx-auto mt-2 h-1 w-9 rounded-full bg-edge" aria-hidden="true" />
          <header className="flex items-center justify-between gap-3 ps-5 pe-3 pt-3">
            <Dialog.Title className="wrap-anywhere min-w-0">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon="x" label="Close" />} />
          </header>
          <div className="grid min-h-0 content-start gap-4 overflow-y-auto px-5 pt-2 pb-5 [grid-template-columns:minmax(0,1fr)]">
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3 max-md:[&>.btn]:min-h-[48px] max-md:[&>.btn]:flex-1">
              {footer}
            </footer>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
