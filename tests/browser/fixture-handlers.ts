import type { RouteName, RouteResult } from "@freehold/contract";
import { found, ok, refuse, type Handlers, type Some } from "./fixture-answers.ts";
import { house, tools } from "./fixture-house.ts";
import { startRun, type Run } from "./fixture-runs.ts";
import { ago, labels, newId, type Thread, type World } from "./fixture-world.ts";

const qr =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4z"/></svg>';

type ThreadJson = RouteResult<"threads.create">;

function threadJson(thread: Thread, runs: ReadonlyMap<string, Run>): ThreadJson {
  const run = runs.get(thread.runs.at(-1) ?? "");
  const active = run?.state === "running" || run?.state === "waiting" ? { id: run.id, state: run.state } : null;
  return {
    id: thread.id,
    title: thread.title,
    createdAt: thread.createdAt,
    updatedAt: thread.updatedAt,
    turns: thread.turns.length,
    activeRun: active,
  };
}

function account(
  world: World,
): Some<
  Extract<RouteName, `setup.${string}` | `session.${string}` | `owner.${string}` | `tokens.${string}` | "lan.get">
> {
  const owner = () => ({ name: "Captain", totp: world.totp, createdAt: ago(9000) });
  return {
    "setup.state": () => ({ owned: world.owned, signedIn: world.signedIn, version: "0.1.0", database: "embedded" }),
    "setup.claim": ({ body }) => {
      if (body.code.toUpperCase() !== "7KQM-2R4T") {
        throw refuse(
          403,
          "SETUP_CODE_WRONG",
          "That is not the setup code.",
          "Read it again in the terminal; a restart makes a new one.",
        );
      }
      world.owned = true;
      world.signedIn = true;
      return owner();
    },
    "session.login": ({ body }) => {
      if (body.password !== "correct horse battery")
        throw refuse(401, "PASSWORD_WRONG", "The password is not right.", "Try again.");
      if (world.totp && body.totp !== "123456")
        throw refuse(401, "TOTP_REQUIRED", "A six-digit code is needed.", "Open your authenticator app.");
      world.signedIn = true;
      return owner();
    },
    "session.logout": () => {
      world.signedIn = false;
      return ok;
    },
    "owner.get": owner,
    "owner.sessions": () => ({
      sessions: [
        { id: "s1", createdAt: ago(900), lastSeenAt: ago(0), userAgent: "Chromium on Linux", current: true },
        {
          id: "s2",
          createdAt: ago(9000),
          lastSeenAt: ago(70),
          userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15",
          current: false,
        },
      ],
    }),
    "owner.sessions.end": () => ok,
    "owner.totp.start": () => ({
      uri: "otpauth://totp/Freehold?secret=JBSWY3DPEHPK3PXP",
      secret: "JBSWY3DPEHPK3PXP",
      qrSvg: qr,
    }),
    "owner.totp.confirm": ({ body }) => {
      if (body.totp !== "123456") throw refuse(400, "TOTP_WRONG", "That code does not fit.", "Wait for the next one.");
      world.totp = true;
      return owner();
    },
    "owner.totp.remove": () => {
      world.totp = false;
      return owner();
    },
    "owner.password": () => ok,
    "tokens.list": () => ({ tokens: world.tokens }),
    "tokens.create": ({ body }) => {
      const token = { id: newId(), name: body.name, scopes: body.scopes, createdAt: ago(0), lastUsedAt: null };
      world.tokens.push(token);
      return { token, secret: "fh_5f21c8e0a1b2c3d4e5f60718293a4b5c" };
    },
    "tokens.revoke": ({ params }) => {
      world.tokens = world.tokens.filter(({ id }) => id !== params.id);
      return ok;
    },
    "lan.get": () => ({
      enabled: true,
      urls: ["https://192.168.1.20:7718"],
      certificateUrl: "http://192.168.1.20:7719/ca.crt",
      fingerprint: "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01",
      qrSvg: qr,
    }),
  };
}

function conversation(
  world: World,
  runs: Map<string, Run>,
): Some<
  Extract<
    RouteName,
    `threads.${string}` | `messages.${string}` | `runs.${string}` | `approvals.${string}` | `rules.${string}`
  >
