import type { WalletJson } from "@freehold/contract";
import { showMoney } from "../lib/money.ts";
import { hrefOf, navigate } from "../router.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { PageBody } from "../ui/page.tsx";
import { Hash, Switch } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { useToast } from "../ui/toast.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { Budgets } from "./budgets.tsx";
import { Journal } from "./journal.tsx";
import { Limits } from "./limits.tsx";
import { ReceiptSheet } from "./receipt-sheet.tsx";
import { SignerNotice } from "./signer-notice.tsx";
import { Spending } from "./spending.tsx";

/** All spending, on or off; the agent's own switch beside it stops everything else, too. */
function SpendingSwitch({ wallet }: { readonly wallet: WalletJson }) {
  const { client } = useApp();
  const { state, reason } = wallet.spending;
  const change = useAction((on: boolean) => client.call(on ? "wallet.resume" : "wallet.stop", {}), ["wallet.get"]);
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-3 border border-line px-4 py-3">
      <Switch on={state !== "stopped"} disabled={change.busy} onChange={change.run}>
        <b>Spending {state === "stopped" ? "is off" : "is on"}</b>
      </Switch>
      <span className="min-w-0 flex-1 text-small text-muted">
        {state === "open" && "Within the budgets below. A new payee always asks."}
        {state === "stopped" && `Nothing new is paid. ${reason ?? ""}`}
        {state === "reconciling" && `Payments from before a crash are being cleared up first. ${reason ?? ""}`}
      </span>
      <ErrorLine problem={change.problem} />
    </div>
  );
}

function heldOf(wallet: WalletJson, asset: string): bigint {
  // Every budget counts the same payments; the fullest one tells how much is on hold.
  const held = wallet.budgets.filter(({ cap }) => cap.asset === asset).map((budget) => BigInt(budget.held.units));
  return held.reduce((most, units) => (units > most ? units : most), 0n);
}

function Balances({ wallet }: { readonly wallet: WalletJson }) {
  const { client } = useApp();
  const toast = useToast();
  const faucet = useAction(async () => {
    await client.call("wallet.faucet", {});
    toast("Test money is on its way.");
  }, ["wallet.get"]);
  const test = wallet.assets.some((info) => info.test);
  return (
    <div className="grid gap-2">
      <div className="strip">
        {wallet.accounts.map((account) => {
          const shown = account.balance === null ? null : showMoney(account.balance, wallet.assets);
          return (
            <div key={`${account.rail} ${account.network} ${account.address}`}>
              <p className="flex items-center gap-2 text-small">
                <Icon name={account.rail === "l402" ? "bolt" : "coin"} />
                {account.rail === "l402" ? "Lightning" : "On-chain, x402"}
              </p>
              {shown === null ? (
                <p className="mt-1 text-small text-denied">
                  <Icon name="warn" /> The chain cannot be asked now.
                </p>
              ) : (
                <p className="figure mt-1">
                  {shown.amount} <small>{shown.unit}</small>
                </p>
              )}
              <Hash text={account.address} name="address" />
            </div>
          );
        })}
        {wallet.assets.map((info) => {
          const held = showMoney({ asset: info.asset, units: heldOf(wallet, info.asset).toString() }, wallet.assets);
          return (
            <div key={info.asset}>
              <p className="flex items-center gap-2 text-small">
                <Icon name="clock" /> On hold
              </p>
              <p className="figure mt-1">
                {held.amount} <small>{held.unit}</small>
              </p>
              <p className="text-tiny text-muted">counts as spent until it is final</p>
            </div>
          );
        })}
      </div>
      {test && (
        <p className="flex flex-wrap items-center gap-3 text-small text-muted">
          Test money has no value.
          <Button size="small" icon="pull" busy={faucet.busy} onClick={faucet.run}>
            Fill up from the faucet
          </Button>
        </p>
      )}
      <ErrorLine problem={faucet.problem} />
    </div>
  );
}

export function WalletPage({ receiptId }: { readonly receiptId: string | null }) {
  const wallet = useQuery("wallet.get", {}, { every: 10_000 });
  return (
    <>
      <TopBar title="Wallet" />
      <PageBody>
        <WithAnswer answer={wallet} rows={5}>
          {(data) => (
            <>
              <SignerNotice signer={data.signer} />
              <Balances wallet={data} />
              <SpendingSwitch wallet={data} />
              <div className="grid gap-8 lg:gap-x-12 [grid-template-columns:minmax(0,1fr)] xl:[grid-template-columns:minmax(0,1fr)_340px]">
                <Budgets wallet={data} />
                <Limits wallet={data} />
              </div>
              <Spending assets={data.assets} />
              <Journal assets={data.assets} />
              {receiptId !== null && (
                <ReceiptSheet id={receiptId} assets={data.assets} onClose={() => navigate(hrefOf("wallet"))} />
              )}
            </>
          )}
        </WithAnswer>
      </PageBody>
    </>
  );
}
