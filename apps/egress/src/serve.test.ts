import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";
import { serve } from "./serve.ts";

const token = "a-token-of-sixteen-or-more";

describe("the egress container", () => {
  it("publishes the agent and answers for its own health", async () => {
    const agent = createServer((request, response) => response.end(`agent saw ${request.headers.host ?? ""}`));
    await new Promise<void>((resolve) => {
      agent.listen(0, "127.0.0.1", resolve);
    });
    const agentUrl = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
    const zero = { FREEHOLD_PORT: "0", FREEHOLD_EGRESS_PORT: "0", FREEHOLD_PULL_PORT: "0" };
    const env = readEnv({
      ...zero,
      FREEHOLD_BIND: "127.0.0.1",
      FREEHOLD_AGENT_URL: agentUrl,
      FREEHOLD_EGRESS_TOKEN: token,
    });
    const serving = await serve(env, () => undefined);
    const page = await fetch(`http://127.0.0.1:${serving.ports.published}/`);
    expect(await page.text()).toBe(`agent saw 127.0.0.1:${serving.ports.published}`);
    const health = await fetch(`http://127.0.0.1:${serving.ports.door}/healthz`);
    expect(await health.json()).toEqual({ ok: true, requests: 0, refused: 0, bytesIn: 0, localOnly: true });
    const hop = await fetch(`http://127.0.0.1:${serving.ports.door}/v1/hop`, { method: "POST" });
    expect(hop.status).toBe(401);
    await serving[Symbol.asyncDispose]();
    agent.close();
    agent.closeAllConnections();
  });

  it("does not start without a token", () => {
    expect(() => readEnv({})).toThrow("FREEHOLD_EGRESS_TOKEN");
    expect(() => readEnv({ FREEHOLD_EGRESS_TOKEN: "short" })).toThrow("at least 16 characters");
  });
});
