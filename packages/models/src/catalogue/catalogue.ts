import { FreeholdError, type ChatModel, type Clock, type Embedder } from "@freehold/core";
import type { ModelInfo, ProviderState } from "../describe.ts";
import { modelsErrors } from "../errors.ts";
import type { Selection } from "./selection.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

/** Engines are asked what they have at most this often, in ms, unless the owner asks. */
const detectionAge = 30_000;

/** All models that could answer, and the one that does. */
export interface ModelCatalogue extends AsyncDisposable {
  /** In order of preference. `refresh` asks all engines again. */
  list(options?: { readonly refresh?: boolean }): Promise<readonly ModelInfo[]>;
  providers(): Promise<readonly ProviderState[]>;
  /**
   * The owner's choice, else the first that answers, the demo last. Throws `MODEL_NONE`, or `MODEL_UNKNOWN` when the
   * chosen one is gone: another model is never put in its place silently.
   */
  current(): Promise<ChatModel>;
  currentInfo(): Promise<ModelInfo>;
  /** Kept over restarts. Throws `MODEL_UNKNOWN`, or the model's own problem. */
  select(modelId: string): Promise<ModelInfo>;
  /** Null when none is configured. Rejects while the configured one does not answer; asked again, it is tried again. */
  embedder(): Promise<Embedder | null>;
}

export interface CatalogueParts {
  /** In order of preference. */
  readonly sources: readonly ModelSource[];
  readonly selection: Selection;
  readonly makeEmbedder: () => Promise<Embedder | null>;
  readonly clock: Clock;
  /** Ends what the sources share. */
  readonly release: () => Promise<void>;
}

interface Entry {
  readonly model: FoundModel;
  readonly source: ModelSource;
}

interface Snapshot {
  readonly at: number;
  readonly providers: readonly ProviderState[];
  readonly entries: readonly Entry[];
}

export function assembleCatalogue({
  sources,
  selection,
  makeEmbedder,
  clock,
  release,
}: CatalogueParts): ModelCatalogue {
  let pending: Promise<Snapshot> | null = null;
  let last: Snapshot | null = null;
  let embedder: Embedder | null = null;
  const opened = new Map<string, { readonly key: string; readonly chat: ChatModel }>();

  const detect = async (): Promise<Snapshot> => {
    const found = await Promise.all(sources.map(async (source) => ({ source, detection: await source.detect() })));
    last = toSnapshot(found, clock.now().getTime());
    return last;
  };
  const snapshot = async (refresh: boolean): Promise<Snapshot> => {
    if (!refresh && last !== null && clock.now().getTime() - last.at < detectionAge) return last;
    pending ??= detect().finally(() => {
      pending = null;
    });
    return pending;
  };
  const choose = async (): Promise<Entry> => {
    const chosen = await selection.get();
    const { entries } = await snapshot(false);
    return pick(entries, chosen);
  };
  const chatOf = ({ model, source }: Entry): ChatModel => {
    const key = JSON.stringify([model.provider, model.contextWindow, model.tools, model.sizeBytes]);
    const known = opened.get(model.id);
    if (known?.key === key) return known.chat;
    const chat = source.open(model);
    opened.set(model.id, { key, chat });
    return chat;
  };

  return {
    async list(options) {
      const { entries } = await snapshot(options?.refresh ?? false);
      const chosen = await selection.get();
      const active = chosen ?? entries.find(isUsable)?.model.id;
      return entries.map(({ model }) => ({ ...model, selected: model.id === active }));
    },
    providers: async () => (await snapshot(false)).providers,
    current: async () => chatOf(await choose()),
    currentInfo: async () => ({ ...(await choose()).model, selected: true }),
    async select(modelId) {
      const known = (await snapshot(false)).entries.find(({ model }) => model.id === modelId);
      const entry = known ?? (await snapshot(true)).entries.find(({ model }) => model.id === modelId);
      const chosen = pick(entry === undefined ? [] : [entry], modelId);
      await selection.set(modelId);
      return { ...chosen.model, selected: true };
    },
    async embedder() {
      embedder ??= await makeEmbedder();
      return embedder;
    },
    [Symbol.asyncDispose]: release,
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

function isUsable({ model }: Entry): boolean {
  return model.problem === null;
}

function pick(entries: readonly Entry[], chosen: string | null): Entry {
  const entry = chosen === null ? entries.find(isUsable) : entries.find(({ model }) => model.id === chosen);
  if (entry === undefined) {
    throw chosen === null
      ? new FreeholdError(modelsErrors.MODEL_NONE)
      : new FreeholdError(modelsErrors.MODEL_UNKNOWN, { model: chosen });
  }
  const { problem } = entry.model;
  if (problem === null) return entry;
  const spec = Object.values(modelsErrors).find(({ code }) => code === problem.code);
  throw new FreeholdError(spec ?? modelsErrors.MODEL_ENGINE_FAILED, problem.data);
}
