import type { AssetInfo, ReceiptJson } from "@freehold/contract";
import { useState } from "react";
import { when } from "../lib/format.ts";
import { showMoney } from "../lib/money.ts";
import { hostOf, receiptStates } from "../lib/receipt-words.ts";
import { hrefOf, Link } from "../router.tsx";
import { useNow, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Hash, Section } from "../ui/parts.tsx";
import { Empty } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

const filters = {
  all: { words: "All", has: () => true },
  look: {
    words: "Needs a look",
    has: ({ state }: ReceiptJson) => state === "unknown" || state === "paid_not_delivered",
  },
  paid: { words: "Paid", has: ({ state }: ReceiptJson) => state === "settled" || state === "delivered" },
  refused: { words: "Not spent", has: ({ state }: ReceiptJson) => state === "refused" || state === "failed" },
} as const;
type Filter = keyof typeof filters;

function toneOf(state: ReceiptJson["state"]): { readonly "data-tone"?: string } {
  if (state === "paid_not_delivered") return { "data-tone": "asks" };
  return state === "unknown" || state === "sent" ? { "data-tone": "money" } : {};
}

function Row({
  entry,
  assets,
  now,
}: {
  readonly entry: ReceiptJson;
  readonly assets: readonly AssetInfo[];
  readonly now: Date;
}) {
  const { words, icon, tone, meaning } = receiptStates[entry.state];
  const shown = showMoney(entry.amount, assets);
  const unspent = entry.state === "refused" || entry.state === "failed";
  return (
    <tr {...toneOf(entry.state)}>
      <td data-cell="side" className="whitespace-nowrap text-muted">
        {when(entry.at, now)}
      </td>
      <td data-cell="sub">
        <span className={`inline-flex items-center gap-[6px] ${tone}`}>
          <Icon name={icon} /> {words}
        </span>
      </td>
      <td data-cell="lead">
        <Link className="font-strong underline-offset-3 hover:underline" href={hrefOf("wallet", entry.intentId)}>
          {hostOf(entry.origin)}
        </Link>
        <small>{meaning ?? entry.request.url}</small>
      </td>
      <td data-cell="none">{entry.rail === "l402" ? "Lightning" : "x402"}</td>
      <td data-cell="none">
        {entry.proof === null ? <span className="text-muted">none</span> : <Hash text={entry.proof} name="proof" />}
      </td>
      <td data-cell="value" className="num">
        <b className={unspent ? "text-muted" : ""}>{shown.text}</b>
        {unspent && <small>not spent</small>}
      </td>
    </tr>
  );
}

function Rows({
  entries,
  assets,
}: {
  readonly entries: readonly ReceiptJson[];
  readonly assets: readonly AssetInfo[];
}) {
  const now = useNow(60_000);
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th>When</th>
            <th>State</th>
            <th>Payee and request</th>
            <th>Rail</th>
            <th>Proof</th>
            <th className="num">Amount</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.intentId} entry={entry} assets={assets} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Journal({ assets }: { readonly assets: readonly AssetInfo[] }) {
  const [limit, setLimit] = useState(25);
  const [filter, setFilter] = useState<Filter>("all");
  const journal = useQuery("wallet.journal", { query: { limit } }, { every: 15_000 });
  return (
    <Section title="Journal" hint="every payment that was ever intended">
      <WithAnswer answer={journal}>
        {({ entries, next }) => {
          if (entries.length === 0) {
            return (
              <Empty icon="wallet" title="Nothing was paid yet">
                The first payment to anyone asks you. It then stands here, with its proof.
              </Empty>
            );
          }
          return (
            <div className="grid gap-3 [grid-template-columns:minmax(0,1fr)]">
              <div className="tabs" role="group" aria-label="Filter">
                {Object.entries(filters).map(([key, { words, has }]) => (
                  <button
                    key={key}
                    type="button"
                    aria-pressed={filter === key}
                    onClick={() => setFilter(key as Filter)}
                  >
                    {key === "look" && <Icon name="warn" />} {words} {entries.filter(has).length}
                  </button>
                ))}
              </div>
              <Rows entries={entries.filter(filters[filter].has)} assets={assets} />
              {next !== null && limit < 200 && (
                <span>
                  <Button onClick={() => setLimit(200)}>Show more</Button>
                </span>
              )}
            </div>
          );
        }}
      </WithAnswer>
    </Section>
  );
}
