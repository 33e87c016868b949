import { FreeholdError, type Embedder } from "@freehold/core";
import { z } from "zod";
import { modelsErrors } from "../errors.ts";
import { ollamaClient, type OllamaServer } from "./ollama-client.ts";

const embeddingsSchema = z.object({ embeddings: z.array(z.array(z.number().nullable())) });

/** Vectors by `/api/embed`. Learns its dimensions with a first text, so that it cannot be made before Ollama answers. */
export async function createOllamaEmbedder(server: OllamaServer, model: string): Promise<Embedder> {
  const fail = (problem: string): FreeholdError =>
    new FreeholdError(modelsErrors.MODEL_VECTORS_INVALID, { model, problem });
  const vectors = async (input: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> => {
    // A text over the model's length is cut by the engine: for recall its beginning is better than nothing.
    const answer = await ollamaClient(server, model, signal).embed({ model, input: [...input], truncate: true });
    const { embeddings } = embeddingsSchema.parse(answer);
    if (embeddings.length !== input.length) throw fail(`${embeddings.length} vectors for ${input.length} texts`);
    return embeddings.map((values) => {
      // NaN (bge-m3 on some GPUs) is null in JSON; one such number poisons every distance.
      const vector = Float32Array.from(values, (value) => value ?? Number.NaN);
      const length = Math.hypot(...vector);
      if (!Number.isFinite(length) || length === 0) throw fail("it holds NaN or nothing but zeros");
      return vector;
    });
  };
  const [first] = await vectors(["dimensions"]);
  if (first === undefined) throw fail("none came back");
  return {
    modelId: `ollama:${model}`,
    dimensions: first.length,
    async embed(texts, kind, signal) {
      if (texts.length === 0) return [];
      const prefix = prefixOf(model, kind);
      const found = await vectors(
        texts.map((text) => prefix + text),
        signal,
      );
      if (found.some((vector) => vector.length !== first.length)) throw fail("its length changed");
      return found;
    },
  };
}

/** Families that were trained with a prefix find badly without it. */
function prefixOf(model: string, kind: "query" | "document"): string {
  if (/nomic-embed/.test(model)) return kind === "query" ? "search_query: " : "search_document: ";
  if (/(^|\/)(multilingual-)?e5/.test(model)) return kind === "query" ? "query: " : "passage: ";
  if (/bge-(small|base|large)-en/.test(model) && kind === "query") {
    return "Represent this sentence for searching relevant passages: ";
  }
  return "";
}
