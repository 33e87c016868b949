import {
  Client,
  type CallToolResult,
  type JsonSchemaValidatorResult,
  SdkError,
  SdkErrorCode,
  type Transport,
} from "@modelcontextprotocol/client";
import type { JsonObject } from "@freehold/core";
import { z } from "zod";
import type { ToolDefinition } from "../registry/definition.ts";

export interface ServerConnection {
  /** Protocol revision that was agreed on. */
  readonly protocol: string;
  list(signal: AbortSignal): Promise<readonly ToolDefinition[]>;
  call(request: CallRequest): Promise<CallToolResult>;
  close(): Promise<void>;
}

export interface CallRequest {
  readonly name: string;
  readonly arguments: JsonObject;
  /** Aborting tells the server that the call is cancelled. */
  readonly signal: AbortSignal;
  /** Longest silence in ms; progress of the server counts as a sign of life. */
  readonly timeoutMs: number;
  /** Longest time in ms, progress or not. */
  readonly maxMs: number;
  readonly onProgress: (note: string) => void;
}

export interface ConnectDeps {
  /** A fresh transport; called again when a server of the older protocol ends at the first unknown request. */
  readonly transport: () => Transport;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onListChanged: () => void;
  readonly onClosed: () => void;
}

const maxPages = 64;
/** Longest wait for the answer to the probe before a pipe is taken for one of the older protocol. */
const probeMs = 3_000;

/** Connects over the newest protocol revision that both sides speak, 2026-07-28 or one of the older era. */
export async function connectServer(deps: ConnectDeps): Promise<ServerConnection> {
  const client = await connectEitherEra(deps);
  Object.assign(client, { onclose: deps.onClosed });
  return {
    protocol: client.getNegotiatedProtocolVersion() ?? "unknown",
    async list(signal) {
      const { tools } = await client.listTools(undefined, { cacheMode: "refresh", signal, timeout: deps.timeoutMs });
      const instructions = client.getInstructions() ?? "";
      return tools.map((tool) => toDefinition(tool, instructions));
    },
    call: (request) =>
      client.callTool(
        { name: request.name, arguments: request.arguments },
        {
          signal: request.signal,
          timeout: request.timeoutMs,
          maxTotalTimeout: request.maxMs,
          resetTimeoutOnProgress: true,
          onprogress: ({ message, progress }) => request.onProgress(message ?? String(progress)),
        },
      ),
    close: () => client.close(),
  };
}

async function connectEitherEra(deps: ConnectDeps): Promise<Client> {
  const client = newClient(deps);
  const options = { timeout: deps.timeoutMs, signal: deps.signal };
  try {
    await client.connect(deps.transport(), options);
    return client;
  } catch (error) {
    await client.close();
    const diedOfProbe = error instanceof SdkError && error.code === SdkErrorCode.EraNegotiationFailed;
    if (!diedOfProbe) throw error;
  }
  const legacy = newClient(deps);
  try {
    await legacy.connect(deps.transport(), { ...options, prior: { kind: "legacy" } });
    return legacy;
  } catch (error) {
    await legacy.close();
    throw error;
  }
}

function newClient(deps: ConnectDeps): Client {
  return new Client(
    { name: "freehold", version: "0.1.0" },
    {
      versionNegotiation: { mode: "auto", probe: { timeoutMs: Math.min(probeMs, deps.timeoutMs) } },
      listMaxPages: maxPages,
      listChanged: { tools: { autoRefresh: false, onChanged: deps.onListChanged } },
      // Results are checked against the approved definition, not against what the server says today.
      jsonSchemaValidator: {
        getValidator: <T>() => {
          return (data: unknown): JsonSchemaValidatorResult<T> => ({
            valid: true,
            data: data as T,
            errorMessage: undefined,
          });
        },
      },
    },
  );
}

const json = z.record(z.string(), z.json());
const listedSchema = z.object({
  name: z.string().min(1).max(256),
  title: z.string().nullable().default(null),
  description: z.string().default(""),
  inputSchema: json,
  outputSchema: json.nullable().default(null),
  annotations: json.nullable().default(null),
});

function toDefinition(tool: unknown, instructions: string): ToolDefinition {
  return { ...listedSchema.parse(tool), instructions };
}
