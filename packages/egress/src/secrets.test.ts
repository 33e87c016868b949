import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { createFileSecrets } from "./secrets.ts";
import { createWorld, errand, startServer } from "./test-world.ts";

async function secretsFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "secrets-"));
  return { path: join(path, "secrets"), [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe("secrets", () => {
  it("are filled into headers for exactly their origin", async () => {
    verifies("security.door.secret-bound");
    await using folder = await secretsFolder();
    const secrets = createFileSecrets(folder.path);
    await using server = await startServer((request, response) => response.end(request.headers.authorization));
    await using other = await startServer((_request, response) => response.end());
    await secrets.put("weather", server.origin, "k-123");
    await using world = createWorld({ secrets });
    const init = { headers: { authorization: "Bearer {{secret:weather}}" } };
    const response = await world.door.configured(server.origin, errand)(server.origin, init);
    expect(await response.text()).toBe("Bearer k-123");
    await expect(world.door.configured(other.origin, errand)(other.origin, init)).rejects.toMatchObject({
      code: "EGRESS_SECRET_UNBOUND",
    });
    expect(other.requests).toEqual([]);
    expect(world.rows.map((row) => row.outcome)).toEqual(["ok", "refused"]);
  });

  it("lie in files that only the owner reads, and are listed without their values", async () => {
    await using folder = await secretsFolder();
    const secrets = createFileSecrets(folder.path);
    expect(await secrets.list()).toEqual([]);
    await secrets.put("weather", "https://api.example/v1", "k-123");
    expect((await stat(join(folder.path, "weather.json"))).mode & 0o777).toBe(0o600);
    expect(await secrets.list()).toEqual([{ name: "weather", origin: "https://api.example" }]);
    expect(await secrets.valueFor("weather", "https://api.example")).toBe("k-123");
    expect(await secrets.valueFor("weather", "http://api.example")).toBeNull();
    await secrets.remove("weather");
    expect(await secrets.list()).toEqual([]);
  });

  it.each([
    ["../escape", "https://api.example", "x"],
    ["name", "https://api.example", "a\r\nhost: evil"],
    ["name", "not an address", "x"],
  ])("refuses %s for %s", async (name, origin, value) => {
    await using folder = await secretsFolder();
    await expect(createFileSecrets(folder.path).put(name, origin, value)).rejects.toMatchObject({
      code: expect.stringMatching(/^EGRESS_(SECRET|ADDRESS)_INVALID$/),
    });
  });
});
