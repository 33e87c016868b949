export type { MemoryTools } from "./builtin/memory.ts";
export { toolsErrors } from "./errors.ts";
export {
  createToolHost,
  type BuiltinView,
  type ToolHostConfig,
  type ToolHostDeps,
  type Tools,
  type TriedCall,
} from "./host.ts";
export { createInstaller, type InstalledPackage, type Installer, type InstallerConfig } from "./install/installer.ts";
export type { ProposalRequest, ServerProposal } from "./install/propose.ts";
export { toolsMigrations } from "./migrations.ts";
export type { DeclaredEffects } from "./registry/definition.ts";
export type { DefinitionChoice } from "./registry/registry.ts";
export type { GrantedFolder, PinnedPackage, ServerRecord, ServerTransport } from "./registry/server-record.ts";
export { createBubblewrapLauncher } from "./sandbox/bubblewrap.ts";
export type {
  LaunchedProcess,
  Launcher,
  LauncherKind,
  LauncherStatus,
  LaunchLimits,
  LaunchSpec,
} from "./sandbox/launcher.ts";
export type { DefinitionView, RegisterRequest, SandboxView, ServerView, ToolServers, ToolView } from "./servers.ts";
export type { CallContext, CallOutcome, HttpAnswer, OfferedTool, ToolHost } from "./tool-outcome.ts";
