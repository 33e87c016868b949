import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { localWire, openPglite, type PgliteWire } from "./pglite-wire.ts";
import { toFailure, type PgliteReply, type PgliteRequest } from "./pglite-messages.ts";

/** Entry of the thread that holds the embedded database, so that a query never stalls a stream. */
async function main(): Promise<void> {
  const { directory } = z.object({ directory: z.string() }).parse(workerData);
  let wire: PgliteWire;
  try {
    wire = localWire(await openPglite({ directory }));
  } catch (error) {
    reply({ kind: "unusable", failure: toFailure(error) });
    return;
  }
  wire.onNotification((channel, payload) => reply({ kind: "notification", channel, payload }));
  parentPort?.on("message", (request: PgliteRequest) => {
    answer(wire, request).then(reply, (error: unknown) => {
      reply({ kind: "failed", id: request.id, failure: toFailure(error) });
    });
  });
  reply({ kind: "ready" });
}

async function answer(wire: PgliteWire, request: PgliteRequest): Promise<PgliteReply> {
  const { id } = request;
  switch (request.op) {
    case "query": {
      const result = await wire.query(request.text, request.parameters);
      return { kind: "result", id, rows: result.rows, command: result.command };
    }
    case "script":
      await wire.script(request.text);
      return { kind: "result", id, rows: [], command: "" };
    case "close":
      await wire.close();
      return { kind: "result", id, rows: [], command: "" };
  }
}

function reply(message: PgliteReply): void {
  parentPort?.postMessage(message);
}

await main();
