export interface Body {
  /** As text, up to the limit. */
  readonly text: string;
  /** What a model sees of it. */
  readonly shown: string;
}

const maxBytes = 2 * 1024 * 1024;
const textual = /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|yaml|x-www-form-urlencoded|graphql)|$)/i;

/** Reads at most two MiB of an answer and lets go of the rest. */
export async function readBody(response: Response): Promise<Body> {
  const type = response.headers.get("content-type") ?? "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  }
  const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
  const text = bytes.toString("utf8");
  if (!textual.test(type)) return { text, shown: `[${type}, ${size} bytes, not shown]` };
  return { text, shown: size > maxBytes ? `${text}\n[the answer goes on; only ${maxBytes} bytes were read]` : text };
}
