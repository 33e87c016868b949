import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Builds the page once before the browser tests, so that they never look at an old one. */
export default async function buildWeb(): Promise<void> {
  await build({ root: fileURLToPath(new URL("../../apps/web/", import.meta.url)), logLevel: "error" });
}
