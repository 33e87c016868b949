/**
 * Writer of GGUF version 3 files (ggml/docs/gguf.md): header, key-values, tensor descriptions, then tensor data on
 * 32-byte boundaries, all little-endian.
 */

const alignment = 32;

export type GgufValue =
  | { readonly type: "uint32" | "int32" | "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "float32s" | "int32s"; readonly value: readonly number[] };

export interface GgufTensor {
  readonly name: string;
  /** Fastest-changing first. */
  readonly shape: readonly number[];
  /** Stored as F32 or F16. */
  readonly data: Float32Array | Float16Array;
}

const typeIds = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

interface Bytes {
  readonly chunks: Uint8Array[];
  length: number;
}

/** The whole file in memory: these models are a few MB. */
export function encodeGguf(metadata: ReadonlyMap<string, GgufValue>, tensors: readonly GgufTensor[]): Uint8Array {
  const out: Bytes = { chunks: [], length: 0 };
  push(out, Buffer.from("GGUF"));
  uint32(out, 3);
  uint64(out, tensors.length);
  uint64(out, metadata.size);
  for (const [key, value] of metadata) {
    text(out, key);
    writeValue(out, value);
  }
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    text(out, name);
    uint32(out, shape.length);
    for (const size of shape) uint64(out, size);
    uint32(out, data instanceof Float16Array ? 1 : 0);
    uint64(out, offset);
    offset = aligned(offset + data.byteLength);
  }
  pad(out);
  for (const { data } of tensors) {
    push(out, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    pad(out);
  }
  return Buffer.concat(out.chunks);
}

function writeValue(out: Bytes, entry: GgufValue): void {
  switch (entry.type) {
    case "strings":
      arrayHeader(out, typeIds.string, entry.value.length);
      for (const value of entry.value) text(out, value);
      return;
    case "float32s":
    case "int32s": {
      const type = entry.type === "float32s" ? "float32" : "int32";
      arrayHeader(out, typeIds[type], entry.value.length);
      for (const value of entry.value) number(out, type, value);
      return;
    }
    case "string":
      uint32(out, typeIds.string);
      text(out, entry.value);
      return;
    case "bool":
      uint32(out, typeIds.bool);
      push(out, Uint8Array.of(entry.value ? 1 : 0));
      return;
    case "uint32":
    case "int32":
    case "float32":
      uint32(out, typeIds[entry.type]);
      number(out, entry.type, entry.value);
      return;
  }
}

function arrayHeader(out: Bytes, type: number, length: number): void {
  uint32(out, typeIds.array);
  uint32(out, type);
  uint64(out, length);
}

function number(out: Bytes, type: "uint32" | "int32" | "float32", value: number): void {
  const bytes = Buffer.alloc(4);
  if (type === "uint32") bytes.writeUInt32LE(value);
  else if (type === "int32") bytes.writeInt32LE(value);
  else bytes.writeFloatLE(value);
  push(out, bytes);
}

function uint32(out: Bytes, value: number): void {
  number(out, "uint32", value);
}

function uint64(out: Bytes, value: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  push(out, bytes);
}

function text(out: Bytes, value: string): void {
  const bytes = Buffer.from(value, "utf8");
  uint64(out, bytes.length);
  push(out, bytes);
}

function push(out: Bytes, bytes: Uint8Array): void {
  out.chunks.push(bytes);
  out.length += bytes.length;
}

function pad(out: Bytes): void {
  push(out, new Uint8Array(aligned(out.length) - out.length));
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}
