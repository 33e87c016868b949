import type { ThreadJson, TurnJson } from "@freehold/contract";
import { useState } from "react";
import { navigate } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { ForgetSheet } from "../ui/forget-sheet.tsx";
import { Field } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";

function RenameSheet({ thread, onClose }: { readonly thread: ThreadJson; readonly onClose: () => void }) {
  const { client } = useApp();
  const [title, setTitle] = useState(thread.title);
  const rename = useAction(async () => {
    await client.call("threads.rename", { params: { id: thread.id }, body: { title } });
    onClose();
  }, ["threads.list", "threads.get"]);
  return (
    <Sheet
      open
      title="Rename this thread"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={rename.busy} disabled={title.trim() === ""} onClick={rename.run}>
            Save
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.run();
        }}
      >
        <Field label="Name">
          <input
            className="input"
            dir="auto"
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </Field>
      </form>
      <ErrorLine problem={rename.problem} />
    </Sheet>
  );
}

/** Rename and forget, in the thread's top bar. */
export function ThreadActions({ thread, turns }: { readonly thread: ThreadJson; readonly turns: readonly TurnJson[] }) {
  const { client } = useApp();
  const [open, setOpen] = useState<"rename" | "forget" | null>(null);
  const close = (): void => setOpen(null);
  return (
    <span className="flex flex-none">
      <IconButton icon="edit" size="small" label="Rename thread" onClick={() => setOpen("rename")} />
      <IconButton icon="trash" size="small" label="Forget thread" onClick={() => setOpen("forget")} />
      {open === "rename" && <RenameSheet thread={thread} onClose={close} />}
      {open === "forget" && (
        <ForgetSheet
          title="Forget this thread for good?"
          quote={thread.title}
          ids={turns.filter((turn) => !turn.forgotten).map((turn) => turn.id)}
          onClose={close}
          forget={() => client.call("threads.forget", { params: { id: thread.id } })}
          refresh={["threads.list", "memory.timeline", "memory.search", "memory.stats"]}
          onForgotten={() => navigate("/", { replace: true })}
        />
      )}
    </span>
  );
}
