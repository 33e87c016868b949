import type { Composition } from "./compose.ts";
import type { GgufTensor, GgufValue } from "./gguf.ts";
import { chatTemplate } from "./template.ts";

/** Trained length that the file declares, in tokens. */
export const demoContext = 32_768;

const headSize = 64;
const feedForward = 32;

/** Characters that end a JSON value soon, best first: what is said when a grammar wants something unscripted. */
const closers = ['"', "}", "]", ",", "1", ":", "{"];

/**
 * One layer of the llama architecture, computed. Each token that leads somewhere has a direction of its own, all other
 * tokens share one; attention and feed-forward add nothing; the output head is the table of transitions. Nothing
 * depends on rounding, so the file plays the same on every processor and with any cache precision.
 */
export function demoTensors({ vocabulary, transitions }: Composition): readonly GgufTensor[] {
  const directions = new Map<number, number>();
  for (const { from } of transitions) if (!directions.has(from)) directions.set(from, directions.size + 2);
  const width = Math.ceil((directions.size + 2) / 64) * 64;
  const size = vocabulary.tokens.length;
  const [always, elsewhere] = [0, 1];

  const embedding = new Float16Array(size * width);
  const head = new Float16Array(size * width);
  for (let token = 0; token < size; token += 1) {
    embedding[token * width + always] = 1;
    embedding[token * width + (directions.get(token) ?? elsewhere)] = 1;
  }
  for (const { from, to, strength } of transitions) {
    head[to * width + (directions.get(from) ?? elsewhere)] = strength;
  }
  head[vocabulary.end * width + elsewhere] = 10;
  head[vocabulary.end * width + always] = 3;
  for (const [rank, closer] of closers.entries()) {
    head[vocabulary.id(closer) * width + always] = 2.5 - rank * 0.2;
  }
  return [
    { name: "token_embd.weight", shape: [width, size], data: embedding },
    { name: "output_norm.weight", shape: [width], data: new Float32Array(width).fill(1) },
    { name: "output.weight", shape: [width, size], data: head },
    ...silentLayer(width),
  ];
}

function silentLayer(width: number): readonly GgufTensor[] {
  const zero = (name: string, ...shape: [number, number]): GgufTensor => ({
    name: `blk.0.${name}.weight`,
    shape,
    data: new Float16Array(shape[0] * shape[1]),
  });
  const norm = (name: string): GgufTensor => ({
    name: `blk.0.${name}.weight`,
    shape: [width],
    data: new Float32Array(width).fill(1),
  });
  return [
    norm("attn_norm"),
    zero("attn_q", width, headSize),
    zero("attn_k", width, headSize),
    zero("attn_v", width, headSize),
    zero("attn_output", headSize, width),
    norm("ffn_norm"),
    zero("ffn_gate", width, feedForward),
    zero("ffn_up", width, feedForward),
    zero("ffn_down", feedForward, width),
  ];
}

export function demoMetadata({ vocabulary }: Composition, width: number): ReadonlyMap<string, GgufValue> {
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const float32 = (value: number): GgufValue => ({ type: "float32", value });
  const string = (value: string): GgufValue => ({ type: "string", value });
  return new Map<string, GgufValue>([
    ["general.architecture", string("llama")],
    ["general.name", string("Freehold demo")],
    ["general.file_type", uint32(1)],
    ["llama.context_length", uint32(demoContext)],
    ["llama.embedding_length", uint32(width)],
    ["llama.block_count", uint32(1)],
    ["llama.feed_forward_length", uint32(feedForward)],
    ["llama.attention.head_count", uint32(1)],
    ["llama.attention.head_count_kv", uint32(1)],
    ["llama.attention.key_length", uint32(headSize)],
    ["llama.attention.value_length", uint32(headSize)],
    ["llama.attention.layer_norm_rms_epsilon", float32(1e-6)],
    ["llama.rope.dimension_count", uint32(headSize)],
    ["llama.rope.freq_base", float32(10_000)],
    ["llama.vocab_size", uint32(vocabulary.tokens.length)],
    ["tokenizer.ggml.model", string("llama")],
    ["tokenizer.ggml.pre", string("default")],
    ["tokenizer.ggml.tokens", { type: "strings", value: vocabulary.tokens }],
    ["tokenizer.ggml.scores", { type: "float32s", value: vocabulary.scores }],
    ["tokenizer.ggml.token_type", { type: "int32s", value: vocabulary.kinds }],
    ["tokenizer.ggml.bos_token_id", uint32(vocabulary.start)],
    ["tokenizer.ggml.eos_token_id", uint32(vocabulary.end)],
    ["tokenizer.ggml.unknown_token_id", uint32(vocabulary.unknown)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ["tokenizer.ggml.add_space_prefix", { type: "bool", value: false }],
    ["tokenizer.chat_template", string(chatTemplate)],
  ]);
}
