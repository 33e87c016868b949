import type { ErrorJson, Locality } from "@freehold/core";

export type ProviderName = "ollama" | "openai" | "embedded" | "demo";

/** A prompt that the model itself offers for an empty chat. */
export interface ExamplePrompt {
  readonly label: string;
  readonly prompt: string;
}

/** One model that could answer now. */
export interface ModelInfo {
  /** `ollama:<name>`, `openai:<name>`, `embedded:<file>` or `embedded:demo`. */
  readonly id: string;
  readonly label: string;
  readonly provider: ProviderName;
  readonly locality: Locality;
  readonly demo: boolean;
  /** Whether this one answers now, by the owner's choice or because it comes first. */
  readonly selected: boolean;
  /** Size of the weights. */
  readonly sizeBytes: number | null;
  /** Context in tokens as it would be served. */
  readonly contextWindow: number | null;
  /** Whether it can call tools; null until the engine has told. */
  readonly tools: boolean | null;
  /** Why it is listed but cannot be chosen. */
  readonly problem: ErrorJson | null;
  readonly examplePrompts: readonly ExamplePrompt[];
}

/** What was found where, for the owner. */
export interface ProviderState {
  readonly provider: ProviderName;
  /** URL or folder; null when nothing is configured. */
  readonly address: string | null;
  readonly state: "ready" | "absent" | "failed";
  readonly problem: ErrorJson | null;
}
