import type { ReceiptJson } from "@freehold/contract";
import type { IconName } from "../ui/icon.tsx";

interface StateWords {
  readonly words: string;
  readonly icon: IconName;
  readonly tone: string;
  /** What the owner should know about a state that is not simply done. */
  readonly meaning: string | null;
}

export const receiptStates: Record<ReceiptJson["state"], StateWords> = {
  planned: { words: "planned", icon: "clock", tone: "text-muted", meaning: null },
  reserved: {
    words: "on hold",
    icon: "clock",
    tone: "text-money",
    meaning: "The amount is set aside; nothing is signed.",
  },
  authorized: { words: "signed", icon: "edit", tone: "text-money", meaning: "Signed, and about to be sent." },
  sent: { words: "sent", icon: "refresh", tone: "text-money", meaning: "Sent; the answer is awaited." },
  settled: { words: "settled", icon: "check", tone: "text-money", meaning: null },
  delivered: { words: "settled and delivered", icon: "ok", tone: "text-money", meaning: null },
  refused: { words: "refused", icon: "ban", tone: "text-denied", meaning: "Nothing was spent." },
  failed: { words: "failed", icon: "x", tone: "text-muted", meaning: "Nothing was spent; the hold is released." },
  unknown: {
    words: "unknown, being cleared up",
    icon: "refresh",
    tone: "text-money",
    meaning: "The answer was lost. It stays on hold until the chain tells; nothing is paid twice.",
  },
  paid_not_delivered: {
    words: "paid, not delivered",
    icon: "warn",
    tone: "text-asks",
    meaning: "The seller took the money and did not answer with the goods.",
  },
};

export function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
