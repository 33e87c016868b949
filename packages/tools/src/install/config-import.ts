import { FreeholdError, type JsonValue } from "@freehold/core";
import { z } from "zod";
import { toolsErrors } from "../errors.ts";

export interface ImportedServer {
  readonly name: string;
  readonly target: { readonly argv: readonly string[] } | { readonly url: string };
  /** Values may be secrets: they are shown to nobody and kept only when the owner gives them again. */
  readonly environment: Readonly<Record<string, string>>;
}

const entrySchema = z.union([
  z.object({
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.coerce.string()).default({}),
  }),
  z.object({ url: z.url() }),
  z.object({ serverUrl: z.url() }).transform(({ serverUrl }) => ({ url: serverUrl })),
]);

const serversSchema = z.record(z.string(), entrySchema);
const fileSchema = z.union([
  z.object({ mcpServers: serversSchema }).transform((file) => file.mcpServers),
  z.object({ servers: serversSchema }).transform((file) => file.servers),
  z.object({ mcp: z.object({ servers: serversSchema }) }).transform((file) => file.mcp.servers),
  serversSchema,
]);

/** Reads the JSON of a Claude Desktop (`mcpServers`) or VS Code (`servers`, `mcp.servers`) configuration. */
export function importConfig(text: string): readonly ImportedServer[] {
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid("it names no servers with a command or a url");
  const entries = Object.entries(parsed.data);
  if (entries.length === 0) throw invalid("it names no servers");
  return entries.map(([name, entry]) =>
    "url" in entry
      ? { name, target: { url: entry.url }, environment: {} }
      : { name, target: { argv: [entry.command, ...entry.args] }, environment: entry.env },
  );
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw invalid("it is not JSON");
  }
}

function invalid(problem: string): FreeholdError {
  return new FreeholdError(toolsErrors.TOOL_CONFIG_INVALID, { problem });
}
