import { describeError, FreeholdError } from "@freehold/core";
import { demoContext } from "../demo/weights.ts";
import { demoPrompts } from "../demo/scripts.ts";
import { writeDemoModel } from "../demo/write-demo-model.ts";
import { createEmbeddedModel } from "../embedded/embedded-model.ts";
import { modelsErrors } from "../errors.ts";
import type { Engines } from "./engines.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

export interface DemoSourceOptions {
  readonly path: string;
  readonly sellerUrl: string;
  readonly engines: Engines;
  readonly newCallId: () => string;
}

/** The bundled demo model, written to disk when it is first looked for. */
export function createDemoSource({ path, sellerUrl, engines, newCallId }: DemoSourceOptions): ModelSource {
  return {
    async detect(): Promise<Detection> {
      try {
        const sizeBytes = await writeDemoModel(path, { sellerUrl });
        const provider = { provider: "demo", address: path, state: "ready", problem: null } as const;
        return { provider, models: [demoModel(sizeBytes)] };
      } catch (error) {
        const data = { file: path, problem: describeError(error) };
        const problem = new FreeholdError(modelsErrors.MODEL_FILE_INVALID, data).toJSON();
        return { provider: { provider: "demo", address: path, state: "failed", problem }, models: [] };
      }
    },
    open(model) {
      const engine = engines.engine({ label: model.label, path, contextTokens: demoContext });
      return createEmbeddedModel({ id: model.id, label: model.label, demo: true, engine, newCallId });
    },
  };
}

function demoModel(sizeBytes: number): FoundModel {
  return {
    id: "embedded:demo",
    label: "Demo model",
    provider: "demo",
    locality: "this-machine",
    demo: true,
    sizeBytes,
    contextWindow: demoContext,
    tools: true,
    problem: null,
    examplePrompts: demoPrompts,
  };
}
