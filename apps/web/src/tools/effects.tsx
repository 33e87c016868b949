import type { ToolDefinitionJson } from "@freehold/contract";
import { Tag } from "../ui/parts.tsx";

/** What a tool says that it does, in words. A hint by its server, not a promise. */
export function Effects({ effects }: { readonly effects: ToolDefinitionJson["effects"] }) {
  return (
    <>
      <Tag>{effects.readOnly ? "reads" : effects.destructive ? "may destroy" : "writes"}</Tag>
      {effects.openWorld && <Tag icon="cloud">reaches out</Tag>}
    </>
  );
}
