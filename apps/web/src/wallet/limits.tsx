import type { WalletJson } from "@freehold/contract";
import { when } from "../lib/format.ts";
import { showMoney } from "../lib/money.ts";
import { hostOf } from "../lib/receipt-words.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction, useNow } from "../store/hooks.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Section } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";

function Payees({ payees }: { readonly payees: WalletJson["payees"] }) {
  const { client } = useApp();
  const now = useNow(60_000);
  const remove = useAction(
    (payee: string) => client.call("wallet.payees.remove", { params: { payee } }),
    ["wallet.get"],
  );
  if (payees.length === 0) return null;
  return (
    <Section title="Known payees" hint="asked for once">
      <ul className="rows text-small">
        {payees.map(({ payee, origin, approvedAt }) => (
          <li key={`${payee} ${origin}`} className="flex items-center gap-3 py-2">
            <span className="min-w-0 flex-1 wrap-anywhere">
              <b>{hostOf(origin)}</b>
              <br />
              <span className="text-muted">since {when(approvedAt, now)}</span>
            </span>
            <IconButton
              icon="x"
              size="small"
              label={`Forget the payee ${hostOf(origin)}`}
              onClick={() => remove.run(payee)}
            />
          </li>
        ))}
      </ul>
      <ErrorLine problem={remove.problem} />
    </Section>
  );
}

export function Limits({ wallet }: { readonly wallet: WalletJson }) {
  const { assets, ceilings, perPayment, payees } = wallet;
  return (
    <div className="grid content-start gap-6 [grid-template-columns:minmax(0,1fr)]">
      <Section title="Limits">
        <dl className="grid gap-2 text-small [grid-template-columns:minmax(0,1fr)_max-content] [&>dd]:text-end [&>dt]:text-muted">
          {perPayment.map((limit) => (
            <div key={limit.asset} className="contents">
              <dt>One payment</dt>
              <dd>{showMoney(limit, assets).text}</dd>
            </div>
          ))}
          <dt>A new payee</dt>
          <dd className="text-asks">
            <Icon name="asks" /> asks
          </dd>
          <dt>A price that rises after you allowed it</dt>
          <dd className="text-denied">
            <Icon name="ban" /> denied
          </dd>
        </dl>
      </Section>
      {ceilings.map((ceiling) => (
        <section key={ceiling.asset} className="card grid gap-1 p-4 text-small">
          <h3 className="flex justify-between">
            The signer’s own ceiling <Icon name="lock" />
          </h3>
          <p className="text-muted">
            {showMoney({ asset: ceiling.asset, units: ceiling.perPayment }, assets).text} for one payment,{" "}
            {showMoney({ asset: ceiling.asset, units: ceiling.perDay }, assets).text} a day, even if everything else
            fails. Nothing on this page can raise it.
          </p>
        </section>
      ))}
      <Payees payees={payees} />
    </div>
  );
}
