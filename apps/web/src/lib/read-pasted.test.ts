import { expect, it } from "vitest";
import { readPasted } from "./read-pasted.ts";

it("tells a command, an address and a configuration apart", () => {
  expect(readPasted(" npx -y server /srv\n")).toEqual({ command: "npx -y server /srv" });
  expect(readPasted("https://tools.example/mcp")).toEqual({ url: "https://tools.example/mcp" });
  expect(readPasted("https://a.example --flag")).toEqual({ command: "https://a.example --flag" });
  expect(readPasted('\n{"mcpServers":{}}')).toEqual({ config: '{"mcpServers":{}}' });
});
