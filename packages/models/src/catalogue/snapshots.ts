import type { Clock } from "@freehold/core";
import type { ProviderState } from "../describe.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

/** Engines are asked what they have at most this often, in ms, unless the owner asks. */
const detectionAge = 30_000;

export interface Entry {
  readonly model: FoundModel;
  readonly source: ModelSource;
}

/** What was found at one time. */
interface Snapshot {
  readonly at: number;
  readonly providers: readonly ProviderState[];
  readonly entries: readonly Entry[];
}

export interface Snapshots {
  /** The last one, renewed behind the caller's back when it is old: no message waits for a server that is gone. */
  known(): Promise<Snapshot>;
  /** Asks all sources; callers at the same time share one round. */
  renew(): Promise<Snapshot>;
}

export function createSnapshots(sources: readonly ModelSource[], clock: Clock): Snapshots {
  let pending: Promise<Snapshot> | null = null;
  let last: Snapshot | null = null;

  const detect = async (): Promise<Snapshot> => {
    const found = await Promise.all(sources.map(async (source) => ({ source, detection: await source.detect() })));
    last = toSnapshot(found, clock.now().getTime());
    return last;
  };
  const renew = (): Promise<Snapshot> => {
    pending ??= detect().finally(() => {
      pending = null;
    });
    return pending;
  };
  return {
    renew,
    async known() {
      if (last === null) return renew();
      // Sources report their failures in what they return; nobody waits for this round.
      if (clock.now().getTime() - last.at >= detectionAge) renew().catch(() => undefined);
      return last;
    },
  };
}

function toSnapshot(
  found: readonly { readonly source: ModelSource; readonly detection: Detection }[],
  at: number,
): Snapshot {
  return {
    at,
    providers: found.map(({ detection }) => detection.provider),
    entries: found.flatMap(({ source, detection }) => detection.models.map((model) => ({ model, source }))),
  };
}
