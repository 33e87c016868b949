import { useState, type ReactNode } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { useToast } from "../ui/toast.tsx";
import { Icon } from "../ui/icon.tsx";

/** The switch that stops every run between two steps. Same place on every page. */
function KillSwitch() {
  const { client, queries } = useApp();
  const halt = useQuery("halt.get", {}, { every: 20_000 });
  const toast = useToast();
  const change = useAction(
    async (halted: boolean) => {
      queries.put("halt.get", {}, await client.call("halt.set", { body: { halted } }));
      toast(halted ? "Stopped. No run takes another step." : "Runs go on.");
    },
    ["halt.get"],
  );
  const [wanted, setWanted] = useState(false);
  const halted = change.busy ? wanted : (halt.data?.halted ?? false);
  return (
    <label className="switch kill ms-auto" {...(halted ? { "data-off": "" } : {})}>
      <span className="md:hidden">
        <Icon name="power" />
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={!halted}
        disabled={halt.data === null || change.busy}
        onChange={(event) => {
          setWanted(!event.currentTarget.checked);
          change.run(!event.currentTarget.checked);
        }}
      />
      <i />
      <span>
        <span className="max-md:sr-only">Agent: </span>
        <b>{halted ? "stopped" : "on"}</b>
      </span>
    </label>
  );
}

interface TopBarProps {
  readonly title: ReactNode;
  readonly before?: ReactNode;
  readonly children?: ReactNode;
}

export function TopBar({ title, before, children }: TopBarProps) {
  return (
    <header className="sticky top-0 z-3 flex min-h-[var(--top)] flex-none items-center gap-3 border-b border-line bg-surface px-4 md:px-6 max-md:gap-2">
      {before}
      <h1 className="min-w-0 truncate" dir="auto">
        {title}
      </h1>
      {children}
      <KillSwitch />
    </header>
  );
}
