import { hashJson, type IntentId, type Quote, systemLabels } from "@freehold/core";
import { decide, type Decision, sourceOf } from "@freehold/policy";
import { tightest } from "../approvals.ts";
import type { Deps } from "../deps.ts";
import { quoteToJson } from "../event-parts.ts";
import type { EventOf, NewEvent } from "../events.ts";
import { type HeldRun, plain, type StepEnd } from "../held-run.ts";
import { moneyToJson } from "@freehold/core";
import type { QuoteFacts, Tool, ToolOutcome, ToolResponse } from "../ports.ts";
import { type CallState, type PaymentState, sameTermsRule } from "../state.ts";
import { askOwner } from "./ask.ts";
import { callFacts, type CallFacts } from "./call-facts.ts";
import { type CallEnd, endCall, endedCall, stringsIn } from "./end-call.ts";
import { waitUntil } from "./wait.ts";

type PaymentRequired = Extract<ToolOutcome, { outcome: "payment_required" }>;

const longestWaitMs = 60_000;

/** A 402 ends the try. Its quote is read, kept by the payer and logged; gating it is the next step. */
export async function quoteStep(
  deps: Deps,
  run: HeldRun,
  call: CallState,
  ended: { readonly outcome: PaymentRequired; readonly startedAt: Date; readonly server: string },
): Promise<void> {
  const { outcome, startedAt, server } = ended;
  const { callId, name: toolName } = call;
  const { request, challenge, requestedMax, labels } = outcome;
  const key = hashJson({ runId: run.runId, callId, request: { ...request } });
  const { runId, threadId } = run;
  const quoted = await deps.payer.quote(key, { runId, threadId, callId, toolName, request, challenge });
  if (quoted.outcome === "refused") {
    const before = [paymentEnded(callId, null, { outcome: "refused", reason: quoted.reason })];
    const text = `The server asks for a payment that cannot be made: ${quoted.reason}`;
    await endCall(deps, run, call, { outcome: "error", text, labels, startedAt, server, before });
    return;
  }
  const durationMs = deps.clock.now().getTime() - startedAt.getTime();
  const answered: NewEvent = {
    event: {
      type: "call.ended",
      v: 1,
      callId,
      try: call.tries,
      outcome: "payment_required",
      turnId: null,
      durationMs,
      server,
      reason: null,
    },
    labels,
  };
  const max = requestedMax === null ? null : moneyToJson(requestedMax);
  const quote = quoteToJson(quoted.quote);
  await run.append([
    answered,
    { event: { type: "payment.quoted", v: 1, callId, key, quote, requestedMax: max }, labels },
  ]);
  deps.failpoint("payment.quoted");
}

/** Policy decides about a quote as about any call; terms that were allowed before need no second question. */
export async function gatePaymentStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const { payment } = call;
  if (payment === null) return "go-on";
  const facts = await callFacts(deps, run, call);
  const quoteFacts = await deps.payer.facts(payment.key, payment.quote);
  const decision = decidePayment(call, payment, facts, quoteFacts);
  const { verdict, ruleId, reason } = decision;
  const { hash } = payment.quote;
  const gated = plain(
    { type: "call.gated", v: 1, callId: call.callId, subject: "payment", verdict, ruleId, reason, hash },
    run.state.labels,
  );
  deps.failpoint("gate.before-append");
  switch (verdict) {
    case "allow":
      await run.append([gated]);
      break;
    case "deny":
      await endCall(deps, run, call, { outcome: "denied", text: `Not paid: ${reason}`, before: [gated] });
      break;
    case "ask": {
      const left = tightest(payment.quote, quoteFacts.budgets);
      const shown = {
        quote: quoteToJson(payment.quote),
        firstPayment: quoteFacts.firstPayment,
        remaining: left === null ? null : moneyToJson(left.remaining),
        budget: left?.budget ?? null,
      };
      return askOwner(deps, run, call, { kind: "payment", hash, decision, facts, payment: shown, before: [gated] });
    }
  }
  deps.failpoint("gate.ended");
  return "go-on";
}

function decidePayment(call: CallState, payment: PaymentState, facts: CallFacts, quoteFacts: QuoteFacts): Decision {
  const { quote, requestedMax } = payment;
  const requestSource = sourceOf(addressAsWritten(quote, facts), facts.prompt.texts);
  const decision = decide(
    { kind: "payment", quote, ...quoteFacts, requestedMax, requestSource },
    facts.context,
    facts.standing.config,
  );
  if (decision.verdict !== "ask" || call.allowedTerms === null || !within(call.allowedTerms, quote)) return decision;
  return { verdict: "allow", ruleId: sameTermsRule, reason: "A fresh quote within what was allowed." };
}

/** The address in the arguments that the request went to, as it was written there. */
function addressAsWritten(quote: Quote, facts: CallFacts): string {
  const wanted = URL.parse(quote.request.url)?.href;
  return stringsIn(facts.call.arguments).find((text) => URL.parse(text.trim())?.href === wanted) ?? quote.request.url;
}

/** Same payee for the same request on the same network, at or below the amount that was allowed. */
export function within(allowed: Quote, fresh: Quote): boolean {
  return (
    fresh.rail === allowed.rail &&
    fresh.origin === allowed.origin &&
    fresh.payee === allowed.payee &&
    fresh.network === allowed.network &&
    hashJson({ ...fresh.request }) === hashJson({ ...allowed.request }) &&
    fresh.amount.asset === allowed.amount.asset &&
    fresh.amount.units <= allowed.amount.units
  );
}

