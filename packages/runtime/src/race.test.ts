import { type Clock, type RunId, systemClock, systemLabels } from "@freehold/core";
import type { Database } from "@freehold/database";
import { postgresDatabase, verifies } from "@freehold/testkit";
import { expect, test, type TestContext } from "vitest";
import { createRunLog } from "./log.ts";
import { createRuns } from "./runs.ts";
import { freshDatabase, testMigrations } from "./testing/fresh-database.ts";
import { house, type House, type HouseOptions, houseTool, okay } from "./testing/house.ts";
import { scriptedModel } from "./testing/scripted-model.ts";

const note = houseTool("note", () => okay("noted"), {
  effects: { readOnly: false, idempotent: false, destructive: false, openWorld: false },
});
const noting = () =>
  scriptedModel((messages) => (messages.at(-1)?.role === "tool" ? ["Done."] : [{ call: "note", args: { path: "a" } }]));

interface Server extends AsyncDisposable {
  readonly db: Database;
  /** One more process on the same database. */
  open(): Promise<Database>;
}

async function postgres(context: TestContext): Promise<Server> {
  const server = await postgresDatabase(testMigrations);
  return server ?? context.skip("There is no Postgres with pgvector: set FREEHOLD_TEST_POSTGRES.");
}

async function embedded(): Promise<Server> {
  const t = await freshDatabase();
  return { db: t.db, open: async () => t.db, [Symbol.asyncDispose]: () => end(t) };
}

const kinds: readonly [string, (context: TestContext) => Promise<Server>][] = [
  ["Postgres", postgres],
  ["the embedded database", embedded],
];

async function end(resource: AsyncDisposable): Promise<void> {
  await resource[Symbol.asyncDispose]();
}

async function open(server: Server, options: Partial<HouseOptions> = {}): Promise<House> {
  return house({ model: noting(), tools: [note], clock: systemClock, ...options, db: await server.open() });
}

async function ended(h: House, runId: RunId): Promise<void> {
  for await (const frame of h.runtime.subscribe(runId)) if (frame.kind === "event") continue;
}

for (const [name, serve] of kinds) {
  test(`50 runs and 4 workers on ${name}: each call is made once, each run ends`, async (context) => {
    verifies("runtime.lease.exactly-once");
    await using server = await serve(context);
    const workers = await Promise.all(Array.from({ length: 4 }, () => open(server)));
    const [first] = workers;
    if (first === undefined) throw new Error("no worker");
    for (const { runtime } of workers) runtime.worker.start();
    const runs = await Promise.all(Array.from({ length: 50 }, () => first.say("Note this")));
    await Promise.all(runs.map(({ runId }) => ended(first, runId)));
    const states = await Promise.all(runs.map(({ runId }) => first.runtime.run(runId)));
    expect(states.map((run) => run.state)).toEqual(runs.map(() => "completed"));
    const effects = await first.effects();
    expect(effects).toHaveLength(50);
    expect(new Set(effects.map((effect) => effect.call_id)).size).toBe(50);
    expect(workers.flatMap((worker) => worker.faults)).toEqual([]);
    for (const worker of workers) await end(worker);
  });

  test(`of many that append at the same place on ${name}, one can`, async (context) => {
    verifies("runtime.log.fence");
    await using server = await serve(context);
    await using h = await open(server);
    const { runId } = await h.say("Note this");
    const logs = await Promise.all(Array.from({ length: 8 }, async () => createRunLog(await server.open())));
    for (let seq = 1; seq <= 10; seq += 1) {
      const event = { event: { type: "lease.taken" as const, v: 1 as const, lease: seq }, labels: systemLabels };
      const tries = logs.map((log) => log.append(runId, seq, [event], { at: new Date() }));
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const codes = results.flatMap((result) =>
        result.status === "rejected" ? [(result.reason as { code: unknown }).code] : [],
      );
      expect(new Set(codes)).toEqual(new Set(["RUN_LEASE_LOST"]));
    }
    expect((await h.runtime.events(runId)).map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, n) => n + 1));
  });

  test(`a worker that was stalled beyond its lease writes nothing more on ${name}`, async (context) => {
    verifies("runtime.lease.stolen");
    await using server = await serve(context);
    const inCall = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = houseTool("note", async () => {
      inCall.resolve();
      await goOn.promise;
      return okay("from the stalled worker");
    });
    // Its heart does not beat, as if the machine had been asleep.
    const stalled: Clock = { now: () => new Date(), sleep: () => new Promise(() => {}) };
    const config = { leaseMs: 300 };
    const first = await open(server, { tools: [slow], clock: stalled, config });
    const { runId, threadId } = await first.say("Note this");
    const working = first.runtime.worker.drain();
    await inCall.promise;
    const quick = houseTool("note", () => okay("from its successor"));
    await using second = await open(server, { tools: [quick], config: { ...config, sweepMs: 50 } });
    second.runtime.worker.start();
    await ended(second, runId);
    goOn.resolve();
    await Promise.race([working, systemClock.sleep(500)]);
    expect(await second.transcript(threadId)).toEqual([
      "owner: Note this",
      "assistant: note()",
      "tool: from its successor",
      "assistant: Done.",
    ]);
    expect(first.faults).toEqual([]);
  });

  test(`a stop that comes while the run parks is never missed on ${name}`, async (context) => {
    await using server = await serve(context);
    const wipe = houseTool("note", () => okay("wiped"), {
      effects: { readOnly: false, idempotent: false, destructive: true, openWorld: false },
    });
    await using worker = await open(server, { tools: [wipe] });
    await using owner = await open(server, { tools: [wipe] });
    worker.runtime.worker.start();
    for (let round = 0; round < 15; round += 1) {
      const { runId } = await owner.say("Wipe this");
      await systemClock.sleep(round * 2);
      await owner.runtime.stop(runId);
      await ended(owner, runId);
      expect(await owner.runtime.run(runId)).toMatchObject({ state: "stopped" });
    }
    expect(await owner.runtime.approvals("waiting")).toEqual([]);
  });

  test(`of many decisions at once on ${name}, one counts`, async (context) => {
    verifies("runtime.approval.single-use");
    await using server = await serve(context);
    const wipe = houseTool("note", () => okay("wiped"), {
      effects: { readOnly: false, idempotent: false, destructive: true, openWorld: false },
    });
    const pages = await Promise.all(Array.from({ length: 6 }, () => open(server, { tools: [wipe] })));
    const [first] = pages;
    if (first === undefined) throw new Error("no page");
    const { runId } = await first.say("Wipe this");
    await first.runtime.worker.drain();
    const [approval] = await first.runtime.approvals("waiting");
    if (approval === undefined) throw new Error("nothing waits");
    const { id, argumentsHash } = approval;
    const decisions = pages.map(({ runtime }, index) =>
      runtime.decide({ id, argumentsHash, decision: index % 2 === 0 ? "allow" : "deny", rule: null }),
    );
    const results = await Promise.allSettled(decisions);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await Promise.all(pages.map(({ runtime }) => runtime.worker.drain()));
    expect(await first.runtime.run(runId)).toMatchObject({ state: "completed" });
    expect((await first.effects()).length).toBe((await first.runtime.approval(id))?.state === "allowed" ? 1 : 0);
    for (const page of pages) await end(page);
  });
}

