import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FreeholdError } from "@freehold/core";
import { z } from "zod";
import { egressErrors } from "./errors.ts";
import { parseAddress } from "./guard.ts";

/** Secrets that the door alone can read, each bound to one exact origin. */
export interface SecretStore {
  put(name: string, origin: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names and origins, never values. */
  list(): Promise<readonly { readonly name: string; readonly origin: string }[]>;
  /** The value for this origin; null when there is none of this name, or it belongs to another origin. */
  valueFor(name: string, origin: string): Promise<string | null>;
}

const secretFile = z.object({ origin: z.string(), value: z.string() });
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** One file per secret, mode 0600, in a directory of mode 0700. */
export function createFileSecrets(directory: string): SecretStore {
  const fileOf = (name: string): string => {
    if (!namePattern.test(name)) throw invalid(name, "the name has other characters");
    return join(directory, `${name}.json`);
  };
  const read = async (name: string): Promise<z.infer<typeof secretFile> | null> => {
    try {
      return secretFile.parse(JSON.parse(await readFile(fileOf(name), "utf8")));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return {
    async put(name, origin, value) {
      const file = fileOf(name);
      if (/[\r\n\0]/.test(value)) throw invalid(name, "a header value has no line breaks");
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, JSON.stringify({ origin: parseAddress(origin).origin, value }), { mode: 0o600 });
      await chmod(`${file}.new`, 0o600);
      await rename(`${file}.new`, file);
    },
    async remove(name) {
      await rm(fileOf(name), { force: true });
    },
    async list() {
      const files = await readdir(directory).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error)));
      const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
      const found = await Promise.all(names.sort().map(async (name) => ({ name, secret: await read(name) })));
      return found.flatMap(({ name, secret }) => (secret === null ? [] : [{ name, origin: secret.origin }]));
    },
    async valueFor(name, origin) {
      const secret = await read(name);
      return secret?.origin === origin ? secret.value : null;
    },
  };
}

const placeholder = /\{\{secret:([^{}]*)\}\}/g;

/**
 * Replaces `{{secret:name}}` in header values. A secret that is missing or bound to another origin stops the
 * request: neither the placeholder nor somebody else's secret is ever sent.
 */
export async function fillSecrets(headers: Headers, origin: string, store: SecretStore | null): Promise<Headers> {
  const filled = new Headers(headers);
  for (const [key, text] of headers) {
    const names = [...text.matchAll(placeholder)].map((match) => match[1] ?? "");
    const values = new Map<string, string>();
    for (const name of names) {
      const value = (await store?.valueFor(name, origin)) ?? null;
      if (value === null) throw new FreeholdError(egressErrors.EGRESS_SECRET_UNBOUND, { name, origin });
      values.set(name, value);
    }
    if (names.length > 0)
      filled.set(
        key,
        text.replace(placeholder, (_, name: string) => values.get(name) ?? ""),
      );
  }
  return filled;
}

function invalid(name: string, problem: string): FreeholdError {
  return new FreeholdError(egressErrors.EGRESS_SECRET_INVALID, { name, problem });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
