import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { describeError, type Clock } from "@freehold/core";
import type { LaunchedProcess } from "../sandbox/launcher.ts";
import { readLines, type LineLimits } from "./line-reader.ts";

const outputLimits: LineLimits = { lineBytes: 8 * 1024 * 1024, windowBytes: 64 * 1024 * 1024, windowMs: 10_000 };
const logLimits: LineLimits = { lineBytes: 1024 * 1024, windowBytes: 16 * 1024 * 1024, windowMs: 10_000 };

export interface ProcessTransportDeps {
  readonly launch: () => Promise<LaunchedProcess>;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** The server was stopped for what it sent. */
  readonly onFlood: (problem: string) => void;
}

/**
 * MCP over the pipes of a launched process. `stderr` and `pid` are there because the SDK tells a pipe from a socket by
 * them; a pipe that does not answer the probe is then taken for a server of the older protocol.
 */
export interface ProcessTransport extends Transport {
  readonly stderr: null;
  readonly pid: null;
  /** How the process ended, once it has. */
  readonly endedBy: () => string | null;
}

export function createProcessTransport(deps: ProcessTransportDeps): ProcessTransport {
  let child: LaunchedProcess | undefined;
  let endedBy: string | null = null;
  const transport: ProcessTransport = {
    stderr: null,
    pid: null,
    endedBy: () => endedBy,
    async start() {
      const launched = await deps.launch();
      child = launched;
      listen(launched, deps, (message) => transport.onmessage?.(message));
      void launched.ended.then((how) => {
        endedBy = how;
        transport.onclose?.();
      });
    },
    async send(message) {
      if (child === undefined || endedBy !== null) throw new Error("the server has ended");
      const { stdin } = child;
      if (stdin.write(serializeMessage(message))) return;
      await Promise.race([new Promise<void>((resolve) => stdin.once("drain", resolve)), child.ended]);
    },
    async close() {
      if (child === undefined || endedBy !== null) return;
      const { stdin, ended } = child;
      stdin.end();
      await Promise.race([ended, deps.clock.sleep(closeGraceMs)]);
      child.kill();
      await ended;
    },
  };
  return transport;
}

/** A server that was told to end by the end of its input has this long to do so. */
const closeGraceMs = 300;

function listen(
  launched: LaunchedProcess,
  deps: ProcessTransportDeps,
  onMessage: (message: JSONRPCMessage) => void,
): void {
  const flood = (problem: string): void => {
    deps.onFlood(problem);
    launched.kill();
  };
  readLines(
    launched.stdout,
    { limits: outputLimits, clock: deps.clock },
    {
      flood,
      line: (text) => {
        if (text.trim() === "") return;
        const message = parse(text);
        if (message.ok) onMessage(message.value);
        else deps.log(`not a message (${message.problem}): ${text}`);
      },
    },
  );
  readLines(launched.stderr, { limits: logLimits, clock: deps.clock }, { flood, line: deps.log });
}

function parse(text: string): { ok: true; value: JSONRPCMessage } | { ok: false; problem: string } {
  try {
    return { ok: true, value: deserializeMessage(text) };
  } catch (error) {
    return { ok: false, problem: describeError(error).split("\n")[0]?.slice(0, 100) ?? "" };
  }
}
