export { decide } from "./decide.ts";
export {
  argumentSources,
  type ArgumentSource,
  type AssetName,
  type AuthoritySubject,
  type BudgetSnapshot,
  type Decision,
  type Grant,
  type PayeeGrant,
  type PaymentSubject,
  type PolicyConfig,
  type PolicyContext,
  type PolicySubject,
  type ToolEffects,
  type ToolGrant,
  type ToolSubject,
  type Verdict,
} from "./subject.ts";
export { sourceOf, traceArguments, type ContextText } from "./trace-arguments.ts";
