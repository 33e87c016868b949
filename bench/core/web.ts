import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { z } from "zod";
import { measure, type BenchResult } from "../measure.ts";

const web = new URL("../../apps/web/", import.meta.url);
const chunkSchema = z.object({
  file: z.string(),
  isEntry: z.boolean().optional(),
  imports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});
const manifestSchema = z.record(z.string(), chunkSchema);

/** Every script and style sheet that stands between the address bar and a chat that can be typed in. */
export async function firstLoadFiles(dist: URL): Promise<string[]> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8")));
  const files = new Set(["theme.js"]);
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const sheet of chunk.css) files.add(sheet);
    for (const next of chunk.imports) visit(next);
  };
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) visit(key);
  return [...files];
}

/** `web.first_load_kib`: gzip at its usual level, as a server sends it. The chat belongs to the entry; nothing lazy is needed to type. */
export async function measures(): Promise<BenchResult> {
  await build({ root: fileURLToPath(web), logLevel: "error" });
  const dist = new URL("dist/", web);
  const files = await firstLoadFiles(dist);
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(new URL(file, dist))).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const note = `${files.length} files, gzip`;
  return {
    measures: [measure("web.first_load_kib", total / 1024, { unit: "KiB", goal: "<= 200", n: 1, note })],
    skipped: [],
  };
}
