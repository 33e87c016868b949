import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";

/** The part of a result that a model can read. What is not text is named, not shown. */
export function resultText(result: CallToolResult): string {
  const blocks = result.content.map(blockText).filter((text) => text !== "");
  if (blocks.length > 0) return blocks.join("\n");
  return result.structuredContent === undefined ? "(no output)" : JSON.stringify(result.structuredContent);
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type} ${block.mimeType}, ${bytesOf(block.data)} bytes, not shown]`;
    case "resource_link":
      return `[resource ${block.name}: ${block.uri}]`;
    case "resource":
      return "text" in block.resource
        ? block.resource.text
        : `[resource ${block.resource.uri}, ${bytesOf(block.resource.blob)} bytes, not shown]`;
    default:
      return block satisfies never;
  }
}

function bytesOf(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}
