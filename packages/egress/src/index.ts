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
export type { DoorSettings, DoorSettingsStore } from "./settings.ts";
export type { Limits } from "./watch.ts";
