import { formatUnits, type Asset, type Money } from "@freehold/core";
import type { Rule } from "./rule.ts";
import type { BudgetSnapshot, PayeeGrant, PaymentSubject, PolicyConfig, PolicyContext } from "./subject.ts";

/** What the payment rules look at, worked out once per quote. */
export interface PaymentFacts {
  readonly subject: PaymentSubject;
  readonly context: PolicyContext;
  readonly price: string;
  readonly show: (units: bigint, asset: Asset) => string;
  /** The first budget that this payment would break. */
  readonly broken: BudgetSnapshot | undefined;
  readonly grant: PayeeGrant | undefined;
  /** The owner approved another payee at this origin. */
  readonly otherPayee: PayeeGrant | undefined;
  readonly covered: boolean;
  /** The address that asks for money was chosen by untrusted text, or carries memory. */
  readonly strange: boolean;
  /** The owner listed the origin, so he has named the place himself. */
  readonly listed: boolean;
}

export function paymentFacts(subject: PaymentSubject, context: PolicyContext, config: PolicyConfig): PaymentFacts {
  const { quote } = subject;
  const { units, asset } = quote.amount;
  const show = (amount: bigint, of: Asset): string => showUnits(amount, of, config);
  const sameOrigin = context.grants.filter(
    (grant): grant is PayeeGrant => grant.kind === "payee" && grant.origin === quote.origin && grant.asset === asset,
  );
  const grant = sameOrigin.find((candidate) => candidate.payee.toLowerCase() === quote.payee.toLowerCase());
  return {
    subject,
    context,
    price: show(units, asset),
    show,
    broken: subject.budgets.find((budget) => budget.asset === asset && budget.held + budget.spent + units > budget.cap),
    grant,
    otherPayee: grant === undefined ? sameOrigin[0] : undefined,
    covered: grant !== undefined && units <= grant.perPayment && grant.usedToday + units <= grant.perDay,
    strange: subject.requestSource === "untrusted" || subject.requestSource === "memory",
    listed: config.listedOrigins.includes(quote.origin),
  };
}

/** What may happen when a seller asks for money. */
export const paymentRules: readonly Rule<PaymentFacts>[] = [
  {
    id: "halt.kill-switch",
    verdict: "deny",
    when: ({ context }) => context.halted,
    reason: () => "You stopped the agent, so it pays nothing until you let it go on.",
  },
  {
    id: "payment.spending-stopped",
    verdict: "deny",
    when: ({ context }) => context.spendingStopped,
    reason: () => "You stopped all spending.",
  },
  {
    id: "local-only.payment",
    verdict: "deny",
    when: ({ context }) => context.localOnly,
    reason: () => "Local only is on, and a payment leaves the house.",
  },
  {
    id: "payment.not-an-amount",
    verdict: "deny",
    when: ({ subject }) => subject.quote.amount.units <= 0n,
    reason: ({ subject }) => `${subject.quote.origin} asks for a payment without an amount.`,
  },
  {
    id: "payment.untrusted-request",
    verdict: "deny",
    when: ({ strange, listed, grant }) => strange && !listed && grant === undefined,
    reason: ({ subject, price }) =>
      `Text that you did not write wants ${price} paid to ${subject.quote.origin}; only you can name a new place to pay.`,
  },
  {
    id: "payment.over-requested-max",
    verdict: "deny",
    when: ({ subject }) => exceeds(subject.quote.amount, subject.requestedMax),
    reason: ({ subject, price, show }) =>
      `${subject.quote.origin} asks ${price}, more than the ${limit(subject.requestedMax, show)} that the call allowed.`,
  },
  {
    id: "payment.over-cap",
    verdict: "deny",
    when: ({ subject }) => exceeds(subject.quote.amount, subject.perPaymentCap),
    reason: ({ subject, price, show }) =>
      `${subject.quote.origin} asks ${price}, more than your ceiling of ${limit(subject.perPaymentCap, show)} for one payment.`,
  },
  {
    id: "payment.no-budget",
    verdict: "deny",
    when: ({ subject }) => !subject.budgets.some((budget) => budget.asset === subject.quote.amount.asset),
    reason: ({ price }) => `No budget covers ${price}; give one on the Wallet page first.`,
  },
  {
    id: "payment.over-budget",
    verdict: "deny",
    when: ({ broken }) => broken !== undefined,
    reason: ({ broken, price, show }) =>
      broken === undefined ? "" : `${price} does not fit into the budget "${broken.name}": ${left(broken, show)}.`,
  },
  {
    id: "payment.payee-changed",
    verdict: "ask",
    when: ({ otherPayee }) => otherPayee !== undefined,
    reason: ({ subject, otherPayee, price }) =>
      `${subject.quote.origin} wants ${price} paid to ${subject.quote.payee}, but you approved ${otherPayee?.payee ?? "another payee"} there.`,
  },
  {
    id: "payment.first-payment",
    verdict: "ask",
    when: ({ subject }) => subject.firstPayment || !subject.payeeKnown,
    reason: ({ subject, price }) =>
      `This would be the first payment to ${subject.quote.payee} at ${subject.quote.origin}: ${price}.`,
  },
  {
    id: "payment.untrusted-trigger",
    verdict: "ask",
    when: ({ strange, listed, grant }) => strange && (listed || grant !== undefined),
    reason: ({ subject, price }) =>
      `Text that you did not write leads to this payment of ${price} to ${subject.quote.origin}.`,
  },
  {
    id: "payment.over-standing-rule",
    verdict: "ask",
    when: ({ grant, covered }) => grant !== undefined && !covered,
    reason: ({ subject, price }) =>
      `${price} to ${subject.quote.origin} is more than what you let it pay there without asking.`,
  },
  {
    id: "payment.no-standing-rule",
    verdict: "ask",
    when: ({ grant }) => grant === undefined,
    reason: ({ subject, price }) =>
      `${subject.quote.origin} asks ${price}, and you have not said that it may pay there without asking.`,
  },
  {
    id: "payment.standing-rule",
    verdict: "allow",
    when: ({ covered }) => covered,
    reason: ({ subject, price }) =>
      `You let it pay ${subject.quote.origin} without asking, and ${price} fits your limits.`,
  },
];

/** Amounts in two assets cannot be compared, so a limit in another asset is exceeded. */
function exceeds(amount: Money, ceiling: Money | null): boolean {
  if (ceiling === null) return false;
  return ceiling.asset !== amount.asset || amount.units > ceiling.units;
}

function limit(ceiling: Money | null, show: PaymentFacts["show"]): string {
  return ceiling === null ? "amount" : show(ceiling.units, ceiling.asset);
}

function left(budget: BudgetSnapshot, show: PaymentFacts["show"]): string {
  const rest = budget.cap - budget.held - budget.spent;
  return `${show(rest < 0n ? 0n : rest, budget.asset)} of ${show(budget.cap, budget.asset)} is left`;
}

function showUnits(units: bigint, asset: Asset, config: PolicyConfig): string {
  const name = config.assets[asset];
  if (name !== undefined) return `${formatUnits(units, name.decimals)} ${name.symbol}`;
  if (asset === "lightning:msat") return `${formatUnits(units, 3)} sats`;
  return `${units.toString()} units of ${asset}`;
}
