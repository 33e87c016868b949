import { ProtocolError, SdkError, SdkErrorCode, type CallToolResult } from "@modelcontextprotocol/client";
import { describeError, FreeholdError, isFreeholdError, type Clock, type ErrorJson } from "@freehold/core";
import { z } from "zod";
import { toolsErrors } from "../errors.ts";
import { checkDefinitions, type OfferedDefinition } from "../registry/check-definitions.ts";
import { createLogLines } from "./log-lines.ts";
import { oneSentence } from "./one-sentence.ts";
import { connectServer, type CallRequest, type ServerConnection } from "./server-connection.ts";
import type { ServerLine } from "./server-line.ts";

export interface SessionStatus {
  readonly state: "starting" | "ready" | "stopped" | "failed";
  readonly error: ErrorJson | null;
  /** Protocol revision; null while not connected. */
  readonly protocol: string | null;
}

export type SessionCall =
  | { readonly outcome: "answered"; readonly result: CallToolResult }
  /** The server itself said that the call failed, or it was never sent. */
  | { readonly outcome: "failed"; readonly reason: string }
  /** Sent, and no answer came: nobody can say what happened. */
  | { readonly outcome: "unanswered"; readonly reason: string };

/** One server, started when needed and started again when it ends by itself. */
export interface ServerSession extends AsyncDisposable {
  status(): SessionStatus;
  /** Resolves once it is connected and its list was taken in; throws a `FreeholdError` that says what is wrong. */
  ensure(): Promise<void>;
  /** Ends it, forgets its failures and starts it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Call `ensure` first. Never throws. */
  call(request: CallRequest): Promise<SessionCall>;
  logs(): readonly string[];
}

export interface SessionDeps {
  readonly slug: string;
  readonly clock: Clock;
  /** How to reach the server: over pipes or over HTTP. */
  readonly line: ServerLine;
  /** Takes in the newest list before any call goes through. */
  readonly onList: (offered: readonly OfferedDefinition[]) => Promise<void>;
  /** Longest time in ms until the server has answered and listed its tools. */
  readonly startMs: number;
}

const maxRestarts = 5;
const maxTools = 500;

export function createServerSession(deps: SessionDeps): ServerSession {
  return new Session(deps);
}

