import { readFileSync } from "node:fs";
import { z } from "zod";

/** Where Ollama fetches models from. */
const pullHosts = "registry.ollama.ai:443,*.r2.cloudflarestorage.com:443";

const port = (fallback: string): z.ZodType<number> =>
  z.string().default(fallback).transform(Number).pipe(z.number().int().min(0).max(65_535));

const schema = z.object({
  /** Published: the web page and the API, passed on to the agent. */
  FREEHOLD_PORT: port("7717"),
  /** Internal: the door that the agent knocks on. */
  FREEHOLD_EGRESS_PORT: port("7720"),
  /** Internal: the proxy for model pulls. */
  FREEHOLD_PULL_PORT: port("7721"),
  FREEHOLD_PULL_HOSTS: z.string().default(pullHosts),
  /** All interfaces, because the container's own networks are the fence. */
  FREEHOLD_BIND: z.string().default("0.0.0.0"),
  FREEHOLD_AGENT_URL: z.url().default("http://agent:7717"),
  FREEHOLD_EGRESS_TOKEN: z.string().min(16, "at least 16 characters, also by FREEHOLD_EGRESS_TOKEN_FILE"),
  /** Files of the secrets that the door fills in. */
  FREEHOLD_SECRETS: z.string().optional(),
});

export interface Env {
  readonly bind: string;
  readonly publishedPort: number;
  readonly doorPort: number;
  readonly pullPort: number;
  readonly pullHosts: readonly string[];
  readonly agent: { readonly host: string; readonly port: number };
  readonly token: string;
  readonly secretsFolder: string | null;
}

/** Throws a zod error that names every wrong variable. */
export function readEnv(given: Readonly<Record<string, string | undefined>>): Env {
  const file = given["FREEHOLD_EGRESS_TOKEN_FILE"];
  const token = file === undefined ? given["FREEHOLD_EGRESS_TOKEN"] : readFileSync(file, "utf8").trim();
  const env = schema.parse({ ...given, FREEHOLD_EGRESS_TOKEN: token });
  const agent = new URL(env.FREEHOLD_AGENT_URL);
  return {
    bind: env.FREEHOLD_BIND,
    publishedPort: env.FREEHOLD_PORT,
    doorPort: env.FREEHOLD_EGRESS_PORT,
    pullPort: env.FREEHOLD_PULL_PORT,
    pullHosts: env.FREEHOLD_PULL_HOSTS.split(",").map((entry) => entry.trim()),
    agent: { host: agent.hostname, port: Number(agent.port === "" ? 80 : agent.port) },
    token: env.FREEHOLD_EGRESS_TOKEN,
    secretsFolder: env.FREEHOLD_SECRETS ?? null,
  };
}
