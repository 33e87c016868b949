import {
  type ApprovalId,
  type Clock,
  FreeholdError,
  type Labels,
  type Money,
  type Quote,
  type RunId,
  type ThreadId,
  type TurnId,
  type Tx,
} from "@freehold/core";
import { type Database, json, sql } from "@freehold/database";
import { z } from "zod";
import { labelsSchema, moneySchema, quoteSchema, runIdSchema, threadIdSchema, turnIdSchema } from "./event-parts.ts";
import { runtimeErrors } from "./errors.ts";

export const approvalStates = ["waiting", "allowed", "denied", "expired", "withdrawn"] as const;
export type ApprovalState = (typeof approvalStates)[number];

const factsSchema = z.object({
  tool: z.string(),
  serverId: z.string(),
  serverName: z.string(),
  builtin: z.boolean(),
  reason: z.string(),
  ruleId: z.string(),
  /** One sentence per rule that asks. */
  questions: z.array(z.string()),
  payment: z
    .object({
      quote: quoteSchema,
      firstPayment: z.boolean(),
      /** What is left of the tightest matching budget before this payment. */
      remaining: moneySchema.nullable(),
      budget: z.string().nullable(),
    })
    .nullable(),
});
export type ApprovalFacts = z.output<typeof factsSchema>;
export type ApprovalFactsInput = z.input<typeof factsSchema>;

export interface Approval {
  readonly id: ApprovalId;
  readonly runId: RunId;
  readonly threadId: ThreadId;
  readonly kind: "tool" | "payment" | "unknown-outcome";
  readonly state: ApprovalState;
  readonly callId: string;
  /** The turn that holds the call with its arguments. */
  readonly turnId: TurnId;
  readonly argumentsHash: string;
  readonly facts: ApprovalFacts;
  /** The standing rule that the owner made with the decision. */
  readonly rule: string | null;
  readonly labels: Labels;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly decidedAt: Date | null;
}

export interface NewApproval extends Pick<
  Approval,
  "id" | "runId" | "threadId" | "kind" | "callId" | "turnId" | "argumentsHash" | "labels" | "expiresAt"
> {
  readonly facts: ApprovalFactsInput;
}

export interface Approvals {
  insert(tx: Tx, approval: NewApproval): Promise<void>;
  get(id: ApprovalId, tx?: Tx): Promise<Approval | null>;
  /** Newest first; at most 200. */
  list(state: "waiting" | "decided"): Promise<readonly Approval[]>;
  ofRun(runId: RunId): Promise<readonly Approval[]>;
  /** Counts once. Throws `APPROVAL_NOT_FOUND`, `APPROVAL_DECIDED`, `APPROVAL_EXPIRED` or `APPROVAL_CHANGED`. */
  decide(tx: Tx, decision: Decided): Promise<Approval>;
  /** Closes what waits beyond its time, and gives all questions of the run as they stand then. */
  expire(runId: RunId): Promise<readonly Approval[]>;
  /** Withdraws what still waits; leaves what was decided. */
  withdraw(tx: Tx, runId: RunId): Promise<void>;
}

export interface Decided {
  readonly id: ApprovalId;
  readonly decision: "allow" | "deny";
  /** What the owner was shown. */
  readonly argumentsHash: string;
  readonly rule: string | null;
}

const rowSchema = z
  .object({
    id: z.uuid().transform((id) => id as ApprovalId),
    run_id: runIdSchema,
    thread_id: threadIdSchema,
    kind: z.enum(["tool", "payment", "unknown-outcome"]),
    state: z.enum(approvalStates),
    call_id: z.string(),
    turn_id: turnIdSchema,
    arguments_hash: z.string(),
    facts: factsSchema,
    rule: z.string().nullable(),
    integrity: labelsSchema.shape.integrity,
    confidentiality: labelsSchema.shape.confidentiality,
    origins: z.array(z.string()),
    created_at: z.date(),
    expires_at: z.date(),
    decided_at: z.date().nullable(),
  })
  .transform((row): Approval => ({
    id: row.id,
    runId: row.run_id,
    threadId: row.thread_id,
    kind: row.kind,
    state: row.state,
    callId: row.call_id,
    turnId: row.turn_id,
    argumentsHash: row.arguments_hash,
    facts: row.facts,
    rule: row.rule,
    labels: { integrity: row.integrity, confidentiality: row.confidentiality, origins: row.origins },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
  }));

