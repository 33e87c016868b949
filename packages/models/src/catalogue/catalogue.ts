import { FreeholdError, type ChatModel, type Clock, type Embedder } from "@freehold/core";
import type { ModelInfo, ProviderState } from "../describe.ts";
import { modelsErrors } from "../errors.ts";
import type { Selection } from "./selection.ts";
import { createSnapshots, type Entry } from "./snapshots.ts";
import type { ModelSource } from "./source.ts";

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

export function assembleCatalogue({
  sources,
  selection,
  makeEmbedder,
  clock,
  release,
}: CatalogueParts): ModelCatalogue {
  let embedder: Embedder | null = null;
  const { known, renew } = createSnapshots(sources, clock);
  const opened = new Map<string, { readonly key: string; readonly chat: ChatModel }>();

  const choose = async (): Promise<Entry> => {
    const chosen = await selection.get();
    const found = find((await known()).entries, chosen);
    return found ?? pick((await renew()).entries, chosen);
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
      const { entries } = options?.refresh === true ? await renew() : await known();
      const chosen = await selection.get();
      const active = chosen ?? entries.find(isUsable)?.model.id;
      return entries.map(({ model }) => ({ ...model, selected: model.id === active }));
    },
    providers: async () => (await known()).providers,
    current: async () => chatOf(await choose()),
    currentInfo: async () => ({ ...(await choose()).model, selected: true }),
    async select(modelId) {
      const there = find((await known()).entries, modelId);
      const chosen = there ?? pick((await renew()).entries, modelId);
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

function isUsable({ model }: Entry): boolean {
  return model.problem === null;
}

/** The entry that would answer; undefined when it is not there or has a problem. */
function find(entries: readonly Entry[], chosen: string | null): Entry | undefined {
  return entries.find((entry) => isUsable(entry) && (chosen === null || entry.model.id === chosen));
}

/** Like `find`, with the reason why there is none. */
function pick(entries: readonly Entry[], chosen: string | null): Entry {
  const found = find(entries, chosen);
  if (found !== undefined) return found;
  if (chosen === null) throw new FreeholdError(modelsErrors.MODEL_NONE);
  const problem = entries.find(({ model }) => model.id === chosen)?.model.problem ?? null;
  const spec = Object.values(modelsErrors).find(({ code }) => code === problem?.code);
  if (problem === null || spec === undefined) throw new FreeholdError(modelsErrors.MODEL_UNKNOWN, { model: chosen });
  throw new FreeholdError(spec, problem.data);
}
