import type { ApprovalId } from "@freehold/core";
import { fakeClock, verifies } from "@freehold/testkit";
import { expect, test } from "vitest";
import type { Approval } from "./approvals.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { house, type House, type HouseOptions, houseTool, later, okay } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";

const destructive = { readOnly: false, idempotent: false, destructive: true, openWorld: false };
const wipe = houseTool("wipe", () => okay("wiped"), { effects: destructive });
const wiping = () =>
  scriptedModel((messages) => (messages.at(-1)?.role === "tool" ? ["Done."] : [{ call: "wipe", args: { path: "a" } }]));

async function parked(
  options: Partial<HouseOptions> & Pick<HouseOptions, "db">,
): Promise<House & { approval: Approval }> {
  const h = await house({ model: wiping(), tools: [wipe], ...options });
  await h.say("Wipe a");
  await h.runtime.worker.drain();
  const [approval] = await h.runtime.approvals("waiting");
  if (approval === undefined) throw new Error("Nothing waits for the owner.");
  return { ...h, approval };
}

function allow(approval: Approval): Parameters<House["runtime"]["decide"]>[0] {
  return { id: approval.id, decision: "allow", argumentsHash: approval.argumentsHash, rule: null };
}

test("a question parks the run, survives a restart, and the decision sets it going again", async () => {
  verifies("runtime.approval.survives-restart");
  await using t = await freshDatabase();
  const first = await parked({ db: t.db });
  const { approval } = first;
  expect(approval).toMatchObject({
    kind: "tool",
    state: "waiting",
    facts: { tool: "wipe", ruleId: "tool.destructive" },
  });
  expect(await first.runtime.run(approval.runId)).toMatchObject({ state: "waiting" });
  await first[Symbol.asyncDispose]();

  await using second = await house({ db: t.db, model: wiping(), tools: [wipe] });
  await second.runtime.worker.drain();
  expect(await second.effects()).toEqual([]);
  await second.runtime.decide(allow(approval));
  await second.runtime.worker.drain();
  expect(await second.runtime.run(approval.runId)).toMatchObject({ state: "completed" });
  expect(await second.effects()).toHaveLength(1);
});

test("a decision counts once, for what was shown, and only in time", async () => {
  verifies("runtime.approval.single-use");
  verifies("runtime.approval.bound-to-hash");
  await using t = await freshDatabase();
  await using h = await parked({ db: t.db });
  const decision = allow(h.approval);
  const unknown = { ...decision, id: h.newId<ApprovalId>() };
  await expect(h.runtime.decide(unknown)).rejects.toMatchObject({ code: "APPROVAL_NOT_FOUND" });
  await expect(h.runtime.decide({ ...decision, argumentsHash: "other" })).rejects.toMatchObject({
    code: "APPROVAL_CHANGED",
  });
  const both = await Promise.allSettled([h.runtime.decide(decision), h.runtime.decide(decision)]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(h.runtime.decide(decision)).rejects.toMatchObject({ code: "APPROVAL_DECIDED" });
  await h.runtime.worker.drain();
  expect(await h.effects()).toHaveLength(1);
});

test("a question that nobody answers expires, and the call is not made", async () => {
  verifies("runtime.approval.expires");
  await using t = await freshDatabase();
  await using h = await parked({ db: t.db, clock: fakeClock(), config: { approvalMs: 60_000 } });
  await later(h, 59_000);
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "waiting" });
  await later(h, 2_000);
  await expect(h.runtime.decide(allow(h.approval))).rejects.toMatchObject({ code: "APPROVAL_EXPIRED" });
  expect(await h.effects()).toEqual([]);
  expect(await h.transcript(h.approval.threadId)).toContain(
    "tool: The owner did not allow this call: the question expired.",
  );
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "completed" });
});

test("a decision between expiry and the next look at the run comes too late", async () => {
  verifies("runtime.approval.expires");
  await using t = await freshDatabase();
  const clock = fakeClock();
  await using h = await parked({ db: t.db, clock, config: { approvalMs: 60_000 } });
  await clock.advance(61_000);
  await expect(h.runtime.decide(allow(h.approval))).rejects.toMatchObject({ code: "APPROVAL_EXPIRED" });
});

test("what the owner denies is not done, and the model hears it", async () => {
  await using t = await freshDatabase();
  await using h = await parked({ db: t.db });
  await h.runtime.decide({ ...allow(h.approval), decision: "deny" });
  await h.runtime.worker.drain();
  expect(await h.effects()).toEqual([]);
  expect(await h.transcript(h.approval.threadId)).toContain("tool: The owner did not allow this call.");
});

test("stopping a run that waits withdraws its question", async () => {
  await using t = await freshDatabase();
  await using h = await parked({ db: t.db });
  await h.runtime.stop(h.approval.runId);
  await h.runtime.worker.drain();
  expect(await h.runtime.approval(h.approval.id)).toMatchObject({ state: "withdrawn" });
  expect(await h.runtime.run(h.approval.runId)).toMatchObject({ state: "stopped" });
  expect(await h.effects()).toEqual([]);
});

test("what was allowed is not done once the agent has been halted", async () => {
  await using t = await freshDatabase();
  let halted = false;
  await using h = await parked({ db: t.db, halted: () => halted });
  halted = true;
  await h.runtime.decide(allow(h.approval));
  await h.runtime.worker.drain();
  expect(await h.effects()).toEqual([]);
  expect(await h.runtime.run(h.approval.runId)).not.toMatchObject({ state: "completed" });
});

test("where nobody is there to answer, nothing is asked and nothing is done", async () => {
  verifies("runtime.unattended.denies");
  await using t = await freshDatabase();
  await using h = await house({ db: t.db, model: wiping(), tools: [wipe] });
  const { runId } = await h.say("Wipe a", { attended: false });
  await h.runtime.worker.drain();
  expect(await h.runtime.approvals("waiting")).toEqual([]);
  expect(await h.effects()).toEqual([]);
  expect(await h.runtime.run(runId)).toMatchObject({ state: "completed" });
});
