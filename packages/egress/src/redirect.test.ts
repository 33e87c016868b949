import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { createWorld, errand, startServer, type TestServer } from "./test-world.ts";

function redirecting(status: number, location: () => string): Promise<TestServer> {
  return startServer((request, response) => {
    if (request.url === "/end") {
      response.end(JSON.stringify({ method: request.method, headers: request.headers }));
      return;
    }
    response.writeHead(status, { location: location() });
    response.end("moved");
  });
}

const credentials = {
  authorization: "Bearer token",
  cookie: "session=1",
  "payment-signature": "signed",
  "x-payment": "signed",
  "x-api-key": "key",
  accept: "text/plain",
};

describe("redirects", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:7717/api/v1/halt",
    "http://localhost/",
    "http://[::ffff:10.0.0.1]/",
  ])("are not followed to %s", async (target) => {
    verifies("security.door.redirects-rechecked");
    await using server = await redirecting(302, () => target);
    await using world = createWorld();
    await expect(world.door.open(errand)(`http://shop.example:${server.port}/`)).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
    });
    expect(world.rows.map((row) => row.outcome)).toEqual(["ok", "refused"]);
  });

  it("are not followed to an origin that only the owner may ask for", async () => {
    verifies("security.door.listed-exact");
    await using seller = await startServer((_request, response) => response.end("seller"));
    await using server = await redirecting(302, () => seller.origin);
    await using world = createWorld();
    world.settings.listed.push(seller.origin);
    await expect(world.door.open(errand)(`http://shop.example:${server.port}/`)).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
    });
    expect(seller.requests).toEqual([]);
  });

  it("carry no credential and no payment to another origin", async () => {
    verifies("security.door.credentials-stay");
    await using server = await redirecting(302, () => `http://other.example:${server.port}/end`);
    await using world = createWorld();
    const response = await world.door.open(errand)(`http://shop.example:${server.port}/`, { headers: credentials });
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    for (const name of ["authorization", "cookie", "payment-signature", "x-payment", "x-api-key"]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers["accept"]).toBe("text/plain");
    expect(response.url).toBe(`http://other.example:${server.port}/end`);
  });

  it("keep headers within the origin", async () => {
    await using server = await redirecting(307, () => "/end");
    await using world = createWorld();
    const init = { method: "POST", body: "hello", headers: credentials };
    const response = await world.door.open(errand)(`http://shop.example:${server.port}/`, init);
    expect(await response.json()).toMatchObject({
      method: "POST",
      headers: { authorization: "Bearer token", "content-length": "5" },
    });
  });

  it("turn a POST into a GET without content where the standard says so", async () => {
    await using server = await redirecting(303, () => "/end");
    await using world = createWorld();
    const init = { method: "POST", body: "hello" };
    const response = await world.door.open(errand)(`http://shop.example:${server.port}/`, init);
    const seen = (await response.json()) as { method: string; headers: Record<string, string> };
    expect(seen.method).toBe("GET");
    expect(seen.headers).not.toHaveProperty("content-type");
  });

  it("hand no content to another origin", async () => {
    verifies("security.door.content-stays");
    await using server = await redirecting(307, () => `http://other.example:${server.port}/end`);
    await using world = createWorld();
    const init = { method: "POST", body: "private words" };
    await expect(world.door.open(errand)(`http://shop.example:${server.port}/`, init)).rejects.toMatchObject({
      code: "EGRESS_REDIRECT",
    });
    expect(server.requests).toHaveLength(1);
  });

  it("never take a configured client to another origin", async () => {
    verifies("security.door.configured-stays");
    await using stranger = await startServer((_request, response) => response.end("stranger"));
    await using server = await redirecting(302, () => stranger.origin);
    await using world = createWorld();
    const fetch = world.door.configured(server.origin, errand);
    await expect(fetch(`${server.origin}/`)).rejects.toMatchObject({ code: "EGRESS_ORIGIN_REFUSED" });
    await expect(fetch(`${stranger.origin}/`)).rejects.toMatchObject({ code: "EGRESS_ORIGIN_REFUSED" });
    expect(stranger.requests).toEqual([]);
  });

  it("end after five", async () => {
    await using server = await redirecting(302, () => "/again");
    await using world = createWorld();
    await expect(world.door.open(errand)(`http://shop.example:${server.port}/`)).rejects.toMatchObject({
      code: "EGRESS_REDIRECT",
    });
    expect(server.requests).toHaveLength(6);
  });

  it("are given as they are to a caller who asks for that, and refused for one who wants none", async () => {
    await using server = await redirecting(302, () => "/end");
    await using world = createWorld();
    const address = `http://shop.example:${server.port}/`;
    const manual = await world.door.open(errand)(address, { redirect: "manual" });
    expect([manual.status, manual.headers.get("location")]).toEqual([302, "/end"]);
    await manual.body?.cancel();
    await expect(world.door.open(errand)(address, { redirect: "error" })).rejects.toMatchObject({
      code: "EGRESS_REDIRECT",
    });
  });
});
