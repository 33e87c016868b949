/** A short name for a server, out of what it is called: at most 24 of `a-z`, `0-9`, `-`, starting with a letter. */
export function slugFor(name: string): string {
  const last =
    name
      .replace(/^@[^/]+\//, "")
      .split(/[\\/]/)
      .at(-1) ?? name;
  const plain = last
    .toLowerCase()
    .replace(/\.[a-z]+$/, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^(mcp-)?(server-)?/, "")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  return plain === "" ? "server" : plain;
}
