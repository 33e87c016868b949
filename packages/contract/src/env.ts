import { z } from "zod";

/** One setting. The reference in `docs/reference/environment.md` is generated from this table. */
export interface Setting {
  readonly schema: z.ZodType<string | undefined>;
  readonly about: string;
  readonly default?: string;
  /** Also read from the file that `NAME_FILE` names. */
  readonly secret?: boolean;
}

const text = z.string().min(1).optional();
const url = z.url().optional();
const port = z
  .string()
  .regex(/^\d{1,5}$/, "a port number")
  .refine((value) => Number(value) < 65_536, "below 65536")
  .optional();
const flag = z.enum(["0", "1"]).optional();

export const settings = {
  FREEHOLD_HOME: {
    schema: text,
    about: "Data directory.",
    default: "$XDG_DATA_HOME/freehold, or ~/.local/share/freehold",
  },
  FREEHOLD_PORT: {
    schema: port,
    about: "Port of the web page and the API; 0 lets the system choose.",
    default: "7717",
  },
  FREEHOLD_BIND: {
    schema: text,
    about: "Address to listen on. Anything but loopback needs `--lan` (HTTPS) or FREEHOLD_TRUSTED_PROXY.",
    default: "127.0.0.1",
  },
  FREEHOLD_LAN_PORT: { schema: port, about: "HTTPS port that `start --lan` serves.", default: "7718" },
  FREEHOLD_LAN_CA_PORT: {
    schema: port,
    about: "Plain port that serves only the certificate to trust.",
    default: "7719",
  },
  FREEHOLD_TRUSTED_PROXY: {
    schema: text,
    about: "Address or CIDR of a reverse proxy whose X-Forwarded-* headers are believed.",
  },
  FREEHOLD_ALLOWED_HOSTS: { schema: text, about: "More host names that browsers may use, with commas between." },
  DATABASE_URL: {
    schema: text,
    about: "Postgres of the service role; absent means the embedded database.",
    secret: true,
  },
  DATABASE_OWNER_URL: {
    schema: text,
    about: "Postgres of the role that migrates; DATABASE_URL when absent.",
    secret: true,
  },
  OLLAMA_HOST: { schema: text, about: "Ollama's address.", default: "http://127.0.0.1:11434" },
  FREEHOLD_MODEL_URL: { schema: url, about: "Base URL of an OpenAI-compatible server, with /v1." },
  FREEHOLD_MODEL_KEY: { schema: text, about: "Its API key.", secret: true },
  FREEHOLD_MODEL_CONTEXT: {
    schema: z.string().regex(/^\d+$/).optional(),
    about: "Context in tokens to ask of engines.",
    default: "8192",
  },
  FREEHOLD_EMBEDDER: {
    schema: text,
    about: "Ollama model that makes vectors for recall, e.g. bge-small-en-v1.5. Absent: lexical recall only.",
  },
  FREEHOLD_DEMO: {
    schema: flag,
    about: "1 starts the demo seller with its own local chain; 0 does not.",
    default: "1 embedded, 0 with Postgres",
  },
  FREEHOLD_SIGNER_SOCKET: {
    schema: text,
    about: "Unix socket of a signer that runs elsewhere; absent: started as a child.",
  },
  FREEHOLD_SIGNER_TOKEN: { schema: text, about: "Token that the signer asks for.", secret: true },
  FREEHOLD_TOOL_RUNNER_SOCKET: {
    schema: text,
    about: "Unix socket of the tool runner; absent: bubblewrap on this machine.",
  },
  FREEHOLD_EGRESS_URL: { schema: url, about: "Address of the egress door when it is a process of its own." },
  FREEHOLD_EGRESS_TOKEN: { schema: text, about: "Token that the egress door asks for.", secret: true },
  FREEHOLD_CHAIN_RPC: { schema: url, about: "RPC endpoint of the EVM chain to pay on; the demo brings its own." },
  FREEHOLD_LOG: { schema: z.enum(["debug", "info", "warn", "error"]).optional(), about: "Log level.", default: "info" },
  FREEHOLD_FAILPOINT: { schema: text, about: "For crash tests only: the process kills itself at this point." },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Settings = { readonly [N in SettingName]?: string };

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads settings from an environment; `readFile` resolves the `*_FILE` form of secrets. Empty counts as absent. */
export function parseSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): SettingsResult {
  const values: Partial<Record<SettingName, string>> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    const file = setting.secret === true ? env[`${name}_FILE`] : undefined;
    let raw = env[name];
    if (file !== undefined && file !== "") {
      try {
        raw = readFile(file).trim();
      } catch (error) {
        problems.push(`${name}_FILE: cannot read ${file} (${error instanceof Error ? error.message : String(error)})`);
        continue;
      }
    }
    if (raw === undefined || raw === "") continue;
    const parsed = setting.schema.safeParse(raw);
    if (parsed.success) values[name] = raw;
    else
      problems.push(
        `${name}: ${parsed.error.issues.map((issue) => issue.message).join(", ")} (got "${setting.secret === true ? "…" : raw}")`,
      );
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith("FREEHOLD_") && !isKnown(name))
      problems.push(`${name}: no such setting; see docs/reference/environment.md`);
  }
  return problems.length === 0 ? { ok: true, settings: values } : { ok: false, problems };
}

/** Names that tests and the lab use for themselves. */
const foreign = /^FREEHOLD_(LAB|TEST|LOCOMO)/;

function isKnown(name: string): boolean {
  const plain = name.endsWith("_FILE") ? name.slice(0, -5) : name;
  return Object.hasOwn(settings, name) || Object.hasOwn(settings, plain) || foreign.test(name);
}
