export { classifyAddress, type AddressClass } from "./address-class.ts";
export { createDirectTransport, dialAddresses, type Dial, type DirectDeps } from "./direct-transport.ts";
export { createDoor, type DeclaredSocket, type DoorDeps, type GuardedDoor } from "./door.ts";
export { egressErrors } from "./errors.ts";
export { guardHost, systemResolver, type Reach, type Resolver } from "./guard.ts";
export type { Hop, HopBody, Transport } from "./hop.ts";
export {
  ledgerOutcomes,
  type Ledger,
  type LedgerEnd,
  type LedgerOutcome,
  type LedgerQuery,
  type LedgerRow,
  type LedgerStart,
  type LedgerSummary,
  type LedgerWriter,
} from "./ledger.ts";
export { createFileSecrets, type SecretStore } from "./secrets.ts";
export { openDoorSettings, type DoorSettings, type DoorSettingsStore } from "./settings.ts";
export { egressMigrations } from "./migrations.ts";
export { createLedger, type SqlLedger } from "./sql-ledger.ts";
export type { Limits } from "./watch.ts";
export {
  createRemoteDoor,
  createRemoteTransport,
  type RemoteConfig,
  type RemoteDoor,
  type RemoteTransport,
} from "./remote/client.ts";
export { createConnectProxy, type ConnectProxyDeps } from "./remote/connect-proxy.ts";
export { createReverseProxy, type ReverseProxyConfig } from "./remote/reverse-proxy.ts";
export { createDoorServer, newDoorState, type DoorServerDeps, type DoorState } from "./remote/server.ts";
