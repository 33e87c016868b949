import type { RouteResponse } from "@freehold/contract";
import { Effects } from "./effects.tsx";
import { TryTool } from "./try-tool.tsx";

type Builtin = RouteResponse<"tools.list">["builtins"][number];

export function BuiltinDetail({ tool }: { readonly tool: Builtin }) {
  return (
    <div className="mx-auto grid max-w-[720px] gap-6 [grid-template-columns:minmax(0,1fr)]">
      <div className="grid gap-2">
        <h1>{tool.name}</h1>
        <p className="text-muted wrap-anywhere">{tool.description}</p>
        <p className="flex flex-wrap gap-2">
          <Effects effects={tool.effects} />
        </p>
      </div>
      <TryTool tools={[tool]} />
    </div>
  );
}
