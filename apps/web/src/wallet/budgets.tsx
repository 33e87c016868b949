import type { AssetInfo, BudgetJson, WalletJson } from "@freehold/contract";
import { useState } from "react";
import { decimalText, parseAmount, percentOf, showMoney } from "../lib/money.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field, Meter, Section, type MeterPart } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";

const scopes = {
  day: "a day",
  month: "a month",
  total: "in all",
  thread: "for one thread",
  payee: "for one payee",
  tool: "for one tool",
} as const;

function EditSheet({
  budget,
  info,
  onClose,
}: {
  readonly budget: BudgetJson;
  readonly info: AssetInfo;
  readonly onClose: () => void;
}) {
  const { client } = useApp();
  const [text, setText] = useState(decimalText(BigInt(budget.cap.units), info.decimals));
  const units = parseAmount(text, info.decimals);
  const save = useAction(async () => {
    if (units === null) return;
    const cap = { asset: budget.cap.asset, units: units.toString() };
    await client.call("wallet.budget", { params: { id: budget.id }, body: { cap } });
    onClose();
  }, ["wallet.get"]);
  const used = BigInt(budget.spent.units) + BigInt(budget.held.units);
  return (
    <Sheet
      open
      title={`Cap of ${budget.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={save.busy} disabled={units === null} onClick={save.run}>
            Save
          </Button>
        </>
      }
    >
      <Field
        label={`At most ${scopes[budget.scope]}, in ${info.test ? "test " : ""}${info.symbol}`}
        hint={units === null ? `An amount with at most ${info.decimals} places.` : undefined}
      >
        <input
          className="input"
          inputMode="decimal"
          aria-invalid={units === null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Field>
      {units !== null && units < used && (
        <p className="text-small text-asks">
          <Icon name="asks" /> More than this is already spent or on hold: nothing more will be paid until it resets.
        </p>
      )}
      <p className="text-small text-muted">The signer has a ceiling of its own, which no budget can raise.</p>
      <ErrorLine problem={save.problem} />
    </Sheet>
  );
}

function Budget({ budget, assets }: { readonly budget: BudgetJson; readonly assets: readonly AssetInfo[] }) {
  const [editing, setEditing] = useState(false);
  const info = assets.find((candidate) => candidate.asset === budget.cap.asset);
  const [cap, held, spent] = [BigInt(budget.cap.units), BigInt(budget.held.units), BigInt(budget.spent.units)];
  const left = cap > held + spent ? cap - held - spent : 0n;
  const near = left * 10n < cap;
  const shown = showMoney({ asset: budget.cap.asset, units: left.toString() }, assets);
  const whole = showMoney(budget.cap, assets);
  const parts: MeterPart[] = [
    { part: "spent", percent: percentOf(spent, cap) },
    { part: "held", percent: percentOf(held, cap) },
  ];
  return (
    <li className="grid items-center gap-x-4 gap-y-[6px] py-1 text-small [grid-template-columns:minmax(0,1fr)_auto] md:[grid-template-columns:152px_minmax(0,1fr)_auto]">
      <span className="min-w-0 wrap-anywhere">
        {budget.name}
        {budget.subject !== null && budget.subject !== budget.name && (
          <small className="block truncate text-tiny text-muted">{budget.subject}</small>
        )}
      </span>
      <span className="max-md:order-3 max-md:col-span-2">
        <Meter parts={parts} label={`${budget.name}: ${shown.text} of ${whole.text} left`} />
      </span>
      <span className="flex items-center justify-end gap-1 text-end">
        {near && (
          <span className="text-asks">
            <Icon name="warn" />
            <span className="sr-only">nearly used up: </span>
          </span>
        )}
        <span>
          <b>{shown.amount}</b> <span className="text-muted">of {whole.text} left</span>
        </span>
        {info !== undefined && (
          <IconButton
            icon="edit"
            size="small"
            label={`Change the cap of ${budget.name}`}
            onClick={() => setEditing(true)}
          />
        )}
      </span>
      {editing && info !== undefined && <EditSheet budget={budget} info={info} onClose={() => setEditing(false)} />}
    </li>
  );
}

export function Budgets({ wallet }: { readonly wallet: WalletJson }) {
  return (
    <Section title="Budgets" hint="what the agent may spend without a new grant">
      {wallet.budgets.length === 0 ? (
        <p className="text-small text-muted">No budget: every payment asks you.</p>
      ) : (
        <ul className="grid gap-1">
          {wallet.budgets.map((budget) => (
            <Budget key={budget.id} budget={budget} assets={wallet.assets} />
          ))}
        </ul>
      )}
      <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-tiny text-muted">
        <span>
          <i className="swatch" /> spent
        </span>
        <span>
          <i className="swatch" data-part="held" /> on hold
        </span>
        <span>A hold counts as spent until it is final.</span>
      </p>
    </Section>
  );
}
