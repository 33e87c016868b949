import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ChatModel } from "@freehold/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEmbeddedModel } from "../embedded/embedded-model.ts";
import { createEngineProcess } from "../embedded/engine-process.ts";
import { countingIds, temporaryFolder } from "../test-world.ts";
import { demoSuite } from "./test-suite.ts";
import { sellerUrl } from "./test-conversations.ts";
import { demoContext } from "./weights.ts";
import { writeDemoModel } from "./write-demo-model.ts";

describe("the demo model on the embedded engine", () => {
  const stack = new AsyncDisposableStack();
  let model: ChatModel;
  beforeAll(async () => {
    const folder = stack.use(await temporaryFolder());
    const path = join(folder.path, "demo.gguf");
    await writeDemoModel(path, { sellerUrl });
    const engine = stack.use(createEngineProcess({ label: "demo", path, contextTokens: demoContext, threads: 1 }));
    model = createEmbeddedModel({ id: "embedded:demo", label: "Demo", demo: true, engine, newCallId: countingIds() });
  });
  afterAll(() => stack.disposeAsync());

  demoSuite(() => model);
});

describe("writeDemoModel", () => {
  it("leaves a file alone that is the same, and replaces one for another seller", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "models", "demo.gguf");
    const size = await writeDemoModel(path, { sellerUrl });
    const first = await stat(path);
    expect(first.size).toBe(size);
    await writeDemoModel(path, { sellerUrl });
    expect((await stat(path)).ino).toBe(first.ino);
    await writeDemoModel(path, { sellerUrl: "http://127.0.0.1:1/" });
    expect((await stat(path)).ino).not.toBe(first.ino);
  });
});
