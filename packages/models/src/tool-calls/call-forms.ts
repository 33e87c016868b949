/** How a family of models writes a tool call into its text. */
export interface CallForm {
  readonly name: string;
  readonly open: string;
  readonly close: string;
  /** Finds name and arguments in the parsed body; null when they are not there. */
  readonly read: (body: unknown) => { readonly name: string; readonly arguments: unknown } | null;
}

function field(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined;
}

const hermes: CallForm = {
  name: "hermes",
  open: "<tool_call>",
  close: "</tool_call>",
  read(body) {
    const name = field(body, "name");
    if (typeof name !== "string") return null;
    // Llama models trained on both forms say "parameters" inside Hermes tags.
    return { name, arguments: field(body, "arguments") ?? field(body, "parameters") ?? {} };
  },
};

/** Forms that are looked for in text. A family with tags of its own joins by one entry. */
export const callForms: readonly CallForm[] = [hermes];
