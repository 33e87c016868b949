import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createConnectProxy,
  createDirectTransport,
  createDoorServer,
  createFileSecrets,
  createReverseProxy,
  dialAddresses,
  newDoorState,
  systemResolver,
} from "@freehold/egress";
import type { Env } from "./env.ts";

const connectMs = 10_000;

export interface Serving extends AsyncDisposable {
  readonly ports: { readonly published: number; readonly door: number; readonly pull: number };
}

/** The three ports of the only container with a leg to the outside. */
export async function serve(env: Env, log: (line: object) => void): Promise<Serving> {
  const state = newDoorState();
  const secrets = env.secretsFolder === null ? null : createFileSecrets(env.secretsFolder);
  const transport = createDirectTransport({ resolver: systemResolver, secrets, dial: dialAddresses, connectMs });
  const door = createDoorServer({ transport, token: env.token, state });
  const published = createReverseProxy(env.agent);
  const pull = createConnectProxy({
    allow: env.pullHosts,
    localOnly: () => state.localOnly,
    resolver: systemResolver,
    dial: dialAddresses,
    connectMs,
    log: (line) => log({ event: "pull", ...line }),
  });
  const ports = {
    published: await listen(published, env.publishedPort, env.bind),
    door: await listen(door, env.doorPort, env.bind),
    pull: await listen(pull, env.pullPort, env.bind),
  };
  log({ event: "listening", ...ports });
  return {
    ports,
    async [Symbol.asyncDispose]() {
      await Promise.all([published, door, pull].map(end));
      await transport.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
