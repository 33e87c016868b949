import { defineRequirements } from "../requirements.ts";

const guide = "docs/runs.md";

/** What runs promise. Those about money, approvals and limits have a break. */
export const runtimeRequirements = defineRequirements({
  "runtime.log.fence": {
    source: `${guide}#the-log`,
    behavior: "Of several workers that append at the same place of a run's log, exactly one can.",
    break: {
      file: "packages/runtime/migrations/001-runtime.sql",
      find: "  primary key (run_id, seq)\n",
      replace: "  check (seq < 1000000)\n",
    },
  },
  "runtime.lease.exactly-once": {
    source: `${guide}#leases`,
    behavior: "However many workers there are, each run is worked on by one, and each of its calls is made once.",
  },
  "runtime.lease.stolen": {
    source: `${guide}#leases`,
    behavior: "A worker that was stalled beyond its lease writes nothing more once another has taken the run.",
  },
  "runtime.resume.every-edge": {
    source: `${guide}#after-a-crash`,
    behavior: "A worker may die at any edge of any step: its successor goes on from the log, and the run ends.",
  },
  "runtime.answer.never-resampled": {
    source: `${guide}#after-a-crash`,
    behavior: "An answer of the model that was acted on is never sampled again.",
    break: {
      file: "packages/runtime/src/next.ts",
      find: "if (open !== undefined) return callStep(open);",
      replace: "if (open !== undefined && state.idleLeases === 0) return callStep(open);",
    },
  },
  "runtime.resume.unknown-asks": {
    source: `${guide}#after-a-crash`,
    behavior:
      "A call that was cut off is repeated only if a trusted server declares it a read that may be repeated; otherwise the owner decides.",
    break: {
      file: "packages/runtime/src/next.ts",
      find: 'return { kind: "recover", call };',
      replace: 'return { kind: "call", call };',
    },
  },
  "runtime.payment.gated": {
    source: `${guide}#payments`,
    behavior: "A 402 is a quote that policy decides about; nothing is reserved or signed before it is allowed.",
    break: {
      file: "packages/runtime/src/next.ts",
      find: 'return { kind: "gate-payment", call };',
      replace: 'return { kind: "reserve", call };',
    },
  },
  "runtime.payment.once": {
    source: `${guide}#payments`,
    behavior: "All tries of one call share one payment key, and a call is paid once, wherever its worker dies.",
    break: {
      file: "packages/runtime/src/steps/pay.ts",
      find: "const key = hashJson({ runId: run.runId, callId,",
      replace: "const key = hashJson({ runId: run.runId, callId, tries: call.tries,",
    },
  },
  "runtime.payment.fresh-quote-within-approval": {
    source: `${guide}#payments`,
    behavior:
      "Before an authorization, a fresh quote within the terms that were allowed takes the place of the old one.",
  },
  "runtime.payment.drift-asks-again": {
    source: `${guide}#payments`,
    behavior: "A quote that is dearer, or names another payee or network than what was allowed, is a new question.",
    break: {
      file: "packages/runtime/src/steps/pay.ts",
      find: "fresh.amount.units <= allowed.amount.units",
      replace: "fresh.amount.units > 0n",
    },
  },
  "runtime.payment.unknown-waits": {
    source: `${guide}#payments`,
    behavior: "A payment that nobody is sure of is never sent with other terms and never counted as done.",
    break: {
      file: "packages/runtime/src/steps/pay.ts",
      find: 'if (settled.outcome === "unknown" && outcome.outcome !== "ok")',
      replace: "if (settled.reason === null)",
    },
  },
  "runtime.approval.single-use": {
    source: `${guide}#questions`,
    behavior: "A question to the owner is decided once, however many decisions arrive.",
    break: {
      file: "packages/runtime/src/approvals.ts",
      find: "and state = 'waiting' and arguments_hash",
      replace: "and arguments_hash",
    },
  },
  "runtime.approval.bound-to-hash": {
    source: `${guide}#questions`,
    behavior: "A decision counts only for the arguments or terms that the owner was shown.",
    break: {
      file: "packages/runtime/src/approvals.ts",
      find: "and arguments_hash = ${argumentsHash} and",
      replace: "and ${argumentsHash}::text is not null and",
    },
  },
  "runtime.approval.expires": {
    source: `${guide}#questions`,
    behavior: "A question that nobody answers in time is closed, and what it asked for is not done.",
    break: {
      file: "packages/runtime/src/approvals.ts",
      find: " and expires_at > ${clock.now()}",
      replace: "",
    },
  },
  "runtime.approval.survives-restart": {
    source: `${guide}#questions`,
    behavior: "A run that waits for the owner holds no worker and goes on after a restart.",
  },
  "runtime.unattended.denies": {
    source: `${guide}#questions`,
    behavior: "Where nobody is there to answer, what would be asked is denied.",
    break: {
      file: "packages/runtime/src/steps/call-facts.ts",
      find: "const attended = run.state.created?.attended === true;",
      replace: "const attended = true;",
    },
  },
  "runtime.stop.any-step": {
    source: `${guide}#stopping`,
    behavior: "A stopped run ends at once, and what was shown of its answer is kept.",
  },
  "runtime.stop.never-missed": {
    source: `${guide}#stopping`,
    behavior: "A stop or a decision that arrives while the run is being parked makes it due, whichever comes first.",
    break: {
      file: "packages/runtime/src/runs.ts",
      find: "where id = ${given.runId} for update`",
      replace: "where id = ${given.runId}`",
    },
  },
  "runtime.halt.between-steps": {
    source: `${guide}#stopping`,
    behavior: "The kill switch holds every run between any two steps until the owner lifts it.",
    break: {
      file: "packages/runtime/src/drive.ts",
      find: 'if (step.kind !== "finish" && (await deps.rules.halted()))',
      replace: "if (run.state.seq < 0)",
    },
  },
  "runtime.tools.fixed-at-start": {
    source: `${guide}#tools`,
    behavior: "A run is given the tools that were there when it began, with the definitions that they had then.",
    break: {
      file: "packages/runtime/src/thread-turns.ts",
      find: ".filter((tool) => given.get(tool.spec.name) === tool.definitionHash)",
      replace: ".filter(() => given.size >= 0)",
    },
  },
  "runtime.tool-call.repaired-once": {
    source: `${guide}#tools`,
    behavior:
      "A tool call that cannot be used goes back to the model once with what is wrong, then the run fails visibly.",
  },
  "runtime.prompt.stable-prefix": {
    source: `${guide}#the-prompt`,
    behavior:
      "The beginning of the prompt keeps its bytes from message to message; time and recall stand in the newest.",
  },
  "runtime.compaction.visible": {
    source: `${guide}#the-prompt`,
    behavior: "When the prompt would not fit, whole old exchanges leave it, and the log and the prompt say so.",
  },
  "runtime.stream.shown-equals-committed": {
    source: `${guide}#watching`,
    behavior: "After any number of cuts, the text that was shown equals the text that was kept.",
    break: {
      file: "packages/runtime/src/subscribe.ts",
      find: "yield* completed(deps, logged, position);",
      replace: "",
    },
  },
  "runtime.stream.other-process": {
    source: `${guide}#watching`,
    behavior: "A watcher in another process is shown the same text, also when it comes in mid-sentence.",
  },
});
