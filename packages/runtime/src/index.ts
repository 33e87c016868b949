export type { Approval, ApprovalFacts, ApprovalState, Decided } from "./approvals.ts";
export { defaultConfig, defaultInstructions, type RuntimeConfig, type RuntimePorts } from "./deps.ts";
export type { EventOf, LoggedEvent, RunEvent, RunEventType } from "./events.ts";
export type { OutputKind } from "./hub.ts";
export { runtimeMigrations } from "./migrations.ts";
export type { RunStatus, RunView } from "./runs.ts";
export { createRuntime, type Runtime, type StartRun } from "./runtime.ts";
export type { RunFrame } from "./subscribe.ts";
export { runtimeErrors } from "./errors.ts";
export {
  failpointNames,
  type Failpoint,
  type FailpointName,
  type ModelSource,
  type OwnersRules,
  type Payer,
  type PinnedBlock,
  type QuoteFacts,
  type Recall,
  type Recalled,
  type RecalledItem,
  type Refusal,
  type Standing,
  type Tool,
  type ToolCallContext,
  type ToolHost,
  type ToolOutcome,
  type ToolResponse,
  type TurnStore,
} from "./ports.ts";
