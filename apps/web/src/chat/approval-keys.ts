import { useEffect } from "react";

function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-approval][data-keys]")];
}

function currentCard(all: readonly HTMLElement[]): HTMLElement | null {
  return all.find((card) => card.contains(document.activeElement)) ?? all[0] ?? null;
}

/** `A` allows and `D` denies the card in focus, or the first one; `J` and `K` move. Never while something is typed. */
export function useApprovalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const at = event.target;
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [contenteditable]")) return;
      if (
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        document.querySelector("[role=dialog], [role=alertdialog]") !== null
      )
        return;
      const all = cards();
      const card = currentCard(all);
      if (card === null) return;
      const key = event.key.toLowerCase();
      if (key === "a" || key === "d") {
        card.querySelector<HTMLButtonElement>(`.verdict[data-tone=${key === "a" ? "allowed" : "denied"}]`)?.click();
      } else if (key === "j" || key === "k") {
        const step = all.indexOf(card) + (key === "j" ? 1 : -1);
        const next = all[Math.min(all.length - 1, Math.max(0, step))];
        next?.querySelector<HTMLButtonElement>(".verdict")?.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
