import type { ChatModel } from "@freehold/core";
import type { ModelInfo, ProviderState } from "../describe.ts";

/** A model as its provider knows it; whether it is selected is not the provider's business. */
export type FoundModel = Omit<ModelInfo, "selected">;

export interface Detection {
  readonly provider: ProviderState;
  readonly models: readonly FoundModel[];
}

/** A place where models may be found. */
export interface ModelSource {
  /** Must not throw: what is wrong stands in the detection. */
  detect(signal?: AbortSignal): Promise<Detection>;
  /** A model of the last detection. */
  open(model: FoundModel): ChatModel;
}
