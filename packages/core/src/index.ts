export { systemClock, type Clock } from "./clock.ts";
export { coreErrors } from "./core-errors.ts";
export type { Door, Errand, Fetch } from "./door.ts";
export {
  defineErrors,
  describeError,
  FreeholdError,
  isFreeholdError,
  type ErrorCatalogue,
  type ErrorJson,
  type ErrorSpec,
} from "./errors.ts";
export { hashJson, sha256 } from "./hash.ts";
export {
  createIds,
  type ApprovalId,
  type IntentId,
  type NewId,
  type OwnerId,
  type RunId,
  type ServerId,
  type ThreadId,
  type TurnId,
} from "./ids.ts";
export { canonicalJson, type JsonObject, type JsonValue } from "./json.ts";
export {
  confidentialityLevels,
  integrityLevels,
  joinLabels,
  ownerLabels,
  systemLabels,
  type Confidentiality,
  type Integrity,
  type Labels,
} from "./labels.ts";
export type {
  ChatEvent,
  ChatFinish,
  ChatMessage,
  ChatModel,
  ChatRequest,
  ChatToolCall,
  ChatUsage,
  Embedder,
  Locality,
  ModelProbe,
  ToolSpec,
} from "./models.ts";
export {
  addMoney,
  asset,
  compareMoney,
  formatUnits,
  money,
  moneyFromJson,
  moneyToJson,
  parseUnits,
  type Asset,
  type Money,
  type MoneyJson,
} from "./money.ts";
export type { CanonicalRequest, Challenge, PaymentCredential, Quote, RailName } from "./payments.ts";
export type { NewTurn, ToolResultStatus, Turn, TurnAuthor, TurnPart } from "./turns.ts";
export type { Tx } from "./tx.ts";