/** Takes the amount out of the budgets and logs it, in one transaction. An expired quote is asked for anew. */
export async function reserveStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const { payment, clearedBy, callId } = call;
  if (payment === null || clearedBy === null) return "go-on";
  const { key, quote } = payment;
  if (quote.expiresAt !== null && quote.expiresAt <= deps.clock.now()) {
    await run.append([paymentEnded(callId, null, { outcome: "expired", reason: "The quote has run out." })]);
    return "go-on";
  }
  await run.appendIn(async (tx) => {
    const reserved = await deps.payer.reserve(tx, key, quote, clearedBy);
    if (reserved.outcome === "reserved") {
      return [plain({ type: "payment.reserved", v: 1, callId, key, intentId: reserved.intentId })];
    }
    const refused = paymentEnded(callId, null, { outcome: "refused", reason: reserved.reason });
    const ended = endedCall(deps, run, call, { outcome: "denied", text: `Not paid: ${reserved.reason}` });
    await deps.turns.append(tx, ended.turn);
    return [refused, ended.event];
  });
  deps.failpoint("payment.reserved");
  return "go-on";
}

export async function authorizeStep(deps: Deps, run: HeldRun, call: CallState): Promise<StepEnd> {
  const intentId = call.payment?.intentId ?? null;
  if (intentId === null) return "go-on";
  const authorized = await deps.payer.authorize(intentId);
  deps.failpoint("payment.authorized");
  switch (authorized.outcome) {
    case "authorized":
      await run.append([plain({ type: "payment.authorized", v: 1, callId: call.callId, intentId })]);
      deps.failpoint("payment.logged");
      return "go-on";
    case "refused":
      return refusePayment(deps, run, call, authorized.reason);
    case "unknown":
      return waitForPayment(deps, run, call, authorized.reason);
  }
}

export async function refusePayment(deps: Deps, run: HeldRun, call: CallState, reason: string): Promise<StepEnd> {
  const before = [paymentEnded(call.callId, call.payment?.intentId ?? null, { outcome: "refused", reason })];
  await endCall(deps, run, call, { outcome: "denied", text: `Not paid: ${reason}`, before });
  return "go-on";
}

/** The answer to a try that paid. An uncertain payment is looked at again; the same terms are all that is ever sent. */
export async function endPaidTry(
  deps: Deps,
  run: HeldRun,
  call: CallState,
  ended: { readonly tool: Tool; readonly outcome: ToolOutcome; readonly startedAt: Date; readonly intentId: IntentId },
): Promise<StepEnd> {
  const { outcome, startedAt, intentId } = ended;
  const settled = await deps.payer.outcome(intentId, responseOf(outcome));
  deps.failpoint("payment.outcome");
  if (settled.outcome === "unknown" && outcome.outcome !== "ok") return waitForPayment(deps, run, call, settled.reason);
  const before = [paymentEnded(call.callId, intentId, settled)];
  const end: CallEnd =
    outcome.outcome === "ok" || outcome.outcome === "error"
      ? { outcome: outcome.outcome, text: outcome.text, labels: outcome.labels }
      : { outcome: "error", text: `Paid call without a result: ${settled.reason}` };
  await endCall(deps, run, call, { ...end, startedAt, server: ended.tool.serverName, before });
  deps.failpoint("call.ended");
  return "go-on";
}

function responseOf(outcome: ToolOutcome): ToolResponse | null {
  switch (outcome.outcome) {
    case "ok":
    case "error":
      return outcome.response ?? null;
    case "payment_required":
      return { status: 402, headers: outcome.challenge.headers };
    case "unknown":
      return null;
  }
}

/** A try with a payment that its worker did not live to end: the payer knows from the rail what became of it. */
export async function recoverPaidTry(
  deps: Deps,
  run: HeldRun,
  call: CallState,
  again: (deps: Deps, run: HeldRun, call: CallState) => Promise<StepEnd>,
): Promise<StepEnd> {
  const intentId = call.payment?.intentId ?? null;
  if (intentId === null) return "go-on";
  const found = await deps.payer.recover(intentId);
  const { callId } = call;
  switch (found.outcome) {
    case "resend":
      return again(deps, run, call);
    case "pending":
      return waitForPayment(deps, run, call, found.reason);
    case "released": {
      const before = [paymentEnded(callId, intentId, { outcome: "released", reason: found.reason })];
      await endCall(deps, run, call, { outcome: "error", text: `Nothing was paid: ${found.reason}`, before });
      return "go-on";
    }
    case "settled_not_delivered": {
      const before = [paymentEnded(callId, intentId, { outcome: "paid_not_delivered", reason: found.reason })];
      await endCall(deps, run, call, { outcome: "error", text: `Paid, but not delivered: ${found.reason}`, before });
      return "go-on";
    }
  }
}

/** Gives the run back for a while; in the end the payment is left to the wallet page, where its hold can be seen. */
async function waitForPayment(deps: Deps, run: HeldRun, call: CallState, reason: string): Promise<StepEnd> {
  const { callId, waits } = call;
  if (waits >= deps.config.paymentWaits) {
    const before = [paymentEnded(callId, call.payment?.intentId ?? null, { outcome: "unknown", reason })];
    const text = "It is not known yet whether the payment went through; the wallet page shows it.";
    await endCall(deps, run, call, { outcome: "unknown", text, labels: systemLabels, before });
    return "go-on";
  }
  const ms = Math.min(longestWaitMs, deps.config.retryMs * 2 ** waits);
  return waitUntil(deps, run, { reason: "payment", callId, until: new Date(deps.clock.now().getTime() + ms) });
}

function paymentEnded(
  callId: string,
  intentId: IntentId | null,
  end: { readonly outcome: EventOf<"payment.ended">["outcome"]; readonly reason: string },
): NewEvent {
  return plain({ type: "payment.ended", v: 1, callId, intentId, outcome: end.outcome, reason: end.reason });
}
