import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest, type Server } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { systemClock } from "@freehold/core";
import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { dialAddresses } from "../direct-transport.ts";
import { createFileSecrets } from "../secrets.ts";
import { createWorld, errand, memoryLedger, startServer, type World, type WorldOptions } from "../test-world.ts";
import { createRemoteDoor, type RemoteDoor } from "./client.ts";
import { createConnectProxy } from "./connect-proxy.ts";
import { createReverseProxy } from "./reverse-proxy.ts";
import { createDoorServer, newDoorState, type DoorState } from "./server.ts";

async function listen(server: Server): Promise<{ port: number } & AsyncDisposable> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface RemoteWorld extends AsyncDisposable {
  readonly door: RemoteDoor;
  readonly rows: ReturnType<typeof memoryLedger>["rows"];
  readonly container: World;
  readonly state: DoorState;
  /** Ends the container's server; the agent's side stays. */
  stop(): Promise<void>;
}

async function createRemoteWorld(options: WorldOptions = {}, token = "the-token"): Promise<RemoteWorld> {
  const container = createWorld(options);
  const state = newDoorState();
  const server = await listen(createDoorServer({ transport: container.transport, token: "the-token", state }));
  const ledger = memoryLedger();
  const settings = { localOnly: () => false, listedOrigins: () => [] };
  const config = { url: `http://127.0.0.1:${server.port}`, token };
  const door = createRemoteDoor(config, { ledger, settings, clock: systemClock });
  return {
    door,
    rows: ledger.rows,
    container,
    state,
    stop: async () => {
      await server[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await door.close();
      await server[Symbol.asyncDispose]();
      await container[Symbol.asyncDispose]();
    },
  };
}

describe("the door of another container", () => {
  it("passes requests and answers on, and the ledger stays here", async () => {
    await using server = await startServer((request, response) => {
      response.writeHead(418, { "x-seen": request.headers["x-asked"] ?? "", "set-cookie": ["a=1", "b=2"] });
      request.pipe(response);
    });
    await using world = await createRemoteWorld();
    const response = await world.door.open(errand)(`http://shop.example:${server.port}/tea?x=1`, {
      method: "PUT",
      headers: { "x-asked": "yes" },
      body: "hello",
    });
    expect([response.status, response.headers.get("x-seen")]).toEqual([418, "yes"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("hello");
    expect(server.requests[0]?.url).toBe("/tea?x=1");
    expect(server.requests[0]?.headers).not.toHaveProperty("x-freehold-hop");
    expect(world.rows).toMatchObject([{ outcome: "ok", status: 418, bytesIn: 5, host: "shop.example" }]);
    expect(world.state).toMatchObject({ requests: 1, bytesIn: 5 });
  });

  it("streams both ways and stops when the caller does", async () => {
    let closed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    await using server = await startServer((request, response) => {
      response.on("close", closed);
      request.pipe(response);
    });
    await using world = await createRemoteWorld();
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const abort = new AbortController();
    const init = { method: "POST", body: body.readable, duplex: "half", signal: abort.signal } as RequestInit;
    const sent = world.door.configured(server.origin, errand)(server.origin, init);
    await writer.write(Buffer.from("one"));
    const reader = (await sent).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("one");
    abort.abort(new Error("stop"));
    await expect(reader?.read()).rejects.toThrow("stop");
    await ended;
  });

  it("refuses there what it would refuse here, with the same words", async () => {
    verifies("security.door.private-refused");
    await using world = await createRemoteWorld({ resolver: async () => ["10.0.0.8"] });
    await expect(world.door.open(errand)("http://shop.example/")).rejects.toMatchObject({
      code: "EGRESS_PRIVATE_ADDRESS",
      message: expect.stringContaining("10.0.0.8"),
    });
    expect(world.rows).toMatchObject([{ outcome: "refused", bytesOut: 0 }]);
  });

  it("fills in secrets there, so that the agent never holds them", async () => {
    verifies("security.door.secret-bound");
    const folder = await mkdtemp(join(tmpdir(), "door-secrets-"));
    const secrets = createFileSecrets(folder);
    await using server = await startServer((request, response) => response.end(request.headers.authorization));
    await secrets.put("weather", server.origin, "k-123");
    await using world = await createRemoteWorld({ secrets });
    const init = { headers: { authorization: "{{secret:weather}}" } };
    const response = await world.door.configured(server.origin, errand)(server.origin, init);
    expect(await response.text()).toBe("k-123");
    await rm(folder, { recursive: true });
  });

  it("learns how the local-only switch stands, and takes it for on until then", async () => {
    verifies("security.door.local-only");
    await using server = await startServer((_request, response) => response.end("x"));
    await using world = await createRemoteWorld();
    expect(world.state.localOnly).toBe(true);
    await (await world.door.configured(server.origin, errand)(server.origin)).text();
    expect(world.state.localOnly).toBe(false);
    await world.door.announceLocalOnly(true);
    expect(world.state.localOnly).toBe(true);
  });

  it("says so when the token is wrong or the container is gone", async () => {
    verifies("security.door.token");
    await using server = await startServer((_request, response) => response.end("x"));
    await using world = await createRemoteWorld({}, "another");
    const fetch = world.door.configured(server.origin, errand);
    await expect(fetch(server.origin)).rejects.toMatchObject({ code: "EGRESS_DOOR_DOWN" });
    expect(server.requests).toEqual([]);
    await world.stop();
    await expect(fetch(server.origin)).rejects.toMatchObject({ code: "EGRESS_DOOR_DOWN" });
  });
});

describe("the published port", () => {
  it("passes the request on with its Host and says who asked", async () => {
    await using agent = await startServer((request, response) => response.end(JSON.stringify(request.headers)));
    await using proxy = await listen(createReverseProxy({ host: "127.0.0.1", port: agent.port }));
    const headers = { host: "freehold.lan:7717", "x-forwarded-for": "1.2.3.4", cookie: "a=1" };
    const seen = await get(proxy.port, headers);
    expect(JSON.parse(seen.body)).toMatchObject({
      host: "freehold.lan:7717",
      cookie: "a=1",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
    });
  });

  it("passes events on one by one", async () => {
    let send: (text: string) => void = () => undefined;
    await using agent = await startServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      send = (text) => void response.write(text);
    });
    await using proxy = await listen(createReverseProxy({ host: "127.0.0.1", port: agent.port }));
    const response = await fetch(`http://127.0.0.1:${proxy.port}/events`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    send("data: 1\n\n");
    expect((await reader?.read())?.value).toBe("data: 1\n\n");
    send("data: 2\n\n");
    expect((await reader?.read())?.value).toBe("data: 2\n\n");
    await reader?.cancel();
  });

  it("answers 502 while the agent is away", async () => {
    const agent = await startServer((_request, response) => response.end());
    await agent[Symbol.asyncDispose]();
    await using proxy = await listen(createReverseProxy({ host: "127.0.0.1", port: agent.port }));
    expect((await get(proxy.port, {})).status).toBe(502);
  });
});

describe("the proxy for model pulls", () => {
  async function tunnel(
    allow: readonly string[],
    target: string,
    change: { localOnly?: boolean; answer?: string } = {},
  ) {
    const upstream = createTcpServer((socket) => socket.end("hello from upstream"));
    await new Promise<void>((resolve) => {
      upstream.listen(0, "127.0.0.1", resolve);
    });
    const { port } = upstream.address() as AddressInfo;
    await using proxy = await listen(
      createConnectProxy({
        allow,
        localOnly: () => change.localOnly ?? false,
        resolver: async () => [change.answer ?? "93.184.216.34"],
        dial: (_addresses, _port, ms) => dialAddresses(["127.0.0.1"], port, ms),
        connectMs: 1000,
        log: () => undefined,
      }),
    );
    const socket = connect(proxy.port, "127.0.0.1");
    socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
    const answer = await text(socket);
    upstream.close();
    return answer;
  }

  it("opens a tunnel to a listed host", async () => {
    expect(await tunnel(["registry.example:443"], "registry.example:443")).toContain("hello from upstream");
    expect(await tunnel(["*.storage.example:443"], "eu.storage.example:443")).toContain("hello from upstream");
  });

  it.each([
    ["another host", ["registry.example:443"], "evil.example:443", {}],
    ["another port", ["registry.example:443"], "registry.example:22", {}],
    ["a name that only ends alike", ["*.storage.example:443"], "evilstorage.example:443", {}],
    ["a listed name that turned private", ["registry.example:443"], "registry.example:443", { answer: "10.0.0.8" }],
    ["anything while local only is on", ["registry.example:443"], "registry.example:443", { localOnly: true }],
    ["nonsense", ["registry.example:443"], "registry.example", {}],
  ])("refuses %s", async (_name, allow, target, change) => {
    verifies("security.door.pull-proxy");
    expect(await tunnel(allow, target, change)).toMatch(/^HTTP\/1\.1 403/);
  });
});

function get(port: number, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: "127.0.0.1", headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.on("error", reject);
    request.end();
  });
}
