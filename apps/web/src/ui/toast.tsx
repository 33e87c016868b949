import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";

type ShowToast = (text: string) => void;
const ToastContext = createContext<ShowToast>(() => undefined);

/** Says one sentence for six seconds. */
export function useToast(): ShowToast {
  return use(ToastContext);
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [text, setText] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const show = useCallback((next: string) => {
    if (timer.current !== null) clearTimeout(timer.current);
    setText(next);
    timer.current = setTimeout(() => setText(null), 6000);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div
        role="status"
        className="fixed inset-x-0 bottom-[calc(var(--tabs)+16px)] z-30 flex justify-center pointer-events-none"
      >
        {text !== null && <p className="toast pointer-events-auto">{text}</p>}
      </div>
    </ToastContext>
  );
}
