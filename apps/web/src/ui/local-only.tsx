import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Switch } from "./parts.tsx";
import { useToast } from "./toast.tsx";

/** Shuts the door for everything outside of the house. */
export function LocalOnly() {
  const { client } = useApp();
  const toast = useToast();
  const ledger = useQuery("activity.ledger", { query: { limit: 50 } });
  const change = useAction(
    async (on: boolean) => {
      await client.call("activity.local-only", { body: { on } });
      toast(
        on
          ? "Nothing leaves the house now: no models, tools, payments or updates outside."
          : "The door is open again, for what your rules allow.",
      );
    },
    ["activity.ledger", "models.list"],
  );
  return (
    <Switch on={ledger.data?.localOnly ?? false} disabled={change.busy} onChange={change.run}>
      Local only
    </Switch>
  );
}
