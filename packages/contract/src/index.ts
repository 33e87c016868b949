export type { CheckJson, LedgerRowJson } from "./activity.ts";
export { ApiError, createClient, type Client, type ClientOptions } from "./client.ts";
export { moneySchema, type AssetInfo, type ErrorBody, type LabelsJson, type MoneyJson } from "./common.ts";
export { parseSettings, settings, type Setting, type SettingName, type Settings, type SettingsResult } from "./env.ts";
export {
  customEvents,
  customValue,
  runEventSchema,
  type ApprovalCard,
  type CustomEventName,
  type CustomEventValue,
  type ReceiptJson,
  type RunEvent,
  type RunEventFrame,
} from "./events.ts";
export type { BlockJson, MemoryHitJson, MemoryItemJson } from "./memory.ts";
export type { ModelJson } from "./models.ts";
export { tokenScopes, type Access, type Method, type Route } from "./route.ts";
export {
  routes,
  type RouteInput,
  type RouteName,
  type RouteRequest,
  type RouteResponse,
  type RouteResult,
} from "./routes.ts";
export type { ThreadJson, TurnJson, TurnPartJson } from "./threads.ts";
export type { ServerJson, ServerProposalJson, ToolDefinitionJson, ToolJson } from "./tools.ts";
export type { BudgetJson, WalletJson } from "./wallet.ts";
