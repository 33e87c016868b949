/** The process that holds the weights. One command at a time; a stop overtakes. */
import { describeError } from "@freehold/core";
import { loadModel, type LoadedModel } from "./loaded-model.ts";
import { commandSchema, type Command, type Report } from "./protocol.ts";

function report(message: Report): void {
  process.send?.(message);
}

function serve(): void {
  const stops = new Map<number, AbortController>();
  let loaded: LoadedModel | null = null;
  let queue: Promise<void> = Promise.resolve();

  const carryOut = async (command: Exclude<Command, { type: "abort" }>, signal: AbortSignal): Promise<Report> => {
    const { id } = command;
    if (command.type === "load") {
      loaded = await loadModel(command);
      return { type: "loaded", id, contextTokens: loaded.contextTokens };
    }
    if (loaded === null) return { type: "failed", id, problem: "no model is loaded" };
    if (command.type === "count") return { type: "counted", id, tokens: loaded.count(command.prompt) };
    return loaded.generate(command, signal, (text) => report({ type: "text", id, text }));
  };

  process.on("message", (message: unknown) => {
    const command = commandSchema.parse(message);
    const { id } = command;
    if (command.type === "abort") {
      stops.get(id)?.abort();
      return;
    }
    const stop = new AbortController();
    stops.set(id, stop);
    queue = queue
      .then(async () => report(await carryOut(command, stop.signal)))
      .catch((error: unknown) => report({ type: "failed", id, problem: describeError(error) }))
      .finally(() => stops.delete(id));
  });
  process.on("disconnect", () => process.exit(0));
}

serve();