test("a watcher in another process is shown the same text, even when it comes late", async (context) => {
  verifies("runtime.stream.other-process");
  await using server = await postgres(context);
  const half = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let said = 0;
  const words = Array.from({ length: 300 }, (_, index) => `wörd${String(index)} `);
  const model = scriptedModel(() => words, {
    pace: async () => {
      said += 1;
      if (said === 150) half.resolve();
      if (said === 150) await goOn.promise;
    },
  });
  await using worker = await open(server, { model });
  await using other = await open(server, { model });
  worker.runtime.worker.start();
  const { runId, threadId } = await worker.say("Speak");
  await half.promise;
  let shown = "";
  let early = "";
  for await (const frame of other.runtime.subscribe(runId)) {
    if (frame.kind !== "delta") continue;
    shown += frame.text;
    // Half of it is shown while the model is still at it.
    if (shown.length >= words.slice(0, 149).join("").length) goOn.resolve();
    if (early === "") early = frame.text;
  }
  expect(`assistant: ${shown}`).toBe((await worker.transcript(threadId)).at(-1));
  expect(early).not.toBe(shown);
});

for (const first of ["the park", "the command"]) {
  test(`a command beside a park makes the run due, when ${first} locks first`, async (context) => {
    verifies("runtime.stop.never-missed");
    await using server = await postgres(context);
    await using h = await open(server);
    const other = await server.open();
    const [parker, owner] = [createRuns(server.db, systemClock), createRuns(other, systemClock)];
    const { runId } = await h.say("Note this");
    const lease = await parker.lease("worker", 60_000);
    if (lease === null) throw new Error("nothing to lease");
    const far = new Date(Date.now() + 3_600_000);
    const steps = {
      "the park": (hold: Promise<void>, locked: () => void) =>
        server.db.transaction(async (tx) => {
          await parker.park(tx, lease, "waiting", far);
          locked();
          await hold;
        }),
      "the command": (hold: Promise<void>, locked: () => void) =>
        other.transaction(async (tx) => {
          await owner.command(tx, h.newId<RunId>(), runId, "stop");
          locked();
          await hold;
        }),
    };
    const [early, late] =
      first === "the park" ? [steps["the park"], steps["the command"]] : [steps["the command"], steps["the park"]];
    const hold = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const one = early(hold.promise, locked.resolve);
    await locked.promise;
    const two = late(Promise.resolve(), () => {});
    // The second now waits for the first one's row.
    await systemClock.sleep(100);
    hold.resolve();
    await Promise.all([one, two]);
    expect(await owner.lease("another", 60_000)).toMatchObject({ runId });
  });
}