export function createApprovals(db: Database, clock: Clock): Approvals {
  const read = async (query: ReturnType<typeof sql>, tx?: Tx): Promise<readonly Approval[]> =>
    rowSchema.array().parse(await db.run(query, tx));
  const get = async (id: ApprovalId, tx?: Tx): Promise<Approval | null> =>
    (await read(sql`select * from runtime.approvals where id = ${id}`, tx))[0] ?? null;

  const ofRun = (runId: RunId): Promise<readonly Approval[]> =>
    read(sql`select * from runtime.approvals where run_id = ${runId} order by id`);

  return {
    async insert(tx, approval) {
      const { id, runId, threadId, kind, callId, turnId, labels } = approval;
      await db.run(
        sql`insert into runtime.approvals (id, run_id, thread_id, kind, state, call_id, turn_id, arguments_hash, facts,
            integrity, confidentiality, origins, created_at, expires_at)
          values (${id}, ${runId}, ${threadId}, ${kind}, 'waiting', ${callId}, ${turnId}, ${approval.argumentsHash},
            ${json(approval.facts)}, ${labels.integrity}, ${labels.confidentiality}, ${[...labels.origins]}::text[],
            ${clock.now()}, ${approval.expiresAt})`,
        tx,
      );
    },
    get,
    list: (state) =>
      read(sql`select * from runtime.approvals
        where (state = 'waiting') = ${state === "waiting"} order by created_at desc, id desc limit 200`),
    ofRun,
    async decide(tx, { id, decision, argumentsHash, rule }) {
      const state = decision === "allow" ? "allowed" : "denied";
      const [decided] = await read(
        sql`update runtime.approvals set state = ${state}, decided_at = ${clock.now()}, rule = ${rule}
          where id = ${id} and state = 'waiting' and arguments_hash = ${argumentsHash} and expires_at > ${clock.now()}
          returning *`,
        tx,
      );
      return decided ?? refuse(await get(id, tx), argumentsHash);
    },
    async expire(runId) {
      const now = clock.now();
      await db.run(sql`update runtime.approvals set state = 'expired', decided_at = ${now}
        where run_id = ${runId} and state = 'waiting' and expires_at <= ${now}`);
      return ofRun(runId);
    },
    async withdraw(tx, runId) {
      await db.run(
        sql`update runtime.approvals set state = 'withdrawn', decided_at = ${clock.now()}
          where run_id = ${runId} and state = 'waiting'`,
        tx,
      );
    },
  };
}

function refuse(found: Approval | null, argumentsHash: string): never {
  if (found === null) throw new FreeholdError(runtimeErrors.APPROVAL_NOT_FOUND);
  if (found.state === "expired") throw new FreeholdError(runtimeErrors.APPROVAL_EXPIRED);
  if (found.state !== "waiting") throw new FreeholdError(runtimeErrors.APPROVAL_DECIDED, { state: found.state });
  if (found.argumentsHash !== argumentsHash) throw new FreeholdError(runtimeErrors.APPROVAL_CHANGED);
  throw new FreeholdError(runtimeErrors.APPROVAL_EXPIRED);
}

/** What is left of the tightest budget; null when none matches. */
export function tightest(
  quote: Quote,
  budgets: readonly {
    readonly name: string;
    readonly asset: string;
    readonly cap: bigint;
    readonly held: bigint;
    readonly spent: bigint;
  }[],
): { readonly budget: string; readonly remaining: Money } | null {
  const left = budgets
    .filter((budget) => budget.asset === quote.amount.asset)
    .map((budget) => ({ budget: budget.name, units: budget.cap - budget.held - budget.spent }))
    .sort((one, other) => (one.units < other.units ? -1 : 1));
  const [first] = left;
  return first === undefined
    ? null
    : { budget: first.budget, remaining: { asset: quote.amount.asset, units: first.units } };
}
