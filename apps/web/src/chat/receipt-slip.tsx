import type { AssetInfo, ReceiptJson } from "@freehold/contract";
import { showMoney } from "../lib/money.ts";
import { hostOf, receiptStates } from "../lib/receipt-words.ts";
import { hrefOf, Link } from "../router.tsx";
import { Icon } from "../ui/icon.tsx";
import { Hash } from "../ui/parts.tsx";

/** A line between two tear lines: what was paid, to whom, who allowed it, and the proof. */
export function ReceiptSlip({
  receipt,
  assets,
}: {
  readonly receipt: ReceiptJson;
  readonly assets: readonly AssetInfo[];
}) {
  const state = receiptStates[receipt.state];
  const byOwner = receipt.decidedBy === "owner";
  return (
    <div className="receipt" aria-label="Receipt" role="group">
      <span className="text-money">
        <Icon name={receipt.rail === "l402" ? "bolt" : "coin"} />
      </span>
      <span className="min-w-0 wrap-anywhere">
        <b>{showMoney(receipt.amount, assets).text}</b> to <b>{hostOf(receipt.origin)}</b>,{" "}
        <span className={state.tone}>{state.words}</span>
      </span>
      <span className="flex items-center gap-1 text-allowed">
        <Icon name="ok" /> allowed by {byOwner ? "you" : "rule"}
      </span>
      <span className="ms-auto flex flex-wrap items-center gap-2">
        {receipt.proof !== null && (
          <Hash text={receipt.proof} name={receipt.rail === "l402" ? "preimage" : "transaction hash"} />
        )}
        <Link className="link" href={hrefOf("wallet", receipt.intentId)}>
          receipt
        </Link>
      </span>
    </div>
  );
}
