import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { describeError, FreeholdError } from "@freehold/core";
import { createEmbeddedModel } from "../embedded/embedded-model.ts";
import { readGgufHeader, type GgufHeader } from "../embedded/read-gguf-header.ts";
import { modelsErrors } from "../errors.ts";
import type { Engines } from "./engines.ts";
import type { Detection, FoundModel, ModelSource } from "./source.ts";

export interface EmbeddedSourceOptions {
  readonly folder: string;
  readonly contextTokens: number;
  readonly engines: Engines;
  readonly newCallId: () => string;
}

/** GGUF files in a folder, run by the bundled llama.cpp. Of a model split into parts only the first is listed. */
export function createEmbeddedSource({
  folder,
  contextTokens,
  engines,
  newCallId,
}: EmbeddedSourceOptions): ModelSource {
  const headers = new Map<string, { readonly stamp: string; readonly found: FoundModel }>();

  const inspect = async (file: string): Promise<FoundModel> => {
    const path = join(folder, file);
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const known = headers.get(file);
    if (known?.stamp === stamp) return known.found;
    const found = await describe(path, size, contextTokens);
    headers.set(file, { stamp, found });
    return found;
  };
  return {
    async detect(): Promise<Detection> {
      const provider = { provider: "embedded", address: folder } as const;
      try {
        const files = await listModels(folder);
        const models = await Promise.all(files.map(inspect));
        const state = models.some((model) => model.problem === null) ? "ready" : "absent";
        return { provider: { ...provider, state, problem: null }, models };
      } catch (error) {
        const data = { folder, problem: describeError(error) };
        const problem = new FreeholdError(modelsErrors.MODEL_FOLDER_UNREADABLE, data).toJSON();
        return { provider: { ...provider, state: "failed", problem }, models: [] };
      }
    },
    open(model) {
      const path = join(folder, model.id.slice("embedded:".length));
      const engine = engines.engine({ label: model.label, path, contextTokens });
      return createEmbeddedModel({ id: model.id, label: model.label, demo: false, engine, newCallId });
    },
  };
}

async function listModels(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /\.gguf$/i.test(name) && !/-0*([2-9]|\d{2,})-of-\d+\.gguf$/i.test(name)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function describe(path: string, sizeBytes: number, contextTokens: number): Promise<FoundModel> {
  const file = basename(path);
  const common = {
    id: `embedded:${file}`,
    provider: "embedded",
    locality: "this-machine",
    demo: false,
    sizeBytes,
  } as const;
  try {
    const header = await readGgufHeader(path);
    if (!canChat(header)) throw new Error(`a ${header.architecture} model cannot chat`);
    const contextWindow = Math.min(contextTokens, header.contextTokens ?? contextTokens);
    const label = header.name ?? file.replace(/\.gguf$/i, "");
    return { ...common, label, contextWindow, tools: true, problem: null, examplePrompts: [] };
  } catch (error) {
    const problem = new FreeholdError(modelsErrors.MODEL_FILE_INVALID, { file, problem: describeError(error) });
    return { ...common, label: file, contextWindow: null, tools: null, problem: problem.toJSON(), examplePrompts: [] };
  }
}

function canChat({ architecture }: GgufHeader): boolean {
  return !/bert|clip|t5encoder|wavtokenizer/.test(architecture);
}
