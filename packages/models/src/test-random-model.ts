/** A model with random weights: for speed, cache reuse, schema-bound answers and overflow. Its words mean nothing. */
import { seededRandom } from "@freehold/testkit";
import { encodeGguf, type GgufTensor } from "./demo/gguf.ts";
import { createVocabulary } from "./demo/vocabulary.ts";
import { demoMetadata } from "./demo/weights.ts";

const width = 64;
const headSize = 64;
const feedForward = 32;

export function encodeRandomModel(seed: number, options: { readonly pooled?: boolean } = {}): Uint8Array {
  const random = seededRandom(seed);
  const vocabulary = createVocabulary();
  const noise = (name: string, ...shape: [number, number]): GgufTensor => ({
    name: `${name}.weight`,
    shape,
    data: Float16Array.from({ length: shape[0] * shape[1] }, () => random() * 2 - 1),
  });
  const ones = (name: string): GgufTensor => ({
    name: `${name}.weight`,
    shape: [width],
    data: new Float32Array(width).fill(1),
  });
  const metadata = new Map(demoMetadata({ vocabulary, transitions: [] }, width));
  metadata.set("general.name", { type: "string", value: "Random" });
  if (options.pooled === true) {
    metadata.set("llama.pooling_type", { type: "uint32", value: 1 });
    metadata.delete("tokenizer.chat_template");
  }
  return encodeGguf(metadata, [
    noise("token_embd", width, vocabulary.tokens.length),
    ones("output_norm"),
    noise("output", width, vocabulary.tokens.length),
    ones("blk.0.attn_norm"),
    noise("blk.0.attn_q", width, headSize),
    noise("blk.0.attn_k", width, headSize),
    noise("blk.0.attn_v", width, headSize),
    noise("blk.0.attn_output", headSize, width),
    ones("blk.0.ffn_norm"),
    noise("blk.0.ffn_gate", width, feedForward),
    noise("blk.0.ffn_up", width, feedForward),
    noise("blk.0.ffn_down", feedForward, width),
  ]);
}
