import { fakeClock, verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import type { Approval } from "./approvals.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { house, type House, type HouseOptions, later, usdc } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";
import { buyCall, buyText, createWallet, type Wallet } from "./testing/wallet.ts";

const buying = () => scriptedModel((messages) => (messages.at(-1)?.role === "tool" ? ["Bought."] : [buyCall]));

async function shop(
  wallet: Wallet,
  options: Partial<HouseOptions> & Pick<HouseOptions, "db">,
): Promise<House & { approval: Approval }> {
  const h = await house({ model: buying(), tools: [wallet.seller], payer: wallet.payer, ...options });
  await h.say(buyText);
  await h.runtime.worker.drain();
  expect(h.faults).toEqual([]);
  const [approval] = await h.runtime.approvals("waiting");
  if (approval === undefined) throw new Error("Nothing waits for the owner.");
  return { ...h, approval };
}

async function allow(h: House, { id, argumentsHash }: Approval): Promise<void> {
  await h.runtime.decide({ id, argumentsHash, decision: "allow", rule: null });
  await h.runtime.worker.drain();
}

test("a 402 is a quote: it is gated, the owner asked, then reserved, authorized and sent in a new try", async () => {
  verifies("runtime.payment.gated");
  const wallet = createWallet();
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db });
  expect(h.approval).toMatchObject({
    kind: "payment",
    argumentsHash: "quote-1",
    facts: { payment: { firstPayment: true } },
  });
  expect(h.approval.facts.payment?.remaining).toEqual({ asset: usdc, units: 50_000n });
  expect(wallet.signatures).toEqual([]);
  await allow(h, h.approval);
  const story = (await h.story(h.approval.runId)).slice(4);
  expect(story).toEqual(
    `call.gated call.started call.ended payment.quoted call.gated approval.asked
    approval.decided payment.reserved payment.authorized call.started payment.ended call.ended
    infer.started infer.ended run.finished`.split(/\s+/),
  );
  expect(wallet.chain).toHaveLength(1);
  expect(await h.effects()).toMatchObject([{ try: 1 }, { try: 2 }]);
});

test("what the owner denies is not paid", async () => {
  const wallet = createWallet();
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db });
  await h.runtime.decide({ id: h.approval.id, argumentsHash: "quote-1", decision: "deny", rule: null });
  await h.runtime.worker.drain();
  expect(wallet.chain).toEqual([]);
  expect(wallet.signatures).toEqual([]);
  expect(await h.transcript(h.approval.threadId)).toContain("tool: The owner did not allow the payment.");
});

const minute = 60_000;
const soon = new Date("2026-01-01T00:01:00.000Z");

test("a quote that ran out while the owner thought is asked for anew, and cheaper terms need no second question", async () => {
  verifies("runtime.payment.fresh-quote-within-approval");
  verifies("runtime.payment.once");
  const wallet = createWallet();
  wallet.price({ expiresAt: soon });
  await using t = await freshDatabase();
  const clock = fakeClock();
  await using h = await shop(wallet, { db: t.db, clock });
  await clock.advance(2 * minute);
  wallet.price({ hash: "quote-2", amount: { asset: usdc, units: 9_000n } });
  await allow(h, h.approval);
  expect(wallet.chain).toHaveLength(1);
  expect(wallet.keys.size).toBe(1);
  const events = await h.runtime.events(h.approval.runId);
  const rules = events.flatMap(({ event }) => (event.type === "call.gated" ? [event.ruleId] : []));
  expect(rules.at(-1)).toBe("approval.same-terms");
});

test.each([
  ["dearer", { amount: { asset: usdc, units: 10_001n } }],
  ["another payee", { payee: "0x2222222222222222222222222222222222222222" }],
  ["another network", { network: "eip155:8453" }],
])("a fresh quote that drifted (%s) is a new question, and nothing is paid for the old one", async (_what, drift) => {
  verifies("runtime.payment.drift-asks-again");
  const wallet = createWallet();
  wallet.price({ expiresAt: soon });
  await using t = await freshDatabase();
  const clock = fakeClock();
  await using h = await shop(wallet, { db: t.db, clock });
  await clock.advance(2 * minute);
  wallet.price({ hash: "quote-2", ...drift });
  await allow(h, h.approval);
  expect(wallet.signatures).toEqual([]);
  const waiting = await h.runtime.approvals("waiting");
  expect(waiting).toMatchObject([{ kind: "payment", argumentsHash: "quote-2" }]);
});

test("a 402 that cannot be paid is told to the model", async () => {
  const refused = { outcome: "refused", code: "CHALLENGE_MALFORMED", reason: "the challenge is malformed" } as const;
  const wallet = createWallet({ quote: async () => refused });
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model: buying(), tools: [wallet.seller], payer: wallet.payer });
  const { threadId } = await h.say(buyText);
  await h.runtime.worker.drain();
  expect(await h.transcript(threadId)).toContain(
    "tool: The server asks for a payment that cannot be made: the challenge is malformed",
  );
});

test("a budget that is used up by then refuses the reservation, and nothing is signed", async () => {
  const wallet = createWallet();
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db });
  wallet.say.reserve = async () => ({ outcome: "refused", code: "BUDGET", reason: "the day's budget is used up" });
  await allow(h, h.approval);
  expect(wallet.signatures).toEqual([]);
  expect(await h.transcript(h.approval.threadId)).toContain("tool: Not paid: the day's budget is used up");
});

test("a payment that nobody is sure of is looked at again, and only the same terms are ever sent", async () => {
  verifies("runtime.payment.unknown-waits");
  const wallet = createWallet();
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db });
  wallet.say.outcome = async () => ({ outcome: "unknown", reason: "the answer was lost" });
  const { seller } = wallet;
  const lost = { ...seller, run: () => ({ outcome: "unknown" as const, reason: "the connection was cut" }) };
  Object.assign(seller, { run: lost.run });
  wallet.say.recover = async () => ({ outcome: "pending", reason: "not on the chain yet" });
  await allow(h, h.approval);
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "queued" });
  await later(h, 1_000);
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "queued" });
  wallet.say.recover = async () => ({ outcome: "settled_not_delivered", reason: "it is on the chain" });
  await later(h, minute);
  expect(wallet.signatures).toHaveLength(1);
  expect(await h.transcript(h.approval.threadId)).toContain("tool: Paid, but not delivered: it is on the chain");
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "completed" });
});

test("a payment that stays uncertain is left to the wallet page in the end", async () => {
  const wallet = createWallet({
    authorize: async () => ({ outcome: "unknown", reason: "the signer does not answer" }),
  });
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db, config: { paymentWaits: 2 } });
  await allow(h, h.approval);
  for (let left = 3; left > 0; left -= 1) await later(h, minute);
  expect(await h.transcript(h.approval.threadId)).toContain(
    "tool: It is not known yet whether the payment went through; the wallet page shows it.",
  );
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "completed" });
});

test("stopping a run that has reserved gives the hold back", async () => {
  const wallet = createWallet({
    authorize: async () => ({ outcome: "unknown", reason: "the signer does not answer" }),
  });
  await using t = await freshDatabase();
  await using h = await shop(wallet, { db: t.db });
  await allow(h, h.approval);
  await h.runtime.stop(h.approval.runId);
  await h.runtime.worker.drain();
  expect([...wallet.intents.values()]).toEqual(["abandoned"]);
});