> {
  const thread = (id: string): Thread => found(world.threads.get(id));
  return {
    "threads.list": ({ query }) => {
      const all = [...world.threads.values()].toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
      const hits = all.filter(({ title }) => title.toLowerCase().includes((query.search ?? "").toLowerCase()));
      return { threads: hits.slice(0, query.limit).map((each) => threadJson(each, runs)), next: null };
    },
    "threads.create": () => {
      const made: Thread = { id: newId(), title: "", createdAt: ago(0), updatedAt: ago(0), turns: [], runs: [] };
      world.threads.set(made.id, made);
      return threadJson(made, runs);
    },
    "threads.get": ({ params }) => {
      const each = thread(params.id);
      return { thread: threadJson(each, runs), turns: each.turns, runs: each.runs };
    },
    "threads.rename": ({ params, body }) => {
      thread(params.id).title = body.title;
      return threadJson(thread(params.id), runs);
    },
    "threads.forget": ({ params }) => {
      const gone = thread(params.id);
      world.threads.delete(params.id);
      return { turns: gone.turns.length, notes: 0, postings: 41, vectors: 0 };
    },
    "messages.send": ({ params, body }) => {
      const into = thread(params.id);
      if (into.title === "") into.title = body.text.slice(0, 60);
      const run = startRun(world, runs, into, body.text);
      const turn = {
        id: newId(),
        threadId: into.id,
        ordinal: into.turns.length,
        runId: run.id,
        author: "owner" as const,
        parts: [{ type: "text" as const, text: body.text }],
        labels: labels.owner,
        at: ago(0),
        forgotten: false,
      };
      into.turns.push(turn);
      into.updatedAt = turn.at;
      return { runId: run.id, turn };
    },
    "runs.get": ({ params }) => {
      const run = found(runs.get(params.id));
      return { id: run.id, threadId: run.thread.id, state: run.state, error: null };
    },
    "runs.stop": ({ params }) => {
      found(runs.get(params.id)).stopped = true;
      return ok;
    },
    "runs.retry": ({ params }) => {
      const run = found(runs.get(params.id));
      return { runId: startRun(world, runs, run.thread, run.text.replace("fail", "")).id };
    },
    "approvals.list": ({ query }) => ({
      approvals: world.approvals.filter(({ state }) => (state === "waiting") === (query.state === "waiting")),
    }),
    "approvals.decide": ({ params, body }) => {
      const at = world.approvals.findIndex(({ id }) => id === params.id);
      const card = found(world.approvals[at]);
      if (card.argumentsHash !== body.argumentsHash)
        throw refuse(409, "APPROVAL_CHANGED", "It is not what you saw.", "Look at it again.");
      const decided = {
        ...card,
        state: body.decision === "allow" ? ("allowed" as const) : ("denied" as const),
        decidedAt: ago(0),
      };
      world.approvals[at] = decided;
      runs.get(card.runId)?.decide?.(decided);
      return decided;
    },
    "rules.list": () => ({ rules: world.rules }),
    "rules.remove": ({ params }) => {
      world.rules = world.rules.filter(({ id }) => id !== params.id);
      return ok;
    },
  };
}

function memory(world: World): Some<Extract<RouteName, `memory.${string}` | `blocks.${string}`>> {
  return {
    "memory.search": ({ query }) => ({
      hits: world.notes.slice(0, 3).map((item, index) => ({
        item: { ...item, text: `${item.text} (${query.q})` },
        score: 3.4 - index,
        arms: {
          text: 1.4 - index * 0.4,
          meaning: 1.2 - index * 0.3,
          neighbours: 0.5 - index * 0.2,
          session: 0.3 - index * 0.1,
        },
      })),
      ran: ["text", "neighbours", "session"],
      missingVectors: 38,
    }),
    "memory.timeline": () => ({ items: world.notes, next: null }),
    "memory.stats": () => ({
      turns: 18_412,
      notes: 12,
      threads: world.threads.size,
      vectors: 0,
      missingVectors: 38,
      embedder: null,
      bytes: 41_000_000,
    }),
    "memory.forget.preview": ({ body }) => ({ turns: body.ids.length, notes: 0, postings: 41, vectors: 3 }),
    "memory.forget": ({ body }) => {
      world.notes = world.notes.filter(({ id }) => !body.ids.includes(id));
      return { turns: body.ids.length, notes: 0, postings: 41, vectors: 3 };
    },
    "memory.remember": ({ body }) => {
      const note = {
        id: newId(),
        kind: "note" as const,
        threadId: null,
        threadTitle: null,
        author: "owner" as const,
        text: body.text,
        at: ago(0),
        labels: labels.owner,
      };
      world.notes = [note, ...world.notes];
      return note;
    },
    "blocks.list": () => ({ blocks: world.blocks }),
    "blocks.put": ({ params, body }) => {
      const old = world.blocks.find(({ name }) => name === params.name);
      if ((old?.version ?? 0) !== body.version) {
        throw refuse(409, "BLOCK_CONFLICT", "This block was changed meanwhile.", "Compare the two and save again.");
      }
      const block = {
        name: params.name,
        text: body.text,
        version: body.version + 1,
        updatedAt: ago(0),
        labels: labels.owner,
      };
      world.blocks = [...world.blocks.filter(({ name }) => name !== params.name), block];
      return block;
    },
    "blocks.remove": ({ params }) => {
      world.blocks = world.blocks.filter(({ name }) => name !== params.name);
      return ok;
    },
  };
}

export function createHandlers(world: World, runs: Map<string, Run>): Handlers {
  return { ...account(world), ...conversation(world, runs), ...memory(world), ...tools(world), ...house(world) };
}
