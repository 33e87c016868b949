export function ToolsPage({ serverId }: { readonly serverId: string | null }) {
  return serverId;
}
