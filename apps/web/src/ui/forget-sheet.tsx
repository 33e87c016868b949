import type { RouteName, RouteResponse } from "@freehold/contract";
import { useEffect, useState } from "react";
import { plural } from "../lib/format.ts";
import { problemOf, type Problem } from "../lib/problem.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Sheet } from "./sheet.tsx";
import { Bones, ErrorLine } from "./states.tsx";
import { useToast } from "./toast.tsx";

type Preview = RouteResponse<"memory.forget.preview">;

interface ForgetProps {
  readonly title: string;
  readonly quote: string;
  /** Items whose end is counted beforehand. */
  readonly ids: readonly string[];
  readonly forget: () => Promise<Preview>;
  readonly refresh: readonly RouteName[];
  readonly onClose: () => void;
  readonly onForgotten?: () => void;
}

/** The route counts at most so many items at once. */
const mostCounted = 500;
const nothing: Preview = { turns: 0, notes: 0, postings: 0, vectors: 0 };

function usePreview(ids: readonly string[]): { readonly preview: Preview | null; readonly problem: Problem | null } {
  const { client } = useApp();
  const [state, setState] = useState<{ preview: Preview | null; problem: Problem | null }>({
    preview: ids.length === 0 ? nothing : null,
    problem: null,
  });
  const key = ids.slice(0, mostCounted).join();
  useEffect(() => {
    if (key === "") return;
    let left = false;
    client.call("memory.forget.preview", { body: { ids: key.split(",") } }).then(
      (preview) => !left && setState({ preview, problem: null }),
      (error: unknown) => !left && setState({ preview: null, problem: problemOf(error) }),
    );
    return () => {
      left = true;
    };
  }, [client, key]);
  return state;
}

function Goes({ preview }: { readonly preview: Preview }) {
  const lines = [
    [preview.turns, "turn of a conversation", "turns of conversations"],
    [preview.notes, "note", "notes"],
    [preview.postings, "word of the index", "words of the index"],
    [preview.vectors, "vector", "vectors"],
  ] as const;
  const some = lines.filter(([count]) => count > 0);
  return (
    <ul className="grid gap-1 text-small">
      {some.length === 0 && <li className="text-muted">Only the empty thread itself.</li>}
      {some.map(([count, one, many]) => (
        <li key={one} className="flex gap-3">
          <b className="min-w-[3ch] text-end text-denied">{count}</b> {count === 1 ? one : many}
        </li>
      ))}
    </ul>
  );
}

/** Says exactly what goes, and keeps the safe button first. */
export function ForgetSheet({ title, quote, ids, forget, refresh, onClose, onForgotten }: ForgetProps) {
  const toast = useToast();
  const { preview, problem } = usePreview(ids);
  const action = useAction(async () => {
    const gone = await forget();
    onClose();
    onForgotten?.();
    toast(`Forgotten: ${plural(gone.turns + gone.notes, "item")}.`);
  }, refresh);
  return (
    <Sheet
      open
      alert
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" icon="trash" busy={action.busy} disabled={preview === null} onClick={action.run}>
            Forget for good
          </Button>
        </>
      }
    >
      <p className="max-h-40 overflow-y-auto border-s-2 border-edge ps-3 text-muted wrap-anywhere" dir="auto">
        {quote}
      </p>
      <h3>This goes</h3>
      {preview === null ? problem === null ? <Bones rows={2} /> : null : <Goes preview={preview} />}
      {ids.length > mostCounted && (
        <p className="text-small text-muted">Counted for the first {mostCounted} turns; all of them go.</p>
      )}
      <ErrorLine problem={problem ?? action.problem} />
      <p className="flex gap-2 text-small text-denied">
        <Icon name="warn" /> There is no undo.
      </p>
    </Sheet>
  );
}
