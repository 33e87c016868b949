import { useSyncExternalStore, type AnchorHTMLAttributes } from "react";

const pages = ["chat", "approvals", "wallet", "memory", "tools", "models", "activity", "settings"] as const;
export type Page = (typeof pages)[number];

export interface Place {
  readonly page: Page;
  /** The thread or server that is open. */
  readonly id: string | null;
}

/** `/` is a new chat, `/chat/<thread>`, `/tools/<server>`; anything unknown is the chat. */
export function parsePlace(path: string): Place {
  const [first = "", id = ""] = (path.split("#")[0] ?? "").split("/").filter((part) => part !== "");
  const page = pages.find((candidate) => candidate === first) ?? "chat";
  return { page, id: id === "" ? null : decodeURIComponent(id) };
}

export function hrefOf(page: Page, id?: string | null): string {
  if (id !== undefined && id !== null) return `/${page}/${encodeURIComponent(id)}`;
  return page === "chat" ? "/" : `/${page}`;
}

const moved = "freehold:moved";

export function navigate(href: string, { replace = false } = {}): void {
  if (href === location.pathname + location.hash) return;
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  window.dispatchEvent(new Event(moved));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(moved, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(moved, listener);
  };
}

/** The address's path with its fragment. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname + location.hash);
}

/** A link that stays in the page; with a modifier key the browser does what it always does. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}
