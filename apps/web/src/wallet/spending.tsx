import type { AssetInfo, RouteResponse } from "@freehold/contract";
import { plural } from "../lib/format.ts";
import { percentOf, showMoney } from "../lib/money.ts";
import { hostOf } from "../lib/receipt-words.ts";
import { useQuery } from "../store/hooks.ts";
import { Bars } from "../ui/bars.tsx";
import { Meter, Section } from "../ui/parts.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

type SpendingJson = RouteResponse<"wallet.spending">;
const days = 30;

interface PartProps {
  readonly spending: SpendingJson;
  readonly asset: string;
  readonly assets: readonly AssetInfo[];
}

function ByDay({ spending, asset, assets }: PartProps) {
  const rows = spending.byDay.filter(({ amount }) => amount.asset === asset);
  const most = rows.reduce((top, { amount }) => (BigInt(amount.units) > top ? BigInt(amount.units) : top), 0n);
  const total = rows.reduce((sum, { amount }) => sum + BigInt(amount.units), 0n);
  const show = (units: bigint): string => showMoney({ asset, units: units.toString() }, assets).text;
  const bars = rows.map(({ day, amount }) => ({
    name: String(Number(day.slice(8))),
    // A share of the highest day: only the bar's height, never an amount.
    value: percentOf(BigInt(amount.units), most),
    words: show(BigInt(amount.units)),
  }));
  return (
    <Bars
      bars={bars}
      top={show(most)}
      label={`Spent by day over ${rows.length} days: ${show(total)} in all, at most ${show(most)} in one day.`}
    />
  );
}

function ByPayee({ spending, asset, assets }: PartProps) {
  const rows = spending.byPayee.filter(({ amount }) => amount.asset === asset).slice(0, 8);
  const most = rows.reduce((top, { amount }) => (BigInt(amount.units) > top ? BigInt(amount.units) : top), 0n);
  return (
    <ul className="grid gap-3">
      {rows.map(({ payee, origin, amount, payments }) => (
        <li
          key={`${payee} ${origin}`}
          className="grid items-center gap-3 text-small [grid-template-columns:minmax(0,144px)_minmax(0,1fr)_auto]"
        >
          <span className="truncate" title={payee}>
            {hostOf(origin)}
          </span>
          <Meter
            label={plural(payments, "payment")}
            parts={[{ part: "spent", percent: percentOf(BigInt(amount.units), most) }]}
          />
          <span className="text-end">{showMoney(amount, assets).text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Spending by day and by payee, one pair of pictures for each asset: without a rate, assets are never added up. */
export function Spending({ assets }: { readonly assets: readonly AssetInfo[] }) {
  const spending = useQuery("wallet.spending", { query: { days } });
  return (
    <WithAnswer answer={spending} rows={2}>
      {(data) => {
        const used = [...new Set(data.byDay.map(({ amount }) => amount.asset))];
        if (used.length === 0) return null;
        return used.map((asset) => (
          <div
            key={asset}
            className="grid gap-8 [grid-template-columns:minmax(0,1fr)] lg:[grid-template-columns:minmax(0,1.5fr)_minmax(0,1fr)]"
          >
            <Section title="Spent by day" hint={`${days} days`}>
              <ByDay spending={data} asset={asset} assets={assets} />
            </Section>
            <Section title="By payee">
              <ByPayee spending={data} asset={asset} assets={assets} />
            </Section>
          </div>
        ));
      }}
    </WithAnswer>
  );
}
