import { open } from "node:fs/promises";

/** What a GGUF says about itself, without loading it. */
export interface GgufHeader {
  readonly architecture: string;
  readonly name: string | null;
  readonly contextTokens: number | null;
  readonly chatTemplate: string | null;
}

/** The largest vocabularies in use fill about 15 MB of header. */
const mostHeaderBytes = 32 * 1024 * 1024;

/** Throws an `Error` with one sentence for a file that is no GGUF, is cut, or is of an unknown version. */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, mostHeaderBytes));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return parseHeader(bytes.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function parseHeader(bytes: Buffer): GgufHeader {
  if (bytes.length < 24 || bytes.toString("latin1", 0, 4) !== "GGUF") throw new Error("it is not a GGUF file");
  const version = bytes.readUInt32LE(4);
  if (version !== 2 && version !== 3) throw new Error(`its GGUF version ${version} is not known`);
  const cursor = { bytes, at: 24 };
  const found = new Map<string, string | number>();
  try {
    for (let left = bytes.readBigUInt64LE(16); left > 0n; left -= 1n) {
      const key = readText(cursor);
      const value = readValue(cursor, readUint32(cursor));
      if (value !== null) found.set(key, value);
    }
  } catch (error) {
    if (error instanceof RangeError) throw new Error("it is cut off or damaged", { cause: error });
    throw error;
  }
  const text = (key: string): string | null => {
    const value = found.get(key);
    return typeof value === "string" ? value : null;
  };
  const architecture = text("general.architecture");
  if (architecture === null) throw new Error("it does not name its architecture");
  const context = found.get(`${architecture}.context_length`);
  return {
    architecture,
    name: text("general.name"),
    contextTokens: typeof context === "number" ? context : null,
    chatTemplate: text("tokenizer.chat_template"),
  };
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** Sizes in bytes of the fixed-size types, by type id. */
const fixedSizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

const types = { uint32: 4, string: 8, array: 9, uint64: 10 } as const;

/** Strings and unsigned integers; other values are skipped. */
function readValue(cursor: Cursor, type: number): string | number | null {
  if (type === types.string) return readText(cursor);
  if (type === types.uint32) return readUint32(cursor);
  if (type === types.uint64) return readUint64(cursor);
  if (type !== types.array) {
    skip(cursor, sizeOf(type));
    return null;
  }
  const itemType = readUint32(cursor);
  const length = readUint64(cursor);
  if (itemType === types.string) for (let item = 0; item < length; item += 1) skip(cursor, readUint64(cursor));
  else skip(cursor, length * sizeOf(itemType));
  return null;
}

function sizeOf(type: number): number {
  const size = fixedSizes[type];
  if (size === undefined) throw new RangeError(`type ${type}`);
  return size;
}

function readText(cursor: Cursor): string {
  const length = readUint64(cursor);
  const start = cursor.at;
  skip(cursor, length);
  return cursor.bytes.toString("utf8", start, cursor.at);
}

function readUint32(cursor: Cursor): number {
  skip(cursor, 4);
  return cursor.bytes.readUInt32LE(cursor.at - 4);
}

function readUint64(cursor: Cursor): number {
  skip(cursor, 8);
  return Number(cursor.bytes.readBigUInt64LE(cursor.at - 8));
}

function skip(cursor: Cursor, bytes: number): void {
  if (cursor.at + bytes > cursor.bytes.length) throw new RangeError("end of file");
  cursor.at += bytes;
}
