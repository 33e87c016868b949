import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { composeScripts } from "./compose.ts";
import { encodeGguf } from "./gguf.ts";
import { demoScripts, type Script } from "./scripts.ts";
import { demoMetadata, demoTensors } from "./weights.ts";

export interface DemoModelOptions {
  /** What the paid example asks for with GET. */
  readonly sellerUrl: string;
}

/** The bytes of a model that plays the scripts on any llama.cpp engine. */
export function encodeScriptedModel(scripts: readonly Script[]): Uint8Array {
  const composition = composeScripts(scripts);
  const tensors = demoTensors(composition);
  const width = tensors[0]?.shape[0] ?? 0;
  return encodeGguf(demoMetadata(composition, width), tensors);
}

/** Writes the demo model (about 1 MB), or leaves the file alone when it is the same already. Gives its size in bytes. */
export async function writeDemoModel(path: string, { sellerUrl }: DemoModelOptions): Promise<number> {
  const bytes = encodeScriptedModel(demoScripts(sellerUrl));
  if (await holds(path, bytes)) return bytes.length;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
  return bytes.length;
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await readFile(path)).equals(bytes);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
