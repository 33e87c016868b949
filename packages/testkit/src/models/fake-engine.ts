import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface FakeReply {
  /** 200 unless told otherwise. */
  readonly status?: number;
  /** Sent as a JSON body, */
  readonly json?: unknown;
  /** or as lines of NDJSON, */
  readonly lines?: readonly object[];
  /** or as it stands. */
  readonly text?: string;
  /** Breaks the connection after what was sent. */
  readonly cut?: boolean;
}

export interface FakeRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage["headers"];
}

/** Speaks HTTP as an inference server does, and answers what the test tells it to: for what real engines rarely do. */
export interface FakeEngine extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
}

export async function fakeEngine(
  answer: (request: FakeRequest, count: number) => FakeReply | Promise<FakeReply>,
): Promise<FakeEngine> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing);
  });
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const path = incoming.url ?? "/";
    const body: unknown = text === "" ? null : JSON.parse(text);
    const request: FakeRequest = { path, body, headers: incoming.headers };
    requests.push(request);
    const count = requests.filter((other) => other.path === path).length;
    send(outgoing, await answer(request, count));
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function send(outgoing: ServerResponse, { status = 200, json, lines, text, cut }: FakeReply): void {
  const type = json === undefined ? (lines === undefined ? "text/html" : "application/x-ndjson") : "application/json";
  outgoing.writeHead(status, { "content-type": type });
  const body =
    json === undefined
      ? (text ?? (lines ?? []).map((line) => `${JSON.stringify(line)}\n`).join(""))
      : JSON.stringify(json);
  if (cut !== true) {
    outgoing.end(body);
    return;
  }
  outgoing.write(body, () => outgoing.destroy());
}

/** What a healthy Ollama with one model says; a test replaces the path it is about. */
export function ollamaReply(request: FakeRequest, model = "fake:latest"): FakeReply {
  const replies: Readonly<Record<string, FakeReply>> = {
    "/api/tags": { json: { models: [{ name: model, digest: "sha256:1", size: 42 }] } },
    "/api/show": { json: { capabilities: ["completion", "tools"], model_info: { "llama.context_length": 32_768 } } },
    "/api/ps": { json: { models: [{ name: model, context_length: 8_192 }] } },
    "/api/generate": { json: { done: true, done_reason: "load" } },
  };
  return replies[request.path] ?? { status: 404, text: "404 page not found" };
}
