import { describeError, type JsonObject } from "@freehold/core";
import { Ajv, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

export type CompiledSchema =
  | { readonly ok: true; readonly check: (value: unknown) => string | null }
  | { readonly ok: false; readonly problem: string };

/**
 * A server's patterns are regular expressions of a stranger, which could keep this process busy for ever:
 * they are not run.
 */
const unmatched = Object.assign(() => ({ test: () => true }), { code: "unmatched" });
const options: Options = { strict: false, validateFormats: false, logger: false, code: { regExp: unmatched } };

/**
 * Compiles schemas of servers: draft 7 where a schema says so, else 2020-12 (MCP's default dialect).
 * References to other documents are never fetched. Making one takes some milliseconds; use it for a whole list.
 */
export function createSchemaCompiler(): (schema: JsonObject) => CompiledSchema {
  let draft7: Ajv | undefined;
  let latest: Ajv2020 | undefined;
  return (schema) => {
    const dialect = schema["$schema"];
    const old = typeof dialect === "string" && dialect.includes("draft-07");
    const ajv = old ? (draft7 ??= new Ajv(options)) : (latest ??= new Ajv2020(options));
    try {
      const validate = ajv.compile(schema);
      const check = (value: unknown): string | null =>
        validate(value) ? null : ajv.errorsText(validate.errors, { dataVar: "it" }).slice(0, 300);
      return { ok: true, check };
    } catch (error) {
      return { ok: false, problem: describeError(error).slice(0, 200) };
    } finally {
      // Two tools may carry the same $id.
      ajv.removeSchema(schema);
    }
  };
}
