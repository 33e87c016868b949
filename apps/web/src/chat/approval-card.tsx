import type { ApprovalCard, BudgetJson, WalletJson } from "@freehold/contract";
import { useEffect, useRef, useState } from "react";
import { decisionBody, type Decision } from "../lib/decision-body.ts";
import { span, when } from "../lib/format.ts";
import { percentOf, showMoney } from "../lib/money.ts";
import { hostOf } from "../lib/receipt-words.ts";
import { useApp } from "../store/app-context.tsx";
import { phoneWidth, useAction, useMedia, useNow, useQuery } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Labels, Meter, Tag, type MeterPart } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { RuleSheet } from "./rule-sheet.tsx";

const kindWords = { tool: "Tool call", payment: "Payment", "unknown-outcome": "Outcome unknown" } as const;
const stateWords = {
  allowed: { icon: "ok", tone: "text-allowed", words: "You allowed" },
  denied: { icon: "ban", tone: "text-denied", words: "You denied" },
  expired: { icon: "clock", tone: "text-faint", words: "Expired unanswered" },
  withdrawn: { icon: "x", tone: "text-faint", words: "Withdrawn" },
} as const;

/** A decided approval, in one line. */
function DecidedLine({ card }: { readonly card: ApprovalCard }) {
  const now = useNow(60_000);
  if (card.state === "waiting") return null;
  const { icon, tone, words } = stateWords[card.state];
  return (
    <div className="receipt">
      <span className={tone}>
        <Icon name={icon} />
      </span>
      <span className="min-w-0 flex-1 wrap-anywhere">
        <span className={tone}>{words}:</span> <b>{card.title}</b>
      </span>
      {card.decidedAt !== null && <span className="text-faint">{when(card.decidedAt, now)}</span>}
    </div>
  );
}