/** Holds a process or a connection, and the timer of the next try. */
class Session implements ServerSession {
  readonly #deps: SessionDeps;
  readonly #log;
  #state: SessionStatus["state"] = "stopped";
  #error: FreeholdError | null = null;
  #connection: ServerConnection | null = null;
  #starting: Promise<void> | null = null;
  #failures = 0;
  #life = new AbortController();

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#log = createLogLines(deps.clock);
  }

  status(): SessionStatus {
    const protocol = this.#connection?.protocol ?? null;
    return { state: this.#state, error: this.#error?.toJSON() ?? null, protocol };
  }

  logs(): readonly string[] {
    return this.#log.lines();
  }

  async ensure(): Promise<void> {
    if (this.#state === "ready") return;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#failures = 0;
    await this.ensure();
  }

  async stop(): Promise<void> {
    this.#life.abort(new Error("stopped"));
    await this.#starting?.catch(() => undefined);
    const connection = this.#connection;
    this.#connection = null;
    this.#state = "stopped";
    this.#error = null;
    await connection?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async call(request: CallRequest): Promise<SessionCall> {
    const connection = this.#connection;
    if (connection === null || this.#state !== "ready") {
      return {
        outcome: "failed",
        reason: this.#error?.message ?? `The tool server ${this.#deps.slug} is not running.`,
      };
    }
    try {
      const result = await connection.call(request);
      this.#failures = 0;
      return { outcome: "answered", result };
    } catch (error) {
      return this.#failedCall(error, request);
    }
  }

  #failedCall(error: unknown, request: CallRequest): SessionCall {
    const { slug } = this.#deps;
    if (error instanceof ProtocolError) {
      return { outcome: "failed", reason: `${slug} refused the call: ${oneSentence(error.message)}` };
    }
    if (isFreeholdError(error)) return { outcome: "failed", reason: error.message };
    if (request.signal.aborted) return { outcome: "unanswered", reason: `The call to ${slug} was cancelled.` };
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      const seconds = Math.round(request.timeoutMs / 1000);
      return {
        outcome: "unanswered",
        reason: `${slug} did not answer within ${seconds} seconds; it was told to stop.`,
      };
    }
    if (this.#error !== null) return { outcome: "unanswered", reason: this.#error.message };
    if (error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed) {
      return { outcome: "unanswered", reason: `The connection to ${slug} broke before it answered.` };
    }
    return { outcome: "unanswered", reason: `${slug} gave no usable answer: ${oneSentence(describeError(error))}` };
  }

  async #start(): Promise<void> {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#state = "starting";
    this.#error = null;
    const opened = this.#deps.line.open({
      log: (line) => this.#log.add(line),
      onFlood: (problem) => this.#fail(this.#deps.line.flooded(problem)),
    });
    try {
      const connection = await connectServer({
        transport: opened.transport,
        timeoutMs: this.#deps.startMs,
        signal,
        onListChanged: () => void this.#relist(signal),
        onClosed: () => this.#lost(opened.ending()),
      });
      this.#connection = connection;
      await this.#takeList(connection, signal);
      this.#state = "ready";
    } catch (error) {
      const failed = this.#describeStart(error, opened.ending());
      const connection = this.#connection;
      this.#connection = null;
      await connection?.close();
      if (!signal.aborted) this.#fail(failed);
      throw failed;
    }
  }

  async #takeList(connection: ServerConnection, signal: AbortSignal): Promise<void> {
    const definitions = await connection.list(signal);
    if (definitions.length > maxTools) {
      const problem = `it lists ${definitions.length} tools, and ${maxTools} is the most`;
      throw new FreeholdError(toolsErrors.TOOL_SERVER_LIST, { slug: this.#deps.slug, problem });
    }
    await this.#deps.onList(checkDefinitions(this.#deps.slug, definitions));
  }

  async #relist(signal: AbortSignal): Promise<void> {
    const connection = this.#connection;
    if (connection === null || signal.aborted) return;
    try {
      await this.#takeList(connection, signal);
    } catch (error) {
      if (signal.aborted) return;
      // Without a list that can be read, nothing says that the tools are still the approved ones.
      this.#connection = null;
      this.#fail(this.#describeStart(error, null));
      await connection.close();
    }
  }

  #describeStart(error: unknown, ending: string | null): FreeholdError {
    const { slug, startMs } = this.#deps;
    if (this.#error !== null) return this.#error;
    if (isFreeholdError(error)) return error;
    if (ending !== null) {
      const last = this.logs().at(-1)?.replace(/^\S+ /, "");
      const said = last === undefined ? "" : ` (its last words: ${oneSentence(last, 200)})`;
      return new FreeholdError(toolsErrors.TOOL_SERVER_START, { slug, problem: `it ended ${ending}${said}` });
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      return new FreeholdError(toolsErrors.TOOL_SERVER_SILENT, { slug, ms: startMs });
    }
    if (error instanceof z.ZodError || (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult)) {
      const problem = oneSentence(error instanceof z.ZodError ? z.prettifyError(error) : error.message, 300);
      return new FreeholdError(toolsErrors.TOOL_SERVER_LIST, { slug, problem });
    }
    return new FreeholdError(toolsErrors.TOOL_SERVER_START, { slug, problem: oneSentence(describeError(error), 300) });
  }

  #lost(ending: string | null): void {
    if (this.#state !== "ready" || this.#life.signal.aborted) return;
    this.#connection = null;
    const problem = ending === null ? "" : ` ${ending}`;
    this.#fail(new FreeholdError(toolsErrors.TOOL_SERVER_LOST, { slug: this.#deps.slug, problem }));
    this.#restartLater();
  }

  #fail(error: FreeholdError): void {
    this.#error ??= error;
    this.#log.add(error.message);
    this.#state = "failed";
    this.#failures += 1;
  }

  #restartLater(): void {
    if (this.#failures > maxRestarts) return;
    const { signal } = this.#life;
    const wait = Math.min(1_000 * 2 ** (this.#failures - 1), 60_000);
    void this.#deps.clock
      .sleep(wait, signal)
      .then(
        () => (this.#state === "failed" ? this.ensure() : undefined),
        () => undefined,
      )
      .catch(() => this.#restartLater());
  }
}
