import { describe, expect, it } from "vitest";
import { argumentsOf, fieldsOf } from "./schema-form.ts";

const schema = {
  type: "object",
  properties: {
    query: { type: "string", description: "What to find" },
    limit: { type: ["integer", "null"] },
    unit: { enum: ["metric", "imperial"] },
    deep: { type: "boolean" },
    where: { type: "object" },
  },
  required: ["query", "where"],
};

describe("a form from a tool's schema", () => {
  it("makes one field of each property, and JSON of what it does not know", () => {
    expect(fieldsOf(schema).map(({ name, kind, required }) => [name, kind, required])).toEqual([
      ["query", "text", true],
      ["limit", "integer", false],
      ["unit", "choice", false],
      ["deep", "boolean", false],
      ["where", "json", true],
    ]);
  });

  it("gives typed arguments and leaves out what was left empty", () => {
    const typed = { query: "boiler", limit: "5", deep: "true", where: '{"room":1}' };
    expect(argumentsOf(fieldsOf(schema), typed)).toEqual({
      ok: true,
      arguments: { query: "boiler", limit: 5, deep: true, where: { room: 1 } },
    });
  });

  it("says which field is wrong", () => {
    const fields = fieldsOf(schema);
    expect(argumentsOf(fields, { query: "x", limit: "1.5", where: "{}" })).toMatchObject({ ok: false, field: "limit" });
    expect(argumentsOf(fields, { query: "x", where: "{" })).toMatchObject({ ok: false, field: "where" });
    expect(argumentsOf(fields, { query: "x" })).toMatchObject({ ok: false, field: "where" });
  });

  it("survives schemas that lie", () => {
    expect(fieldsOf(null)).toEqual([]);
    expect(fieldsOf({ properties: { a: 7, b: { type: 3 } }, required: "all" }).map(({ kind }) => kind)).toEqual([
      "json",
      "json",
    ]);
  });
});