/** On the phone, Allow opens only after the facts have been on the screen for a moment: no blind thumb. */
function useSeen(wanted: boolean): { readonly ref: React.RefObject<HTMLDivElement | null>; readonly seen: boolean } {
  const ref = useRef<HTMLDivElement | null>(null);
  const [seen, setSeen] = useState(!wanted);
  useEffect(() => {
    const node = ref.current;
    if (!wanted || node === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver((entries) => {
      clearTimeout(timer);
      if (entries.some((entry) => entry.isIntersecting)) timer = setTimeout(() => setSeen(true), 500);
    });
    observer.observe(node);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [wanted]);
  return { ref, seen: seen || !wanted };
}

function budgetParts(budget: BudgetJson, amount: bigint): MeterPart[] {
  const cap = BigInt(budget.cap.units);
  return [
    { part: "spent", percent: percentOf(BigInt(budget.spent.units), cap) },
    { part: "held", percent: percentOf(BigInt(budget.held.units), cap) },
    { part: "this", percent: percentOf(amount, cap) },
  ];
}

function Remains({
  payment,
  wallet,
}: {
  readonly payment: NonNullable<ApprovalCard["payment"]>;
  readonly wallet: WalletJson | null;
}) {
  if (payment.remaining === null || payment.remaining.asset !== payment.amount.asset) return null;
  const assets = wallet?.assets ?? [];
  const amount = BigInt(payment.amount.units);
  const budget = wallet?.budgets.find(
    (candidate) => candidate.name === payment.budget || candidate.id === payment.budget,
  );
  const left = showMoney(
    { ...payment.remaining, units: (BigInt(payment.remaining.units) - amount).toString() },
    assets,
  );
  return (
    <div className="grid gap-2 text-small">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span>Left of {budget?.name ?? payment.budget ?? "the budget"}, after this</span>
        <span>
          <b>{left.amount}</b>{" "}
          <span className="text-muted">
            {budget === undefined ? left.unit : `of ${showMoney(budget.cap, assets).text}`}
          </span>
        </span>
      </div>
      {budget !== undefined && (
        <Meter label={`${left.text} left after this payment`} parts={budgetParts(budget, amount)} />
      )}
    </div>
  );
}

function PaymentFacts({
  card,
  payment,
}: {
  readonly card: ApprovalCard;
  readonly payment: NonNullable<ApprovalCard["payment"]>;
}) {
  const wallet = useQuery("wallet.get", {}).data;
  const shown = showMoney(payment.amount, wallet?.assets ?? []);
  const network = wallet?.assets.find((info) => info.asset === payment.amount.asset)?.network ?? payment.network;
  return (
    <>
      <div className="grid gap-x-5 gap-y-3 md:[grid-template-columns:minmax(176px,max-content)_minmax(0,1fr)]">
        <div>
          <p className="figure">
            <bdi>{shown.amount}</bdi> <small>{shown.unit}</small>
          </p>
          <p className="text-small text-muted">over {network}</p>
        </div>
        <dl className="facts">
          <dt>Payee</dt>
          <dd>
            <b>{hostOf(payment.origin)}</b>
            <br />
            <code className="text-muted">{payment.payee}</code>
          </dd>
          <dt>For</dt>
          <dd dir="auto">{payment.description === "" ? "The seller gives no reason." : payment.description}</dd>
          <dt>Asked by</dt>
          <dd>
            <code>{card.tool.name}</code> <Labels labels={card.labels} />
          </dd>
        </dl>
      </div>
      <Remains payment={payment} wallet={wallet} />
    </>
  );
}

function ToolFacts({ card }: { readonly card: ApprovalCard }) {
  return (
    <>
      <p className="text-title font-strong wrap-anywhere" dir="auto">
        {card.title}
      </p>
      <dl className="facts">
        <dt>Tool</dt>
        <dd>
          <b>{card.tool.server ?? "built in"}</b> <code>{card.tool.name}</code>
        </dd>
        <dt>Context</dt>
        <dd className="flex flex-wrap gap-1">
          <span>{card.labels.origins.join(", ")}</span>
          <Labels labels={card.labels} />
        </dd>
      </dl>
      <pre className="well max-h-72 overflow-y-auto" dir="ltr" tabIndex={0} aria-label="Exact arguments">
        {JSON.stringify(card.tool.arguments, null, 2)}
      </pre>
    </>
  );
}

interface ApprovalProps {
  readonly card: ApprovalCard;
  readonly onDecided: (card: ApprovalCard) => void;
  /** Shows and takes the keys A and D. */
  readonly keys?: boolean;
}

/** A question to the owner. Deny and Allow have one size and one row; neither is chosen beforehand. */
export function Approval({ card, onDecided, keys = false }: ApprovalProps) {
  const { client } = useApp();
  const now = useNow(10_000);
  const narrow = useMedia(phoneWidth);
  const { ref, seen } = useSeen(narrow);
  const decide = useAction(
    async (decision: Decision) => {
      const body = decisionBody(card, decision);
      onDecided(await client.call("approvals.decide", { params: { id: card.id }, body }));
    },
    ["approvals.list", "rules.list", "wallet.get", "wallet.journal"],
  );
  if (card.state !== "waiting") return <DecidedLine card={card} />;
  const left = Date.parse(card.expiresAt) - now.getTime();
  return (
    <section
      className="approval"
      aria-label={`Waits for you: ${card.title}`}
      data-approval={card.id}
      data-keys={keys ? "" : undefined}
    >
      <header className="flex items-center gap-2 px-4 pt-3 text-small text-muted">
        <Tag tone="asks" icon="asks">
          Asks
        </Tag>
        <span>{kindWords[card.kind]}</span>
        <span className="ms-auto flex items-center gap-2">
          <Icon name="clock" /> {left > 0 ? `expires in ${span(left)}` : "expired"}
        </span>
      </header>
      <div className="grid gap-4 px-4 pt-3 pb-4 [grid-template-columns:minmax(0,1fr)]" ref={ref}>
        {card.payment === null ? <ToolFacts card={card} /> : <PaymentFacts card={card} payment={card.payment} />}
        <p className="flex gap-2 text-small">
          <span className="mt-[2px] text-asks">
            <Icon name="asks" />
          </span>
          <span className="wrap-anywhere">
            {card.reason}{" "}
            <span className="text-muted">
              Rule <code>{card.ruleId}</code>
            </span>
          </span>
        </p>
        <ErrorLine problem={decide.problem} />
      </div>
      <Verdicts card={card} busy={decide.busy} ready={seen && left > 0} keys={keys} onDecide={decide.run} />
    </section>
  );
}

interface VerdictsProps {
  readonly card: ApprovalCard;
  readonly busy: boolean;
  readonly ready: boolean;
  readonly keys: boolean;
  readonly onDecide: (decision: Decision) => void;
}

function Verdicts({ card, busy, ready, keys, onDecide }: VerdictsProps) {
  const assets = useQuery("wallet.get", {}).data?.assets ?? [];
  const [rule, setRule] = useState(false);
  const again = card.kind === "unknown-outcome";
  const allow =
    card.payment === null ? (again ? "Run it again" : "Allow") : `Allow ${showMoney(card.payment.amount, assets).text}`;
  return (
    <div className="tear grid grid-cols-2 gap-2 rounded-b-3 bg-surface px-4 py-3">
      <button
        type="button"
        className="verdict"
        data-tone="denied"
        disabled={busy}
        onClick={() => onDecide({ decision: "deny" })}
      >
        <Icon name="ban" />
        {again ? "Leave it" : "Deny"}
        {keys && <kbd className="key">D</kbd>}
      </button>
      <button
        type="button"
        className="verdict"
        data-tone="allowed"
        disabled={busy || !ready}
        onClick={() => onDecide({ decision: "allow" })}
      >
        <Icon name="ok" />
        {allow}
        {keys && <kbd className="key">A</kbd>}
      </button>
      <p className="col-span-2 flex flex-wrap items-center justify-between gap-2 text-small text-muted">
        {card.offers.length > 0 ? (
          <button type="button" className="link" onClick={() => setRule(true)}>
            Make a rule…
          </button>
        ) : (
          <span />
        )}
        <span className="flex items-center gap-2">
          <Icon name="lock" /> this exact request, once
        </span>
      </p>
      <RuleSheet
        card={card}
        open={rule}
        onClose={() => setRule(false)}
        onRule={(chosen) => {
          setRule(false);
          onDecide({ decision: "allow", rule: chosen });
        }}
      />
    </div>
  );
}
