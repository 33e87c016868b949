import { useEffect } from "react";

function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-approval][data-keys]")];
}

function focusedCard(all: readonly HTMLElement[]): number {
  return all.findIndex((card) => card.contains(document.activeElement));
}

/** `A` allows and `D` denies the card in focus, or the first one; `J` and `K` move. Never while something is typed. */
export function useApprovalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      if (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")) return;
      const chord = event.metaKey || event.ctrlKey || event.altKey;
      if (chord || document.querySelector("[role=dialog], [role=alertdialog]") !== null) return;
      const all = cards();
      const at = focusedCard(all);
      const card = all[Math.max(0, at)];
      if (card === undefined) return;
      const key = event.key.toLowerCase();
      if (key === "a" || key === "d") {
        card.querySelector<HTMLButtonElement>(`.verdict[data-tone=${key === "a" ? "allowed" : "denied"}]`)?.click();
      } else if (key === "j" || key === "k") {
        const next = at < 0 ? card : all[Math.min(all.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
        next?.querySelector<HTMLButtonElement>(".verdict")?.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
