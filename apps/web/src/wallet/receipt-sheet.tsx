import type { AssetInfo, ReceiptJson, RouteResponse } from "@freehold/contract";
import { useState } from "react";
import { showMoney } from "../lib/money.ts";
import { receiptStates } from "../lib/receipt-words.ts";
import { saveText } from "../lib/save-text.ts";
import { useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

function Facts({ receipt }: { readonly receipt: ReceiptJson }) {
  const { words, icon, tone, meaning } = receiptStates[receipt.state];
  return (
    <dl className="facts">
      <dt>State</dt>
      <dd>
        <span className={`inline-flex items-center gap-[6px] ${tone}`}>
          <Icon name={icon} /> {words}
        </span>
        {meaning !== null && <p className="text-muted">{meaning}</p>}
      </dd>
      <dt>Payee</dt>
      <dd>
        {receipt.origin}
        <br />
        <code className="text-muted">{receipt.payee}</code>
      </dd>
      <dt>Request</dt>
      <dd>
        <code>
          {receipt.request.method} {receipt.request.url}
        </code>
      </dd>
      <dt>Decided by</dt>
      <dd>{receipt.decidedBy === "owner" ? "you" : receipt.decidedBy}</dd>
      <dt>When</dt>
      <dd>{new Date(receipt.at).toLocaleString()}</dd>
      <dt>Network</dt>
      <dd>
        <code>{receipt.network}</code>
      </dd>
    </dl>
  );
}

function Signed({
  signed,
  assets,
}: {
  readonly signed: RouteResponse<"wallet.receipt">;
  readonly assets: readonly AssetInfo[];
}) {
  const { receipt } = signed;
  const shown = showMoney(receipt.amount, assets);
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="figure">
        {shown.amount} <small>{shown.unit}</small>
      </p>
      <Facts receipt={receipt} />
      <hr className="border-t border-dashed border-edge" />
      <dl className="facts">
        <dt>{receipt.rail === "l402" ? "Preimage" : "Transaction"}</dt>
        <dd>{receipt.proof === null ? "none yet" : <code>{receipt.proof}</code>}</dd>
        <dt>Check</dt>
        <dd>
          The saved file is verified without a network:
          <br />
          <code>freehold receipts verify FILE</code>
        </dd>
      </dl>
      <button
        type="button"
        className="link justify-self-start text-small"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? "Hide" : "Show"} quote, decision and authorization
      </button>
      {open && (
        <pre className="well" dir="ltr">
          {JSON.stringify(
            {
              quote: signed.quote,
              decision: signed.decision,
              authorization: signed.authorization,
              settlement: signed.settlement,
            },
            null,
            2,
          )}
        </pre>
      )}
    </>
  );
}

interface ReceiptSheetProps {
  readonly id: string;
  readonly assets: readonly AssetInfo[];
  readonly onClose: () => void;
}

export function ReceiptSheet({ id, assets, onClose }: ReceiptSheetProps) {
  const signed = useQuery("wallet.receipt", { params: { id } });
  const save = (): void => saveText(`receipt-${id}.json`, JSON.stringify(signed.data, null, 2));
  return (
    <Sheet
      open
      title="Receipt"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button tone="primary" icon="pull" disabled={signed.data === null} onClick={save}>
            Save receipt
          </Button>
        </>
      }
    >
      <WithAnswer answer={signed}>{(data) => <Signed signed={data} assets={assets} />}</WithAnswer>
    </Sheet>
  );
}
